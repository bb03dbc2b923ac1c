import { ActionIcon, Badge, Button, Group, Text } from '@mantine/core'
import { IconPencil, IconShieldCheck } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../person/fact.tsx'
import { useDates } from '../ui/dates.ts'
import { type Consent, strongerThan } from './consents.ts'
import { useConsentWords } from './words.ts'

interface ConsentRowProps {
  readonly consent: Consent
  readonly all: readonly Consent[]
  readonly mayEdit: boolean
  readonly isFirst: boolean
  readonly onEdit: () => void
  readonly onState: (state: Consent['state']) => void
}

/** What was said of one channel and purpose, since when, and where it comes from; a stronger no is named. */
export function ConsentRow({ consent, all, mayEdit, isFirst, onEdit, onState }: ConsentRowProps) {
  const { t } = useTranslation('consents')
  const { day } = useDates()
  const words = useConsentWords()
  const { state, source, on, expires, isInForce, note } = consent
  const stronger = strongerThan(consent, all)
  const name = words.about(consent)
  const until = expires === null ? '' : t('until', { day: day(expires) })
  const parts = [t('since', { day: day(on) }), until, source]
  const pencil = (
    <ActionIcon data-edits="" variant="subtle" color="gray" onClick={onEdit} aria-label={t('edit', { name })}>
      <IconPencil size={16} />
    </ActionIcon>
  )
  return (
    <Fact
      icon={isFirst ? IconShieldCheck : undefined}
      label={words.channel(consent.channel)}
      tools={mayEdit && pencil}
    >
      <Group gap={6}>
        {words.purpose(consent.purpose)}
        <Badge size="sm" variant="default">
          {isInForce || expires === null ? t(`states.${state}`) : t('over')}
        </Badge>
        {mayEdit && <Turn {...{ name, state, onState }} />}
      </Group>
      <Text size="sm" c="dimmed">
        {parts.filter((part) => part !== '').join(' · ')}
      </Text>
      {note !== '' && <Text size="sm">{note}</Text>}
      {stronger && (
        <Text size="sm" fw={600}>
          {t('stronger', { name: words.about(stronger), state: t(`states.${stronger.state}`) })}
        </Text>
      )}
    </Fact>
  )
}

interface TurnProps extends Pick<ConsentRowProps, 'onState'> {
  readonly name: string
  readonly state: Consent['state']
}

/** Withdraws what was given, and grants what was not, as of today. */
function Turn({ name, state, onState }: TurnProps) {
  const { t } = useTranslation('consents')
  const isYes = state === 'given'
  return (
    <Button
      size="compact-xs"
      variant="subtle"
      aria-label={t(isYes ? 'withdrawOf' : 'grantOf', { name })}
      onClick={() => onState(isYes ? 'withdrawn' : 'given')}
    >
      {t(isYes ? 'withdraw' : 'grant')}
    </Button>
  )
}
