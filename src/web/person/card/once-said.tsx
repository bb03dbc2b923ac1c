import { ActionIcon, Badge } from '@mantine/core'
import { IconPencil, IconUser } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Fact } from '../fact.tsx'
import type { Card, Party } from '../person.ts'
import { bookOf, booksOf } from './books.ts'
import type { CardEdit } from './edits.ts'
import { OnceEditor, type OnceTyped } from './once-editor.tsx'
import { type OnceEntry, type OnceSaid, onceOrder } from './one-each.ts'
import { useEditing } from './use-edits.ts'

/** What is being said for the first time, and the cards that it can be put on. */
interface Making {
  readonly once: OnceSaid
  readonly cards: readonly Card[]
}

interface OnceSaidProps {
  readonly party: Party
  readonly entries: readonly OnceEntry[]
  /** As it was when its editor was opened. */
  readonly edited: OnceEntry | undefined
  readonly making: Making | undefined
  /** Key of the editor. */
  readonly editor: string
  readonly onEdit: (entry: OnceEntry) => void
  /** What was written before, and refused. */
  readonly typed: OnceTyped | undefined
  readonly onClose: () => void
  /** Opens it again, where it was refused. */
  readonly onReopen: (typed: OnceTyped) => void
}

/** What cards say once. Where they differ each has its book, and its own cards are changed. */
export function OnceSaidValues(props: OnceSaidProps) {
  const { party, entries, edited, making, editor, typed, onEdit, onClose, onReopen } = props
  const { t } = useTranslation('person')
  const { make } = useEditing()
  const save = (cards: readonly Card[]) => (edit: CardEdit, written: OnceTyped) => {
    onClose()
    const mine = cards.filter(({ id, rights }) => rights.edit && (written.card ?? id) === id)
    make({
      steps: mine.map((card) => ({ card, edits: [edit] })),
      said: t('saved'),
      reopen: () => onReopen(written),
    })
  }
  return (
    <>
      {withEdited(entries, edited).map((entry, index) =>
        entry === edited ? (
          <OnceEditor
            key={editor}
            of={`once ${entry.cards[0].id} ${entry.what}`}
            what={entry.what}
            details={entry.cards[0].details}
            typed={typed}
            onSave={save(entry.cards)}
            onCancel={onClose}
          />
        ) : (
          <OnceFact
            key={`${entry.what} ${entry.cards[0].id}`}
            entry={entry}
            isFirst={index === 0}
            books={booksOf(entry.cards, party)}
            onEdit={() => onEdit(entry)}
          />
        ),
      )}
      {making?.cards[0] && (
        <OnceEditor
          key={editor}
          of={`party ${party.id} once ${making.once}`}
          what={making.once}
          details={making.cards[0].details}
          typed={typed}
          cards={making.cards.map(({ id }) => ({ id, name: bookOf(id, party) }))}
          onSave={save(making.cards)}
          onCancel={onClose}
        />
      )}
    </>
  )
}

interface OnceFactProps {
  readonly entry: OnceEntry
  readonly isFirst: boolean
  /** Where it stands, if that is not everywhere. */
  readonly books: readonly string[]
  readonly onEdit: () => void
}

function OnceFact({ entry: { what, text, cards }, isFirst, books, onEdit }: OnceFactProps) {
  const { t } = useTranslation('person')
  const name = t(`once.${what}`)
  const mayEdit = cards.some(({ rights }) => rights.edit)
  return (
    <Fact
      icon={isFirst ? IconUser : undefined}
      label={name}
      tools={
        mayEdit && (
          <ActionIcon
            data-edits=""
            variant="subtle"
            color="gray"
            onClick={onEdit}
            aria-label={t('edit', { name: books.length > 0 ? `${name} ${books.join(', ')}` : name })}
          >
            <IconPencil size={16} />
          </ActionIcon>
        )
      }
    >
      {text}
      {books.map((book) => (
        <Badge key={book} size="sm" variant="default" ms={6}>
          {book}
        </Badge>
      ))}
    </Fact>
  )
}

/** The entries with the one that is being written in its place, whatever has become of it. */
function withEdited(entries: readonly OnceEntry[], edited: OnceEntry | undefined): readonly OnceEntry[] {
  if (!edited) return entries
  const isSame = ({ what, cards }: OnceEntry): boolean =>
    what === edited.what && cards.some(({ id }) => id === edited.cards[0].id)
  if (entries.some(isSame)) return entries.map((entry) => (isSame(entry) ? edited : entry))
  const after = entries.findIndex(({ what }) => onceOrder.indexOf(what) > onceOrder.indexOf(edited.what))
  return entries.toSpliced(after < 0 ? entries.length : after, 0, edited)
}
