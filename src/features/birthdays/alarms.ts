/** When people are reminded of a day: so many days before it, at a time of the day. */
export interface Reminder {
  readonly daysBefore: number
  /** Minutes after midnight. */
  readonly minute: number
}

/** Reminders of one day at most. */
const most = 5

/**
 * Reads `09:00` (on the day) and `1d 18:00` (the day before), several with commas between them; empty: none.
 * @returns undefined for what is no such list
 */
export function readAlarms(text: string): readonly Reminder[] | undefined {
  const parts = text.split(',').map((part) => part.trim())
  const read = (parts.length === 1 && parts[0] === '' ? [] : parts).map(readOne)
  const reminders = read.flatMap((one) => one ?? [])
  return reminders.length === read.length && read.length <= most ? reminders : undefined
}

/** The same list, as it is kept. */
export function writeAlarms(reminders: readonly Reminder[]): string {
  return reminders
    .map(({ daysBefore, minute }) => {
      const time = `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`
      return daysBefore === 0 ? time : `${daysBefore}d ${time}`
    })
    .join(', ')
}

/** From the beginning of an all-day event, which is midnight wherever the calendar is shown. @see RFC 5545 §3.3.6 */
export function triggerOf({ daysBefore, minute }: Reminder): string {
  const minutes = minute - daysBefore * dayMinutes
  const size = Math.abs(minutes)
  const days = Math.floor(size / dayMinutes)
  const [hours, rest] = [Math.floor((size % dayMinutes) / 60), size % 60]
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`
  if (days === 0 && time === '') return 'PT0S'
  return `${minutes < 0 ? '-' : ''}P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`
}

const dayMinutes = 1_440

function readOne(text: string): Reminder | undefined {
  const [, days = '0', hour, minute] = /^(?:(\d{1,2})d\s+)?([01]?\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined || minute === undefined) return undefined
  return { daysBefore: Number(days), minute: Number(hour) * 60 + Number(minute) }
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0')
}
