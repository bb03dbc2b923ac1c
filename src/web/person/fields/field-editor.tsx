import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EditorForm } from '../editing/editor-form.tsx'
import { useKeepingAtEnd, useKeptDraft } from '../editing/kept-drafts.ts'
import type { Party } from '../person.ts'
import { FieldInput } from './field-input.tsx'
import type { Field } from './fields.ts'

interface FieldEditorProps {
  readonly party: Party
  readonly field: Field
  /** Undefined where nothing stands in it yet. */
  readonly value: unknown
  /** What was written before, and refused. */
  readonly typed: Written | undefined
  /** @param value  null takes it away. @param shown  how it looks until the server has answered */
  readonly onSave: (value: unknown, shown: unknown, typed: Written) => void
  readonly onCancel: () => void
}

/** What somebody writes into a field: undefined while it is no value. */
export interface Written {
  readonly value: unknown
  readonly shown: unknown
}

/** A value of a field where it stands, being written: Enter saves it; what Escape leaves is there again the next time. */
export function FieldEditor({ party, field, value, typed, onSave, onCancel }: FieldEditorProps) {
  const { t } = useTranslation('person')
  const kept = useKeptDraft<Written>(`party ${party.id} ${field.key}`, { value, shown: value })
  const { isKept, keep, drop } = kept
  const [start] = useState(typed ?? kept.start)
  const [written, setWritten] = useState(start)
  useKeepingAtEnd(kept, written)
  const save = (): void => {
    drop()
    if (written.value !== undefined) onSave(written.value, written.shown, written)
    else if (value === undefined) onCancel()
    else onSave(null, null, written)
  }
  return (
    <EditorForm
      label={field.label}
      isKept={isKept && !typed}
      onSave={save}
      onEscape={() => {
        keep(written)
        onCancel()
      }}
    >
      <FieldInput
        {...{ party, field, value: start.shown }}
        onChange={(next, shown = next) => setWritten({ value: next, shown })}
      />
      <Group gap="xs">
        {!field.isRetired && (
          <Button type="submit" size="xs">
            {t('save')}
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => drop(onCancel)}>
          {t('app.cancel')}
        </Button>
        {value !== undefined && (
          <Button
            size="xs"
            variant="subtle"
            color="red"
            onClick={() => {
              drop()
              onSave(null, null, written)
            }}
          >
            {t('remove')}
          </Button>
        )}
      </Group>
    </EditorForm>
  )
}
