import { describe, expect, it } from 'vitest'
import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { dayMs } from '../../../protocol/ical/gregorian.ts'
import { instances } from '../../../protocol/ical/instances.ts'
import { utcZone } from '../../../protocol/ical/timezone.ts'
import { formatTime } from '../../../protocol/ical/values.ts'
import { windowsZones } from '../../../protocol/ical/windows-zones.ts'
import { writeTimezone } from '../../../protocol/ical/write-timezone.ts'
import { calendarText, lines, zoneOf } from './objects.ts'
import { type Edge, edges, instantNear, middleOf } from './zone-edges.ts'

const name = ({ zone, at }: Edge) => `${zone} ${formatTime(at, 'utc').slice(0, 8)}`
const named = edges.map((edge) => [name(edge), edge] as const)
const windows = new Map([...windowsZones].map(([own, iana]) => [iana, own]))

/** Days before and after the change on which a series takes place. */
const days = [-2, -1, 0, 1, 2]

/** The instants at which a daily series of that zone, begun two days before the change, takes place. */
function startsOf(tzid: string, edge: Edge, head: readonly string[] = []): number[] {
  const first = formatTime(middleOf(edge) - 2 * dayMs, 'floating')
  const event = lines('VEVENT', `DTSTART;TZID=${tzid}:${first}`, 'DURATION:PT1M', 'RRULE:FREQ=DAILY;COUNT=5')
  const calendar = readCalendar(calendarText(...head, ...event))
  return [...instances(calendar, { zone: utcZone }, { steps: 1000 })].map(({ start }) => start)
}

const expected = (edge: Edge) => days.map((day) => instantNear(edge, middleOf(edge) + day * dayMs))

describe('RFC 5545 §3.3.5 clocks that change, in more than twenty zones', () => {
  it('are enough', () => {
    expect(new Set(edges.map(({ zone }) => zone)).size).toBeGreaterThanOrEqual(20)
  })

  it.each(named)('%s: to the second', (_, { zone, at, before, after }) => {
    const { toWall, toUtc } = zoneOf(zone)
    expect([toWall(at - 1000), toWall(at)]).toEqual([at - 1000 + before, at + after])
    expect(toUtc(at - 1000 + Math.min(before, after))).toBe(at - 1000 + Math.min(before, after) - before)
    const end = at + Math.max(before, after)
    expect([toUtc(end - 1000), toUtc(end)]).toEqual([end - 1000 - before, end - after])
  })

  it.each(named)(
    '%s: a daily series across the change, at the time that is left out or comes twice',
    (_, edge) => {
      expect(startsOf(edge.zone, edge)).toEqual(expected(edge))
      const own = writeTimezone('Our office', zoneOf(edge.zone)).trimEnd().split('\r\n')
      expect(startsOf('Our office', edge, own)).toEqual(expected(edge))
      const alias = windows.get(edge.zone)
      if (alias !== undefined) expect(startsOf(alias, edge)).toEqual(expected(edge))
    },
  )

  it.each(named)('%s: instances show what the clock says, as Intl has it', (_, edge) => {
    const format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: edge.zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    for (const [index, start] of startsOf(edge.zone, edge).entries()) {
      const wall = middleOf(edge) + (index - 2) * dayMs
      // In a gap the clock shows the time that much later.
      const isLeftOut = index === 2 && edge.after > edge.before
      const shown = isLeftOut ? wall - edge.before + edge.after : wall
      expect(format.format(start)).toBe(new Date(shown).toISOString().slice(0, 19).replace('T', ' '))
    }
  })

  it.each(named)('%s: whole days begin when the clock says so, or would have', (_, edge) => {
    const day = Math.floor((edge.at + edge.before) / dayMs) * dayMs
    const event = lines('VEVENT', `DTSTART;VALUE=DATE:${formatTime(day, 'date')}`)
    const [instance] = instances(
      readCalendar(calendarText(...event)),
      { zone: zoneOf(edge.zone) },
      { steps: 10 },
    )
    expect([instance?.start, instance?.end]).toEqual([instantNear(edge, day), instantNear(edge, day + dayMs)])
  })
})
