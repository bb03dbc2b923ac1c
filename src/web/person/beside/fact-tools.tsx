import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconCalendarOff, IconDots, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Conflict } from '../../client/change.ts'
import { ConflictDialog } from '../../ui/conflict.tsx'
import type { Party } from '../person.ts'
import type { FactChange } from './facts.ts'

interface FactToolsProps {
  /** What gets the focus back when the form of it has closed. */
  readonly edits: string
  readonly name: string
  readonly onEdit: () => void
  /** Without it it has ended already. */
  readonly onEnd?: (() => void) | undefined
  readonly onRemove: () => void
}

/** What can be done with something that is known of somebody. */
export function FactTools({ edits, name, onEdit, onEnd, onRemove }: FactToolsProps) {
  const { t } = useTranslation('person')
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon data-edits={edits} variant="subtle" color="gray" aria-label={t('beside.more', { name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
          {t('entry.edit')}
        </Menu.Item>
        {onEnd && (
          <Menu.Item leftSection={<IconCalendarOff size={16} />} onClick={onEnd}>
            {t('beside.end')}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconTrash size={16} />} c="var(--mantine-color-error)" onClick={onRemove}>
          {t('remove')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

interface AddFactProps {
  readonly label: string
  readonly isOpen: boolean
  readonly onOpen: () => void
}

/** Opens the form of a new one. */
export function AddFact({ label, isOpen, onOpen }: AddFactProps) {
  const { t } = useTranslation('person')
  return (
    <Button
      data-edits=""
      size="compact-sm"
      variant="subtle"
      leftSection={<IconPlus size={16} />}
      aria-label={label}
      aria-expanded={isOpen}
      onClick={onOpen}
    >
      {t('add')}
    </Button>
  )
}

/** Somebody else changed the same meanwhile. */
export function FactConflict({
  party,
  conflict,
}: {
  readonly party: Party
  readonly conflict: Conflict<FactChange, Party> | undefined
}) {
  const { t } = useTranslation('person')
  return (
    <ConflictDialog
      conflict={conflict}
      differences={(mine, theirs) => [
        {
          label: t('changes.fact'),
          mine: mine.tell(mine.update(party)) || t('removed'),
          theirs: mine.tell(theirs) || t('removed'),
        },
      ]}
    />
  )
}
