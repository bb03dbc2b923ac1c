import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Fit, fitDays, fitHours } from '../../../src/web/calendar/board/fit.ts'
import { dayMs, type Placed, placedIn } from '../../../src/web/calendar/board/placed.ts'

const grid = { from: 100, count: 42, inRow: 7 }
const room = { full: 3, capped: 2 }

function placed(id: number, from: number, to: number, isAllDay = false): Placed {
  const text = (at: number): string => new Date(at).toISOString().slice(0, isAllDay ? 10 : 24)
  const times = { start: text(from * dayMs), end: text(to * dayMs), allDay: isAllDay }
  return placedIn('UTC', { id, title: `Event ${id}`, instance: null, ...times } as unknown as Placed['row'])
}

const items = fc
  .array(
    fc.record({
      day: fc.integer({ min: 90, max: 145 }),
      hour: fc.integer({ min: 0, max: 23 }),
      lasts: fc.oneof(fc.constant(1 / 48), fc.integer({ min: 1, max: 12 })),
      isAllDay: fc.boolean(),
    }),
    { maxLength: 200 },
  )
  .map((all) =>
    all.map(({ day, hour, lasts, isAllDay }, id) =>
      isAllDay
        ? placed(id, day, day + Math.ceil(lasts), true)
        : placed(id, day + hour / 24, day + hour / 24 + lasts),
    ),
  )

function countOn(day: number, all: readonly Placed[]): number {
  return all.filter(({ first, last }) => first <= day && day <= last).length
}

function namesOf({ shown, hidden }: Fit) {
  return { shown: shown.map(({ row }) => row.id), hidden: [...hidden].sort(([one], [other]) => one - other) }
}

describe('what a sheet of days has room for', () => {
  it('is never more than that, and what is hidden is counted on each of its days', () => {
    fc.assert(
      fc.property(items, (all) => {
        const { shown, hidden } = fitDays(all, grid, room)
        for (let day = grid.from; day < grid.from + grid.count; day += 1) {
          const left = hidden.get(day) ?? 0
          expect(countOn(day, shown)).toBeLessThanOrEqual(left > 0 ? room.capped : room.full)
          expect(countOn(day, shown) + left).toBe(countOn(day, all))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is the same in whatever order the events come', () => {
    fc.assert(
      fc.property(items, (all) => {
        expect(namesOf(fitDays(all.toReversed(), grid, room))).toEqual(namesOf(fitDays(all, grid, room)))
      }),
      { numRuns: 30 },
    )
  })

  it('begins with what takes many days, then with whole days, then with what comes first', () => {
    const all = [
      placed(1, 101.5, 101.6),
      placed(2, 101.3, 101.4),
      placed(3, 101, 102, true),
      placed(4, 100.5, 102.5),
      placed(5, 101.1, 101.2),
    ]
    expect(namesOf(fitDays(all, grid, { full: 4, capped: 3 }))).toEqual({
      shown: [4, 3, 5],
      hidden: [[101, 2]],
    })
    expect(namesOf(fitDays(all, grid, { full: 5, capped: 4 })).shown).toEqual([4, 3, 5, 2, 1])
  })
})

describe('what lies between the hours', () => {
  it('stands in no more columns than there are, and the rest is counted', () => {
    const all = Array.from({ length: 20 }, (_, n) => placed(n, 101.5, 101.6))
    const { shown, hidden } = fitHours(all, grid, { columns: 3, most: 300 })
    expect([shown.length, hidden.get(101)]).toEqual([3, 17])
  })

  it('stands in fewer where there is too much of it', () => {
    const all = Array.from({ length: 400 }, (_, n) =>
      placed(n, 101 + Math.floor(n / 8) / 48, 101 + (Math.floor(n / 8) + 1) / 48),
    )
    const { shown, hidden } = fitHours(all, grid, { columns: 5, most: 100 })
    expect(shown.length).toBe(100)
    expect((hidden.get(101) ?? 0) + (hidden.get(102) ?? 0)).toBe(300)
  })
})

describe('the clock of a sheet', () => {
  it('is that of the zone, before and after clocks are changed', () => {
    const at = (start: string) => {
      const row = { id: 1, title: '', instance: null, start, end: start, allDay: false }
      return new Date(placedIn('Europe/Berlin', row as unknown as Placed['row']).from).toISOString()
    }
    expect(at('2026-03-28T08:00:00Z')).toBe('2026-03-28T09:00:00.000Z')
    expect(at('2026-03-29T00:59:00Z')).toBe('2026-03-29T01:59:00.000Z')
    expect(at('2026-03-29T01:00:00Z')).toBe('2026-03-29T03:00:00.000Z')
    expect(at('2026-03-30T07:00:00Z')).toBe('2026-03-30T09:00:00.000Z')
    expect(at('2026-10-25T01:30:00Z')).toBe('2026-10-25T02:30:00.000Z')
    expect(at('2026-05-01T12:00:00')).toBe('2026-05-01T12:00:00.000Z')
  })
})
