import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { burst } from '../../features/history/schema.ts'
import { get } from '../client/api.ts'

export type Burst = z.infer<typeof burst>

/** Much that one device deleted or rewrote at once, of which nothing has been said yet. */
export function useBursts() {
  return useQuery({
    queryKey: ['bursts'],
    queryFn: ({ signal }) => get<{ readonly items: readonly Burst[] }>('/bursts?limit=20', signal),
    select: ({ items }) => items.filter(({ verdict }) => verdict === null),
  })
}
