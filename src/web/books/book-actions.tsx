import { Menu } from '@mantine/core'
import { IconHistory, IconPencil, IconShare, IconStar, IconTrash, IconX } from '@tabler/icons-react'
import { lazy, type ReactElement, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Book } from '../contacts/list/sides.ts'
import { ThingHistory } from '../things/lazy.tsx'
import { openForm } from '../ui/dialog/forms.tsx'
import { useAsDefault, useDropBook } from './books.ts'

const BookDialog = lazy(async () => ({ default: (await import('./book-dialog.tsx')).BookDialog }))
const ShareDialog = lazy(async () => ({
  default: (await import('../sharing/share-dialog.tsx')).ShareDialog,
}))

interface BookActionsProps {
  readonly book: Book
  /** Whether it is what is looked at. */
  readonly isHere: boolean
}

interface ActionsProps extends BookActionsProps {
  /** Which opens it again. */
  readonly button: ReactElement
}

/** What can be done with an address book: shared, named, made the one for new contacts, thrown away. */
export function BookActions({ book, isHere, button }: ActionsProps) {
  const [isTold, setIsTold] = useState(false)
  const { id, name, title } = book
  const shared = { what: { kind: 'book', book: name }, name: title } as const
  return (
    <>
      <Menu position="bottom-end" defaultOpened>
        <Menu.Target>{button}</Menu.Target>
        <Menu.Dropdown>
          <Items
            {...{ book, isHere }}
            onName={() => openForm((close) => <BookDialog book={book} onClose={close} />)}
            onShare={() => openForm((close) => <ShareDialog {...shared} onClose={close} />)}
            onHistory={() => setIsTold(true)}
          />
        </Menu.Dropdown>
      </Menu>
      {isTold && (
        <ThingHistory
          thing={{ kind: 'book', path: `/collections/${id}`, name: title }}
          onClose={() => setIsTold(false)}
        />
      )}
    </>
  )
}

interface ItemsProps extends BookActionsProps {
  readonly onName: () => void
  readonly onShare: () => void
  readonly onHistory: () => void
}

function Items({ book, isHere, onName, onShare, onHistory }: ItemsProps) {
  const { t } = useTranslation('books')
  const asDefault = useAsDefault(book)
  const isOwn = book.had === 'own'
  return (
    <>
      {book.isDefault && isOwn && <Menu.Label>{t('default')}</Menu.Label>}
      {isOwn && (
        <Menu.Item leftSection={<IconShare size={16} />} onClick={onShare}>
          {t('share')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconPencil size={16} />} onClick={onName}>
        {t('edit')}
      </Menu.Item>
      {isOwn && !book.isDefault && (
        <Menu.Item leftSection={<IconStar size={16} />} onClick={() => asDefault.make()}>
          {t('makeDefault')}
        </Menu.Item>
      )}
      <Menu.Item leftSection={<IconHistory size={16} />} onClick={onHistory}>
        {t('history')}
      </Menu.Item>
      <DropItem {...{ book, isHere }} />
    </>
  )
}

/** The one that new contacts go into stays, and so does what another shares one by one: that ends where he ends it. */
function DropItem({ book, isHere }: BookActionsProps) {
  const { t } = useTranslation('books')
  const drop = useDropBook(book, isHere)
  if (book.isDefault || book.had === 'given') return null
  const isOwn = book.had === 'own'
  const Icon = isOwn ? IconTrash : IconX
  return (
    <Menu.Item c="var(--mantine-color-error)" leftSection={<Icon size={16} />} onClick={() => drop.make()}>
      {t(isOwn ? 'delete' : 'leave')}
    </Menu.Item>
  )
}
