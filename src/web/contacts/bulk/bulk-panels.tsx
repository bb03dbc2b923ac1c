import { ActionIcon, Button, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { IconBriefcase, IconUserShield } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PeopleAction } from '../../../features/bulk-people/schema.ts'
import { useSession } from '../../session/session.ts'
import { MoreButton, useInSteps } from '../../ui/more-button.tsx'
import { FailedPart, LoadingPart } from '../../ui/states.tsx'
import { Dot } from '../list/label-dots.tsx'
import { none, useLabels } from '../list/sides.ts'
import { roles } from '../roles.ts'
import type { Bulk } from './use-bulk.tsx'

interface PanelProps extends Bulk {
  readonly icon: ReactNode
  readonly text: string
  /** @param act  does it, and closes the panel */
  readonly children: (act: (action: PeopleAction) => void) => ReactNode
}

/** Something to choose or to write: no menu, in which nothing can be written. */
function Panel({ icon, text, isBusy, act, children }: PanelProps) {
  const [isOpen, setIsOpen] = useState(false)
  const choose = (action: PeopleAction): void => {
    setIsOpen(false)
    act(action)
  }
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          loading={isBusy}
          onClick={() => setIsOpen((is) => !is)}
          aria-label={text}
        >
          {icon}
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown mah={420} p={4} style={{ overflow: 'auto' }}>
        <Stack gap={0} miw={220}>
          {children(choose)}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function Head({ text }: { readonly text: string }) {
  return (
    <Text size="xs" c="dimmed" px="xs" py={4}>
      {text}
    </Text>
  )
}

interface ChoiceProps {
  readonly text: string
  /** What it does, where the text alone does not say it. */
  readonly label?: string
  readonly icon?: ReactNode
  readonly onChoose: () => void
}

function Choice({ text, label, icon, onChoose }: ChoiceProps) {
  return (
    <Button
      variant="subtle"
      color="gray"
      size="compact-sm"
      px="xs"
      h={32}
      fw={400}
      c="var(--mantine-color-text)"
      justify="flex-start"
      leftSection={icon}
      aria-label={label}
      onClick={onChoose}
    >
      {text}
    </Button>
  )
}

interface LabelPanelProps extends Bulk {
  readonly isAdding: boolean
  readonly icon: ReactNode
  readonly text: string
}

export function LabelPanel({ isAdding, text, ...rest }: LabelPanelProps) {
  const { t } = useTranslation('contacts')
  const labels = useLabels()
  const { shown, pages } = useInSteps(labels.data ?? none)
  const action = (label: string): PeopleAction => ({
    ...{ do: 'label', add: isAdding ? [label] : [], remove: isAdding ? [] : [label] },
  })
  return (
    <Panel text={text} {...rest}>
      {(act) => (
        <>
          <Head text={text} />
          <FailedPart of={[labels]} />
          {!labels.data && <LoadingPart of={labels} />}
          {shown.map(({ name, color }) => (
            <Choice
              key={name}
              text={name}
              icon={<Dot color={color ?? undefined} />}
              onChoose={() => act(action(name))}
            />
          ))}
          <MoreButton pages={pages} variant="subtle" size="compact-sm">
            {t('states.more')}
          </MoreButton>
          {isAdding && <OneLine text={t('bulk.newLabel')} onGiven={(given) => act(action(given))} />}
        </>
      )}
    </Panel>
  )
}

export function RolePanel(bulk: Bulk) {
  const { t } = useTranslation('contacts')
  return (
    <Panel icon={<IconBriefcase size={18} />} text={t('bulk.roles')} {...bulk}>
      {(act) => (
        <>
          <RoleChoices
            text={t('bulk.role')}
            other={t('bulk.newRole')}
            onChoose={(role) => act({ do: 'role', add: [role], remove: [] })}
          />
          <RoleChoices
            text={t('bulk.unrole')}
            other={t('bulk.oldRole')}
            onChoose={(role) => act({ do: 'role', add: [], remove: [role] })}
          />
        </>
      )}
    </Panel>
  )
}

interface RoleChoicesProps {
  readonly text: string
  /** For a role that has no name here. */
  readonly other: string
  readonly onChoose: (role: string) => void
}

function RoleChoices({ text, other, onChoose }: RoleChoicesProps) {
  const { t } = useTranslation('contacts')
  return (
    <>
      <Head text={text} />
      {roles.map((role) => (
        <Choice
          key={role}
          text={t(`roles.${role}`)}
          label={`${text}: ${t(`roles.${role}`)}`}
          onChoose={() => onChoose(role)}
        />
      ))}
      <OneLine text={other} onGiven={onChoose} />
    </>
  )
}

export function OwnerPanel(bulk: Bulk) {
  const { t } = useTranslation('contacts')
  const me = useSession().data?.account.name
  return (
    <Panel icon={<IconUserShield size={18} />} text={t('bulk.owner')} {...bulk}>
      {(act) => (
        <>
          <Head text={t('bulk.owner')} />
          {me !== undefined && (
            <Choice text={t('bulk.me')} onChoose={() => act({ do: 'owner', owner: me })} />
          )}
          <Choice text={t('bulk.nobody')} onChoose={() => act({ do: 'owner', owner: null })} />
          <OneLine text={t('bulk.colleague')} onGiven={(owner) => act({ do: 'owner', owner })} />
        </>
      )}
    </Panel>
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
          flex={1}
          value={given}
          onChange={(event) => setGiven(event.currentTarget.value)}
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
