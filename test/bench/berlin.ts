const hour = 3_600_000

/** A day in milliseconds. */
export const dayMs = 24 * hour

/** The zone of the generated events as a VTIMEZONE, with the rule in force since 1996. */
export const berlinTimezone = [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  'BEGIN:DAYLIGHT',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'TZNAME:CEST',
  'DTSTART:19960331T020000',
  'RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU',
  'END:DAYLIGHT',
  'BEGIN:STANDARD',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'TZNAME:CET',
  'DTSTART:19961027T030000',
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  'END:STANDARD',
  'END:VTIMEZONE',
] as const

/**
 * The instant of a Berlin clock reading outside the night of a change.
 * @param wall  the reading written as if it were UTC, epoch ms
 */
export function berlinToUtc(wall: number): number {
  const year = new Date(wall).getUTCFullYear()
  const summer = wall >= lastSunday(year, 2) + 2 * hour && wall < lastSunday(year, 9) + 3 * hour
  return wall - (summer ? 2 : 1) * hour
}

/** `20260301` of epoch ms. */
export function formatDate(at: number): string {
  return new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
}

/** `20260301T080000` of epoch ms. */
export function formatDateTime(at: number): string {
  return `${formatDate(at)}T${new Date(at).toISOString().slice(11, 19).replaceAll(':', '')}`
}

function lastSunday(year: number, month: number): number {
  const last = new Date(Date.UTC(year, month + 1, 0))
  return last.getTime() - last.getUTCDay() * dayMs
}
