import type { Zone } from '../timezone.ts'
import { formatTime, type IcalTime } from '../values.ts'

/** A wall time as forms have it: 2026-12-31T09:00:00, or 2026-12-31 for a date. */
export function wallText(wall: number, isDate: boolean): string {
  const text = formatTime(wall, isDate ? 'date' : 'floating')
  const date = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}`
  if (isDate) return date
  return `${date}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}`
}

/** A moment in UTC: 2026-12-31T09:00:00Z. */
export function instantText(instant: number): string {
  return `${wallText(instant, false)}Z`
}

/** What identifies an instance of a series: its RECURRENCE-ID on the clock of the series. */
export function instanceName({ wall, form }: IcalTime): string {
  return formatTime(wall, form === 'zoned' ? 'floating' : form)
}

/** The name of a zone as forms show it; null where there is none, and times float. */
export function zoneName(zone: Zone | undefined): string | null {
  return zone?.name ?? null
}
