import { berlinToUtc, dayMs, formatDate, formatDateTime } from './berlin.ts'
import type { Random } from './random.ts'

/** How the times of an event are written. */
export type TimeForm = 'zoned' | 'utc' | 'date'

/** A recurrence simple enough that its days can be told without a calendar library. */
export interface Recurrence {
  readonly frequency: 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'YEARLY'
  readonly interval: number
  /** Days of the week for WEEKLY, Monday 0; the first day's own is among them. */
  readonly weekdays: readonly number[]
  /** COUNT or UNTIL occurrences; endless when undefined. */
  readonly times: number | undefined
  readonly end: 'count' | 'until' | 'endless'
  /** Day of the last occurrence when `times` is given. */
  readonly lastDay: number | undefined
  /** An occurrence excluded by EXDATE. */
  readonly droppedDay: number | undefined
  /** An occurrence moved by an override. */
  readonly movedDay: number | undefined
}

const weekdayNames = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU']

/** A recurrence as calendars hold them: weekly mostly, a third without end. */
export function randomRecurrence(random: Random, firstDay: number, form: TimeForm): Recurrence {
  const frequency = random.pick<Recurrence['frequency']>([
    'WEEKLY',
    'WEEKLY',
    'WEEKLY',
    'DAILY',
    'MONTHLY',
    'YEARLY',
  ])
  const weekday = weekdayOf(firstDay)
  const second = random.chance(30) ? [(weekday + 2) % 7] : []
  const open =
    frequency === 'DAILY' ? (['count', 'until'] as const) : (['count', 'until', 'endless'] as const)
  const end = random.pick<'count' | 'until' | 'endless'>([...open])
  const times = end === 'endless' ? undefined : 4 + random.below(frequency === 'YEARLY' ? 4 : 24)
  const plain: Recurrence = {
    frequency,
    interval: frequency === 'YEARLY' ? 1 : 1 + random.below(2),
    weekdays: frequency === 'WEEKLY' ? [weekday, ...second].sort() : [],
    times,
    end,
    lastDay: undefined,
    droppedDay: undefined,
    movedDay: undefined,
  }
  const days = [...occurrenceDays(plain, firstDay, firstDay + 3000 * dayMs)]
  const isMoved = random.chance(15)
  return {
    ...plain,
    lastDay: times === undefined ? undefined : days.at(-1),
    droppedDay: random.chance(20) ? days[1] : undefined,
    movedDay: isMoved && form !== 'utc' ? days[2] : undefined,
  }
}

/** Midnights (as if UTC) of the days of a recurrence, first to last, none after `until`. */
export function* occurrenceDays(recurrence: Recurrence, firstDay: number, until: number): Generator<number> {
  let left = recurrence.times ?? Number.POSITIVE_INFINITY
  for (let step = 0; left > 0; step += recurrence.interval) {
    for (const day of daysOfStep(recurrence, firstDay, step)) {
      if (day < firstDay) continue
      if (day > until || left-- <= 0) return
      yield day
    }
  }
}

/** The RRULE value. */
export function ruleText(recurrence: Recurrence, form: TimeForm, timeMs: number): string {
  const { frequency, interval, weekdays, end, times, lastDay } = recurrence
  let text = `FREQ=${frequency}`
  if (interval > 1) text += `;INTERVAL=${interval}`
  if (end === 'count' && times !== undefined) text += `;COUNT=${times}`
  if (end === 'until' && lastDay !== undefined) text += `;UNTIL=${untilText(form, lastDay + timeMs)}`
  if (weekdays.length > 0) text += `;BYDAY=${weekdays.map((day) => weekdayNames[day]).join(',')}`
  return text
}

function untilText(form: TimeForm, wall: number): string {
  if (form === 'date') return formatDate(wall)
  return `${formatDateTime(form === 'utc' ? wall : berlinToUtc(wall))}Z`
}

function daysOfStep(recurrence: Recurrence, firstDay: number, step: number): number[] {
  const first = new Date(firstDay)
  switch (recurrence.frequency) {
    case 'DAILY':
      return [firstDay + step * dayMs]
    case 'WEEKLY': {
      const monday = firstDay - weekdayOf(firstDay) * dayMs + step * 7 * dayMs
      return recurrence.weekdays.map((day) => monday + day * dayMs)
    }
    case 'MONTHLY':
      return existing(first, first.getUTCFullYear(), first.getUTCMonth() + step)
    case 'YEARLY':
      return existing(first, first.getUTCFullYear() + step, first.getUTCMonth())
    default:
      return recurrence.frequency satisfies never
  }
}

/** The same day of another month, or none where the month is too short. */
function existing(first: Date, year: number, month: number): number[] {
  const day = Date.UTC(year, month, first.getUTCDate())
  return new Date(day).getUTCDate() === first.getUTCDate() ? [day] : []
}

function weekdayOf(day: number): number {
  return (new Date(day).getUTCDay() + 6) % 7
}
