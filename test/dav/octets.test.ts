import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { multigetBody } from './client.ts'
import { calendar, card, event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { useServer } from './server.ts'

const bom = Buffer.from([0xef, 0xbb, 0xbf])

function utf16(text: string, endian: 'le' | 'be'): Buffer {
  const octets = Buffer.from(`\ufeff${text}`, 'utf16le')
  return endian === 'le' ? octets : octets.swap16()
}

const start = 'DTSTART:20260115T100000Z'
const at = ['UID:u', 'DTSTAMP:20260101T000000Z']
const vevent = (...properties: readonly string[]) => ['BEGIN:VEVENT', ...at, ...properties, 'END:VEVENT']
const override = vevent('RECURRENCE-ID:20260116T100000Z', 'DTSTART:20260116T110000Z')
const rule = vevent(start, 'RRULE:FREQ=DAILY')
const emoji = '\u{1f389} žluťoučký kůň'

/** What is stored as it is, each with the reason a server might not. */
const calendarBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ['an ordinary event', event('u')],
  ['a leading BOM', Buffer.concat([bom, Buffer.from(event('u'))])],
  ['UTF-16 with BOM, little end first', utf16(event('u', [start, `SUMMARY:${emoji}`]), 'le')],
  ['UTF-16 with BOM, big end first', utf16(event('u', [start, `SUMMARY:${emoji}`]), 'be')],
  ['bare LF', event('u').replaceAll('\r\n', '\n')],
  ['bare CR', event('u').replaceAll('\r\n', '\r')],
  ['CR CR LF', event('u').replaceAll('\r\n', '\r\r\n')],
  ['mixed line ends', event('u').replace('\r\n', '\n').replace('\r\nUID', '\rUID')],
  ['no line end at the end', event('u').trimEnd()],
  ['blank lines around', `\r\n\r\n${event('u')}\r\n\r\n`],
  ['folds of one octet, by tab and blank', event('u', [start, 'SUMMARY:a\r\n b\r\n\tc\r\n d'])],
  ['folds within a name and a parameter', event('u', [start, 'X-LO\r\n NG;X-P\r\n =1:x'])],
  ['lines of 10,000 octets', event('u', [start, `DESCRIPTION:${'ü'.repeat(5_000)}`])],
  ['lower case', event('u').replace('BEGIN:VEVENT', 'begin:vevent').replace('END:VEVENT', 'end:vevent')],
  ['non-ASCII text', event('u', [start, `SUMMARY:${emoji}`])],
  ['characters that XML escapes', event('u', [start, 'SUMMARY:<a href="x">&amp;]]>'])],
  [
    'unknown properties and parameters (IOS-13, TBC-08)',
    event('u', [
      start,
      'X-APPLE-TRAVEL-DURATION;VALUE=DURATION:PT30M',
      'X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-ADDRESS="1 A St\\nB";X-TITLE=C:geo:1,2',
      'X-MOZ-LASTACK:20260101T000000Z',
      'SUMMARY;X-ODD="a:b;c,d";LANGUAGE=xx:s',
    ]),
  ],
  ['RFC 6868 carets', event('u', [start, "ATTENDEE;CN=a^nb^^c^'d:mailto:a@example.org"])],
  ['odd escapes', event('u', [start, 'SUMMARY:a\\qb\\', 'DESCRIPTION:c:\\temp\\new', 'URL:http://x/\\n'])],
  ['lines that are none', event('u', [start, 'this is no line', ';:;', 'SUMMARY'])],
  ['an alarm of ACTION:NONE', event('u', [start, 'BEGIN:VALARM', 'ACTION:NONE', 'END:VALARM'])],
  ['no DTEND nor DURATION', event('u', [start])],
  ['no DTSTART', event('u', [])],
  [
    'no DTSTAMP, PRODID or VERSION',
    'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:u\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n',
  ],
  ['a DTEND before its DTSTART', event('u', [start, 'DTEND:20260114T100000Z'])],
  ['both DTEND and DURATION', event('u', [start, 'DTEND:20260115T110000Z', 'DURATION:PT2H'])],
  ['a DTSTART with time and a DTEND without', event('u', [start, 'DTEND;VALUE=DATE:20260116'])],
  ['a floating DTSTART and a zoned DTEND', event('u', ['DTSTART:20260115T100000', 'DTEND:20260115T110000Z'])],
  ['a zone that is not defined', event('u', ['DTSTART;TZID=Europe/Berlin:20260115T100000'])],
  ['a zone nobody knows', event('u', ['DTSTART;TZID="Moon/Far Side ":20260115T100000'])],
  ['EXDATE of another kind', event('u', [start, 'RRULE:FREQ=DAILY', 'EXDATE;VALUE=DATE:20260116'])],
  ['a blank before a time', event('u', [start, 'CREATED: 20260101T000000Z', 'REQUEST-STATUS:2.0'])],
  ['RECURRENCE-ID before the master', calendar([...override, ...rule])],
  ['overrides alone', calendar(override)],
  ['several overrides alone', calendar([...override, ...vevent('RECURRENCE-ID:20260117T100000Z', start)])],
  ['an RSCALE that is not computed', event('u', [start, 'RRULE:RSCALE=CHINESE;FREQ=YEARLY'])],
  [
    'a series of the year 1900 by the second',
    event('u', ['DTSTART:19000101T000000Z', 'RRULE:FREQ=SECONDLY']),
  ],
  ['a rule that never comes true', event('u', [start, 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30'])],
  [
    'a time zone cut short',
    calendar(['BEGIN:VTIMEZONE', 'TZID:X', 'END:VTIMEZONE', ...vevent('DTSTART;TZID=X:20260115T100000')]),
  ],
  ['an extension beside the event', calendar([...rule, 'BEGIN:X-THING', 'X-A:1', 'END:X-THING'])],
  ['a bare to-do', calendar(['BEGIN:VTODO', ...at, 'END:VTODO'])],
  ['a to-do with DUE alone', calendar(['BEGIN:VTODO', ...at, 'DUE;VALUE=DATE:20260115', 'END:VTODO'])],
  [
    'a to-do with COMPLETED alone',
    calendar(['BEGIN:VTODO', ...at, 'COMPLETED:20260115T100000Z', 'END:VTODO']),
  ],
  ['a journal', calendar(['BEGIN:VJOURNAL', ...at, 'DTSTART;VALUE=DATE:20260115', 'END:VJOURNAL'])],
  [
    'free/busy alone',
    calendar(['BEGIN:VFREEBUSY', ...at, 'FREEBUSY:20260115T100000Z/PT1H', 'END:VFREEBUSY']),
  ],
]

const cardBodies: readonly (readonly [string, string | Uint8Array])[] = [
  ['an ordinary card', card('u')],
  ['a leading BOM', Buffer.concat([bom, Buffer.from(card('u'))])],
  ['UTF-16 with BOM', utf16(card('u', emoji), 'le')],
  ['bare LF', card('u').replaceAll('\r\n', '\n')],
  ['bare CR', card('u').replaceAll('\r\n', '\r')],
  ['no line end at the end', card('u').trimEnd()],
  ['vCard 4.0 (TBA-05)', card('u').replace('VERSION:3.0', 'VERSION:4.0')],
  ['no UID', card('u').replace('UID:u\r\n', '')],
  ['no FN', card('u').replace('FN:Jane Doe\r\n', '')],
  ['no N', 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:x\r\nEND:VCARD\r\n'],
  ['VERSION last', 'BEGIN:VCARD\r\nUID:u\r\nFN:x\r\nVERSION:3.0\r\nEND:VCARD\r\n'],
  ['lower case', 'begin:vcard\nversion:3.0\nuid:u\nfn:x\nend:vcard\n'],
  [
    'item groups and labels (ABK-07)',
    card('u', 'A B', ['item1.EMAIL;type=INTERNET;type=pref:a@example.org', 'item1.X-ABLabel:_$!<Other>!$_']),
  ],
  ['doubled TYPEs', card('u', 'A B', ['TEL;TYPE=CELL;TYPE=cell,Voice;TYPE="home,work":+1 2'])],
  ['trailing blanks in ADR', card('u', 'A B', ['ADR;TYPE=HOME:;;1 A St  ;B ; ; ; '])],
  [
    'a photo folded by octets',
    card('u', 'A B', [`PHOTO;ENCODING=b;TYPE=JPEG:${'QUJD'.repeat(500).replace(/(.{74})/g, '$1\r\n ')}`]),
  ],
  ['a broken photo', card('u', 'A B', ['PHOTO;ENCODING=b:***not base64***', 'PHOTO:'])],
  ['vCard 2.1 parameters in 3.0', card('u', 'A B', ['TEL;HOME;VOICE:1', 'NOTE;QUOTED-PRINTABLE:a=0Db'])],
  ['a year that is left out', card('u', 'A B', ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01'])],
  ['text in other scripts', card('u', '田中 太郎', ['NOTE:\u202eنص\u202c \u{1f9d1}\u200d\u{1f4bb}'])],
  ['characters that XML escapes', card('u', 'A B', ['NOTE:<b>&lt;]]>'])],
  ['lines that are none', card('u', 'A B', ['no line', 'X-:'])],
  ['UID twice, but the same', card('u', 'A B', ['UID:u'])],
  [
    'an Apple group',
    card('u', 'A B', ['X-ADDRESSBOOKSERVER-KIND:group', 'X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:1']),
  ],
  [
    'a group of 10,000',
    card(
      'u',
      'A B',
      Array.from({ length: 10_000 }, (_, n) => `X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${n}`),
    ),
  ],
]

describe('law 1: octets survive (RFC 4791 §5.3.4, MIN-32, IOS-11, IOS-24, EVO-06)', () => {
  const server = useServer()

  it.each(calendarBodies)('calendar object: %s', async (_, body) => {
    const alice = await server.account()
    const components = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY']
    await comesBack(alice, await makeCalendar(alice, 'all', components), 'ics', body)
  })

  it.each(cardBodies)('card: %s', async (_, body) => {
    const alice = await server.account()
    await comesBack(alice, alice.contacts, 'vcf', body)
  })

  /** GET gives the octets; PUT, GET, HEAD, PROPFIND, multiget and sync the same strong ETag; multiget the text. */
  async function comesBack(
    alice: Awaited<ReturnType<typeof server.account>>,
    collection: string,
    extension: 'ics' | 'vcf',
    body: string | Uint8Array,
  ): Promise<void> {
    const path = `${collection}x.${extension}`
    const put = await alice.put(path, body, { 'If-None-Match': '*' })
    expect([put.status, put.text]).toEqual([201, ''])
    const { etag } = put.headers
    expect(etag).toMatch(/^"[^"]+"$/)
    const got = await alice.get(path)
    expect(got.body.equals(Buffer.from(body))).toBe(true)
    expect(got.headers.etag).toBe(etag)
    expect((await alice.request('HEAD', path)).headers).toMatchObject({
      etag,
      'content-length': String(Buffer.byteLength(body)),
    })
    const props = [dav('getetag'), dav('getcontentlength'), dav('getcontenttype')]
    const listed = (await alice.propfind(collection, 1, props)).of(path)
    expect(listed.text(dav('getetag'))).toBe(etag)
    expect(listed.text(dav('getcontentlength'))).toBe(String(Buffer.byteLength(body)))
    expect(listed.text(dav('getcontenttype'))).toBe(got.headers['content-type'])
    expect((await alice.sync(collection, '')).of(path).text(dav('getetag'))).toBe(etag)
    const kind = extension === 'ics' ? 'calendar' : 'addressbook'
    const asked = multigetBody(kind, [path]).replace(
      'address-data',
      `address-data version="${versionOf(body)}"`,
    )
    const gotten = (await alice.report(collection, asked)).of(path)
    expect(gotten.text(dav('getetag'))).toBe(etag)
    const data = extension === 'ics' ? caldav('calendar-data') : carddav('address-data')
    expect(gotten.text(data)).toBe(textIn(body))
    const { syncToken = '' } = await alice.sync(collection, '')
    const again = await alice.put(path, body)
    expect([again.status, again.headers.etag]).toEqual([204, etag])
    expect((await alice.sync(collection, syncToken)).responses).toEqual([])
  }

  it('changed octets have another ETag, however small the change', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}x.ics`
    const etags = new Set<string | undefined>()
    for (const body of [event('u'), event('u').replaceAll('\r\n', '\n'), `${event('u')}\r\n`]) {
      etags.add((await alice.put(path, body)).headers.etag)
    }
    expect(etags.size).toBe(3)
  })
})

function versionOf(body: string | Uint8Array): string {
  return /VERSION:4/.test(textIn(body)) ? '4.0' : '3.0'
}

/** What XML can carry of a body: its text, without a byte order mark. */
function textIn(body: string | Uint8Array): string {
  if (typeof body === 'string') return body
  const octets = Buffer.from(body)
  if (octets[0] === 0xff) return octets.subarray(2).toString('utf16le')
  if (octets[0] === 0xfe) return Buffer.from(octets.subarray(2)).swap16().toString('utf16le')
  return octets.subarray(octets[0] === 0xef ? 3 : 0).toString('utf8')
}
