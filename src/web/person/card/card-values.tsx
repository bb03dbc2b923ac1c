import { ActionIcon, Text } from '@mantine/core'
import { IconPencil, IconUser } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import type { Card, Party } from '../person.ts'
import { Section } from '../section.tsx'
import { AddValue } from './add-value.tsx'
import { EditableValue, EntryEditor } from './editable-value.tsx'
import type { CardEdit } from './edits.ts'
import { kindOf, listOrder } from './lists.ts'
import { type Entry, entriesOf, type ListName } from './merged.ts'
import { OnceEditor } from './once-editor.tsx'
import { type OnceSaid, onceOrder, onceSaid } from './one-each.ts'
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
  | { readonly what: 'once'; readonly once: OnceSaid; readonly cards: readonly Card[] }

/** All that the cards say, value by value, each of which is edited where it stands. */
export function CardValues({ party, cards }: CardValuesProps) {
  const { t } = useTranslation('person')
  const [editing, setEditing] = useState<Editing>()
  const shown = listOrder.filter((list) => !elsewhere.has(list) && !isJob(list, party))
  const entries = shown.flatMap((list) => entriesOf<ListName>(cards, list))
  const edited = editing?.what === 'entry' ? editing.entry : undefined
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const others = [...new Set(cards.flatMap(({ details }) => details.others))]
  const close = (): void => setEditing(undefined)
  return (
    <Section
      title={t('sections.contact')}
      action={
        mayEdit && (
          <AddValue
            lists={shown}
            unsaid={unsaidBy(cards)}
            onList={(list) => setEditing({ what: 'new', list })}
            onOnce={(once) => setEditing({ what: 'once', once, cards })}
          />
        )
      }
    >
      <ul className="facts">
        {withEdited(entries, edited).map((entry, index, all) =>
          entry === edited ? (
            <EntryEditor key="editor" entry={entry} onClose={close} />
          ) : (
            <EditableValue
              key={entry.id}
              entry={entry}
              isFirst={all[index - 1]?.list !== entry.list}
              books={booksOf(entry, party)}
              onEdit={() => setEditing({ what: 'entry', entry })}
            />
          ),
        )}
        {editing?.what === 'new' && (
          <NewValue key={editing.list} list={editing.list} {...{ party, cards }} onClose={close} />
        )}
        <OnceSaidValues
          cards={cards}
          editing={editing?.what === 'once' ? editing : undefined}
          onEdit={(once) => setEditing(once && { what: 'once', once, cards })}
        />
      </ul>
      {others.length > 0 && (
        <Text size="xs" c="dimmed">
          {t('others', { names: others.join(', ') })}
        </Text>
      )}
    </Section>
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
      {...{ list, value: kindOf(list).empty, about: unsaid }}
      cards={mine.map(({ id }) => ({ id, name: bookOf(id, party) }))}
      onSave={add}
      onCancel={onClose}
    />
  )
}

interface OnceSaidProps {
  readonly cards: readonly Card[]
  readonly editing: Extract<Editing, { what: 'once' }> | undefined
  readonly onEdit: (what: OnceSaid | undefined) => void
}

/** What cards say once, as the first of them has it. */
function OnceSaidValues({ cards, editing, onEdit }: OnceSaidProps) {
  const { t, i18n } = useTranslation('person')
  const { make } = useEditing()
  const [first] = cards
  if (!first) return null
  const said = onceSaid(first.details, t, i18n.language)
  const mayEdit = cards.some(({ rights }) => rights.edit)
  const save = (edit: CardEdit): void => {
    onEdit(undefined)
    const mine = (editing?.cards ?? []).filter(({ rights }) => rights.edit)
    make({ steps: mine.map((card) => ({ card, edits: [edit] })), said: t('saved') })
  }
  const shown = onceOrder.filter((what) => what === editing?.once || said.some((one) => one.what === what))
  return shown.map((what, index) =>
    what === editing?.once ? (
      <OnceEditor
        key="editor"
        what={what}
        details={(editing.cards[0] ?? first).details}
        onSave={save}
        onCancel={() => onEdit(undefined)}
      />
    ) : (
      <Fact
        key={what}
        icon={index === 0 ? IconUser : undefined}
        label={t(`once.${what}`)}
        tools={
          mayEdit && (
            <ActionIcon
              variant="subtle"
              color="gray"
              onClick={() => onEdit(what)}
              aria-label={t('edit', { name: t(`once.${what}`) })}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )
        }
      >
        {said.find((one) => one.what === what)?.text}
      </Fact>
    ),
  )
}

/** What could be said once, and is not yet. */
function unsaidBy([first]: readonly Card[]): OnceSaid[] {
  if (!first) return []
  const { name, nicknames, birthday, anniversary, gender, language, timeZone } = first.details
  const isSaid: Readonly<Record<OnceSaid, boolean>> = {
    nicknames: nicknames.length > 0,
    phonetic: name.phoneticGiven !== '' || name.phoneticFamily !== '',
    maiden: name.maiden !== '',
    birthday: birthday !== null,
    anniversary: anniversary !== null,
    gender: gender.sex !== '' || gender.identity !== '',
    language: language !== '',
    timeZone: timeZone !== '',
  }
  return onceOrder.filter((what) => !isSaid[what])
}

/** Jobs are shown with their times. */
function isJob(list: ListName, { memberships }: Party): boolean {
  return memberships.length > 0 && ['orgs', 'titles', 'roles'].includes(list)
}

function bookOf(card: number, { cards }: Party): string {
  return cards.find(({ id }) => id === card)?.book.displayName ?? ''
}

/** The books of the cards where a value stands, unless it stands in all of them. */
function booksOf(entry: Entry, { cards }: Party): string[] {
  if (entry.places.length >= cards.length) return []
  const at = new Set(entry.places.map(({ card }) => card.id))
  return cards.filter(({ id }) => at.has(id)).map(({ book }) => book.displayName)
}
