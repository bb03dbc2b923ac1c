import { type ContentLine, unescapeText } from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import { clockOf, readTimeLine } from './line-times.ts'
import { RuleError, readRule } from './recurrence.ts'
import { ValueError } from './values.ts'

/** The components a calendar object resource may be made of. @see RFC 4791 §4.1, RFC 7953 §3.1 */
export type ObjectComponent = 'VEVENT' | 'VTODO' | 'VJOURNAL' | 'VFREEBUSY' | 'VAVAILABILITY'

export const objectComponents: readonly ObjectComponent[] = [
  'VEVENT',
  'VTODO',
  'VJOURNAL',
  'VFREEBUSY',
  'VAVAILABILITY',
]

export interface CalendarObject {
  readonly uid: string
  readonly component: ObjectComponent
}

export interface ObjectLimits {
  /** The most ATTENDEEs one component may have. @see RFC 4791 §5.2.9 */
  readonly maxAttendees?: number | undefined
}

/**
 * Holds a calendar object against the few rules whose breach would lose or confuse data: control characters, METHOD,
 * more than one UID, type or master, no UID, a RECURRENCE-ID that is no time or comes twice, an RRULE that is none.
 * Everything else is stored as sent. An RSCALE that is not computed here is stored too.
 * @throws InvalidObjectError with the precondition that failed
 * @see RFC 4791 §4.1, §5.3.2.1
 */
export function validateCalendarObject(calendar: Calendar, limits: ObjectLimits = {}): CalendarObject {
  refuseControlCharacters(calendar.text)
  refuseOtherVersions(calendar.root)
  if (property(calendar.root, 'METHOD')) throw notAResource('The object has a METHOD.')
  const parts = calendar.root.components.filter(isObjectPart)
  const component = typeOf(parts)
  const uid = commonUid(parts)
  const seen = new Set<string>()
  for (const part of parts) {
    const id = recurrenceKey(part, calendar)
    if (seen.has(id)) {
      throw notAResource(id === '' ? 'There are two masters.' : 'A RECURRENCE-ID comes twice.')
    }
    seen.add(id)
    checkRules(part)
    checkAttendees(part, limits.maxAttendees)
  }
  return { uid, component }
}

/** The UID of a component, unescaped; undefined when it has none or an empty one. @see RFC 5545 §3.8.4.7 */
export function uidOf(component: Component): string | undefined {
  const line = property(component, 'UID')
  return line && uidIn(line)
}

/** The same, of the UID property. */
export function uidIn(line: ContentLine): string | undefined {
  const uid = line.value.trim()
  return uid === '' ? undefined : unescapeText(uid)
}

/** Whether a component inside the VCALENDAR belongs to the object itself: not a time zone, not an extension. */
export function isObjectPart(component: Component): boolean {
  return component.name !== 'VTIMEZONE' && !component.name.startsWith('X-')
}

/** @throws InvalidObjectError `supported-calendar-data` for vCalendar 1.0 and its like */
function refuseOtherVersions(root: Component): void {
  const version = property(root, 'VERSION')?.value.trim()
  if (version === undefined || version === '2.0' || version.endsWith(';2.0')) return
  throw new InvalidObjectError('supported-calendar-data', `The version is ${version.slice(0, 20)}, not 2.0.`)
}

/**
 * Which instance a component is, the same for every way to write it; empty for a master.
 * @throws InvalidObjectError when its RECURRENCE-ID is no time
 */
export function recurrenceKey(component: Component, calendar: Calendar): string {
  const line = property(component, 'RECURRENCE-ID')
  if (!line) return ''
  try {
    const time = readTimeLine(line)
    const { zone } = clockOf(time, calendar)
    const range = line.parameters.some(({ name }) => name === 'RANGE') ? ' range' : ''
    if (zone) return `${zone.toUtc(time.wall)}Z${range}`
    return `${time.wall} ${time.form}${range}`
  } catch (error) {
    if (error instanceof ValueError) throw notAResource(`A RECURRENCE-ID is no time. ${error.message}`)
    throw error
  }
}

/** @see RFC 5545 §3.1: CONTROL = %x00-08 / %x0A-1F / %x7F, of which CR and LF end lines. */
function refuseControlCharacters(text: string): void {
  const at = text.search(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/)
  if (at === -1) return
  const code = text.charCodeAt(at).toString(16).padStart(2, '0')
  throw new InvalidObjectError('valid-calendar-data', `There is a control character (0x${code}).`)
}

function typeOf(parts: readonly Component[]): ObjectComponent {
  const [first] = parts
  if (!first) throw notAResource('There is no component but time zones.')
  if (parts.some(({ name }) => name !== first.name)) {
    throw notAResource('There are components of different types.')
  }
  const known = objectComponents.find((name) => name === first.name)
  if (!known) {
    throw new InvalidObjectError('supported-calendar-component', `${first.name.slice(0, 40)} is not known.`)
  }
  return known
}

function commonUid(parts: readonly Component[]): string {
  let common: string | undefined
  for (const part of parts) {
    let own: string | undefined
    for (const line of part.lines) {
      const uid = line.name === 'UID' ? uidIn(line) : undefined
      if (uid === undefined) continue
      own = uid
      common ??= own
      if (own !== common) throw notAResource('There is more than one UID.')
    }
    if (own === undefined) throw notAResource(`A ${part.name} has no UID.`)
  }
  return common ?? ''
}

function checkRules(part: Component): void {
  for (const line of part.lines) {
    if (line.name !== 'RRULE') continue
    try {
      readRule(line.value)
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      if (!/(?:^|;)\s*RSCALE\s*=\s*(?!GREGORIAN)[A-Z]/i.test(line.value)) {
        throw notAResource(`An RRULE cannot be read. ${error.message}`)
      }
    }
  }
}

function checkAttendees(part: Component, max: number | undefined): void {
  if (max === undefined) return
  let count = 0
  for (const line of part.lines) if (line.name === 'ATTENDEE') count += 1
  if (count <= max) return
  throw new InvalidObjectError('max-attendees-per-instance', `There are ${count} attendees.`)
}

function notAResource(message: string): InvalidObjectError {
  return new InvalidObjectError('valid-calendar-object-resource', message)
}
