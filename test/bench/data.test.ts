import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { berlinToUtc, dayMs, formatDate, formatDateTime } from './berlin.ts'
import { generateCards } from './cards.ts'
import { type EventItem, generateEvents } from './events.ts'
import { eventsInRange, months } from './ranges.ts'
import { canonicalLines, isSameObject } from './same-object.ts'

/** Starts of the instances up to `until`, as ical.js expands them. */
function expandedStarts(event: EventItem, until: number): { text: string; start: number; end: number }[] {
  const components = new ICAL.Component(ICAL.parse(event.body)).getAllSubcomponents('vevent')
  const [master, ...overrides] = components.map((component) => new ICAL.Event(component))
  if (master === undefined) return []
  for (const override of overrides) master.relateException(override)
  const found: { text: string; start: number; end: number }[] = []
  const iterator = master.iterator()
  for (let next = iterator.next(); next; next = iterator.next()) {
    const { startDate, endDate } = master.getOccurrenceDetails(next)
    const wallOf = (time: ICAL.Time): number =>
      Date.parse(`${time.toString().slice(0, 19).padEnd(19, 'T00:00:00')}Z`)
    const instant = (time: ICAL.Time): number =>
      event.form === 'zoned' ? berlinToUtc(wallOf(time)) : wallOf(time)
    const start = instant(startDate)
    if (start > until) break
    const text = event.form === 'date' ? formatDate(start) : `${formatDateTime(start)}Z`
    found.push({ text, start, end: instant(endDate) })
    if (!master.isRecurring()) break
  }
  return found
}

describe('generated data', () => {
  it('has instances in every month exactly where ical.js finds them', () => {
    const events = generateEvents(400)
    for (const range of months) {
      const known = eventsInRange(events, range)
      for (const event of events) {
        const found = expandedStarts(event, range.until + 2 * dayMs)
        const inside = found.filter(({ start, end }) => start < range.until && end > range.from)
        const { sure, possible } = known.get(event.name) ?? {
          sure: new Set<string>(),
          possible: new Set<string>(),
        }
        const starts = new Set(inside.map(({ text }) => text))
        expect(
          [...sure].filter((start) => !starts.has(start)),
          event.body,
        ).toEqual([])
        expect(
          [...starts].filter((start) => !possible.has(start)),
          event.body,
        ).toEqual([])
      }
    }
  })

  it('is about three tenths recurring, and its contacts about 600 octets', () => {
    const recurring = generateEvents(1000).filter(({ recurrence }) => recurrence !== undefined)
    expect(recurring.length).toBeGreaterThan(250)
    expect(recurring.length).toBeLessThan(350)
    const octets = generateCards(100).reduce((sum, { body }) => sum + Buffer.byteLength(body), 0) / 100
    expect(octets).toBeGreaterThan(500)
    expect(octets).toBeLessThan(700)
  })

  it('is the same for every count, so that runs of different size agree', () => {
    expect(generateEvents(20)).toEqual(generateEvents(40).slice(0, 20))
    expect(generateCards(20)).toEqual(generateCards(40).slice(0, 20))
  })
})

describe('comparison of bodies', () => {
  const [event] = generateEvents(1)
  const sent = event?.body ?? ''

  it('accepts other folding, line ends and order', () => {
    const unfolded = sent.replaceAll('\r\n ', '').replaceAll('\r\n', '\n')
    expect(isSameObject(canonicalLines(sent), unfolded)).toBe(true)
  })

  it('refuses a lost line and a changed value', () => {
    expect(isSameObject(canonicalLines(sent), sent.replace(/STATUS:CONFIRMED\r\n/, ''))).toBe(false)
    expect(isSameObject(canonicalLines(sent), sent.replace('CONFIRMED', 'TENTATIVE'))).toBe(false)
  })
})
