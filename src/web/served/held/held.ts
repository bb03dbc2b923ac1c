import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { heldDetail, heldEdit, heldList } from '../../../features/held/schema.ts'
import { get } from '../../client/api.ts'

export type HeldEdit = z.infer<typeof heldEdit>
export type HeldDetail = z.infer<typeof heldDetail>
export type Differences = NonNullable<HeldDetail['differences']>

const everyMs = 10_000

/** Edits of one's devices that were refused: those that are open, or those that were applied or discarded. */
export function useHeld(state: 'open' | 'settled') {
  return useQuery({
    queryKey: ['held', state],
    queryFn: async ({ signal }) => (await get<z.infer<typeof heldList>>(`/held?state=${state}`, signal)).held,
    refetchInterval: everyMs,
  })
}

/** One that is open, with what it would change; read again while somebody looks, since what is there may change. */
export function useHeldDetail(id: number) {
  return useQuery({
    queryKey: ['held', 'one', id],
    queryFn: ({ signal }) => get<HeldDetail>(`/held/${id}`, signal),
    refetchInterval: everyMs,
    retry: false,
  })
}
