import type { Settings } from '../../../../config/defaults.ts'
import { InvalidObjectError } from '../../../../protocol/text/invalid-object.ts'
import { patchRelated } from '../../../../protocol/vcard/bound/patch-bound.ts'
import type { NamedRelation } from '../../../../protocol/vcard/bound/read-bound.ts'
import { type CollectionRow, findCollectionById } from '../../../../storage/collections.ts'
import type { RelationRow } from '../../../../storage/facts/tables.ts'
import type { PartyId } from '../../../../storage/ids.ts'
import { allPlacementsOf, type PlacementRow } from '../../../../storage/people/parties.ts'
import type { Writer } from '../../../../storage/store.ts'
import { type Patching, patchCards } from '../../people/patch-cards.ts'
import type { ChangedCard } from './changed-cards.ts'

/** A relation before and after, as seen from the party whose card says so. */
export interface RelationChange {
  readonly was: RelationRow | undefined
  readonly is: RelationRow | undefined
}

/** What has become of a relation in one card is done to the line of the other's cards too. */
export async function patchInverse(
  tx: Writer,
  { card, placement }: Pick<ChangedCard, 'card' | 'placement'>,
  { was, is }: RelationChange,
  settings: Settings,
): Promise<void> {
  const other = (is ?? was)?.otherId
  if (other == null) return
  const { placements, books } = await followingCards(tx, card, [other])
  const inverse = (row: RelationRow | undefined): NamedRelation | undefined =>
    row && { type: row.inverse, name: row.otherName === '' ? placement.name : row.otherName }
  const patching = { origin: { ...card.origin, kind: 'rule' } as const, settings, books }
  await patchLines(tx, placements, { was: inverse(was), is: inverse(is) }, patching)
}

/**
 * Cards of these people that follow what is done to a card: in the books of the same owner, or where somebody else has
 * written, in the same book alone.
 */
export async function followingCards(
  tx: Writer,
  card: ChangedCard['card'],
  ids: readonly PartyId[],
): Promise<{ readonly placements: readonly PlacementRow[]; readonly books: Patching['books'] }> {
  const isOwner = card.origin.authorId === card.principalId
  const books = new Map<number, CollectionRow>()
  const placements: PlacementRow[] = []
  for (const one of await allPlacementsOf(tx, ids)) {
    if (one.removedAt !== null || (!isOwner && one.collectionId !== card.collectionId)) continue
    const book = books.get(one.collectionId) ?? (await findCollectionById(tx, one.collectionId))
    if (!book || book.principalId !== card.principalId || book.generated !== null) continue
    books.set(one.collectionId, book)
    placements.push(one)
  }
  return { placements, books }
}

/** Brings the lines of cards from one name to another; a card that cannot be read is left alone (law 9). */
export async function patchLines(
  tx: Writer,
  placements: readonly PlacementRow[],
  { was, is }: { readonly was: NamedRelation | undefined; readonly is: NamedRelation | undefined },
  patching: Patching,
): Promise<number> {
  const patch = (text: string): string => {
    try {
      return patchRelated(text, was, is, tx.now)
    } catch (error) {
      if (error instanceof InvalidObjectError) return text
      throw error
    }
  }
  return patchCards(tx, placements, patch, patching)
}
