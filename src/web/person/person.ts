import { useQueries, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { bookList, cardReply } from '../../features/cards/schema.ts'
import type { party } from '../../features/facts/schema.ts'
import { ApiError, get, read } from '../client/api.ts'

export type Party = z.infer<typeof party>
export type Card = z.infer<typeof cardReply>
export type Book = z.infer<typeof bookList>['books'][number]

/** Under which each is kept; server-sent events name them by their first word. */
export const keys = {
  party: (id: number) => ['party', id, 'whole'] as const,
  fact: (id: number, what: string) => ['party', id, what] as const,
  card: (id: number) => ['card', id] as const,
  timeline: (id: number) => ['party', id, 'timeline'] as const,
}

/** Somebody with all that is known, and the tag that a change of him names. */
export function useWholeParty(id: number) {
  return useQuery({
    queryKey: keys.party(id),
    queryFn: ({ signal }) => read<Party>(`/parties/${id}`, signal),
  })
}

/** The cards of somebody, in the order in which they are given; one that is read no more is left out. */
export function useCards(ids: readonly number[]) {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.card(id),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => get<Card>(`/cards/${id}`, signal),
    })),
    combine: (results) => ({
      cards: results.flatMap(({ data }) => data ?? []),
      isPending: results.some(({ isPending }) => isPending),
      error: results.every(({ error }) => error) ? (results[0]?.error ?? null) : null,
      /** Those that are there, as far as it is known, and could not be read. */
      failed: results.filter(({ error }) => error && !(error instanceof ApiError && error.status === 404)),
      again: () => {
        for (const { refetch } of results) void refetch()
      },
    }),
  })
}
