import { Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { folderLinks } from '../../features/files/schema.ts'
import { get, send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { LinkRow } from '../sharing/link-row.tsx'
import { useDates } from '../ui/dates.ts'
import { Failed, Loading } from '../ui/states.tsx'

type Links = z.infer<typeof folderLinks>
type Link = Links['items'][number]

const dayMs = 86_400_000
/** For how many days a link is good. */
const spans = { never: null, week: 7, month: 30, year: 365 } as const
type Span = keyof typeof spans

const keyOf = (folderId: number) => ['files', 'links', folderId]

/** Addresses by which anybody reads a folder, without a password. */
export function FolderLinks({ folderId }: { readonly folderId: number }) {
  const { t } = useTranslation('files')
  const { data, error, isPending, refetch } = useQuery({
    queryKey: keyOf(folderId),
    queryFn: ({ signal }) => get<Links>(`/files/${folderId}/links`, signal),
  })
  return (
    <Stack gap="xs" component="section" aria-label={t('links.title')}>
      <Title order={3} size="h6">
        {t('links.title')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('links.what')}
      </Text>
      {isPending && <Loading />}
      {error && <Failed error={error} again={() => void refetch()} />}
      {data?.items.map((link) => (
        <FolderLink key={link.id} link={link} folderId={folderId} />
      ))}
      <Making folderId={folderId} />
    </Stack>
  )
}

interface FolderLinkProps {
  readonly link: Link
  readonly folderId: number
}

function FolderLink({ link: { id, path, expiresAt, lastUsedAt }, folderId }: FolderLinkProps) {
  const { t } = useTranslation('files')
  const dates = useDates()
  const told = [
    expiresAt === null ? t('links.never') : t('links.until', { date: dates.day(expiresAt) }),
    lastUsedAt === null ? t('links.unused') : t('links.used', { date: dates.day(lastUsedAt) }),
  ]
  return <LinkRow path={path} told={told.join(' · ')} at={`/files/${folderId}/links/${id}`} />
}

function Making({ folderId }: { readonly folderId: number }) {
  const { t } = useTranslation('files')
  const [span, setSpan] = useState<Span>('month')
  const make = useChange<Span>({
    send: (wanted) => {
      const days = spans[wanted]
      const expiresAt = days === null ? null : new Date(Date.now() + days * dayMs).toISOString()
      return send('POST', `/files/${folderId}/links`, { body: { expiresAt } })
    },
    keys: [keyOf(folderId)],
    isUndoable: false,
  })
  return (
    <Group gap="xs" align="flex-end">
      <Select
        comboboxProps={{ withinPortal: false }}
        label={t('links.ends')}
        size="xs"
        w={170}
        allowDeselect={false}
        value={span}
        data={(Object.keys(spans) as Span[]).map((value) => ({ value, label: t(`links.${value}`) }))}
        onChange={(next) => next !== null && setSpan(next as Span)}
      />
      <Button size="xs" variant="default" loading={make.isBusy} onClick={() => make.make(span)}>
        {t('links.make')}
      </Button>
    </Group>
  )
}
