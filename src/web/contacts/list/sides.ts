import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { bookList } from '../../../features/cards/schema.ts'
import type { labelPage } from '../../../features/labels/schema.ts'
import type { preview, smartListCounts, smartLists } from '../../../features/smart-lists/schema.ts'
import { get, send } from '../../client/api.ts'
import { readAll } from '../../client/pages.ts'

export type Book = z.infer<typeof bookList>['books'][number]
export type Label = z.infer<typeof labelPage>['items'][number]
export type SmartList = z.infer<typeof smartLists>['lists'][number]

/** Where nothing is read yet, always the same nothing. */
export const none: readonly never[] = []

/** The address books that one reads. */
export function useBooks() {
  return useQuery({
    queryKey: ['books'],
    queryFn: ({ signal }) => get<z.infer<typeof bookList>>('/books', signal),
    select: ({ books }): readonly Book[] => books,
  })
}

/** Labels, with how many people have each. */
export function useLabels() {
  return useQuery({
    queryKey: ['labels'],
    queryFn: ({ signal }): Promise<readonly Label[]> => readAll<Label>('/labels', {}, signal),
  })
}

/** Lists that one has saved. */
export function useSmartLists() {
  return useQuery({
    queryKey: ['lists'],
    queryFn: async ({ signal }): Promise<readonly SmartList[]> =>
      (await get<z.infer<typeof smartLists>>('/lists', signal)).lists,
  })
}

/** How many people are in each of them. */
export function useListCounts() {
  return useQuery({
    queryKey: ['lists', 'counts'],
    structuralSharing: false,
    queryFn: async ({ signal }) => {
      const { counts } = await get<z.infer<typeof smartListCounts>>('/lists/counts', signal)
      return new Map(counts.map(({ id, count }) => [id, count]))
    },
  })
}

/** How many people may be there twice. */
export function useDuplicateCount() {
  return useQuery({
    queryKey: ['duplicates', 'count'],
    queryFn: async ({ signal }) => {
      const body = { filter: { field: 'duplicate' }, limit: 0 }
      return (await send<z.infer<typeof preview>>('POST', '/lists/preview', { body, signal })).data.count
    },
  })
}
