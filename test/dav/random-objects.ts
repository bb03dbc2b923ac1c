import fc from 'fast-check'
import { type Calendar, readCalendar } from '../../protocol/ical/calendar.ts'
import { formatTime } from '../../protocol/ical/values.ts'
import { calendar } from './objects.ts'
import { makeCalendar } from './queries.ts'
import type { Account } from './server.ts'

export const hourMs = 3_600_000
export const today = Date.UTC(2026, 0, 15)
/** In and beyond the window of the index (a year back, two ahead), often near a change of clocks in Europe. */
const near = (day: number) =>
  fc.integer({ min: -6, max: 20 }).map((quarters) => (day - today) / hourMs + quarters / 4)
/** Hours from today. */
export const hour = fc.oneof(
  fc.integer({ min: -24 * 500, max: 24 * 900 }),
  near(Date.UTC(2026, 2, 29, 1)),
  near(Date.UTC(2026, 9, 25, 1)),
)
const form = fc.constantFrom('date', 'floating', 'utc', 'Europe/Berlin', 'America/New_York')
const length = fc.constantFrom('', 'DURATION:PT0S', 'DURATION:PT30M', 'DURATION:P1D', 'DURATION:P40D')
const rule = fc.constantFrom(
  '',
  '',
  'RRULE:FREQ=DAILY;INTERVAL=3',
  'RRULE:FREQ=DAILY;INTERVAL=40;COUNT=5',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20260601T000000Z',
  'RRULE:FREQ=MONTHLY;BYMONTHDAY=31',
  'RRULE:FREQ=YEARLY',
  'RRULE:FREQ=HOURLY',
)
const override = fc.record({ nth: fc.integer({ min: 0, max: 20 }), form, start: hour, length })
const object = fc.record({
  kind: fc.constantFrom('VEVENT', 'VEVENT', 'VEVENT', 'VTODO', 'VJOURNAL'),
  form,
  start: hour,
  length,
  rule,
  look: fc.constantFrom('', '', '', 'STATUS:TENTATIVE', 'STATUS:CANCELLED', 'TRANSP:TRANSPARENT'),
  excluded: fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 3 }),
  overrides: fc.uniqueArray(override, { maxLength: 2, selector: ({ nth }) => nth }),
  isThere: fc.boolean(),
})
type Sample = typeof object extends fc.Arbitrary<infer T> ? T : never

function stamp(name: string, kind: string, offset: number): string {
  const time = today + offset * hourMs
  if (kind === 'date') return `${name};VALUE=DATE:${formatTime(time, 'date')}`
  if (kind === 'utc') return `${name}:${formatTime(time, 'utc')}`
  return `${name}${kind === 'floating' ? '' : `;TZID=${kind}`}:${formatTime(time, 'floating')}`
}

function textOf(own: Sample, uid: string): string {
  const component = (...lines: readonly string[]) => [
    `BEGIN:${own.kind}`,
    `UID:${uid}`,
    ...lines.filter((line) => line !== ''),
    `END:${own.kind}`,
  ]
  const master = component(
    stamp('DTSTART', own.form, own.start),
    own.kind === 'VJOURNAL' ? '' : own.length,
    own.rule,
    own.look,
    ...own.excluded.map((n) => stamp('EXDATE', own.form, own.start + n * 24)),
  )
  const overrides = own.overrides.flatMap(({ nth, form: kind, start, length: lasts }) =>
    component(
      stamp('RECURRENCE-ID', own.form, own.start + nth * 24),
      stamp('DTSTART', kind, own.start + nth * 24 + Math.trunc(start / 24)),
      own.kind === 'VJOURNAL' ? '' : lasts,
    ),
  )
  return calendar([...(own.isThere || overrides.length === 0 ? master : []), ...overrides])
}

/** Objects that are enough like the real ones to be stored, and hold every kind of time. */
export async function filled(alice: Account, count: number): Promise<[string, Map<string, Calendar>]> {
  const place = await makeCalendar(alice, 'filled', ['VEVENT', 'VTODO', 'VJOURNAL'])
  const objects = new Map<string, Calendar>()
  for (const [n, sample] of fc.sample(object, { seed: 4791, numRuns: count }).entries()) {
    const text = textOf(sample, `u${n}`)
    const { status } = await alice.put(`${place}u${n}.ics`, text)
    // Two overrides on two clocks may name one instance; such an object is refused.
    if (status === 201) objects.set(`u${n}`, readCalendar(text))
  }
  return [place, objects]
}
