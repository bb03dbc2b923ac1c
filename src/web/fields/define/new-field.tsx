import { NumberInput, Select, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormDialog } from '../dialog.tsx'
import { choicesOf, type Writing } from './choices.ts'
import { ChoicesInput } from './choices-input.tsx'
import { type Book, type FieldType, useNewField } from './fields.ts'
import { isChoice, onCards, types } from './types.ts'

interface NewFieldProps {
  readonly books: readonly Book[]
  readonly onClose: () => void
}

const noChoice: Writing = { row: 0, key: undefined, label: '', color: '', isRetired: false }

/** A field is defined: what it is called, what it holds, whose it is. */
export function NewFieldDialog({ books, onClose }: NewFieldProps) {
  const { t } = useTranslation('fields')
  const { make } = useNewField()
  const [label, setLabel] = useState('')
  const [type, setType] = useState<FieldType>('text')
  const [book, setBook] = useState('')
  const [writing, setWriting] = useState<readonly Writing[]>([noChoice])
  const [currency, setCurrency] = useState('EUR')
  const [decimals, setDecimals] = useState<number>()
  const choices = choicesOf(writing)
  const isReady = label.trim() !== '' && (!isChoice(type) || choices.length > 0)
  const save = (): void => {
    make({
      ...{ label: label.trim(), type },
      ...(book !== '' && { book: Number(book) }),
      options: {
        ...(isChoice(type) && { choices }),
        ...(type === 'money' && { currency }),
        ...((type === 'money' || type === 'number') && decimals !== undefined && { decimals }),
      },
    })
    onClose()
  }
  return (
    <FormDialog title={t('new')} act={t('make')} {...{ isReady, onClose }} onSave={save}>
      <TextInput
        label={t('label')}
        value={label}
        maxLength={100}
        required
        data-autofocus
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <Select
        label={t('type')}
        description={t('typeWhy')}
        data={types.map((value) => ({ value, label: t(`types.${value}`) }))}
        value={type}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(value) => value !== null && setType(value)}
      />
      <Text size="sm" c="dimmed">
        {t(onCards.has(type) ? 'livesOnCard' : 'livesBeside', { type: t(`types.${type}`) })}
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
        onChange={(value) => setBook(value ?? '')}
      />
      {isChoice(type) && <ChoicesInput choices={writing} onChange={setWriting} />}
      {type === 'money' && (
        <Select
          label={t('currency')}
          data={Intl.supportedValuesOf('currency')}
          value={currency}
          searchable
          allowDeselect={false}
          comboboxProps={{ withinPortal: false }}
          onChange={(value) => value !== null && setCurrency(value)}
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
          onChange={(value) => setDecimals(typeof value === 'number' ? value : undefined)}
        />
      )}
    </FormDialog>
  )
}
