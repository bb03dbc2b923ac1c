import { MultiSelect, SegmentedControl, Select, Text, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateParts } from '../card/date-parts.tsx'
import type { Draft } from '../card/draft.ts'
import type { Party } from '../person.ts'
import { AddressInput } from './address-input.tsx'
import type { Field } from './fields.ts'
import { FileInput } from './file-input.tsx'
import { MoneyInput, NumberField } from './number-input.tsx'
import { PersonInput } from './person-input.tsx'
import { type Answer, answersOf, datePartsOf } from './value-text.ts'
import { AnswerBadge } from './value-view.tsx'

export interface InputProps {
  readonly party: Party
  readonly field: Field
  /** What was there when it was opened. */
  readonly value: unknown
  /** @param value  undefined while nothing, or no value, is written. @param shown  where it looks otherwise */
  readonly onChange: (value: unknown, shown?: unknown) => void
}

/** Where a value is written, by the type of its field. */
export function FieldInput(props: InputProps) {
  const { t } = useTranslation('person')
  const { field } = props
  // What is offered no more is taken away, not written anew.
  if (field.isRetired) return <Text size="sm">{t('custom.retired', { name: field.label })}</Text>
  switch (field.type) {
    case 'text':
      return <LongText {...props} />
    case 'number':
      return <NumberField {...props} />
    case 'money':
      return <MoneyInput {...props} />
    case 'date':
      return <DateInput {...props} />
    case 'choice':
    case 'multi-choice':
      return <ChoiceInput {...props} />
    case 'yes-no':
      return <YesNo {...props} />
    case 'address':
      return <AddressInput {...props} />
    case 'person':
      return <PersonInput {...props} />
    case 'file':
      return <FileInput {...props} />
    default:
      return <Line {...props} type={field.type} />
  }
}

function LongText({ field, value, onChange }: InputProps) {
  const [text, setText] = useState(typeof value === 'string' ? value : '')
  return (
    <Textarea
      label={field.label}
      autosize
      minRows={1}
      maxRows={16}
      value={text}
      autoFocus
      onChange={({ currentTarget }) => {
        setText(currentTarget.value)
        onChange(currentTarget.value.trim() || undefined)
      }}
    />
  )
}

const lineTypes = { link: 'url', phone: 'tel', mail: 'email' } as const

function Line({ field, value, onChange, type }: InputProps & { readonly type: keyof typeof lineTypes }) {
  const [text, setText] = useState(typeof value === 'string' ? value : '')
  const change = (written: string): void => {
    setText(written)
    const trimmed = written.trim()
    const isBare = type === 'link' && !/^[a-z][a-z\d+.-]*:/i.test(trimmed)
    onChange(trimmed === '' ? undefined : isBare ? `https://${trimmed}` : trimmed)
  }
  return (
    <TextInput
      label={field.label}
      inputMode={lineTypes[type] === 'tel' ? 'tel' : lineTypes[type]}
      value={text}
      autoComplete="off"
      autoFocus
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}

function DateInput({ value, onChange }: InputProps) {
  const [draft, setDraft] = useState<Draft>(() => {
    const parts = datePartsOf(typeof value === 'string' ? value : '')
    return Object.fromEntries(Object.entries(parts).map(([part, number]) => [part, String(number ?? '')]))
  })
  return (
    <DateParts
      draft={draft}
      onChange={(next) => {
        setDraft(next)
        onChange(writtenDate(next))
      }}
    />
  )
}

/** A whole day, with its year or without; undefined for what is less. */
function writtenDate({ year = '', month = '', day = '' }: Draft): string | undefined {
  const [given, two] = [year.trim(), (text: string): string => text.trim().padStart(2, '0')]
  if (month === '' || !/^\s*\d{1,2}\s*$/.test(day) || !/^(?:\d{1,4})?$/.test(given)) return undefined
  return `${given === '' ? '-' : given.padStart(4, '0')}-${two(month)}-${two(day)}`
}

function ChoiceInput({ field, value, onChange }: InputProps) {
  const given = value === undefined ? [] : answersOf(field, value)
  const [keys, setKeys] = useState<readonly string[]>(given.map(({ key }) => key))
  const offered = (field.options.choices ?? []).filter(({ isRetired }) => !isRetired)
  const all = [...offered, ...given.filter(({ key }) => !offered.some((one) => one.key === key))]
  const byKey = new Map<string, Answer>(all.map((answer) => [answer.key, answer]))
  const data = all.map(({ key, label }) => ({ value: key, label }))
  const shared = {
    label: field.label,
    data,
    searchable: data.length > 8,
    autoFocus: true,
    comboboxProps: { withinPortal: false },
    renderOption: ({ option }: { readonly option: { readonly value: string } }) => {
      const answer = byKey.get(option.value)
      return answer ? <AnswerBadge answer={answer} /> : option.value
    },
  } as const
  return field.type === 'choice' ? (
    <Select
      {...shared}
      value={keys[0] ?? null}
      clearable
      onChange={(key) => {
        setKeys(key === null ? [] : [key])
        onChange(key ?? undefined)
      }}
    />
  ) : (
    <MultiSelect
      {...shared}
      value={[...keys]}
      onChange={(next) => {
        setKeys(next)
        onChange(next.length === 0 ? undefined : next)
      }}
    />
  )
}

function YesNo({ field, value, onChange }: InputProps) {
  const { t } = useTranslation('person')
  const [said, setSaid] = useState(value === undefined ? '' : String(value === true))
  return (
    <SegmentedControl
      aria-label={field.label}
      data={[
        { value: 'true', label: t('custom.yes') },
        { value: 'false', label: t('custom.no') },
      ]}
      value={said}
      autoFocus
      onChange={(next) => {
        setSaid(next)
        onChange(next === 'true')
      }}
    />
  )
}
