import { parameter } from '../text/content-lines.ts'
import type { Calendar, Component } from './calendar.ts'
import { ianaZone, zoneFor } from './timezone.ts'
import { applyEdits, type Edit } from './write-lines.ts'
import { writeTimezone } from './write-timezone.ts'

/** Whether somebody wants the definitions of time zones in objects (T) or knows them (F). @see RFC 7809 §7.1 */
export type TimezonesWanted = 'T' | 'F'

/**
 * The object with a VTIMEZONE for every zone that its times name and that is known, or without those of the zones that
 * everybody knows, the IANA ones. All else stays as written.
 * @see RFC 7809 §3.1.3
 */
export function withTimezones(calendar: Calendar, wanted: TimezonesWanted): string {
  const edits = wanted === 'T' ? missingTimezones(calendar) : standardTimezones(calendar)
  return applyEdits(calendar.text, edits)
}

function standardTimezones({ root }: Calendar): Edit[] {
  return root.components.flatMap((component) => {
    if (component.name !== 'VTIMEZONE') return []
    const tzid = component.lines.find(({ name }) => name === 'TZID')?.value.trim() ?? ''
    return ianaZone(tzid) ? [{ start: component.start, end: component.end, text: '' }] : []
  })
}

/** A definition is some kilobytes, and working out the first of a zone takes a tenth of a second. */
const maxAdded = 16

function missingTimezones({ root, timezones }: Calendar): Edit[] {
  const [first] = root.components
  if (!first) return []
  let text = ''
  let added = 0
  for (const tzid of tzidsIn(root, new Set())) {
    if (timezones.has(tzid) || added === maxAdded) continue
    const zone = zoneFor(tzid, noTimezones)
    if (!zone) continue
    text += writeTimezone(tzid, zone)
    added += 1
  }
  return text === '' ? [] : [{ start: first.start, end: first.start, text }]
}

const noTimezones = new Map()

/** The zones that the lines of a component and those in it name. */
function tzidsIn(component: Component, found: Set<string>): Set<string> {
  for (const line of component.lines) {
    const tzid = parameter(line, 'TZID')
    if (tzid !== undefined) found.add(tzid)
  }
  for (const inner of component.components) tzidsIn(inner, found)
  return found
}
