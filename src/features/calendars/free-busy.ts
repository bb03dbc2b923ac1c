import { setImmediate as nextTurn } from 'node:timers/promises'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import {
  type Availability,
  type BusyPeriod,
  type BusyTime,
  busyTimeOf,
  busyTypeOf,
  clipped,
  combineBusyTime,
} from '../../../protocol/ical/freebusy.ts'
import { utcZone, type Zone } from '../../../protocol/ical/timezone.ts'
import { type BusyInstance, queryBusyInstances } from '../../../storage/calendar-index.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Reader, Store } from '../../../storage/store.ts'
import { findLayersWith } from '../../../storage/views/layers.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
import { readSeenTexts } from '../views/seen-texts.ts'
import { openView, type View, type Viewed } from '../views/view.ts'
import { floatingZone } from './timezone.ts'

/** Epoch milliseconds UTC, the end exclusive. */
export interface BusyRange {
  readonly start: number
  readonly end: number
}

/** In a transaction of its own, `{ read: (work) => work(tx) }` is a store too. */
type BusyServices = Pick<Services, 'settings' | 'log'> & { readonly store: Pick<Store, 'read'> }

const dayMs = 86_400_000

/**
 * When calendars together make their owner busy: periods in order, merged, and nothing else of what is in them. Events
 * are answered from the instance rows; what the rows do not know (endless series far ahead, stored free/busy and
 * availability) is read from the objects, each within a budget of steps. Floating times are in their calendar's zone.
 * @throws number-of-matches-within-limits for a range or a number of instances over the limits
 * @see RFC 4791 §7.10, RFC 7953 §5
 */
export async function findBusyPeriods(
  services: BusyServices,
  calendars: readonly Viewed[],
  range: BusyRange,
): Promise<BusyPeriod[]> {
  const { store, settings } = services
  const { freeBusyDays, answerInstances } = settings.limits
  if (range.end - range.start > freeBusyDays * dayMs) throw tooMuch(`${freeBusyDays} days`)
  const zones = new Map(calendars.map(({ row }) => [row.id, floatingZone(row)]))
  const ids = [...zones.keys()]
  const own = await store.read((reader) => ownTransparencies(reader, calendars))
  const except = [...own.keys()]
  const { instances, candidates } = await store.read((reader) =>
    queryBusyInstances(reader, ids, range, answerInstances + 1, except),
  )
  if (instances.length > answerInstances) throw tooMuch(`${answerInstances} instances`)
  const busy = instances.flatMap((row) => busyInstance(row, zones.get(row.collectionId) ?? utcZone, range))
  const availabilities: Availability[] = []
  let count = busy.length
  const asked = [...new Set([...candidates, ...except])]
  for await (const told of readCandidates(services, asked, zones, range, own)) {
    for (const period of told.busy) busy.push(period)
    availabilities.push(...told.availabilities)
    count += told.busy.length + told.availabilities.reduce((sum, { free }) => sum + 1 + free.length, 0)
    if (count > answerInstances) throw tooMuch(`${answerInstances} instances`)
  }
  return combineBusyTime({ busy, availabilities })
}

/** Objects that somebody who sees calendars with a TRANSP of his own has made free or busy for himself, with how he sees them. */
async function ownTransparencies(
  reader: Reader,
  calendars: readonly Viewed[],
): Promise<ReadonlyMap<ObjectId, View>> {
  const found = new Map<ObjectId, View>()
  for (const viewed of calendars) {
    const { mount } = viewed
    const view = mount?.view === 'personal' ? await openView(reader, viewed) : undefined
    if (!mount || !view) continue
    for (const id of await findLayersWith(reader, mount, 'TRANSP:')) found.set(id, view)
  }
  return found
}

function tooMuch(limit: string): Error {
  return refuse('number-of-matches-within-limits', { message: `Free/busy is told for ${limit} at most.` })
}

function busyInstance(
  { floating, status, ...row }: BusyInstance,
  zone: Zone,
  range: BusyRange,
): BusyPeriod[] {
  const type = busyTypeOf(false, status)
  if (!type) return []
  const start = floating ? zone.toUtc(row.start) : row.start
  const end = floating ? zone.toUtc(row.end) : row.end
  return clipped({ start, end, type }, range)
}

/** What objects say of the range; one that cannot be read says nothing, and fails nothing (law 9). */
async function* readCandidates(
  { store, settings, log }: BusyServices,
  ids: readonly ObjectId[],
  zones: ReadonlyMap<CollectionId, Zone>,
  range: BusyRange,
  views: ReadonlyMap<ObjectId, View>,
): AsyncGenerator<BusyTime> {
  const pause = createPause()
  for await (const part of candidateParts(store, ids)) {
    const texts = await store.read((reader) => seenTexts(reader, part, views))
    for (const { id, collectionId } of part.filter((row) => zones.has(row.collectionId))) {
      const text = texts.get(id)
      try {
        const options = {
          zone: zones.get(collectionId) ?? utcZone,
          budget: { steps: settings.limits.recurrenceSteps },
        }
        if (text !== undefined) yield busyTimeOf(readCalendar(text), range, options)
      } catch (error) {
        log.warn({ err: error, object: id }, 'an object could not be read for free/busy and was left out')
      }
      const turn = pause()
      if (turn) await turn
    }
    await nextTurn()
  }
}

async function seenTexts(
  reader: Reader,
  part: readonly ObjectRow[],
  views: ReadonlyMap<ObjectId, View>,
): Promise<ReadonlyMap<number, string>> {
  if (views.size === 0) return readObjectTexts(reader, part)
  const texts = new Map<number, string>()
  for (const view of new Set([undefined, ...views.values()])) {
    const own = part.filter(({ id }) => views.get(id) === view)
    for (const [id, text] of await readSeenTexts(reader, own, view)) texts.set(id, text)
  }
  return texts
}

async function* candidateParts(
  store: Pick<Store, 'read'>,
  ids: readonly ObjectId[],
): AsyncGenerator<readonly ObjectRow[]> {
  for (let from = 0; from < ids.length; from += pageSize) {
    const page = ids.slice(from, from + pageSize)
    yield* inParts(await store.read((reader) => findObjectsByIds(reader, page)))
  }
}

const pageSize = 500
