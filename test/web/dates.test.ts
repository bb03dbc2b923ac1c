import { describe, expect, it } from 'vitest'
import { datesOf } from '../../src/web/ui/dates.ts'

const now = Date.UTC(2026, 10, 27, 12)
const day = 86_400_000

describe('dates of the web app', () => {
  it('are told from now in the largest unit that fits', () => {
    const { relative } = datesOf('en')
    const told = [-20_000, -3 * 3_600_000, -day, -15 * day, 2 * day, -800 * day].map((ms) =>
      relative(now + ms, now),
    )
    expect(told).toEqual(['now', '3 hours ago', 'yesterday', '2 weeks ago', 'in 2 days', '2 years ago'])
    expect(datesOf('de').relative(now - day, now)).toBe('gestern')
  })

  it('have what cards know of a day, a month or a year, and no other day', () => {
    const { partial } = datesOf('en-GB')
    expect(partial({ year: 1980, month: 3, day: 14 })).toBe('14 March 1980')
    expect(partial({ year: null, month: 2, day: 29 })).toBe('29 February')
    expect(partial({ year: 1980, month: 3, day: null })).toBe('March 1980')
    expect(partial({ year: 80, month: null, day: null })).toBe('80')
    expect(datesOf('de').partial({ year: 1980, month: 3, day: 14 })).toBe('14. März 1980')
  })
})
