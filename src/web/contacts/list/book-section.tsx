import { ActionIcon, Group } from '@mantine/core'
import { IconAddressBook, IconDots, IconPlus } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { openForm } from '../../ui/dialog/forms.tsx'
import { Place, Section } from './place.tsx'
import { type Book, none, useBooks } from './sides.ts'
import { everybody, type View, writeView } from './view.ts'

const BookActions = lazy(async () => ({
  default: (await import('../../books/book-actions.tsx')).BookActions,
}))
const NewBook = lazy(async () => ({ default: (await import('../../books/book-dialog.tsx')).NewBook }))

interface BookSectionProps {
  readonly view: View
  readonly onFollow: (() => void) | undefined
}

/** The address books that one reads, what can be done with each, and the way to another one. */
export function BookSection({ view, onFollow }: BookSectionProps) {
  const { t } = useTranslation('contacts')
  const { data: books = none } = useBooks()
  if (books.length === 0) return null
  return (
    <>
      <Group justify="space-between" align="flex-end" wrap="nowrap">
        <Section text={t('sides.books')} />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t('books.new')}
          onClick={() => openForm((close) => <NewBook onClose={close} />)}
        >
          <IconPlus size={16} />
        </ActionIcon>
      </Group>
      {books.map((book) => (
        <Group key={book.id} gap={2} wrap="nowrap">
          <Place
            href={`/contacts${writeView({ ...everybody, book: book.id })}`}
            label={book.title}
            about={book.isOwn ? undefined : book.owner.name}
            icon={<IconAddressBook size={18} />}
            isHere={view.book === book.id}
            onFollow={onFollow}
          />
          {book.had !== 'seen' && <Actions book={book} isHere={view.book === book.id} />}
        </Group>
      ))}
    </>
  )
}

/** What can be done with a book, loaded when somebody wants it. What is only read is named and kept by its owner alone. */
function Actions({ book, isHere }: { readonly book: Book; readonly isHere: boolean }) {
  const { t } = useTranslation('contacts')
  const [isWanted, setIsWanted] = useState(false)
  const button = (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('books.menu', { title: book.title })}
      aria-haspopup="menu"
      onClick={() => setIsWanted(true)}
    >
      <IconDots size={16} />
    </ActionIcon>
  )
  if (!isWanted) return button
  return (
    <Suspense fallback={button}>
      <BookActions {...{ book, isHere, button }} />
    </Suspense>
  )
}
