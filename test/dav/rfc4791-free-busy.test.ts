import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { bit, readPrivileges } from '../../protocol/dav/privileges.ts'
import { readCalendar } from '../../protocol/ical/calendar.ts'
import { busyTimeOf, combineBusyTime } from '../../protocol/ical/freebusy.ts'
import { ianaZone } from '../../protocol/ical/timezone.ts'
import { formatTime } from '../../protocol/ical/values.ts'
import { type AceTarget, replaceAces } from '../../storage/aces.ts'
import { findTree } from '../../storage/collections.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { preconditionsOf } from './client.ts'
import { calendar, event, todo } from './objects.ts'
import { makeCalendar, putAll, timeRange } from './queries.ts'
import { filled, hour, hourMs, today } from './random-objects.ts'
import { type Account, useServer } from './server.ts'

const xmlns = 'xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"'
const body = (inner: string) => `<c:free-busy-query ${xmlns}>${inner}</c:free-busy-query>`
const every = ['VEVENT', 'VTODO', 'VFREEBUSY', 'VAVAILABILITY']

async function ask(client: Account, path: string, inner: string, headers: Record<string, string> = {}) {
  return client.request('REPORT', path, {
    headers: { 'Content-Type': 'application/xml', ...headers },
    body: body(inner),
  })
}

/** `TYPE start/end` of each period between two times, as in the answer. */
async function periods(client: Account, path: string, start: string, end: string): Promise<string[]> {
  const { status, text } = await ask(client, path, timeRange(start, end))
  if (status !== 200) throw new Error(`${status}: ${text}`)
  const [component] = readCalendar(text).root.components
  const lines = component?.lines.filter(({ name }) => name === 'FREEBUSY') ?? []
  return lines.map(({ parameters, value }) => `${parameters[0]?.values[0]} ${value}`)
}

const meeting = (day: string, ...more: readonly string[]) => [
  `DTSTART:202601${day}T100000Z`,
  `DTEND:202601${day}T110000Z`,
  ...more,
]
const january = ['20260101T000000Z', '20260201T000000Z'] as const
const hourOf = (day: string) => `202601${day}T100000Z/202601${day}T110000Z`

describe('RFC 4791 §7.10 free-busy-query', () => {
  const server = useServer()

  it('answers one VFREEBUSY with merged periods and nothing else of the events (EVO-07)', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'mixed', every)
    await putAll(alice, place, 'ics', {
      plain: event('a', meeting('05', 'LOCATION:Secret')),
      overlapping: event('b', ['DTSTART:20260105T103000Z', 'DURATION:PT1H']),
      maybe: event('c', meeting('06', 'STATUS:TENTATIVE')),
      free: event('d', meeting('07', 'TRANSP:TRANSPARENT')),
      cancelled: event('e', meeting('08', 'STATUS:CANCELLED')),
      task: todo(
        'f',
        meeting('09').map((line) => line.replace('DTEND', 'DUE')),
      ),
      stated: calendar([
        'BEGIN:VFREEBUSY',
        'UID:g',
        'FREEBUSY;FBTYPE=BUSY-UNAVAILABLE:20260110T100000Z/PT1H',
        'FREEBUSY;FBTYPE=FREE:20260105T100000Z/PT1H',
        'END:VFREEBUSY',
      ]),
    })
    const answers = await Promise.all(
      ['0', '1', 'infinity', undefined].map((Depth) =>
        ask(alice, place, timeRange(...january), Depth === undefined ? {} : { Depth }),
      ),
    )
    for (const { status, headers, text } of answers) {
      expect([status, headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
      expect(text).not.toMatch(/Secret|SUMMARY/)
      const { root } = readCalendar(text)
      expect(root.components.map(({ name }) => name)).toEqual(['VFREEBUSY'])
      expect(root.components[0]?.lines.map(({ name, value }) => `${name}:${value}`).slice(1)).toEqual([
        `DTSTAMP:${formatTime(server.clock.now, 'utc')}`,
        'DTSTART:20260101T000000Z',
        'DTEND:20260201T000000Z',
        'FREEBUSY:20260105T100000Z/20260105T113000Z',
        `FREEBUSY:${hourOf('06')}`,
        `FREEBUSY:${hourOf('10')}`,
      ])
    }
    expect(await periods(alice, place, ...january)).toEqual([
      'BUSY 20260105T100000Z/20260105T113000Z',
      `BUSY-TENTATIVE ${hourOf('06')}`,
      `BUSY-UNAVAILABLE ${hourOf('10')}`,
    ])
    expect(await periods(alice, place, '20260120T000000Z', '20260121T000000Z')).toEqual([])
  })

  it('on a home it tells of every calendar that is not transparent (RFC 6638 §9.1)', async () => {
    const alice = await server.account()
    const away = await makeCalendar(
      alice,
      'away',
      ['VEVENT'],
      '<c:schedule-calendar-transp><c:transparent/></c:schedule-calendar-transp>',
    )
    const work = await makeCalendar(alice, 'work', ['VEVENT'])
    await putAll(alice, alice.calendar, 'ics', { a: event('a', meeting('05')) })
    await putAll(alice, work, 'ics', { b: event('b', meeting('06')) })
    await putAll(alice, away, 'ics', { c: event('c', meeting('07')) })
    const both = [`BUSY ${hourOf('05')}`, `BUSY ${hourOf('06')}`]
    expect(await periods(alice, alice.calendars, ...january)).toEqual(both)
    expect(await periods(alice, away, ...january)).toEqual([`BUSY ${hourOf('07')}`])
  })

  it('whole days and floating times are those of the zone of each calendar (§5.2.2)', async () => {
    const alice = await server.account()
    const zoned = await makeCalendar(
      alice,
      'tokyo',
      ['VEVENT'],
      '<c:calendar-timezone-id>Asia/Tokyo</c:calendar-timezone-id>',
    )
    const dated = {
      a: event('a', ['DTSTART;VALUE=DATE:20260110']),
      b: event('b', ['DTSTART:20260112T090000', 'DURATION:PT1H']),
    }
    await putAll(alice, zoned, 'ics', dated)
    await putAll(alice, alice.calendar, 'ics', dated)
    expect(await periods(alice, zoned, ...january)).toEqual([
      'BUSY 20260109T150000Z/20260110T150000Z',
      'BUSY 20260112T000000Z/20260112T010000Z',
    ])
    expect(await periods(alice, alice.calendars, ...january)).toEqual([
      'BUSY 20260109T150000Z/20260111T000000Z',
      'BUSY 20260112T000000Z/20260112T010000Z',
      'BUSY 20260112T090000Z/20260112T100000Z',
    ])
  })

  it('half-defined zones months apart: the zone of that name counts, not what the object says of it', async () => {
    const alice = await server.account()
    const standard = [
      'BEGIN:STANDARD',
      'DTSTART:20071104T020000',
      'TZOFFSETFROM:-0400',
      'TZOFFSETTO:-0500',
      'END:STANDARD',
    ]
    const daylight = [
      'BEGIN:DAYLIGHT',
      'DTSTART:20070311T020000',
      'TZOFFSETFROM:-0500',
      'TZOFFSETTO:-0400',
      'END:DAYLIGHT',
    ]
    const zoned = (tzid: string, half: readonly string[], start: string) =>
      calendar([
        ...['BEGIN:VTIMEZONE', `TZID:${tzid}`, ...half, 'END:VTIMEZONE'],
        ...['BEGIN:VEVENT', `UID:${start}`, `DTSTART;TZID=${tzid}:${start}`, 'DURATION:PT1H', 'END:VEVENT'],
      ])
    await putAll(alice, alice.calendar, 'ics', {
      april: zoned('America/New_York', standard, '20260401T103000'),
      december: zoned('America/New_York', daylight, '20261210T103000'),
      alias: zoned('US/Eastern', standard, '20260402T110000'),
      windows: zoned('Eastern Standard Time', daylight, '20261211T090000'),
    })
    expect(await periods(alice, alice.calendar, '20260101T000000Z', '20270101T000000Z')).toEqual([
      'BUSY 20260401T143000Z/20260401T153000Z',
      'BUSY 20260402T150000Z/20260402T160000Z',
      'BUSY 20261210T153000Z/20261210T163000Z',
      'BUSY 20261211T140000Z/20261211T150000Z',
    ])
  })

  it('endless series count before and beyond the window of the index', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      yearly: event('a', ['DTSTART:19990105T100000Z', 'DURATION:PT1H', 'RRULE:FREQ=YEARLY']),
      dense: event('b', [
        'DTSTART:20260105T000000Z',
        'DURATION:PT5M',
        'RRULE:FREQ=MINUTELY;INTERVAL=10;COUNT=30000',
      ]),
    })
    expect(await periods(alice, alice.calendar, '20500101T000000Z', '20500201T000000Z')).toEqual([
      'BUSY 20500105T100000Z/20500105T110000Z',
    ])
    expect(await periods(alice, alice.calendar, '20000101T000000Z', '20000201T000000Z')).toHaveLength(1)
    expect(await periods(alice, alice.calendar, '20260302T000000Z', '20260302T003000Z')).toHaveLength(3)
  })

  it('an object that cannot be read fails nothing (law 9)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', {
      good: event('a', meeting('05')),
      chinese: event('b', meeting('06', 'RRULE:RSCALE=CHINESE;FREQ=YEARLY')),
    })
    expect(await periods(alice, alice.calendar, ...january)).toEqual([
      `BUSY ${hourOf('05')}`,
      `BUSY ${hourOf('06')}`,
    ])
  })
})

describe('RFC 4791 §6.1.1 read-free-busy', () => {
  const server = useServer()

  /** Lets an account do something with a collection of another one, or with its home. */
  async function grant(owner: Account, to: Account, name: 'read-free-busy' | 'read', collection?: string) {
    const { store } = server.services
    const target = await store.read(async (reader): Promise<AceTarget> => {
      const tree = await findTree(reader, owner.segment, 'calendars', collection)
      const id = collection === undefined ? tree?.home.id : tree?.collection?.id
      return { kind: collection === undefined ? 'home' : 'collection', id: id ?? 0 }
    })
    const principal = await store.read((reader) => findPrincipalByName(reader, to.name))
    const privileges = name === 'read' ? readPrivileges : bit[name]
    await store.write((tx) =>
      replaceAces(tx, target, [
        { subject: 'principal', principalId: principal?.id ?? 0, isGrant: 1, privileges },
      ]),
    )
  }

  it('is enough to ask, and opens nothing else', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await putAll(alice, alice.calendar, 'ics', { a: event('a', meeting('05')) })
    const refused = await ask(bob, alice.calendar, timeRange(...january))
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('need-privileges')]])
    await grant(alice, bob, 'read-free-busy', 'calendar')
    expect(await periods(bob, alice.calendar, ...january)).toEqual([`BUSY ${hourOf('05')}`])
    for (const method of ['PROPFIND', 'GET']) {
      expect((await bob.request(method, alice.calendar)).status).toBe(403)
      expect((await bob.request(method, `${alice.calendar}a.ics`)).status).toBe(403)
    }
    expect((await ask(bob, alice.calendars, timeRange(...january))).status).toBe(403)
  })

  it('on a home tells of those of its calendars for which it holds', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const work = await makeCalendar(alice, 'work', ['VEVENT'])
    const secret = await makeCalendar(alice, 'secret', ['VEVENT'])
    await putAll(alice, work, 'ics', { a: event('a', meeting('05')) })
    await putAll(alice, secret, 'ics', { b: event('b', meeting('06')) })
    await grant(alice, bob, 'read-free-busy')
    expect(await periods(bob, alice.calendars, ...january)).toHaveLength(2)
    const id = await server.services.store.read(
      async (reader) => (await findTree(reader, alice.segment, 'calendars', 'secret'))?.collection?.id ?? 0,
    )
    await server.services.store.write((tx) =>
      replaceAces(tx, { kind: 'collection', id }, [
        { subject: 'all', principalId: null, isGrant: 0, privileges: bit['read-free-busy'] },
      ]),
    )
    expect(await periods(bob, alice.calendars, ...january)).toEqual([`BUSY ${hourOf('05')}`])
    expect(await periods(alice, alice.calendars, ...january)).toHaveLength(2)
  })
})

describe('RFC 7953 §7.2.3 availability stored in a calendar', () => {
  const server = useServer()
  const available = (...lines: readonly string[]) => [
    'BEGIN:AVAILABLE',
    'UID:available',
    ...lines,
    'END:AVAILABLE',
  ]
  const office = calendar([
    'BEGIN:VAVAILABILITY',
    'UID:office',
    'DTSTAMP:20260101T000000Z',
    ...available(
      'DTSTART;TZID=Europe/Berlin:20260101T090000',
      'DTEND;TZID=Europe/Berlin:20260101T170000',
      'RRULE:FREQ=DAILY',
      'SUMMARY:Secret',
    ),
    'END:VAVAILABILITY',
  ])

  it('is stored, served octet for octet, and found by its name and time', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'mine', ['VEVENT', 'VAVAILABILITY'])
    await putAll(alice, place, 'ics', { office })
    expect((await alice.request('GET', `${place}office.ics`)).text).toBe(office)
    const told = await alice.propfind(place, 0, [caldav('supported-calendar-component-set')])
    expect(told.text).toContain('VAVAILABILITY')
    const refused = await alice.put(`${alice.tasks}office.ics`, office)
    expect(preconditionsOf(refused)).toEqual([caldav('supported-calendar-component')])
  })

  it('leaves free what it names, across a change of clocks; events come on top', async () => {
    const alice = await server.account()
    const place = await makeCalendar(alice, 'mine', ['VEVENT', 'VAVAILABILITY'])
    await putAll(alice, place, 'ics', {
      office,
      lunch: event('a', ['DTSTART:20260329T110000Z', 'DURATION:PT1H']),
    })
    const expected = [
      'BUSY-UNAVAILABLE 20260328T160000Z/20260329T070000Z',
      'BUSY 20260329T110000Z/20260329T120000Z',
      'BUSY-UNAVAILABLE 20260329T150000Z/20260330T000000Z',
    ]
    const range = ['20260328T160000Z', '20260330T000000Z'] as const
    expect(await periods(alice, place, ...range)).toEqual(expected)
    expect(await periods(alice, alice.calendars, ...range)).toEqual(expected)
  })
})

describe('RFC 4791 §7.10 what is refused', () => {
  const server = useServer({ limits: { freeBusyDays: 400, answerInstances: 100 } })

  it.each([
    ['no range', ''],
    ['two ranges', timeRange(...january).repeat(2)],
    ['no end', timeRange(january[0])],
    ['no start', timeRange(undefined, january[1])],
    ['neither', timeRange()],
    ['dates', timeRange('20260101', '20260201')],
    ['floating times', timeRange('20260101T000000', '20260201T000000')],
    ['an end before the start', timeRange('20260201T000000Z', '20260101T000000Z')],
    ['an empty range', timeRange('20260201T000000Z', '20260201T000000Z')],
  ])('%s is a bad request', async (_, inner) => {
    const alice = await server.account()
    expect((await ask(alice, alice.calendar, inner)).status).toBe(400)
  })

  it('objects, books, principals and the homes of books do not know it', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    for (const path of [`${alice.calendar}a.ics`, alice.contacts, alice.books, alice.principal]) {
      const answer = await ask(alice, path, timeRange(...january))
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('supported-report')]])
    }
    for (const [path, knows] of [
      [alice.calendars, true],
      [alice.calendar, true],
      [alice.books, false],
      [`${alice.calendar}a.ics`, false],
    ] as const) {
      const told = await alice.propfind(path, 0, [dav('supported-report-set')])
      expect([path, told.text.includes('free-busy-query')]).toEqual([path, knows])
    }
  })

  it('a range, or a number of instances, over the limits', async () => {
    const alice = await server.account()
    const tooLong = await ask(alice, alice.calendar, timeRange('20260101T000000Z', '20270301T000000Z'))
    expect(preconditionsOf(tooLong)).toEqual([dav('number-of-matches-within-limits')])
    await putAll(alice, alice.calendar, 'ics', {
      hourly: event('a', ['DTSTART:20260101T000000Z', 'DURATION:PT5M', 'RRULE:FREQ=HOURLY']),
    })
    const tooMany = await ask(alice, alice.calendar, timeRange('20260101T000000Z', '20260110T000000Z'))
    expect([tooMany.status, preconditionsOf(tooMany)]).toEqual([
      507,
      [dav('number-of-matches-within-limits')],
    ])
    const beyond = await ask(alice, alice.calendar, timeRange('20400101T000000Z', '20400110T000000Z'))
    expect(preconditionsOf(beyond)).toEqual([dav('number-of-matches-within-limits')])
    expect(await periods(alice, alice.calendar, '20260101T000000Z', '20260103T000000Z')).toHaveLength(48)
  })
})

describe('RFC 4791 §7.10 the index answers as the objects do', () => {
  const server = useServer()

  it('for every kind of time and range', async () => {
    const alice = await server.account()
    const [place, objects] = await filled(alice, 120)
    const zone = ianaZone('Europe/Berlin')
    if (!zone) throw new Error('no zone')
    const named = '<c:calendar-timezone-id>Europe/Berlin</c:calendar-timezone-id>'
    const patch = `<d:propertyupdate ${xmlns}><d:set><d:prop>${named}</d:prop></d:set></d:propertyupdate>`
    expect((await alice.request('PROPPATCH', place, { body: patch })).status).toBe(207)
    let answered = 0
    await fc.assert(
      fc.asyncProperty(hour, fc.integer({ min: 1, max: 24 * 20 }), async (from, hours) => {
        const range = { start: today + from * hourMs, end: today + (from + hours) * hourMs }
        const steps = server.settings.limits.recurrenceSteps
        const all = [...objects.values()].map((own) => busyTimeOf(own, range, { zone, budget: { steps } }))
        const expected = combineBusyTime({ busy: all.flatMap(({ busy }) => busy), availabilities: [] })
        const written = expected.map(
          ({ type, start, end }) => `${type} ${formatTime(start, 'utc')}/${formatTime(end, 'utc')}`,
        )
        const [start, end] = [formatTime(range.start, 'utc'), formatTime(range.end, 'utc')]
        expect(await periods(alice, place, start, end)).toEqual(written)
        answered += written.length
      }),
      { seed: 4791, numRuns: 80 },
    )
    expect(answered).toBeGreaterThan(200)
  })
})
