import { useTranslation } from 'react-i18next'
import { useLocation } from 'wouter'
import type { z } from 'zod'
import type { bookChange, newBook } from '../../features/home-collections/schema.ts'
import type { inviteList } from '../../features/sharing/schema.ts'
import { get, send, type Tagged } from '../client/api.ts'
import { type ChangeHandle, useChange } from '../client/change.ts'
import { dropItem, patchItem, patchList } from '../client/items.ts'
import { type Book, useBooks } from '../contacts/list/sides.ts'
import { everybody, writeView } from '../contacts/list/view.ts'

export type BookWish = z.input<typeof newBook>
export type BookChange = z.input<typeof bookChange>

const shown = ['books', 'parties', 'letters', 'labels', 'lists', 'trash', 'invites'].map((key) => [key])

const viewOf = (id: number): string => `/contacts${writeView({ ...everybody, book: id })}`

function change(id: number, body: BookChange): Promise<Tagged<Book>> {
  return send('PATCH', `/books/${id}`, { body })
}

/** Makes an address book, and looks at it. The message takes it away again. */
export function useNewBook(onDone: () => void): ChangeHandle<BookWish, unknown, Book> {
  const { t } = useTranslation('books')
  const [, go] = useLocation()
  return useChange<BookWish, unknown, Book>({
    send: (body) => send('POST', '/books', { body }),
    written: 'staying',
    keys: shown,
    back:
      (_, { data: { id } }) =>
      async () => {
        await send('DELETE', `/books/${id}`)
        go('/contacts')
      },
    said: ({ title }) => t('made', { title }),
    onDone: ({ data: { id } }) => {
      onDone()
      go(viewOf(id))
    },
  })
}

/** Calls a book otherwise: one's own for all, that of another for oneself alone. */
export function useBookChange(book: Book, onDone: () => void): ChangeHandle<BookChange, unknown, Book> {
  const { t } = useTranslation('books')
  return useChange<BookChange, unknown, Book>({
    send: (body) => change(book.id, body),
    written: 'leaving',
    patches: (given) => [patchItem<Book>(['books'], book.id, (one) => ({ ...one, ...given }) as Book)],
    keys: [['books']],
    back: (given) => () => {
      const { title, description } = book
      const before = {
        ...(given.title !== undefined && { title }),
        ...(given.description !== undefined && { description }),
      }
      return change(book.id, before)
    },
    said: (_, { title }) => t('changed', { title }),
    onDone,
  })
}

/** Has new contacts go into it. */
export function useAsDefault(book: Book): ChangeHandle<void, unknown, Book> {
  const { t } = useTranslation('books')
  const asDefault = (one: Book): Book => (one.had === 'own' ? { ...one, isDefault: one.id === book.id } : one)
  const former = useBooks().data?.find(({ isOwn, isDefault }) => isOwn && isDefault)
  return useChange<void, unknown, Book>({
    send: () => change(book.id, { isDefault: true }),
    patches: () => [patchList<Book>(['books'], (seen) => seen.map(asDefault), 'books')],
    keys: [['books']],
    back: () => former && (() => change(former.id, { isDefault: true })),
    said: () => t('isDefault', { title: book.title }),
  })
}

/** Into the trash with all who are in it; that of another is only not had any more. */
export function useDropBook(book: Book, isHere: boolean): ChangeHandle<void, unknown, unknown> {
  const { t } = useTranslation('books')
  const [, go] = useLocation()
  return useChange<void>({
    send: () => send('DELETE', `/books/${book.id}`),
    // What is looked at is there until one is elsewhere.
    patches: () => (isHere ? [] : [dropItem(['books'], book.id)]),
    keys: shown,
    back: () => async () => {
      await (book.had === 'own' ? send('POST', `/trash/c${book.id}/restore`) : acceptAgain(book))
      if (isHere) go(viewOf(book.id))
    },
    said: () => t(book.had === 'own' ? 'deleted' : 'left', { title: book.title }),
    onDone: () => {
      if (isHere) go('/contacts')
    },
  })
}

async function acceptAgain({ id }: Book): Promise<void> {
  const { invites } = await get<z.infer<typeof inviteList>>('/invites')
  const left = invites.find(({ collection }) => collection.id === id)
  await send('POST', `/invites/${left?.id}/accept`)
}
