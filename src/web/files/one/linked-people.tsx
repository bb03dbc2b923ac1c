import { Anchor, CloseButton, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { z } from 'zod'
import type { searchReply } from '../../../features/search/schema.ts'
import { get, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { dropItem } from '../../client/items.ts'
import { Face } from '../../ui/face.tsx'
import { Failed, FailedPart } from '../../ui/states.tsx'
import { type FileEntry, type Linked, usePeopleOf } from '../files.ts'

/** Whom a file has to do with. */
export function LinkedPeople({ file: { id } }: { readonly file: FileEntry }) {
  const { t } = useTranslation('files')
  const { data, error, refetch } = usePeopleOf(id)
  const keys = [['files'], ['party']]
  const tie = useChange<number>({
    send: (party) => send('POST', `/parties/${party}/links`, { body: { kind: 'file', id } }),
    keys,
  })
  const untie = useChange<{ readonly link: number; readonly name: string }>({
    send: ({ link }) => send('DELETE', `/party-links/${link}`),
    patches: ({ link }) => [dropItem<Linked>(['files', 'people', id], (one) => one.link === link)],
    keys,
    said: ({ name }) => t('unlinked', { name }),
  })
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {t('people')}
      </Title>
      {error && <Failed error={error} again={() => void refetch()} />}
      {data?.items.map(({ link, party }) => (
        <Group key={link} justify="space-between" wrap="nowrap">
          <Anchor component={Link} href={`/contacts/${party.id}`}>
            <Group gap="xs" wrap="nowrap">
              <Face name={party.name} size={28} isCompany={party.kind === 'org'} />
              <Text size="sm">{party.name}</Text>
            </Group>
          </Anchor>
          <CloseButton
            aria-label={t('unlink', { name: party.name })}
            onClick={() => untie.make({ link, name: party.name })}
          />
        </Group>
      ))}
      <Finder isBusy={tie.isBusy} onFound={tie.make} />
    </Stack>
  )
}

interface FinderProps {
  /** Whether somebody is being put there. */
  readonly isBusy: boolean
  readonly onFound: (party: number) => void
}

/** Finds somebody by what is typed. */
function Finder({ isBusy, onFound }: FinderProps) {
  const { t } = useTranslation('files')
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 200)
  const found = useQuery({
    queryKey: ['search', 'people', asked],
    enabled: asked !== '',
    queryFn: ({ signal }) =>
      get<z.infer<typeof searchReply>>(`/search?kinds=person,org&q=${encodeURIComponent(asked)}`, signal),
  })
  const people = new Map(
    found.data?.items.flatMap(({ partyId, title }) =>
      partyId === null ? [] : [[String(partyId), title] as const],
    ),
  )
  return (
    <Stack gap={4}>
      <Select
        searchable
        loading={isBusy}
        aria-busy={isBusy}
        aria-label={t('link')}
        placeholder={t('link')}
        value={null}
        searchValue={text}
        onSearchChange={setText}
        data={[...people].map(([value, label]) => ({ value, label }))}
        filter={({ options }) => options}
        nothingFoundMessage={found.data && t('nobody')}
        onChange={(value) => {
          if (value !== null) onFound(Number(value))
          setText('')
        }}
      />
      <FailedPart of={[found]} />
    </Stack>
  )
}
