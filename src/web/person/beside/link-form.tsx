import { Group, NativeSelect, SegmentedControl } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Party } from '../person.ts'
import { FactForm, useFactDraft } from './fact-form.tsx'
import { isDay } from './facts.ts'
import { type Named, PartyPicker } from './party-picker.tsx'
import { SpanFields } from './span-fields.tsx'

export type OrgLink = Party['above'][number]
const kinds = ['subsidiary', 'branch', 'department', 'franchise', 'member', 'other'] as const

/** What is said of two companies of which one is part of the other. */
export interface Bond {
  /** Where the other stands. */
  readonly side: 'above' | 'below'
  readonly organisation: Named | undefined
  readonly kind: string
  readonly from: string | null
  readonly until: string | null
}

export const noBond: Bond = {
  ...{ side: 'above', organisation: undefined, kind: 'subsidiary' },
  ...{ from: null, until: null },
}

interface LinkFormProps {
  readonly party: Party
  readonly of: string
  /** What was written before, and refused. */
  readonly typed: Bond | undefined
  readonly bond: Bond
  readonly isNew: boolean
  readonly onSave: (bond: Bond) => void
  readonly onCancel: () => void
}

/** Of which company another is part, as what, and from when until when. */
export function LinkForm({ party, of, typed, bond, isNew, onSave, onCancel }: LinkFormProps) {
  const { t } = useTranslation('person')
  const { draft, set, kept } = useFactDraft({ of, typed, seen: bond })
  const { side, organisation, kind, from, until } = draft
  const areDays = [from, until].every((day) => day === null || isDay(day))
  return (
    <FactForm
      label={t('sections.hierarchy')}
      isWhole={typeof organisation?.id === 'number' && areDays}
      kept={kept}
      onSave={() => onSave(draft)}
      onCancel={onCancel}
    >
      {isNew && (
        <>
          <SegmentedControl
            size="xs"
            aria-label={t('beside.side')}
            data={(['above', 'below'] as const).map((value) => ({
              value,
              label: t(`beside.sides.${value}`),
            }))}
            value={side}
            onChange={(value) => set({ side: value === 'below' ? 'below' : 'above' })}
          />
          <PartyPicker
            party={party}
            kind="org"
            label={t('lists.orgs')}
            value={organisation}
            onChange={(chosen) => set({ organisation: chosen })}
          />
        </>
      )}
      <Group gap="xs" align="flex-start">
        <NativeSelect
          label={t('kind')}
          data={kinds.map((value) => ({ value, label: t(`links.${value}`) }))}
          value={kind}
          style={{ flex: '1 1 140px' }}
          onChange={(event) => set({ kind: event.currentTarget.value })}
        />
      </Group>
      <SpanFields
        from={from}
        until={until}
        onFrom={(day) => set({ from: day })}
        onUntil={(day) => set({ until: day })}
      />
    </FactForm>
  )
}
