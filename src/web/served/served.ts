import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { served, servedToAll } from '../../features/devices/schema.ts'
import type { party } from '../../features/facts/schema.ts'
import type { searchReply } from '../../features/search/schema.ts'
import { get } from '../client/api.ts'

export type Served = z.infer<typeof served>
export type ServedToAll = z.infer<typeof servedToAll>
export type ServedObject = ServedToAll['object']
export type Hit = z.infer<typeof searchReply>['items'][number]

const everyMs = 10_000

/** What each device has of something; asked again while somebody looks, since devices ask meanwhile. */
export function useServed(objectId: number) {
  return useQuery({
    queryKey: ['served', objectId],
    queryFn: ({ signal }) => get<ServedToAll>(`/objects/${objectId}/devices`, signal),
    refetchInterval: everyMs,
  })
}

/** The cards of somebody. */
export function useCardsOf(partyId: number) {
  return useQuery({
    queryKey: ['party', partyId, 'served'],
    queryFn: async ({ signal }) => (await get<z.infer<typeof party>>(`/parties/${partyId}`, signal)).cards,
  })
}

/** Contacts and events of a name that is typed. @param text  nothing is asked for less than two letters */
export function useFound(text: string) {
  return useQuery({
    queryKey: ['search', 'served', text],
    enabled: text.length > 1,
    queryFn: async ({ signal }) => {
      const query = new URLSearchParams({ q: text, kinds: 'person,org,event', limit: '20' })
      return (await get<z.infer<typeof searchReply>>(`/search?${query}`, signal)).items
    },
  })
}
