import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../../protocol/dav/names.ts'
import {
  asRequest,
  readExpandProperty,
  readPrincipalMatch,
  readPrincipalPropertySearch,
  readPrincipalSearch,
} from '../../../protocol/dav/principal-reports.ts'
import { refusalOf } from './refusals.ts'
import { body } from './xml.ts'

describe('RFC 3253 §3.8 expand-property', () => {
  it('reads names, namespaces and what is inside', () => {
    const inner = '<D:property name="displayname"/><D:property name="y" namespace=""/>'
    const xml = `<D:expand-property><D:property name="x" namespace="urn:x">${inner}</D:property></D:expand-property>`
    expect(readExpandProperty(body(xml))).toEqual([
      {
        name: '{urn:x}x',
        inner: [
          { name: dav('displayname'), inner: [] },
          { name: 'y', inner: [] },
        ],
      },
    ])
  })

  it.each(['', ' name=""', ' name="a b"', ' name="a/&gt;"', ' name="1a"'])('refuses a property%s', (name) => {
    const xml = `<D:expand-property><D:property${name}/></D:expand-property>`
    expect(refusalOf(() => readExpandProperty(body(xml)))).toBe(400)
  })

  it('asks for each name once', () => {
    const twice = [dav('a'), dav('a'), dav('b')].map((name) => ({ name, inner: [] }))
    const request = asRequest(twice)
    expect(request.kind === 'prop' && request.elements.map(({ name }) => name)).toEqual([dav('a'), dav('b')])
  })
})

describe('RFC 3744 §9.4 principal-property-search', () => {
  it('reads the searches, and CalendarServer’s attributes', () => {
    const search =
      '<D:property-search><D:prop><D:displayname/><C:calendar-user-type/></D:prop><D:match caseless="no" match-type="Starts-With"> a </D:match></D:property-search>'
    const rest = '<D:apply-to-principal-collection-set/><CS:limit><CS:nresults>7</CS:nresults></CS:limit>'
    const xml = `<D:principal-property-search test="anyof" type="room">${search}${rest}</D:principal-property-search>`
    expect(readPrincipalPropertySearch(body(xml))).toEqual({
      searches: [
        {
          names: [dav('displayname'), caldav('calendar-user-type')],
          match: { value: ' a ', collation: 'i;octet', negate: false, match: 'starts-with' },
        },
      ],
      test: 'anyof',
      type: 'ROOM',
      isOfCollections: true,
      limit: 7,
      request: { kind: 'prop', elements: [] },
    })
  })
})

describe('CalendarServer’s principal search', () => {
  it('reads the tokens without the empty ones', () => {
    const xml =
      '<CS:calendarserver-principal-search context="attendee"><CS:search-token> a </CS:search-token><CS:search-token/></CS:calendarserver-principal-search>'
    expect(readPrincipalSearch(body(xml))).toMatchObject({
      tokens: ['a'],
      context: 'attendee',
      limit: undefined,
    })
  })
})

describe('RFC 3744 §9.3 principal-match', () => {
  it('is about the caller himself, or a property that names him', () => {
    const read = (inner: string) =>
      readPrincipalMatch(body(`<D:principal-match>${inner}</D:principal-match>`))
    expect(read('<D:self/>').property).toBeUndefined()
    expect(read('<D:principal-property><D:owner/></D:principal-property>').property).toBe(dav('owner'))
    expect(refusalOf(() => read(''))).toBe(400)
  })
})
