import { z } from 'zod'
import { usersIn } from '../../../storage/groups.ts'
import { findPrincipalByName } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { listPinned } from '../../../storage/timeline/activities.ts'
import { findLink, linksOfTargets, type PartyLinkRow } from '../../../storage/timeline/links.ts'
import { readCursor, writeCursor } from '../../api/cursor.ts'
import { change, idIn, look, originOf, type RawCall, type Route } from '../../api/route.ts'
import { pageOf, paging } from '../../api/schema.ts'
import { foldName } from '../../auth/basic.ts'
import { type Asking, askingOf, mustFindParty, mustWrite, notThere } from '../people/asking.ts'
import { findParty, seeParties } from '../people/parties.ts'
import { askerOf } from '../rights/rights.ts'
import { readerOf } from './activities.ts'
import { findReadableEvent, makeTask, seesTarget, tie, untie } from './links.ts'
import {
  madeTask,
  newLink,
  newTask,
  partyLink,
  partyLinkList,
  pinned,
  sourceNames,
  timelineEntry,
  upcoming,
} from './schema.ts'
import { showActivities } from './show-activity.ts'
import type { Entry, Scope } from './source.ts'
import { readTimeline, readUpcoming, scopeOf, type TimelinePage, timelineSources } from './timeline.ts'

const scope = 'people'
const timelineQuery = z.object({
  ...paging,
  /** What comes later is left out; without it that is what is to come. */
  until: z.iso.datetime({ offset: true }).optional(),
  /** Which sorts of things, with commas between: `activities,meetings`. Without it all. */
  sources: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(sourceNames)).min(1))
    .optional(),
})
const upcomingQuery = z.object({ limit: paging.limit })
/** For each source when and which, or nothing behind: `-1` is no id. */
const place = z.array(z.int()).length(2 * timelineSources.length)
const mostPinned = 100

/** One list of all that happened with somebody. */
export const timelineRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/parties/:id/timeline', summary: 'All that happened with somebody', scope },
    { query: timelineQuery, reply: pageOf(timelineEntry) },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        return answer(reader, call, asking, await scopeOf(reader, asking, party, call.now()))
      }),
  ),
  look(
    { method: 'GET', path: '/teams/:name/timeline', summary: 'What a team of mine did', scope },
    { query: timelineQuery, reply: pageOf(timelineEntry) },
    (call) =>
      call.store.read(async (reader) => {
        const asking = await askingOf(reader, call)
        return answer(reader, call, asking, await teamOf(reader, call))
      }),
  ),
  look(
    { method: 'GET', path: '/parties/:id/upcoming', summary: 'Meetings to come with somebody', scope },
    { query: upcomingQuery, reply: upcoming },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        const of = await scopeOf(reader, asking, party, call.now())
        if (of.kind !== 'parties') return { body: { items: [] } }
        const page = { from: call.now(), limit: call.query.limit }
        const entries = await readUpcoming(reader, asking, of, page)
        return { body: { items: entries.map(shown) } }
      }),
  ),
  look(
    { method: 'GET', path: '/parties/:id/pinned', summary: 'What stands above the rest', scope },
    { reply: pinned },
    (call) =>
      call.store.read(async (reader) => {
        const { asking, party } = await mustFindParty(reader, call)
        const who = await readerOf(reader, call.session)
        const rows = await listPinned(reader, [party.row.id], who, mostPinned)
        return { body: { items: await showActivities(reader, asking, rows) } }
      }),
  ),
  change(
    {
      method: 'POST',
      path: '/parties/:id/links',
      summary: 'Tie an event, a task or a file to somebody',
      scope,
      affects: 'facts',
    },
    { body: newLink, reply: partyLink, statuses: [201] },
    async (tx, call) => {
      const asking = await askingOf(tx, call)
      const party = await mustWrite(tx, asking, idIn(call))
      const { kind, id } = call.body
      const target = { kind: kind === 'file' ? ('node' as const) : kind, id }
      return { body: shownLink(await tie(tx, asking, party.row.id, target, originOf(call))) }
    },
  ),
  look(
    { method: 'GET', path: '/party-links/:id', summary: 'What is tied to whom', scope },
    { reply: partyLink },
    (call) =>
      call.store.read(async (reader) => {
        const asking = await askingOf(reader, call)
        const link = await findLink(reader, idIn(call))
        const isSeen =
          link &&
          (await findParty(reader, asking.reach, link.partyId)) &&
          (await seesTarget(reader, asking, link))
        if (!isSeen) throw notThere()
        return { body: shownLink(link) }
      }),
  ),
  change(
    { method: 'DELETE', path: '/party-links/:id', summary: 'Untie it', scope, affects: 'facts' },
    {},
    async (tx, call) => {
      const link = await findLink(tx, idIn(call))
      if (!link) throw notThere()
      await mustWrite(tx, await askingOf(tx, call), link.partyId)
      await untie(tx, link, originOf(call))
      return {}
    },
  ),
  look(
    { method: 'GET', path: '/objects/:id/links', summary: 'Whom an event or a task is tied to', scope },
    { reply: partyLinkList },
    (call) =>
      call.store.read(async (reader) => {
        const asking = await askingOf(reader, call)
        const event = await findReadableEvent(reader, asking, idIn(call))
        if (!event) throw notThere()
        const links = await linksOfTargets(reader, 'object', [event.id])
        const seen = await seeParties(
          reader,
          asking.reach,
          links.map(({ partyId }) => partyId),
        )
        return { body: { links: links.filter(({ partyId }) => seen.has(partyId)).map(shownLink) } }
      }),
  ),
  change(
    {
      method: 'POST',
      path: '/parties/:id/tasks',
      summary: 'Make a task about somebody',
      scope,
      affects: 'other',
    },
    { body: newTask, reply: madeTask, statuses: [201] },
    async (tx, call) => {
      const { asking, party } = await mustFindParty(tx, call)
      const origin = originOf(call)
      const { objectId, calendar } = await makeTask(tx, asking, call.body, { ...call, origin })
      const target = { kind: 'object', id: objectId } as const
      const { id: link } = await tie(tx, asking, party.row.id, target, origin)
      return { body: { object: objectId, link, calendar: calendar.row.id } }
    },
  ),
]

type TimelineCall = Pick<RawCall, 'settings' | 'now'> & { readonly query: z.output<typeof timelineQuery> }

async function answer(reader: Reader, call: TimelineCall, asking: Asking, of: Scope) {
  const { limit, cursor, until, sources } = call.query
  const numbers = readCursor(cursor, place)
  const page = {
    ...{ limit, sources },
    until: until === undefined ? call.now() : Date.parse(until),
    place: numbers && timelineSources.map((_, index) => placeIn(numbers, index)),
  }
  const { entries, next } = await readTimeline(reader, asking, of, page, call)
  return { body: { items: entries.map(shown), next: next ? writeCursor(numbersOf(next)) : null } }
}

function placeIn(numbers: readonly number[], index: number) {
  const [at = 0, id = -1] = numbers.slice(2 * index, 2 * index + 2)
  return id < 0 ? null : { at, id }
}

function numbersOf(next: NonNullable<TimelinePage['next']>): number[] {
  return next.flatMap((before) => (before ? [before.at, before.id] : [0, -1]))
}

/** A group of which the caller is. */
async function teamOf(reader: Reader, call: Pick<RawCall, 'params' | 'session'>): Promise<Scope> {
  const group = await findPrincipalByName(reader, foldName(call.params.name ?? ''))
  const { principals } = await askerOf(reader, call.session)
  if (group?.kind !== 'group' || !principals.has(group.id)) throw notThere()
  const members = (await usersIn(reader, group.id)).map(({ id }) => id)
  return { kind: 'team', id: group.id, members }
}

function shown({ at, id, ...entry }: Entry) {
  return { ...entry, id: `${entry.kind}-${id}-${at}`, at: new Date(at).toISOString() }
}

function shownLink({ id, partyId, kind, targetId }: PartyLinkRow) {
  return { id, party: partyId, kind: kind === 'node' ? ('file' as const) : kind, target: targetId }
}
