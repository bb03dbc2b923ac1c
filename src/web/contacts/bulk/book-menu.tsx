import { ActionIcon, Menu } from '@mantine/core'
import { IconAddressBook } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useBooks } from '../list/sides.ts'
import type { Bulk } from './use-bulk.tsx'

/** Moves or copies to an address book; not there where there is but one. */
export function BookMenu({ act, isBusy }: Bulk) {
  const { t } = useTranslation('contacts')
  const asked = useBooks()
  const books = (asked.data ?? []).filter(({ rights }) => rights.add)
  if (books.length < 2 && !asked.error) return null
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={isBusy} aria-label={t('bulk.book')}>
          <IconAddressBook size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
        {asked.error && (
          <Menu.Item closeMenuOnClick={false} onClick={() => void asked.refetch()}>
            {`${t('states.failed')} ${t('states.again')}`}
          </Menu.Item>
        )}
        {(['move', 'copy'] as const).map((what) => [
          <Menu.Label key={what}>{t(`bulk.${what}`)}</Menu.Label>,
          books.map(({ id, title }) => (
            <Menu.Item
              key={`${what} ${id}`}
              aria-label={`${t(`bulk.${what}`)}: ${title}`}
              onClick={() => act({ do: what, book: id })}
            >
              {title}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}
