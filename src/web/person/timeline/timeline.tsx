import { Anchor, Button, Chip, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { SourceName } from '../../../features/timeline/schema.ts'
import { MoreButton } from '../../ui/more-button.tsx'
import { Failed, Loading, Part } from '../../ui/states.tsx'
import type { Party } from '../person.ts'
import { ActivityTools } from './activity-tools.tsx'
import { QuickEntry } from './quick-entry.tsx'
import { usePinned, useTimeline, useUpcoming } from './read.ts'
import { TimelineRow } from './timeline-row.tsx'

const sorts = [
  'activities',
  'meetings',
  'tasks',
  'documents',
  'cards',
  'consents',
] as const satisfies readonly SourceName[]

/** All that happened with somebody, in one list: of a company, with its people too. */
export function Timeline({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const [wanted, setWanted] = useState<string[]>([])
  return (
    <Stack gap="md">
      <QuickEntry party={party} />
      <Chip.Group multiple value={wanted} onChange={setWanted}>
        <Group className="not-printed" gap={6} role="group" aria-label={t('shown')}>
          {sorts.map((sort) => (
            <Chip key={sort} value={sort} size="xs" variant="outline">
              {t(`sorts.${sort}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      {wanted.length === 0 && <Pinned party={party} />}
      {(wanted.length === 0 || wanted.includes('meetings')) && <Upcoming party={party} />}
      <Past party={party} sources={sorts.filter((sort) => wanted.includes(sort))} />
    </Stack>
  )
}

function Pinned({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const pinned = usePinned(party.id)
  return (
    <Part of={pinned} isQuiet>
      {(items) =>
        items.length > 0 && (
          <Stack component="ul" gap="xs" aria-label={t('pinned')} m={0} p={0}>
            {items.map(({ id, at, kind, author, parties, text, ...data }) => (
              <TimelineRow
                key={id}
                party={party}
                entry={{
                  ...{ id: `pinned-${id}`, kind, at, title: text, device: null, parties },
                  author: author?.displayName ?? null,
                  data: { activity: id, text, ...data },
                }}
              />
            ))}
          </Stack>
        )
      }
    </Part>
  )
}

/** So many meetings to come are shown at first, and at most. */
const fewComing = 5
const mostComing = 80

function Upcoming({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const [most, setMost] = useState(fewComing)
  const coming = useUpcoming(party.id, most)
  return (
    <Part of={coming} isQuiet>
      {({ entries, hasMore }) =>
        entries.length > 0 && (
          <>
            <Stack component="ul" gap="xs" aria-label={t('upcoming')} m={0} p={0}>
              {entries.map((entry) => (
                <TimelineRow key={entry.id} entry={entry} party={party} />
              ))}
            </Stack>
            {hasMore && most < mostComing && (
              <Button
                variant="subtle"
                size="xs"
                w="fit-content"
                loading={coming.isPlaceholderData}
                onClick={() => setMost(Math.min(most * 4, mostComing))}
              >
                {t('moreComing')}
              </Button>
            )}
            {hasMore && most === mostComing && (
              <Anchor component={Link} href="/calendar" size="sm">
                {t('moreInCalendar')}
              </Anchor>
            )}
          </>
        )
      }
    </Part>
  )
}

interface PastProps {
  readonly party: Party
  readonly sources: readonly SourceName[]
}

function Past({ party, sources }: PastProps) {
  const { t } = useTranslation('person')
  const pages = useTimeline(party.id, sources)
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const entries = data.pages.flatMap(({ items }) => items)
  if (entries.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {t('nothingYet')}
      </Text>
    )
  return (
    <>
      <Stack component="ul" gap="sm" aria-label={t('tabs.timeline')} m={0} p={0}>
        {entries.map((entry) => (
          <TimelineRow
            key={entry.id}
            entry={entry}
            party={party}
            tools={entry.data.isMine === true && <ActivityTools partyId={party.id} entry={entry} />}
          />
        ))}
      </Stack>
      <MoreButton pages={pages}>{t('more')}</MoreButton>
    </>
  )
}
