import { type ContentLine, parameter, splitValue, unescapeText } from '../text/content-lines.ts'
import {
  extendedDateTime,
  extendedOffset,
  extendedTime,
  type Json,
  type JsonProperty,
  jsonParameters,
  numberOrText,
} from '../text/json-property.ts'
import { type Component, readCalendar } from './calendar.ts'

/** @see RFC 7265 §3.3 */
export type JCal = readonly [name: string, properties: readonly JsonProperty[], components: readonly JCal[]]

/**
 * A calendar object as jCal. Lines that cannot be read are not part of it.
 * @throws InvalidObjectError when it is not one VCALENDAR
 * @see RFC 7265 §3
 */
export function writeJCal(text: string): JCal {
  return jCalComponent(readCalendar(text).root)
}

function jCalComponent({ name, lines, components }: Component): JCal {
  return [name.toLowerCase(), lines.map(jCalProperty), components.map(jCalComponent)]
}

function jCalProperty(line: ContentLine): JsonProperty {
  const type = typeOf(line)
  return [line.name.toLowerCase(), jsonParameters(line.parameters), type, ...valuesOf(line, type)]
}

/** @see RFC 5545 §3.7–3.8, RFC 7986, RFC 9073, RFC 9074, RFC 7953, RFC 9253 */
const types: ReadonlyMap<string, string> = new Map(
  Object.entries({
    text: 'CALSCALE METHOD PRODID VERSION CATEGORIES CLASS COMMENT DESCRIPTION LOCATION RESOURCES STATUS SUMMARY TRANSP TZID TZNAME CONTACT RELATED-TO UID ACTION REQUEST-STATUS NAME COLOR PROXIMITY BUSYTYPE LOCATION-TYPE PARTICIPANT-TYPE RESOURCE-TYPE STYLED-DESCRIPTION REFID',
    'date-time':
      'COMPLETED DTEND DUE DTSTART RECURRENCE-ID EXDATE RDATE CREATED DTSTAMP LAST-MODIFIED ACKNOWLEDGED TZUNTIL',
    integer: 'PERCENT-COMPLETE PRIORITY REPEAT SEQUENCE',
    duration: 'DURATION TRIGGER REFRESH-INTERVAL',
    float: 'GEO',
    period: 'FREEBUSY',
    recur: 'RRULE EXRULE',
    uri: 'ATTACH TZURL URL SOURCE IMAGE CONFERENCE STRUCTURED-DATA LINK CONCEPT TZID-ALIAS-OF',
    'utc-offset': 'TZOFFSETFROM TZOFFSETTO',
    'cal-address': 'ATTENDEE ORGANIZER CALENDAR-ADDRESS',
  }).flatMap(([type, names]) => names.split(' ').map((name): [string, string] => [name, type])),
)

const listed = ['CATEGORIES', 'RESOURCES', 'EXDATE', 'RDATE', 'FREEBUSY']

/** A time that is written as a date is one, whether or not it says so. */
function typeOf(line: ContentLine): string {
  const type = parameter(line, 'VALUE')?.toLowerCase() ?? types.get(line.name) ?? 'unknown'
  return type === 'date-time' && /^\s*\d{4}-?\d\d-?\d\d(?:\s*,|\s*$)/.test(line.value) ? 'date' : type
}

function valuesOf(line: ContentLine, type: string): Json[] {
  if (type === 'unknown') return [line.value]
  if (line.name === 'GEO') return [line.value.split(';').map(numberOrText)]
  if (line.name === 'REQUEST-STATUS') return [splitValue(line.value, ';').map(unescapeText)]
  const isList = listed.includes(line.name) || type === 'period'
  const values = isList ? splitValue(line.value, ',') : [line.value]
  return values.map((value) => valueOfType(value, type))
}

function valueOfType(value: string, type: string): Json {
  switch (type) {
    case 'text':
      return unescapeText(value)
    case 'date':
    case 'date-time':
      return extendedDateTime(value.trim())
    case 'time':
      return extendedTime(value.trim())
    case 'utc-offset':
      return extendedOffset(value.trim())
    case 'integer':
    case 'float':
      return numberOrText(value)
    case 'boolean':
      return /^true$/i.test(value.trim())
    case 'period':
      return value
        .split('/')
        .map((end) => (/^\s*[-+]?P/i.test(end) ? end.trim() : extendedDateTime(end.trim())))
    case 'recur':
      return recurrence(value)
    default:
      return value
  }
}

/** Parts by their names in lower case, lists where there is more than one value. @see RFC 7265 §3.6.10 */
function recurrence(value: string): Json {
  const parts = value.split(';').flatMap((part): [string, Json][] => {
    const [, name, written] = /^\s*([^=]+)=(.*)$/s.exec(part) ?? []
    if (name === undefined || written === undefined) return []
    const key = name.toLowerCase()
    if (key === 'until') return [[key, extendedDateTime(written)]]
    const values = written.split(',').map(numberOrText)
    return [[key, values.length === 1 ? (values[0] ?? '') : values]]
  })
  return Object.fromEntries(parts)
}
