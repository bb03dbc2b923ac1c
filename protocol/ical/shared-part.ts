import { type ContentLine, parameter } from '../text/content-lines.ts'
import type { Calendar, Component } from './calendar.ts'
import { isAlarm, isMark } from './personal.ts'
import { ianaZone, utcZone, zoneFor } from './timezone.ts'
import { isObjectPart, recurrenceKey } from './validate.ts'

/**
 * How much counts as a change of what several people share, beside their own alarms and TRANSP. Never do the order of lines, folds,
 * PRODID, how a known time zone is called or defined, and what every program moves on when it writes: DTSTAMP,
 * LAST-MODIFIED, SEQUENCE, X-MOZ-GENERATION. `visible` passes over X- properties and CREATED too, which programs add as they please.
 */
export type Strictness = 'exact' | 'visible'

/**
 * Whether two objects say the same, but for alarms, TRANSP and the notes that belong to them.
 * @throws InvalidObjectError for a RECURRENCE-ID that is no time
 */
export function isSameShared(one: Calendar, other: Calendar, strictness: Strictness): boolean {
  return sharedForm(one, strictness) === sharedForm(other, strictness)
}

/** The same text for everything that says the same. */
function sharedForm(calendar: Calendar, strictness: Strictness): string {
  const own = linesOf(calendar.root, calendar, strictness, headLines)
  const parts = calendar.root.components.flatMap((component) => {
    if (component.name === 'VTIMEZONE') return definitionOf(component, calendar, strictness)
    if (!isObjectPart(component))
      return strictness === 'exact' ? [formOf(component, calendar, strictness)] : []
    return [`${recurrenceKey(component, calendar)}\n${formOf(component, calendar, strictness)}`]
  })
  return [...own, ...parts.sort()].join('\n')
}

const headLines: ReadonlySet<string> = new Set(['PRODID', 'VERSION', 'CALSCALE'])
const movingLines: ReadonlySet<string> = new Set(['DTSTAMP', 'LAST-MODIFIED', 'SEQUENCE', 'X-MOZ-GENERATION'])

/** Of a zone that is only known from its definition. */
function definitionOf(component: Component, calendar: Calendar, strictness: Strictness): string[] {
  const tzid = component.lines.find(({ name }) => name === 'TZID')?.value ?? ''
  return isKnownZone(tzid, calendar) ? [] : [formOf(component, calendar, strictness)]
}

function isKnownZone(tzid: string, calendar: Calendar): boolean {
  const zone = zoneFor(tzid, calendar.timezones)
  return zone !== undefined && (zone === utcZone || ianaZone(zone.name) === zone)
}

function formOf(component: Component, calendar: Calendar, strictness: Strictness): string {
  const inner = component.components
    .filter((own) => !isAlarm(own) && !(strictness === 'visible' && own.name.startsWith('X-')))
    .map((own) => formOf(own, calendar, strictness))
  const lines = linesOf(component, calendar, strictness, movingLines)
  return [`BEGIN:${component.name}`, ...lines, ...inner.sort(), 'END'].join('\n')
}

function linesOf(
  { lines, broken }: Component,
  calendar: Calendar,
  strictness: Strictness,
  passed: ReadonlySet<string>,
): string[] {
  const counts = ({ name }: ContentLine): boolean => {
    if (passed.has(name) || name === 'TRANSP' || isMark(name)) return false
    return strictness === 'exact' || !(name.startsWith('X-') || name === 'CREATED')
  }
  const read = lines.filter(counts).map((line) => lineForm(line, calendar))
  return [...read, ...broken.map((line) => `?${line.broken}`)].sort()
}

function lineForm(line: ContentLine, calendar: Calendar): string {
  const tzid = parameter(line, 'TZID')
  const zone =
    tzid !== undefined && isKnownZone(tzid, calendar) ? zoneFor(tzid, calendar.timezones)?.name : tzid
  const parameters = line.parameters
    .map(({ name, values }) => JSON.stringify([name, ...(name === 'TZID' ? [zone] : values)]))
    .sort()
  return `${line.name};${parameters.join(';')}:${line.value.trim()}`
}
