import { escapeTextValue, type Parameter, readLine, splitValue, unescapeText } from '../text/content-lines.ts'
import { writeLine } from '../text/write-line.ts'
import { joinedLines, type LegacyLine, legacyLine } from '../vcard/legacy/lines.ts'
import { decodeOctets, quotedPrintableOctets } from '../vcard/quoted-printable.ts'
import { legacyAlarm } from './legacy/alarm.ts'
import { legacyAttendee } from './legacy/attendee.ts'
import { readLegacyRule } from './legacy/rule.ts'
import { type LegacyZone, readLegacyZone } from './legacy/zone.ts'

/** A component of a vCalendar as an iCalendar object of its own, and where it stood. */
export interface LegacyObject {
  readonly text: string
  /** Offsets of the component into the source. */
  readonly start: number
  readonly end: number
  readonly notes: readonly string[]
}

/** Whether a text is a vCalendar 1.0. @param source  a character an octet (Latin-1) */
export function isLegacyCalendar(source: string): boolean {
  return /^BEGIN:VCALENDAR\s*$/im.test(source) && /^VERSION:\s*1(?:\.\d+)*\s*$/im.test(source)
}

/**
 * The events and tasks of vCalendars 1.0, each as an iCalendar object of its own: quoted-printable and character sets
 * decoded, rules, alarms, attendees and zones in the words of iCalendar.
 * @param source   a character an octet (Latin-1): every property may have a character set of its own
 * @param newUid   gives a component without UID one
 * @param charset  what properties without one are in; UTF-8 where they can be, else Windows-1252
 * @see vCalendar 1.0 (versit, 1996)
 */
export function* legacyObjects(
  source: string,
  newUid: (slice: string) => string,
  charset?: string,
): Generator<LegacyObject> {
  for (const calendar of calendars(source)) {
    const head = headOf(calendar.head)
    for (const { kind, start, end } of calendar.components) {
      const slice = source.slice(start, end)
      const { body, notes, uid } = convertComponent(slice, kind, { zone: head, charset })
      const own = uid === undefined ? writeLine('UID', [], newUid(slice)) : ''
      const zone = head !== undefined && body.includes('TZID=') ? head.text : ''
      const frame = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//Import//EN\r\n'
      const text = `${frame}${zone}BEGIN:${kind}\r\n${own}${body}END:${kind}\r\nEND:VCALENDAR\r\n`
      yield { text, start, end, notes: uid === undefined ? [...notes, 'uid added'] : notes }
    }
  }
}

interface LegacyCalendar {
  /** The text of its own properties. */
  readonly head: string
  readonly components: { readonly kind: string; readonly start: number; readonly end: number }[]
}

/** Cut at the lines that begin and end components; what is between is the calendar's own. */
function calendars(source: string): LegacyCalendar[] {
  const found: LegacyCalendar[] = []
  let head = ''
  let components: LegacyCalendar['components'] = []
  let open: { kind: string; start: number } | undefined
  for (const match of source.matchAll(/[^\r\n]*(?:\r\n|\r|\n|$)/g)) {
    const [line] = match
    if (line === '') break
    const [, word, kind] = /^(BEGIN|END):\s*(VCALENDAR|VEVENT|VTODO)\s*$/i.exec(line.trim()) ?? []
    const what = kind?.toUpperCase()
    if (what === 'VCALENDAR') {
      if (head !== '' || components.length > 0) found.push({ head, components })
      head = ''
      components = []
      open = undefined
    } else if (word?.toUpperCase() === 'BEGIN') open = { kind: what ?? '', start: match.index }
    else if (word !== undefined && open !== undefined && open.kind === what) {
      components.push({ ...open, end: match.index + line.length })
      open = undefined
    } else if (open === undefined) head += line
  }
  if (components.length > 0) found.push({ head, components })
  return found
}

function headOf(text: string): LegacyZone | undefined {
  const lines = [...joinedLines(text)]
  const value = (name: string) =>
    lines
      .filter((line) => line.toUpperCase().startsWith(`${name}:`))
      .map((line) => line.slice(name.length + 1))
  return readLegacyZone(value('TZ')[0], value('DAYLIGHT'))
}

interface Context {
  readonly zone: LegacyZone | undefined
  readonly charset: string | undefined
}

interface ConvertedComponent {
  readonly body: string
  readonly notes: readonly string[]
  readonly uid: string | undefined
}

function convertComponent(slice: string, kind: string, context: Context): ConvertedComponent {
  const notes: string[] = []
  let body = ''
  let uid: string | undefined
  let stamp: string | undefined
  const lines = [...joinedLines(slice)]
  const start = startOf(lines)
  for (const text of lines) {
    const line = readLine(text, 0, 0)
    if ('broken' in line) {
      notes.push(`A line could not be read: ${text.slice(0, 80)}`)
      continue
    }
    if (line.name === 'BEGIN' || line.name === 'END') continue
    const read = legacyLine(line)
    const value = decode(read, context.charset)
    if (line.name === 'UID' && value.trim() !== '') uid = value.trim()
    if (/^(?:LAST-MODIFIED|DCREATED)$/.test(line.name) && isUtc(value)) stamp = value.trim()
    const isText = texts.has(line.name) || lists.has(line.name) || line.name.startsWith('X-')
    // What is no text is written as it is: a line end in it would begin another property.
    const safe = isText ? value : value.replace(/\s*[\r\n]+\s*/g, ' ')
    body += convertLine(read, safe, kind, { ...context, start }, notes)
  }
  return { body: `DTSTAMP:${stamp ?? '19700101T000000Z'}\r\n${body}`, notes, uid }
}

/** What alarms are counted from. */
function startOf(lines: readonly string[]): string | undefined {
  const found = lines
    .map((line) => /^(DTSTART|DUE)(?:;[^:]*)?:\s*(\S+)/i.exec(line))
    .filter((match) => match !== null)
  return (found.find(([, name]) => name?.toUpperCase() === 'DTSTART') ?? found[0])?.[2]
}

const isUtc = (value: string): boolean => /^\d{8}T\d{6}Z$/.test(value.trim())

function decode({ line, encoding, charset: own }: LegacyLine, charset: string | undefined): string {
  const octets =
    encoding === 'quoted-printable' ? quotedPrintableOctets(line.value) : Buffer.from(line.value, 'latin1')
  return decodeOctets(octets, own, charset).replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
}

const times = new Set(['DTSTART', 'DTEND', 'DUE', 'RECURRENCE-ID'])
const texts = new Set(['SUMMARY', 'DESCRIPTION', 'LOCATION', 'CONTACT', 'COMMENT', 'UID', 'RELATED-TO'])
const lists = new Set(['CATEGORIES', 'RESOURCES'])

function convertLine(
  read: LegacyLine,
  value: string,
  kind: string,
  { zone, start }: Context & { readonly start: string | undefined },
  notes: string[],
): string {
  const { name } = read.line
  if (times.has(name)) return timeLine(name, value.trim(), zone)
  if (texts.has(name)) return textLine(name, value)
  if (lists.has(name)) return listLine(name, value)
  switch (name) {
    case 'COMPLETED':
    case 'LAST-MODIFIED':
    case 'DCREATED':
      return isUtc(value) ? writeLine(name === 'DCREATED' ? 'CREATED' : name, [], value.trim()) : ''
    case 'EXDATE':
    case 'RDATE':
      return splitValue(value, ';')
        .flatMap((part) => part.split(','))
        .map((part) => (part.trim() === '' ? '' : timeLine(name, part.trim(), zone)))
        .join('')
    case 'RRULE':
    case 'EXRULE': {
      const found = readLegacyRule(value)
      if ('rule' in found) return writeLine(name, [], found.rule)
      notes.push(found.problem)
      return writeLine('X-LEGACY-RRULE', [], escapeTextValue(value))
    }
    case 'AALARM':
    case 'DALARM':
    case 'MALARM':
    case 'PALARM':
      return legacyAlarm(name, value, start)
    case 'ATTENDEE':
      return legacyAttendee(read.line, value)
    case 'STATUS':
      return statusLine(value, kind)
    case 'TRANSP':
      return writeLine(name, [], /^(?:0|OPAQUE)$/i.test(value.trim()) ? 'OPAQUE' : 'TRANSPARENT')
    case 'SEQUENCE':
    case 'PRIORITY':
      return writeLine(name, [], String(Math.max(Number.parseInt(value, 10) || 0, 0)))
    case 'CLASS':
      return writeLine(name, [], value.trim().toUpperCase())
    case 'GEO':
      return geoLine(value)
    case 'URL':
    case 'ATTACH':
      return /^[a-z][a-z0-9+.-]*:/i.test(value.trim()) ? writeLine(name, [], value.trim()) : ''
    case 'RNUM':
    case 'DTSTAMP':
      return ''
    default:
      return name.startsWith('X-')
        ? writeLine(name, [], escapeTextValue(unescapeText(value)))
        : writeLine(`X-LEGACY-${name}`, [], escapeTextValue(unescapeText(value)))
  }
}

function listLine(name: string, value: string): string {
  const parts = splitValue(value, ';').flatMap((part) => splitValue(part, ','))
  const names = parts.map((part) => escapeTextValue(unescapeText(part).trim())).filter(Boolean)
  return names.length === 0 ? '' : writeLine(name, [], names.join(','))
}

function textLine(name: string, value: string): string {
  return value.trim() === '' ? '' : writeLine(name, [], escapeTextValue(unescapeText(value)))
}

/** Local times are in the zone of the calendar, where it has one. */
function timeLine(name: string, value: string, zone: LegacyZone | undefined): string {
  if (/^\d{8}$/.test(value)) return writeLine(name, [{ name: 'VALUE', values: ['DATE'] }], value)
  const parameters: Parameter[] =
    value.endsWith('Z') || zone === undefined ? [] : [{ name: 'TZID', values: [zone.id] }]
  return writeLine(name, parameters, value)
}

const eventStatus: Readonly<Record<string, string>> = { TENTATIVE: 'TENTATIVE', CONFIRMED: 'CONFIRMED' }
const todoStatus: Readonly<Record<string, string>> = {
  'NEEDS ACTION': 'NEEDS-ACTION',
  'NEEDS-ACTION': 'NEEDS-ACTION',
  ACCEPTED: 'IN-PROCESS',
  'IN PROCESS': 'IN-PROCESS',
  'IN-PROCESS': 'IN-PROCESS',
  COMPLETED: 'COMPLETED',
  DECLINED: 'CANCELLED',
}

function statusLine(value: string, kind: string): string {
  const status = (kind === 'VTODO' ? todoStatus : eventStatus)[value.trim().toUpperCase()]
  return status === undefined ? '' : writeLine('STATUS', [], status)
}

/** vCalendar has the longitude first, iCalendar the latitude. */
function geoLine(value: string): string {
  const match = /^\s*([-+.\d]+)\s*[,;]\s*([-+.\d]+)\s*$/.exec(value)
  return match ? writeLine('GEO', [], `${match[2]};${match[1]}`) : ''
}
