import { Autocomplete, Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { relationTypeList } from '../../../features/facts/schema.ts'
import { get } from '../../client/api.ts'
import { FailedPart } from '../../ui/states.tsx'
import { useWords } from '../card/words.ts'
import type { Party } from '../person.ts'
import { FactForm, useFactDraft } from './fact-form.tsx'
import { isDay } from './facts.ts'
import { type Named, PartyPicker } from './party-picker.tsx'
import { SpanFields } from './span-fields.tsx'

export type Relation = Party['relations'][number]

/** What is said of a relation. */
export interface Tie {
  readonly type: string
  /** Of a type of one's own: what the one is to the other; empty where it is known. */
  readonly inverse: string
  readonly other: Named | undefined
  readonly since: string | null
  readonly until: string | null
}

export const noTie: Tie = { type: '', inverse: '', other: undefined, since: null, until: null }

interface RelationFormProps {
  readonly party: Party
  readonly of: string
  /** What was written before, and refused. */
  readonly typed: Tie | undefined
  readonly tie: Tie
  readonly onSave: (tie: Tie) => void
  readonly onCancel: () => void
}

/** Whom somebody knows, and as what. */
export function RelationForm({ party, of, typed, tie, onSave, onCancel }: RelationFormProps) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const asked = useTypes()
  const types = asked.data ?? []
  const inWords = (one: Tie): Tie => ({ ...one, type: word(one.type), inverse: word(one.inverse) })
  const { draft, set, kept } = useFactDraft({ of, typed: typed && inWords(typed), seen: inWords(tie) })
  const { other, since, until } = draft
  /** A word of the language of the page, as it is kept. */
  const typeOf = (text: string): string =>
    types.find(({ type }) => word(type).toLowerCase() === text.trim().toLowerCase())?.type ?? text.trim()
  const type = typeOf(draft.type)
  const known = types.find((one) => one.type === type)
  const areDays = [since, until].every((day) => day === null || isDay(day))
  const words = [...new Set(types.map((one) => word(one.type)))]
  return (
    <FactForm
      label={t('beside.relation')}
      isWhole={type !== '' && (other?.name ?? '') !== '' && areDays}
      {...{ kept, onCancel }}
      onSave={() => onSave({ ...draft, type, inverse: known ? '' : typeOf(draft.inverse) })}
    >
      <FailedPart of={[asked]} />
      <Group gap="xs" align="flex-start">
        <PartyPicker
          party={party}
          kind="person"
          label={t('beside.person')}
          value={other}
          mayBeName
          onChange={(chosen) => set({ other: chosen })}
        />
        <Autocomplete
          label={t('beside.isTo', { name: party.name })}
          data={words}
          value={draft.type}
          maxLength={50}
          style={{ flex: '1 1 160px' }}
          onChange={(text) => set({ type: text })}
        />
      </Group>
      {type !== '' && !known && (
        <Autocomplete
          label={t('beside.inverse', { name: party.name })}
          description={t('beside.inverseHow')}
          data={words}
          value={draft.inverse}
          maxLength={50}
          onChange={(text) => set({ inverse: text })}
        />
      )}
      <SpanFields
        from={since}
        until={until}
        onFrom={(day) => set({ since: day })}
        onUntil={(day) => set({ until: day })}
      />
    </FactForm>
  )
}

function useTypes() {
  return useQuery({
    queryKey: ['relation-types'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => get<z.infer<typeof relationTypeList>>('/relation-types', signal),
    select: ({ types }) => types,
  })
}
