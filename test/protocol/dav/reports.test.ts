import { describe, expect, it } from 'vitest'
import { readAddressData } from '../../../protocol/dav/address-data.ts'
import { readCalendarData } from '../../../protocol/dav/calendar-data.ts'
import { caldav, carddav, dav } from '../../../protocol/dav/names.ts'
import {
  readAddressbookQuery,
  readCalendarQuery,
  readMultiget,
  readSyncCollection,
  reportName,
} from '../../../protocol/dav/reports.ts'
import { refusalOf } from './refusals.ts'
import { body } from './xml.ts'

const namesOf = (elements: readonly { name: string }[]) => elements.map(({ name }) => name)

describe('RFC 3253 §3.6 REPORT', () => {
  it('is named by its root', () => {
    expect(reportName(body('<C:calendar-query/>'))).toBe(caldav('calendar-query'))
    expect(refusalOf(() => reportName(undefined))).toBe(400)
  })
})

describe('RFC 6578 §3.2 sync-collection', () => {
  const read = (inner: string) => readSyncCollection(body(`<D:sync-collection>${inner}</D:sync-collection>`))

  it('reads what DAVx5 sends at first (SEQ-10)', () => {
    const first = read('<D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>')
    expect(first).toMatchObject({ syncToken: undefined, level: '1', limit: undefined })
    expect(namesOf(first.elements)).toEqual([dav('getetag')])
  })

  it('takes any order of children, and blanks (TSD-03)', () => {
    const limit = '<D:limit><D:nresults> 10 </D:nresults></D:limit>'
    expect(
      read(
        `<D:prop/>${limit}<D:sync-level> infinite </D:sync-level><D:sync-token>\n urn:x:1 \n</D:sync-token>`,
      ),
    ).toEqual({ syncToken: 'urn:x:1', level: 'infinite', limit: 10, elements: [] })
  })

  it('takes no level for 1 and no token for a first sync (IOS-10, MIN-24)', () => {
    expect(read('')).toEqual({ syncToken: undefined, level: '1', limit: undefined, elements: [] })
    expect(read('<D:sync-token>  </D:sync-token>').syncToken).toBeUndefined()
  })

  it.each(['', '0', '2', 'infinity', '1 1'])('refuses level "%s" with 400', (level) => {
    expect(refusalOf(() => read(`<D:sync-level>${level}</D:sync-level>`))).toBe(400)
  })

  it.each(['', '0', '-1', '1.5', 'ten', '99999999999'])('refuses limit "%s" with 400', (limit) => {
    expect(refusalOf(() => read(`<D:limit><D:nresults>${limit}</D:nresults></D:limit>`))).toBe(400)
    expect(refusalOf(() => read('<D:limit/>'))).toBe(400)
  })
})

describe('RFC 4791 §7.9, RFC 6352 §8.7 multiget', () => {
  it('keeps hrefs as sent, without the blanks around them', () => {
    const { request, hrefs } = readMultiget(
      body(
        '<C:calendar-multiget>\n<D:prop><D:getetag/><C:calendar-data/></D:prop>\n<D:href> /a/%41.ics\n</D:href>' +
          '<D:href>http://h/a/b&amp;c.ics</D:href><C:filter/><C:timezone/></C:calendar-multiget>',
      ),
    )
    expect(request.kind === 'prop' && namesOf(request.elements)).toEqual([
      dav('getetag'),
      caldav('calendar-data'),
    ])
    expect(hrefs).toEqual(['/a/%41.ics', 'http://h/a/b&c.ics'])
  })

  it('takes 500 hrefs (TBA-07), and allprop, propname or nothing', () => {
    const many = '<D:href>/x</D:href>'.repeat(500)
    expect(
      readMultiget(body(`<CARD:addressbook-multiget>${many}</CARD:addressbook-multiget>`)).hrefs,
    ).toHaveLength(500)
    expect(readMultiget(body('<C:calendar-multiget/>')).request).toEqual({ kind: 'prop', elements: [] })
    expect(readMultiget(body('<C:calendar-multiget><D:allprop/></C:calendar-multiget>')).request.kind).toBe(
      'allprop',
    )
  })
})

describe('RFC 4791 §9.5 calendar-query', () => {
  const filter = '<C:filter><C:comp-filter name="VCALENDAR"/></C:filter>'

  it('reads properties, filter and time zone in any order (TSD-03)', () => {
    const query = readCalendarQuery(
      body(
        `<C:calendar-query><C:timezone>BEGIN:VCALENDAR&#13;\n</C:timezone>${filter}<D:prop><D:getetag/></D:prop></C:calendar-query>`,
      ),
    )
    expect(query).toMatchObject({
      filter: { name: 'VCALENDAR' },
      timezone: 'BEGIN:VCALENDAR\r\n',
      timezoneId: undefined,
    })
  })

  it('reads a time zone by name (RFC 7809 §5.2), and an empty one for none', () => {
    const query = readCalendarQuery(
      body(
        `<C:calendar-query><C:timezone/><C:timezone-id> Europe/Berlin </C:timezone-id>${filter}</C:calendar-query>`,
      ),
    )
    expect([query.timezone, query.timezoneId]).toEqual([undefined, 'Europe/Berlin'])
  })

  it('refuses a query without a filter', () => {
    expect(refusalOf(() => readCalendarQuery(body('<C:calendar-query><D:prop/></C:calendar-query>')))).toBe(
      'valid-filter',
    )
  })
})

describe('RFC 4791 §9.6 calendar-data', () => {
  const read = (inner: string, attributes = '') =>
    readCalendarData(body(`<C:calendar-data ${attributes}>${inner}</C:calendar-data>`))
  const range = 'start="20260101T000000Z" end="20260201T000000Z"'
  const january = { start: Date.UTC(2026, 0, 1), end: Date.UTC(2026, 1, 1) }

  it('asks for the whole object when it says nothing', () => {
    expect(read('')).toEqual({})
    expect(read('', 'content-type="text/calendar" version="2.0" Content-Type="odd"')).toEqual({})
    expect(read('', 'content-type="Text/Calendar"')).toEqual({})
    expect(read('', 'Content-Type="application/calendar+json"')).toEqual({ isJson: true })
  })

  it.each(['content-type="application/json"', 'Version="1.0"', 'content-type=""'])(
    'refuses %s',
    (attributes) => {
      expect(refusalOf(() => read('', attributes))).toBe('supported-calendar-data')
    },
  )

  it('reads expand and the limits (§9.6.5–9.6.7)', () => {
    expect(read(`<C:expand ${range}/>`)).toEqual({ expand: january })
    expect(read(`<C:limit-recurrence-set ${range}/><C:limit-freebusy-set ${range}/>`)).toEqual({
      limitRecurrenceSet: january,
      limitFreebusySet: january,
    })
  })

  it.each([
    '<C:expand/>',
    '<C:expand start="20260101T000000Z"/>',
    '<C:expand start="20260101" end="20260201"/>',
    '<C:expand start="20260201T000000Z" end="20260101T000000Z"/>',
    `<C:expand ${range}/><C:limit-recurrence-set ${range}/>`,
    '<C:comp/>',
    '<C:comp name="VCALENDAR"><C:prop/></C:comp>',
  ])('refuses %s with 400', (inner) => {
    expect(refusalOf(() => read(inner))).toBe(400)
  })

  it('reads which components and properties are wanted (§9.6.1–9.6.4)', () => {
    const { comp } = read(
      '<C:comp name="vcalendar"><C:prop name="VERSION"/><C:comp name="VEVENT"><C:prop name="SUMMARY" novalue="yes"/>' +
        '<C:prop name="UID" novalue="no"/><C:allcomp/></C:comp><C:comp name="VTIMEZONE"><C:allprop/></C:comp></C:comp>',
    )
    expect(comp).toEqual({
      name: 'VCALENDAR',
      allprop: false,
      props: [{ name: 'VERSION', novalue: false }],
      allcomp: false,
      comps: [
        {
          name: 'VEVENT',
          allprop: false,
          props: [
            { name: 'SUMMARY', novalue: true },
            { name: 'UID', novalue: false },
          ],
          allcomp: true,
          comps: [],
        },
        { name: 'VTIMEZONE', allprop: true, props: [], allcomp: false, comps: [] },
      ],
    })
  })
})

describe('RFC 6352 §10.3 addressbook-query', () => {
  it('reads properties, filter and limit', () => {
    const query = readAddressbookQuery(
      body(
        '<CARD:addressbook-query><D:prop><CARD:address-data/></D:prop><CARD:filter/>' +
          '<CARD:limit><CARD:nresults>5</CARD:nresults></CARD:limit></CARD:addressbook-query>',
      ),
    )
    expect(query.request.kind === 'prop' && namesOf(query.request.elements)).toEqual([
      carddav('address-data'),
    ])
    expect([query.filter, query.limit]).toEqual([{ test: 'anyof', props: [] }, 5])
  })

  it('matches everything without a filter, and refuses a bad limit', () => {
    const read = (inner: string) =>
      readAddressbookQuery(body(`<CARD:addressbook-query>${inner}</CARD:addressbook-query>`))
    expect(read('')).toMatchObject({ filter: { props: [] }, limit: undefined })
    expect(refusalOf(() => read('<CARD:limit><CARD:nresults>0</CARD:nresults></CARD:limit>'))).toBe(400)
  })
})

describe('RFC 6352 §10.4 address-data', () => {
  const read = (inner: string, attributes = '') =>
    readAddressData(body(`<CARD:address-data ${attributes}>${inner}</CARD:address-data>`))

  it('reads type and version in whatever case, odd attributes passed over (VDS-07)', () => {
    expect(read('', 'content-type="text/vCard" version="4.0"')).toEqual({ form: '4.0' })
    expect(read('', 'Content-Type="text/vcard" Version=" 4.0 "')).toEqual({ form: '4.0' })
    expect(read('', 'version="3.0" Version="2.1" kind="x"')).toEqual({ form: '3.0' })
    expect(read('', 'content-type="text/vcard;charset=utf-8;version=4.0"')).toEqual({ form: '4.0' })
    expect(read('', 'content-type="Application/vCard+JSON"')).toEqual({ form: 'jcard' })
    expect(read('', 'content-type="text/vcard" kind="x"')).toEqual({})
  })

  it('reads which properties are wanted; allprop is the whole card (KDE-05)', () => {
    expect(read('<CARD:prop name="fn"/><CARD:prop name="g.UID" novalue="yes"/>').props).toEqual([
      { name: 'FN', novalue: false },
      { name: 'G.UID', novalue: true },
    ])
    expect(read('<CARD:allprop/>')).toEqual({})
    expect(read('<CARD:allprop/><CARD:prop name="FN"/>')).toEqual({})
    expect(refusalOf(() => read('<CARD:prop/>'))).toBe(400)
    expect(refusalOf(() => read('<CARD:prop name="FN" novalue="maybe"/>'))).toBe(400)
  })

  it.each([
    'content-type="text/calendar"',
    'content-type=""',
    'version="2.1"',
    'version=""',
    'version="5.0"',
    'Version="2.1"',
    'content-type="application/vcard+json" version="3.0"',
  ])('refuses %s', (attributes) => {
    expect(refusalOf(() => read('', attributes))).toBe('supported-address-data')
  })
})
