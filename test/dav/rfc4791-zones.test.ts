import { describe, expect, it } from 'vitest'
import { caldav } from '../../protocol/dav/names.ts'
import { formatTime } from '../../protocol/ical/values.ts'
import { writeTimezone } from '../../protocol/ical/write-timezone.ts'
import { zoneOf } from '../protocol/ical/objects.ts'
import { type Edge, edges, instantNear, middleOf } from '../protocol/ical/zone-edges.ts'
import { calendarQueryBody } from './client.ts'
import { calendar } from './objects.ts'
import { inRange, putAll } from './queries.ts'
import { type Account, useServer } from './server.ts'

const dayMs = 86_400_000
const utc = (time: number) => formatTime(time, 'utc')
const days = [-2, -1, 0, 1, 2]
const instants = (edge: Edge) => days.map((day) => instantNear(edge, middleOf(edge) + day * dayMs))

/** A daily series of one minute across the change, at the time that is left out or comes twice. */
function series(uid: string, tzid: string, edge: Edge, head: readonly string[] = []): string {
  const start = formatTime(middleOf(edge) - 2 * dayMs, 'floating')
  return calendar([
    ...head,
    ...['BEGIN:VEVENT', `UID:${uid}`, `DTSTART;TZID=${tzid}:${start}`, 'DURATION:PT1M'],
    ...['RRULE:FREQ=DAILY;COUNT=5', 'END:VEVENT'],
  ])
}

async function stored(alice: Account): Promise<string> {
  const objects = edges.flatMap((edge, index): [string, string][] => {
    const own = writeTimezone('Our office', zoneOf(edge.zone)).trimEnd().split('\r\n')
    return [
      [`iana${index}`, series(`iana${index}`, edge.zone, edge)],
      [`own${index}`, series(`own${index}`, 'Our office', edge, own)],
    ]
  })
  await putAll(alice, alice.calendar, 'ics', Object.fromEntries(objects))
  return alice.calendar
}

describe('RFC 4791 §9.9 events where clocks change, in more than twenty zones', () => {
  const server = useServer()

  it('are found, expanded and told as busy at the right minute, and at no other', async () => {
    const alice = await server.account()
    const place = await stored(alice)
    for (const [index, edge] of edges.entries()) {
      const starts = instants(edge)
      const own = [`${place}iana${index}.ics`, `${place}own${index}.ics`]
      const range = { start: utc((starts[0] ?? 0) - dayMs), end: utc((starts[4] ?? 0) + dayMs) }
      const data = `<c:calendar-data><c:expand start="${range.start}" end="${range.end}"/></c:calendar-data>`
      for (const start of starts) {
        const { hrefs } = await alice.report(
          place,
          calendarQueryBody(inRange('VEVENT', utc(start), utc(start + 60_000))),
        )
        expect([edge.zone, hrefs]).toEqual([edge.zone, expect.arrayContaining(own)])
      }
      // What the same clock shows with the other offset; where a day is left out, that is the day before.
      const middle = middleOf(edge)
      const wrong = middle - edge.after
      const asked = inRange('VEVENT', utc(wrong), utc(wrong + 60_000))
      const missed = starts.includes(wrong) ? [] : (await alice.report(place, calendarQueryBody(asked))).hrefs
      for (const href of own)
        expect([edge.zone, missed]).not.toEqual([edge.zone, expect.arrayContaining([href])])
      const answer = await alice.report(
        place,
        calendarQueryBody(inRange('VEVENT', range.start, range.end), data),
      )
      for (const href of own) {
        const expanded = answer
          .of(href)
          .text(caldav('calendar-data'))
          ?.match(/(?<=DTSTART:)\S+/g)
        expect([edge.zone, expanded]).toEqual([edge.zone, starts.map(utc)])
      }
      const busy = `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="${range.start}" end="${range.end}"/></c:free-busy-query>`
      const told = await alice.request('REPORT', place, { body: busy })
      for (const start of starts) expect(told.text).toContain(`FREEBUSY;FBTYPE=BUSY:${utc(start)}/`)
    }
  }, 60_000)
})
