import { Button, Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { kindOf } from './lists.ts'
import type { ListName } from './merged.ts'
import type { OnceSaid } from './one-each.ts'

interface AddValueProps {
  readonly lists: readonly ListName[]
  readonly unsaid: readonly OnceSaid[]
  readonly onList: (list: ListName) => void
  readonly onOnce: (what: OnceSaid) => void
}

/** What can be added to a card. */
export function AddValue({ lists, unsaid, onList, onOnce }: AddValueProps) {
  const { t } = useTranslation('person')
  return (
    <Menu position="bottom-end" returnFocus={false}>
      <Menu.Target>
        <Button data-edits="" size="compact-sm" variant="subtle" leftSection={<IconPlus size={16} />}>
          {t('add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflowY: 'auto' }}>
        {lists.map((list) => {
          const { icon: Icon } = kindOf(list)
          return (
            <Menu.Item key={list} leftSection={<Icon size={16} />} onClick={() => onList(list)}>
              {t(`lists.${list}`)}
            </Menu.Item>
          )
        })}
        {unsaid.map((what) => (
          <Menu.Item key={what} onClick={() => onOnce(what)}>
            {t(`once.${what}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
