import { NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../../ui/dialog/form-dialog.tsx'
import { choicesOf, type Writing } from './choices.ts'
import { ChoicesInput } from './choices-input.tsx'
import { type Book, type FieldType, type NewField, useNewField } from './fields.ts'
import { isChoice, onCards, types } from './types.ts'

interface NewFieldProps {
  readonly books: readonly Book[]
  readonly onClose: () => void
}

/** A field as it is being defined. */
interface Draft {
  readonly label: string
  readonly type: FieldType
  /** Empty for everybody's. */
  readonly book: string
  readonly choices: readonly Writing[]
  readonly currency: string
  readonly decimals: number | undefined
}

const empty: Draft = {
  ...{ label: '', type: 'text', book: '', currency: 'EUR', decimals: undefined },
  choices: [{ row: 0, key: undefined, label: '', color: '', isRetired: false }],
}

/** A field is defined: what it is called, what it holds, whose it is. */
export function NewFieldDialog({ books, onClose }: NewFieldProps) {
  const { t } = useTranslation('fields')
  const { make } = useNewField(onClose)
  const [draft, setDraft] = useState(empty)
  const { label, type, book, choices } = draft
  const set = (part: Partial<Draft>): void => setDraft({ ...draft, ...part })
  const isReady = label.trim() !== '' && (!isChoice(type) || choicesOf(choices).length > 0)
  const save = (): void => make(fieldOf(draft))
  return (
    <FormDialog isLarge title={t('new')} act={t('make')} {...{ isReady, onClose }} onSave={save}>
      <TextInput
        label={t('label')}
        value={label}
        maxLength={100}
        required
        data-autofocus
        onChange={(event) => set({ label: event.currentTarget.value })}
      />
      <Select
        label={t('type')}
        description={t('typeWhy')}
        data={types.map((value) => ({ value, label: t(`types.${value}`) }))}
        value={type}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => value !== null && set({ type: value })}
      />
      <Text size="sm" c="dimmed">
        {onCards.has(type) ? t('livesOnCard', { type: t(`types.${type}`) }) : t('livesBeside')}
      </Text>
      <Select
        label={t('for')}
        data={[
          { value: '', label: t('everybodys') },
          ...books.map(({ id, title }) => ({ value: String(id), label: title })),
        ]}
        value={book}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => set({ book: value ?? '' })}
      />
      <OfType draft={draft} set={set} />
    </FormDialog>
  )
}

interface OfTypeProps {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
}

/** What belongs to a type. */
function OfType({ draft: { type, choices, currency, decimals }, set }: OfTypeProps) {
  const { t } = useTranslation('fields')
  if (isChoice(type)) return <ChoicesInput choices={choices} onChange={(next) => set({ choices: next })} />
  return (
    <>
      {type === 'money' && (
        <Select
          label={t('currency')}
          data={Intl.supportedValuesOf('currency')}
          value={currency}
          searchable
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => value !== null && set({ currency: value })}
        />
      )}
      {(type === 'money' || type === 'number') && (
        <NumberInput
          label={t('decimals')}
          min={0}
          max={3}
          allowDecimal={false}
          hideControls
          value={decimals ?? ''}
          onChange={(value) => set({ decimals: typeof value === 'number' ? value : undefined })}
        />
      )}
    </>
  )
}

function fieldOf({ label, type, book, choices, currency, decimals }: Draft): NewField {
  const hasDigits = (type === 'money' || type === 'number') && decimals !== undefined
  return {
    ...{ label: label.trim(), type },
    ...(book !== '' && { book: Number(book) }),
    options: {
      ...(isChoice(type) && { choices: choicesOf(choices) }),
      ...(type === 'money' && { currency }),
      ...(hasDigits && { decimals }),
    },
  }
}
