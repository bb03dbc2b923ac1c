import { type ContentLine, parameter, splitValue } from '../text/content-lines.ts'
import { writeLine } from '../text/write-line.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import type { TimeRange } from './filter-types.ts'
import { type Instance, instancesTouching } from './instances.ts'
import { type Clock, clockOf, quietly, readTimeLine } from './line-times.ts'
import { overlaps, overlapsUndated } from './overlap.ts'
import type { Budget } from './recurrence.ts'
import { readSeries } from './series.ts'
import { utcZone, type Zone } from './timezone.ts'
import { formatTime, type IcalTime, readTime } from './values.ts'
import { withCrlf } from './write-lines.ts'

export interface ExpandOptions {
  /** Of dates and floating times. */
  readonly zone: Zone
  readonly budget: Budget
  /** The most instances to write. */
  readonly maxInstances?: number | undefined
}

/** More instances lie in the range than may be written. */
export class TooManyInstancesError extends Error {
  override name = 'TooManyInstancesError'
}

/**
 * The object with its recurrence sets written out: one component for each instance in the range, times in UTC, with a
 * RECURRENCE-ID where the object recurs and no rule. Dates stay dates and floating times stay local; time zones are
 * left out. Every other line is as stored, with CRLF.
 * @throws BudgetError, TooManyInstancesError
 * @see RFC 4791 §9.6.5
 */
export function expandCalendar(calendar: Calendar, range: TimeRange, options: ExpandOptions): string {
  const { text, root } = calendar
  const expansion = { ...options, calendar, range, written: 0 }
  let expanded = 'BEGIN:VCALENDAR\r\n'
  for (const line of root.lines) expanded += withCrlf(text.slice(line.start, line.end))
  for (const component of root.components) expanded += expandOther(expansion, component)
  for (const name of recurring) expanded += expandSeries(expansion, root, name)
  return `${expanded}END:VCALENDAR\r\n`
}

const recurring = new Set(['VEVENT', 'VTODO', 'VJOURNAL'])

interface Expansion extends ExpandOptions {
  readonly calendar: Calendar
  readonly range: TimeRange
  /** Instances so far. */
  written: number
}

/** What has no instances of its own, or, as availability, only inside. */
function expandOther(expansion: Expansion, component: Component): string {
  const { calendar, range, zone } = expansion
  if (component.name === 'VTIMEZONE') return ''
  if (component.name === 'VAVAILABILITY') {
    const available = expandSeries(expansion, component, 'AVAILABLE')
    return writeComponent(calendar, component, undefined, { name: 'AVAILABLE', text: available })
  }
  if (recurring.has(component.name)) {
    const isIn = isUndatedTodo(component) && overlapsUndated(component, range, calendar, zone)
    if (!isIn) return ''
  }
  count(expansion)
  return writeComponent(calendar, component, undefined)
}

/** The instances of the components of one name. */
function expandSeries(expansion: Expansion, parent: Component, name: string): string {
  const { calendar, range, zone, budget } = expansion
  if (!parent.components.some((component) => component.name === name)) return ''
  let text = ''
  for (const series of readSeries(calendar, name, parent)) {
    const window = { zone, from: range.start, to: range.end }
    for (const instance of instancesTouching(series, window, budget)) {
      if (!overlaps(instance, instance.shape, range)) continue
      count(expansion)
      text += writeComponent(calendar, instance.component, { instance, series: series.master?.clock })
    }
  }
  return text
}

function count(expansion: Expansion): void {
  expansion.written += 1
  if (expansion.written <= (expansion.maxInstances ?? Number.POSITIVE_INFINITY)) return
  throw new TooManyInstancesError('There are more instances than may be expanded.')
}

function isUndatedTodo(component: Component): boolean {
  return component.name === 'VTODO' && !hasStart(component)
}

/** Whether there is a line behind which the RECURRENCE-ID goes. */
function hasStart(component: Component): boolean {
  if (property(component, 'DTSTART')) return true
  return component.name === 'VTODO' && property(component, 'DUE') !== undefined
}

interface Written {
  readonly instance: Instance
  /** The clock the RECURRENCE-ID is on; an override without a master has its own. */
  readonly series: Clock | undefined
}

/** @param instead  what stands for the inner components of a name */
function writeComponent(
  calendar: Calendar,
  component: Component,
  written: Written | undefined,
  instead?: { readonly name: string; readonly text: string },
): string {
  let result = `BEGIN:${component.name}\r\n`
  for (const line of component.lines) result += writeProperty(calendar, component, line, written)
  for (const line of component.broken) result += withCrlf(calendar.text.slice(line.start, line.end))
  for (const inner of component.components) {
    if (inner.name !== instead?.name) result += writeComponent(calendar, inner, undefined)
  }
  return `${result}${instead?.text ?? ''}END:${component.name}\r\n`
}

function writeProperty(
  calendar: Calendar,
  component: Component,
  line: ContentLine,
  written: Written | undefined,
): string {
  const stored = () => asUtc(calendar, line) ?? withCrlf(calendar.text.slice(line.start, line.end))
  if (!written) return stored()
  const { instance } = written
  switch (line.name) {
    case 'RRULE':
    case 'RDATE':
    case 'EXDATE':
    case 'EXRULE':
      return ''
    case 'RECURRENCE-ID':
      return hasStart(component) ? '' : recurrenceId(calendar, written)
    case 'DTSTART':
      return startLines(calendar, line, written) + ownEnd(component, instance)
    case 'DUE':
      return property(component, 'DTSTART')
        ? endLine(calendar, line, instance)
        : startLines(calendar, line, written)
    case 'DTEND':
      return instance.hasOwnLength ? '' : endLine(calendar, line, instance)
    case 'DURATION':
      return instance.hasOwnLength ? '' : stored()
    default:
      return stored()
  }
}

function startLines(calendar: Calendar, line: ContentLine, written: Written): string {
  const { instance } = written
  const start = timeLine(line, line.name, instance.start, instance.wallStart, instance)
  return start + recurrenceId(calendar, written)
}

/** The DTEND of an RDATE that has its own. */
function ownEnd(component: Component, instance: Instance): string {
  if (!instance.hasOwnLength) return ''
  const value = instance.floating
    ? formatTime(instance.wallEnd, instance.allDay ? 'date' : 'floating')
    : formatTime(instance.end, 'utc')
  const parameters = instance.allDay ? [{ name: 'VALUE', values: ['DATE'] }] : []
  return writeLine(component.name === 'VTODO' ? 'DUE' : 'DTEND', parameters, value)
}

/** A DTEND on another clock than DTSTART keeps its kind. */
function endLine(calendar: Calendar, line: ContentLine, instance: Instance): string {
  const time = quietly(() => readTimeLine(line))
  if (!time) return withCrlf(calendar.text.slice(line.start, line.end))
  if ((time.form === 'date') === instance.allDay) {
    return timeLine(line, line.name, instance.end, instance.wallEnd, instance)
  }
  const own = clockOf(time, calendar)
  const wall = instance.floating ? instance.wallEnd : (own.zone ?? instance.zone).toWall(instance.end)
  return timeLine(line, line.name, instance.end, wall, { floating: true, allDay: own.isDate })
}

function timeLine(
  line: ContentLine,
  name: string,
  instant: number,
  wall: number,
  { floating, allDay }: { floating: boolean; allDay: boolean },
): string {
  const kept = line.parameters.filter((own) => own.name !== 'TZID' && own.name !== 'VALUE')
  if (allDay) {
    return writeLine(name, [{ name: 'VALUE', values: ['DATE'] }, ...kept], formatTime(wall, 'date'))
  }
  return writeLine(name, kept, floating ? formatTime(wall, 'floating') : formatTime(instant, 'utc'))
}

function recurrenceId(calendar: Calendar, { instance, series }: Written): string {
  const { recurrenceId: id } = instance
  if (!id) return ''
  const own = clockOf(id, calendar)
  const clock = own.zone || own.isDate ? own : (series ?? own)
  if (id.form === 'date') return writeDate(id)
  if (!clock.zone) return writeLine('RECURRENCE-ID', [], formatTime(id.wall, 'floating'))
  return writeLine('RECURRENCE-ID', [], formatTime(clock.zone.toUtc(id.wall), 'utc'))
}

function writeDate(id: IcalTime): string {
  const parameters = [{ name: 'VALUE', values: ['DATE'] }]
  return writeLine('RECURRENCE-ID', parameters, formatTime(id.wall, 'date'))
}

/** A property whose times have a zone, in UTC; undefined for any other. */
function asUtc(calendar: Calendar, line: ContentLine): string | undefined {
  const tzid = parameter(line, 'TZID')
  if (tzid === undefined) return undefined
  const values: string[] = []
  for (const value of splitValue(line.value, ',')) {
    const time = quietly(() => readTime(value, { tzid }))
    const zone = time && time.form !== 'date' ? clockOf(time, calendar).zone : undefined
    if (!time || !zone) return undefined
    values.push(formatTime((time.form === 'utc' ? utcZone : zone).toUtc(time.wall), 'utc'))
  }
  const kept = line.parameters.filter((own) => own.name !== 'TZID')
  return writeLine(line.name, kept, values.join(','))
}
