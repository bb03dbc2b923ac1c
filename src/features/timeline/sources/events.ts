import type { ObjectId } from '../../../../storage/ids.ts'
import { findObjectsByIds } from '../../../../storage/objects.ts'
import type { Reader } from '../../../../storage/store.ts'
import { mailsOfObjects } from '../../../../storage/timeline/event-people.ts'
import {
  type Concerning,
  type ConcerningInstance,
  linksOfTargets,
  listInstances,
  listTasks,
} from '../../../../storage/timeline/links.ts'
import type { Reach } from '../../people/reach.ts'
import { readObjectTexts } from '../../texts.ts'
import { type EventSummary, summarizeEvent } from '../event-summary.ts'
import { type Entry, foundOf, named, nothing, type Scope, type TimelineSource } from '../source.ts'

type Parties = Extract<Scope, { kind: 'parties' }>

/** Meetings: events that somebody organises or attends, or that are linked to him, each time they took place. */
export const meetingSource: TimelineSource = {
  name: 'meetings',
  async read(reader, { reach }, scope, page) {
    if (scope.kind !== 'parties') return nothing
    const rows = await listInstances(reader, concerningOf(reach, scope), page)
    return foundOf(rows, page.limit, await meetingEntries(reader, scope, rows))
  },
}

/** Tasks that are linked to somebody, or that he has to do with: the to-dos themselves. */
export const taskSource: TimelineSource = {
  name: 'tasks',
  async read(reader, { reach }, scope, page) {
    if (scope.kind !== 'parties') return nothing
    const rows = await listTasks(reader, concerningOf(reach, scope), page)
    const about = await aboutEvents(
      reader,
      scope,
      rows.map(({ id }) => id),
    )
    const entries = rows.flatMap(({ id, at }): Entry[] => {
      const one = about.get(id)
      return one ? [{ ...entryOf(one, 'task', id), at }] : []
    })
    return foundOf(rows, page.limit, entries)
  },
}

export function concerningOf({ calendars }: Reach, { ids, mails }: Parties): Concerning {
  return { parties: ids, mails, calendars: calendars.map(({ row }) => row.id) }
}

export async function meetingEntries(
  reader: Reader,
  scope: Parties,
  rows: readonly ConcerningInstance[],
): Promise<Entry[]> {
  const about = await aboutEvents(
    reader,
    scope,
    rows.map(({ id }) => id),
  )
  return rows.flatMap(({ id, at, endAt, allDay }): Entry[] => {
    const one = about.get(id)
    if (!one) return []
    const entry = entryOf(one, 'meeting', id)
    const data = { ...entry.data, until: new Date(endAt).toISOString(), isAllDay: allDay === 1 }
    return [{ ...entry, at, data }]
  })
}

interface About {
  readonly event: EventSummary
  readonly parties: Entry['parties']
  readonly isLinked: boolean
}

/** What events say, and whom of the scope they have to do with. */
async function aboutEvents(
  reader: Reader,
  scope: Parties,
  all: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, About>> {
  const ids = [...new Set(all)]
  const objects = await findObjectsByIds(reader, ids)
  const texts = await readObjectTexts(reader, objects)
  const [links, mails] = [await linksOfTargets(reader, 'object', ids), await mailsOfObjects(reader, ids)]
  const found = new Map<ObjectId, About>()
  for (const { id } of objects) {
    const event = summarizeEvent(texts.get(id) ?? '')
    const linked = links.filter(({ targetId }) => targetId === id).map(({ partyId }) => partyId)
    const met = [...scope.seen.values()].filter((party) =>
      (scope.mailsOf.get(party.row.id) ?? []).some((mail) => mails.get(id)?.has(mail)),
    )
    const parties = named(scope.seen, [...linked, ...met.map(({ row }) => row.id)])
    if (event) found.set(id, { event, parties, isLinked: linked.length > 0 })
  }
  return found
}

function entryOf({ event, parties, isLinked }: About, kind: string, id: ObjectId): Omit<Entry, 'at'> {
  const { summary, ...data } = event
  return {
    id,
    kind,
    title: summary,
    author: null,
    device: null,
    parties,
    data: { object: id, isLinked, ...data },
  }
}
