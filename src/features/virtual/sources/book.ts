import type { CollectionId, ObjectId } from '../../../../storage/ids.ts'
import { grouped } from '../../../../storage/select.ts'
import { type VirtualBook, virtualBooksFrom } from '../../../../storage/virtual/books.ts'
import { cardsInBook, cardsOfBook } from '../../../../storage/virtual/cards.ts'
import type { VirtualSource } from '../source.ts'

/** All cards of one book. */
export const bookSource: VirtualSource = ofOneBook('book', () => undefined)

/** The cards of one book that have a label; the definition is `{"label": …}`. */
export const labelSource: VirtualSource = ofOneBook('label', ({ definition }) => {
  const { label }: { readonly label?: unknown } = JSON.parse(definition)
  return String(label)
})

function ofOneBook(kind: string, labelOf: (book: VirtualBook) => string | undefined): VirtualSource {
  return {
    kind,
    affected: async (reader, { cards }) => {
      if (cards.length === 0) return new Map()
      const byBook = grouped(cards, ({ collectionId }) => collectionId)
      const books = await virtualBooksFrom(reader, kind, [...byBook.keys()])
      return new Map(
        books.map(({ collectionId, sourceId }): [CollectionId, ObjectId[]] => [
          collectionId,
          (byBook.get(sourceId ?? 0) ?? []).map(({ objectId }) => objectId),
        ]),
      )
    },
    members: (reader, book, page) => cardsOfBook(reader, book.sourceId ?? 0, labelOf(book), page),
    matches: (reader, book, ids) => cardsInBook(reader, book.sourceId ?? 0, labelOf(book), ids),
  }
}
