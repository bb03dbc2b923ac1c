import { describe, expect, it } from 'vitest'
import { caldav, carddav } from '../../protocol/dav/names.ts'
import { elements } from '../../protocol/dav/xml-read.ts'
import { multigetBody, preconditionsOf, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { putAll } from './queries.ts'
import { useServer } from './server.ts'

const server = useServer()

describe('RFC 7095 jCard', () => {
  const asking = (inner = '') =>
    `<m:address-data content-type="application/vcard+json">${inner}</m:address-data>`

  it('is what GET gives to who accepts it, and a report to who asks, of cards of both versions (ABK-09)', async () => {
    const alice = await server.account()
    const three = card('a', 'A B', ['TEL;TYPE=pref:1', 'NOTE:<&>'])
    await putAll(alice, alice.contacts, 'vcf', {
      a: three,
      b: three.replace('VERSION:3.0', 'VERSION:4.0').replace('TYPE=pref', 'PREF=1').replace('UID:a', 'UID:b'),
    })
    for (const uid of ['a', 'b']) {
      const path = `${alice.contacts}${uid}.vcf`
      const got = await alice.get(path, { Accept: 'application/vcard+json' })
      expect([got.headers['content-type'], got.headers.vary]).toEqual(['application/vcard+json', 'Accept'])
      expect(JSON.parse(got.text)).toEqual([
        'vcard',
        [
          ['version', {}, 'text', '4.0'],
          ['uid', {}, 'text', uid],
          ['fn', {}, 'text', 'A B'],
          ['n', {}, 'text', ['B', 'A', '', '', '']],
          ['tel', { pref: '1' }, 'text', '1'],
          ['note', {}, 'text', '<&>'],
        ],
      ])
      const body = multigetBody('addressbook', [path]).replace(/<x:address-data[^>]*\/>/, asking())
      expect((await alice.report(alice.contacts, body)).of(path).text(carddav('address-data'))).toBe(got.text)
    }
  })

  it('of the properties that are asked for', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a', 'A B', ['TEL:1']) })
    const path = `${alice.contacts}a.vcf`
    const body = multigetBody('addressbook', [path]).replace(
      /<x:address-data[^>]*\/>/,
      asking('<m:prop name="TEL"/>'),
    )
    const text = (await alice.report(alice.contacts, body)).of(path).text(carddav('address-data'))
    expect(JSON.parse(text ?? '')).toEqual([
      'vcard',
      [
        ['version', {}, 'text', '4.0'],
        ['tel', {}, 'text', '1'],
      ],
    ])
  })
})

describe('RFC 9553 JSContact', () => {
  it('is given to who accepts it; a card without a UID has the same one each time', async () => {
    const alice = await server.account()
    await putAll(alice, alice.contacts, 'vcf', { a: card('a'), b: card('b').replace('UID:b\r\n', '') })
    const got = async (name: string) => {
      const answer = await alice.get(`${alice.contacts}${name}.vcf`, { Accept: 'application/jscontact+json' })
      expect(answer.headers['content-type']).toBe('application/jscontact+json')
      return JSON.parse(answer.text)
    }
    expect(await got('a')).toMatchObject({
      '@type': 'Card',
      version: '1.0',
      uid: 'a',
      name: { full: 'Jane Doe' },
    })
    const [first, second] = [await got('b'), await got('b')]
    expect(first.uid).toMatch(/^urn:uuid:[-0-9a-f]{36}$/)
    expect(second).toEqual(first)
    const named = { Accept: 'application/jscontact+json;version=1.0' }
    const answer = await alice.get(`${alice.contacts}a.vcf`, named)
    expect(answer.headers['content-type']).toBe('application/jscontact+json; version=1.0')
  })
})

describe('RFC 7265 jCal', () => {
  const jcal = 'application/calendar+json'
  const asking = (attributes: string, inner = '') =>
    `<m:calendar-data ${attributes}>${inner}</m:calendar-data>`

  it('is what GET gives to who accepts it, and a report to who asks', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a', ['DTSTART:20260115T100000Z', 'SUMMARY:<&>']) })
    const path = `${alice.calendar}a.ics`
    const got = await alice.get(path, { Accept: jcal })
    expect([got.headers['content-type'], got.headers.vary]).toEqual([jcal, 'Accept, CalDAV-Timezones'])
    expect(got.headers.etag).toBe((await alice.get(path)).headers.etag)
    expect(JSON.parse(got.text)).toEqual([
      'vcalendar',
      [
        ['version', {}, 'text', '2.0'],
        ['prodid', {}, 'text', '-//Farley//Test//EN'],
      ],
      [
        [
          'vevent',
          [
            ['uid', {}, 'text', 'a'],
            ['dtstamp', {}, 'date-time', '2026-01-01T00:00:00Z'],
            ['summary', {}, 'text', 'Event a'],
            ['dtstart', {}, 'date-time', '2026-01-15T10:00:00Z'],
            ['summary', {}, 'text', '<&>'],
          ],
          [],
        ],
      ],
    ])
    const data = asking(`content-type="${jcal}"`)
    for (const body of [
      multigetBody('calendar', [path]).replace(/<x:calendar-data[^>]*\/>/, data),
      syncBody('', undefined, [caldav('calendar-data')]).replace(
        /<x:calendar-data[^>]*\/>/,
        data
          .replaceAll('m:calendar-data', 'x:calendar-data')
          .replace(' content-type', ' xmlns:x="urn:ietf:params:xml:ns:caldav" content-type'),
      ),
    ])
      expect((await alice.report(alice.calendar, body)).of(path).text(caldav('calendar-data'))).toBe(got.text)
    for (const accept of ['*/*', 'text/calendar', 'text/xml', 'application/json'])
      expect((await alice.get(path, { Accept: accept })).text).toContain('BEGIN:VCALENDAR')
  })

  it('of the parts and instances that are asked for (RFC 4791 §9.6)', async () => {
    const alice = await server.account()
    const series = event('a', ['DTSTART:20260115T100000Z', 'RRULE:FREQ=DAILY'])
    await putAll(alice, alice.calendar, 'ics', { a: series })
    const path = `${alice.calendar}a.ics`
    const range = '<m:expand start="20260116T000000Z" end="20260118T000000Z"/>'
    const parts = '<m:comp name="VCALENDAR"><m:comp name="VEVENT"><m:prop name="UID"/></m:comp></m:comp>'
    const body = multigetBody('calendar', [path]).replace(
      /<x:calendar-data[^>]*\/>/,
      asking(`Content-Type="${jcal}" version="2.0"`, range + parts),
    )
    const text = (await alice.report(alice.calendar, body)).of(path).text(caldav('calendar-data'))
    const instance = ['vevent', [['uid', {}, 'text', 'a']], []]
    expect(JSON.parse(text ?? '')).toEqual(['vcalendar', [], [instance, instance]])
  })

  it('of an object that cannot be read is 404 in a report, and as it is by GET (law 9)', async () => {
    const alice = await server.account()
    await putAll(alice, alice.calendar, 'ics', { a: event('a') })
    const path = `${alice.calendar}a.ics`
    const broken = event('a').replace('BEGIN:VCALENDAR', 'BEGUN:VCALENDAR')
    await server.services.store.write(({ sql }) =>
      sql.run(
        'UPDATE bodies SET bytes = $1 WHERE id = (SELECT body_id FROM objects WHERE uid = $2 AND collection_id = (SELECT MAX(collection_id) FROM objects WHERE uid = $2))',
        [Buffer.from(broken), 'a'],
      ),
    )
    const body = multigetBody('calendar', [path]).replace(
      /<x:calendar-data[^>]*\/>/,
      asking(`content-type="${jcal}"`),
    )
    expect((await alice.report(alice.calendar, body)).of(path).namesWith(404)).toEqual([
      caldav('calendar-data'),
    ])
    const got = await alice.get(path, { Accept: jcal })
    expect([got.text, got.headers['content-type']]).toEqual([
      broken,
      'text/calendar; charset=utf-8; component=vevent',
    ])
  })

  it('is announced, and other types and versions are refused (RFC 4791 §5.2.4, §7.8, §7.9)', async () => {
    const alice = await server.account()
    const name = caldav('supported-calendar-data')
    const { props } = (await alice.propfind(alice.calendar, 0, [name])).of(alice.calendar)
    const property = props.get(name)
    expect(property && elements(property).map(({ attributes }) => [...attributes.values()])).toEqual([
      ['text/calendar', '2.0'],
      [jcal, '2.0'],
    ])
    for (const attributes of [
      `content-type="${jcal}" version="1.0"`,
      'content-type="text/vcard"',
      'Version="1.0"',
    ]) {
      const body = multigetBody('calendar', [`${alice.calendar}a.ics`]).replace(
        /<x:calendar-data[^>]*\/>/,
        asking(attributes),
      )
      const refused = await alice.request('REPORT', alice.calendar, { body })
      expect([refused.status, preconditionsOf(refused)]).toEqual([403, [caldav('supported-calendar-data')]])
    }
    const put = await alice.put(`${alice.calendar}a.ics`, '["vcalendar",[],[]]', { 'Content-Type': jcal })
    expect([put.status, preconditionsOf(put)]).toEqual([403, [caldav('supported-calendar-data')]])
  })
})
