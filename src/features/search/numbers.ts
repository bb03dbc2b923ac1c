import { significantDigits } from './words.ts'

/** Countries' calling codes of two digits; 1 and 7 have one, all others three. @see ITU-T E.164 */
const twoDigits = new Set(
  (
    '20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 ' +
    '92 93 94 95 98'
  ).split(' '),
)

/** What is dialled in front of an area within the country, where that is not 0. Italy has nothing of the sort: its 0 belongs to the number. */
const trunks: Readonly<Record<string, string>> = { '1': '1', '7': '8', '36': '06', '39': '' }

/** The calling code that the digits of an international number begin with. */
function callingCode(digits: string): string {
  if (/^[17]/.test(digits)) return digits.slice(0, 1)
  return twoDigits.has(digits.slice(0, 2)) ? digits.slice(0, 2) : digits.slice(0, 3)
}

/** A telephone number as it can be compared. */
export interface Dialled {
  /** Without calling code, sign, and what is dialled in front of an area. */
  readonly national: string
  /** The calling code; undefined where it is not known. */
  readonly code: string | undefined
}

/**
 * @param country  the calling code of numbers that have none, or ''
 */
export function readNumber(text: string, country: string): Dialled {
  const digits = text.replace(/\D+/g, '')
  const international = /^[\s(]*\+/.test(text)
    ? digits
    : /^00[1-9]/.test(digits)
      ? digits.slice(2)
      : undefined
  if (international !== undefined) {
    const code = callingCode(international)
    return { code, national: international.slice(code.length).replace(code === '39' ? /^$/ : /^0/, '') }
  }
  const trunk = trunks[country] ?? '0'
  const isLong = digits.length > (country === '1' || country === '7' ? 10 : 4)
  const hasTrunk = isLong && trunk !== '' && digits.startsWith(trunk)
  const national = hasTrunk ? digits.slice(trunk.length) : digits
  // What has no area may be of any.
  const isWhole = hasTrunk || national.length > longestWithoutArea
  return { code: country !== '' && isWhole ? country : undefined, national }
}

/** Digits of a number that is dialled within its area. */
const longestWithoutArea = 8

/** The digits that a part of a number may stand as in one that is kept. */
export function numberParts(text: string, country: string): string[] {
  const { code, national } = readNumber(text, country)
  const parts = new Set([significantDigits(text), national.replace(/^0+/, '')])
  if (code !== undefined && /^[\s(]*(?:\+|00)/.test(text)) parts.add(code + national)
  parts.delete('')
  return [...parts]
}

/** Shorter ends of numbers tell nobody apart. */
export const fewestEqualDigits = 7

/** How two numbers are one: `same`, or `end`, where one has no area or no country and the other ends with it. */
export function compareNumbers(one: string, other: string, country: string): 'same' | 'end' | undefined {
  const a = readNumber(one, country)
  const b = readNumber(other, country)
  if (a.code !== undefined && b.code !== undefined && a.code !== b.code) return undefined
  if (a.national === b.national) return 'same'
  return endsWithOther(significantDigits(one), significantDigits(other)) ||
    endsWithOther(a.national, b.national)
    ? 'end'
    : undefined
}

function endsWithOther(one: string, other: string): boolean {
  const [long, short] = one.length > other.length ? [one, other] : [other, one]
  return short.length >= fewestEqualDigits && long.endsWith(short)
}
