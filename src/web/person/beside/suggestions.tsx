import { Button, Group, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { acceptance, suggestionPage } from '../../../features/facts/schema.ts'
import { get, send } from '../../client/api.ts'
import { useChange } from '../../client/change.ts'
import { useWords } from '../card/words.ts'
import type { Party } from '../person.ts'
import { PartyLink } from './party-link.tsx'

type Suggestion = z.infer<typeof suggestionPage>['items'][number]

interface SuggestionsProps {
  readonly party: Party
  readonly kind: Suggestion['kind']
}

/** Names on the cards that may be somebody who is there: who is meant is asked, and never guessed. */
export function Suggestions({ party, kind }: SuggestionsProps) {
  const { data = [] } = useQuery({
    queryKey: ['suggestions', party.id],
    queryFn: ({ signal }) =>
      get<z.infer<typeof suggestionPage>>(`/suggestions?party=${party.id}&limit=20`, signal),
    select: ({ items }) => items,
  })
  return data.filter((one) => one.kind === kind).map((one) => <Question key={one.id} suggestion={one} />)
}

function Question({ suggestion: { id, kind, name, type, candidates } }: { readonly suggestion: Suggestion }) {
  const { t } = useTranslation('person')
  const { word } = useWords()
  const keys = [['party'], ['suggestions'], ['parties'], ['card']]
  const accept = useChange<z.input<typeof acceptance>>({
    send: (body) => send('POST', `/suggestions/${id}/accept`, { body }),
    keys,
    said: () => t('beside.linked'),
  })
  const dismiss = useChange<void>({
    send: () => send('POST', `/suggestions/${id}/dismiss`),
    keys,
    isUndoable: false,
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
