import type { ContentLine, Parameter } from '../text/content-lines.ts'
import { writeLine } from '../text/write-line.ts'
import type { Calendar, Component } from './calendar.ts'
import { timesOf } from './line-times.ts'
import { RuleError, readRule } from './recurrence.ts'
import { ianaZone, utcZone, zoneFor } from './timezone.ts'
import {
  type Duration,
  formatTime,
  type IcalTime,
  type Period,
  readTime,
  readUtcOffset,
  ValueError,
} from './values.ts'
import { vtimezoneZone } from './vtimezone.ts'
import { writeRule } from './write-rule.ts'

/**
 * Writes the times of an object anew, so that nothing comes along that is no time: neither what was not understood, nor the names that
 * somebody gave his time zones.
 */
export interface TimeWriter {
  time(name: string, time: IcalTime, extra?: readonly Parameter[]): string
  /** A line for each time or period of a property. */
  times(line: ContentLine, extra?: readonly Parameter[]): string
  /** The VTIMEZONEs that what was written names. */
  definitions(): string
}

export function createTimeWriter(calendar: Calendar): TimeWriter {
  const known = new Map<string, Place | undefined>()
  const definitions = new Map<string, string>()
  const placeOf = (tzid: string): Place | undefined => {
    if (!known.has(tzid)) known.set(tzid, placeIn(calendar, tzid))
    const place = known.get(tzid)
    if (place?.definition !== undefined && !definitions.has(place.name))
      definitions.set(place.name, `${writeLine('TZID', [], place.name)}${place.definition}`)
    return place
  }
  /** The value of a time, and the parameters that it needs. */
  const written = ({ wall, form, tzid }: IcalTime): { value: string; parameters: Parameter[] } => {
    const place = tzid === undefined ? undefined : placeOf(tzid)
    if (form !== 'zoned' || !place) {
      const value = formatTime(wall, form === 'zoned' ? 'floating' : form)
      return { value, parameters: form === 'date' ? [{ name: 'VALUE', values: ['DATE'] }] : [] }
    }
    if (place.name === 'UTC') return { value: formatTime(wall, 'utc'), parameters: [] }
    return { value: formatTime(wall, form), parameters: [{ name: 'TZID', values: [place.name] }] }
  }
  const period = (name: string, { start, end, duration }: Period, extra: readonly Parameter[]): string => {
    const { value, parameters } = written(start)
    const until = end ? written(end).value : formatDuration(duration ?? { days: 0, ms: 0 })
    const kind = name === 'RDATE' ? [{ name: 'VALUE', values: ['PERIOD'] }] : []
    return writeLine(name, [...kind, ...parameters, ...extra], `${value}/${until}`)
  }
  const time: TimeWriter['time'] = (name, at, extra = []) => {
    const { value, parameters } = written(at)
    return writeLine(name, [...parameters, ...extra], value)
  }
  return {
    time,
    times: (line, extra = []) =>
      timesOf(line)
        .times.map((item) => ('wall' in item ? time(line.name, item, extra) : period(line.name, item, extra)))
        .join(''),
    definitions: () =>
      [...definitions.values()].map((body) => `BEGIN:VTIMEZONE\r\n${body}END:VTIMEZONE\r\n`).join(''),
  }
}

/** The rules of the first VTIMEZONE of a calendar, in a VCALENDAR of their own; null where there is none. */
export function plainTimezone({ root }: Calendar): string | null {
  const timezone = root.components.find(({ name }) => name === 'VTIMEZONE')
  const definition = timezone && definitionOf(timezone)
  if (!definition) return null
  const tzid = writeLine('TZID', [], `Zone-${digest(definition)}`)
  const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//EN\r\n'
  return `${head}BEGIN:VTIMEZONE\r\n${tzid}${definition}END:VTIMEZONE\r\nEND:VCALENDAR\r\n`
}

/** A DURATION value that is not negative. @see RFC 5545 §3.3.6 */
export function formatDuration({ days, ms }: Duration): string {
  const seconds = Math.floor(ms / 1000)
  const time = seconds === 0 && days !== 0 ? '' : `T${seconds}S`
  return `P${days === 0 ? '' : `${days}D`}${time}`
}

/** The rules of a property that can be read. */
export function writeRules({ lines }: Component, name: string): string {
  return lines
    .filter((line) => line.name === name)
    .map(({ value }) => attempt(() => writeLine(name, [], writeRule(readRule(value)))) ?? '')
    .join('')
}

/** A zone under a name that tells nothing else. */
interface Place {
  readonly name: string
  /** What stands in its VTIMEZONE after the TZID; undefined where the object has none. */
  readonly definition: string | undefined
}

/** Undefined where a TZID means no zone: such times are read as floating. */
function placeIn({ text, timezones }: Calendar, tzid: string): Place | undefined {
  const zone = zoneFor(tzid, timezones)
  if (!zone) return undefined
  if (zone === utcZone) return { name: 'UTC', definition: undefined }
  const own = timezones.get(tzid) ?? timezones.get(tzid.trim())
  const definition = own && plainDefinition(own, text.slice(own.start, own.end))
  if (ianaZone(zone.name) === zone) return { name: zone.name, definition }
  if (own && definition !== undefined && vtimezoneZone(own) === zone)
    return { name: `Zone-${digest(definition)}`, definition }
  // A name that is an offset.
  return { name: zone.name.replace(/\s/g, ''), definition: undefined }
}

/** Clients write the same few definitions into every object. */
const knownDefinitions = new Map<string, string>()
const maxDefinitions = 200
const maxKeptLength = 8_192

function plainDefinition(timezone: Component, text: string): string {
  const known = knownDefinitions.get(text)
  if (known !== undefined) return known
  const definition = definitionOf(timezone)
  if (knownDefinitions.size >= maxDefinitions) knownDefinitions.clear()
  if (text.length <= maxKeptLength) knownDefinitions.set(text, definition)
  return definition
}

/** The rules of a VTIMEZONE. @see RFC 5545 §3.6.5 */
function definitionOf(timezone: Component): string {
  return timezone.components.map(observance).join('')
}

function observance({ name, lines }: Component): string {
  if (name !== 'STANDARD' && name !== 'DAYLIGHT') return ''
  const value = (wanted: string): string => lines.find((line) => line.name === wanted)?.value ?? ''
  const to = attempt(() => readUtcOffset(value('TZOFFSETTO')))
  if (to === undefined) return ''
  const from = attempt(() => readUtcOffset(value('TZOFFSETFROM'))) ?? to
  const start = attempt(() => readTime(value('DTSTART')))
  const own = start ? formatTime(start.wall, start.form === 'utc' ? 'utc' : 'floating') : '19000101T000000'
  const dates = lines
    .filter((line) => line.name === 'RDATE')
    .flatMap((line) => timesOf(line).times)
    .map((item) => ('wall' in item ? `RDATE:${formatTime(item.wall, item.form)}\r\n` : ''))
  return [
    `BEGIN:${name}\r\nDTSTART:${own}\r\n`,
    `TZOFFSETFROM:${formatOffset(from)}\r\nTZOFFSETTO:${formatOffset(to)}\r\n`,
    writeRules({ name, lines, broken: [], components: [], start: 0, end: 0 }, 'RRULE'),
    ...dates,
    `END:${name}\r\n`,
  ].join('')
}

function formatOffset(ms: number): string {
  const seconds = Math.abs(ms) / 1000
  const two = (number: number): string => String(Math.floor(number)).padStart(2, '0')
  const rest = seconds % 60 === 0 ? '' : two(seconds % 60)
  return `${ms < 0 ? '-' : '+'}${two(seconds / 3600)}${two((seconds / 60) % 60)}${rest}`
}

/** The same rules have the same name, in whatever object: 64 bits of FNV-1a, in two halves. */
function digest(text: string): string {
  return [0x811c9dc5, 0x01000193].map((seed) => fnv(text, seed)).join('')
}

function fnv(text: string, seed: number): string {
  let hash = seed
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(36)
}

function attempt<Value>(read: () => Value): Value | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof ValueError || error instanceof RuleError) return undefined
    throw error
  }
}
