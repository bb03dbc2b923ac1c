import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { acceptance, suggestionPage } from '../../../features/facts/schema.ts'
import { send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { readAll } from '../../client/pages.ts'
import { FailedPart } from '../../ui/states.tsx'
import { useWords } from '../card/words.ts'
import type { Party } from '../person.ts'
import { PartyLink } from './party-link.tsx'

type Suggestion = z.infer<typeof suggestionPage>['items'][number]

interface SuggestionsProps {
  readonly party: Party
  readonly kind: Suggestion['kind']
}

const keys = [['party'], ['suggestions'], ['parties'], ['card']]

function useSuggestions(party: Party, state: 'open' | 'dismissed') {
  return useQuery({
    queryKey: ['suggestions', party.id, state],
    queryFn: ({ signal }) => readAll<Suggestion>('/suggestions', { party: String(party.id), state }, signal),
  })
}

/** Names on the cards that may be somebody who is there: who is meant is asked, and never guessed. */
export function Suggestions({ party, kind }: SuggestionsProps) {
  const asked = [useSuggestions(party, 'open'), useSuggestions(party, 'dismissed')] as const
  const [open, left] = asked.map(({ data = [] }) => data.filter((one) => one.kind === kind))
  return (
    <>
      <FailedPart of={asked} />
      {open?.map((one) => (
        <Question key={one.id} suggestion={one} />
      ))}
      {left && left.length > 0 && <Left suggestions={left} />}
    </>
  )
}

/** Those that were answered with no, which are asked again when somebody wants that. */
function Left({ suggestions }: { readonly suggestions: readonly Suggestion[] }) {
  const { t } = useTranslation('person')
  const [isOpen, setIsOpen] = useState(false)
  const again = useChange<Suggestion>({
    send: ({ id }) => send('DELETE', `/suggestions/${id}/dismiss`),
    keys,
    back:
      ({ id }) =>
      () =>
        send('POST', `/suggestions/${id}/dismiss`),
    said: () => t('beside.askedAgain'),
  })
  return (
    <div className="not-printed">
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t('beside.leftNames', { count: suggestions.length })}
      </Button>
      {isOpen &&
        suggestions.map((one) => (
          <Group key={one.id} gap="xs" role="group" aria-label={one.name}>
            <Text size="sm">{one.name}</Text>
            <Button size="compact-sm" variant="default" onClick={() => again.make(one)}>
              {t('beside.askAgain')}
            </Button>
          </Group>
        ))}
    </div>
  )
}

function Question({ suggestion: { id, kind, name, type, candidates } }: { readonly suggestion: Suggestion }) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const accept = useChange<z.input<typeof acceptance>>({
    send: (body) => send('POST', `/suggestions/${id}/accept`, { body }),
    keys,
    said: () => t('beside.linked'),
  })
  const dismiss = useChange<void>({
    send: () => send('POST', `/suggestions/${id}/dismiss`),
    keys,
    back: () => () => send('DELETE', `/suggestions/${id}/dismiss`),
    said: () => t('beside.left'),
  })
  return (
    <Group className="editor not-printed" gap="xs" role="group" aria-label={t('beside.who', { name })}>
      <Text size="sm" flex="1 1 200px">
        {t(kind === 'relation' ? 'beside.isRelation' : 'beside.isEmployer', { name, type: word(type) })}
      </Text>
      {candidates.map((one) => (
        <Group key={one.id} gap={6}>
          <PartyLink to={one} />
          <Button
            size="compact-sm"
            variant="light"
            aria-label={t('beside.isThis', { name: one.name })}
            onClick={() => accept.make({ party: one.id })}
          >
            {t('beside.yes')}
          </Button>
        </Group>
      ))}
      {kind === 'employer' && (
        <Button size="compact-sm" variant="default" onClick={() => accept.make({ create: true })}>
          {t('beside.make.org', { name })}
        </Button>
      )}
      <Button size="compact-sm" variant="subtle" color="gray" onClick={() => dismiss.make()}>
        {t('beside.no')}
      </Button>
    </Group>
  )
}
