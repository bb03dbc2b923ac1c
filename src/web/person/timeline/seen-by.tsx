import { Group, Select, Text } from '@mantine/core'
import { IconLock, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useSession } from '../../session/session.ts'
import type { TimelineEntry } from './read.ts'

/** Who reads what is written down: all who see whom it is about, nobody else, or a group, by its name. */
export type SeenBy = 'public' | 'private' | `team:${string}`

/** The same as the API is told it. */
export interface Audience {
  readonly visibility: 'public' | 'private' | 'team'
  readonly team?: string
}

export function audienceOf(seenBy: SeenBy): Audience {
  if (seenBy === 'public' || seenBy === 'private') return { visibility: seenBy }
  return { visibility: 'team', team: seenBy.slice('team:'.length) }
}

/** Who reads something that was written down. */
export function seenByOf({ visibility, team }: TimelineEntry['data']): SeenBy {
  if (visibility === 'private') return visibility
  return visibility === 'team' ? `team:${nameOf(team)?.name ?? ''}` : 'public'
}

/** A group as an entry tells of it. */
function nameOf(team: unknown): { readonly name: string; readonly displayName: string } | undefined {
  return typeof team === 'object' && team !== null
    ? (team as { readonly name: string; readonly displayName: string })
    : undefined
}

interface SeenBySelectProps {
  readonly value: SeenBy
  readonly onChange: (value: SeenBy) => void
  readonly size?: 'xs' | 'sm'
}

/** Says who reads it. */
export function SeenBySelect({ value, onChange, size = 'xs' }: SeenBySelectProps) {
  const { t } = useTranslation('person')
  const groups = useSession().data?.account.groups ?? []
  return (
    <Select
      size={size}
      {...(size === 'xs' && { flex: '1 1 170px', maw: 280 })}
      label={t('entry.seenBy')}
      data={[
        ...(['public', 'private'] as const).map((one) => ({ value: one, label: t(`seenBy.${one}`) })),
        ...groups.map(({ name, displayName }) => ({
          value: `team:${name}`,
          label: t('seenBy.team', { name: displayName || name }),
        })),
      ]}
      value={value}
      allowDeselect={false}
      onChange={(next) => next !== null && onChange(next as SeenBy)}
    />
  )
}

/** Who reads it, where that is not everybody who sees whom it is about. */
export function SeenByNote({ data }: Pick<TimelineEntry, 'data'>) {
  const { t } = useTranslation('person')
  const { visibility } = data
  if (visibility !== 'private' && visibility !== 'team') return null
  const Icon = visibility === 'private' ? IconLock : IconUsers
  const team = nameOf(data.team)
  const name = team?.displayName || team?.name || ''
  return (
    <Group gap={3} c="dimmed" wrap="nowrap">
      <Icon size={13} aria-hidden />
      <Text size="xs" component="span">
        {`${t('entry.seenBy')}: ${t(`seenBy.${visibility}`, { name })}`}
      </Text>
    </Group>
  )
}
