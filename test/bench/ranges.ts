import { berlinToUtc, dayMs, formatDate, formatDateTime } from './berlin.ts'
import { type EventItem, startsOf } from './events.ts'

/** A span of time, epoch ms, `until` not included. */
export interface Range {
  readonly from: number
  readonly until: number
}

/** Starts of the instances of one event in a range, as `expand` writes them. */
export interface InstancesInRange {
  readonly sure: ReadonlySet<string>
  /** Sure ones, and floating ones so near a border that the server's zone decides. */
  readonly possible: ReadonlySet<string>
}

/** Offsets of floating times from UTC go up to fourteen hours. */
const floatingMs = 14 * 3_600_000

/**
 * Which events overlap a range, and with which instances; events without any are left out.
 * @see RFC 4791 §9.9
 */
export function eventsInRange(events: readonly EventItem[], range: Range): Map<string, InstancesInRange> {
  const found = new Map<string, InstancesInRange>()
  for (const event of events) {
    const instances = instancesInRange(event, range)
    if (instances.possible.size > 0) found.set(event.name, instances)
  }
  return found
}

/**
 * The months of 2026 as ranges in UTC, from the middle of the year outwards: the calendar fills with
 * the years, so the first few are like the mean of all.
 */
export const months: readonly Range[] = [6, 5, 7, 4, 8, 3, 9, 2, 10, 1, 11, 0].map((month) => ({
  from: Date.UTC(2026, month, 1),
  until: Date.UTC(2026, month + 1, 1),
}))

function instancesInRange(event: EventItem, range: Range): InstancesInRange {
  const sure = new Set<string>()
  const possible = new Set<string>()
  const { form, durationMs } = event
  for (const wall of startsOf(event, range.until + dayMs)) {
    const start = form === 'zoned' ? berlinToUtc(wall) : wall
    const text = form === 'date' ? formatDate(wall) : `${formatDateTime(start)}Z`
    const play = form === 'date' ? floatingMs : 0
    if (start - play < range.until && start + durationMs + play > range.from) possible.add(text)
    if (start + play < range.until && start + durationMs - play > range.from) sure.add(text)
  }
  return { sure, possible }
}
