import { Autocomplete, Button, Checkbox, Group, Select, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EditorForm } from '../editing/editor-form.tsx'
import { useKeepingAtEnd, useKeptDraft } from '../editing/kept-drafts.ts'
import { DateParts } from './date-parts.tsx'
import { aboutBy, type Draft, draftOf, isNothing, partsOf, writtenValue } from './draft.ts'
import { kindOf } from './lists.ts'
import type { About, ListName, Value } from './merged.ts'
import { useWords } from './words.ts'

/** What stands in the editor. */
export interface Typed {
  readonly draft: Draft
  readonly label: string
  readonly isPreferred: boolean
  readonly card: number | undefined
}

/** What was written. */
export interface Written {
  readonly value: Value
  readonly about: ReturnType<typeof aboutBy> & { readonly isPreferred?: boolean }
  /** Of several, the card that a new value is for. */
  readonly card: number | undefined
  /** By which it is there again, where it is refused. */
  readonly typed: Typed
}

interface ValueEditorProps {
  /** Names what is edited among all others: what Escape leaves is there again the next time. */
  readonly of: string
  readonly list: ListName
  readonly value: Value
  readonly about: About
  /** What was written before, and refused. */
  readonly typed?: Typed | undefined
  /** Cards that a new value can be put on, by the names of their books. */
  readonly cards?: readonly Target[]
  readonly onSave: (written: Written) => void
  readonly onCancel: () => void
  readonly onRemove?: () => void
}

/** A value where it stands, being written: Enter saves it; what Escape leaves is there again the next time. */
export function ValueEditor({ of, list, value, about, typed, onSave, onCancel, ...rest }: ValueEditorProps) {
  const { t } = useTranslation('person')
  const { word, labelOf } = useWords()
  const { words } = kindOf(list)
  const given = about.types.length > 0 || about.label !== '' ? labelOf(list, about) : ''
  const kept = useKeptDraft<Draft>(of, draftOf(value))
  const { start, isKept, keep, drop } = kept
  const [draft, setDraft] = useState(typed?.draft ?? start)
  const [label, setLabel] = useState(typed?.label ?? given)
  const [isPreferred, setIsPreferred] = useState(typed?.isPreferred ?? about.isPreferred)
  const [card, setCard] = useState(typed?.card ?? rest.cards?.[0]?.id)
  useKeepingAtEnd(kept, draft)
  const save = (): void => {
    drop()
    if (isNothing(draft, list)) (rest.onRemove ?? onCancel)()
    else
      onSave({
        value: writtenValue(draft, value),
        about: {
          ...(label !== given && aboutBy(list, label, about, word)),
          ...(isPreferred !== about.isPreferred && { isPreferred }),
        },
        card,
        typed: { draft, label, isPreferred, card },
      })
  }
  return (
    <EditorForm
      label={t(`lists.${list}`)}
      isKept={isKept && !typed}
      onSave={save}
      onEscape={() => {
        keep(draft)
        onCancel()
      }}
    >
      <Parts list={list} draft={draft} onChange={setDraft} />
      {words.length > 0 && (
        <Autocomplete
          size="sm"
          label={t('label')}
          data={words.map(word)}
          value={label}
          onChange={setLabel}
          comboboxProps={{ withinPortal: false }}
        />
      )}
      {rest.cards && <Into cards={rest.cards} card={card} onChange={setCard} />}
      <Tools
        onCancel={() => drop(onCancel)}
        onRemove={rest.onRemove && (() => drop(rest.onRemove))}
        isPreferred={words.length > 0 && kindOf(list).isLabelled !== true ? isPreferred : undefined}
        onPrefer={setIsPreferred}
      />
    </EditorForm>
  )
}

interface ToolsProps {
  readonly onCancel: () => void
  readonly onRemove: (() => void) | undefined
  /** Undefined where none is before the others. */
  readonly isPreferred: boolean | undefined
  readonly onPrefer: (is: boolean) => void
}

function Tools({ onCancel, onRemove, isPreferred, onPrefer }: ToolsProps) {
  const { t } = useTranslation('person')
  return (
    <Group gap="xs">
      <Button type="submit" size="xs">
        {t('save')}
      </Button>
      <Button size="xs" variant="default" onClick={onCancel}>
        {t('app.cancel')}
      </Button>
      {onRemove && (
        <Button size="xs" variant="subtle" color="red" onClick={onRemove}>
          {t('remove')}
        </Button>
      )}
      {isPreferred !== undefined && (
        <Checkbox
          ms="auto"
          label={t('preferred')}
          checked={isPreferred}
          onChange={(event) => onPrefer(event.currentTarget.checked)}
        />
      )}
    </Group>
  )
}

/** A card that something can be put on, by the name of its book. */
export interface Target {
  readonly id: number
  readonly name: string
}

interface IntoProps {
  readonly cards: readonly Target[]
  readonly card: number | undefined
  readonly onChange: (card: number) => void
}

/** Which of several cards gets a new value. */
export function Into({ cards, card, onChange }: IntoProps) {
  const { t } = useTranslation('person')
  if (cards.length < 2) return null
  return (
    <Select
      label={t('into')}
      data={cards.map(({ id, name }) => ({ value: String(id), label: name }))}
      value={String(card)}
      allowDeselect={false}
      onChange={(id) => onChange(Number(id))}
    />
  )
}

interface PartsProps {
  readonly list: ListName
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
}

function Parts({ list, draft, onChange }: PartsProps) {
  const { t } = useTranslation('person')
  const kind = kindOf(list)
  if (list === 'dates') return <DateParts draft={draft} onChange={onChange} />
  if (kind.isLong)
    return (
      <Textarea
        label={t(`lists.${list}`)}
        autosize
        minRows={3}
        maxRows={20}
        value={draft.text ?? ''}
        onChange={(event) => onChange({ text: event.currentTarget.value })}
        data-autofocus
        autoFocus
      />
    )
  return (
    <Group gap="xs" align="flex-end">
      {partsOf(list).map((part, index) => (
        <TextInput
          key={part}
          label={part === 'text' ? t(`lists.${list}`) : t(`parts.${part}`)}
          style={{ flex: '1 1 180px' }}
          value={draft[part] ?? ''}
          autoComplete="off"
          onChange={(event) => onChange({ ...draft, [part]: event.currentTarget.value })}
          {...(kind.inputMode !== undefined && { inputMode: kind.inputMode })}
          {...(index === 0 && { autoFocus: true })}
        />
      ))}
    </Group>
  )
}
