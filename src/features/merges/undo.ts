import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { applyChanges } from '../../../protocol/text/changes/apply.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { addFactEvent } from '../../../storage/events.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { dropAliases } from '../../../storage/match/aliases.ts'
import {
  endMerge,
  type MergeItem,
  type MergeRow,
  passPlacements,
  readMergeItems,
  setMergedInto,
} from '../../../storage/match/merges.ts'
import { findObjectById, type ObjectRow, readBodies } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { changeNeighbours, unmergeFacts } from '../../../storage/people/merge-facts.ts'
import { allPlacementsOf, changeParty, findParties } from '../../../storage/people/parties.ts'
import { listRevisions } from '../../../storage/revisions.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText } from '../bodies.ts'
import { type PreparedObject, prepareCopy, prepareObject } from '../objects.ts'
import { findParty } from '../people/parties.ts'
import { mayWrite, type Reach } from '../people/reach.ts'
import { storeObject } from '../store-object.ts'
import { bringBackDeleted } from '../trash/restore.ts'
import { takeAsFollowed } from './bound.ts'
import { unmergePairs } from './merge-pairs.ts'
import { checkWritable } from './pair.ts'

export interface Undone {
  /** What could not be made as it was, and why. */
  readonly left: readonly string[]
}

interface Undoing {
  readonly merge: MergeRow
  readonly books: ReadonlyMap<CollectionId, CollectionRow>
  readonly origin: Origin
  readonly services: Pick<Services, 'settings' | 'now'>
  readonly left: string[]
}

/**
 * Makes two of one again, as they were: the loser's cards come back under their names, UIDs and octets, the survivor's are
 * as before but for what was changed since, which stays his; facts go back to whom they were about.
 * @throws refusal 404 where the survivor is not seen; 403; 409 where it is undone, or the survivor has become another since
 */
export async function undoMerge(
  tx: Writer,
  session: Session,
  reach: Reach,
  { merge, origin }: { readonly merge: MergeRow; readonly origin: Origin },
  services: Pick<Services, 'settings' | 'now'>,
): Promise<Undone> {
  await checkUndoable(tx, reach, merge)
  const books = new Map(reach.books.filter(mayWrite).map(({ row }) => [row.id, row]))
  const undoing: Undoing = { merge, books, origin, services, left: [] }
  const items = await readMergeItems(tx, merge.id)
  await dropAliases(tx, merge.id)
  await setMergedInto(tx, merge.loserId, null)
  await changeNeighbours(tx, merge.survivorId)
  for (const item of items.toReversed()) await undoBeside(tx, item, undoing)
  // The loser's cards come first, so that no list of people is empty between.
  for (const item of items) if (item.kind === 'gone') await bringBack(tx, item, undoing)
  for (const item of items.toReversed()) if (item.kind === 'card') await restoreCard(tx, item, undoing)
  await takeAsFollowed(tx)
  await changeParty(tx, merge.survivorId)
  await endMerge(tx, merge.id, session.principal.id)
  await addFactEvent(tx, { kind: 'parties-unmerged', parties: [merge.survivorId, merge.loserId] }, origin)
  return { left: undoing.left }
}

async function checkUndoable(tx: Writer, reach: Reach, merge: MergeRow): Promise<void> {
  const seen = await findParty(tx, reach, merge.survivorId)
  if (!seen) throw refuseStatus(404, 'There is no such merge.')
  if (merge.undoneAt !== null) throw refuseStatus(409, 'It is undone already.')
  if (seen.row.id !== merge.survivorId)
    throw refuseStatus(409, 'Who they became was merged into another since: undo that first.')
  const placements = await allPlacementsOf(tx, [merge.survivorId])
  checkWritable(
    reach,
    placements.filter(({ removedAt }) => removedAt === null),
  )
}

async function undoBeside(tx: Writer, item: MergeItem, { merge, left }: Undoing): Promise<void> {
  switch (item.kind) {
    case 'placements':
      await passPlacements(tx, merge.survivorId, merge.loserId, item.objectIds)
      return
    case 'fact': {
      const count = await unmergeFacts(tx, [item.change], merge.loserId)
      if (count > 0) left.push('Something known of them was changed or taken away since, and stays so.')
      return
    }
    case 'pairs':
      await unmergePairs(tx, item)
      return
    case 'owner': {
      const owner = (await findParties(tx, [merge.survivorId])).get(merge.survivorId)?.ownerId
      if (owner === item.after) await changeParty(tx, merge.survivorId, { ownerId: item.before })
      return
    }
    case 'card':
    case 'gone':
      return
    default:
      return item satisfies never
  }
}

async function bringBack(
  tx: Writer,
  { objectId, name }: Extract<MergeItem, { kind: 'gone' }>,
  { origin, services, left }: Undoing,
): Promise<void> {
  if (await findObjectById(tx, objectId)) return
  const [revision] = await listRevisions(tx, objectId)
  if (revision?.kind !== 'deleted') {
    left.push(`The card "${name}" is no longer kept.`)
    return
  }
  const outcome = await bringBackDeleted(tx, revision, origin, services)
  if (outcome.kind === 'refused') left.push(`The card "${name}" did not come back: ${outcome.reason}`)
}

async function restoreCard(
  tx: Writer,
  item: Extract<MergeItem, { kind: 'card' }>,
  undoing: Undoing,
): Promise<void> {
  const { origin, services, left } = undoing
  const existing = await findObjectById(tx, item.objectId)
  const collection = existing && undoing.books.get(existing.collectionId)
  if (!existing || !collection) {
    left.push(
      existing
        ? 'A card is in a book that you may not change, and stays as it is.'
        : 'A card of theirs was deleted since, and stays in the trash.',
    )
    return
  }
  const object = await asBefore(tx, item, existing, undoing)
  if (!object) return
  const request = { collection, name: existing.name, object, existing, origin }
  await storeObject(tx, { ...request, hrefOf: (name) => name }, services.settings)
}

/** The very octets from before, where nobody has changed the card since; else the card without what the merge has brought. */
async function asBefore(
  tx: Writer,
  { before, after }: Extract<MergeItem, { kind: 'card' }>,
  existing: ObjectRow,
  { services, left }: Undoing,
): Promise<PreparedObject | undefined> {
  const { settings, now } = services
  const bodies = await readBodies(tx, [before.bodyId, after.bodyId, existing.bodyId])
  const [target, base, present] = [before, after, existing].map(({ bodyId }) => bodies.get(bodyId))
  if (!target || !base || !present) {
    left.push(`What the card "${existing.name}" was before is no longer kept.`)
    return undefined
  }
  if (existing.etag === after.etag)
    return prepareCopy('addressbook', { ...existing, body: target, etag: before.etag }, settings, now())
  const states = { now: bodyText(present), base: bodyText(base), target: bodyText(target) }
  const { text, clashes } = applyChanges(states)
  for (const { path } of clashes)
    left.push(`${path.replace(/^VCARD\//, '')} was changed since, and stays so.`)
  return prepareObject('addressbook', Buffer.from(text), settings, now())
}
