import { type ContentLine, parameter, splitValue, unescapeText } from '../../text/content-lines.ts'
import { type Calendar, type Component, properties, property } from '../calendar.ts'
import { clockOf, quietly, readTimeLine, timesOf, wallOn } from '../line-times.ts'
import type { Timed } from '../series.ts'
import { alarmsOf, type ShownAlarm } from './alarms.ts'
import { instantText, wallText } from './moments.ts'
import { attendeesOf, organizerOf, type Participant } from './people.ts'
import { type FormRule, formRule } from './rule.ts'

/** What is shown of events and tasks alike. */
export interface CommonDetails {
  readonly title: string
  readonly notes: string
  readonly location: string
  readonly url: string
  readonly class: string
  readonly categories: readonly string[]
  readonly color: string | null
  readonly priority: number
  readonly alarms: readonly ShownAlarm[]
  readonly organizer: Participant | null
  readonly attendees: readonly Participant[]
  readonly attachments: readonly Attachment[]
  readonly createdAt: string | null
}

/** @see RFC 5545 §3.8.1.1 */
export interface Attachment {
  readonly uri: string | null
  readonly name: string | null
  readonly mediaType: string | null
  readonly bytes: number | null
}

/** What recurs. */
export interface ShownRecurrence {
  readonly rule: FormRule | null
  readonly text: string
  readonly added: readonly string[]
  readonly excluded: readonly string[]
}

export function commonDetails(calendar: Calendar, component: Component): CommonDetails {
  const created = property(component, 'CREATED')
  const createdAt = created && quietly(() => readTimeLine(created))
  return {
    title: plainText(component, 'SUMMARY'),
    notes: plainText(component, 'DESCRIPTION'),
    location: plainText(component, 'LOCATION'),
    url: property(component, 'URL')?.value.trim() ?? '',
    class: word(component, 'CLASS')?.toLowerCase() || 'public',
    categories: categoriesOf(component),
    color: word(component, 'COLOR')?.toLowerCase() || null,
    priority: priorityOf(component),
    alarms: alarmsOf(calendar, component),
    organizer: organizerOf(component),
    attendees: attendeesOf(component),
    attachments: properties(component, 'ATTACH').map(attachment),
    createdAt: createdAt ? instantText(createdAt.wall) : null,
  }
}

/** A TEXT property, unescaped; empty where there is none. */
export function plainText(component: Component, name: string): string {
  const line = property(component, name)
  return line ? unescapeText(line.value) : ''
}

/** A property that is one of a few words, in upper case. */
export function word(component: Component, name: string): string | undefined {
  return property(component, name)?.value.trim().toUpperCase()
}

/** @see RFC 5545 §3.8.1.2 */
export function categoriesOf(component: Component): string[] {
  const all = properties(component, 'CATEGORIES').flatMap(({ value }) => splitValue(value, ','))
  return [...new Set(all.map((name) => unescapeText(name).trim()).filter((name) => name !== ''))]
}

/** @see RFC 5545 §3.8.1.9 */
export function priorityOf(component: Component): number {
  const priority = Number(property(component, 'PRIORITY')?.value.trim() || 0)
  return Number.isInteger(priority) && priority >= 0 && priority <= 9 ? priority : 0
}

/** What recurs of a master; null where nothing does. @see RFC 5545 §3.8.5 */
export function recurrenceOf(calendar: Calendar, master: Timed): ShownRecurrence | null {
  const { component } = master
  const rules = properties(component, 'RRULE')
  const [added, excluded] = [timesIn(calendar, master, 'RDATE'), timesIn(calendar, master, 'EXDATE')]
  const [only] = rules
  if (!only && added.length === 0) return null
  const isOne = rules.length === 1 && !property(component, 'EXRULE')
  return {
    rule: (isOne && only && formRule(only.value, master.clock)) || null,
    text: only?.value.trim() ?? '',
    added,
    excluded,
  }
}

/** On the clock of the series. */
function timesIn(calendar: Calendar, { component, clock }: Timed, name: string): string[] {
  const times = properties(component, name).flatMap((line) => timesOf(line).times)
  return times.map((item) => {
    const time = 'wall' in item ? item : item.start
    return wallText(wallOn(clock, time.wall, clockOf(time, calendar)), clock.isDate || time.form === 'date')
  })
}

function attachment(line: ContentLine): Attachment {
  const isInline = parameter(line, 'ENCODING')?.toUpperCase() === 'BASE64'
  const name =
    parameter(line, 'FILENAME') ?? parameter(line, 'X-FILENAME') ?? parameter(line, 'X-APPLE-FILENAME')
  const size = Number(parameter(line, 'SIZE') ?? Number.NaN)
  const told = Number.isInteger(size) && size >= 0 ? size : null
  return {
    uri: isInline ? null : line.value.trim(),
    name: name ?? null,
    mediaType: parameter(line, 'FMTTYPE') ?? null,
    bytes: isInline ? Math.floor((line.value.length * 3) / 4) : told,
  }
}
