import { setImmediate as nextTurn } from 'node:timers/promises'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import { anyComponent, type CompFilter, type TimeRange } from '../../../protocol/ical/filter-types.ts'
import type { Zone } from '../../../protocol/ical/timezone.ts'
import { compareText } from '../../../protocol/text/collation.ts'
import { queryInstances } from '../../../storage/calendar-index.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { listObjects, listObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import { isUidHash } from '../../../storage/uid-key.ts'
import type { Services } from '../../services.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readSeenTexts } from '../views/seen-texts.ts'
import type { View } from '../views/view.ts'

const dayMs = 86_400_000

/**
 * The objects of a calendar that match a filter, in pages. A time range alone is answered from the instance rows;
 * whatever the rows cannot prove is decided by the object itself, within a budget of steps for each, and with a turn
 * for other requests between pages.
 * @param filter  the one for VCALENDAR
 * @param zone  of dates and floating times
 * @param view  how whoever asks sees the calendar, where that is not as it is stored: he finds what he sees
 */
export async function* findMatches(
  services: Pick<Services, 'store' | 'settings' | 'log'>,
  calendar: CollectionRow,
  filter: CompFilter,
  zone: Zone,
  view?: View,
): AsyncGenerator<readonly ObjectRow[]> {
  if (view?.kind === 'busy') {
    yield* matchesAmongBlocks(services, calendar, filter, zone, view)
    return
  }
  const { store } = services
  const component = componentOf(filter)
  const range = component && requiredRange(component)
  const ranged = component && range && (await rowsInRange(services, calendar, component, range, zone))
  if (component && ranged) {
    yield* listObjectsByIds(store, calendar.id, ranged.proven)
    for await (const page of listObjectsByIds(store, calendar.id, ranged.open)) {
      const possible = page.filter((row) => mayMatch(row, component))
      yield* findAmong(services, possible, filter, zone, view)
    }
    return
  }
  for await (const page of listObjects(store, calendar.id)) {
    const possible = component ? page.filter((row) => mayMatch(row, component)) : page
    if (component && isBare(component)) yield possible
    else yield* findAmong(services, possible, filter, zone, view)
  }
}

/** Of blocks of time the rows prove nothing, but where none can lie: a block is never longer than what is stored. */
async function* matchesAmongBlocks(
  services: Pick<Services, 'store' | 'settings' | 'log'>,
  calendar: CollectionRow,
  filter: CompFilter,
  zone: Zone,
  view: View,
): AsyncGenerator<readonly ObjectRow[]> {
  const { store } = services
  const component = componentOf(filter)
  const range = component && requiredRange(component)
  const ranged = component && range && (await rowsInRange(services, calendar, component, range, zone))
  const pages = ranged
    ? listObjectsByIds(store, calendar.id, [...ranged.proven, ...ranged.open])
    : listObjects(store, calendar.id)
  for await (const page of pages) {
    const possible = component ? page.filter((row) => row.component === component.name) : page
    yield* findAmong(services, possible, filter, zone, view)
  }
}

/** The one component the filter is about; undefined when it asks for anything more. */
function componentOf(filter: CompFilter): CompFilter | undefined {
  const [component, ...others] = filter.comps
  const isOnly =
    filter.name === 'VCALENDAR' && !filter.isNotDefined && filter.props.length === 0 && others.length === 0
  if (!isOnly || filter.timeRange || !component || component.isNotDefined) return undefined
  return isBesideOthers(component.name) ? undefined : component
}

/** Whether components of that name may stand in any object, so that the column does not tell. */
function isBesideOthers(name: string): boolean {
  return name === 'VTIMEZONE' || name === anyComponent || name.startsWith('X-')
}

/** The time range that every match is in; undefined where another condition will do instead. */
function requiredRange(component: CompFilter): TimeRange | undefined {
  const isAlone = component.props.length === 0 && component.comps.length === 0
  return isAlone || component.test === 'allof' ? component.timeRange : undefined
}

function isBare({ timeRange, props, comps }: CompFilter): boolean {
  return !timeRange && props.length === 0 && comps.length === 0
}

/** What the columns say before the body is read: the component, and the UID where one is asked for. */
function mayMatch(row: ObjectRow, { name, props, test }: CompFilter): boolean {
  if (row.component !== name) return false
  if (test === 'anyof') return true
  return props.every(({ name: property, textMatch, isNotDefined, params }) => {
    if (property !== 'UID' || isNotDefined || !textMatch || params.length > 0 || row.uid === null) return true
    return isUidHash(row.uid) || compareText(textMatch, row.uid)
  })
}

/** From the index: what is proven to match, and what only its body can tell. */
async function rowsInRange(
  { store }: Pick<Services, 'store'>,
  calendar: CollectionRow,
  component: CompFilter,
  { start, end }: TimeRange,
  zone: Zone,
): Promise<{ proven: readonly ObjectId[]; open: readonly ObjectId[] }> {
  const isSteady = [start, end].every((edge) => edge === undefined || isSteadyAround(zone, edge))
  const marginMs = isSteady ? 0 : dayMs
  const { matches, candidates } = await store.read((reader) =>
    queryInstances(reader, calendar.id, {
      components: [component.name],
      start,
      end,
      floatingStart: start === undefined ? undefined : zone.toWall(start) - marginMs,
      floatingEnd: end === undefined ? undefined : zone.toWall(end) + marginMs,
    }),
  )
  const isRangeOnly = component.props.length === 0 && component.comps.length === 0
  if (isRangeOnly && isSteady) return { proven: matches, open: candidates }
  return { proven: [], open: [...matches, ...candidates] }
}

/** Where clocks change, an order of instants is not one of wall times: the rows of floating times prove nothing there. */
function isSteadyAround(zone: Zone, instant: number): boolean {
  const offsetAt = (at: number): number => zone.toWall(at) - at
  const offset = offsetAt(instant)
  return offsetAt(instant - dayMs) === offset && offsetAt(instant + dayMs) === offset
}

/** Rows whose objects match; an object that cannot be read matches nothing, and fails nothing (law 9). */
export async function* findAmong(
  { store, settings, log }: Pick<Services, 'store' | 'settings' | 'log'>,
  rows: readonly ObjectRow[],
  filter: CompFilter,
  zone: Zone,
  view: View | undefined,
): AsyncGenerator<readonly ObjectRow[]> {
  const pause = createPause()
  for (const part of inParts(rows)) {
    const texts = await store.read((reader) => readSeenTexts(reader, part, view))
    const matching: ObjectRow[] = []
    for (const row of part) {
      const text = texts.get(row.id)
      try {
        const budget = { steps: settings.limits.recurrenceSteps }
        if (text !== undefined && matchesFilter(readCalendar(text), filter, { zone, budget }))
          matching.push(row)
      } catch (error) {
        log.warn({ err: error, object: row.id }, 'an object could not be read for a query and was left out')
      }
      const turn = pause()
      if (turn) await turn
    }
    if (matching.length > 0) yield matching
    await nextTurn()
  }
}
