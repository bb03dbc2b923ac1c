import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useFocusBack } from '../editing/focus-back.ts'
import { useOpened } from '../editing/opened.ts'
import { useReopening } from '../editing/reopening.ts'
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
import type { OnceTyped } from './once-editor.tsx'
import { OnceSaidValues } from './once-said.tsx'
import { type OnceEntry, type OnceSaid, onceEntries, onceOrder, unsaidOn } from './one-each.ts'
import { useEditing } from './use-edits.ts'
import { type Typed, ValueEditor, type Written } from './value-editor.tsx'

interface CardValuesProps {
  readonly party: Party
  readonly cards: readonly Card[]
}

/** Shown elsewhere: among those who know each other. */
const elsewhere = new Set<ListName>(['related'])
const unsaid = { types: [], label: '', isBuiltIn: false, isPreferred: false }

/** What is being written, what was there when that began, and what was written before where that was refused. */
type Editing =
  | { readonly what: 'entry'; readonly entry: Entry; readonly typed?: Typed }
  | { readonly what: 'new'; readonly list: ListName; readonly typed?: Typed }
  | { readonly what: 'once'; readonly entry: OnceEntry; readonly typed?: OnceTyped }
  | {
      readonly what: 'new-once'
      readonly once: OnceSaid
      readonly cards: readonly Card[]
      readonly typed?: OnceTyped
    }

function useEditedValue({ id }: Party) {
  const { editing, editor, setEditing } = useOpened<Editing>()
  const { place, leave, back } = useFocusBack<HTMLDivElement>()
  const edit = (next: Editing): void => {
    leave()
    setEditing(next)
  }
  const close = (): void => {
    setEditing(undefined)
    back()
  }
  const reopen = useReopening(`card values ${id}`, `/contacts/${id}`, edit)
  return { place, editing, editor, edit, close, reopen }
}

/** All that the cards say, value by value, each of which is edited where it stands. */
export function CardValues({ party, cards }: CardValuesProps) {
  const { t, i18n } = useTranslation('person')
  const { place, editing, editor, edit, close, reopen } = useEditedValue(party)
  const shown = listOrder.filter((list) => !elsewhere.has(list) && !isJob(list, party))
  const { data: fields = [] } = useFields()
  const entries = besideFields(
    shown.flatMap((list) => entriesOf<ListName>(cards, list)),
    fields,
    cards,
  )
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const once = onceEntries(cards, t, i18n.language)
  const isOnce = editing?.what === 'once' || editing?.what === 'new-once'
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
            {...{ party, entries, editor }}
            edited={editing?.what === 'entry' ? editing.entry : undefined}
            typed={editing?.what === 'entry' ? editing.typed : undefined}
            onEdit={(entry) => edit({ what: 'entry', entry })}
            onClose={close}
            onReopen={(entry, typed) => reopen({ what: 'entry', entry, typed })}
          />
          {editing?.what === 'new' && (
            <NewValue
              key={editor}
              {...{ party, cards, list: editing.list, typed: editing.typed }}
              onClose={close}
              onReopen={(typed) => reopen({ ...editing, typed })}
            />
          )}
          <OnceSaidValues
            {...{ party, entries: once, editor }}
            edited={editing?.what === 'once' ? editing.entry : undefined}
            making={editing?.what === 'new-once' ? editing : undefined}
            typed={isOnce ? editing.typed : undefined}
            onEdit={(entry) => edit({ what: 'once', entry })}
            onClose={close}
            onReopen={(typed) => isOnce && reopen({ ...editing, typed })}
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
  /** Its key. */
  readonly editor: string
  /** What was written before, and refused. */
  readonly typed: Typed | undefined
  readonly onEdit: (entry: Entry) => void
  readonly onClose: () => void
  readonly onReopen: (entry: Entry, typed: Typed) => void
}

function Entries({ party, entries, edited, editor, typed, onEdit, onClose, onReopen }: EntriesProps) {
  return withEdited(entries, edited).map((entry, index, all) =>
    entry === edited ? (
      <EntryEditor
        key={editor}
        {...{ entry, typed, onClose }}
        onReopen={(written) => onReopen(entry, written)}
      />
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
  /** What was written before, and refused. */
  readonly typed: Typed | undefined
  /** Opens it again, where it was refused. */
  readonly onReopen: (typed: Typed) => void
}

function NewValue({ list, party, cards, typed, onClose, onReopen }: NewValueProps) {
  const { t } = useTranslation('person')
  const { make } = useEditing()
  const mine = cards.filter(({ rights }) => rights.edit)
  const add = ({ value, about, card, typed: written }: Written): void => {
    onClose()
    const edits = [{ op: 'add', list, value, ...about } as CardEdit]
    make({
      steps: mine.filter(({ id }) => id === card).map((one) => ({ card: one, edits })),
      said: t('saved'),
      reopen: () => onReopen(written),
    })
  }
  return (
    <ValueEditor
      of={`party ${party.id} new ${list}`}
      {...{ list, value: kindOf(list).empty, about: unsaid, typed }}
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
