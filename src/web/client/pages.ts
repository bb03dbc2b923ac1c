import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { get } from './api.ts'
import { queryClient } from './query.ts'

/** So often what is looked at is read again, where no event tells of changes. */
const everyMs = 10_000

/**
 * For queries of what no event tells: they are read again from time to time, and whenever somebody comes back to the window;
 * where a change is on its way, which shows already, not by that.
 */
export const watched = {
  refetchInterval: everyMs,
  refetchOnWindowFocus: () => (queryClient.isMutating() > 0 ? false : ('always' as const)),
}

/** What the API gives of a list at most, at once. */
const mostAtOnce = '500'

/** All of a list that the API gives in pages, one after another: for what is looked through or chosen from. */
export async function readAll<Item>(
  path: string,
  asked: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Item[]> {
  const found: Item[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: string = queryOf({ limit: mostAtOnce, ...asked, cursor })
    const page: { items: Item[]; next: string | null } = await get(`${path}?${query}`, signal)
    found.push(...page.items)
    cursor = page.next
  }
  return found
}

/** @param asked  what is empty is not asked */
function queryOf(asked: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(asked).filter(([, value]) => value !== '')).toString()
}

/** A list that the API gives in pages. @param asked  its query; what is empty is not asked */
export function usePages<Page extends { readonly next?: string | null }>(
  queryKey: QueryKey,
  path: string,
  asked: Readonly<Record<string, string>> = {},
  watching: Partial<typeof watched> = {},
) {
  return useInfiniteQuery({
    queryKey,
    ...watching,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      get<Page>(`${path}?${queryOf({ ...asked, cursor: pageParam })}`, signal),
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}
