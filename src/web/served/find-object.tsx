import { Stack, Text, TextInput, UnstyledButton } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearch } from 'wouter'
import { Failed } from '../ui/states.tsx'
import { type Hit, useFound } from './served.ts'

/** What is missing: a contact or an event, found by its name. */
export function FindObject() {
  const { t } = useTranslation('served')
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 150)
  const { data, error, refetch } = useFound(asked)
  const found = (data ?? []).filter((hit) => pathOf(hit) !== undefined)
  return (
    <Stack gap="sm">
      <TextInput
        label={t('find')}
        description={t('findHow')}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maw={480}
        autoFocus
      />
      {error && <Failed error={error} again={() => void refetch()} />}
      <div aria-live="polite">
        {data && found.length === 0 && <Text c="dimmed">{t('nothing')}</Text>}
        <Stack component="ul" gap={0} p={0} m={0} style={{ listStyle: 'none' }}>
          {found.map((hit) => (
            <li key={pathOf(hit)} className="ruled">
              <Row hit={hit} />
            </li>
          ))}
        </Stack>
      </div>
    </Stack>
  )
}

function Row({ hit }: { readonly hit: Hit }) {
  const { t } = useTranslation('served')
  const search = useSearch()
  return (
    <UnstyledButton
      component={Link}
      href={`${pathOf(hit)}${search === '' ? '' : `?${search}`}`}
      py="xs"
      display="block"
    >
      <Text>{hit.title || t('untitled')}</Text>
      <Text size="sm" c="dimmed">
        {t(hit.kind === 'event' ? 'kinds.event' : 'kinds.card')}
      </Text>
    </UnstyledButton>
  )
}

function pathOf({ kind, partyId, cardId, eventId }: Hit): string | undefined {
  if (kind === 'event') return eventId === null ? undefined : `/served/object/${eventId}`
  if (partyId !== null) return `/served/person/${partyId}`
  return cardId === null ? undefined : `/served/object/${cardId}`
}
