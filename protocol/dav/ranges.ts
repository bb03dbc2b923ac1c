import { readEtagCondition } from './conditions.ts'
import type { Header } from './headers.ts'

/** Octets of a representation: both ends are part of the range. */
export interface ByteRange {
  readonly first: number
  readonly last: number
}

/** What of a representation is to be sent. */
export type RangeSelection =
  | { readonly kind: 'whole' }
  | { readonly kind: 'ranges'; readonly ranges: readonly ByteRange[] }
  /** None of the ranges has an octet: 416. */
  | { readonly kind: 'unsatisfiable' }

const whole: RangeSelection = { kind: 'whole' }

/**
 * Reads a Range header; never throws. What is no range of bytes is passed over, and so is more than `limit` of them, or
 * ranges that are more than the whole together.
 * @param size  octets of the representation
 * @see RFC 9110 §14.1.2, §14.2
 */
export function selectRanges(header: Header, size: number, limit: number): RangeSelection {
  const [, list] = /^\s*bytes\s*=(.*)$/i.exec(header ?? '') ?? []
  if (list === undefined) return whole
  const asked = list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
  if (asked.length === 0 || asked.length > limit) return whole
  const ranges: ByteRange[] = []
  for (const one of asked) {
    const range = readRange(one, size)
    if (range === undefined) return whole
    if (range.first < size && range.first <= range.last) ranges.push(range)
  }
  if (ranges.length === 0) return { kind: 'unsatisfiable' }
  const octets = ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0)
  return octets > size ? whole : { kind: 'ranges', ranges }
}

/**
 * Whether If-Range lets a range be sent: the tag is the present one, strongly compared, or the date is exactly that of the
 * last modification, which lies so far back that nothing has changed in the same second.
 * @param now  epoch milliseconds
 * @see RFC 9110 §13.1.5
 */
export function matchesIfRange(
  header: Header,
  { etag, modifiedAt }: { readonly etag: string; readonly modifiedAt: number },
  now: number,
): boolean {
  if (header === undefined) return true
  const date = readHttpDate(header)
  if (date !== undefined) return date === inSeconds(modifiedAt) && now - modifiedAt > 1_000
  const tags = readEtagCondition(header)
  return tags !== '*' && tags.length === 1 && tags.every(({ weak, value }) => !weak && value === etag)
}

/**
 * Whether If-Modified-Since lets the request go on; where it does not, the answer is 304. A date that cannot be read is
 * passed over.
 * @see RFC 9110 §13.1.3
 */
export function isModifiedSince(header: Header, modifiedAt: number): boolean {
  const date = readHttpDate(header)
  return date === undefined || inSeconds(modifiedAt) > date
}

/** Whether If-Unmodified-Since lets the request go on; where it does not, the answer is 412. @see RFC 9110 §13.1.4 */
export function isUnmodifiedSince(header: Header, modifiedAt: number): boolean {
  const date = readHttpDate(header)
  return date === undefined || inSeconds(modifiedAt) <= date
}

/** In epoch milliseconds; undefined for what is no date of HTTP. @see RFC 9110 §5.6.7 */
function readHttpDate(header: Header): number | undefined {
  if (header === undefined || !/^\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(header)) return undefined
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : at
}

function inSeconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000
}

/** `undefined` for what is none. */
function readRange(text: string, size: number): ByteRange | undefined {
  const [, first, last] = /^(\d{0,15})-(\d{0,15})$/.exec(text) ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first === '') return { first: Math.max(size - Number(last), 0), last: last === '0' ? -1 : size - 1 }
  if (last !== '' && Number(last) < Number(first)) return undefined
  return { first: Number(first), last: last === '' ? size - 1 : Math.min(Number(last), size - 1) }
}
