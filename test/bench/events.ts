import { berlinTimezone, dayMs, formatDate, formatDateTime } from './berlin.ts'
import { foldLines, type Item } from './item.ts'
import { type Random, seededRandom } from './random.ts'
import { occurrenceDays, type Recurrence, randomRecurrence, ruleText, type TimeForm } from './recurrence.ts'

/** A generated event with what time-range queries are judged by. */
export interface EventItem extends Item {
  readonly form: TimeForm
  /** Midnight of the first day, as if UTC. */
  readonly day: number
  /** Milliseconds after midnight, 0 for whole days. */
  readonly timeMs: number
  readonly durationMs: number
  readonly recurrence: Recurrence | undefined
}

/** Three years of events: the first day and the first day after. */
export const span = { from: Date.UTC(2025, 0, 1), until: Date.UTC(2028, 0, 1) }

const subjects = [
  'Team meeting',
  'Dentist',
  'Choir',
  'Call with Büro Süd',
  'Lunch',
  'Board',
  'Train to Kiel',
] as const
const places = ['Room 4.12', 'Café am Markt', 'Online', 'Hauptbahnhof, Gleis 7'] as const

/** `count` events over three years, three in ten recurring. */
export function generateEvents(count: number, prefix = 'event', seed = 4791): EventItem[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, (_, index) => generateEvent(random, prefix, index))
}

/** A time property of an event: `DTSTART;TZID=Europe/Berlin:20260301T090000`. */
export function timeLine(name: string, form: TimeForm, wall: number): string {
  if (form === 'date') return `${name};VALUE=DATE:${formatDate(wall)}`
  return form === 'utc'
    ? `${name}:${formatDateTime(wall)}Z`
    : `${name};TZID=Europe/Berlin:${formatDateTime(wall)}`
}

function generateEvent(random: Random, prefix: string, index: number): EventItem {
  const uid = `bench-${prefix}-${index}`
  const form = random.pick<TimeForm>(['zoned', 'zoned', 'zoned', 'utc', 'date'])
  const day = span.from + random.below((span.until - span.from) / dayMs) * dayMs
  const timeMs = form === 'date' ? 0 : (28 + random.below(40)) * 900_000
  const durationMs = form === 'date' ? (1 + random.below(3)) * dayMs : (1 + random.below(8)) * 900_000
  const recurrence = random.chance(30) ? randomRecurrence(random, day, form) : undefined
  const shape = { form, day, timeMs, durationMs, recurrence }
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Farley//Bench//EN',
    'CALSCALE:GREGORIAN',
    ...(form === 'zoned' ? berlinTimezone : []),
    ...eventLines(random, uid, shape),
    'END:VCALENDAR',
  ]
  return { name: `${uid}.ics`, uid, body: foldLines(lines), ...shape }
}

type Shape = Pick<EventItem, 'form' | 'day' | 'timeMs' | 'durationMs' | 'recurrence'>

function eventLines(random: Random, uid: string, shape: Shape): string[] {
  const { form, day, timeMs, durationMs, recurrence } = shape
  const summary = random.pick(subjects)
  const describe = [`LOCATION:${random.pick(places).replace(',', '\\,')}`, 'SEQUENCE:0', 'STATUS:CONFIRMED']
  const alarm = ['BEGIN:VALARM', 'ACTION:DISPLAY', `DESCRIPTION:${summary}`, 'TRIGGER:-PT15M', 'END:VALARM']
  const component = (start: number, own: readonly string[]): string[] => [
    'BEGIN:VEVENT',
    `UID:${uid}`,
    'DTSTAMP:20260105T100000Z',
    timeLine('DTSTART', form, start),
    timeLine('DTEND', form, start + durationMs),
    ...own,
  ]
  const rule = recurrence === undefined ? [] : [`RRULE:${ruleText(recurrence, form, timeMs)}`]
  const dropped = recurrence?.droppedDay
  if (dropped !== undefined) rule.push(timeLine('EXDATE', form, dropped + timeMs))
  const lines = [...component(day + timeMs, rule), `SUMMARY:${summary}`, ...describe]
  lines.push(
    'DESCRIPTION:Agenda as agreed last time. Bring the printed plan\\, two copies\\, and the figures of the quarter.',
  )
  lines.push(...(form !== 'date' && random.chance(30) ? alarm : []), 'END:VEVENT')
  const moved = recurrence?.movedDay
  if (moved !== undefined) {
    const recurrenceId = timeLine('RECURRENCE-ID', form, moved + timeMs)
    lines.push(...component(moved + timeMs + moveMs(form), [recurrenceId]))
    lines.push(`SUMMARY:${summary} (moved)`, ...describe, 'END:VEVENT')
  }
  return lines
}

/** How far an override moves its occurrence. */
function moveMs(form: TimeForm): number {
  return form === 'date' ? dayMs : dayMs + 2 * 3_600_000
}

/** Start readings of an event up to `until`, overrides at their moved place, excluded ones left out. */
export function startsOf(event: EventItem, until: number): number[] {
  const { recurrence, timeMs } = event
  if (recurrence === undefined) return [event.day + timeMs]
  const starts: number[] = []
  for (const day of occurrenceDays(recurrence, event.day, until)) {
    if (day === recurrence.droppedDay) continue
    starts.push(day + timeMs + (day === recurrence.movedDay ? moveMs(event.form) : 0))
  }
  return starts
}
