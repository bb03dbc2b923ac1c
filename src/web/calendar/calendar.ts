import { useLocalStorage } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type {
  changedEvent,
  event,
  eventChange,
  eventInstance,
  eventList,
  newEvent,
  timeZoneList,
} from '../../features/calendar-events/schema.ts'
import type { calendar, calendarList } from '../../features/calendars/schema.ts'
import { get, read, send, type Tagged } from '../client/api.ts'

export type Calendar = z.infer<typeof calendar>
export type Instance = z.infer<typeof eventInstance>
export type EventDetails = z.infer<typeof event>
export type EventWish = z.input<typeof newEvent>
export type EventChange = z.input<typeof eventChange>
export type Alarm = EventDetails['alarms'][number]
export type Rule = NonNullable<NonNullable<EventDetails['recurrence']>['rule']>
export type Scope = 'this' | 'following' | 'all'
type ChangedEvent = z.infer<typeof changedEvent>

/** Which one of a series, or the only one there is. */
export interface Which {
  readonly id: number
  readonly instance: string | null
}

/** From a day until before another. */
export interface Range {
  readonly from: string
  readonly to: string
}

export const keys = {
  calendars: ['calendars'] as const,
  events: ['events'] as const,
  range: ({ from, to }: Range, zone: string) => ['events', from, to, zone] as const,
  event: ({ id, instance }: Which) => ['event', id, instance] as const,
}

/** Used where a calendar has no colour of its own. */
const plainColor = '#2f6f5e'

/** The colour of a calendar as CSS takes it. */
export function colorOf({ color }: Pick<Calendar, 'color'>): string {
  return color !== null && /^#[0-9a-f]{6}/i.test(color) ? color.slice(0, 7) : plainColor
}

/** All calendars and lists of tasks that one reads. */
export function useCalendars() {
  return useQuery({
    queryKey: keys.calendars,
    queryFn: ({ signal }) => get<z.infer<typeof calendarList>>('/calendars', signal),
    select: ({ calendars }) => calendars,
  })
}

/** Whether a calendar takes events, or tasks. */
export function takes({ components }: Calendar, component: 'VEVENT' | 'VTODO'): boolean {
  return components === null || components.includes(component)
}

/** Which calendars are not to be seen: remembered in this browser. */
export function useHidden(): readonly [hidden: readonly number[], toggle: (id: number) => void] {
  const [hidden, setHidden] = useLocalStorage<number[]>({
    key: 'farley-hidden-calendars',
    defaultValue: [],
    getInitialValueInEffect: false,
  })
  const toggle = (id: number): void =>
    setHidden((seen) => (seen.includes(id) ? seen.filter((one) => one !== id) : [...seen, id]))
  return [hidden, toggle]
}

/** What takes place in a range of days of a zone; while another one is read the last stays. */
export function useEvents(range: Range | undefined, zone: string) {
  const query = range && new URLSearchParams({ ...range, zone })
  return useQuery({
    queryKey: range ? keys.range(range, zone) : keys.events,
    queryFn: ({ signal }) => get<z.infer<typeof eventList>>(`/calendar-events?${query}`, signal),
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
  })
}

function pathOf({ id, instance }: Which, more: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({ ...(instance !== null && { instance }), ...more }).toString()
  return `/calendar-events/${id}${query && `?${query}`}`
}

/** All that is known of an event, with the tag that a change of it names. */
export function readEvent(which: Which, signal?: AbortSignal): Promise<Tagged<EventDetails>> {
  return read<EventDetails>(pathOf(which), signal)
}

export function useEvent(which: Which, isWanted = true) {
  return useQuery({
    queryKey: keys.event(which),
    queryFn: ({ signal }) => readEvent(which, signal),
    enabled: isWanted,
  })
}

/** @throws ApiError, TypeError */
export function createEvent(wish: EventWish): Promise<Tagged<EventDetails>> {
  return send('POST', '/calendar-events', { body: wish })
}

/** An event that stands on the timeline of somebody, whoever attends. @throws ApiError, TypeError */
export async function linkToParty(event: number, party: number): Promise<void> {
  await send('POST', `/parties/${party}/links`, { body: { kind: 'object', id: event } })
}

/** @throws ApiError, TypeError */
export function changeEvent(
  which: Which,
  scope: Scope,
  change: EventChange,
  etag: string | undefined,
): Promise<Tagged<ChangedEvent>> {
  return send('PATCH', pathOf(which, { scope }), { body: change, etag })
}

/** Into the trash. @throws ApiError, TypeError */
export function deleteEvent(
  which: Which,
  scope: Scope,
  etag: string | undefined,
): Promise<Tagged<undefined>> {
  return send('DELETE', pathOf(which, { scope }), { etag })
}

/** The zones that can be chosen, from west to east. */
export function useTimeZones() {
  return useQuery({
    queryKey: ['time-zones'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => get<z.infer<typeof timeZoneList>>('/time-zones', signal),
    select: ({ zones }) => zones.map(({ name }) => name),
  })
}
