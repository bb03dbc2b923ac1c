import { ActionIcon, CopyButton } from '@mantine/core'
import { IconCheck, IconCopy, IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { CardEdit } from './edits.ts'
import { textOf } from './format.ts'
import type { Entry } from './merged.ts'
import { useEditing } from './use-edits.ts'
import { type Typed, ValueEditor, type Written } from './value-editor.tsx'
import { ValueRow } from './value-row.tsx'
import { useWords } from './words.ts'

interface EditableValueProps {
  readonly entry: Entry
  readonly isFirst: boolean
  readonly books: readonly string[]
  readonly onEdit: () => void
}

/** A value of cards, with what can be done with it. */
export function EditableValue({ entry, isFirst, books, onEdit }: EditableValueProps) {
  const { t, i18n } = useTranslation('person')
  const { labelOf } = useWords()
  const text = textOf(entry, i18n.language)
  const name = `${labelOf(entry.list, entry)} ${text}`
  const mayEdit = entry.places.some(({ card }) => card.rights.edit)
  return (
    <ValueRow
      {...{ entry, isFirst, books }}
      tools={
        <>
          <CopyButton value={text}>
            {({ copied, copy }) => (
              <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label={t('copy', { name })}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            )}
          </CopyButton>
          {mayEdit && (
            <ActionIcon
              data-edits=""
              variant="subtle"
              color="gray"
              onClick={onEdit}
              aria-label={t('edit', { name })}
            >
              <IconPencil size={16} />
            </ActionIcon>
          )}
        </>
      }
    />
  )
}

interface EntryEditorProps {
  /** As it was when it was opened: what becomes of it meanwhile is not overwritten. */
  readonly entry: Entry
  readonly onClose: () => void
  /** What was written before, and refused. */
  readonly typed: Typed | undefined
  /** Opens it again, where it was refused. */
  readonly onReopen: (typed: Typed) => void
}

/** A value being written: it is changed on every card that has it, and that one may change. */
export function EntryEditor({ entry, typed, onClose, onReopen }: EntryEditorProps) {
  const { t } = useTranslation('person')
  const { make } = useEditing()
  const { list } = entry
  const places = entry.places.filter(({ card }) => card.rights.edit)
  const edit = (editOf: (key: string) => CardEdit, said: string, reopen?: () => void): void => {
    onClose()
    make({
      steps: places.map(({ card, key }) => ({ card, edits: [editOf(key)] })),
      said,
      ...(reopen && { reopen }),
    })
  }
  const save = ({ value, about, typed: written }: Written): void => {
    const reopen = (): void => onReopen(written)
    edit((key) => ({ op: 'change', list, key, value, ...about }) as CardEdit, t('saved'), reopen)
  }
  return (
    <ValueEditor
      of={`card ${entry.places[0].card.id} ${entry.id}`}
      {...{ list, value: entry.value, about: entry, typed }}
      onSave={save}
      onCancel={onClose}
      onRemove={() => edit((key) => ({ op: 'remove', list, key }), t('valueRemoved'))}
    />
  )
}
