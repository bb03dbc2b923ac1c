import { ActionIcon, Badge, Group, Stack, Text, Title } from '@mantine/core'
import { IconChevronLeft } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import { Face } from '../../ui/face.tsx'
import { useIsNarrow } from '../../ui/navigation.tsx'
import { entriesOf } from '../card/merged.ts'
import type { Card, Party } from '../person.ts'
import { jobOf } from './job.ts'
import { QuickActions } from './quick-actions.tsx'
import { useRoleWord } from './roles.ts'

interface HeaderProps {
  readonly party: Party
  readonly cards: readonly Card[]
  readonly menu: ReactNode
}

/** Who it is, at a glance, and what one does most. */
export function Header({ party, cards, menu }: HeaderProps) {
  const { t } = useTranslation('person')
  const isNarrow = useIsNarrow()
  const roleWord = useRoleWord()
  const labels = [...new Set(cards.flatMap(({ details }) => details.categories))]
  const pronouns = entriesOf(cards, 'pronouns').map(({ value }) => value)
  const job = jobOf(party)
  return (
    <Stack gap="sm">
      <Group wrap="nowrap" align="flex-start" gap="sm">
        {isNarrow && (
          <ActionIcon
            className="not-printed"
            component={Link}
            href="/contacts"
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('back')}
          >
            <IconChevronLeft className="directed" />
          </ActionIcon>
        )}
        <Face name={party.name} size={72} photo={photoOf(cards)} isCompany={party.kind === 'org'} />
        <Stack gap={2} flex={1} miw={0}>
          <Title order={2} style={{ overflowWrap: 'anywhere' }}>
            {party.name}
          </Title>
          {job !== '' && <Text size="sm">{job}</Text>}
          {pronouns.length > 0 && (
            <Text size="sm" c="dimmed">
              {pronouns.join(', ')}
            </Text>
          )}
          {party.owner && (
            <Text size="sm" c="dimmed">
              {t('ownedBy', { name: party.owner.displayName || party.owner.name })}
            </Text>
          )}
        </Stack>
        {menu}
      </Group>
      {party.roles.length + labels.length > 0 && (
        <Group gap={6} component="ul" role="list" aria-label={t('rolesAndLabels')} m={0} p={0}>
          {party.roles.map((role) => (
            <Badge key={role} component="li" variant="filled">
              {roleWord(role)}
            </Badge>
          ))}
          {labels.map((label) => (
            <Badge key={label} component="li" variant="default">
              {label}
            </Badge>
          ))}
        </Group>
      )}
      <QuickActions id={party.id} cards={cards} />
    </Stack>
  )
}

/** Where the photo of the first card that has one is read: behind `#` is what makes another address of another one. */
export function photoOf(cards: readonly Card[]): string | undefined {
  const card = cards.find(({ details }) => details.photo !== null && details.photo.uri === '')
  return card && `/api/cards/${card.id}/photo?size=256#${encodeURIComponent(card.etag)}`
}
