import { peopleOf } from '../../../storage/facts/people-of.ts'
import type { PartyId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Before } from '../../../storage/timeline/activities.ts'
import { listNextInstances } from '../../../storage/timeline/links.ts'
import type { Services } from '../../services.ts'
import type { Asking } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { givenIn } from '../people/reach.ts'
import { jobVeil, seenMails } from '../people/veil.ts'
import type { SourceName } from './schema.ts'
import type { Entry, Scope, TimelineSource } from './source.ts'
import { activitySource } from './sources/activities.ts'
import { cardSource } from './sources/cards.ts'
import { consentSource } from './sources/consents.ts'
import { documentSource } from './sources/documents.ts'
import { concerningOf, meetingEntries, meetingSource, taskSource } from './sources/events.ts'
import { mergeSource } from './sources/merges.ts'

/** Everything that a timeline is made of. What is new is a line here; it goes behind the others, so that cursors stay good. */
export const timelineSources: readonly TimelineSource[] = [
  activitySource,
  cardSource,
  meetingSource,
  taskSource,
  documentSource,
  mergeSource,
  consentSource,
]

/** Where each source goes on; null where it has come to its end. */
export type TimelinePlace = readonly (Before | null)[]

export interface TimelinePage {
  readonly entries: readonly Entry[]
  /** Undefined on the last page. */
  readonly next: TimelinePlace | undefined
}

/** People of an organisation whose doings stand on its timeline. */
const mostPeople = 2_000

/** Somebody's timeline: of an organisation that of its people too, those who work there now. */
export async function scopeOf(
  reader: Reader,
  { reach }: Asking,
  party: SeenParty,
  now: number,
): Promise<Scope> {
  const ids: PartyId[] = [party.row.id]
  if (party.placements[0].kind === 'org') {
    const today = new Date(now).toISOString().slice(0, 10)
    const books = { books: reach.bookIds, given: givenIn(reach) }
    const page = { orgId: party.row.id, ...books, when: 'now', today, limit: mostPeople } as const
    for (const { partyId } of await peopleOf(reader, page)) ids.push(partyId)
  }
  const seen = new Map(await seeParties(reader, reach, [...new Set(ids)]))
  // Of whom it is hidden where he works, it is hidden that he works here.
  for (const [id, { placements }] of seen)
    if (id !== party.row.id && jobVeil(reach, placements).job) seen.delete(id)
  const mailsOf = await seenMails(
    reader,
    reach,
    [...seen.values()].flatMap(({ placements }) => placements),
  )
  return {
    kind: 'parties',
    ids: [...seen.keys()],
    seen,
    mailsOf,
    mails: [...new Set([...mailsOf.values()].flat())],
  }
}

/**
 * A page of a timeline, the latest first: what all sources have behind their places, put in one order.
 * @param place  `next` of the page before
 * @param until  epoch milliseconds: what comes later is left out, as meetings that are to be
 * @param sources  which of them; without it all
 */
export async function readTimeline(
  reader: Reader,
  asking: Asking,
  scope: Scope,
  page: {
    readonly place?: TimelinePlace | undefined
    readonly until: number
    readonly limit: number
    readonly sources?: readonly SourceName[] | undefined
  },
  services: Pick<Services, 'settings' | 'now'>,
): Promise<TimelinePage> {
  const start: Before = { at: page.until, id: Number.MAX_SAFE_INTEGER }
  const heads: Head[] = []
  for (const [index, source] of timelineSources.entries()) {
    const before = page.place ? (page.place[index] ?? null) : start
    const isWanted = page.sources?.some((name) => name === source.name) ?? true
    if (before === null || !isWanted) heads.push({ before, entries: [], last: undefined })
    else {
      const options = { before, limit: page.limit }
      heads.push({ before, ...(await source.read(reader, asking, scope, options, services)) })
    }
  }
  const taken = merged(heads, page.limit)
  const next = heads.map((head, index) => placeBehind(head, taken.counts[index] ?? 0))
  return { entries: taken.entries, next: next.some((before) => before !== null) ? next : undefined }
}

/** What is to come: meetings, the earliest first. */
export async function readUpcoming(
  reader: Reader,
  { reach }: Asking,
  scope: Extract<Scope, { kind: 'parties' }>,
  page: { readonly from: number; readonly limit: number },
): Promise<Entry[]> {
  return meetingEntries(reader, scope, await listNextInstances(reader, concerningOf(reach, scope), page))
}

interface Head {
  readonly before: Before | null
  readonly entries: readonly Entry[]
  readonly last: Before | undefined
}

/** The latest of all, so many at most. What one source shows no more of, is not gone past where it goes on. */
function merged(
  heads: readonly Head[],
  limit: number,
): { readonly entries: readonly Entry[]; readonly counts: readonly number[] } {
  const counts = heads.map(() => 0)
  const entries: Entry[] = []
  while (entries.length < limit) {
    let best: { readonly index: number; readonly entry: Entry } | undefined
    for (const [index, head] of heads.entries()) {
      const entry = head.entries[counts[index] ?? 0]
      // Behind the last row that was read there may be later ones than those of the other sources.
      if (!entry && head.last) return { entries, counts }
      if (entry && (!best || entry.at > best.entry.at)) best = { index, entry }
    }
    if (!best) break
    entries.push(best.entry)
    counts[best.index] = (counts[best.index] ?? 0) + 1
  }
  return { entries, counts }
}

function placeBehind({ before, entries, last }: Head, taken: number): Before | null {
  if (taken < entries.length) {
    const entry = entries[taken - 1]
    return entry ? { at: entry.at, id: entry.id } : before
  }
  return last ?? null
}
