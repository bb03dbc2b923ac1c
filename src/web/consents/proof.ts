import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { erasureProof } from '../../features/privacy/schema.ts'
import { get } from '../client/api.ts'

export type Proof = z.infer<typeof erasureProof>

export const proofKey = (id: string) => ['erasure', id] as const

/** What shows that somebody was erased. */
export function useProof(id: string) {
  return useQuery({
    queryKey: proofKey(id),
    queryFn: ({ signal }) => get<Proof>(`/erasures/${encodeURIComponent(id)}`, signal),
  })
}
