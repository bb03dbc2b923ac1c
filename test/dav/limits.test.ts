import { describe, expect, it } from 'vitest'
import { caldav, cs, dav } from '../../protocol/dav/names.ts'
import { type Answer, calendarQueryBody, multigetBody, preconditionsOf } from './client.ts'
import { event } from './objects.ts'
import { compFilter, found, inRange, makeCalendar, putAll, timeRange } from './queries.ts'
import { type Account, useServer } from './server.ts'

const hostile = [
  'FREQ=SECONDLY',
  'FREQ=SECONDLY;COUNT=2000000000',
  'FREQ=MINUTELY;INTERVAL=7;BYSECOND=3;COUNT=99999999',
  'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30',
  'FREQ=HOURLY;BYMONTHDAY=31;BYMONTH=4',
  'FREQ=DAILY;BYSETPOS=1;BYHOUR=1,2;COUNT=900000',
  `FREQ=YEARLY;BYYEARDAY=${range(1, 366)};BYHOUR=${range(0, 23)};BYMINUTE=${range(0, 59)};BYSECOND=${range(0, 59)}`,
  `FREQ=MONTHLY;BYMONTHDAY=${range(1, 31)};BYHOUR=${range(0, 23)};BYMINUTE=${range(0, 59)};BYSECOND=${range(0, 59)};BYSETPOS=-1`,
  'FREQ=WEEKLY;INTERVAL=2147483647',
  'FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO;INTERVAL=999',
  'FREQ=DAILY;UNTIL=99991231T235959Z',
]

function range(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n).join(',')
}

/** A calendar in which every object would cost for ever; each rule several times. */
async function filled(alice: Account, times: number): Promise<number> {
  const bodies: Record<string, string> = { plain: event('plain', ['DTSTART:20500101T000000Z']) }
  for (let n = 0; n < times * hostile.length; n += 1) {
    bodies[`n${n}`] = event(`n${n}`, ['DTSTART:19000101T000000Z', `RRULE:${hostile[n % hostile.length]}`])
  }
  await putAll(alice, alice.calendar, 'ics', bodies)
  return Object.keys(bodies).length
}

describe('law 10: hostile recurrence rules (complaint 15)', () => {
  const server = useServer()
  const far = ['20500101T000000Z', '20500101T000001Z'] as const

  it('every method answers, in a bounded number of steps', async () => {
    const alice = await server.account()
    const count = await filled(alice, 1)
    expect(await found(alice, alice.calendar, inRange('VEVENT', ...far))).toContain('plain')
    expect(await found(alice, alice.calendar, inRange('VEVENT', '20260115T000000Z'))).toContain('n0')
    expect(await found(alice, alice.calendar, inRange('VEVENT', undefined, '19000101T000001Z'))).toContain(
      'n0',
    )
    expect(await found(alice, alice.calendar, compFilter('VEVENT', inRange('VALARM', ...far)))).toEqual([])
    const expand =
      '<d:getetag/><c:calendar-data><c:expand start="20260101T000000Z" end="20270101T000000Z"/></c:calendar-data>'
    const answer = await alice.report(alice.calendar, calendarQueryBody('', expand))
    expect(answer.responses).toHaveLength(count)
    for (const { props } of answer.responses) expect([...props.keys()]).toContain(dav('getetag'))
    const limited = expand.replace('c:expand', 'c:limit-recurrence-set')
    expect((await alice.report(alice.calendar, calendarQueryBody('', limited))).responses).toHaveLength(count)
    for (let n = 0; n < hostile.length; n += 1) {
      expect((await alice.delete(`${alice.calendar}n${n}.ics`)).status).toBe(204)
    }
  })

  it('they do not hold up another request', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await filled(alice, 5)
    expect((await bob.propfind(bob.calendar, 0, [dav('sync-token')])).status).toBe(207)
    const expand =
      '<c:calendar-data><c:expand start="20260101T000000Z" end="20270101T000000Z"/></c:calendar-data>'
    const bodies = [
      calendarQueryBody(compFilter('VEVENT', timeRange(...far), '<c:prop-filter name="UID"/>')),
      calendarQueryBody('', expand),
    ]
    for (const body of bodies) {
      let isRunning = true
      const slow = alice.report(alice.calendar, body).finally(() => {
        isRunning = false
      })
      let meanwhile = 0
      while (isRunning) {
        await bob.propfind(bob.calendar, 0, [dav('sync-token')])
        if (isRunning) meanwhile += 1
      }
      await slow
      expect(meanwhile).toBeGreaterThan(2)
    }
  })

  it('thousands of rules, dates and overrides in one object', async () => {
    const alice = await server.account()
    const start = 'DTSTART:19700101T000000Z'
    const many = (line: (n: number) => string, count = 5_000) =>
      Array.from({ length: count }, (_, n) => line(n))
    const day = (n: number) => new Date(n * 86_400_000).toISOString().replace(/[-:]|\.\d+/g, '')
    const overrides = many(
      (n) => `END:VEVENT\r\nBEGIN:VEVENT\r\nUID:o\r\nRECURRENCE-ID:${day(n)}\r\nDTSTART:${day(n)}`,
      3_000,
    )
    await putAll(alice, alice.calendar, 'ics', {
      rules: event('r', [start, ...many((n) => `RRULE:FREQ=DAILY;INTERVAL=${n + 1}`)]),
      rdates: event('d', [start, ...many((n) => `RDATE:${day(n)}`)]),
      exdates: event('x', [start, 'RRULE:FREQ=DAILY', ...many((n) => `EXDATE:${day(n)}`)]),
      overrides: event('o', [start, 'RRULE:FREQ=DAILY', ...overrides]),
      alarms: event('a', [
        start,
        'RRULE:FREQ=DAILY',
        ...many(() => 'BEGIN:VALARM\r\nTRIGGER:-PT1H\r\nREPEAT:9999\r\nDURATION:PT1S\r\nEND:VALARM', 2_000),
      ]),
    })
    expect(
      await found(alice, alice.calendar, inRange('VEVENT', '19700101T000000Z', '19700103T000000Z')),
    ).toEqual(expect.arrayContaining(['alarms', 'overrides', 'rdates', 'rules']))
    expect(
      await found(alice, alice.calendar, inRange('VEVENT', '19750101T000000Z', '19750102T000000Z')),
    ).not.toContain('exdates')
    const alarms = compFilter('VEVENT', inRange('VALARM', '20500101T000000Z', '20500101T000001Z'))
    expect((await alice.report(alice.calendar, calendarQueryBody(alarms))).status).toBe(207)
  })
})

describe('law 10: what a client can grow', () => {
  const server = useServer({
    limits: {
      multigetHrefs: 500,
      xmlBytes: 60_000,
      xmlDepth: 20,
      xmlNodes: 3_000,
      objectsPerCollection: 3,
      attendees: 2,
    },
  })

  it('hrefs in a multiget: as many as the limit, not one more (MIN-30, TBA-07)', async () => {
    const alice = await server.account()
    const asked = Array.from({ length: 500 }, (_, n) => `${alice.calendar}${n}.ics`)
    expect((await alice.report(alice.calendar, multigetBody('calendar', asked))).hrefs).toEqual(asked)
    const body = multigetBody('calendar', [...asked, `${alice.calendar}500.ics`])
    const answer = await alice.request('REPORT', alice.calendar, { body })
    expect([answer.status, preconditionsOf(answer)]).toEqual([507, [dav('number-of-matches-within-limits')]])
  })

  it('octets, depth and nodes of an XML body', async () => {
    const alice = await server.account()
    const wrapped = (inner: string) => calendarQueryBody('').replace('<c:filter>', `${inner}<c:filter>`)
    const tooMuch: readonly (readonly [string, number])[] = [
      [wrapped(`<x>${'y'.repeat(61_000)}</x>`), 413],
      [wrapped('<x>'.repeat(30) + '</x>'.repeat(30)), 400],
      [wrapped('<x/>'.repeat(3_001)), 400],
      [`<!DOCTYPE x [<!ENTITY a "b">]>${calendarQueryBody('')}`, 400],
    ]
    for (const [body, status] of tooMuch) {
      for (const method of ['REPORT', 'PROPFIND', 'PROPPATCH']) {
        expect((await alice.request(method, alice.calendar, { body })).status).toBe(status)
      }
    }
    expect((await alice.report(alice.calendar, wrapped('<x/>'.repeat(100)))).status).toBe(207)
  })

  it('objects in a collection, by whatever way they come: max-resources, and room again after a DELETE', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'small', ['VEVENT'])
    await putAll(alice, place, 'ics', { a: event('a'), b: event('b'), c: event('c') })
    await alice.put(`${alice.calendar}d.ics`, event('d'))
    const full = [507, [cs('max-resources')]]
    const refusal = (answer: Answer) => [answer.status, preconditionsOf(answer)]
    expect(refusal(await alice.put(`${place}d.ics`, event('d')))).toEqual(full)
    expect(refusal(await alice.request('POST', place, { body: event('d') }))).toEqual(full)
    const send = (method: string, name: string): Promise<Answer> =>
      alice.request(method, alice.calendar + name, { headers: { Destination: place + name } })
    for (const method of ['COPY', 'MOVE']) expect(refusal(await send(method, 'd.ics')), method).toEqual(full)
    expect((await alice.put(`${place}a.ics`, event('a', ['DTSTART:20260101T000000Z']))).status).toBe(204)
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    expect((await send('MOVE', 'b.ics')).status).toBe(204)
    await alice.delete(`${place}a.ics`)
    expect((await alice.put(`${place}e.ics`, event('e'))).status).toBe(201)
  })

  it('attendees, as the property says (RFC 4791 §5.2.9)', async () => {
    const alice = await server.account()
    const attendees = (n: number) =>
      event(
        'u',
        Array.from({ length: n }, (_, at) => `ATTENDEE:mailto:${at}@example.org`),
      )
    expect((await alice.put(`${alice.calendar}a.ics`, attendees(2))).status).toBe(201)
    expect(preconditionsOf(await alice.put(`${alice.calendar}a.ics`, attendees(3)))).toEqual([
      caldav('max-attendees-per-instance'),
    ])
    const told = await alice.propfind(alice.calendar, 0, [caldav('max-attendees-per-instance')])
    expect(told.of(alice.calendar).text(caldav('max-attendees-per-instance'))).toBe('2')
  })
})
