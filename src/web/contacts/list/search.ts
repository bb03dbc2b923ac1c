import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { searchReply } from '../../../features/search/schema.ts'
import { get } from '../../client/api.ts'

export type Hits = z.infer<typeof searchReply>
export type Hit = Hits['items'][number]

/**
 * What is found, as one types: what was asked before is called back, and what it found stays until the next is there.
 * @param kinds  names of kinds with commas between them; empty for all
 */
export function useHits(
  q: string,
  { kinds = '', limit }: { readonly kinds?: string; readonly limit: number },
) {
  const text = q.trim().slice(0, 200)
  return useQuery({
    queryKey: ['search', kinds, text, limit],
    enabled: text !== '',
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ q: text, limit: String(limit), ...(kinds !== '' && { kinds }) })
      return get<Hits>(`/search?${query}`, signal)
    },
  })
}
