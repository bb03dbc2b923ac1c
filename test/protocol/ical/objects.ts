import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { type InstanceOptions, instances } from '../../../protocol/ical/instances.ts'
import { ianaZone, utcZone, type Zone } from '../../../protocol/ical/timezone.ts'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'

/** The text of a VCALENDAR with these lines. */
export function calendarText(...lines: readonly string[]): string {
  return ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//Example//EN', ...lines, 'END:VCALENDAR', ''].join(
    '\r\n',
  )
}

/** The lines of a component; UID and DTSTAMP come by themselves. */
export function lines(name: string, ...properties: readonly string[]): string[] {
  const uid = properties.some((line) => line.startsWith('UID')) ? [] : ['UID:one']
  return [`BEGIN:${name}`, ...uid, 'DTSTAMP:20260101T000000Z', ...properties, `END:${name}`]
}

/** A calendar of events, each given by its properties. */
export function events(...all: readonly (readonly string[])[]): Calendar {
  return readCalendar(calendarText(...all.flatMap((own) => lines('VEVENT', ...own))))
}

/** A calendar of one component. */
export function one(name: string, ...properties: readonly string[]): Calendar {
  return readCalendar(calendarText(...lines(name, ...properties)))
}

export function at(iso: string): number {
  const time = Date.parse(iso.length === 10 ? `${iso}T00:00:00Z` : iso)
  if (Number.isNaN(time)) throw new RangeError(iso)
  return time
}

export function zoneOf(name: string): Zone {
  const zone = name === 'UTC' ? utcZone : ianaZone(name)
  if (!zone) throw new RangeError(name)
  return zone
}

/** `start/end` of each instance in UTC, in ascending order. */
export function spans(
  calendar: Calendar,
  {
    from,
    to,
    zone = 'UTC',
    steps = 10_000,
  }: { from?: string; to?: string; zone?: string; steps?: number } = {},
): string[] {
  const options: InstanceOptions = {
    zone: zoneOf(zone),
    from: from === undefined ? undefined : at(from),
    to: to === undefined ? undefined : at(to),
  }
  return [...instances(calendar, options, { steps })]
    .map(({ start, end }) => `${short(start)}/${short(end)}`)
    .sort()
}

function short(time: number): string {
  return new Date(time).toISOString().replace(':00.000Z', 'Z')
}

export interface CalendarFile {
  readonly name: string
  /** Latin-1 where the octets are not Unicode. */
  readonly text: string
}

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))

/** The fixtures, and every .ics of the folder that FARLEY_TEST_CORPUS names. */
export function calendarFiles(): CalendarFile[] {
  const folders = [fixtures, ...(process.env.FARLEY_TEST_CORPUS ? [process.env.FARLEY_TEST_CORPUS] : [])]
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:ics|vcs)$/i.test(name))
      .sort()
      .map((name) => ({ name, text: readText(join(folder, name)) })),
  )
}

export function readText(path: string): string {
  const bytes = readFileSync(path)
  try {
    return decodeText(bytes).text
  } catch (error) {
    if (error instanceof TextEncodingError) return bytes.toString('latin1')
    throw error
  }
}
