import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  matchesIf,
  matchesIfMatch,
  matchesIfNoneMatch,
  readEtagCondition,
  readIfHeader,
} from '../../../protocol/dav/conditions.ts'
import {
  readContentType,
  readDepth,
  readDestination,
  readOverwrite,
  readPrefer,
} from '../../../protocol/dav/headers.ts'
import { refusalOf } from './refusals.ts'

const statusOf = (act: () => unknown) => refusalOf(act) ?? 200

describe('RFC 4918 §10.2 Depth', () => {
  it('reads its three values and its absence', () => {
    expect([undefined, '0', ' 1 ', 'Infinity'].map(readDepth)).toEqual([undefined, 0, 1, 'infinity'])
  })

  it.each(['', '2', '-1', '1,noroot', 'all'])('refuses "%s" with 400', (value) => {
    expect(statusOf(() => readDepth(value))).toBe(400)
  })
})

describe('RFC 4918 §10.3, §10.6 Destination and Overwrite (MIN-38)', () => {
  it('takes a path or a full URL', () => {
    expect(readDestination('/dav/a/b%20c.ics')).toEqual(['dav', 'a', 'b c.ics'])
    expect(readDestination('http://localhost:8080/dav/a/')).toEqual(['dav', 'a'])
  })

  it.each([undefined, '', 'x', '/a%', '/a%2Fb'])('refuses %s with 400', (value) => {
    expect(statusOf(() => readDestination(value))).toBe(400)
  })

  it('overwrites unless told not to', () => {
    expect([undefined, 'T', 't', 'F', ' f '].map(readOverwrite)).toEqual([true, true, true, false, false])
    expect(statusOf(() => readOverwrite('no'))).toBe(400)
  })
})

describe('RFC 7240 §2 Prefer', () => {
  it.each([
    ['return=minimal', { minimal: true }],
    ['return-minimal', { minimal: true }],
    ['Return="minimal"; foo=bar', { minimal: true }],
    ['return = minimal', { minimal: true }],
    ['respond-async, return=representation', { representation: true }],
    ['return=minimal, return=representation', { minimal: true }],
    ['depth-noroot, return=minimal', { minimal: true, depthNoroot: true }],
    ['handling=lenient, wait=10', {}],
    ['foo="a, return=minimal", depth-noroot', { depthNoroot: true }],
    ['foo="a\\", return=minimal", return=representation', { representation: true }],
    ['foo="a, return=minimal', {}],
    ['', {}],
  ])('%s', (prefer, expected) => {
    expect(readPrefer({ prefer })).toEqual({
      minimal: false,
      representation: false,
      depthNoroot: false,
      ...expected,
    })
  })

  it('reads Brief, several headers, and none (IOS-17)', () => {
    expect(readPrefer({ brief: 't' }).minimal).toBe(true)
    expect(readPrefer({ brief: 'f' }).minimal).toBe(false)
    expect(readPrefer({ brief: 't', prefer: 'return=representation' }).minimal).toBe(false)
    expect(readPrefer({ prefer: ['depth-noroot', 'return=minimal'] })).toMatchObject({
      minimal: true,
      depthNoroot: true,
    })
    expect(readPrefer({})).toEqual({ minimal: false, representation: false, depthNoroot: false })
  })
})

describe('RFC 9110 §8.3 Content-Type', () => {
  it.each([
    ['text/calendar; charset=UTF-8', { type: 'text/calendar', charset: 'utf-8', version: undefined }],
    ['Text/VCard;version=4.0', { type: 'text/vcard', charset: undefined, version: '4.0' }],
    ['text/vcard ; charset="utf-8"; Version="3.0"', { type: 'text/vcard', charset: 'utf-8', version: '3.0' }],
    [
      'text/calendar;component=VEVENT;charset=utf-8;',
      { type: 'text/calendar', charset: 'utf-8', version: undefined },
    ],
    ['application/xml', { type: 'application/xml', charset: undefined, version: undefined }],
  ])('%s', (header, expected) => {
    expect(readContentType(header)).toEqual(expected)
  })

  it.each([undefined, '', 'text', ';charset=utf-8', 'text/'])('knows no type in %s', (header) => {
    expect(readContentType(header)).toBeUndefined()
  })
})

describe('RFC 9110 §13.1.1 If-Match (MIN-31)', () => {
  it.each([
    [undefined, true],
    ['"a"', true],
    ['"b", "a"', true],
    ['"b","a","c"', true],
    ['*', true],
    ['a', true],
    ['b, a', true],
    ['"a-gzip"', true],
    ['"a--gzip"', true],
    ['"a;br"', true],
    ['"b"', false],
    ['W/"a"', false],
    ['"aa"', false],
    ['', false],
    [',', false],
  ])('%s against "a" is %s', (header, expected) => {
    expect(matchesIfMatch(header, '"a"')).toBe(expected)
  })

  it('fails where there is no resource', () => {
    expect(matchesIfMatch('*', undefined)).toBe(false)
    expect(matchesIfMatch('"a"', undefined)).toBe(false)
    expect(matchesIfMatch(undefined, undefined)).toBe(true)
  })

  it('reads lists, weak tags and commas inside tags', () => {
    expect(readEtagCondition('W/"a,b" , "c",,d')).toEqual([
      { weak: true, value: '"a,b"' },
      { weak: false, value: '"c"' },
      { weak: false, value: '"d"' },
    ])
    expect(readEtagCondition(' * ')).toBe('*')
  })
})

describe('RFC 9110 §13.1.2 If-None-Match', () => {
  it.each([
    [undefined, true],
    ['"b"', true],
    ['"a"', false],
    ['W/"a"', false],
    ['"b", "a"', false],
    ['*', false],
    ['a', false],
  ])('%s against "a" is %s', (header, expected) => {
    expect(matchesIfNoneMatch(header, '"a"')).toBe(expected)
  })

  it('holds where there is no resource', () => {
    expect(matchesIfNoneMatch('*', undefined)).toBe(true)
    expect(matchesIfNoneMatch('"a"', undefined)).toBe(true)
  })
})

describe('RFC 4918 §10.4 If', () => {
  const strong = (value: string) => ({ weak: false, value })

  it('reads lists without resources', () => {
    expect(readIfHeader('(<urn:uuid:1> ["I am an ETag"]) (["I am another ETag"])')).toEqual([
      {
        resource: undefined,
        conditions: [
          { kind: 'token', not: false, token: 'urn:uuid:1' },
          { kind: 'etag', not: false, etag: strong('"I am an ETag"') },
        ],
      },
      {
        resource: undefined,
        conditions: [{ kind: 'etag', not: false, etag: strong('"I am another ETag"') }],
      },
    ])
  })

  it('reads lists with resources, absolute URLs too (MRD-08)', () => {
    expect(readIfHeader('<http://www.example.com/r> (<urn:1>) (Not <DAV:no-lock>) </s> ([W/"w()"])')).toEqual(
      [
        { resource: 'http://www.example.com/r', conditions: [{ kind: 'token', not: false, token: 'urn:1' }] },
        {
          resource: 'http://www.example.com/r',
          conditions: [{ kind: 'token', not: true, token: 'DAV:no-lock' }],
        },
        { resource: '/s', conditions: [{ kind: 'etag', not: false, etag: { weak: true, value: '"w()"' } }] },
      ],
    )
    expect(readIfHeader('(NOT<urn:1>not["a"])')[0]?.conditions.map(({ not }) => not)).toEqual([true, true])
  })

  it.each([
    '',
    ' ',
    '()',
    '(',
    '(<a>',
    '<a>',
    '</a> </b> (<c>)',
    '(<a>) </b> (<c>)',
    '</b> (<c>) </d>',
    '(a)',
    '(["a)',
    '([a])',
    '(Not)',
    '(<a>) x',
    '(<>)',
  ])('refuses "%s" with 400', (header) => {
    expect(statusOf(() => readIfHeader(header))).toBe(400)
  })

  it('holds when one list holds; a sync-token is a state token (RFC 6578 §5)', () => {
    const state = { etag: '"e"', tokens: ['urn:farley:sync:x:1.5'] }
    const holds = (header: string) => matchesIf(readIfHeader(header), () => state)
    expect(holds('(<urn:farley:sync:x:1.5>)')).toBe(true)
    expect(holds('(<urn:farley:sync:x:1.4>)')).toBe(false)
    expect(holds('(<urn:no>) (["e"])')).toBe(true)
    expect(holds('(<urn:no> ["e"])')).toBe(false)
    expect(holds('(Not <urn:no> ["e"])')).toBe(true)
    expect(holds('([W/"e"])')).toBe(false)
  })

  it('asks for the state of the resource named', () => {
    const lists = readIfHeader('</a> (["1"]) </b> (["2"])')
    expect(
      matchesIf(lists, (resource) => ({ etag: resource === '/b' ? '"2"' : undefined, tokens: [] })),
    ).toBe(true)
    expect(matchesIf(lists, () => ({ etag: undefined, tokens: [] }))).toBe(false)
  })
})

describe('header rubbish', () => {
  it('is refused with 400 or passed over, never thrown through', () => {
    const piece = fc.constantFrom(
      '(',
      ')',
      '<',
      '>',
      '[',
      ']',
      '"',
      'W/',
      'Not ',
      'a',
      ',',
      ';',
      '=',
      ' ',
      '*',
      '%',
      '/',
      'return',
      '\u00e9',
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const header = pieces.join('')
        for (const read of [readDepth, readDestination, readOverwrite, readIfHeader]) {
          expect([200, 400]).toContain(statusOf(() => read(header)))
        }
        readPrefer({ prefer: header, brief: header })
        readContentType(header)
        matchesIfMatch(header, '"a"')
        matchesIfNoneMatch(header, '"a"')
      }),
      { numRuns: 2000, seed: 1 },
    )
  })

  it('costs no more than its length', () => {
    const started = performance.now()
    for (const header of [
      '('.repeat(16_000),
      '"'.repeat(16_001),
      `(${'<'.repeat(16_000)}`,
      `(${'Not '.repeat(4000)})`,
      `${' '.repeat(16_000)}x`,
      `a/b${'; '.repeat(8000)}`,
    ]) {
      statusOf(() => readIfHeader(header))
      readEtagCondition(header)
      readContentType(header)
      readPrefer({ prefer: header })
    }
    expect(performance.now() - started).toBeLessThan(3000)
  })
})
