import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import { type VirtualBook, virtualBooksFrom } from '../../../../storage/virtual/books.ts'
import { type CardsIn, cardsInBook, cardsOfBook } from '../../../../storage/virtual/cards.ts'
import { labelsIn } from '../label-definition.ts'
import type { VirtualSource } from '../source.ts'

/** All cards of one book. */
export const bookSource: VirtualSource = ofOneBook('book', () => undefined)

/** The cards of one book, or without a source of all books of the owner, that have a label: see `labelsIn`. */
export const labelSource: VirtualSource = ofOneBook('label', ({ definition }) => {
  const { label, was } = labelsIn(definition)
  return [label, ...was]
})

function ofOneBook(
  kind: string,
  labelsOf: (book: VirtualBook) => readonly string[] | undefined,
): VirtualSource {
  return {
    kind,
    affected: async (reader, { cards }) => {
      if (cards.length === 0) return new Map()
      const byBook = grouped(cards, ({ collectionId }) => collectionId)
      const byOwner = grouped(cards, ({ principalId }) => principalId)
      const books = await virtualBooksFrom(reader, kind, [...byBook.keys()], [...byOwner.keys()])
      return new Map(
        books.map(({ collectionId, sourceId, ownerId }): [CollectionId, ObjectId[]] => [
          collectionId,
          ((sourceId === null ? byOwner.get(ownerId) : byBook.get(sourceId)) ?? []).map(
            ({ objectId }) => objectId,
          ),
        ]),
      )
    },
    members: (reader, book, page) => cardsOfBook(reader, cardsIn(book), page),
    matches: (reader, book, ids) => cardsInBook(reader, cardsIn(book), ids),
  }

  function cardsIn(book: VirtualBook): CardsIn {
    return { book: book.sourceId, ownerId: book.ownerId, labels: labelsOf(book) }
  }
}
