import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { type Book, none, useBooks } from '../contacts/list/sides.ts'
import type { Party } from '../person/person.ts'

type Place = Party['cards'][number]

interface PlaceActionsProps {
  readonly party: Party
  readonly place: Place
}

interface Going {
  readonly how: 'move' | 'copy'
  readonly book: Book
}

/** Has somebody stand in another address book, or in one more; not there where he stands in all. */
export function PlaceActions({ party, place: { id, book, mayWrite } }: PlaceActionsProps) {
  const { t } = useTranslation('books')
  const { t: contactsWord } = useTranslation('contacts')
  const taken = party.cards.map((card) => card.book.id)
  const books = (useBooks().data ?? none).filter((one) => one.rights.add && !taken.includes(one.id))
  const { make, isBusy } = useChange<Going>({
    send: ({ how, book: { id: to } }) => send('POST', `/cards/${id}/${how}`, { body: { book: to } }),
    keys: [['party'], ['card'], ['parties'], ['letters']],
    said: ({ how }) => contactsWord(`bulk.done.${how}`, { count: 1 }),
  })
  if (books.length === 0) return null
  const hows = mayWrite ? (['move', 'copy'] as const) : (['copy'] as const)
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={isBusy}
          aria-label={t('placeMenu', { title: book.displayName })}
        >
          <IconArrowsExchange size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
        {hows.map((how) => [
          <Menu.Label key={how}>{t(how)}</Menu.Label>,
          books.map((one) => (
            <Menu.Item
              key={`${how} ${one.id}`}
              aria-label={`${t(how)}: ${one.title}`}
              onClick={() => make({ how, book: one })}
            >
              {one.title}
            </Menu.Item>
          )),
        ])}
      </Menu.Dropdown>
    </Menu>
  )
}
