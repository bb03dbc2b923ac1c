import { useQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { birthdays, birthdaysList, newBirthdays } from '../../../features/birthdays/schema.ts'
import type { bookList } from '../../../features/cards/schema.ts'
import type { calendarChange, newCalendar } from '../../../features/home-collections/schema.ts'
import type { inviteList, linkList, newShare, shareList } from '../../../features/sharing/schema.ts'
import type { newSubscription, subscriptionList } from '../../../features/subscriptions/schema.ts'
import { get, send, type Tagged } from '../../client/api.ts'
import type { Calendar } from '../calendar.ts'

export type CalendarWish = z.input<typeof newCalendar>
export type CalendarChange = z.input<typeof calendarChange>
export type Share = z.infer<typeof shareList>['shares'][number]
export type Access = Share['access']
export type Link = z.infer<typeof linkList>['links'][number]
export type Birthdays = z.infer<typeof birthdays>
export type BirthdaysWish = z.input<typeof newBirthdays>
export type Subscription = z.infer<typeof subscriptionList>['subscriptions'][number]
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

/** So often it is asked what became of what is being fetched, and how it stands with all that is followed, in milliseconds. */
const soonMs = 2_000
const laterMs = 10_000
/** What is not fetched for so long is not about to be: it is asked more seldom from then on. */
const patienceMs = 60_000
const seldomMs = 30_000

/** Since when something is being fetched, as far as is known here; undefined while nothing is. */
let fetchingSince: number | undefined

function askAgainMs(followed: readonly Subscription[]): number | false {
  if (!followed.some(isBeingFetched)) {
    fetchingSince = undefined
    return followed.length > 0 && laterMs
  }
  fetchingSince ??= Date.now()
  return Date.now() - fetchingSince < patienceMs ? soonMs : seldomMs
}

/** How it stands with what one follows of others: that it could not be fetched is told by no event, and asked for. */
export function useSubscriptions() {
  return useQuery({
    queryKey: ['subscriptions'],
    queryFn: ({ signal }) => get<z.infer<typeof subscriptionList>>('/subscriptions', signal),
    refetchInterval: ({ state: { data } }) => askAgainMs(data?.subscriptions ?? []),
    select: ({ subscriptions }) => subscriptions,
  })
}

function isBeingFetched({ fetchedAt, nextAt, lastError }: Subscription): boolean {
  const isDue = nextAt !== null && Date.parse(nextAt) <= Date.now()
  return isDue || (fetchedAt === null && lastError === null)
}

/** Calendars of birthdays that one has. */
export function useBirthdays() {
  return useQuery({
    queryKey: ['calendars', 'birthdays'],
    queryFn: ({ signal }) => get<z.infer<typeof birthdaysList>>('/birthdays', signal),
    select: (list) => list.birthdays,
  })
}

/** One's own address books of whose birthdays there is no calendar yet; none until both are read. */
export function useBirthdayBooks() {
  const made = useBirthdays()
  const own = useQuery({
    queryKey: ['books'],
    queryFn: ({ signal }) => get<z.infer<typeof bookList>>('/books', signal),
    select: (list) => list.books.filter(({ had }) => had === 'own'),
  })
  const taken = made.data?.map(({ book }) => book.name)
  const books = taken === undefined ? [] : (own.data ?? []).filter(({ name }) => !taken.includes(name))
  return { books, asked: [made, own] }
}

/** @throws ApiError, TypeError */
export function makeBirthdays(wish: BirthdaysWish): Promise<Tagged<Birthdays>> {
  return send('POST', '/birthdays', { body: wish })
}

/** @throws ApiError, TypeError */
export function changeBirthdays(
  id: number,
  change: Pick<BirthdaysWish, 'alarms' | 'otherDates'>,
): Promise<Tagged<Birthdays>> {
  return send('PATCH', `/birthdays/${id}`, { body: change })
}

/** @throws ApiError, TypeError */
export function createCalendar(wish: CalendarWish): Promise<Tagged<Calendar>> {
  return send('POST', '/calendars', { body: wish })
}

/** @throws ApiError, TypeError */
export function changeCalendar(id: number, change: CalendarChange): Promise<Tagged<Calendar>> {
  return send('PATCH', `/calendars/${id}`, { body: change })
}

/**
 * Into the trash, and of another's out of one's own.
 * @returns how it comes back as it was: at its address, with its events, those whom it is shared with, and what it is made of
 * @throws ApiError, TypeError
 */
export async function deleteCalendar({
  id,
  isOwn,
  madeOf,
}: Calendar): Promise<Tagged<() => Promise<unknown>>> {
  const isOfBirthdays = isOwn && madeOf === 'birthdays'
  const birthdays = isOfBirthdays ? await get<Birthdays>(`/birthdays/${id}`) : undefined
  const gone = await send('DELETE', `/calendars/${id}`)
  const back = async (): Promise<unknown> => {
    if (birthdays) {
      const { book, alarms, otherDates } = birthdays
      const body = { book: book.name, calendar: id, alarms, otherDates }
      return send('POST', '/birthdays', { body })
    }
    if (isOwn) return send('POST', `/trash/c${id}/restore`)
    const { invites } = await get<z.infer<typeof inviteList>>('/invites')
    const left = invites.find(({ collection }) => collection.id === id)
    return send('POST', `/invites/${left?.id}/accept`)
  }
  return { ...gone, data: back }
}

/** Follows what is published at an address. @throws ApiError, TypeError */
export function subscribe(wish: SubscriptionWish): Promise<Tagged<unknown>> {
  return send('POST', '/subscriptions', { body: wish })
}

/** Follows what is published at another address from now on. @throws ApiError, TypeError */
export function moveSubscription(id: number, url: string): Promise<Tagged<unknown>> {
  return send('PATCH', `/subscriptions/${id}`, { body: { url } })
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
