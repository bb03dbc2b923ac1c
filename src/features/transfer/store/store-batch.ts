import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { advanceBatch, holdBatch } from '../../../../storage/batches/batches.ts'
import { addItems, type BatchItem, type Meets } from '../../../../storage/batches/items.ts'
import type { BatchId } from '../../../../storage/ids.ts'
import { findObjectById, type ObjectRow } from '../../../../storage/objects.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Writer } from '../../../../storage/store.ts'
import { uidKey } from '../../../../storage/uid-key.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { bodyText } from '../../bodies.ts'
import { summaryOf } from '../../trash/summary.ts'
import { type ImportOutcome, type Matching, onMatchOf, type Waiting } from '../import-outcome.ts'
import { TransferError } from '../transfer-error.ts'
import { countsOf, type Done, itemOf, refused } from './batch-items.ts'
import { type Known, mergedInto, readKnown, rememberTwin, twinOf } from './known.ts'
import type { Match, TrialValues } from './match.ts'
import { patchStored } from './patch-stored.ts'
import { putItem } from './put-item.ts'
import { putValuesBeside, withValuesOnCard } from './put-values.ts'
import { withPeople } from './resolve-people.ts'
import { underNewUid } from './under-new-uid.ts'

/** The batch that an import is, while it runs. */
export interface RunningBatch {
  readonly id: BatchId
  /** The request id of its writes. */
  readonly key: string
  readonly runner: string
  /** Nothing is stored: the items say what would have been. */
  readonly isTrial: boolean
}

/** What all writes of an import share. */
export interface Storing {
  readonly batch: RunningBatch
  readonly matching: Matching
  /** Labels that every person gets. */
  readonly labels: readonly string[]
  readonly origin: Origin
  readonly settings: Services['settings']
  readonly trial: TrialValues | undefined
  /** Of whoever imports. */
  readonly session: Session
}

/** Something with its place in the order of the import. */
export interface Numbered {
  readonly number: number
  readonly item: Waiting | ImportOutcome
}

/** Stores what waits in one write with what became of it, and tells of everything in its order. @throws TransferError */
export function storeBatch(
  { store }: Services,
  storing: Storing,
  items: readonly Numbered[],
): Promise<ImportOutcome[]> {
  const { batch } = storing
  return store.write(async (tx) => {
    if (!(await holdBatch(tx, batch))) {
      throw new TransferError(
        'The import is no longer ours: it is undone, or another process goes on with it.',
      )
    }
    const ready = await withPeople(tx, storing.session, items)
    const known = await readKnown(tx, storing, ready)
    const outcomes: ImportOutcome[] = []
    const written: BatchItem[] = []
    for (const { number, item } of ready) {
      const done = 'object' in item ? await storeOne(tx, item, number, known, storing) : { outcome: item }
      outcomes.push(done.outcome)
      written.push(itemOf(number, titleOf(item), done))
    }
    await known.folding.finish()
    await addItems(tx, batch.id, written)
    await advanceBatch(tx, batch.id, String(items.at(-1)?.number ?? 0), countsOf(outcomes))
    return outcomes
  })
}

/** What would become of an item, and of what there is already what it would be stored over. */
export interface TriedItem extends Pick<Done, 'outcome' | 'object' | 'existing'> {}

/** Tells what would become of one item, by itself; nothing is stored. */
export async function tryItem(tx: Writer, storing: Storing, item: Numbered): Promise<TriedItem> {
  const [ready = item] = await withPeople(tx, storing.session, [item])
  if (!('object' in ready.item)) return { outcome: ready.item }
  const known = await readKnown(tx, storing, [ready])
  return storeOne(tx, ready.item, ready.number, known, storing)
}

async function storeOne(
  tx: Writer,
  item: Waiting,
  number: number,
  known: Known,
  storing: Storing,
): Promise<Done> {
  const { uid, etag } = item.object
  const twin = twinOf(known, item)
  if (twin && twin.etag !== etag)
    return { outcome: refused(item, `Its UID ${uid} came before, in ${twin.place}.`) }
  try {
    const done = await settle(tx, item, number, known, storing)
    rememberTwin(known, item)
    const { outcome } = done
    if (outcome.kind === 'refused' || outcome.kind === 'skipped') return done
    const lost = await putValuesBeside(tx, item, done.result?.objectId ?? done.existing?.id, storing)
    return lost.length === 0 ? done : { ...done, outcome: { ...outcome, notes: [...outcome.notes, ...lost] } }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: refused(item, error.message) }
    throw error
  }
}

/** Decides what an item is to the cards and objects that are there, and does it. */
async function settle(
  tx: Writer,
  item: Waiting,
  number: number,
  known: Known,
  storing: Storing,
): Promise<Done> {
  const onMatch = onMatchOf(storing.matching, number)
  const byUid = await current(tx, known, known.byUid.get(`${item.collection.id} ${uidKey(item.object.uid)}`))
  const survivor = byUid ? undefined : mergedInto(known, item)
  if (survivor !== undefined && onMatch !== 'new') {
    const reason =
      survivor === ''
        ? 'Whom it describes was merged into another: edit that card.'
        : `Whom it describes was merged into another, ${survivor}: edit that card.`
    return { outcome: { ...placed(item), kind: 'skipped', reason }, meets: 'merged' }
  }
  const match = byUid ? undefined : known.matcher.find(item)
  const meets = survivor === undefined ? meetingOf(byUid, match) : 'merged'
  if (match?.kind === 'several' && onMatch !== 'new') {
    const reason = `Several cards have the same ${match.by}: ${match.names.slice(0, 5).join(', ')}.`
    return { outcome: { ...placed(item), kind: 'skipped', reason }, meets }
  }
  const existing = byUid ?? (await current(tx, known, match?.kind === 'one' ? match.row : undefined))
  const isThere = existing !== undefined || match?.kind === 'trial'
  if (isThere && onMatch === 'skip') {
    const by = match?.by ?? 'UID'
    const reason = existing
      ? `It is there already, as ${existing.name}: the same ${by}.`
      : `It is there already: the same ${by}.`
    return { outcome: { ...placed(item), kind: 'skipped', reason }, meets }
  }
  const found = { byUid, existing, match, isCopy: onMatch === 'new' }
  return { ...(await putFound(tx, item, number, found, { known, storing })), meets }
}

function meetingOf(byUid: ObjectRow | undefined, match: Match): Meets | undefined {
  if (byUid) return 'one'
  return match?.kind === 'trial' ? 'file' : match?.kind
}

interface Found {
  readonly byUid: ObjectRow | undefined
  /** By its UID, or by what is matched. */
  readonly existing: ObjectRow | undefined
  readonly match: Match
  /** It is stored beside what is there. */
  readonly isCopy: boolean
}

async function putFound(
  tx: Writer,
  item: Waiting,
  number: number,
  { byUid, existing, match, isCopy }: Found,
  { known, storing }: { readonly known: Known; readonly storing: Storing },
): Promise<Done> {
  if (isCopy) {
    const fresh = byUid ? underNewUid(item, `${storing.batch.key} ${number}`, storing.settings, tx.now) : item
    return putItem(tx, withValuesOnCard(fresh, storing, tx.now), undefined, known, storing)
  }
  if (!existing || (byUid && !item.isPatch)) {
    const isTwin = match?.kind === 'trial'
    const valued = withValuesOnCard(item, storing, tx.now)
    return putItem(tx, valued, existing, known, storing, isTwin ? `same ${match.by}` : undefined)
  }
  const patched = await patchStored(tx, item, existing, known.texts, storing.settings, tx.now)
  const uid = existing.uid ?? item.object.uid
  const merged = { ...item, object: { ...patched, uid }, original: undefined }
  const valued = withValuesOnCard(merged, storing, tx.now)
  return putItem(tx, valued, existing, known, storing, match ? `same ${match.by}` : undefined)
}

/** What an item is called in its file; empty for what is none. */
function titleOf(item: Waiting | ImportOutcome): string {
  return 'object' in item ? summaryOf(bodyText(item.object.body), item.object.component) : ''
}

/** As it is now: an item before may have changed it, where there are lists of people also by what it says of others. */
async function current(tx: Writer, known: Known, row: ObjectRow | undefined): Promise<ObjectRow | undefined> {
  if (!row) return undefined
  const hasLists = known.collections.get(row.collectionId)?.listsSince !== null
  return hasLists || known.stale.has(row.id) ? findObjectById(tx, row.id) : row
}

function placed({ file, line }: Waiting): { file: string; line: number } {
  return { file, line }
}
