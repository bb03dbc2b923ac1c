import { describe, expect, it } from 'vitest'
import { calendar, event } from '../../dav/objects.ts'
import { poison } from '../../dav/poison.ts'
import { useServer } from '../../dav/server.ts'
import { idOf } from '../../features/history/world.ts'
import { useShares } from '../../features/shares.ts'
import { call } from '../json.ts'

const server = useServer({ calendar: { shownInstances: 100 } })
const shares = useShares(server)

const berlin = (name: string, at: string) => `${name};TZID=Europe/Berlin:${at}`
const march = '/calendar-events?from=2026-03-01&to=2026-04-01&zone=Europe/Berlin'

type Account = Awaited<ReturnType<typeof server.account>>

async function put(account: Account, name: string, text: string): Promise<void> {
  const { status } = await account.put(`${account.calendar}${name}.ics`, text)
  expect([201, 204]).toContain(status)
}

describe('the API: the times of events in a range', () => {
  it('are those of single events, days, and times on no clock', async () => {
    const account = await server.account()
    await put(
      account,
      'a',
      event('a', [berlin('DTSTART', '20260302T090000'), berlin('DTEND', '20260302T100000')]),
    )
    await put(account, 'b', event('b', ['DTSTART;VALUE=DATE:20260301', 'DTEND;VALUE=DATE:20260303']))
    await put(account, 'c', event('c', ['DTSTART:20260331T233000', 'DURATION:PT15M']))
    await put(account, 'd', event('d', ['DTSTART:20260401T000000', 'DURATION:PT15M']))
    const { json } = await call(account, 'GET', march)
    const times = json.items.map(({ start, end, allDay, zone }: Record<string, unknown>) => [
      start,
      end,
      allDay,
      zone,
    ])
    expect(times).toEqual([
      ['2026-03-01', '2026-03-03', true, null],
      ['2026-03-02T08:00:00Z', '2026-03-02T09:00:00Z', false, 'Europe/Berlin'],
      ['2026-03-31T23:30:00', '2026-03-31T23:45:00', false, null],
    ])
    expect(json).toMatchObject({ isCut: false, unreadable: [] })
  })

  it('RFC 5545 §3.8.5 are those of a series, its exceptions in their place and none that was taken out', async () => {
    const account = await server.account()
    const master = [berlin('DTSTART', '20260302T090000'), 'DURATION:PT1H', 'RRULE:FREQ=WEEKLY;COUNT=4']
    await put(
      account,
      'a',
      calendar([
        ...['BEGIN:VEVENT', 'UID:a', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Weekly', ...master],
        ...[berlin('EXDATE', '20260316T090000'), 'END:VEVENT'],
        ...['BEGIN:VEVENT', 'UID:a', 'DTSTAMP:20260101T000000Z', 'SUMMARY:Moved', 'CATEGORIES:x,y'],
        ...[berlin('RECURRENCE-ID', '20260309T090000'), berlin('DTSTART', '20260310T140000')],
        ...['DURATION:PT2H', 'BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER:-PT5M', 'END:VALARM', 'END:VEVENT'],
      ]),
    )
    const { items } = (await call(account, 'GET', march)).json
    expect(
      items.map(({ instance, start }: { instance: string; start: string }) => [instance, start]),
    ).toEqual([
      ['20260302T090000', '2026-03-02T08:00:00Z'],
      ['20260309T090000', '2026-03-10T13:00:00Z'],
      ['20260323T090000', '2026-03-23T08:00:00Z'],
    ])
    expect(items[0]).toMatchObject({
      title: 'Weekly',
      isRecurring: true,
      isException: false,
      hasAlarm: false,
    })
    const moved = { title: 'Moved', isException: true, hasAlarm: true, categories: ['x', 'y'] }
    expect(items[1]).toMatchObject(moved)
    const one = await call(account, 'GET', `/calendar-events/${items[1].id}?instance=20260309T090000`)
    expect(one.json).toMatchObject({ ...one.json, start: '2026-03-10T14:00:00', end: '2026-03-10T16:00:00' })
    const other = (await call(account, 'GET', `/calendar-events/${items[1].id}?instance=20260323T090000`))
      .json
    expect(other).toMatchObject({ start: '2026-03-23T09:00:00', zone: 'Europe/Berlin', isException: false })
    expect(other.recurrence).toMatchObject({
      rule: { freq: 'WEEKLY', count: 4 },
      excluded: ['2026-03-16T09:00:00'],
    })
    const gone = await call(account, 'GET', `/calendar-events/${items[1].id}?instance=20260316T090000`)
    expect(gone.status).toBe(404)
  })

  it('are bounded in length and in number, and say so', async () => {
    const account = await server.account()
    const tooLong = await call(account, 'GET', '/calendar-events?from=2020-01-01&to=2026-01-01')
    expect(tooLong.status).toBe(422)
    const backwards = await call(account, 'GET', '/calendar-events?from=2026-01-02&to=2026-01-01')
    expect(backwards.status).toBe(422)
    for (const name of ['a', 'b', 'c'])
      await put(account, name, event(name, ['DTSTART:20260301T000000Z', 'RRULE:FREQ=MINUTELY;COUNT=40']))
    const { json } = await call(account, 'GET', march)
    expect(json.isCut).toBe(true)
    expect(json.items).toHaveLength(100)
  })

  it('of another are shown with the rights there, and with nothing but the times where that is all', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    await put(alice, 'a', event('a', ['DTSTART:20260302T090000Z', 'DTEND:20260302T100000Z', 'LOCATION:Here']))
    await shares.share(alice.calendar, bob, 'read')
    await shares.accept(bob)
    const [seen] = (await call(bob, 'GET', march)).json.items
    expect(seen).toMatchObject({ title: 'Event a', location: 'Here', rights: { edit: false, remove: false } })
    await shares.share(alice.calendar, carol, 'free-busy')
    await shares.accept(carol)
    const [busy] = (await call(carol, 'GET', march)).json.items
    expect(busy).toMatchObject({ start: '2026-03-02T09:00:00Z', location: '' })
    expect(busy.title).not.toContain('Event')
    expect((await call(carol, 'GET', `/calendar-events/${busy.id}`)).text).not.toContain('Here')
    expect((await carol.get(`/api/calendar-events/${busy.id}/ics`)).text).not.toContain('Here')
    const stranger = await server.account()
    expect((await call(stranger, 'GET', `/calendar-events/${busy.id}`)).status).toBe(404)
  })
})

describe('the API: what an event says', () => {
  it('is all that a form shows, and what is beyond it as it is written', async () => {
    const account = await server.account()
    await put(
      account,
      'a',
      event('a', [
        ...[berlin('DTSTART', '20260302T090000'), 'DTEND;TZID=America/New_York:20260302T050000'],
        ...[
          'RRULE:FREQ=YEARLY;BYWEEKNO=20',
          'DESCRIPTION:One\\nTwo',
          'LOCATION:Room 1\\, here',
          'PRIORITY:5',
        ],
        ...[
          'CLASS:PRIVATE',
          'STATUS:TENTATIVE',
          'TRANSP:TRANSPARENT',
          'COLOR:tomato',
          'URL:https://example.org/',
        ],
        ...[
          'ORGANIZER;CN=Ann:mailto:ann@example.org',
          'ATTENDEE;PARTSTAT=ACCEPTED;CN="Bo":MAILTO:bo@example.org',
        ],
        ...['ATTACH;FMTTYPE=application/pdf;FILENAME=a.pdf;SIZE=12:https://example.org/a.pdf'],
        ...['CONFERENCE;VALUE=URI;LABEL=Join:https://meet.example.org/1'],
        ...['BEGIN:VALARM', 'ACTION:DISPLAY', 'TRIGGER;RELATED=END:-P1D', 'END:VALARM'],
        ...['BEGIN:VALARM', 'ACTION:AUDIO', 'TRIGGER;VALUE=DATE-TIME:20260301T000000Z', 'END:VALARM'],
      ]),
    )
    const path = `/calendar-events/${await idOf(server, `${account.calendar}a.ics`)}`
    const { json, headers } = await call(account, 'GET', path)
    expect(headers.etag).toBe(json.etag)
    expect(json).toMatchObject({
      ...{
        uid: 'a',
        name: 'a.ics',
        title: 'Event a',
        notes: 'One\nTwo',
        location: 'Room 1, here',
        priority: 5,
      },
      ...{ start: '2026-03-02T09:00:00', end: '2026-03-02T05:00:00', endZone: 'America/New_York' },
      ...{ class: 'private', status: 'TENTATIVE', transparency: 'transparent', color: 'tomato' },
      recurrence: { rule: null, text: 'FREQ=YEARLY;BYWEEKNO=20' },
      organizer: { address: 'ann@example.org', name: 'Ann' },
      attendees: [{ address: 'bo@example.org', name: 'Bo', status: 'ACCEPTED', role: 'REQ-PARTICIPANT' }],
      attachments: [
        { uri: 'https://example.org/a.pdf', name: 'a.pdf', mediaType: 'application/pdf', bytes: 12 },
      ],
      links: [{ uri: 'https://meet.example.org/1', label: 'Join' }],
      alarms: [
        { action: 'DISPLAY', offset: -86_400, related: 'end', at: null },
        { action: 'AUDIO', offset: null, at: '2026-03-01T00:00:00Z' },
      ],
    })
    expect((await account.get(`/api${path}/ics`)).text).toBe(
      (await account.get(`${account.calendar}a.ics`)).text,
    )
  })

  it('is a file that is called as it is, and one of the stored octets where it cannot be read', async () => {
    const account = await server.account()
    const uid = `named-${account.name}`
    const lines = ['DTSTART:20260301T090000Z', 'SUMMARY:Café: 1/2\\, "so"']
    await put(account, uid, event(uid, lines).replace(/SUMMARY:Event.*\r\n/, ''))
    const id = await idOf(server, `${uid}.ics`)
    const file = () => account.get(`/api/calendar-events/${id}/ics`)
    const called = async () => (await file()).headers['content-disposition']
    expect(await called()).toBe(
      `attachment; filename="Caf_ 1 2, so.ics"; filename*=UTF-8''Caf%C3%A9%201%202%2C%20so.ics`,
    )
    const bytes = Buffer.concat([
      Buffer.from(event(uid, lines).slice(0, 90)),
      Buffer.from([0xff, 0xc0, 0x41]),
    ])
    await poison(server, { uid, bytes, isExact: true })
    const broken = await file()
    expect([broken.status, broken.body.equals(bytes)]).toEqual([200, true])
    expect(await called()).toContain(`filename="event-${id}.ics"`)
  })
})

describe('the API: time zones', () => {
  it('are those that are known, with how far they are from UTC', async () => {
    const { zones } = (await call(await server.account(), 'GET', '/time-zones')).json
    expect(zones).toContainEqual({ name: 'Asia/Tokyo', offset: 540 })
    expect(zones[0]).toEqual({ name: 'UTC', offset: 0 })
  })
})
