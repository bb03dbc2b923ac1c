import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { ownRemoved, ownRemovedList } from '../../features/history/schema.ts'
import { get } from '../client/api.ts'
import { RemovedLately } from '../things/removed-lately.tsx'
import { Failed } from '../ui/states.tsx'

type OwnRemoved = z.infer<typeof ownRemoved>

const places = {
  label: 'labels',
  field: 'fields',
  grant: 'grants',
  share: 'shares',
  folder: 'files',
} as const
const shownBy = [
  ...[['trash'], ['labels'], ['fields'], ['grants'], ['parties'], ['party'], ['card']],
  ...[['shares'], ['calendars'], ['books'], ['files']],
]

/** Labels and fields that were removed lately, and what is shared no longer: they are in no trash, and come back all the same. */
export function OwnRemoved() {
  const { t } = useTranslation('trash')
  const { data, error, refetch } = useQuery({
    queryKey: ['trash', 'removed'],
    // No event tells of all that belongs here.
    staleTime: 0,
    queryFn: ({ signal }) => get<z.infer<typeof ownRemovedList>>('/history/removed', signal),
  })
  if (error) return <Failed error={error} again={() => void refetch()} />
  const toldOf = ({ kind, name, receiver, key, ...made }: OwnRemoved) => ({
    thing: {
      kind,
      // Of a folder it says with whom, too.
      path: `/${places[kind]}/${kind === 'folder' ? key : encodeURIComponent(key)}`,
      name: name || t('nameless'),
    },
    ...{ revision: made.revision, at: made.at, author: made.author },
    request: made.isMine ? (made.requestId ?? undefined) : undefined,
    what: kind === 'label' || kind === 'field' ? t(`removed.${kind}`) : t('shared', { name: receiver ?? '' }),
  })
  return <RemovedLately removed={(data?.items ?? []).map(toldOf)} keys={shownBy} />
}
