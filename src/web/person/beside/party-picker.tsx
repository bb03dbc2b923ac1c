import { CloseButton, Group, Input, Select, Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { cardReply } from '../../../features/cards/schema.ts'
import type { searchReply } from '../../../features/search/schema.ts'
import { get, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { FailedPart } from '../../ui/states.tsx'
import type { Party } from '../person.ts'

/** Somebody who is there, or of whom nothing but the name is known. */
export interface Named {
  readonly id: number | null
  readonly name: string
}

interface PartyPickerProps {
  /** Whose page it is: who is made stands in the same address book. */
  readonly party: Party
  readonly kind: 'person' | 'org'
  readonly label: string
  readonly value: Named | undefined
  /** Whether a name alone will do. */
  readonly mayBeName?: boolean
  readonly onChange: (value: Named | undefined) => void
}

/** Finds a person or a company by what is typed, or makes one of that name. */
export function PartyPicker({ party, kind, label, value, mayBeName = false, onChange }: PartyPickerProps) {
  const { t } = useTranslation('person')
  const id = useId()
  const [text, setText] = useState('')
  const name = text.trim()
  const { found, asked } = useFound(name, kind, party.id)
  const { make } = useMaking(party, kind, onChange)
  if (value)
    return (
      <Input.Wrapper label={label} labelElement="div" style={{ flexGrow: 1, minWidth: 200 }}>
        <Group gap={4} mih={36} role="group" aria-label={label}>
          <Text size="sm" id={id}>
            {value.name}
          </Text>
          <CloseButton
            size="sm"
            aria-label={t('beside.other', { name: value.name })}
            onClick={() => onChange(undefined)}
          />
        </Group>
      </Input.Wrapper>
    )
  const more = [
    { value: 'make', label: t(`beside.make.${kind}`, { name }) },
    ...(mayBeName ? [{ value: 'name', label: t('beside.onlyName', { name }) }] : []),
  ]
  return (
    <Stack gap={4} style={{ flexGrow: 1, minWidth: 200 }}>
      <Select
        label={label}
        placeholder={t('beside.find')}
        searchable
        value={null}
        searchValue={text}
        onSearchChange={setText}
        filter={({ options }) => options}
        data={[...found, ...(name === '' ? [] : more)]}
        onChange={(chosen) => {
          if (chosen === 'make') make(name)
          else if (chosen === 'name') onChange({ id: null, name })
          else if (chosen !== null)
            onChange({ id: Number(chosen), name: found.find((one) => one.value === chosen)?.label ?? '' })
          setText('')
        }}
      />
      <FailedPart of={[asked]} />
    </Stack>
  )
}

function useFound(name: string, kind: 'person' | 'org', self: number) {
  const [sought] = useDebouncedValue(name, 150)
  const asked = useQuery({
    queryKey: ['search', 'named', kind, sought],
    enabled: sought !== '',
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ kinds: kind, q: sought, limit: '8' })
      return get<z.infer<typeof searchReply>>(`/search?${query}`, signal)
    },
  })
  const people = new Map(
    (sought === '' ? [] : (asked.data?.items ?? [])).flatMap(({ partyId, title }) =>
      partyId === null || partyId === self ? [] : [[String(partyId), title] as const],
    ),
  )
  return { found: [...people].map(([value, label]) => ({ value, label })), asked }
}

function useMaking(party: Party, kind: 'person' | 'org', onMade: (made: Named) => void) {
  const { t } = useTranslation('person')
  const book = party.cards.find(({ mayWrite }) => mayWrite)?.book.id
  return useChange<string, never, z.infer<typeof cardReply>>({
    send: (name) => send('POST', `/books/${book}/cards`, { body: { edits: editsOf(name, kind) } }),
    keys: [['parties'], ['letters'], ['search']],
    said: (name) => t('beside.made', { name }),
    onDone: ({ data }, name) => onMade({ id: data.party, name }),
  })
}

function editsOf(name: string, kind: 'person' | 'org'): object[] {
  if (kind === 'org')
    return [
      { op: 'kind', kind },
      { op: 'text', property: 'fn', value: name },
      { op: 'add', list: 'orgs', value: { name } },
    ]
  const [, given = '', family = ''] = /^(?:(.*)\s)?(\S+)$/.exec(name) ?? []
  return [{ op: 'name', parts: given === '' ? { given: family } : { given, family } }]
}
