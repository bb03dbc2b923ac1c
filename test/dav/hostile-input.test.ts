import { METHODS } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, type Headers, multigetBody, propfindBody, syncBody } from './client.ts'
import { card, event, todo } from './objects.ts'
import { addressQueryBody, compFilter, inRange, propFilter, textMatch } from './queries.ts'
import { type Account, useServer } from './server.ts'

const runs = { seed: 13, numRuns: 120 }
/** CONNECT and upgrades never reach the application. */
const methods = METHODS.filter((method) => method !== 'CONNECT')
const davMethods = [
  'PROPFIND',
  'PROPPATCH',
  'REPORT',
  'PUT',
  'GET',
  'HEAD',
  'DELETE',
  'COPY',
  'MOVE',
  'MKCOL',
  'MKCALENDAR',
  'OPTIONS',
]
const bodies = [
  propfindBody([dav('getetag'), caldav('calendar-data'), carddav('address-data'), dav('displayname')]),
  syncBody('urn:farley:sync:x:1.1', 2),
  multigetBody('calendar', ['/dav/calendars/a/b/c.ics', '%zz', 'http://[::1', '']),
  multigetBody('addressbook', ['/dav/addressbooks/a/b/c.vcf']),
  calendarQueryBody(compFilter('VEVENT', propFilter('SUMMARY', textMatch('x')))),
  calendarQueryBody(
    inRange('VEVENT', '20260101T000000Z', '20260201T000000Z'),
    '<c:calendar-data><c:expand start="20260101T000000Z" end="20260201T000000Z"/></c:calendar-data>',
  ),
  addressQueryBody([propFilter('FN', textMatch('x', { collation: 'i;octet' }))], { limit: 1 }),
  '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>x</d:displayname><x/></d:prop></d:set><d:remove><d:prop><y/></d:prop></d:remove></d:propertyupdate>',
  '<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop><c:calendar-timezone>x</c:calendar-timezone></d:prop></d:set></c:mkcalendar>',
  event('u', [
    'DTSTART;TZID=Europe/Berlin:20260115T100000',
    'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3',
    'EXDATE:20260119T100000Z',
  ]),
  todo('t', ['DUE:20260115T100000Z', 'BEGIN:VALARM', 'TRIGGER:-PT1H', 'END:VALARM']),
  card('u', 'Jane Doe', ['item1.EMAIL;TYPE=home:a@example.org', 'PHOTO;ENCODING=b:QUJD']),
]

/** Real bodies with octets changed, cut out, doubled; and rubbish. */
const body = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...bodies),
        fc.array(fc.tuple(fc.nat(), fc.nat(255), fc.nat(3)), { maxLength: 6 }),
      )
      .map(([text, edits]) => edited(text, edits)),
  },
  fc.uint8Array({ maxLength: 300 }).map((octets) => Buffer.from(octets)),
  fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(text)),
)

function edited(text: string, edits: readonly (readonly [number, number, number])[]): Buffer {
  let octets = Buffer.from(text)
  for (const [place, octet, kind] of edits) {
    const at = place % Math.max(octets.length, 1)
    const rest = octets.subarray(kind === 1 ? at + octet : at)
    const between =
      kind === 0 ? Buffer.from([octet]) : kind === 2 ? octets.subarray(at, at + octet) : Buffer.alloc(0)
    octets = Buffer.concat([octets.subarray(0, at), between, kind === 0 ? rest.subarray(1) : rest])
  }
  return octets
}

const printable = fc.string({
  unit: fc
    .integer({ min: 0x21, max: 0xff })
    .filter((c) => c !== 0x7f)
    .map((c) => String.fromCharCode(c)),
  maxLength: 30,
})
const odd = fc.constantFrom(
  '',
  '0',
  '1',
  '2',
  'infinity',
  '*',
  '"a"',
  'W/"a"',
  '"a", "b',
  '(<urn:x>)',
  '(Not <DAV:no-lock> ["a"])',
  '</x> (["a"]',
  'T',
  'F',
  'http://[',
  '/',
  '//',
  'http://x/%zz',
  '-1',
  'bytes=0-',
  'gzip',
  'text/calendar',
  '\xe9',
  ';',
  ',',
  'return=minimal',
  'x="',
)
const headers = fc.dictionary(
  fc.constantFrom(
    'Depth',
    'If',
    'If-Match',
    'If-None-Match',
    'If-Schedule-Tag-Match',
    'Destination',
    'Overwrite',
    'Prefer',
    'Brief',
    'Content-Type',
    'Content-Encoding',
    'Accept',
    'Range',
    'Host',
    'X-Forwarded-For',
    'Forwarded',
    'User-Agent',
    'Timeout',
    'Lock-Token',
    'Cookie',
  ),
  fc.oneof(odd, printable),
  { maxKeys: 4 },
)

describe('never 5xx, whatever is sent (complaint 14)', () => {
  const server = useServer({ limits: { xmlBytes: 100_000 } })

  function places(alice: Account): string[] {
    const { calendar, tasks, contacts, calendars, books, principal } = alice
    return [
      calendar,
      tasks,
      contacts,
      calendars,
      books,
      principal,
      '/',
      '/dav/',
      '/dav/calendars/',
      '/principals/',
      `${calendar}a.ics`,
      `${tasks}t.ics`,
      `${contacts}a.vcf`,
      `${calendar}new.ics`,
      `${contacts}new.vcf`,
      `${calendars}new/`,
      `${calendars}new/x.ics`,
    ]
  }

  async function isAnswered(
    alice: Account,
    method: string,
    path: string,
    options: { headers: Headers; body?: Uint8Array },
  ): Promise<void> {
    const { status, text } = await alice.request(method, path, options)
    expect([
      method,
      path,
      status < 500 || status === 507 || status === 501,
      status < 500 ? '' : text,
    ]).toEqual([method, path, true, status < 500 ? '' : text])
  }

  it('random methods, places, headers and bodies', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const method = fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...davMethods) },
      fc.constantFrom(...methods),
    )
    await fc.assert(
      fc.asyncProperty(method, fc.nat(), headers, body, async (verb, place, head, octets) => {
        const all = places(alice)
        const sent = verb === 'GET' || verb === 'HEAD' ? {} : { body: octets }
        await isAnswered(alice, verb, all[place % all.length] ?? '/', { headers: head, ...sent })
      }),
      { seed: 13, numRuns: 500 },
    )
  })

  it.each(['PROPFIND', 'PROPPATCH', 'REPORT', 'MKCALENDAR', 'MKCOL', 'PUT'])(
    '%s with damaged bodies',
    async (method) => {
      const alice = await server.account()
      await alice.put(`${alice.calendar}a.ics`, event('a'))
      await alice.put(`${alice.contacts}a.vcf`, card('a'))
      await fc.assert(
        fc.asyncProperty(fc.nat(), body, async (place, octets) => {
          const all = places(alice)
          await isAnswered(alice, method, all[place % all.length] ?? '/', { headers: {}, body: octets })
        }),
        runs,
      )
      // Whatever was stored, it harms nothing.
      for (const collection of [alice.calendar, alice.tasks, alice.contacts]) {
        expect((await alice.propfind(collection, 1, [dav('getetag'), dav('displayname')])).status).toBe(207)
        expect((await alice.sync(collection, '')).status).toBe(207)
        expect((await alice.get(collection)).status).toBe(200)
      }
      expect(
        (await alice.propfind(alice.calendars, 1, [dav('resourcetype'), caldav('calendar-timezone')])).status,
      ).toBe(207)
    },
  )

  it('random paths, also as Destination and in a multiget', async () => {
    const alice = await server.account()
    const piece = fc.oneof(
      printable,
      fc.constantFrom(
        '%',
        '%2F',
        '%00',
        '..',
        '.',
        '%2e%2e',
        '%ff%fe',
        '%ED%A0%80',
        ';',
        '?x=1',
        '#',
        'a'.repeat(3_000),
        '\\',
        '%',
        ':',
        '%F0%9F%8E%89',
      ),
    )
    const path = fc
      .tuple(
        fc.constantFrom(
          '/',
          '//',
          '/dav/',
          alice.calendar,
          alice.contacts,
          alice.calendars,
          '/.well-known/',
          '/principals/',
        ),
        fc.array(piece, { maxLength: 4 }),
      )
      .map(([start, pieces]) => start + pieces.join('/'))
    await fc.assert(
      fc.asyncProperty(path, fc.constantFrom(...davMethods), async (target, method) => {
        const withBody = method === 'PUT' ? { body: Buffer.from(event(target.slice(0, 200))) } : {}
        await isAnswered(alice, method, target, { headers: { Destination: target }, ...withBody })
        const escaped = target.replace(/[&<]/g, '')
        await isAnswered(alice, 'REPORT', alice.calendar, {
          headers: {},
          body: Buffer.from(multigetBody('calendar', [escaped])),
        })
      }),
      { seed: 7, numRuns: 300 },
    )
  })

  it.each([
    'GET / HTTP/1.1\r\n\r\n',
    'FOO / HTTP/1.1\r\nHost: x\r\n\r\n',
    'PUT /dav/ HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n',
    'PUT /dav/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    'GET http://[::1 HTTP/1.1\r\nHost: x\r\n\r\n',
    'GET * HTTP/1.1\r\nHost: x\r\n\r\n',
    'OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n',
    `GET /${'a'.repeat(40_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(3_000)}\r\n`,
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ////\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Basic\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
    '\0'.repeat(100),
  ])('raw octets: %j', async (octets) => {
    const answer = await raw(server.url, octets)
    expect(answer === '' || /^HTTP\/1\.1 [1-4]\d\d /.test(answer)).toBe(true)
    const alice = await server.account()
    expect((await alice.propfind(alice.calendar, 0, [dav('getetag')])).status).toBe(207)
  })
})

/** What comes back for octets on a connection of their own, until either side ends it. */
function raw(url: string, octets: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect(Number(port), hostname, () => socket.end(octets, 'latin1'))
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1')
    })
    socket.on('error', () => resolve(answer))
    socket.on('close', () => resolve(answer))
  })
}
