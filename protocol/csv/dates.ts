/** A date of a table: `year` is undefined where it has none. */
export interface TableDate {
  readonly year: number | undefined
  readonly month: number
  readonly day: number
}

/**
 * A date as programs export it: 1980-12-31, 19801231, 31.12.1980, 12/31/1980, --12-31, with a time behind or not.
 * @param isDayFirst  what 1/2/1980 means: the first of February in most languages, the second of January in English
 * @returns undefined when it cannot be read
 */
export function readTableDate(text: string, isDayFirst: boolean): TableDate | undefined {
  const trimmed = text.trim()
  if (trimmed.length > longestDate) return undefined
  const plain = trimmed.replace(/^(\S+)[T ]+\d{1,2}:\d\d.*$/, '$1')
  const iso = /^(\d{4})[-./](\d{1,2})[-./](\d{1,2})$/.exec(plain) ?? /^(\d{4})(\d\d)(\d\d)$/.exec(plain)
  if (iso) return valid(Number(iso[1]), Number(iso[2]), Number(iso[3]))
  const yearless = /^--(\d\d)-?(\d\d)$/.exec(plain)
  if (yearless) return valid(undefined, Number(yearless[1]), Number(yearless[2]))
  const parts = /^(\d{1,2})\s*([-./])\s*(\d{1,2})(?:\s*\2\s*(\d{4}|\d\d)?)?$/.exec(plain)
  if (!parts) return undefined
  const [first, second] = [Number(parts[1]), Number(parts[3])]
  const year = parts[4] === undefined ? undefined : fullYear(parts[4])
  const dayFirst = parts[2] === '.' || first > 12 || (isDayFirst && second <= 12)
  return dayFirst ? valid(year, second, first) : valid(year, first, second)
}

/** No date is longer, with a time and the name of a zone behind it; what is, is not searched. */
const longestDate = 100

/** As vCard 3.0 has it; Apple's way for one without a year. @see RFC 2426 §3.1.5 */
export function writeTableDate({ year, month, day }: TableDate): { value: string; isYearless: boolean } {
  const rest = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
  return { value: `${String(year ?? 1604).padStart(4, '0')}-${rest}`, isYearless: year === undefined }
}

/** Two digits stand for a year up to 2029. */
function fullYear(text: string): number {
  const year = Number(text)
  if (text.length > 2) return year
  return year < 30 ? 2000 + year : 1900 + year
}

function valid(year: number | undefined, month: number, day: number): TableDate | undefined {
  if (year === 0) return undefined
  return month >= 1 && month <= 12 && day >= 1 && day <= 31 ? { year, month, day } : undefined
}

/** Outlook's way to say that there is none. */
export function isNoDate(text: string): boolean {
  return /^0+([-./])0+\1\s*0+$/.test(text.trim()) || /^1\/1\/4501/.test(text.trim())
}
