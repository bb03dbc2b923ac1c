import { escapeTextValue, unescapeText } from '../../../text/content-lines.ts'
import { dateTo3, dateTo4 } from '../../convert/dates.ts'
import { type CardLine, changed, hasWord, newLine, without } from '../../convert/line.ts'
import { withoutLeftovers } from '../../convert/parameters.ts'
import type { CardVersion } from '../../convert.ts'
import type { CardDate } from '../details.ts'
import { isBlank, type ListType, oneLine } from './list-type.ts'

export const dates: ListType<CardDate> = {
  names: ['X-ABDATE'],
  read: (line) => {
    const date = readCardDate(line)
    return isBlank(date) ? undefined : date
  },
  write: writeCardDate,
  blank: () => newLine('X-ABDATE', ''),
}

/** A date in whatever way a program has written it. @see RFC 6350 §4.3 */
export function readCardDate(line: CardLine): CardDate {
  const plain = dateTo4(withoutLeftovers(line))
  const found = hasWord(plain, 'VALUE', 'text') || isOther(plain) ? null : written.exec(plain.value.trim())
  if (found === null) return { ...noDate, text: unescapeText(plain.value).trim() }
  const [, y1, m1, d1, y2, m2, y3, m4, d4, d5, time = ''] = found
  return {
    year: whole(y1 ?? y2 ?? y3),
    month: whole(m1 ?? m2 ?? m4),
    day: whole(d1 ?? d4 ?? d5),
    time,
    text: '',
  }
}

/** The line with another date; itself where that is the one it has. In 3.0 a date without a year is Apple's (ABK-07). */
export function writeCardDate(line: CardLine, date: CardDate, version: CardVersion): CardLine {
  if (isSameDate(readCardDate(line), date)) return line
  const plain = withoutLeftovers(line)
  const parameters = without(
    plain.parameters,
    'VALUE',
    'X-VALUE',
    'X-APPLE-OMIT-YEAR',
    'CALSCALE',
    'X-CALSCALE',
  )
  const value = writtenDate(date)
  if (value === undefined) {
    const textual = { name: 'VALUE', values: ['text'] }
    return changed(plain, {
      value: escapeTextValue(oneLine(date.text)),
      parameters: [textual, ...parameters],
    })
  }
  const line4 = changed(plain, { value, parameters })
  return version === '4.0' ? line4 : (dateTo3(line4) ?? line4)
}

export function isSameDate(one: CardDate, other: CardDate): boolean {
  return (
    one.year === other.year &&
    one.month === other.month &&
    one.day === other.day &&
    one.time === other.time &&
    one.text === other.text
  )
}

const noDate: CardDate = { year: null, month: null, day: null, time: '', text: '' }

/** As `dateTo4` gives it. */
const written =
  /^(?:(\d{4})(\d\d)(\d\d)|(\d{4})-(\d\d)|(\d{4})|--(\d\d)(\d\d)?|---(\d\d))(T\d{6}(?:Z|[+-]\d{4})?)?$/

function isOther(line: CardLine): boolean {
  return line.parameters.some(
    ({ name, values }) => /^(?:X-)?CALSCALE$/.test(name) && values[0]?.toLowerCase() !== 'gregorian',
  )
}

function whole(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits)
}

/** undefined for what is no date of this calendar. */
function writtenDate({ year, month, day, time }: CardDate): string | undefined {
  const two = (number: number): string => String(number).padStart(2, '0')
  const years = year === null ? undefined : String(year).padStart(4, '0')
  if (years !== undefined && month !== null && day !== null) return `${years}${two(month)}${two(day)}${time}`
  if (years !== undefined) return month === null ? years : `${years}-${two(month)}`
  if (month !== null) return `--${two(month)}${day === null ? '' : two(day)}${day === null ? '' : time}`
  return day === null ? undefined : `---${two(day)}${time}`
}
