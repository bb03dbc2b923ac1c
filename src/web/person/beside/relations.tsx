import { Text } from '@mantine/core'
import { IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { useWords } from '../card/words.ts'
import type { Party } from '../person.ts'
import { FactList, type FactPlace } from './fact-list.tsx'
import { type FactChange, newId, todayHere, useFacts, withItem } from './facts.ts'
import { PartyLink } from './party-link.tsx'
import { noTie, type Relation, RelationForm, type Tie } from './relation-form.tsx'
import { useSpan } from './span.ts'
import { Suggestions } from './suggestions.tsx'

/** Who others are to somebody, edited in place: on their pages stands the inverse. */
export function Relations({ party }: { readonly party: Party }) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const span = useSpan()
  const facts = useFacts(party)
  const changes = useRelationChanges(party)
  return (
    <FactList
      {...{ party, facts, changes }}
      title={t('sections.relations')}
      addLabel={t('beside.addRelation')}
      icon={IconUsers}
      items={party.relations}
      row={(one) => ({
        label: word(one.type),
        name: one.other?.name ?? one.name,
        isOver: one.until !== null,
        content: (
          <>
            <PartyLink to={one.other} name={one.name} />
            <Text size="sm" c="dimmed">
              {span(one.since, one.until)}
            </Text>
          </>
        ),
      })}
      form={(one, { of, typed, close, reopen }: FactPlace<Tie>) => (
        <RelationForm
          key={one?.id ?? newId}
          {...{ party, of, typed }}
          tie={one ? tieOf(one) : noTie}
          onCancel={close}
          onSave={(tie) => {
            facts.make({ ...changes.save(one, tie), reopen: () => reopen(tie) })
            close()
          }}
        />
      )}
    >
      <Suggestions party={party} kind="relation" />
    </FactList>
  )
}

function tieOf({ type, inverse, other, name, since, until }: Relation): Tie {
  return {
    type,
    inverse,
    other: other ? { id: other.id, name: other.name } : { id: null, name },
    since,
    until,
  }
}

/** Changes of relations, with how they will look. */
function useRelationChanges(party: Party) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const span = useSpan()
  const path = `/${party.id}/relations`
  const change = (
    id: number,
    next: Relation | undefined,
    sent: Pick<FactChange, 'method' | 'body'>,
    said: string,
  ): FactChange => ({
    ...sent,
    path: id === newId ? path : `${path}/${id}`,
    update: (seen) => ({ ...seen, relations: withItem(seen.relations, id, next) }),
    tell: ({ relations }) => {
      const one = relations.find((relation) => relation.id === id)
      if (!one) return ''
      const parts = [word(one.type), one.other?.name ?? one.name, span(one.since, one.until)]
      return parts.filter((part) => part !== '').join(' · ')
    },
    said,
  })
  return {
    save: (before: Relation | undefined, { type, inverse, other, since, until }: Tie): FactChange => {
      const isKnown = typeof other?.id === 'number'
      const name = other?.name ?? ''
      const next: Relation = {
        ...{ id: before?.id ?? newId, type, inverse: inverse || type, name, since, until },
        other: isKnown ? { id: other.id ?? 0, name, kind: 'person' } : null,
      }
      const named = isKnown ? { other: other.id } : { ...(before && { other: null }), name }
      const body = { type, ...(inverse !== '' && { inverse }), ...named, since, until }
      return change(next.id, next, { method: before ? 'PATCH' : 'POST', body }, t('saved'))
    },
    end: (one: Relation): FactChange => {
      const until = todayHere()
      return change(one.id, { ...one, until }, { method: 'PATCH', body: { until } }, t('beside.ended'))
    },
    remove: (one: Relation): FactChange => change(one.id, undefined, { method: 'DELETE' }, t('valueRemoved')),
  }
}
