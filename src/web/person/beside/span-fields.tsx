import { Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { isDay } from './facts.ts'

interface SpanFieldsProps {
  readonly from: string | null
  readonly until: string | null
  readonly onFrom: (day: string | null) => void
  readonly onUntil: (day: string | null) => void
}

/** From when until when something is so, as far as it is known. */
export function SpanFields({ from, until, onFrom, onUntil }: SpanFieldsProps) {
  const { t } = useTranslation('person')
  const known = (day: string): string | null => (day === '' ? null : day)
  return (
    <Group gap="xs" align="flex-start">
      <DayField label={t('beside.from')} value={from ?? ''} onChange={(day) => onFrom(known(day))} />
      <DayField label={t('beside.until')} value={until ?? ''} onChange={(day) => onUntil(known(day))} />
    </Group>
  )
}

interface DayFieldProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A year, a month or a day: as much of it as is known. */
function DayField({ label, value, onChange }: DayFieldProps) {
  const { t } = useTranslation('person')
  const isWrong = value !== '' && !isDay(value)
  return (
    <TextInput
      label={label}
      placeholder={t('beside.dayLike')}
      value={value}
      inputMode="numeric"
      maxLength={10}
      error={isWrong && value.length >= 4 && t('beside.dayHow')}
      style={{ flex: '1 1 120px' }}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  )
}
