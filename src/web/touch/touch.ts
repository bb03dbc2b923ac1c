import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { z } from 'zod'
import type { cadence } from '../../features/cadence/schema.ts'
import type { activity } from '../../features/timeline/schema.ts'
import { read, send, type Tagged } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { readAll } from '../client/pages.ts'

export type Cadence = z.infer<typeof cadence>

const listKey = ['parties', 'cadences'] as const
const keyOf = (partyId: number) => ['party', partyId, 'cadence'] as const

/** Whom one wants to keep in touch with, who is due first. */
export function useCadences() {
  return useQuery({
    queryKey: listKey,
    queryFn: async ({ signal }) =>
      (await readAll<Cadence>('/cadences', {}, signal)).toSorted((a, b) => a.dueAt.localeCompare(b.dueAt)),
  })
}

/** How one keeps in touch with somebody; null where one does not want to. */
export function useCadence(partyId: number) {
  return useQuery({
    queryKey: keyOf(partyId),
    queryFn: async ({ signal }): Promise<Tagged<Cadence> | null> => {
      const { data, ...rest } = await read<Cadence | undefined>(`/parties/${partyId}/cadence`, signal)
      return data === undefined ? null : { data, ...rest }
    },
  })
}

/** Another rhythm, or null for none. */
type Wish = number | null

/** Keeps in touch with somebody, more or less often, or no more. */
export function useCadenceChange(partyId: number, seen: Tagged<Cadence> | null) {
  const { t } = useTranslation('touch')
  const path = `/parties/${partyId}/cadence`
  return useChange<Wish, Cadence, Cadence | undefined>({
    send: (everyDays, etag) => sendWish(path, everyDays, etag),
    etag: seen?.etag,
    theirs: () => read<Cadence>(path),
    keys: [['party', partyId], listKey],
    said: (everyDays) => t(everyDays === null ? 'off' : 'saved'),
  })
}

function sendWish(
  path: string,
  everyDays: Wish,
  etag: string | undefined,
): Promise<Tagged<Cadence | undefined>> {
  return everyDays === null
    ? send<undefined>('DELETE', path, { etag })
    : send<Cadence>('PUT', path, { body: { everyDays }, etag })
}

/** Writes down that one was in touch just now. */
export function useTouched() {
  const { t } = useTranslation('touch')
  return useChange<Pick<Cadence, 'party' | 'name'>, never, z.infer<typeof activity>>({
    send: ({ party }) => send('POST', '/activities', { body: { kind: 'touch', parties: [party] } }),
    keys: [['parties'], ['party'], ['timeline']],
    said: ({ name }) => t('touched', { name }),
  })
}
