import { useTranslation } from 'react-i18next'
import { ConflictDialog, type Difference } from '../../ui/conflict.tsx'
import type { Card } from '../person.ts'
import { aboutOf, type CardEdit, isUntouched, successorOf } from './edits.ts'
import { type CardDate, dateText, textOf } from './format.ts'
import type { Entry, ListName } from './merged.ts'
import { type Edits, useEditing } from './use-edits.ts'
import { useWords } from './words.ts'

/** Both versions of what somebody else changed while it was edited here. */
export function EditConflict() {
  const { t, i18n } = useTranslation('person')
  const { labelOf } = useWords()
  const { conflict } = useEditing()
  const shown = (list: ListName, said: object): string =>
    textOf({ list, id: '', ...plain, ...said } as unknown as Entry, i18n.language)
  const differences = ({ steps }: Edits, theirs: Card): Difference[] => {
    const step = steps.find(({ card }) => card.id === theirs.id)
    if (!step) return []
    const touched = step.edits.filter((edit) => !isUntouched(edit, step.card, theirs))
    return touched.map((edit) => {
      if (edit.op !== 'change' && edit.op !== 'remove') return onceDifference(edit, theirs)
      const { list, key } = edit
      const was = step.card.details[list].find((one) => one.key === key)
      const is = successorOf(list, key, step.card, theirs)
      const there = theirs.details[list].find((one) => one.key === is)
      const mine = edit.op === 'remove' ? t('removed') : shown(list, { ...was, ...edit })
      return {
        label: labelOf(list, { ...plain, ...was }),
        mine,
        theirs: there ? shown(list, there) : t('removed'),
      }
    })
  }
  const onceDifference = (edit: CardEdit, theirs: Card): Difference => ({
    label: t(`edited.${edit.op === 'date' || edit.op === 'text' ? edit.property : edit.op}`),
    mine: plainText(wantedBy(edit), i18n.language),
    theirs: plainText(aboutOf(edit, theirs.details), i18n.language),
  })
  return <ConflictDialog conflict={conflict} differences={differences} />
}

const plain = { value: '', types: [], label: '', isBuiltIn: false, isPreferred: false }

function wantedBy(edit: CardEdit): unknown {
  if (edit.op === 'name') return edit.parts
  if (edit.op === 'date') return edit.date
  if (edit.op === 'gender') return edit.gender
  if (edit.op === 'text') return edit.value
  return 'values' in edit ? edit.values : ''
}

/** A value of any shape, as its words one after the other. */
function plainText(value: unknown, language: string): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'object') return String(value)
  if ('month' in value) return dateText(value as CardDate, language)
  return Object.values(value)
    .map((part) => plainText(part, language))
    .filter((part) => part !== '')
    .join(' ')
}
