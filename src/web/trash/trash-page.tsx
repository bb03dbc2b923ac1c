import { Button, Chip, Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import {
  IconAddressBook,
  IconCalendar,
  IconCheckbox,
  IconFile,
  IconFolders,
  IconLink,
  IconListSearch,
  IconSearch,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { trashed, trashPage } from '../../features/trash/schema.ts'
import { send } from '../client/api.ts'
import { usePages } from '../client/pages.ts'
import { queryClient } from '../client/query.ts'
import { HistoryButton } from '../things/history-button.tsx'
import { confirmed } from '../ui/confirm.tsx'
import { useDates } from '../ui/dates.ts'
import { MoreButton } from '../ui/more-button.tsx'
import { Empty, Failed, Loading } from '../ui/states.tsx'
import { tellDone, tellFailed } from '../ui/toast.tsx'
import { OwnRemoved } from './own-removed.tsx'
import { UndoneLately } from './undone.tsx'

type Trashed = z.infer<typeof trashed>

const icons = {
  card: IconAddressBook,
  event: IconCalendar,
  task: IconCheckbox,
  collection: IconFolders,
  file: IconFile,
  list: IconListSearch,
  link: IconLink,
} as const
const kinds = ['card', 'event', 'task', 'file', 'collection', 'list', 'link'] as const

/** What was deleted, by whatever device, and the way back. */
export function TrashPage() {
  const { t } = useTranslation('trash')
  const [kind, setKind] = useState('')
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 250)
  return (
    <Stack p={{ base: 'md', sm: 'lg' }} maw={860} gap="md">
      <Group justify="space-between">
        <Title order={2}>{t('title')}</Title>
        <EmptyIt />
      </Group>
      <TextInput
        aria-label={t('search')}
        placeholder={t('search')}
        leftSection={<IconSearch size={16} aria-hidden />}
        value={text}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        maw={380}
      />
      <Chip.Group value={kind} onChange={setKind}>
        <Group gap={6} role="radiogroup" aria-label={t('kind')}>
          {['', ...kinds].map((value) => (
            <Chip key={value} value={value} size="xs" variant="outline">
              {t(`kinds.${value === '' ? 'all' : (value as (typeof kinds)[number])}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Entries kind={kind} text={asked} />
      {kind === '' && asked === '' && (
        <>
          <OwnRemoved />
          <UndoneLately />
        </>
      )}
    </Stack>
  )
}

/** What is in it of a kind, and is called so; all of it without either. */
function useTrash(kind: string, text: string) {
  return usePages<z.infer<typeof trashPage>>(['trash', kind, text], '/trash', { limit: '100', kind, q: text })
}

function Entries({ kind, text }: { readonly kind: string; readonly text: string }) {
  const { t } = useTranslation('trash')
  const pages = useTrash(kind, text)
  const { data, error, isPending, refetch } = pages
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  const rows = data.pages.flatMap(({ items }) => items)
  if (rows.length === 0 && !pages.hasNextPage)
    return <Empty text={text === '' && kind === '' ? t('empty') : t('nothing')} />
  return (
    <Stack component="ul" gap={0} m={0} p={0} style={{ listStyle: 'none' }}>
      {rows.map((row) => (
        <Entry key={row.id} row={row} />
      ))}
      {pages.hasNextPage && (
        <li>
          <MoreButton pages={pages} variant="subtle" fullWidth>
            {t('more')}
          </MoreButton>
        </li>
      )}
    </Stack>
  )
}

/** What it is called, and where it was; of a link what it led to, and what it was for. */
function toldOf({ kind, name, title, place }: Trashed, t: TFunction<'trash'>) {
  if (kind === 'link') return { name: t('linkTo', { name: place }), place: title === place ? '' : title }
  return { name: title === '' ? name : title, place }
}

/** How something is deleted where no device is known. */
const hows = ['client', 'copy', 'import', 'job', 'move', 'restore', 'rule', 'web'] as const

function Entry({ row }: { readonly row: Trashed }) {
  const { t } = useTranslation('trash')
  const dates = useDates()
  const Icon = icons[row.kind]
  const { name, place } = toldOf(row, t)
  const how = hows.find((one) => one === row.device)
  const back = useMutation({
    mutationFn: () => send('POST', `/trash/${row.id}/restore`),
    onSuccess: () => tellDone(t('isBack', { name })),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries(),
  })
  return (
    <Group
      component="li"
      wrap="nowrap"
      py={8}
      style={{ borderBlockEnd: '1px solid var(--mantine-color-default-border)' }}
    >
      <Icon size={24} stroke={1.4} aria-hidden style={{ flexShrink: 0 }} />
      <div style={{ flex: 1, minInlineSize: 0 }}>
        <Text truncate>{name}</Text>
        <Text size="xs" c="dimmed" truncate>
          {[dates.time(row.deletedAt), place, how ? t(`how.${how}`) : row.device]
            .filter((part) => part !== '')
            .join(' · ')}
        </Text>
      </div>
      {row.kind === 'list' && (
        <HistoryButton thing={{ kind: 'list', path: `/lists/${row.id.slice(1)}`, name }} />
      )}
      <Button
        variant="default"
        size="compact-sm"
        onClick={() => back.mutate()}
        loading={back.isPending}
        aria-label={t('restoreName', { name })}
      >
        {t('restore')}
      </Button>
    </Group>
  )
}

/** Offered where there is something in it. */
function EmptyIt() {
  const { t } = useTranslation('trash')
  const { data } = useTrash('', '')
  const empty = useMutation({
    mutationFn: () => send<{ removed: number }>('DELETE', '/trash'),
    onSuccess: ({ data }) => tellDone(t('gone', { count: data.removed })),
    onError: tellFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['trash'] }),
  })
  const ask = async (): Promise<void> => {
    const question = { title: t('emptyIt'), text: t('emptyWhy'), act: t('emptyIt'), isDangerous: true }
    if (await confirmed(question)) empty.mutate()
  }
  if (!data || (data.pages[0]?.items.length ?? 0) === 0) return null
  return (
    <Button variant="default" onClick={() => void ask()} loading={empty.isPending}>
      {t('emptyIt')}
    </Button>
  )
}
