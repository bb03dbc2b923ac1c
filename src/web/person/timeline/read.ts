import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { pinned, SourceName, timelineEntry, upcoming } from '../../../features/timeline/schema.ts'
import { get } from '../../client/api.ts'
import { keys } from '../person.ts'

export type TimelineEntry = z.infer<typeof timelineEntry>
export type Activity = z.infer<typeof pinned>['items'][number]

interface TimelinePage {
  readonly items: readonly TimelineEntry[]
  readonly next: string | null
}

/** What happened with somebody, the latest first; of all sorts, or of some. */
export function useTimeline(id: number, sources: readonly SourceName[]) {
  return useInfiniteQuery({
    queryKey: [...keys.timeline(id), 'past', sources],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: '50' })
      if (sources.length > 0) query.set('sources', sources.join(','))
      if (pageParam !== '') query.set('cursor', pageParam)
      return get<TimelinePage>(`/parties/${id}/timeline?${query}`, signal)
    },
    getNextPageParam: ({ next }) => next ?? undefined,
  })
}

/** What stands above the rest. */
export function usePinned(id: number) {
  return useQuery({
    queryKey: [...keys.timeline(id), 'pinned'],
    queryFn: ({ signal }) => get<z.infer<typeof pinned>>(`/parties/${id}/pinned`, signal),
    select: ({ items }) => items,
  })
}

/** Meetings that are to come. */
export function useUpcoming(id: number) {
  return useQuery({
    queryKey: [...keys.timeline(id), 'upcoming'],
    queryFn: ({ signal }) => get<z.infer<typeof upcoming>>(`/parties/${id}/upcoming?limit=5`, signal),
    select: ({ items }) => items,
  })
}
