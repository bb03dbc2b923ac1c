import { parameterValues } from '../../text/content-lines.ts'
import { type CardLine, changed, hasWord, without, withParameter } from './line.ts'

/** A date of which parts may be missing. */
interface PartialDate {
  readonly year: string | undefined
  readonly month: string | undefined
  readonly day: string | undefined
  readonly time: Time | undefined
}

interface Time {
  readonly hour: string
  readonly minute: string
  readonly second: string
  /** With its point. */
  readonly fraction: string
  /** `Z`, `+HHMM`, or nothing. */
  readonly zone: string
}

/** Apple's year for birthdays without one; it is a leap year, so that 29 February is a day of it (ABK-07). */
const noYear = '1604'
const omitYear = 'X-APPLE-OMIT-YEAR'

/**
 * A date as 4.0 writes it: without hyphens, and without the year that stands for none. A value that is no date stays.
 * @see RFC 6350 §4.3
 */
export function dateTo4(line: CardLine): CardLine {
  if (hasWord(line, 'VALUE', 'text') || !isGregorian(line)) return line
  const date = readDate(line.value)
  if (date === undefined) return line
  const year = isNoYear(line, date) ? undefined : date.year
  const value = writeDate4({ ...date, year })
  if (value === undefined) return line
  const parameters = year === date.year ? line.parameters : without(line.parameters, omitYear)
  return changed(line, { value, parameters: withoutDateType(parameters) })
}

/**
 * A date as 3.0 writes it, the year 1604 for none, with Apple's mark.
 * @returns undefined when 3.0 has no way to write it: a year or a month alone, a text, another calendar
 * @see RFC 2426 §3.1.5, RFC 2425 §5.8.4
 */
export function dateTo3(line: CardLine): CardLine | undefined {
  if (hasWord(line, 'VALUE', 'text') || !isGregorian(line) || /^T/i.test(line.value)) return undefined
  const date = readDate(line.value)
  if (date === undefined) return changed(line, { parameters: withoutDateType(line.parameters) })
  const { month, day, time } = date
  const year = date.year === noYear ? undefined : date.year
  if (month === undefined || day === undefined || (year === undefined && time !== undefined)) return undefined
  const value = `${year ?? noYear}-${month}-${day}${time ? writeTime3(time) : ''}`
  const parameters = withoutDateType(line.parameters)
  return changed(line, {
    value,
    parameters: year === undefined ? withParameter(parameters, omitYear, [noYear]) : parameters,
  })
}

/** Whether it is a whole date as 3.0 writes it. */
export function isDate3(value: string): boolean {
  return /^\d{4}-\d\d-\d\d/.test(value)
}

/** A moment as 4.0 writes it; a day begins at midnight. @see RFC 6350 §4.3.5 */
export function timestampTo4(line: CardLine): CardLine {
  const date = readDate(line.value)
  if (date?.year === undefined || date.day === undefined) return line
  const time = date.time ?? { hour: '00', minute: '00', second: '00', fraction: '', zone: 'Z' }
  const value = writeDate4({ ...date, time })
  return value === undefined ? line : changed(line, { value, parameters: withoutDateType(line.parameters) })
}

/** @see RFC 2426 §3.6.4 */
export function timestampTo3(line: CardLine): CardLine {
  return dateTo3(line) ?? line
}

function readDate(value: string): PartialDate | undefined {
  const match =
    /^(?:(\d{4})-?(\d\d)-?(\d\d)|(\d{4})-(\d\d)|(\d{4})|--(\d\d)-?(\d\d)|--(\d\d)|---(\d\d))(?:[Tt ](.+))?$/.exec(
      value.trim(),
    )
  if (match === null) return undefined
  const [, y1, m1, d1, y2, m2, y3, m4, d4, m5, d6, clock] = match
  const time = clock === undefined ? undefined : readTime(clock)
  const month = m1 ?? m2 ?? m4 ?? m5
  const day = d1 ?? d4 ?? d6
  const isTrue = !isOver(month, 12) && !isOver(day, 31) && (clock === undefined || time !== undefined)
  return isTrue ? { year: y1 ?? y2 ?? y3, month, day, time } : undefined
}

function isOver(part: string | undefined, most: number): boolean {
  return part !== undefined && (Number(part) < 1 || Number(part) > most)
}

function readTime(text: string): Time | undefined {
  const match = /^(\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?(Z|z|[+-]\d\d(?::?\d\d)?)?$/.exec(text)
  if (match === null) return undefined
  const [, hour = '', minute = '', second = '00', fraction, zone = ''] = match
  const plain = zone.replace(':', '').toUpperCase()
  return {
    hour,
    minute,
    second,
    fraction: fraction === undefined ? '' : `.${fraction}`,
    zone: /^[+-]\d\d$/.test(plain) ? `${plain}00` : plain,
  }
}

/** Fractions of seconds are nothing that 4.0 can write. */
function writeDate4({ year, month, day, time }: PartialDate): string | undefined {
  const clock = time ? `T${time.hour}${time.minute}${time.second}${time.zone}` : ''
  if (year !== undefined && month !== undefined && day !== undefined) return `${year}${month}${day}${clock}`
  if (clock !== '' && day === undefined) return undefined
  if (year !== undefined) return month === undefined ? year : `${year}-${month}`
  if (month !== undefined) return `--${month}${day ?? ''}${clock}`
  return day === undefined ? undefined : `---${day}${clock}`
}

function writeTime3({ hour, minute, second, fraction, zone }: Time): string {
  return `T${hour}:${minute}:${second}${fraction}${zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2')}`
}

function isNoYear(line: CardLine, { year }: PartialDate): boolean {
  return year !== undefined && (year === noYear || parameterValues(line, omitYear)[0] === year)
}

/** Only dates that both versions count alike are rewritten. @see RFC 6350 §5.8 */
function isGregorian(line: CardLine): boolean {
  const [calendar] = parameterValues(line, 'CALSCALE')
  return calendar === undefined || calendar.toLowerCase() === 'gregorian'
}

function withoutDateType(parameters: CardLine['parameters']): CardLine['parameters'] {
  return parameters.filter(
    ({ name, values }) => name !== 'VALUE' || !/^(?:date|timestamp)/i.test(values[0] ?? ''),
  )
}
