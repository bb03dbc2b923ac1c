import { Button, Card, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { folderLinks } from '../../../features/files/schema.ts'
import type { linkList } from '../../../features/sharing/schema.ts'
import { get } from '../../client/api.ts'
import { useLinkEnd } from '../../sharing/link-end.ts'
import { useDates } from '../../ui/dates.ts'
import { FailedPart } from '../../ui/states.tsx'

/** An address that anybody reads something by. */
interface OpenLink {
  /** By which it is withdrawn. */
  readonly path: string
  readonly name: string
  readonly expiresAt: string | null
  readonly lastUsedAt: string | number | null
}

/** The addresses by which strangers read calendars, books and folders; nothing where there is none. */
export function OpenLinks() {
  const { t } = useTranslation('account')
  const { links, asked } = useOpenLinks()
  const end = useLinkEnd()
  if (links.length === 0) return <FailedPart of={asked} />
  return (
    <Stack gap="sm" component="section" aria-label={t('links.title')}>
      <Title order={3} size="h4">
        {t('links.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('links.what')}
      </Text>
      <FailedPart of={asked} />
      {links.map((link) => (
        <LinkCard key={link.path} link={link} onEnd={() => end.make(link.path)} />
      ))}
    </Stack>
  )
}

function useOpenLinks() {
  const collections = useQuery({
    queryKey: ['links'],
    queryFn: ({ signal }) => get<z.infer<typeof linkList>>('/links', signal),
  })
  const folders = useQuery({
    queryKey: ['files', 'links', 'all'],
    queryFn: ({ signal }) => get<z.infer<typeof folderLinks>>('/folder-links', signal),
  })
  const links: readonly OpenLink[] = [
    ...(collections.data?.links ?? []).map(({ id, collection, lastUsedAt }) => ({
      ...{ path: `/links/${id}`, name: collection.displayName, expiresAt: null, lastUsedAt },
    })),
    ...(folders.data?.items ?? []).map(({ id, folder, expiresAt, lastUsedAt }) => ({
      ...{ path: `/files/${folder.id}/links/${id}`, name: folder.name, expiresAt, lastUsedAt },
    })),
  ]
  return { links, asked: [collections, folders] }
}

interface LinkCardProps {
  readonly link: OpenLink
  readonly onEnd: () => void
}

function LinkCard({ link: { name, expiresAt, lastUsedAt }, onEnd }: LinkCardProps) {
  const { t } = useTranslation('account')
  const { day, relative } = useDates()
  const told = [
    ...(expiresAt === null ? [] : [t('links.until', { date: day(expiresAt) })]),
    lastUsedAt === null ? t('links.unused') : t('links.used', { when: relative(lastUsedAt) }),
  ]
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" wrap="nowrap">
        <div>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Text>
          <Text size="sm" c="dimmed">
            {told.join(' · ')}
          </Text>
        </div>
        <Button
          variant="default"
          size="compact-sm"
          aria-label={t('links.endOf', { name })}
          style={{ flexShrink: 0 }}
          onClick={onEnd}
        >
          {t('links.end')}
        </Button>
      </Group>
    </Card>
  )
}
