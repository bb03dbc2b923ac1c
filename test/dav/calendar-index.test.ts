import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchesFilter } from '../../protocol/ical/filter.ts'
import type { CompFilter } from '../../protocol/ical/filter-types.ts'
import { ianaZone, utcZone } from '../../protocol/ical/timezone.ts'
import { formatTime } from '../../protocol/ical/values.ts'
import { calendarQueryBody } from './client.ts'
import { inRange, namesIn } from './queries.ts'
import { filled, hour, hourMs, today } from './random-objects.ts'
import { useServer } from './server.ts'

describe('RFC 4791 §9.9 the index answers as the objects do', () => {
  const server = useServer()

  it('for every component, range and zone', async () => {
    const alice = await server.account()
    const [place, objects] = await filled(alice, 150)
    expect(objects.size).toBeGreaterThan(130)
    const query = fc.record({
      name: fc.constantFrom('VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL'),
      start: fc.option(hour, { nil: undefined, freq: 6 }),
      lasts: fc.option(fc.oneof(fc.constantFrom(0.25, 0.5, 1), fc.integer({ min: 1, max: 24 * 60 })), {
        nil: undefined,
        freq: 6,
      }),
      zone: fc.constantFrom(
        undefined,
        'Europe/Berlin',
        'Europe/Berlin',
        'Pacific/Kiritimati',
        'America/New_York',
      ),
    })
    let both = 0
    await fc.assert(
      fc.asyncProperty(query, async ({ name, start, lasts, zone }) => {
        if (start === undefined && lasts === undefined) return
        const from = start === undefined ? undefined : today + start * hourMs
        const to = lasts === undefined ? undefined : (from ?? today) + lasts * hourMs
        const written = (time?: number) => (time === undefined ? undefined : formatTime(time, 'utc'))
        const body = calendarQueryBody(inRange(name, written(from), written(to))).replace(
          '</c:calendar-query>',
          zone === undefined
            ? '</c:calendar-query>'
            : `<c:timezone-id>${zone}</c:timezone-id></c:calendar-query>`,
        )
        const answered = namesIn(place, (await alice.report(place, body)).hrefs)
        const filter = rangeFilter(name, from, to)
        const expected = [...objects].filter(([, own]) =>
          matchesFilter(own, filter, {
            zone: (zone === undefined ? undefined : ianaZone(zone)) ?? utcZone,
            budget: { steps: server.settings.limits.recurrenceSteps },
          }),
        )
        expect(answered).toEqual(expected.map(([uid]) => uid).sort())
        if (answered.length > 0 && answered.length < objects.size) both += 1
      }),
      { seed: 4791, numRuns: 150 },
    )
    expect(both).toBeGreaterThan(50)
  })
})

function rangeFilter(name: string, start: number | undefined, end: number | undefined): CompFilter {
  const bare = { isNotDefined: false, props: [], comps: [], test: 'allof' } as const
  return { ...bare, name: 'VCALENDAR', comps: [{ ...bare, name, timeRange: { start, end } }] }
}
