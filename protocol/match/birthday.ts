import { parameter } from '../text/content-lines.ts'
import { type Card, cardProperty } from '../vcard/card.ts'

/** A day that may be known without its year. */
export interface PartialDate {
  readonly year: number | undefined
  /** 1 to 12. */
  readonly month: number
  readonly day: number
}

/** Programs that have no date without a year write one before any that people are known from: 1604, or 0001 (ABK-07). */
const noYear = 1604

/** The birthday, in whatever way it is written; undefined where it has no month or no day. @see RFC 6350 §6.2.5 */
export function birthdayOf({ lines }: Card): PartialDate | undefined {
  const line = cardProperty(lines, 'BDAY') ?? cardProperty(lines, 'X-BDAY')
  const value = line?.value.trim() ?? ''
  const [, years, months, days] = /^(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?:T.*)?$/i.exec(value) ?? []
  const [year, month, day] = [Number(years ?? 0), Number(months ?? 0), Number(days ?? 0)]
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined
  const omitted = line && Number(parameter(line, 'X-APPLE-OMIT-YEAR') ?? noYear)
  return { year: year <= noYear || year === omitted ? undefined : year, month, day }
}

/** `1980-02-29`, `--02-29`. */
export function writtenDate({ year, month, day }: PartialDate): string {
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${year === undefined ? '-' : String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
}
