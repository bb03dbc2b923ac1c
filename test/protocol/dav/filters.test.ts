import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readAddressFilter, readCalendarFilter } from '../../../protocol/dav/filters.ts'
import { refusalOf } from './refusals.ts'
import { body } from './xml.ts'

const calendar = (inner: string) => readCalendarFilter(body(`<C:filter>${inner}</C:filter>`))
const events = (inner: string) =>
  calendar(
    `<C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT">${inner}</C:comp-filter></C:comp-filter>`,
  )
const event = (inner: string) => events(inner).comps[0]
const cards = (inner: string, attributes = '') =>
  readAddressFilter(body(`<CARD:filter ${attributes}>${inner}</CARD:filter>`))

describe('RFC 4791 §9.7 calendar filters', () => {
  it('reads the nesting, names in upper case', () => {
    expect(calendar('<C:comp-filter name="vcalendar"/>')).toEqual({
      name: 'VCALENDAR',
      isNotDefined: false,
      props: [],
      comps: [],
      test: 'allof',
    })
    const alarms = event('<C:comp-filter name="VALARM" test="anyof"><C:is-not-defined/></C:comp-filter>')
    expect(alarms?.comps).toEqual([
      { name: 'VALARM', isNotDefined: true, props: [], comps: [], test: 'anyof' },
    ])
  })

  it('reads property and parameter filters (§9.7.2–9.7.3)', () => {
    expect(
      event(
        '<C:prop-filter name="attendee"><C:text-match collation="i;octet">mailto:A</C:text-match>' +
          '<C:param-filter name="partstat"><C:text-match negate-condition="yes" match-type="equals">NEEDS-ACTION</C:text-match>' +
          '</C:param-filter><C:param-filter name="X"><C:is-not-defined/></C:param-filter></C:prop-filter>',
      )?.props,
    ).toEqual([
      {
        name: 'ATTENDEE',
        isNotDefined: false,
        textMatch: { value: 'mailto:A', collation: 'i;octet', negate: false, match: 'contains' },
        params: [
          {
            name: 'PARTSTAT',
            isNotDefined: false,
            textMatch: { value: 'NEEDS-ACTION', collation: 'i;ascii-casemap', negate: true, match: 'equals' },
          },
          { name: 'X', isNotDefined: true },
        ],
        test: 'allof',
      },
    ])
  })

  it('keeps the blanks of a text, and reads an empty one (§9.7.5)', () => {
    const value = (text: string) =>
      event(`<C:prop-filter name="X"><C:text-match>${text}</C:text-match></C:prop-filter>`)?.props[0]
        ?.textMatch?.value
    expect([value(' a '), value('')]).toEqual([' a ', ''])
  })

  it('passes over elements of other namespaces (RFC 4918 §17)', () => {
    expect(event('<x xmlns="urn:x"/><D:y/>')).toMatchObject({ name: 'VEVENT', props: [] })
  })

  it('knows three collations, and default (§7.5.1)', () => {
    const collation = (name: string) =>
      event(`<C:prop-filter name="X"><C:text-match collation="${name}">a</C:text-match></C:prop-filter>`)
        ?.props[0]?.textMatch?.collation
    expect(['default', 'i;octet', 'i;unicode-casemap'].map(collation)).toEqual([
      'i;ascii-casemap',
      'i;octet',
      'i;unicode-casemap',
    ])
    expect(refusalOf(() => collation('i;klingon'))).toBe('caldav:supported-collation')
    expect(refusalOf(() => collation('i;*'))).toBe('caldav:supported-collation')
  })

  it.each([
    '',
    '<C:comp-filter name="VEVENT"/>',
    '<C:comp-filter/>',
    '<C:comp-filter name=" "/>',
    '<C:comp-filter name="VCALENDAR"/><C:comp-filter name="VCALENDAR"/>',
    '<C:prop-filter name="UID"/>',
    '<C:text-match>a</C:text-match>',
    '<C:comp-filter name="VCALENDAR"><C:time-range start="20260101T000000Z"/></C:comp-filter>',
    '<C:comp-filter name="VCALENDAR"><C:text-match>a</C:text-match></C:comp-filter>',
    '<C:comp-filter name="VCALENDAR" test="noneof"/>',
  ])('refuses the filter %s', (inner) => {
    expect(refusalOf(() => calendar(inner))).toBe('valid-filter')
  })

  it.each([
    '<C:is-not-defined/><C:time-range start="20260101T000000Z"/>',
    '<C:is-not-defined/><C:is-not-defined/>',
    '<C:time-range start="20260101T000000Z"/><C:time-range start="20260101T000000Z"/>',
    '<C:prop-filter/>',
    '<C:prop-filter name="X"><C:comp-filter name="Y"/></C:prop-filter>',
    '<C:prop-filter name="X"><C:text-match>a</C:text-match><C:text-match>b</C:text-match></C:prop-filter>',
    '<C:prop-filter name="X"><C:text-match>a</C:text-match><C:time-range start="20260101T000000Z"/></C:prop-filter>',
    '<C:prop-filter name="X"><C:is-not-defined/><C:text-match>a</C:text-match></C:prop-filter>',
    '<C:prop-filter name="X"><C:text-match negate-condition="maybe">a</C:text-match></C:prop-filter>',
    '<C:prop-filter name="X"><C:text-match match-type="like">a</C:text-match></C:prop-filter>',
    '<C:prop-filter name="X"><C:param-filter/></C:prop-filter>',
    '<C:prop-filter name="X"><C:param-filter name="Y"><C:time-range start="20260101T000000Z"/></C:param-filter></C:prop-filter>',
  ])('refuses the conditions %s', (inner) => {
    expect(refusalOf(() => event(inner))).toBe('valid-filter')
  })
})

describe('RFC 4791 §9.9 time ranges', () => {
  const range = (attributes: string) => event(`<C:time-range ${attributes}/>`)?.timeRange

  it('reads UTC date-times, either end open', () => {
    expect(range('start="20260315T123456Z" end="20260316T000000Z"')).toEqual({
      start: Date.UTC(2026, 2, 15, 12, 34, 56),
      end: Date.UTC(2026, 2, 16),
    })
    expect(range('start="20240229T000000Z"')).toEqual({ start: Date.UTC(2024, 1, 29), end: undefined })
    expect(range('end="00010101T000000Z"')).toEqual({
      start: undefined,
      end: Date.parse('0001-01-01T00:00:00Z'),
    })
    expect(range('end="99991231T235959Z"')?.end).toBe(Date.UTC(9999, 11, 31, 23, 59, 59))
  })

  it.each([
    '',
    'start=""',
    'start="20260101"',
    'start="20260101T000000"',
    'start="2026-01-01T00:00:00Z"',
    'start="20260230T000000Z"',
    'start="20250229T000000Z"',
    'start="20261301T000000Z"',
    'start="20260001T000000Z"',
    'start="20260100T000000Z"',
    'start="20260101T240000Z"',
    'start="20260101T006000Z"',
    'start="20260101T000061Z"',
    'start="20260102T000000Z" end="20260101T000000Z"',
    'start="20260101T000000Z" end="20260101T000000Z"',
    'start="20260101T000000Z" end="x"',
  ])('refuses %s', (attributes) => {
    expect(refusalOf(() => range(attributes))).toBe('valid-filter')
  })
})

describe('RFC 6352 §10.5 address book filters', () => {
  it('reads tests, texts and parameters; any of them unless told otherwise', () => {
    expect(
      cards(
        '<CARD:prop-filter name="email" test="allof"><CARD:text-match match-type="ends-with">@b.c</CARD:text-match>' +
          '<CARD:text-match negate-condition="yes" collation="i;ascii-casemap">a</CARD:text-match>' +
          '<CARD:param-filter name="type"><CARD:text-match>work</CARD:text-match></CARD:param-filter></CARD:prop-filter>' +
          '<CARD:prop-filter name="item1.X-ABDATE"><CARD:is-not-defined/></CARD:prop-filter>',
        'test="allof"',
      ),
    ).toEqual({
      test: 'allof',
      props: [
        {
          name: 'EMAIL',
          isNotDefined: false,
          test: 'allof',
          textMatches: [
            { value: '@b.c', collation: 'i;unicode-casemap', negate: false, match: 'ends-with' },
            { value: 'a', collation: 'i;ascii-casemap', negate: true, match: 'contains' },
          ],
          params: [
            {
              name: 'TYPE',
              isNotDefined: false,
              textMatch: { value: 'work', collation: 'i;unicode-casemap', negate: false, match: 'contains' },
            },
          ],
        },
        { name: 'X-ABDATE', group: 'item1', isNotDefined: true, test: 'anyof', textMatches: [], params: [] },
      ],
    })
    expect(cards('<CARD:prop-filter name="FN"/>').test).toBe('anyof')
  })

  it.each([
    '<CARD:prop-filter/>',
    '<CARD:prop-filter name="item1."/>',
    '<CARD:prop-filter name=".FN"/>',
    '<CARD:prop-filter name="FN" test="some"/>',
    '<CARD:prop-filter name="FN"><CARD:is-not-defined/><CARD:text-match>a</CARD:text-match></CARD:prop-filter>',
    '<CARD:prop-filter name="FN"><CARD:text-match match-type="like">a</CARD:text-match></CARD:prop-filter>',
    '<CARD:prop-filter name="FN"><CARD:param-filter name="A"><CARD:text-match>a</CARD:text-match><CARD:text-match>b</CARD:text-match></CARD:param-filter></CARD:prop-filter>',
    '<CARD:comp-filter name="VCARD"/>',
    '<CARD:text-match>a</CARD:text-match>',
  ])('refuses %s', (inner) => {
    expect(refusalOf(() => cards(inner))).toBe('carddav:supported-filter')
  })

  it('refuses an unknown collation (§8.3.1)', () => {
    const inner =
      '<CARD:prop-filter name="FN"><CARD:text-match collation="i;x">a</CARD:text-match></CARD:prop-filter>'
    expect(refusalOf(() => cards(inner))).toBe('carddav:supported-collation')
  })
})

describe('filters of rubbish', () => {
  it('are refused by name, never thrown through', () => {
    const { node } = fc.letrec<{ node: string }>((tie) => ({
      node: fc
        .tuple(
          fc.constantFrom(
            'filter',
            'comp-filter',
            'prop-filter',
            'param-filter',
            'text-match',
            'time-range',
            'is-not-defined',
          ),
          fc.constantFrom(
            '',
            'name="VCALENDAR"',
            'name="VEVENT"',
            'test="anyof"',
            'start="20260101T000000Z"',
            'collation="x"',
            'end="1"',
          ),
          fc.array(fc.oneof({ maxDepth: 4 }, fc.constant('text'), tie('node')), { maxLength: 3 }),
        )
        .map(([name, attributes, inner]) => `<C:${name} ${attributes}>${inner.join('')}</C:${name}>`),
    }))
    fc.assert(
      fc.property(node, (text) => {
        const inCalendar = refusalOf(() => calendar(text))
        expect([undefined, 'valid-filter', 'caldav:supported-collation']).toContain(inCalendar)
        const inBook = refusalOf(() => cards(text.replaceAll('C:', 'CARD:')))
        expect([undefined, 'carddav:supported-filter', 'carddav:supported-collation']).toContain(inBook)
      }),
      { numRuns: 500, seed: 1 },
    )
  })
})
