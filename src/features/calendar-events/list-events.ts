import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type EventRow, eventRows, type RowRange } from '../../../protocol/ical/details/row.ts'
import { queryInstances } from '../../../storage/calendar-index.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { reachOf } from '../people/reach.ts'
import { type SeenCalendar, seenCalendars, seeObjects } from './calendar-events.ts'

const dayMs = 86_400_000

/** One time at which an event takes place, with the event. */
export interface ListedEvent extends EventRow {
  readonly id: ObjectId
  readonly etag: string
  readonly calendar: SeenCalendar
}

export interface EventsInRange {
  readonly items: readonly ListedEvent[]
  /** Whether there are more than may be shown. */
  readonly isCut: boolean
  readonly unreadable: readonly ObjectId[]
}

/**
 * The times of events in a range, in order. Which objects have any says the calendar index; each of them is read once.
 * @throws refusal 422 for a range that is too long, or ends before it begins
 */
export async function listEvents(
  services: Pick<Services, 'store' | 'settings' | 'log'>,
  session: Session,
  asked: { readonly range: RowRange; readonly calendars: readonly CollectionId[] | undefined },
): Promise<EventsInRange> {
  const { store, settings } = services
  checkSpan(asked.range, settings.calendar.shownDays)
  const calendars = await store.read(async (reader) =>
    seenCalendars(reader, await reachOf(reader, session), asked.calendars),
  )
  const found: Found = { items: [], unreadable: [], limit: settings.calendar.shownInstances, isCut: false }
  for (const calendar of calendars) {
    if (found.isCut) break
    await readCalendarRange(services, calendar, asked.range, found)
  }
  found.items.sort((one, other) => one.startAt - other.startAt || one.id - other.id)
  return { items: found.items, isCut: found.isCut, unreadable: found.unreadable }
}

interface Found {
  readonly items: ListedEvent[]
  readonly unreadable: ObjectId[]
  readonly limit: number
  isCut: boolean
}

function checkSpan({ from, to }: RowRange, days: number): void {
  if (to <= from) throw refuseStatus(422, 'The range ends before it begins.')
  if (to - from > days * dayMs) throw refuseStatus(422, `Ask for ${days} days at most.`)
}

async function readCalendarRange(
  services: Pick<Services, 'store' | 'settings' | 'log'>,
  calendar: SeenCalendar,
  range: RowRange,
  found: Found,
): Promise<void> {
  const { store } = services
  const ids = await store.read(async (reader) => {
    const { matches, candidates } = await queryInstances(reader, calendar.row.id, asIndexed(range))
    return [...matches, ...candidates]
  })
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize)
    const rows = await store.read((reader) => findObjectsByIds(reader, page))
    const here = rows.filter(({ collectionId }) => collectionId === calendar.row.id)
    for (const part of inParts(here)) {
      await readPart(services, { calendar, part, range }, found)
      if (found.isCut) return
    }
  }
}

const pageSize = 500

/** Of times on no clock also those that are only near: each is looked at again. */
function asIndexed({ from, to, zone }: RowRange) {
  return {
    components: ['VEVENT'],
    start: from,
    end: to,
    floatingStart: zone.toWall(from) - dayMs,
    floatingEnd: zone.toWall(to) + dayMs,
  }
}

/** What cannot be read, or costs too much, fails nothing else (law 9). */
async function readPart(
  { store, settings, log }: Pick<Services, 'store' | 'settings' | 'log'>,
  asked: {
    readonly calendar: SeenCalendar
    readonly part: readonly ObjectRow[]
    readonly range: RowRange
  },
  found: Found,
): Promise<void> {
  const { calendar, part, range } = asked
  const pause = createPause()
  for (const { row, text } of await store.read((reader) => seeObjects(reader, calendar, part))) {
    try {
      const budget = { steps: settings.limits.recurrenceSteps }
      for (const own of eventRows(text, range, budget)) {
        if (found.items.length === found.limit) {
          found.isCut = true
          return
        }
        found.items.push({ ...own, id: row.id, etag: row.etag, calendar })
      }
    } catch (error) {
      log.warn({ err: error, object: row.id }, 'an event could not be read for a list and was left out')
      found.unreadable.push(row.id)
    }
    const turn = pause()
    if (turn) await turn
  }
}
