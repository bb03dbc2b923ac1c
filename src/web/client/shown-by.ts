import type { QueryKey } from '@tanstack/react-query'
import type { z } from 'zod'
import type { change } from '../../features/changes/schema.ts'

/** What happened, as the stream tells it. */
export type Told = Pick<z.infer<typeof change>, 'kind' | 'party' | 'collection' | 'object' | 'about'>

/**
 * Which queries show what a kind of event is about, by the begin of the kind; what is in none of these is a fact about
 * somebody. A query about one person has the key `['party', id, …]`, about one card `['card', id]`, about one event or task
 * of a calendar `['event', id]`; lists have `['parties', …]`, `['events', …]`, and so on.
 */
const shownBy: readonly (readonly [kind: RegExp, keys: readonly string[]])[] = [
  [/^object-/, ['parties', 'party', 'card', 'books', 'labels', 'lists', 'letters', 'search', 'duplicates']],
  [/^object-/, ['event', 'events', 'tasks', 'trash', 'history', 'subscriptions', 'devices', 'device']],
  [/^card-/, ['parties', 'party', 'card', 'labels', 'lists', 'letters', 'search']],
  [
    /^collection-/,
    ['books', 'calendars', 'parties', 'letters', 'events', 'tasks', 'shares', 'files', 'trash'],
  ],
  [/^collection-/, ['links', 'subscriptions', 'lists']],
  [/^node-/, ['files', 'search', 'party', 'trash']],
  [/^import/, ['imports']],
  [/^(?:activity|note|call|visit|link|mentioned|task)/, ['timeline', 'party', 'mentions', 'search']],
  [/^(?:burst|held)/, ['held', 'history', 'bursts']],
  [/^invite/, ['invites']],
  [/^webhook/, ['webhooks']],
]
const factKeys = [
  'parties',
  'party',
  'timeline',
  'lists',
  'letters',
  'search',
  'duplicates',
  'suggestions',
  'history',
]

/** What counts all people, or asks much of the server: it is not read again so soon. */
const costly: ReadonlySet<unknown> = new Set([
  'letters',
  'lists',
  'labels',
  'duplicates',
  'search',
  'devices',
])

/** So long, in milliseconds, what was read again rests before it is once more: changes may come by the thousand. */
export function restOf([name]: QueryKey): number {
  return costly.has(name) ? 3_000 : 600
}

/** The keys of what is read again; of one person alone where the event says which. */
export function keysOf({ kind, party }: Told): readonly QueryKey[] {
  const found = shownBy.filter(([pattern]) => pattern.test(kind)).flatMap(([, keys]) => keys)
  return (found.length > 0 ? found : factKeys).map((key) =>
    key === 'party' && party ? [key, party.id] : [key],
  )
}
