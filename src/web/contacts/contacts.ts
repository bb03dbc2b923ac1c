import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { party, partyItem, partyPage } from '../../features/facts/schema.ts'
import { get } from '../client/api.ts'

export type PartyItem = z.infer<typeof partyItem>
export type PartyPage = z.infer<typeof partyPage>
export type Party = z.infer<typeof party>

const pageSize = 200

/** People and companies by name, page by page. */
export function useParties() {
  return useInfiniteQuery({
    queryKey: ['parties'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(pageSize) })
      if (pageParam !== '') query.set('cursor', pageParam)
      return get<PartyPage>(`/parties?${query}`, signal)
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** One of them, with all that is known. */
export function useParty(id: number) {
  return useQuery({
    queryKey: ['party', id],
    queryFn: ({ signal }) => get<Party>(`/parties/${id}`, signal),
  })
}
