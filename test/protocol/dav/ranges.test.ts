import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isModifiedSince,
  isUnmodifiedSince,
  matchesIfRange,
  selectRanges,
} from '../../../protocol/dav/ranges.ts'

const ranges = (header: string, size = 100) => {
  const selection = selectRanges(header, size, 8)
  return selection.kind === 'ranges'
    ? selection.ranges.map(({ first, last }) => `${first}-${last}`).join(' ')
    : selection.kind
}

describe('RFC 9110 §14.1.2 byte ranges', () => {
  it('are read with both ends, one of them, or as the last so many', () => {
    expect(ranges('bytes=0-0')).toBe('0-0')
    expect(ranges(' Bytes = 10-19 ')).toBe('10-19')
    expect(ranges('bytes=90-200')).toBe('90-99')
    expect(ranges('bytes=99-')).toBe('99-99')
    expect(ranges('bytes=-1')).toBe('99-99')
    expect(ranges('bytes=-1000')).toBe('0-99')
    expect(ranges('bytes=0-1, ,5-6')).toBe('0-1 5-6')
  })

  it('without an octet in the representation are left out; if there are no others, none can be satisfied', () => {
    expect(ranges('bytes=100-')).toBe('unsatisfiable')
    expect(ranges('bytes=-0')).toBe('unsatisfiable')
    expect(ranges('bytes=0-', 0)).toBe('unsatisfiable')
    expect(ranges('bytes=200-300,1-2')).toBe('1-2')
  })

  it('that are malformed, of another unit, too many or more than the whole are passed over', () => {
    for (const header of [
      '',
      'bytes',
      'bytes=',
      'bytes=-',
      'bytes=2-1',
      'bytes=a-',
      'bytes=1-2-3',
      'rows=1-2',
    ]) {
      expect(ranges(header), header).toBe('whole')
    }
    expect(ranges('bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8')).toBe('whole')
    expect(ranges('bytes=0-60,40-99')).toBe('whole')
    expect(ranges('bytes=99999999999999999999-')).toBe('whole')
    expect(selectRanges(undefined, 100, 8)).toEqual({ kind: 'whole' })
  })

  it('always lie within the representation, whatever is asked', () => {
    const part = fc
      .tuple(fc.nat(300), fc.constantFrom('-', '--', ''), fc.nat(300))
      .map((parts) => parts.join(''))
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string()), { maxLength: 6 }), fc.nat(200), (parts, size) => {
        const selection = selectRanges(`bytes=${parts.join(',')}`, size, 4)
        if (selection.kind !== 'ranges') return
        for (const { first, last } of selection.ranges) {
          expect(first).toBeGreaterThanOrEqual(0)
          expect(last).toBeGreaterThanOrEqual(first)
          expect(last).toBeLessThan(size)
        }
      }),
    )
  })
})

describe('RFC 9110 §13.1 conditions with dates', () => {
  const modifiedAt = Date.UTC(2026, 0, 15, 12, 0, 0, 700)
  const same = 'Thu, 15 Jan 2026 12:00:00 GMT'
  const earlier = 'Thu, 15 Jan 2026 11:59:59 GMT'
  const later = 'Thu, 15 Jan 2026 12:00:01 GMT'

  it('are judged in whole seconds; what is no date is passed over', () => {
    expect([same, earlier, later, 'x', undefined].map((date) => isModifiedSince(date, modifiedAt))).toEqual([
      false,
      true,
      false,
      true,
      true,
    ])
    expect([same, earlier, later, 'x', undefined].map((date) => isUnmodifiedSince(date, modifiedAt))).toEqual(
      [true, false, true, true, true],
    )
  })

  it('If-Range takes a strong tag, or the exact date once it is strong (§13.1.5)', () => {
    const state = { etag: '"a"', modifiedAt }
    const soon = modifiedAt + 500
    const long = modifiedAt + 60_000
    expect(matchesIfRange(undefined, state, soon)).toBe(true)
    expect(matchesIfRange('"a"', state, soon)).toBe(true)
    for (const header of ['W/"a"', '"b"', '"a", "b"', '*', ''])
      expect(matchesIfRange(header, state, soon)).toBe(false)
    expect(matchesIfRange(same, state, soon)).toBe(false)
    expect(matchesIfRange(same, state, long)).toBe(true)
    expect(matchesIfRange(later, state, long)).toBe(false)
    expect(matchesIfRange(earlier, state, long)).toBe(false)
  })
})
