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
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Store } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
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
  calendars: readonly CollectionRow[],
  range: BusyRange,
): Promise<BusyPeriod[]> {
  const { store, settings } = services
  const { freeBusyDays, answerInstances } = settings.limits
  if (range.end - range.start > freeBusyDays * dayMs) throw tooMuch(`${freeBusyDays} days`)
  const zones = new Map(calendars.map((row) => [row.id, floatingZone(row)]))
  const ids = [...zones.keys()]
  const { instances, candidates } = await store.read((reader) =>
    queryBusyInstances(reader, ids, range, answerInstances + 1),
  )
  if (instances.length > answerInstances) throw tooMuch(`${answerInstances} instances`)
  const busy = instances.flatMap((row) => busyInstance(row, zones.get(row.collectionId) ?? utcZone, range))
  const availabilities: Availability[] = []
  let count = busy.length
  for await (const own of readCandidates(services, candidates, zones, range)) {
    for (const period of own.busy) busy.push(period)
    availabilities.push(...own.availabilities)
    count += own.busy.length + own.availabilities.reduce((sum, { free }) => sum + 1 + free.length, 0)
    if (count > answerInstances) throw tooMuch(`${answerInstances} instances`)
  }
  return combineBusyTime({ busy, availabilities })
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
): AsyncGenerator<BusyTime> {
  const pause = createPause()
  for await (const part of candidateParts(store, ids)) {
    const texts = await store.read((reader) => readObjectTexts(reader, part))
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
