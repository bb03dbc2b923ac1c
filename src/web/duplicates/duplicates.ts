import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { duplicate, duplicatesPage } from '../../features/duplicates/schema.ts'
import type { merged, mergePreview } from '../../features/merges/schema.ts'
import { read, send } from '../client/api.ts'
import { useChange } from '../client/change.ts'
import { usePages } from '../client/pages.ts'
import { queryClient } from '../client/query.ts'
import { tellDone } from '../ui/toast.tsx'

export type Duplicate = z.infer<typeof duplicate>
export type MergePreview = z.infer<typeof mergePreview>
export type Choice = MergePreview['fields'][number]['proposed']

const key = ['duplicates'] as const

/** Pairs that may be one, the likeliest first; or those that were said to be two. */
export function useDuplicates(state: 'open' | 'not-same') {
  return usePages<z.infer<typeof duplicatesPage>>([...key, state], '/duplicates', { state, limit: '30' })
}

/** What making one of two would do; its tag is what the merge names. */
export function useMergePreview(survivor: number, loser: number) {
  return useQuery({
    queryKey: [...key, 'preview', survivor, loser],
    staleTime: 0,
    queryFn: ({ signal }) => read<MergePreview>(`/merges/preview?a=${survivor}&b=${loser}`, signal),
  })
}

/** Says of a pair that it is two, or takes that back. */
export function useNotSame(said: string) {
  return useChange<{ readonly id: number; readonly isSame: boolean }>({
    send: ({ id, isSame }) => send(isSame ? 'DELETE' : 'POST', `/duplicates/${id}/not-same`),
    keys: [key],
    back:
      ({ id, isSame }) =>
      () =>
        send(isSame ? 'POST' : 'DELETE', `/duplicates/${id}/not-same`),
    said: () => said,
  })
}

export interface Merging {
  readonly survivor: number
  readonly loser: number
  readonly choices: Readonly<Record<string, Choice>>
  /** Whether cards in books that only one of them is in get the same content. */
  readonly inAllBooks: boolean
}

/** Makes one of two; the message takes it back. */
export function useMerge(etag: string | undefined, said: string, onDone: (party: number) => void) {
  return useChange<Merging, never, z.infer<typeof merged>>({
    send: (body, tag) => send('POST', '/merges', { body, etag: tag }),
    etag,
    keys: [key, ['parties'], ['party'], ['card']],
    onDone: ({ data }) => {
      tellDone(said, async () => {
        await send('POST', `/merges/${data.id}/undo`)
        await queryClient.invalidateQueries()
      })
      onDone(data.party)
    },
  })
}

/** Compares all cards anew. */
export function useScan(said: (count: number) => string) {
  return useChange<void, never, { readonly cards: number }>({
    send: () => send('POST', '/duplicates/scan'),
    keys: [key],
    isUndoable: false,
    said: (_, { cards }) => said(cards),
  })
}
