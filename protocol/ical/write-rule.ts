import type { Rule } from './recurrence-rule.ts'
import { formatTime } from './values.ts'

const weekdays = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA']

/** A RECUR value that says what was read, and nothing that was not understood. @see RFC 5545 §3.3.10, RFC 7529 §4 */
export function writeRule(rule: Rule): string {
  const { freq, interval, count, until, weekStart, skip } = rule
  const parts = skip === 'OMIT' ? [] : ['RSCALE=GREGORIAN']
  parts.push(`FREQ=${freq}`)
  if (until) parts.push(`UNTIL=${formatTime(until.wall, until.form)}`)
  if (count !== undefined) parts.push(`COUNT=${count}`)
  if (interval !== 1) parts.push(`INTERVAL=${interval}`)
  const lists: readonly (readonly [string, readonly number[] | undefined])[] = [
    ['BYSECOND', rule.bySecond],
    ['BYMINUTE', rule.byMinute],
    ['BYHOUR', rule.byHour],
    ['BYMONTHDAY', rule.byMonthDay],
    ['BYYEARDAY', rule.byYearDay],
    ['BYWEEKNO', rule.byWeekNo],
    ['BYMONTH', rule.byMonth],
    ['BYSETPOS', rule.bySetPos],
  ]
  for (const [name, numbers] of lists) if (numbers) parts.push(`${name}=${numbers.join(',')}`)
  if (rule.byDay) {
    const days = rule.byDay.map(({ weekday, nth }) => `${nth || ''}${weekdays[weekday]}`)
    parts.push(`BYDAY=${days.join(',')}`)
  }
  if (weekStart !== 1) parts.push(`WKST=${weekdays[weekStart]}`)
  if (skip !== 'OMIT') parts.push(`SKIP=${skip}`)
  return parts.join(';')
}
