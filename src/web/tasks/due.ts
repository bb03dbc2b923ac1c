import { dayIn, momentIn } from '../calendar/times.ts'

/** A day, or a time in a zone; in none it is that of whoever looks. */
interface Moment {
  readonly due: string | null
  readonly zone: string | null
}

/** The day on which a task is due by the clocks of a zone; undefined for none. */
export function dueDay({ due, zone }: Moment, here: string): string | undefined {
  if (due === null) return undefined
  return due.length === 10 || zone === null ? due.slice(0, 10) : dayIn(here, momentIn(zone, due))
}

/** When a task is due, in words; a time with its hour by the clocks of a zone. */
export function dueText(language: string, { due, zone }: Moment, here: string): string {
  if (due === null) return ''
  if (due.length === 10)
    return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(due))
  const at = momentIn(zone ?? here, due)
  const style = { dateStyle: 'medium', timeStyle: 'short', timeZone: here } as const
  return new Intl.DateTimeFormat(language, style).format(at)
}
