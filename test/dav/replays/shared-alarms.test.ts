import { describe, expect, it } from 'vitest'
import { useShares } from '../../features/shares.ts'
import { calendar } from '../objects.ts'
import { useServer } from '../server.ts'
import { etagOf } from './exchange.ts'

/**
 * What an iPhone and Thunderbird write when an alarm goes off on a calendar that somebody else shares: the whole event anew, in their own
 * order and with their own PRODID and time zone, though only the alarm has changed.
 */
const server = useServer()
const shares = useShares(server)

const agents = {
  iphone: 'iOS/18.5 (22F76) dataaccessd/1.0',
  thunderbird: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0',
}
const headersOf = (agent: keyof typeof agents, etag: string) => ({
  'User-Agent': agents[agent],
  'Content-Type': agent === 'iphone' ? 'text/calendar' : 'text/calendar; charset=utf-8',
  'If-Match': etag,
})

const zone = (...observances: string[]) => [
  'BEGIN:VTIMEZONE',
  'TZID:Europe/Berlin',
  ...observances,
  'END:VTIMEZONE',
]
const standard = (start: string, name: string) => [
  'BEGIN:STANDARD',
  `DTSTART:${start}`,
  'RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU',
  `TZNAME:${name}`,
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'END:STANDARD',
]
/** As ical4j writes it on an Android phone. */
const event = (...own: string[]) =>
  calendar([
    ...zone(...standard('19961027T030000', 'CET')),
    'BEGIN:VEVENT',
    'DTSTAMP:20260110T080000Z',
    'UID:6f0a0f0e-0000-4000-8000-00000000beef',
    'SUMMARY:Dentist\\, upstairs',
    'DTSTART;TZID=Europe/Berlin:20260116T150000',
    'DTEND;TZID=Europe/Berlin:20260116T160000',
    'RRULE:FREQ=WEEKLY',
    'SEQUENCE:1',
    'STATUS:CONFIRMED',
    ...own,
    'END:VEVENT',
  ])
const hers = ['BEGIN:VALARM', 'TRIGGER:-PT2H', 'ACTION:DISPLAY', 'DESCRIPTION:Leave', 'END:VALARM']

/** A calendar of an Android user that somebody else may read, with one event. */
async function world() {
  const alice = await server.account()
  const bob = await server.account()
  const path = `${alice.calendar}dentist.ics`
  await alice.put(path, event(...hers))
  await shares.share(alice.calendar, bob, 'read')
  const [href = ''] = await shares.accept(bob)
  return { alice, bob, path, href, shown: `${href}dentist.ics` }
}

describe('alarms on a shared calendar (IOS-13, TBC-08)', () => {
  const ringing = [
    'BEGIN:VALARM',
    'ACKNOWLEDGED:20260116T134501Z',
    'ACTION:DISPLAY',
    'DESCRIPTION:Reminder',
    'TRIGGER:-PT15M',
    'UID:C0FFEE00-0000-4000-8000-000000000001',
    'X-WR-ALARMUID:C0FFEE00-0000-4000-8000-000000000001',
    'END:VALARM',
  ]
  /** The same event as an iPhone writes it. */
  const fromPhone = (...alarm: string[]) =>
    [
      'BEGIN:VCALENDAR',
      'CALSCALE:GREGORIAN',
      'PRODID:-//Apple Inc.//iOS 18.5//EN',
      'VERSION:2.0',
      ...zone(...standard('19701025T030000', 'GMT+1')),
      'BEGIN:VEVENT',
      'CREATED:20260110T080000Z',
      'DTEND;TZID=Europe/Berlin:20260116T160000',
      'DTSTAMP:20260116T134502Z',
      'DTSTART;TZID=Europe/Berlin:20260116T150000',
      'LAST-MODIFIED:20260116T134501Z',
      'RRULE:FREQ=WEEKLY',
      'SEQUENCE:1',
      'STATUS:CONFIRMED',
      'SUMMARY:Dentist\\, upstairs',
      'TRANSP:OPAQUE',
      'UID:6f0a0f0e-0000-4000-8000-00000000beef',
      'X-APPLE-CREATOR-IDENTITY:com.apple.mobilecal',
      ...alarm,
      'END:VEVENT',
      'END:VCALENDAR',
      '',
    ].join('\r\n')

  it('an iPhone acknowledges its own; the event stays as the Android phone wrote it', async () => {
    const { alice, bob, path, href, shown } = await world()
    const before = await bob.get(shown, { 'User-Agent': agents.iphone })
    expect(before.text).toBe(event())
    const standing = await alice.sync(alice.calendar, '')
    const { token } = await bob.syncAll(href, '')
    const put = await bob.put(shown, fromPhone(...ringing), headersOf('iphone', etagOf(before)))
    expect([put.status, put.headers.etag]).toEqual([204, undefined])
    expect((await bob.get(shown)).text).toBe(event(...ringing))
    expect((await alice.get(path)).text).toBe(event(...hers))
    expect((await alice.sync(alice.calendar, standing.syncToken ?? '')).hrefs).toEqual([])
    expect((await bob.syncAll(href, token)).changed).toEqual([shown])
    const late = await bob.put(shown, fromPhone(), headersOf('iphone', etagOf(before)))
    expect(late.status).toBe(412)
    const now = await bob.get(shown)
    const changed = fromPhone(...ringing).replace('150000', '153000')
    expect((await bob.put(shown, changed, headersOf('iphone', etagOf(now)))).status).toBe(403)
  })

  it('Thunderbird notes on the event what was dismissed and put off', async () => {
    const { alice, bob, path, shown } = await world()
    const before = await bob.get(shown, { 'User-Agent': agents.thunderbird })
    const notes = ['X-MOZ-LASTACK:20260116T134501Z', 'X-MOZ-SNOOZE-TIME-1768572000000000:20260116T135001Z']
    const own = [
      'BEGIN:VALARM',
      'ACTION:DISPLAY',
      'TRIGGER;VALUE=DURATION:-PT15M',
      'DESCRIPTION:Default',
      'END:VALARM',
    ]
    const moved = (text: string) =>
      text.replace(
        'DTSTAMP:20260110T080000Z',
        'CREATED:20260110T080000Z\r\nLAST-MODIFIED:20260116T134501Z\r\nDTSTAMP:20260116T134501Z',
      )
    const sent = moved(event('X-MOZ-GENERATION:1', ...notes, ...own))
    const put = await bob.put(shown, sent, headersOf('thunderbird', etagOf(before)))
    expect([put.status, put.headers.etag]).toEqual([204, undefined])
    const seen = await bob.get(shown)
    expect(seen.text).toBe(event(...notes, ...own))
    expect((await alice.get(path)).text).toBe(event(...hers))
    const dismissed = event('X-MOZ-LASTACK:20260116T135101Z', ...own)
    const again = await bob.put(shown, dismissed, headersOf('thunderbird', etagOf(seen)))
    expect([again.status, (await bob.get(shown)).text]).toEqual([204, dismissed])
    expect(again.headers.etag).toBe((await bob.get(shown)).headers.etag)
  })
})
