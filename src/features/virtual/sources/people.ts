import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { allPlacementsOf } from '../../../../storage/people/parties.ts'
import { grouped } from '../../../../storage/select.ts'
import { allTwinsOf, type VirtualBook } from '../../../../storage/virtual/books.ts'
import {
  booksOfPeople,
  cardsAmongPeople,
  cardsOfPeople,
  type PeopleOf,
} from '../../../../storage/virtual/people.ts'
import type { VirtualSource } from '../source.ts'

/** People that are named one by one, by their cards in the books of whoever has defined it. */
export const peopleSource: VirtualSource = {
  kind: 'people',
  affected: async (reader, { partyIds }) => {
    const candidates = new Map<CollectionId, ObjectId[]>()
    if (partyIds.length === 0) return candidates
    const named = await booksOfPeople(reader, partyIds)
    if (named.length === 0) return candidates
    const books = grouped(named, ({ collectionId }) => collectionId)
    const twins = grouped(await allTwinsOf(reader, [...books.keys()]), ({ twinOf }) => twinOf)
    const parties = [...new Set(named.map(({ partyId }) => partyId))]
    const cards = grouped(await allPlacementsOf(reader, parties), ({ partyId }) => partyId)
    for (const [id, people] of books) {
      const ids = people.flatMap(({ partyId }) => (cards.get(partyId) ?? []).map(({ objectId }) => objectId))
      const faces = [id, ...(twins.get(id) ?? []).map(({ collectionId }) => collectionId)]
      for (const face of faces) candidates.set(face, ids)
    }
    return candidates
  },
  members: (reader, book, { after, limit }) => cardsOfPeople(reader, peopleOf(book), after, limit),
  matches: (reader, book, ids) => cardsAmongPeople(reader, peopleOf(book), ids),
}

function peopleOf({ collectionId, twinOf, ownerId }: VirtualBook): PeopleOf {
  return { id: twinOf ?? collectionId, ownerId }
}
