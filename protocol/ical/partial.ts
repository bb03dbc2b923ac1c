import { writeLine } from '../text/write-line.ts'
import { type Calendar, type Component, components, readCalendar } from './calendar.ts'
import { type ExpandOptions, expandCalendar } from './expand.ts'
import type { CalendarDataRequest, CompSelection, TimeRange } from './filter-types.ts'
import { dayMs } from './gregorian.ts'
import { type InstanceOptions, instancesTouching } from './instances.ts'
import { clockOf, instantOf, timesOf, wallOn } from './line-times.ts'
import { overlaps, periodSpan } from './overlap.ts'
import { isThisAndFuture, readSeries, type Series } from './series.ts'
import type { Zone } from './timezone.ts'
import { addDurationInZone } from './values.ts'
import { applyEdits, type Edit } from './write-lines.ts'

/**
 * The text a CALDAV:calendar-data answers with: expanded or limited first, then reduced to the properties and
 * components asked for. Without conditions it is the object as stored.
 * @throws BudgetError, TooManyInstancesError from expanding
 * @see RFC 4791 §9.6
 */
export function renderCalendarData(
  calendar: Calendar,
  request: CalendarDataRequest,
  options: ExpandOptions,
): string {
  let current = calendar
  if (request.expand) current = readCalendar(expandCalendar(current, request.expand, options))
  if (request.limitRecurrenceSet) {
    current = readCalendar(limitRecurrenceSet(current, request.limitRecurrenceSet, options))
  }
  if (request.limitFreebusySet) {
    current = readCalendar(limitFreebusySet(current, request.limitFreebusySet, options.zone))
  }
  return request.comp ? selectCalendarData(current, request.comp) : current.text
}

/**
 * The object with only the properties and components asked for, their lines as stored. A CALDAV:comp without children
 * asks for the whole component.
 * @see RFC 4791 §9.6.1–9.6.4 (and the example of §7.8.1)
 */
export function selectCalendarData({ text, root }: Calendar, selection: CompSelection): string {
  if (selection.name !== root.name) return text
  return applyEdits(text, selectionEdits(root, [selection]))
}

/**
 * The object without the overrides that neither lie in the range nor take anything out of it; the master stays.
 * @see RFC 4791 §9.6.6
 */
export function limitRecurrenceSet(calendar: Calendar, range: TimeRange, options: InstanceOptions): string {
  const edits: Edit[] = []
  for (const series of allSeries(calendar)) {
    for (const component of untouchedOverrides(calendar, series, range, options.zone)) {
      edits.push(removal(component))
    }
  }
  return applyEdits(calendar.text, edits)
}

function allSeries(calendar: Calendar): Series[] {
  return [
    ...['VEVENT', 'VTODO', 'VJOURNAL'].flatMap((name) => readSeries(calendar, name)),
    ...components(calendar.root, 'VAVAILABILITY').flatMap((own) => readSeries(calendar, 'AVAILABLE', own)),
  ]
}

/**
 * The object without the FREEBUSY values outside the range.
 * @see RFC 4791 §9.6.7
 */
export function limitFreebusySet(calendar: Calendar, range: TimeRange, zone: Zone): string {
  const edits: Edit[] = []
  for (const component of calendar.root.components) {
    if (component.name !== 'VFREEBUSY') continue
    for (const line of component.lines) {
      if (line.name !== 'FREEBUSY') continue
      const values = line.value.split(',')
      const kept = values.filter((value) => isBusyIn({ ...line, value }, calendar, range, zone))
      if (kept.length === values.length) continue
      const text = kept.length === 0 ? '' : writeLine(line.name, line.parameters, kept.join(','))
      edits.push({ start: line.start, end: line.end, text })
    }
  }
  return applyEdits(calendar.text, edits)
}

/** @param selections  those for components of that name, of which each adds to the others */
function selectionEdits(component: Component, selections: readonly CompSelection[]): Edit[] {
  if (selections.some(isWhole)) return []
  const edits: Edit[] = []
  if (!selections.some(({ allprop }) => allprop)) {
    const props = selections.flatMap((own) => own.props)
    for (const line of component.lines) {
      const asked = props.filter(({ name }) => name === line.name)
      if (asked.length === 0) edits.push(removal(line))
      else if (asked.every(({ novalue }) => novalue)) {
        edits.push({ start: line.start, end: line.end, text: writeLine(line.name, line.parameters, '') })
      }
    }
    for (const line of component.broken) edits.push(removal(line))
  }
  if (selections.some(({ allcomp }) => allcomp)) return edits
  const comps = selections.flatMap((own) => own.comps)
  for (const inner of component.components) {
    const asked = comps.filter(({ name }) => name === inner.name)
    if (asked.length === 0) edits.push(removal(inner))
    else edits.push(...selectionEdits(inner, asked))
  }
  return edits
}

function isWhole({ allprop, props, allcomp, comps }: CompSelection): boolean {
  if (allprop && allcomp) return true
  return !allprop && !allcomp && props.length === 0 && comps.length === 0
}

function removal({ start, end }: { start: number; end: number }): Edit {
  return { start, end, text: '' }
}

/** An override counts where it is, and where the instance was that it stands for. */
function* untouchedOverrides(
  calendar: Calendar,
  series: Series,
  range: TimeRange,
  zone: Zone,
): Generator<Component> {
  const { master } = series
  for (const override of series.overrides) {
    const { component, recurrenceId: id } = override
    if (!id) continue
    const original = instantOf(id, calendar, zone)
    if (isThisAndFuture(component) && (range.end === undefined || original < range.end + 2 * dayMs)) continue
    const alone = { ...series, overrides: [override], segments: [] }
    const window = { zone, from: range.start, to: range.end }
    const now = [...instancesTouching(alone, window, { steps: 1 })]
    if (now.some((instance) => overlaps(instance, instance.shape, range))) continue
    const { length, shape, clock } = master ?? override
    const wall = wallOn(clock, id.wall, clockOf(id, calendar))
    const end = addDurationInZone(wall, length, clock.zone ?? zone)
    if (overlaps({ start: original, end }, shape, range)) continue
    yield component
  }
}

function isBusyIn(
  line: Parameters<typeof timesOf>[0],
  calendar: Calendar,
  range: TimeRange,
  zone: Zone,
): boolean {
  const [item] = timesOf(line).times
  if (!item || 'wall' in item) return true
  return overlaps(periodSpan(item, calendar, zone), 'span', range)
}
