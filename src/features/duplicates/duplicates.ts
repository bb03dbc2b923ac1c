import { setTimeout as wait } from 'node:timers/promises'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reason } from '../../../protocol/match/score.ts'
import type { CollectionId, DuplicateId, PartyId, PrincipalId } from '../../../storage/ids.ts'
import {
  type DuplicateRow,
  decideDuplicate,
  findDuplicate,
  listDuplicates,
} from '../../../storage/match/duplicates.ts'
import {
  addAllPending,
  dropPending,
  nextPending,
  type PendingWish,
} from '../../../storage/match/match-keys.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import type { Services } from '../../services.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { givenIn, mayWrite, type Reach } from '../people/reach.ts'
import { bestScore, readTraits, scanCards } from './scan.ts'

/** The job that compares the cards that wait for it. */
export const duplicatesJob = 'duplicates'

/** Two who may be one, as somebody sees them. */
export interface SeenDuplicate {
  readonly row: DuplicateRow
  readonly parties: readonly [SeenParty, SeenParty]
  /** By what he sees of the cards that he reads: how sure it is, and why. */
  readonly level: DuplicateRow['level']
  readonly score: number
  readonly reasons: readonly Reason[]
}

/** Cards of one person by which it is explained. */
const mostCards = 4

/** Explains pairs by the cards that somebody reads; those in which he does not read both, or sees no reason, are left out. */
export async function explainDuplicates(
  reader: Reader,
  reach: Reach,
  rows: readonly DuplicateRow[],
): Promise<SeenDuplicate[]> {
  const seen = await seeParties(reader, reach, [
    ...new Set(rows.flatMap(({ partyA, partyB }) => [partyA, partyB])),
  ])
  const cardsOf = (id: PartyId) =>
    (seen.get(id)?.placements ?? []).slice(0, mostCards).map(({ objectId }) => objectId)
  const traits = await readTraits(reader, [...seen.keys()].flatMap(cardsOf), reach)
  const explained = rows.flatMap((row) => {
    const [a, b] = [seen.get(row.partyA), seen.get(row.partyB)]
    const cards = cardsOf(row.partyA).flatMap((one) =>
      cardsOf(row.partyB).map((other) => [traits.get(one), traits.get(other)] as const),
    )
    const best = bestScore(cards)
    if (!a || !b || !best?.level) return []
    const { level, score, reasons } = best
    return [{ row, parties: [a, b] as const, level, score: Math.round(score * 10) / 10, reasons }]
  })
  // Their order is not to tell either what is hidden.
  return explained.sort((one, other) => other.score - one.score || other.row.id - one.row.id)
}

/** Batches that whoever asks waits for; of more the job does the rest. */
const mostBatches = 3

/** The same for what waits in the books that somebody reads, before he is answered; if it is not too much. */
export async function scanForReader(
  { store }: Pick<Services, 'store'>,
  { bookIds }: Pick<Reach, 'bookIds'>,
): Promise<void> {
  for (let batch = 0; batch < mostBatches; batch += 1) {
    const waiting = await store.read((reader) => nextPending(reader, { limit: 1, books: bookIds }))
    if (!waiting) return
    // A batch is of one book: others may wait too.
    await scanBatch(store, { books: bookIds })
  }
}

/** @returns how many it compared, and of which book; undefined where none waited */
async function scanBatch(
  store: Services['store'],
  where: Pick<PendingWish, 'books' | 'from'>,
): Promise<{ readonly count: number; readonly book: CollectionId } | undefined> {
  return store.write(async (tx) => {
    const next = await nextPending(tx, { ...where, limit: batchCards })
    if (!next) return undefined
    await scanCards(tx, next.collectionId, next.ids)
    await dropPending(tx, next.ids)
    return { count: next.ids.length, book: next.collectionId }
  })
}

export interface WantedDuplicates {
  readonly state: DuplicateRow['state']
  readonly after?: Pick<DuplicateRow, 'score' | 'id'> | undefined
  readonly limit: number
}

/** A page of pairs, the likeliest first; one more than the limit where there are more. */
export function findDuplicates(
  reader: Reader,
  reach: Reach,
  wanted: WantedDuplicates,
): Promise<DuplicateRow[]> {
  const hasGiven = givenIn(reach).size > 0
  return listDuplicates(reader, { ...wanted, books: reach.bookIds, hasGiven, limit: wanted.limit + 1 })
}

/** Says that two are two for good, or takes it back. @throws refusal 404 where he does not see both, or may change neither */
export async function decide(
  tx: Writer,
  reach: Reach,
  id: DuplicateId,
  { isSame, by }: { readonly isSame: boolean; readonly by: PrincipalId },
): Promise<void> {
  const row = await findDuplicate(tx, id)
  const from = isSame ? 'not-same' : 'open'
  const seen = row && (await seeParties(tx, reach, [row.partyA, row.partyB]))
  if (!row || seen?.size !== 2 || row.state === 'merged') throw notThere()
  if (![...seen.values()].some((party) => mayChange(reach, party))) throw notThere()
  if (row.state === from) await decideDuplicate(tx, id, isSame ? 'open' : 'not-same', by)
}

/** By the first card that he is seen by. */
export function shownParty({ row, placements: [first] }: Pick<SeenParty, 'row' | 'placements'>) {
  return { id: row.id, kind: first.kind, name: first.name }
}

/** Whether somebody may change one of the cards by which he sees a person. */
export function mayChange({ books }: Reach, { placements }: SeenParty): boolean {
  const writable = new Set(books.filter(mayWrite).map(({ row }) => row.id))
  return placements.some(({ collectionId }) => writable.has(collectionId))
}

function notThere(): Error {
  return refuseStatus(404, 'There is no such pair.')
}

/** All cards that somebody reads are to be compared anew. @returns how many */
export async function askForScan(tx: Writer, { bookIds }: Pick<Reach, 'bookIds'>): Promise<number> {
  const count = await addAllPending(tx, bookIds)
  if (count > 0) await scheduleJob(tx, duplicatesJob, tx.now)
  return count
}

/** Cards of one write at most, and how long others may write between two. */
const batchCards = 100
const pauseMs = 5

/**
 * Compares the cards that wait for it, batch by batch, one book after another. Those that come meanwhile where it has been wait for
 * the next time, many together: each by itself would cost as much as a batch.
 * @returns how many
 */
export async function scanPending(
  { store }: Pick<Services, 'store'>,
  signal: AbortSignal,
  onProgress: (done: number) => void = () => {},
): Promise<number> {
  let done = 0
  for (let from: CollectionId = 0; !signal.aborted; await wait(pauseMs)) {
    const batch = await scanBatch(store, { from })
    if (!batch) break
    done += batch.count
    onProgress(done)
    from = batch.count < batchCards ? batch.book + 1 : batch.book
  }
  return done
}
