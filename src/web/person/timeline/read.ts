import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { pinned, SourceName, timelineEntry, upcoming } from '../../../features/timeline/schema.ts'
import { get } from '../../client/api.ts'
import { usePages } from '../../client/pages.ts'
import { keys } from '../person.ts'

export type TimelineEntry = z.infer<typeof timelineEntry>
export type Activity = z.infer<typeof pinned>['items'][number]

interface TimelinePage {
  readonly items: readonly TimelineEntry[]
  readonly next: string | null
}

/** What happened with somebody, the latest first; of all sorts, or of some. */
export function useTimeline(id: number, sources: readonly SourceName[]) {
  return usePages<TimelinePage>([...keys.timeline(id), 'past', sources], `/parties/${id}/timeline`, {
    limit: '50',
    sources: sources.join(','),
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

/** The next meetings, so many at most, and whether there are more. */
export function useUpcoming(id: number, most: number) {
  return useQuery({
    queryKey: [...keys.timeline(id), 'upcoming', most],
    queryFn: ({ signal }) =>
      get<z.infer<typeof upcoming>>(`/parties/${id}/upcoming?limit=${most + 1}`, signal),
    placeholderData: keepPreviousData,
    select: ({ items }) => ({ entries: items.slice(0, most), hasMore: items.length > most }),
  })
}
