import type { TimeRange } from '../ical/filter-types.ts'
import type { Refusal } from './preconditions.ts'
import type { XmlElement } from './xml-read.ts'

/**
 * Reads the start and end of an element: UTC date-times, one of them at least, the end after the start.
 * @param bad  makes what to throw when they are not so
 * @see RFC 4791 §9.9
 */
export function readTimeRange(element: XmlElement, bad: (message: string) => Refusal): TimeRange {
  const start = readInstant(element.attributes.get('start'), bad)
  const end = readInstant(element.attributes.get('end'), bad)
  if (start === undefined && end === undefined) throw bad('A time range has a start or an end.')
  if (start !== undefined && end !== undefined && start >= end)
    throw bad('A time range ends after its start.')
  return { start, end }
}

function readInstant(value: string | undefined, bad: (message: string) => Refusal): number | undefined {
  if (value === undefined) return undefined
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T([01]\d|2[0-3])([0-5]\d)([0-5]\d|60)Z$/.exec(value) ?? []
  const date = new Date(0)
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  if (date.getUTCMonth() !== Number(month) - 1) throw bad('A time range is between UTC times.')
  return date.setUTCHours(Number(hour), Number(minute), Number(second))
}
