import { Alert, TextInput } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ConflictDialog } from '../../ui/conflict.tsx'
import { FormDialog } from '../../ui/dialog/form-dialog.tsx'
import { choicesOf, type Writing, writingOf } from './choices.ts'
import { ChoicesInput } from './choices-input.tsx'
import { type Choice, type Field, type FieldChange, useFieldChange } from './fields.ts'
import { isChoice } from './types.ts'

interface EditFieldProps {
  /** As it was when the dialog was opened. */
  readonly field: Field
  readonly people: number
  readonly onClose: () => void
}

/** A field is renamed, or its answers are changed; what that means is said before it is done. */
export function EditField({ field, people, onClose }: EditFieldProps) {
  const { t } = useTranslation('fields')
  const { make, conflict } = useFieldChange(field, onClose)
  const [label, setLabel] = useState(field.label)
  const [writing, setWriting] = useState<readonly Writing[]>(writingOf(field.options.choices ?? []))
  const choices = choicesOf(writing)
  const change = changeOf(field, label.trim(), choices)
  const save = (): void => {
    if (Object.keys(change).length === 0) onClose()
    else make({ field, change })
  }
  const what = meaningsOf(field, change, choices)
  return (
    <>
      <FormDialog
        isLarge
        title={t('editOf', { name: field.label })}
        act={t('save')}
        isReady={label.trim() !== '' && choices.every((choice) => choice.label !== '')}
        onSave={save}
        onClose={onClose}
      >
        <TextInput
          label={t('label')}
          value={label}
          maxLength={100}
          required
          data-autofocus
          onChange={(event) => setLabel(event.currentTarget.value)}
        />
        {isChoice(field.type) && <ChoicesInput choices={writing} onChange={setWriting} />}
        {what.length > 0 && (
          <Alert icon={<IconInfoCircle />} variant="default" role="status">
            {what.map((meaning) => t(`means.${meaning}`, { count: people })).join(' ')}
          </Alert>
        )}
      </FormDialog>
      <ConflictDialog
        conflict={conflict}
        differences={({ change: mine }, theirs) => [
          { label: t('label'), mine: mine.label ?? field.label, theirs: theirs.label },
          ...(mine.options?.choices
            ? [
                {
                  label: t('choices'),
                  mine: mine.options.choices.map((choice) => choice.label).join(', '),
                  theirs: (theirs.options.choices ?? []).map((choice) => choice.label).join(', '),
                },
              ]
            : []),
        ]}
      />
    </>
  )
}

type Meaning = 'renamedOnCard' | 'renamedBeside' | 'answersRenamed' | 'answersRetired'

function changeOf(field: Field, label: string, choices: readonly Choice[]): FieldChange {
  const isOther =
    JSON.stringify(choices) !== JSON.stringify(choicesOf(writingOf(field.options.choices ?? [])))
  return {
    ...(label !== field.label && { label }),
    ...(isChoice(field.type) && isOther && { options: { ...field.options, choices: [...choices] } }),
  }
}

/** What a change means for those who have a value. */
function meaningsOf(field: Field, change: FieldChange, choices: readonly Choice[]): Meaning[] {
  const before = new Map((field.options.choices ?? []).map((choice) => [choice.key, choice]))
  const isRenamed = choices.some(({ key, label }) => before.has(key) && before.get(key)?.label !== label)
  const isRetired = choices.some(({ key, isRetired: is }) => is && before.get(key)?.isRetired === false)
  const meanings: Meaning[] = []
  if (change.label !== undefined) meanings.push(field.isOnCard ? 'renamedOnCard' : 'renamedBeside')
  if (isRenamed) meanings.push('answersRenamed')
  if (isRetired) meanings.push('answersRetired')
  return meanings
}
