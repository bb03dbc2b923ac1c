import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import { allPlacementsOf, type PlacementRow } from '../../../storage/people/parties.ts'
import type { Reader } from '../../../storage/store.ts'
import { etagOfContent } from '../../api/conditions.ts'
import { findParty, type SeenParty } from '../people/parties.ts'
import { mayWrite, type Reach } from '../people/reach.ts'
import { masksIn } from '../people/seen-texts.ts'
import { readObjectTexts } from '../texts.ts'

/** A card of somebody that lives, with its text. */
export interface LivingCard {
  readonly placement: PlacementRow
  readonly row: ObjectRow
  readonly text: string
}

/** Somebody who is to be one with another. */
export interface Side {
  readonly party: SeenParty
  /** The one that he is shown by first. */
  readonly cards: readonly LivingCard[]
}

/** Two people who are to be one. */
export interface MergePair {
  readonly survivor: Side
  readonly loser: Side
  readonly books: ReadonlyMap<CollectionId, CollectionRow>
  /** Of all that is looked at. */
  readonly etag: string
}

/**
 * Two people whom somebody may make one.
 * @throws refusal 404 where he does not see both; 403 where he may not change all of their cards; 422 for one and the same,
 *   and for a person and an organisation
 */
export async function mustFindPair(
  reader: Reader,
  reach: Reach,
  survivorId: PartyId,
  loserId: PartyId,
): Promise<MergePair> {
  const survivor = await findParty(reader, reach, survivorId)
  const loser = await findParty(reader, reach, loserId)
  if (!survivor || !loser) throw refuseStatus(404, 'There is nobody of that id.')
  const ids = [survivor.row.id, loser.row.id] as const
  if (ids[0] === ids[1]) throw refuseStatus(422, 'They are one already.')
  if (survivor.placements[0].kind !== loser.placements[0].kind)
    throw refuseStatus(422, 'A person and an organisation cannot be one: link them instead.')
  const placements = (await allPlacementsOf(reader, ids)).filter(({ removedAt }) => removedAt === null)
  checkWritable(reach, placements)
  const cards = await readCards(reader, placements)
  const sideOf = (party: SeenParty): Side => ({
    party,
    cards: cards.filter(({ placement }) => placement.partyId === party.row.id),
  })
  const versions = [survivor.row, loser.row].map(({ id, version }) => [id, version])
  const etag = etagOfContent([versions, cards.map(({ row }) => [row.id, row.etag])])
  const books = new Map(reach.books.map(({ row }) => [row.id, row]))
  return { survivor: sideOf(survivor), loser: sideOf(loser), books, etag }
}

/** @throws refusal 403 */
export function checkWritable(reach: Reach, placements: readonly PlacementRow[]): void {
  const writable = new Set(reach.books.filter(mayWrite).map(({ row }) => row.id))
  if (!placements.every(({ collectionId }) => writable.has(collectionId)))
    throw refuseStatus(403, 'You may not change all of their cards.')
  const masks = masksIn(reach)
  if (placements.some(({ collectionId }) => (masks.get(collectionId)?.length ?? 0) > 0))
    throw refuseStatus(403, 'You do not see all of their cards: whoever does may merge them.')
}

async function readCards(reader: Reader, placements: readonly PlacementRow[]): Promise<LivingCard[]> {
  const rows = await findObjectsByIds(
    reader,
    placements.map(({ objectId }) => objectId),
  )
  const texts = await readObjectTexts(reader, rows)
  const byId = new Map<ObjectId, ObjectRow>(rows.map((row) => [row.id, row]))
  return placements.flatMap((placement) => {
    const [row, text] = [byId.get(placement.objectId), texts.get(placement.objectId)]
    return row && text !== undefined ? [{ placement, row, text }] : []
  })
}
