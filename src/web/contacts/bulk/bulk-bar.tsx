import { ActionIcon, Button, Group, Menu, Text, TextInput } from '@mantine/core'
import {
  IconAddressBook,
  IconBriefcase,
  IconSelectAll,
  IconTag,
  IconTagOff,
  IconTrash,
  IconUserShield,
  IconX,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { queryClient } from '../../client/query.ts'
import { undoRequest } from '../../client/undo.ts'
import { useSession } from '../../session/session.ts'
import { useKey } from '../../ui/keys.ts'
import { tellDone, tellFailed } from '../../ui/toast.tsx'
import { Dot } from '../list/label-dots.tsx'
import { useBooks, useLabels } from '../list/sides.ts'
import { roles } from '../roles.ts'
import { doToAll, type Operation, type Outcome } from './bulk.ts'
import { mostSelected, type Selection } from './selection.ts'

interface BulkBarProps {
  readonly selection: Selection
  readonly count: number
}

/** What is done to all who are chosen. Each of it can be taken back. */
export function BulkBar({ selection, count }: BulkBarProps) {
  const { t } = useTranslation('contacts')
  const bulk = useBulk(selection)
  const chosen = selection.people.size
  useKey('Escape', t('clearSelection'), selection.clear)
  return (
    <div className="list-status" role="toolbar" aria-label={t('bulk.title')}>
      <Group gap={4} wrap="nowrap" miw={0}>
        <ActionIcon variant="subtle" color="gray" onClick={selection.clear} aria-label={t('clearSelection')}>
          <IconX size={18} />
        </ActionIcon>
        <Text size="sm" fw={600} role="status" truncate>
          {t('selected', { count: chosen })}
        </Text>
        {chosen < Math.min(count, mostSelected) && (
          <ActionIcon
            variant="subtle"
            color="gray"
            onClick={() => selection.all(count)}
            aria-label={t('selectAll')}
          >
            <IconSelectAll size={18} />
          </ActionIcon>
        )}
      </Group>
      <Group gap={4} wrap="nowrap">
        <LabelMenu kind="label" icon={<IconTag size={18} />} text={t('bulk.label')} {...bulk} />
        <LabelMenu kind="unlabel" icon={<IconTagOff size={18} />} text={t('bulk.unlabel')} {...bulk} />
        <RoleMenu {...bulk} />
        <OwnerMenu {...bulk} />
        <BookMenu {...bulk} />
        <ActionIcon
          variant="subtle"
          color="red"
          onClick={() => bulk.act({ kind: 'delete' })}
          loading={bulk.isBusy}
          aria-label={t('bulk.delete')}
        >
          <IconTrash size={18} />
        </ActionIcon>
      </Group>
    </div>
  )
}

interface Bulk {
  readonly act: (operation: Operation) => void
  readonly isBusy: boolean
}

function useBulk({ people, clear }: Selection): Bulk {
  const { t } = useTranslation('contacts')
  const told = (outcome: Outcome, { kind }: Operation): void => {
    const { done, refused, requests } = outcome
    const text = [
      t(kind === 'delete' ? 'bulk.deleted' : kind === 'move' ? 'bulk.moved' : 'bulk.changed', {
        count: done,
      }),
      ...(refused > 0 ? [t('bulk.refused', { count: refused })] : []),
    ].join(' ')
    const undo = async (): Promise<void> => {
      for (const request of requests) await undoRequest(request)
    }
    tellDone(text, requests.length === 0 ? undefined : undo)
  }
  const { mutate, isPending } = useMutation({
    mutationFn: (operation: Operation) => doToAll([...people.values()], operation),
    onSuccess: (outcome, operation) => {
      told(outcome, operation)
      clear()
    },
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries(),
  })
  return { act: (operation) => mutate(operation), isBusy: isPending }
}

interface IconMenuProps {
  readonly icon: ReactNode
  readonly text: string
  readonly isBusy: boolean
  readonly children: ReactNode
}

function IconMenu({ icon, text, isBusy, children }: IconMenuProps) {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" loading={isBusy} aria-label={text}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown mah={360} style={{ overflow: 'auto' }}>
        <Menu.Label>{text}</Menu.Label>
        {children}
      </Menu.Dropdown>
    </Menu>
  )
}

interface LabelMenuProps extends Bulk {
  readonly kind: 'label' | 'unlabel'
  readonly icon: ReactNode
  readonly text: string
}

function LabelMenu({ kind, icon, text, act, isBusy }: LabelMenuProps) {
  const { t } = useTranslation('contacts')
  const labels = useLabels()
  return (
    <IconMenu {...{ icon, text, isBusy }}>
      {labels.map(({ name, color }) => (
        <Menu.Item
          key={name}
          leftSection={<Dot color={color ?? undefined} />}
          onClick={() => act({ kind, label: name })}
        >
          {name}
        </Menu.Item>
      ))}
      {kind === 'label' && <OneLine text={t('bulk.newLabel')} onGiven={(label) => act({ kind, label })} />}
    </IconMenu>
  )
}

/** Something that is written: a label that nobody has yet, or who looks after them. */
function OneLine({ text, onGiven }: { readonly text: string; readonly onGiven: (given: string) => void }) {
  const { t } = useTranslation('contacts')
  const [given, setGiven] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (given.trim() !== '') onGiven(given.trim())
      }}
    >
      <Group gap={4} p={4} wrap="nowrap">
        <TextInput
          size="xs"
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
          onKeyDown={(event) => event.stopPropagation()}
          placeholder={text}
          aria-label={text}
        />
        <Button size="xs" type="submit" variant="default">
          {t('bulk.put')}
        </Button>
      </Group>
    </form>
  )
}

function RoleMenu({ act, isBusy }: Bulk) {
  const { t } = useTranslation('contacts')
  return (
    <IconMenu icon={<IconBriefcase size={18} />} text={t('bulk.role')} isBusy={isBusy}>
      {roles.map((role) => (
        <Menu.Item key={role} onClick={() => act({ kind: 'role', role })}>
          {t(`roles.${role}`)}
        </Menu.Item>
      ))}
    </IconMenu>
  )
}

function OwnerMenu({ act, isBusy }: Bulk) {
  const { t } = useTranslation('contacts')
  const me = useSession().data?.account.name
  return (
    <IconMenu icon={<IconUserShield size={18} />} text={t('bulk.owner')} isBusy={isBusy}>
      {me !== undefined && (
        <Menu.Item onClick={() => act({ kind: 'owner', owner: me })}>{t('bulk.me')}</Menu.Item>
      )}
      <Menu.Item onClick={() => act({ kind: 'owner', owner: null })}>{t('bulk.nobody')}</Menu.Item>
      <OneLine text={t('bulk.colleague')} onGiven={(owner) => act({ kind: 'owner', owner })} />
    </IconMenu>
  )
}

function BookMenu({ act, isBusy }: Bulk) {
  const { t } = useTranslation('contacts')
  const books = useBooks().filter(({ rights }) => rights.add)
  if (books.length < 2) return null
  return (
    <IconMenu icon={<IconAddressBook size={18} />} text={t('bulk.move')} isBusy={isBusy}>
      {books.map(({ id, title }) => (
        <Menu.Item key={id} onClick={() => act({ kind: 'move', book: id })}>
          {title}
        </Menu.Item>
      ))}
    </IconMenu>
  )
}
