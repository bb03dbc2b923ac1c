import { TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Party } from '../person.ts'
import { FactForm, useFactDraft } from './fact-form.tsx'
import { useFacts } from './facts.ts'
import { type Named, PartyPicker } from './party-picker.tsx'

/** What stands in the form. */
export interface StaffTyped {
  readonly person: Named | undefined
  readonly title: string
}

const nobody: StaffTyped = { person: undefined, title: '' }

interface StaffFormProps {
  readonly party: Party
  /** What was written before, and refused. */
  readonly typed: StaffTyped | undefined
  readonly onClose: () => void
  /** Opens it again, where it was refused. */
  readonly onReopen: (typed: StaffTyped) => void
}

/** Says of somebody that he works for a company, on the page of that. */
export function StaffForm({ party, typed, onClose, onReopen }: StaffFormProps) {
  const { t } = useTranslation('person')
  const { draft, set, kept } = useFactDraft<StaffTyped>({ of: `staff ${party.id}`, typed, seen: nobody })
  const { person, title } = draft
  const { make } = useFacts(party)
  const save = (): void => {
    make({
      ...{ method: 'POST', path: `/${person?.id}/memberships` },
      body: { organisation: party.id, title: title.trim() },
      // Who is of a company stands on pages of their own.
      update: (seen) => seen,
      tell: () => person?.name ?? '',
      said: t('saved'),
      reopen: () => onReopen(draft),
    })
    onClose()
  }
  return (
    <FactForm
      label={t('beside.addStaff')}
      isWhole={typeof person?.id === 'number'}
      kept={kept}
      onSave={save}
      onCancel={onClose}
    >
      <PartyPicker
        party={party}
        kind="person"
        label={t('beside.person')}
        value={person}
        onChange={(chosen) => set({ person: chosen })}
      />
      <TextInput
        label={t('beside.job.title')}
        value={title}
        maxLength={500}
        onChange={(event) => set({ title: event.currentTarget.value })}
      />
    </FactForm>
  )
}
