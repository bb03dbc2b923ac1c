import { describe, expect, it } from 'vitest'
import {
  lockDiscovery,
  readLockDepth,
  readLockInfo,
  readLockToken,
  readTimeout,
  supportedLock,
} from '../../../protocol/dav/lock.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { child, elements, textOf } from '../../../protocol/dav/xml-read.ts'
import { refusalOf } from './refusals.ts'
import { body, xml } from './xml.ts'

const write = '<D:locktype><D:write/></D:locktype>'
const exclusive = '<D:lockscope><D:exclusive/></D:lockscope>'

describe('RFC 4918 §14.11 the body of a LOCK', () => {
  it.each(['exclusive', 'shared'] as const)('asks for a lock that is %s', (scope) => {
    const lockscope = `<D:lockscope>\n<D:${scope}/></D:lockscope>`
    const root = body(`<D:lockinfo>${lockscope}\n${write}<x xmlns="urn:x"/></D:lockinfo>`)
    expect(readLockInfo(root)).toEqual({ scope, owner: undefined })
  })

  it('keeps the owner as it was sent, to be read by itself (§14.17)', () => {
    const sent =
      '<D:owner xml:lang="de" xmlns:E="urn:e"> Ümit &amp; <E:mail at="1">x</E:mail><D:href>http://a/</D:href></D:owner>'
    const { owner = '' } = readLockInfo(body(`<D:lockinfo>${exclusive}${write}${sent}</D:lockinfo>`))
    expect(xml(owner)).toEqual(body(sent))
    expect(readLockInfo(body(`<D:lockinfo>${exclusive}${write}<D:owner/></D:lockinfo>`)).owner).toContain(
      'owner',
    )
  })

  it.each([
    '<D:propfind/>',
    '<D:lockinfo/>',
    `<D:lockinfo>${exclusive}</D:lockinfo>`,
    `<D:lockinfo>${write}</D:lockinfo>`,
    `<D:lockinfo>${write}<D:lockscope/></D:lockinfo>`,
    `<D:lockinfo>${write}<D:lockscope><D:exclusive/><D:shared/></D:lockscope></D:lockinfo>`,
    `<D:lockinfo>${write}<D:lockscope><D:secret/></D:lockscope></D:lockinfo>`,
    `<D:lockinfo>${exclusive}<D:locktype><D:read/></D:locktype></D:lockinfo>`,
  ])('refuses %s with 400', (text) => {
    expect(refusalOf(() => readLockInfo(body(text)))).toBe(400)
  })
})

describe('RFC 4918 §9.10.3 the Depth of a lock', () => {
  it('is infinity unless it is 0', () => {
    expect(readLockDepth(undefined)).toBe('infinity')
    expect(readLockDepth('Infinity')).toBe('infinity')
    expect(readLockDepth('0')).toBe(0)
    expect(refusalOf(() => readLockDepth('1'))).toBe(400)
    expect(refusalOf(() => readLockDepth('2'))).toBe(400)
  })
})

describe('RFC 4918 §10.7 the Timeout header', () => {
  it.each([
    ['Second-600', 600],
    ['second-0', 0],
    ['Infinite, Second-4100000000', Number.POSITIVE_INFINITY],
    ['Extend, Second-60, Infinite', 60],
    [' Second-4100000000 ', 4_100_000_000],
    ['Second-99999999999', undefined],
    ['Second-', undefined],
    ['600', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (header, seconds) => {
    expect(readTimeout(header)).toBe(seconds)
  })
})

describe('RFC 4918 §10.5 the Lock-Token header', () => {
  it('names one token, with or without its brackets (MRD-05)', () => {
    expect(readLockToken('<urn:uuid:a-b>')).toBe('urn:uuid:a-b')
    expect(readLockToken(' < urn:uuid:a-b > ')).toBe('urn:uuid:a-b')
    expect(readLockToken('opaquelocktoken:a')).toBe('opaquelocktoken:a')
  })

  it.each([undefined, '', '<>', '<a', 'a>', '<a> <b>', 'a b'])('refuses %s with 400', (header) => {
    expect(refusalOf(() => readLockToken(header))).toBe(400)
  })
})

describe('RFC 4918 §15.8 lockdiscovery', () => {
  const lock = {
    token: 'urn:uuid:1&2',
    scope: 'shared',
    depth: 'infinity',
    owner: '<d:owner xmlns:d="DAV:">me</d:owner>',
    seconds: 42,
    root: '/dav/a/',
  } as const

  it('says of each lock its scope, depth, owner, time, token and root', () => {
    const { owner, ...bare } = lock
    const value = xml(
      `<p xmlns:d="DAV:">${lockDiscovery([lock, { ...bare, owner: undefined, depth: 0 }])}</p>`,
    )
    const [first, second] = elements(value)
    const texts = (parent = value) =>
      elements(parent).map((node) => [node.name, elements(node)[0]?.name, textOf(node)])
    expect(texts(first)).toEqual([
      [dav('lockscope'), dav('shared'), ''],
      [dav('locktype'), dav('write'), ''],
      [dav('depth'), undefined, 'infinity'],
      [dav('owner'), undefined, 'me'],
      [dav('timeout'), undefined, 'Second-42'],
      [dav('locktoken'), dav('href'), 'urn:uuid:1&2'],
      [dav('lockroot'), dav('href'), '/dav/a/'],
    ])
    expect(second && child(second, dav('owner'))).toBeUndefined()
    expect(second && textOf(second)).toContain('0Second-42')
  })

  it('§15.10 supportedlock offers both scopes of a write lock', () => {
    const entries = elements(xml(`<p xmlns:d="DAV:">${supportedLock}</p>`))
    expect(
      entries.map((entry) =>
        elements(entry)
          .flatMap(elements)
          .map(({ name }) => name),
      ),
    ).toEqual([
      [dav('exclusive'), dav('write')],
      [dav('shared'), dav('write')],
    ])
  })
})
