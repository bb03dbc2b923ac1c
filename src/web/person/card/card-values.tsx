import { Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFocusBack } from '../editing/focus-back.ts'
import { useFields } from '../fields/fields.ts'
import { besideFields } from '../fields/on-card.ts'
import type { Card, Party } from '../person.ts'
import { Section } from '../section.tsx'
import { AddValue } from './add-value.tsx'
import { bookOf, booksOf } from './books.ts'
import { EditableValue, EntryEditor } from './editable-value.tsx'
import type { CardEdit } from './edits.ts'
import { kindOf, listOrder } from './lists.ts'
import { type Entry, entriesOf, type ListName } from './merged.ts'
import { OnceSaidValues } from './once-said.tsx'
import { type OnceEntry, type OnceSaid, onceEntries, onceOrder, unsaidOn } from './one-each.ts'
import { useEditing } from './use-edits.ts'
import { ValueEditor, type Written } from './value-editor.tsx'

interface CardValuesProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** Shown elsewhere: among those who know each other. */
const elsewhere = new Set<ListName>(['related'])
const unsaid = { types: [], label: '', isBuiltIn: false, isPreferred: false }

/** What is being written, and what was there when that began. */
type Editing =
  | { readonly what: 'entry'; readonly entry: Entry }
  | { readonly what: 'new'; readonly list: ListName }
  | { readonly what: 'once'; readonly entry: OnceEntry }
  | { readonly what: 'new-once'; readonly once: OnceSaid; readonly cards: readonly Card[] }

/** All that the cards say, value by value, each of which is edited where it stands. */
export function CardValues({ party, cards }: CardValuesProps) {
  const { t, i18n } = useTranslation('person')
  const [editing, setEditing] = useState<Editing>()
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const shown = listOrder.filter((list) => !elsewhere.has(list) && !isJob(list, party))
  const { data: fields = [] } = useFields()
  const entries = besideFields(
    shown.flatMap((list) => entriesOf<ListName>(cards, list)),
    fields,
    cards,
  )
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const once = onceEntries(cards, t, i18n.language)
  const edit = (next: Editing): void => {
    leave()
    setEditing(next)
  }
  const close = (): void => {
    setEditing(undefined)
    back()
  }
  return (
    <div ref={place}>
      <Section
        title={t('sections.contact')}
        action={
          mayEdit && (
            <AddValue
              lists={shown}
              unsaid={onceOrder.filter((what) => unsaidOn(cards, what, once).length > 0)}
              onList={(list) => edit({ what: 'new', list })}
              onOnce={(what) => edit({ what: 'new-once', once: what, cards: unsaidOn(cards, what, once) })}
            />
          )
        }
      >
        <ul className="facts">
          <Entries
            {...{ party, entries }}
            edited={editing?.what === 'entry' ? editing.entry : undefined}
            onEdit={(entry) => edit({ what: 'entry', entry })}
            onClose={close}
          />
          {editing?.what === 'new' && (
            <NewValue key={editing.list} list={editing.list} {...{ party, cards }} onClose={close} />
          )}
          <OnceSaidValues
            {...{ party, entries: once }}
            edited={editing?.what === 'once' ? editing.entry : undefined}
            making={editing?.what === 'new-once' ? editing : undefined}
            onEdit={(entry) => edit({ what: 'once', entry })}
            onClose={close}
          />
        </ul>
        <Others cards={cards} />
      </Section>
    </div>
  )
}

/** What else stands in the cards, and is kept as it is. */
function Others({ cards }: Pick<CardValuesProps, 'cards'>) {
  const { t } = useTranslation('person')
  const others = [...new Set(cards.flatMap(({ details }) => details.others))]
  if (others.length === 0) return null
  return (
    <Text size="xs" c="dimmed">
      {t('others', { names: others.join(', ') })}
    </Text>
  )
}

interface EntriesProps {
  readonly party: Party
  readonly entries: readonly Entry[]
  /** As it was when its editor was opened. */
  readonly edited: Entry | undefined
  readonly onEdit: (entry: Entry) => void
  readonly onClose: () => void
}

function Entries({ party, entries, edited, onEdit, onClose }: EntriesProps) {
  return withEdited(entries, edited).map((entry, index, all) =>
    entry === edited ? (
      <EntryEditor key="editor" entry={entry} onClose={onClose} />
    ) : (
      <EditableValue
        key={entry.id}
        entry={entry}
        isFirst={all[index - 1]?.list !== entry.list}
        books={booksOf(
          entry.places.map(({ card }) => card),
          party,
        )}
        onEdit={() => onEdit(entry)}
      />
    ),
  )
}

/** The values with the one that is being written in its place, whatever has become of it. */
function withEdited(entries: readonly Entry[], edited: Entry | undefined): readonly Entry[] {
  if (!edited) return entries
  if (entries.some(({ id }) => id === edited.id))
    return entries.map((entry) => (entry.id === edited.id ? edited : entry))
  const at = entries.findLastIndex(({ list }) => list === edited.list)
  return entries.toSpliced(at < 0 ? entries.length : at + 1, 0, edited)
}

interface NewValueProps extends CardValuesProps {
  readonly list: ListName
  readonly onClose: () => void
}

function NewValue({ list, party, cards, onClose }: NewValueProps) {
  const { t } = useTranslation('person')
  const { make } = useEditing()
  const mine = cards.filter(({ rights }) => rights.edit)
  const add = ({ value, about, card }: Written): void => {
    onClose()
    const edits = [{ op: 'add', list, value, ...about } as CardEdit]
    make({
      steps: mine.filter(({ id }) => id === card).map((one) => ({ card: one, edits })),
      said: t('saved'),
    })
  }
  return (
    <ValueEditor
      of={`party ${party.id} new ${list}`}
      {...{ list, value: kindOf(list).empty, about: unsaid }}
      cards={mine.map(({ id }) => ({ id, name: bookOf(id, party) }))}
      onSave={add}
      onCancel={onClose}
    />
  )
}

/** Jobs are shown with their times. */
function isJob(list: ListName, { memberships }: Party): boolean {
  return memberships.length > 0 && ['orgs', 'titles', 'roles'].includes(list)
}
