import { describe, expect, it } from 'vitest'
import { calendar } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { idOf } from '../../features/history/world.ts'
import { useShares } from '../../features/shares.ts'
import { call } from '../json.ts'

const server = useServer()
const shares = useShares(server)

type Account = Awaited<ReturnType<typeof server.account>>

const march = '/calendar-events?from=2026-03-01&to=2026-05-01&zone=Europe/Berlin'

async function calendarOf(account: Account): Promise<number> {
  const { calendars } = (await call(account, 'GET', '/calendars')).json
  return calendars.find(({ name }: { name: string }) => name === 'calendar').id
}

async function rows(
  account: Account,
): Promise<{ instance: string; start: string; title: string; id: number }[]> {
  return (await call(account, 'GET', march)).json.items
}

const textOf = async (account: Account, name: string): Promise<string> =>
  (await account.get(`${account.calendar}${name}`)).text

/** A weekly series with one exception, and lines that nobody here knows. */
const weekly = calendar([
  ...[
    'BEGIN:VTIMEZONE',
    'TZID:W. Europe Standard Time',
    'X-ZONE:1',
    'BEGIN:STANDARD',
    'DTSTART:16010101T030000',
  ],
  ...['TZOFFSETFROM:+0200', 'TZOFFSETTO:+0100', 'END:STANDARD', 'END:VTIMEZONE'],
  ...['BEGIN:VEVENT', 'UID:w', 'DTSTAMP:20260101T000000Z', 'SEQUENCE:3', 'SUMMARY;LANGUAGE=en:Weekly'],
  ...[
    'DTSTART;TZID=W. Europe Standard Time;X-P=1:20260302T090000',
    'DURATION:PT1H',
    'RRULE:FREQ=WEEKLY;COUNT=6',
  ],
  ...['EXDATE;TZID=W. Europe Standard Time:20260316T090000', 'ATTENDEE;X-N=1;CN=Bo:mailto:bo@example.org'],
  ...[
    'X-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC',
    'x-odd ;A=b:c',
    'BEGIN:VALARM',
    'ACTION:AUDIO',
    'X-WR-ALARMUID:9',
  ],
  ...['TRIGGER:-PT5M', 'ATTACH;VALUE=URI:Chord', 'END:VALARM', 'END:VEVENT'],
  ...['BEGIN:VEVENT', 'UID:w', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Other', 'X-OWN:1'],
  ...['RECURRENCE-ID;TZID=W. Europe Standard Time:20260309T090000'],
  ...['DTSTART;TZID=W. Europe Standard Time:20260310T140000', 'DURATION:PT2H', 'END:VEVENT'],
])

async function withWeekly(): Promise<{ account: Account; id: number }> {
  const account = await server.account()
  await account.put(`${account.calendar}w.ics`, weekly)
  return { account, id: await idOf(server, `${account.calendar}w.ics`) }
}

/** Lines that were there and are not any more. */
function lost(before: string, after: string): string[] {
  const left = after.split('\r\n')
  return before.split('\r\n').filter((line) => !left.includes(line))
}

describe('the API: making events', () => {
  it('RFC 5545 §3.6.5 gives a time its zone with the definition, and what a form says', async () => {
    const account = await server.account()
    const made = await call(account, 'POST', '/calendar-events', {
      ...{ calendar: await calendarOf(account), title: 'Plan, and more', notes: 'a\nb', location: 'Room; 1' },
      ...{
        start: '2026-03-02T09:00:00',
        end: '2026-03-02T10:30:00',
        zone: 'Europe/Berlin',
        class: 'private',
      },
      ...{
        rule: { freq: 'WEEKLY', byDay: [{ day: 'MO' }], until: '2026-03-31' },
        alarms: [{ offset: -600 }],
      },
    })
    expect(made.status).toBe(201)
    expect(made.headers.location).toBe(`/api/calendar-events/${made.json.id}`)
    const text = await textOf(account, made.json.name)
    expect(text).toContain('BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n')
    expect(text).toContain('DTSTART;TZID=Europe/Berlin:20260302T090000\r\n')
    expect(text).toContain('RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260331T215959Z\r\n')
    expect(text).toContain('TRIGGER:-PT10M\r\n')
    expect(text).toContain('SUMMARY:Plan\\, and more\r\n')
    expect(made.json).toMatchObject({ notes: 'a\nb', location: 'Room; 1', class: 'private' })
    expect(made.json.recurrence.rule).toMatchObject({ until: '2026-03-31', byDay: [{ day: 'MO', nth: 0 }] })
    expect((await rows(account)).map(({ start }) => start)).toEqual([
      ...['2026-03-02T08:00:00Z', '2026-03-09T08:00:00Z', '2026-03-16T08:00:00Z', '2026-03-23T08:00:00Z'],
      '2026-03-30T07:00:00Z',
    ])
  })

  it('makes whole days, and times on no clock', async () => {
    const account = await server.account()
    const own = await calendarOf(account)
    const day = { calendar: own, start: '2026-03-02', end: '2026-03-04' }
    const days = (await call(account, 'POST', '/calendar-events', day)).json
    expect(days).toMatchObject({ allDay: true, end: '2026-03-04', zone: null })
    const floating = { calendar: own, start: '2026-03-02T09:00:00', zone: null }
    const { json } = await call(account, 'POST', '/calendar-events', floating)
    expect(json).toMatchObject({ allDay: false, end: '2026-03-02T10:00:00', zone: null })
    const backwards = { ...floating, end: '2026-03-02T08:00:00' }
    expect((await call(account, 'POST', '/calendar-events', backwards)).status).toBe(409)
  })
})

describe('the API: editing events', () => {
  it('changes the lines that are meant, and every other stays octet for octet', async () => {
    const { account, id } = await withWeekly()
    const seen = await call(account, 'GET', `/calendar-events/${id}`)
    const same = {
      title: 'Weekly',
      start: '2026-03-02T09:00:00',
      end: '2026-03-02T10:00:00',
      zone: 'Europe/Berlin',
    }
    const idle = await call(account, 'PATCH', `/calendar-events/${id}`, same)
    expect(idle.json.etag).toBe(seen.json.etag)
    const headers = { 'If-Match': seen.json.etag }
    const renamed = await call(account, 'PATCH', `/calendar-events/${id}`, { title: 'New' }, headers)
    expect(renamed.status).toBe(200)
    const text = await textOf(account, 'w.ics')
    expect(lost(weekly, text)).toEqual(['SUMMARY;LANGUAGE=en:Weekly'])
    expect(text).toContain('SUMMARY;LANGUAGE=en:New\r\n')
    expect(text).toContain('SUMMARY:Other\r\n')
    // What does not change when it is, is no revision.
    expect(text).toContain('SEQUENCE:3\r\n')
    expect((await call(account, 'PATCH', `/calendar-events/${id}`, { title: 'x' }, headers)).status).toBe(412)
  })

  it('RFC 5545 §3.8.4.4 one instance: an exception in the form of the series, with the alarms of that', async () => {
    const { account, id } = await withWeekly()
    const path = `/calendar-events/${id}?scope=this&instance=20260323T090000`
    const { json, status } = await call(account, 'PATCH', path, { start: '2026-03-24T11:00:00' })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      id,
      isException: true,
      start: '2026-03-24T11:00:00',
      end: '2026-03-24T12:00:00',
    })
    const text = await textOf(account, 'w.ics')
    expect(lost(weekly, text)).toEqual([])
    expect(text).toContain('RECURRENCE-ID;TZID=W. Europe Standard Time:20260323T090000\r\n')
    expect(text.match(/X-WR-ALARMUID:9/g)).toHaveLength(2)
    expect(text.match(/x-odd ;A=b:c/g)).toHaveLength(2)
    const { calendars } = { calendars: text.match(/RRULE/g) }
    expect(calendars).toHaveLength(1)
    const gone = await call(account, 'DELETE', path)
    expect(gone.status).toBe(204)
    expect((await rows(account)).map(({ instance }) => instance)).not.toContain('20260323T090000')
  })

  it('RFC 5545 §3.8.5.3 what follows: the series ends, and the rest goes on by itself', async () => {
    const { account, id } = await withWeekly()
    const path = `/calendar-events/${id}?scope=following&instance=20260323T090000`
    const { json } = await call(account, 'PATCH', path, { title: 'Later', start: '2026-03-23T10:00:00' })
    expect(json.id).not.toBe(id)
    expect(json.before.id).toBe(id)
    expect((await rows(account)).map(({ start, title }) => `${start} ${title}`)).toEqual([
      ...['2026-03-02T08:00:00Z Weekly', '2026-03-10T13:00:00Z Other', '2026-03-23T09:00:00Z Later'],
      ...['2026-03-30T08:00:00Z Later', '2026-04-06T08:00:00Z Later'],
    ])
    expect(await textOf(account, 'w.ics')).toContain('UNTIL=20260323T075959Z')
    const made = await textOf(account, json.name)
    expect(made).toContain('RELATED-TO;RELTYPE=SIBLING:w\r\n')
    expect(made).toContain('RRULE:FREQ=WEEKLY;COUNT=3\r\n')
    expect(made).toContain('ATTENDEE;X-N=1;CN=Bo:mailto:bo@example.org\r\n')
    const deleted = `/calendar-events/${json.id}?scope=following&instance=20260330T100000`
    expect((await call(account, 'DELETE', deleted)).status).toBe(204)
    expect(await rows(account)).toHaveLength(3)
  })

  it('all of a series moves with its exceptions, its revision counted, and its zone may be another', async () => {
    const { account, id } = await withWeekly()
    const path = `/calendar-events/${id}?scope=all&instance=20260323T090000`
    const moved = await call(account, 'PATCH', path, {
      start: '2026-03-24T10:00:00',
      zone: 'America/New_York',
    })
    expect(moved.status).toBe(200)
    expect((await rows(account)).map(({ start, title }) => `${start} ${title}`)).toEqual([
      ...['2026-03-03T15:00:00Z Weekly', '2026-03-11T19:00:00Z Other', '2026-03-24T14:00:00Z Weekly'],
      ...['2026-03-31T14:00:00Z Weekly', '2026-04-07T14:00:00Z Weekly'],
    ])
    const text = await textOf(account, 'w.ics')
    expect(text).toContain('SEQUENCE:4\r\n')
    expect(text).toContain('BEGIN:VTIMEZONE\r\nTZID:America/New_York\r\n')
    expect(text).toContain('EXDATE;TZID=America/New_York:20260317T100000\r\n')
  })

  it('makes whole days of times, and times of days', async () => {
    const { account, id } = await withWeekly()
    const days = { start: '2026-03-02', end: '2026-03-03' }
    const whole = await call(account, 'PATCH', `/calendar-events/${id}`, days)
    expect(whole.json).toMatchObject({ allDay: true, end: '2026-03-03', zone: null })
    const dates = (await rows(account)).map(({ start }) => start)
    expect(dates).toEqual(['2026-03-02', '2026-03-10', '2026-03-23', '2026-03-30', '2026-04-06'])
    const times = { start: '2026-03-02T09:00:00', zone: 'Europe/Berlin' }
    const timed = await call(account, 'PATCH', `/calendar-events/${id}`, times)
    expect(timed.json).toMatchObject({
      allDay: false,
      start: '2026-03-02T09:00:00',
      end: '2026-03-02T10:00:00',
    })
    expect(await rows(account)).toHaveLength(5)
  })

  it('another rule leaves no exception that stands for nothing; none leaves the first', async () => {
    const { account, id } = await withWeekly()
    const rule = { freq: 'WEEKLY', interval: 2, count: 3 }
    await call(account, 'PATCH', `/calendar-events/${id}`, { rule })
    expect(await textOf(account, 'w.ics')).not.toContain('RECURRENCE-ID')
    const ended = await call(account, 'PATCH', `/calendar-events/${id}`, { rule: null })
    expect(ended.json).toMatchObject({ isRecurring: false, recurrence: null })
    expect(await rows(account)).toHaveLength(1)
    const wrong = await call(account, 'PATCH', `/calendar-events/${id}`, { rule: { text: 'FREQ=SOMETIMES' } })
    expect(wrong.status).toBe(409)
  })

  it('RFC 5545 §3.6.6 keeps alarms by their key as they are, adds and takes away others', async () => {
    const { account, id } = await withWeekly()
    const { alarms } = (await call(account, 'GET', `/calendar-events/${id}`)).json
    const [{ key }] = alarms
    const wished = [
      { key, offset: -300 },
      { offset: 0, related: 'end' },
    ]
    await call(account, 'PATCH', `/calendar-events/${id}`, { alarms: wished })
    const text = await textOf(account, 'w.ics')
    expect(lost(weekly, text)).toEqual([])
    expect(text).toContain('TRIGGER;RELATED=END:PT0S\r\n')
    await call(account, 'PATCH', `/calendar-events/${id}`, { alarms: [] })
    expect(await textOf(account, 'w.ics')).not.toContain('VALARM')
  })

  it('moves and copies to another calendar', async () => {
    const { account, id } = await withWeekly()
    const made = await account.request('MKCALENDAR', `${account.calendars}other/`)
    expect(made.status).toBe(201)
    const { calendars } = (await call(account, 'GET', '/calendars')).json
    const other = calendars.find(({ name }: { name: string }) => name === 'other').id
    const copy = await call(account, 'POST', `/calendar-events/${id}/copy`, { calendar: other })
    expect(copy.status).toBe(201)
    expect((await account.get(`${account.calendars}other/w.ics`)).text).toBe(weekly)
    expect((await call(account, 'POST', `/calendar-events/${id}/move`, { calendar: other })).status).toBe(403)
    await call(account, 'DELETE', `/calendar-events/${copy.json.id}`)
    const moved = await call(account, 'POST', `/calendar-events/${id}/move`, { calendar: other })
    expect(moved.json).toMatchObject({ id, calendar: other })
    expect((await account.get(`${account.calendar}w.ics`)).status).toBe(404)
  })

  it('whoever only reads has alarms of his own and changes nothing else', async () => {
    const { account: alice, id } = await withWeekly()
    const bob = await server.account()
    await shares.share(alice.calendar, bob, 'read')
    await shares.accept(bob)
    const seen = await call(bob, 'GET', `/calendar-events/${id}`)
    expect(seen.json).toMatchObject({ alarms: [], rights: { edit: false, alarms: true } })
    const set = await call(bob, 'PATCH', `/calendar-events/${id}`, { alarms: [{ offset: -900 }] })
    expect(set.json.alarms).toMatchObject([{ offset: -900 }])
    expect(await textOf(alice, 'w.ics')).toBe(weekly)
    expect((await call(bob, 'PATCH', `/calendar-events/${id}`, { title: 'Mine' })).status).toBe(403)
    expect((await call(bob, 'DELETE', `/calendar-events/${id}`)).status).toBe(403)
  })

  it('RFC 5545 §3.6.6 a series that is taken in two keeps the alarms that each has on it', async () => {
    const { account: alice, id } = await withWeekly()
    const bob = await server.account()
    await shares.share(alice.calendar, bob, 'read-write')
    await shares.accept(bob)
    await call(bob, 'PATCH', `/calendar-events/${id}`, { alarms: [{ offset: -900 }] })
    const following = (instance: string): string =>
      `/calendar-events/${id}?scope=following&instance=${instance}`
    const byBob = await call(bob, 'PATCH', following('20260330T090000'), { title: 'Later' })
    expect(byBob.json).toMatchObject({ title: 'Later', alarms: [{ offset: -900 }], before: { id } })
    expect((await call(bob, 'GET', `/calendar-events/${id}`)).json.etag).toBe(byBob.json.before.etag)
    const byAlice = await call(alice, 'PATCH', following('20260323T090000'), { title: 'Soon' })
    for (const one of [id, byBob.json.id, byAlice.json.id]) {
      const [hers, his] = [alice, bob].map((who) => call(who, 'GET', `/calendar-events/${one}`))
      expect((await hers)?.json.alarms).toMatchObject([{ offset: -300 }])
      expect((await his)?.json.alarms).toMatchObject([{ offset: -900 }])
    }
    expect(await textOf(alice, `${byBob.json.uid}.ics`)).toContain('X-WR-ALARMUID:9\r\n')
  })

  it('a sharee takes a series in two, and takes that back', async () => {
    const { account: alice, id } = await withWeekly()
    const bob = await server.account()
    await shares.share(alice.calendar, bob, 'read-write')
    await shares.accept(bob)
    const path = `/calendar-events/${id}?scope=following&instance=20260323T090000`
    const { headers } = await call(bob, 'PATCH', path, { title: 'Later' })
    expect(await rows(alice)).toHaveLength(5)
    const undone = await call(bob, 'POST', '/history/undo', { request: headers['farley-request'] })
    expect(undone.json.counts).toMatchObject({ skipped: 0 })
    expect(await textOf(alice, 'w.ics')).toBe(weekly)
    expect((await rows(alice)).map(({ title }) => title)).not.toContain('Later')
  })

  it('is edited and moved by one request, which one undo takes back, and only as it was read', async () => {
    const { account, id } = await withWeekly()
    await account.request('MKCALENDAR', `${account.calendars}other/`)
    const { calendars } = (await call(account, 'GET', '/calendars')).json
    const other = calendars.find(({ name }: { name: string }) => name === 'other').id
    const { etag } = (await call(account, 'GET', `/calendar-events/${id}`)).json
    const change = { title: 'Elsewhere', calendar: other }
    const path = `/calendar-events/${id}`
    const stale = await call(account, 'PATCH', path, change, { 'If-Match': '"old"' })
    expect([stale.status, await textOf(account, 'w.ics')]).toEqual([412, weekly])
    const one = await call(account, 'PATCH', `${path}?scope=this&instance=20260323T090000`, change)
    expect(one.status).toBe(422)
    const moved = await call(account, 'PATCH', path, change, { 'If-Match': etag })
    expect(moved.json).toMatchObject({ id, title: 'Elsewhere', calendar: other })
    expect((await account.get(`${account.calendars}other/w.ics`)).text).toContain(
      'SUMMARY;LANGUAGE=en:Elsewhere',
    )
    const request = moved.headers['farley-request']
    expect((await call(account, 'POST', '/history/undo', { request })).json.counts).toMatchObject({
      skipped: 0,
    })
    expect(await textOf(account, 'w.ics')).toBe(weekly)
    expect((await account.get(`${account.calendars}other/w.ics`)).status).toBe(404)
  })

  it('previews a rule', async () => {
    const account = await server.account()
    const rule = { freq: 'MONTHLY', byDay: [{ day: 'FR', nth: -1 }] }
    const asked = { start: '2026-03-27T09:00:00', zone: 'Europe/Berlin', rule, limit: 2 }
    const { json } = await call(account, 'POST', '/calendar-events/preview-rule', asked)
    const instances = ['2026-03-27T09:00:00', '2026-04-24T09:00:00']
    expect(json).toEqual({ instances, goesOn: true, text: 'FREQ=MONTHLY;BYDAY=-1FR' })
  })
})
