import { setTimeout as wait } from 'node:timers/promises'
import {
  advanceBatch,
  type BatchRow,
  changeOptions,
  endBatch,
  findBatchById,
  holdBatch,
  takeBatch,
} from '../../../storage/batches/batches.ts'
import { addItems, type UndoItem } from '../../../storage/batches/items.ts'
import type { BatchId, CollectionId, ObjectId } from '../../../storage/ids.ts'
import { labelJobKind } from '../../../storage/lists/becoming.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { actingFor, type Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { beginWork } from '../batches/begin.ts'
import { settleRun } from '../lists/lists.ts'
import { createStride } from '../pause.ts'
import {
  booksOfChange,
  cardsAtOnce,
  changeGroups,
  changePage,
  endChange,
  type LabelRun,
  type LabelWish,
} from './change-label.ts'

interface Kept {
  /** The last card that was looked at. */
  readonly after: ObjectId
  /** The books that it is about: see `labelsBecoming`. */
  readonly books: readonly CollectionId[]
}

/** Has it done by a job: see {@link beginWork}. @param run.total  the cards it is about */
export async function beginLabelWork(
  tx: Writer,
  session: Session,
  wish: LabelWish,
  { total, ...run }: Parameters<typeof beginWork>[3] & { readonly total: number },
): Promise<BatchRow> {
  const options: Kept = { after: 0, books: await booksOfChange(tx, session) }
  return beginWork(tx, session, { job: labelJobKind, action: wish, total, options }, run)
}

const keptAs = (kept: Kept): string => JSON.stringify(kept)

/** So that writes of clients come between the pages. */
const pauseMs = 5

/** Does it, or goes on where it was stopped. */
export async function runLabelWork(services: Services, id: BatchId, signal: AbortSignal): Promise<'over'> {
  const { store, newId, settings } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  const account = batch && (await store.read((reader) => findPrincipalById(reader, batch.principalId)))
  if (!account || batch?.kind !== 'bulk') return 'over'
  const origin = { kind: 'web', authorId: batch.principalId, requestId: batch.key } as const
  const session = actingFor(account, settings)
  const run: LabelRun = { store, settings, session, origin }
  const runner = newId()
  if (!(await store.write((tx) => takeBatch(tx, id, runner)))) {
    await settleRun(services, origin)
    return 'over'
  }
  const { action: wish, total } = JSON.parse(batch.source) as { action: LabelWish; total: number }
  await changeGroups(run, wish)
  const end = await changeAll({ run, wish, batch, runner }, signal)
  if (end === 'stopped') {
    // Whoever took it over goes on; who stopped it wants what is done to stay.
    const now = await store.read((reader) => findBatchById(reader, id))
    if (!signal.aborted && now?.state !== 'running') await endChange(run, wish)
    return 'over'
  }
  await endChange(run, wish)
  await store.write(async (tx) => {
    if (await holdBatch(tx, { id, runner })) await advanceBatch(tx, id, String(total), none)
    await endBatch(tx, { id, runner }, { kind: 'finished' })
  })
  return 'over'
}

const none = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }

interface Working {
  readonly run: LabelRun
  readonly wish: LabelWish
  readonly batch: BatchRow
  readonly runner: string
}

async function changeAll(
  { run, wish, batch: { id, options, reached }, runner }: Working,
  signal: AbortSignal,
): Promise<'done' | 'stopped'> {
  const noted = new Set<CollectionId>()
  const stride = createStride(cardsAtOnce)
  const { books = [], ...kept } = JSON.parse(options) as Partial<Kept>
  let { after = 0 } = kept
  for (let done = Number(reached ?? 0); !signal.aborted; await wait(pauseMs)) {
    const from = { after, done }
    const page = await run.store.write(async (tx) => {
      const startedAt = performance.now()
      if (!(await holdBatch(tx, { id, runner }))) return undefined
      const changed = await changePage(tx, run, wish, { after: from.after, noted, limit: stride.size() })
      if (changed.last !== undefined)
        await notePage(tx, id, { ...changed, last: changed.last, books }, from.done)
      stride.took(startedAt, stride.size())
      return changed
    })
    if (!page) return 'stopped'
    if (page.last === undefined) return 'done'
    for (const book of page.noted) noted.add(book)
    after = page.last
    done += page.changed + page.unchanged + page.refused.length
  }
  return 'stopped'
}

/** Writes down how far it is, and who stays as he was. */
async function notePage(
  tx: Writer,
  id: BatchId,
  {
    changed,
    unchanged,
    refused,
    last,
    books,
  }: Awaited<ReturnType<typeof changePage>> & { readonly last: ObjectId } & Pick<Kept, 'books'>,
  before: number,
): Promise<void> {
  const done = before + changed + unchanged + refused.length
  const items = refused.map(({ card, reason }, at): UndoItem => {
    const number = done - refused.length + at + 1
    return {
      ...{ number, place: `party ${card.partyId}`, name: card.name },
      ...{ component: 'PARTY', outcome: 'skipped', note: reason },
    }
  })
  await addItems(tx, id, items)
  await advanceBatch(tx, id, String(done), { ...none, updated: changed, unchanged, skipped: refused.length })
  await changeOptions(tx, id, keptAs({ after: last, books }))
}
