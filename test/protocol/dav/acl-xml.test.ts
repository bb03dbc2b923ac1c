import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { aclElements, type NamedPrincipal, readAcl, type ShownAce } from '../../../protocol/dav/acl-xml.ts'
import { caldav, dav } from '../../../protocol/dav/names.ts'
import { privilegeSet, readPrivileges } from '../../../protocol/dav/privileges.ts'
import { refusalOf } from './refusals.ts'
import { body } from './xml.ts'

const ace = (inner: string) => readAcl(body(`<D:acl><D:ace>${inner}</D:ace></D:acl>`))[0]
const grantRead = '<D:grant><D:privilege><D:read/></D:privilege></D:grant>'

describe('RFC 3744 §8.1 the body of an ACL request', () => {
  it('names principals by href, by property, and as kinds of people', () => {
    const principalOf = (inner: string) => ace(`<D:principal>${inner}</D:principal>${grantRead}`)?.principal
    expect(principalOf(' <D:href> /dav/principals/a/ </D:href>\n')).toEqual({
      kind: 'href',
      href: '/dav/principals/a/',
    })
    expect(principalOf('<D:property><D:owner/></D:property>')).toEqual({
      kind: 'property',
      name: dav('owner'),
    })
    for (const kind of ['all', 'authenticated', 'unauthenticated', 'self'])
      expect(principalOf(`<D:${kind}/>`)).toEqual({ kind })
  })

  it('tells what is granted, denied, inverted, protected and inherited', () => {
    const privileges =
      '<D:privilege><D:read/></D:privilege><D:privilege><C:read-free-busy/></D:privilege><D:privilege><x/></D:privilege>'
    expect(ace(`<D:principal><D:all/></D:principal><D:deny>${privileges}</D:deny>`)).toEqual({
      principal: { kind: 'all' },
      isInverted: false,
      grant: false,
      privileges: [dav('read'), caldav('read-free-busy'), 'x'],
      isProtected: false,
      inheritedFrom: undefined,
    })
    const rest = `${grantRead}<D:protected/><D:inherited><D:href>/a/</D:href></D:inherited>`
    expect(ace(`<D:invert><D:principal><D:self/></D:principal></D:invert>${rest}`)).toMatchObject({
      isInverted: true,
      isProtected: true,
      inheritedFrom: '/a/',
      grant: true,
    })
  })

  it('may hold no entry at all', () => {
    expect(readAcl(body('<D:acl/>'))).toEqual([])
  })

  it.each([
    ['another root', '<D:ace/>'],
    ['no principal', `<D:acl><D:ace>${grantRead}</D:ace></D:acl>`],
    ['an empty principal', `<D:acl><D:ace><D:principal/>${grantRead}</D:ace></D:acl>`],
    [
      'two principals',
      `<D:acl><D:ace><D:principal><D:all/><D:self/></D:principal>${grantRead}</D:ace></D:acl>`,
    ],
    ['an unknown one', `<D:acl><D:ace><D:principal><D:any/></D:principal>${grantRead}</D:ace></D:acl>`],
    [
      'an empty property',
      `<D:acl><D:ace><D:principal><D:property/></D:principal>${grantRead}</D:ace></D:acl>`,
    ],
    ['neither grant nor deny', '<D:acl><D:ace><D:principal><D:all/></D:principal></D:ace></D:acl>'],
    [
      'both',
      `<D:acl><D:ace><D:principal><D:all/></D:principal>${grantRead}${grantRead.replaceAll('grant', 'deny')}</D:ace></D:acl>`,
    ],
    ['no privilege', '<D:acl><D:ace><D:principal><D:all/></D:principal><D:grant/></D:ace></D:acl>'],
  ])('is refused with %s', (_, text) => {
    expect(refusalOf(() => readAcl(body(text)))).toBe(400)
  })

  it('is refused when there is none', () => {
    expect(refusalOf(() => readAcl(undefined))).toBe(400)
  })
})

describe('RFC 3744 §5.5 the content of DAV:acl', () => {
  it('is read again as what was written', () => {
    const principal: fc.Arbitrary<NamedPrincipal> = fc.oneof(
      fc.constantFrom<NamedPrincipal>({ kind: 'all' }, { kind: 'authenticated' }, { kind: 'self' }),
      fc.constant<NamedPrincipal>({ kind: 'property', name: dav('owner') }),
      fc.constantFrom('a', 'b%20c').map((name): NamedPrincipal => ({ kind: 'href', href: `/p/${name}/` })),
    )
    const shown: fc.Arbitrary<ShownAce> = fc.record({
      principal,
      grant: fc.boolean(),
      // DAV:read cannot be named without what it contains.
      privileges: fc
        .integer({ min: 1, max: 1023 })
        .map((set) => ((set & 1) === 0 ? set : set | readPrivileges)),
      isProtected: fc.boolean(),
      inheritedFrom: fc.option(fc.constant('/home/'), { nil: undefined }),
    })
    fc.assert(
      fc.property(fc.array(shown, { maxLength: 8 }), (aces) => {
        const read = readAcl(body(`<D:acl>${undeclared(aclElements(aces))}</D:acl>`))
        const sums = read.map(({ privileges, isInverted, ...rest }) => {
          expect(isInverted).toBe(false)
          return { ...rest, privileges: privileges.reduce((sum, name) => sum | (privilegeSet(name) ?? 0), 0) }
        })
        expect(sums).toEqual(aces)
      }),
      { numRuns: 200 },
    )
  })
})

/** Ours has the prefixes of a multistatus. */
function undeclared(text: string): string {
  return text.replaceAll(
    /(<\/?)([dc]):/g,
    (_, start: string, prefix: string) => `${start}${prefix.toUpperCase()}:`,
  )
}
