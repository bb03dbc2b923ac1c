import { Group, NumberInput, Select } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localeOf } from '../../i18n/locale.ts'
import type { InputProps } from './field-input.tsx'
import { recordOf } from './value-text.ts'

/** Digits after the point that a number has at most. */
const mostDecimals = 3

/** A number, with the point of the language. */
export function NumberField({ field, value, onChange }: InputProps) {
  return (
    <Amount
      label={field.label}
      decimals={field.options.decimals}
      value={typeof value === 'string' ? value : ''}
      onChange={onChange}
    />
  )
}

/** Money, in the currency of the field unless another is chosen. */
export function MoneyInput({ field, value, onChange }: InputProps) {
  const { t, i18n } = useTranslation('person')
  const seen = recordOf(value)
  const [amount, setAmount] = useState(typeof seen.amount === 'string' ? seen.amount : undefined)
  const [currency, setCurrency] = useState(String(seen.currency ?? field.options.currency ?? 'EUR'))
  const tell = (nextAmount: string | undefined, nextCurrency: string): void => {
    setAmount(nextAmount)
    setCurrency(nextCurrency)
    onChange(nextAmount === undefined ? undefined : { amount: nextAmount, currency: nextCurrency })
  }
  return (
    <Group gap="xs" align="flex-end">
      <Amount
        label={field.label}
        decimals={field.options.decimals}
        value={amount ?? ''}
        onChange={(next) => tell(next, currency)}
      />
      <Select
        label={t('custom.currency')}
        w={220}
        data={currenciesIn(i18n.language)}
        value={currency}
        searchable
        allowDeselect={false}
        limit={200}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) => next !== null && tell(amount, next)}
      />
    </Group>
  )
}

interface AmountProps {
  readonly label: string
  readonly decimals: number | undefined
  readonly value: string
  readonly onChange: (value: string | undefined) => void
}

function Amount({ label, decimals = mostDecimals, value, onChange }: AmountProps) {
  const { i18n } = useTranslation()
  const [text, setText] = useState<string | number>(value)
  return (
    <NumberInput
      label={label}
      w={180}
      hideControls
      decimalScale={decimals}
      decimalSeparator={pointIn(localeOf(i18n.language))}
      allowedDecimalSeparators={['.', ',']}
      maxLength={17}
      value={text}
      autoFocus
      onChange={(next) => {
        setText(next)
        onChange(writtenNumber(next))
      }}
    />
  )
}

/** As the API takes it; undefined for what is no number. */
function writtenNumber(given: string | number): string | undefined {
  const text = String(given)
  return /^-?\d{1,12}(?:\.\d{1,3})?$/.test(text) ? text : undefined
}

function pointIn(locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(1.1)
  return parts.find(({ type }) => type === 'decimal')?.value ?? '.'
}

function currenciesIn(language: string): { readonly value: string; readonly label: string }[] {
  const names = new Intl.DisplayNames(language, { type: 'currency' })
  return Intl.supportedValuesOf('currency').map((value) => ({
    value,
    label: `${value} · ${names.of(value) ?? value}`,
  }))
}
