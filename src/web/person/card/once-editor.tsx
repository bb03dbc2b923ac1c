import { Button, Group, NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EditorForm } from '../editing/editor-form.tsx'
import { useKeepingAtEnd, useKeptDraft } from '../editing/kept-drafts.ts'
import { DateParts } from './date-parts.tsx'
import { type Draft, draftOf, writtenValue } from './draft.ts'
import type { CardEdit } from './edits.ts'
import type { CardDate } from './format.ts'
import type { Details } from './merged.ts'
import type { OnceSaid } from './one-each.ts'
import { Into, type Target } from './value-editor.tsx'

/** What stands in the editor. */
export interface OnceTyped {
  readonly draft: Draft
  readonly card: number | undefined
}

interface OnceEditorProps {
  /** Names what is edited among all others: what Escape leaves is there again the next time. */
  readonly of: string
  readonly what: OnceSaid
  readonly details: Details
  /** Of several, those that it can be put on. */
  readonly cards?: readonly Target[]
  /** What was written before, and refused. */
  readonly typed?: OnceTyped | undefined
  readonly onSave: (edit: CardEdit, typed: OnceTyped) => void
  readonly onCancel: () => void
}

const noDate: CardDate = { year: null, month: null, day: null, time: '', text: '' }
const sexes = ['', 'F', 'M', 'O', 'N', 'U'] as const

/** What a card says once, being written. */
export function OnceEditor(props: OnceEditorProps) {
  const { of, what, details, cards = [], typed, onSave, onCancel } = props
  const { t } = useTranslation('person')
  const kept = useKeptDraft<Draft>(of, draftFor(what, details))
  const [draft, setDraft] = useState(typed?.draft ?? kept.start)
  const [card, setCard] = useState(typed?.card ?? cards[0]?.id)
  useKeepingAtEnd(kept, draft)
  return (
    <EditorForm
      label={t(`once.${what}`)}
      isKept={kept.isKept && !typed}
      onSave={() => kept.drop(() => onSave(editFor(what, draft, details), { draft, card }))}
      onEscape={() => {
        kept.keep(draft)
        onCancel()
      }}
    >
      {what === 'birthday' || what === 'anniversary' ? (
        <DateParts draft={draft} onChange={setDraft} />
      ) : (
        <Group gap="xs" align="flex-end">
          {what === 'gender' && (
            <NativeSelect
              label={t('once.gender')}
              data={sexes.map((value) => ({
                value,
                label: value === '' ? '–' : t(`genders.${value}`),
              }))}
              value={draft.sex ?? ''}
              onChange={(event) => setDraft({ ...draft, sex: event.currentTarget.value })}
            />
          )}
          {Object.keys(draft)
            .filter((part) => part !== 'sex')
            .map((part, index) => (
              <TextInput
                key={part}
                label={part === 'text' ? t(`once.${what}`) : t(`parts.${part}`)}
                style={{ flex: '1 1 160px' }}
                value={draft[part] ?? ''}
                autoFocus={index === 0}
                onChange={(event) => setDraft({ ...draft, [part]: event.currentTarget.value })}
              />
            ))}
        </Group>
      )}
      <Into cards={cards} card={card} onChange={setCard} />
      <Group gap="xs">
        <Button type="submit" size="xs">
          {t('save')}
        </Button>
        <Button size="xs" variant="default" onClick={() => kept.drop(onCancel)}>
          {t('app.cancel')}
        </Button>
      </Group>
    </EditorForm>
  )
}

function draftFor(what: OnceSaid, { name, ...details }: Details): Draft {
  switch (what) {
    case 'birthday':
    case 'anniversary':
      return draftOf(details[what] ?? noDate)
    case 'nicknames':
      return { text: details.nicknames.join(', ') }
    case 'phonetic':
      return { phoneticGiven: name.phoneticGiven, phoneticFamily: name.phoneticFamily }
    case 'maiden':
      return { text: name.maiden }
    case 'gender':
      return { ...details.gender }
    case 'language':
    case 'timeZone':
      return { text: details[what] }
    default:
      return what satisfies never
  }
}

function editFor(what: OnceSaid, draft: Draft, details: Details): CardEdit {
  const text = (draft.text ?? '').trim()
  switch (what) {
    case 'birthday':
    case 'anniversary': {
      const date = writtenValue(draft, details[what] ?? noDate) as CardDate
      const isNone = date.day === null && date.month === null && date.year === null
      return { op: 'date', property: what, date: isNone ? null : date }
    }
    case 'nicknames': {
      const values = text.split(',').map((part) => part.trim())
      return { op: 'nicknames', values: values.filter((part) => part !== '') }
    }
    case 'phonetic':
      return { op: 'name', parts: { ...draft } }
    case 'maiden':
      return { op: 'name', parts: { maiden: text } }
    case 'gender': {
      const sex = sexes.find((one) => one === draft.sex) ?? ''
      return { op: 'gender', gender: { sex, identity: (draft.identity ?? '').trim() } }
    }
    case 'language':
    case 'timeZone':
      return { op: 'text', property: what, value: text }
    default:
      return what satisfies never
  }
}
