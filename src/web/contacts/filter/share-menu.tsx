import { ActionIcon } from '@mantine/core'
import { IconShare } from '@tabler/icons-react'
import { lazy } from 'react'
import { useTranslation } from 'react-i18next'
import { openForm } from '../../ui/dialog/forms.tsx'
import type { Book } from '../list/sides.ts'
import type { View } from '../list/view.ts'

const ShareDialog = lazy(async () => ({
  default: (await import('../../sharing/share-dialog.tsx')).ShareDialog,
}))

/** Shares what is looked at: all who have a label, or an address book of one's own. */
export function ShareMenu({ view, books }: { readonly view: View; readonly books: readonly Book[] }) {
  const { t } = useTranslation('contacts')
  const own = books.filter(({ isOwn }) => isOwn)
  const isAll = view.kind === undefined && view.filter === undefined && view.q === ''
  // Who has one book alone is not asked which.
  const book = own.find(({ id }) => id === view.book) ?? (isAll && books.length === 1 ? own[0] : undefined)
  const shared =
    view.label === undefined
      ? book && { name: book.title, what: { kind: 'book' as const, book: book.name } }
      : { name: view.label, what: { kind: 'label' as const, label: view.label } }
  if (!shared) return null
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      aria-label={t('lists.share')}
      onClick={() => openForm((close) => <ShareDialog {...shared} onClose={close} />)}
    >
      <IconShare size={18} />
    </ActionIcon>
  )
}
