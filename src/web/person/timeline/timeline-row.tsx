import { Group, Stack, Text, ThemeIcon } from '@mantine/core'
import {
  IconAddressBook,
  IconArrowsJoin2,
  IconCalendar,
  IconChecklist,
  IconFile,
  IconFileImport,
  IconHandFinger,
  IconNote,
  IconPhone,
  IconPin,
  IconShieldCheck,
  IconWalk,
} from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { useDates } from '../../ui/dates.ts'
import { PartyLink } from '../beside/party-link.tsx'
import { dayText } from '../beside/span.ts'
import type { Party } from '../person.ts'
import type { TimelineEntry } from './read.ts'
import { SeenByNote } from './seen-by.tsx'

const icons = {
  note: IconNote,
  call: IconPhone,
  visit: IconWalk,
  touch: IconHandFinger,
  card: IconAddressBook,
  import: IconFileImport,
  meeting: IconCalendar,
  task: IconChecklist,
  document: IconFile,
  merge: IconArrowsJoin2,
  consent: IconShieldCheck,
} as const
type Kind = keyof typeof icons

interface TimelineRowProps {
  readonly party: Party
  readonly entry: TimelineEntry
  readonly tools?: ReactNode
}

/** One thing that happened. */
export function TimelineRow({ party, entry, tools }: TimelineRowProps) {
  const { t, i18n } = useTranslation('person')
  const dates = useDates()
  const { kind, at, author, device, data } = entry
  const Icon = icons[kind as Kind] ?? IconNote
  const isDay = data.isAllDay === true
  const others = entry.parties.filter(({ id }) => id !== party.id)
  const by = [author, device].filter((part) => part !== null && part !== '').join(' · ')
  return (
    <Group component="li" wrap="nowrap" align="flex-start" gap="sm" style={{ listStyle: 'none' }}>
      <ThemeIcon variant="default" radius="xl" size={32} aria-hidden>
        <Icon size={17} />
      </ThemeIcon>
      <Stack gap={2} flex={1} miw={0}>
        <Group gap={6}>
          <Text size="sm" fw={600}>
            {kind in icons ? t(`kinds.${kind}`) : kind}
          </Text>
          <Text size="xs" c="dimmed" component="time" dateTime={at}>
            {isDay ? dayText(at.slice(0, 10), i18n.language) : dates.time(at)}
          </Text>
          {by !== '' && (
            <Text size="xs" c="dimmed">
              {by}
            </Text>
          )}
          <SeenByNote data={data} />
          {data.isPinned === true && <IconPin size={14} role="img" aria-label={t('pinned')} />}
        </Group>
        <Told entry={entry} />
        {others.length > 0 && (
          <Group gap={8}>
            {others.map((other) => (
              <PartyLink key={other.id} to={other} />
            ))}
          </Group>
        )}
      </Stack>
      {tools}
    </Group>
  )
}

/** What there is to say of it. */
function Told({ entry: { kind, title, data } }: { readonly entry: TimelineEntry }) {
  const { t } = useTranslation('person')
  if (typeof data.html === 'string' && data.html !== '')
    // The server leaves in it what is allowed, and nothing else.
    return (
      <>
        <Text
          component="div"
          size="sm"
          className="rich"
          // biome-ignore lint/security/noDangerouslySetInnerHtml: the server has sanitised it when it was written
          dangerouslySetInnerHTML={{ __html: data.html }}
        />
        <Facts data={data} />
      </>
    )
  if (kind === 'merge')
    return <Text size="sm">{t(data.isUndone === true ? 'mergeUndone' : 'mergedWith', { name: title })}</Text>
  return (
    <>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {title}
      </Text>
      <Facts data={data} />
    </>
  )
}

/** What belongs to a call or a visit. */
function Facts({ data }: Pick<TimelineEntry, 'data'>) {
  const { t } = useTranslation('person')
  const parts = [
    data.direction === 'in' || data.direction === 'out' ? t(`directions.${data.direction}`) : '',
    typeof data.minutes === 'number' ? t('minutes', { count: data.minutes }) : '',
    typeof data.outcome === 'string' ? data.outcome : '',
  ].filter((part) => part !== '')
  if (parts.length === 0) return null
  return (
    <Text size="xs" c="dimmed">
      {parts.join(' · ')}
    </Text>
  )
}
