import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodePath, encodePath, encodeSegment, HrefError, readHref } from '../../../protocol/dav/href.ts'

describe('RFC 3986 §2.3 one canonical encoding (MIN-12)', () => {
  it('leaves unreserved characters alone and escapes everything else in upper case', () => {
    expect(encodeSegment('AZaz09-._~')).toBe('AZaz09-._~')
    expect(encodeSegment("a b/c@d:e+f!*'()%;,=&$#?[]")).toBe(
      'a%20b%2Fc%40d%3Ae%2Bf%21%2A%27%28%29%25%3B%2C%3D%26%24%23%3F%5B%5D',
    )
    expect(encodeSegment('é日😀\u007f\n')).toBe('%C3%A9%E6%97%A5%F0%9F%98%80%7F%0A')
  })

  it('writes paths with a slash at the end for collections (MIN-10)', () => {
    expect(encodePath(['dav', 'a b'], true)).toBe('/dav/a%20b/')
    expect(encodePath(['dav', 'x.ics'], false)).toBe('/dav/x.ics')
    expect(encodePath([], false)).toBe('/')
  })

  it('refuses half a surrogate pair', () => {
    expect(() => encodeSegment('\ud800')).toThrow(HrefError)
  })
})

describe('RFC 3986 §2.1 paths decoded once (MIN-13, VDS-03)', () => {
  it.each([
    ['/', []],
    ['/dav/calendars/', ['dav', 'calendars']],
    ['/dav/calendars', ['dav', 'calendars']],
    ['//dav///calendars//', ['dav', 'calendars']],
    ['/a%20b/a+b', ['a b', 'a+b']],
    ['/a%2520b', ['a%20b']],
    ['/%41%2d%2D%7e', ['A--~']],
    ['/user%40example.org/x%3Ay', ['user@example.org', 'x:y']],
    ['/...', ['...']],
  ])('%s', (path, segments) => {
    expect(decodePath(path)).toEqual(segments)
  })

  it('takes unescaped characters of Apple clients, as octets or text (IOS-18)', () => {
    expect(decodePath('/My Calendar/{x}|y')).toEqual(['My Calendar', '{x}|y'])
    expect(decodePath(Buffer.from('/Büro/日本').toString('latin1'))).toEqual(['Büro', '日本'])
    expect(decodePath('/B\u00fcro')).toEqual(['Büro'])
    expect(decodePath('/日本%20x')).toEqual(['日本 x'])
  })

  it.each([
    '/a%',
    '/a%2',
    '/a%zz',
    '/%E9',
    '/%ff%fe',
    '/a%00',
    '/a\0',
    '/a%2Fb',
    '/a%2fb',
    '/../x',
    '/%2e%2E/x',
    '/./x',
    '/\ud800',
  ])('refuses %s', (path) => {
    expect(() => decodePath(path)).toThrow(HrefError)
  })

  it('gives back every name that can be one', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(name, { maxLength: 5 }), (names) => {
        const kept = names.filter((one) => !/[/\0]|\p{Surrogate}/u.test(one) && one !== '.' && one !== '..')
        const path = encodePath(kept, true)
        expect(path).toMatch(/^\/(?:[A-Za-z0-9._~/-]|%[0-9A-F]{2})*$/)
        expect(decodePath(path)).toEqual(kept)
        expect(readHref(path)).toEqual(kept)
        expect(readHref(`https://example.org:8443${path}?x#y`)).toEqual(kept)
      }),
      { numRuns: 500, seed: 1 },
    )
  })

  it('throws nothing but its own error', () => {
    const part = fc.constantFrom(
      '/',
      '%',
      '%2',
      '%41',
      '%C3',
      '\u00c3',
      '\u00a9',
      'é',
      '日',
      '.',
      '..',
      '\ud83d',
      '\0',
      ':',
      'http://',
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        for (const read of [decodePath, readHref]) {
          try {
            for (const segment of read(parts.join(''))) encodeSegment(segment)
          } catch (error) {
            expect(error).toBeInstanceOf(HrefError)
          }
        }
      }),
      { numRuns: 3000, seed: 2 },
    )
  })
})

describe('RFC 4918 §8.3 hrefs in bodies (MIN-13, TBC-06)', () => {
  it.each([
    '/dav/a@b/',
    '/dav/a%40b',
    ' /dav/a@b/\n',
    'https://example.org/dav/a@b/',
    'http://user:pw@other:8080/dav/a%40b',
    '/dav/a@b?q=1#f',
  ])('%s', (href) => {
    expect(readHref(href)).toEqual(['dav', 'a@b'])
  })

  it('reads characters as text, never as octets', () => {
    expect(readHref('/Ã©')).toEqual(['Ã©'])
    expect(readHref('/%C3%A9')).toEqual(['é'])
  })

  it('judges by the path unless a host is asked for', () => {
    expect(readHref('https://EXAMPLE.org/x', { host: 'example.org' })).toEqual(['x'])
    expect(readHref('/x', { host: 'example.org' })).toEqual(['x'])
    expect(() => readHref('https://other/x', { host: 'example.org' })).toThrow(HrefError)
    expect(readHref('https://example.org')).toEqual([])
  })

  it.each(['', 'x.ics', './x', 'mailto:a@b', 'urn:uuid:1'])('refuses "%s"', (href) => {
    expect(() => readHref(href)).toThrow(HrefError)
  })
})
