import { Button, Group, Popover, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Filter } from '../../../features/smart-lists/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import type { SmartList } from '../list/sides.ts'
import { everybody, filterOf, type Viewing } from '../list/view.ts'

interface SaveListProps {
  readonly viewing: Viewing
  /** Those that there are. */
  readonly lists: readonly SmartList[]
  /** Beside a list that is edited. */
  readonly isOther: boolean
}

/** Keeps what is looked at as a list of that name. */
export function SaveList({ viewing: { view, show }, lists, isOther }: SaveListProps) {
  const { t } = useTranslation('contacts')
  const [isOpen, setIsOpen] = useState(false)
  const [name, setName] = useState('')
  const saved = lists.find(({ id }) => id === view.list)
  const { make, isBusy } = useChange<string, unknown, SmartList>({
    send: (given) =>
      send('POST', '/lists', {
        body: { name: given, filter: filterOf(view, saved?.filter as Filter | undefined) },
      }),
    written: 'staying',
    keys: [['lists']],
    isUndoable: false,
    said: (given) => t('lists.saved', { name: given }),
    onDone: ({ data }) => {
      setIsOpen(false)
      show({ ...everybody, order: view.order, list: data.id })
    },
  })
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="xs" {...(isOther && { variant: 'default' })} onClick={() => setIsOpen((is) => !is)}>
          {t(isOther ? 'lists.saveOther' : 'lists.save')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown maw="calc(100vw - 24px)">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (name.trim() !== '') make(name.trim())
          }}
        >
          <Group gap="xs" align="flex-end">
            <TextInput
              label={t('lists.name')}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              maxLength={200}
              data-autofocus
            />
            <Button type="submit" loading={isBusy}>
              {t('lists.save')}
            </Button>
          </Group>
        </form>
      </Popover.Dropdown>
    </Popover>
  )
}
