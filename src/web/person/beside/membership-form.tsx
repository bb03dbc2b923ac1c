import { Checkbox, Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Party } from '../person.ts'
import { FactForm, useFactDraft } from './fact-form.tsx'
import { isDay } from './facts.ts'
import { type Named, PartyPicker } from './party-picker.tsx'
import { SpanFields } from './span-fields.tsx'

export type Membership = Party['memberships'][number]

/** What is said of a job. */
export type Job = Omit<Membership, 'id' | 'organisation' | 'organisationName'> & {
  readonly organisation: Named | undefined
}

export const noJob: Job = {
  ...{ organisation: undefined, department: '', title: '', role: '' },
  ...{ from: null, until: null, isPrimary: false },
}

interface MembershipFormProps {
  readonly party: Party
  readonly of: string
  /** What was written before, and refused. */
  readonly typed: Job | undefined
  readonly job: Job
  readonly onSave: (job: Job) => void
  readonly onCancel: () => void
}

/** Where somebody works, as what, and from when until when. */
export function MembershipForm({ party, of, typed, job, onSave, onCancel }: MembershipFormProps) {
  const { t } = useTranslation('person')
  const { draft, set, kept } = useFactDraft({ of, typed, seen: job })
  const { organisation, title, role, from, until } = draft
  const isNamed = [organisation?.name ?? '', title, role].some((text) => text.trim() !== '')
  const areDays = [from, until].every((day) => day === null || isDay(day))
  return (
    <FactForm
      label={t('job')}
      isWhole={isNamed && areDays}
      kept={kept}
      onSave={() => onSave(draft)}
      onCancel={onCancel}
    >
      <PartyPicker
        party={party}
        kind="org"
        label={t('lists.orgs')}
        value={organisation}
        mayBeName
        onChange={(chosen) => set({ organisation: chosen })}
      />
      <Group gap="xs" align="flex-start">
        {(['title', 'department', 'role'] as const).map((part) => (
          <TextInput
            key={part}
            label={t(`beside.job.${part}`)}
            value={draft[part]}
            maxLength={500}
            style={{ flex: '1 1 160px' }}
            onChange={(event) => set({ [part]: event.currentTarget.value })}
          />
        ))}
      </Group>
      <SpanFields
        from={from}
        until={until}
        onFrom={(day) => set({ from: day })}
        onUntil={(day) => set({ until: day })}
      />
      <Checkbox
        label={t('beside.primary')}
        checked={draft.isPrimary}
        onChange={(event) => set({ isPrimary: event.currentTarget.checked })}
      />
    </FactForm>
  )
}
