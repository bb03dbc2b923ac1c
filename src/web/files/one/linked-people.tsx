import { Anchor, CloseButton, Group, Select, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'
import type { z } from 'zod'
import type { searchReply } from '../../../features/search/schema.ts'
import { get, send } from '../../client/api.ts'
import { Face } from '../../ui/face.tsx'
import { Failed } from '../../ui/states.tsx'
import { tellFailed } from '../../ui/toast.tsx'
import { type FileEntry, readAgain, usePeopleOf } from '../files.ts'

/** Whom a file has to do with. */
export function LinkedPeople({ file: { id } }: { readonly file: FileEntry }) {
  const { t } = useTranslation('files')
  const { data, error, refetch } = usePeopleOf(id)
  const change = useMutation({
    mutationFn: ({ party, link }: { readonly party?: number; readonly link?: number }) =>
      party === undefined
        ? send('DELETE', `/party-links/${link}`)
        : send('POST', `/parties/${party}/links`, { body: { kind: 'file', id } }),
    onError: tellFailed,
    onSettled: readAgain,
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
            onClick={() => change.mutate({ link })}
          />
        </Group>
      ))}
      <Finder onFound={(party) => change.mutate({ party })} />
    </Stack>
  )
}

/** Finds somebody by what is typed. */
function Finder({ onFound }: { readonly onFound: (party: number) => void }) {
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
    <Select
      searchable
      aria-label={t('link')}
      placeholder={t('link')}
      value={null}
      searchValue={text}
      onSearchChange={setText}
      data={[...people].map(([value, label]) => ({ value, label }))}
      filter={({ options }) => options}
      nothingFoundMessage={asked === '' ? undefined : t('nobody')}
      onChange={(value) => {
        if (value !== null) onFound(Number(value))
        setText('')
      }}
    />
  )
}
