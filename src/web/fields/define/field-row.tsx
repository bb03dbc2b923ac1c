import { ActionIcon, Badge, Group, Menu, Text } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconArrowDown,
  IconArrowUp,
  IconDots,
  IconHistory,
  IconPencil,
  IconTrash,
} from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ThingHistory } from '../../things/lazy.tsx'
import { confirmed } from '../../ui/confirm.tsx'
import { type Field, moveField, useDropField, useFieldChange } from './fields.ts'
import { typeIcons } from './types.ts'

interface FieldRowProps {
  readonly field: Field
  /** Those that it stands among, and where. */
  readonly group: readonly Field[]
  readonly at: number
  /** How many have a value of it. */
  readonly people: number
  readonly onEdit: () => void
}

/** A field, with what can be done with it by whoever may. */
export function FieldRow({ field, group, at, people, onEdit }: FieldRowProps) {
  const { t } = useTranslation('fields')
  const { label, type, isOnCard, formerLabels, rights } = field
  const Icon = typeIcons[type]
  const more = [t(`types.${type}`), people === 0 ? t('nobody') : t('people', { count: people })]
  return (
    <Group component="li" className="ruled" wrap="nowrap" py={8} gap="sm">
      <Icon size={20} aria-hidden style={{ flexShrink: 0 }} />
      <div style={{ flex: 1, minInlineSize: 0 }}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {label}
          </Text>
          {isOnCard && (
            <Badge size="sm" variant="default">
              {t('onCard')}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {more.join(' · ')}
          {formerLabels.length > 0 && ` · ${t('formerly', { names: formerLabels.join(', ') })}`}
        </Text>
      </div>
      {rights.edit && <Tools {...{ field, group, at, people, onEdit }} />}
    </Group>
  )
}

function Tools({ field, group, at, people, onEdit }: FieldRowProps) {
  const { t } = useTranslation('fields')
  const { label: name, isRetired } = field
  return (
    <Group gap={2} wrap="nowrap">
      {!isRetired && (
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            visibleFrom="xs"
            disabled={at === 0}
            aria-label={t('up', { name })}
            onClick={() => void moveField(group, at, at - 1)}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            visibleFrom="xs"
            disabled={at === group.length - 1}
            aria-label={t('down', { name })}
            onClick={() => void moveField(group, at, at + 1)}
          >
            <IconArrowDown size={16} />
          </ActionIcon>
        </>
      )}
      <More {...{ field, group, at, people, onEdit }} />
    </Group>
  )
}

function More({ field, group, at, people, onEdit }: FieldRowProps) {
  const { t } = useTranslation('fields')
  const { make } = useFieldChange(field)
  const [isTold, setIsTold] = useState(false)
  const { id, label: name, isRetired } = field
  const retire = async (): Promise<void> => {
    const text = t('retireWhy', { count: people })
    if (await confirmed({ title: t('retireAsked', { name }), text, act: t('retire') }))
      make({ field, change: { isRetired: true } })
  }
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={t('actions', { name })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} />} onClick={onEdit}>
            {t('edit')}
          </Menu.Item>
          {!isRetired && <Moves {...{ group, at }} />}
          {isRetired ? (
            <Menu.Item
              leftSection={<IconArchiveOff size={16} />}
              onClick={() => make({ field, change: { isRetired: false } })}
            >
              {t('offer')}
            </Menu.Item>
          ) : (
            <Menu.Item leftSection={<IconArchive size={16} />} onClick={() => void retire()}>
              {t('retire')}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<IconHistory size={16} />} onClick={() => setIsTold(true)}>
            {t('history')}
          </Menu.Item>
          {people === 0 && <Drop field={field} />}
        </Menu.Dropdown>
      </Menu>
      {isTold && (
        <ThingHistory
          thing={{ kind: 'field', path: `/fields/${id}`, name }}
          onClose={() => setIsTold(false)}
        />
      )}
    </>
  )
}

function Drop({ field }: Pick<FieldRowProps, 'field'>) {
  const { t } = useTranslation('fields')
  const { make: drop } = useDropField()
  const remove = async (): Promise<void> => {
    const question = { title: t('dropAsked', { name: field.label }), text: t('dropWhy'), act: t('drop') }
    if (await confirmed({ ...question, isDangerous: true })) drop(field)
  }
  return (
    <Menu.Item
      c="var(--mantine-color-error)"
      leftSection={<IconTrash size={16} />}
      onClick={() => void remove()}
    >
      {t('drop')}
    </Menu.Item>
  )
}

/** On a phone there is no room for the arrows. */
function Moves({ group, at }: Pick<FieldRowProps, 'group' | 'at'>) {
  const { t } = useTranslation('fields')
  return (
    <>
      {at > 0 && (
        <Menu.Item
          hiddenFrom="xs"
          leftSection={<IconArrowUp size={16} />}
          onClick={() => void moveField(group, at, at - 1)}
        >
          {t('moveUp')}
        </Menu.Item>
      )}
      {at < group.length - 1 && (
        <Menu.Item
          hiddenFrom="xs"
          leftSection={<IconArrowDown size={16} />}
          onClick={() => void moveField(group, at, at + 1)}
        >
          {t('moveDown')}
        </Menu.Item>
      )}
    </>
  )
}
