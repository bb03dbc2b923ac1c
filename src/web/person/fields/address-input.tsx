import { Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InputProps } from './field-input.tsx'
import { recordOf } from './value-text.ts'

const parts = ['street', 'extended', 'postalCode', 'locality', 'region', 'country'] as const
type Address = Readonly<Record<(typeof parts)[number], string>>

/** An address by its parts. */
export function AddressInput({ field, value, onChange }: InputProps) {
  const { t } = useTranslation('person')
  const [address, setAddress] = useState<Address>(() => addressOf(value))
  const change = (part: (typeof parts)[number], text: string): void => {
    const next = { ...address, [part]: text }
    setAddress(next)
    const trimmed = Object.fromEntries(parts.map((one) => [one, next[one].trim()]))
    onChange(parts.some((one) => trimmed[one] !== '') ? trimmed : undefined)
  }
  return (
    <Group gap="xs" role="group" aria-label={field.label}>
      {parts.map((part, index) => (
        <TextInput
          key={part}
          label={t(`parts.${part}`)}
          style={{ flex: '1 1 180px' }}
          value={address[part]}
          autoComplete="off"
          {...(index === 0 && { autoFocus: true })}
          onChange={({ currentTarget }) => change(part, currentTarget.value)}
        />
      ))}
    </Group>
  )
}

function addressOf(value: unknown): Address {
  const given = recordOf(value)
  const text = (part: string): string => String(given[part] ?? '')
  return {
    ...{ street: text('street'), extended: text('extended'), postalCode: text('postalCode') },
    ...{ locality: text('locality'), region: text('region'), country: text('country') },
  }
}
