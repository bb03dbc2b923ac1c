import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { allPlacementsOf, placementsByObject } from '../../../../storage/people/parties.ts'
import { grouped } from '../../../../storage/select.ts'
import { listBooksOfPlaces, peopleTiedTo } from '../../../../storage/smart-lists/books.ts'
import { cardsAmongList, cardsOfList } from '../../../../storage/smart-lists/members.ts'
import { beginBook, filledFor, isBookStale, lackingFor } from '../../smart-lists/book.ts'
import type { VirtualSource } from '../source.ts'

/** People whom facts of others may bring into a list that are looked at in one write. */
const mostTied = 2_000

/**
 * Whoever is in a list that somebody has saved, by the reach of him. Who comes or goes by a change of cards or facts does so in
 * the write; by time alone, or by what is in calendars, when the book is asked for, and by a job.
 */
export const listSource: VirtualSource = {
  kind: 'list',
  changesWithTime: true,
  affected: async (reader, { cards, partyIds }) => {
    const candidates = new Map<CollectionId, ObjectId[]>()
    const placements = partyIds.length === 0 ? [] : await allPlacementsOf(reader, partyIds)
    const places = new Set([...cards, ...placements].map(({ collectionId }) => collectionId))
    if (places.size === 0) return candidates
    const found = await listBooksOfPlaces(reader, [...places])
    if (found.length === 0) return candidates
    const ids = new Set([...cards, ...placements].map(({ objectId }) => objectId))
    const asksOthers = found.some(({ byOrganisation }) => byOrganisation === 1)
    const tied = asksOthers ? await peopleTiedTo(reader, partyIds, mostTied) : []
    const others = tied.length === 0 ? [] : await allPlacementsOf(reader, tied)
    for (const [book, rows] of grouped(found, ({ collectionId }) => collectionId)) {
      const isByOthers = rows.some(({ byOrganisation }) => byOrganisation === 1)
      const more = isByOthers ? others.map(({ objectId }) => objectId) : []
      candidates.set(book, [...new Set([...ids, ...more])])
    }
    return candidates
  },
  members: async (tx, book, page) => {
    const filled = await filledFor(tx, book)
    return filled ? cardsOfList(tx, filled, page) : []
  },
  matches: async (tx, book, ids) => {
    const filled = await filledFor(tx, book)
    if (!filled) return new Set()
    const placed = await placementsByObject(tx, ids)
    const parties = [...new Set([...placed.values()].map(({ partyId }) => partyId))]
    return cardsAmongList(tx, filled, { parties, cards: ids })
  },
  begins: beginBook,
  isStale: isBookStale,
  lacks: lackingFor,
}
