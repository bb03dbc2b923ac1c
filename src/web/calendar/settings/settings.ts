import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { calendarChange, newCalendar } from '../../../features/home-collections/schema.ts'
import type { linkList, newShare, shareList } from '../../../features/sharing/schema.ts'
import type { newSubscription, subscriptionList } from '../../../features/subscriptions/schema.ts'
import { get, send, type Tagged } from '../../client/api.ts'
import type { Calendar } from '../calendar.ts'

export type CalendarWish = z.input<typeof newCalendar>
export type CalendarChange = z.input<typeof calendarChange>
export type Share = z.infer<typeof shareList>['shares'][number]
export type Access = Share['access']
export type Link = z.infer<typeof linkList>['links'][number]
export type SubscriptionWish = z.input<typeof newSubscription>

/** From the least to the most. */
export const accesses: readonly Access[] = ['free-busy', 'read', 'no-delete', 'read-write']

/** With whom a calendar of one's own is shared. */
export function useShares({ name }: Calendar) {
  return useQuery({
    queryKey: ['shares'],
    queryFn: ({ signal }) => get<z.infer<typeof shareList>>('/shares', signal),
    select: ({ shares }) =>
      shares.filter(({ collection }) => collection.kind === 'calendar' && collection.name === name),
  })
}

/** The public links to a calendar of one's own. */
export function useLinks({ name }: Calendar) {
  return useQuery({
    queryKey: ['links'],
    queryFn: ({ signal }) => get<z.infer<typeof linkList>>('/links', signal),
    select: ({ links }) =>
      links.filter(({ collection }) => collection.kind === 'calendar' && collection.name === name),
  })
}

/** How it stands with what one follows of others. */
export function useSubscriptions() {
  return useQuery({
    queryKey: ['subscriptions'],
    queryFn: ({ signal }) => get<z.infer<typeof subscriptionList>>('/subscriptions', signal),
    select: ({ subscriptions }) => subscriptions,
  })
}

/** @throws ApiError, TypeError */
export function createCalendar(wish: CalendarWish): Promise<Tagged<Calendar>> {
  return send('POST', '/calendars', { body: wish })
}

/** @throws ApiError, TypeError */
export function changeCalendar(id: number, change: CalendarChange): Promise<Tagged<Calendar>> {
  return send('PATCH', `/calendars/${id}`, { body: change })
}

/** Into the trash. @throws ApiError, TypeError */
export function deleteCalendar(id: number): Promise<Tagged<undefined>> {
  return send('DELETE', `/calendars/${id}`)
}

/** Follows what is published at an address. @throws ApiError, TypeError */
export function subscribe(wish: SubscriptionWish): Promise<Tagged<unknown>> {
  return send('POST', '/subscriptions', { body: wish })
}

/** @throws ApiError, TypeError */
export function refresh(id: number): Promise<Tagged<unknown>> {
  return send('POST', `/subscriptions/${id}/refresh`)
}

/** @throws ApiError, TypeError */
export function share(wish: z.input<typeof newShare>): Promise<Tagged<Share>> {
  return send('POST', '/shares', { body: wish })
}

/** @throws ApiError, TypeError */
export function changeShare(id: number, access: Access): Promise<Tagged<Share>> {
  return send('PATCH', `/shares/${id}`, { body: { access } })
}

/** @throws ApiError, TypeError */
export function unshare(id: number): Promise<Tagged<undefined>> {
  return send('DELETE', `/shares/${id}`)
}

/** @throws ApiError, TypeError */
export function createLink(collection: string): Promise<Tagged<Link>> {
  return send('POST', '/links', { body: { collection } })
}
