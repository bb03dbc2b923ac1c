import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { get } from './api.ts'

/** A list that the API gives in pages. @param asked  its query; what is empty is not asked */
export function usePages<Page extends { readonly next?: string | null }>(
  queryKey: QueryKey,
  path: string,
  asked: Readonly<Record<string, string>> = {},
) {
  return useInfiniteQuery({
    queryKey,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = Object.entries({ ...asked, cursor: pageParam }).filter(([, value]) => value !== '')
      return get<Page>(`${path}?${new URLSearchParams(query)}`, signal)
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}
