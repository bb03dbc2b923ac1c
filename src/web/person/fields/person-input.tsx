import { Autocomplete, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useHits } from '../../contacts/list/search.ts'
import { FailedPart } from '../../ui/states.tsx'
import type { InputProps } from './field-input.tsx'
import { recordOf } from './value-text.ts'

/** So long somebody is not searched for while one types. */
const pauseMs = 120

/** Somebody who is found as one types, or who has no card and is only named. */
export function PersonInput({ field, value, onChange }: InputProps) {
  const [name, setName] = useState(String(recordOf(value).name ?? ''))
  const [sought] = useDebouncedValue(name, pauseMs)
  const hits = useHits(sought, { kinds: 'person,org', limit: 8 })
  const found = (hits.data?.items ?? []).filter(({ partyId }) => partyId !== null)
  const change = (text: string): void => {
    setName(text)
    const hit = found.find(({ title }) => title === text)
    const written = text.trim()
    if (written === '') onChange(undefined)
    else onChange(hit ? { id: hit.partyId } : { name: written }, { name: written })
  }
  return (
    <Stack gap={4}>
      <Autocomplete
        label={field.label}
        data={[...new Set(found.map(({ title }) => title))]}
        // What was found need not have the letters that were typed.
        filter={({ options }) => options}
        value={name}
        onChange={change}
        autoFocus
        comboboxProps={{ withinPortal: false }}
      />
      <FailedPart of={[hits]} />
    </Stack>
  )
}
