import { type ClarkName, dav } from './names.ts'
import { refuseStatus } from './preconditions.ts'
import { grantElements, type PrivilegeSet } from './privileges.ts'
import { child, children, elements, textOf, type XmlElement } from './xml-read.ts'
import { element, hrefElement } from './xml-write.ts'

/** Whom an entry names: somebody by href, whomever a property names, or a kind of people. */
export type NamedPrincipal =
  | { readonly kind: 'href'; readonly href: string }
  | { readonly kind: 'property'; readonly name: ClarkName }
  | { readonly kind: 'all' | 'authenticated' | 'unauthenticated' | 'self' }

/** An entry as a client sends it: nothing in it is known to be there, or to be allowed. */
export interface AskedAce {
  readonly principal: NamedPrincipal
  /** Everybody but the principal. */
  readonly isInverted: boolean
  readonly grant: boolean
  readonly privileges: readonly ClarkName[]
  readonly isProtected: boolean
  /** Of an inherited entry, the href of what it is inherited from. */
  readonly inheritedFrom: string | undefined
}

/** An entry as DAV:acl shows it. */
export interface ShownAce {
  readonly principal: NamedPrincipal
  readonly grant: boolean
  readonly privileges: PrivilegeSet
  readonly isProtected: boolean
  readonly inheritedFrom: string | undefined
}

/**
 * The entries in the body of an ACL request, in their order.
 * @throws refuseStatus(400) when the body is no DAV:acl, or an entry not what it must be
 * @see RFC 3744 §5.5, §8.1
 */
export function readAcl(root: XmlElement | undefined): AskedAce[] {
  if (root?.name !== dav('acl')) throw refuseStatus(400, 'The body must be a DAV:acl.')
  return children(root, dav('ace')).map(readAce)
}

/** The content of DAV:acl. @see RFC 3744 §5.5 */
export function aclElements(aces: readonly ShownAce[]): string {
  return aces.map(aceElement).join('')
}

/** DAV:deny-before-grant and DAV:no-invert: what readAcl reads beyond this is refused. @see RFC 3744 §5.6 */
export const aclRestrictions = element(dav('deny-before-grant')) + element(dav('no-invert'))

function aceElement({ principal, grant, privileges, isProtected, inheritedFrom }: ShownAce): string {
  let content = element(dav('principal'), principalContent(principal))
  content += element(dav(grant ? 'grant' : 'deny'), grantElements(privileges))
  if (isProtected) content += element(dav('protected'))
  if (inheritedFrom !== undefined) content += element(dav('inherited'), hrefElement(inheritedFrom))
  return element(dav('ace'), content)
}

function principalContent(principal: NamedPrincipal): string {
  switch (principal.kind) {
    case 'href':
      return hrefElement(principal.href)
    case 'property':
      return element(dav('property'), element(principal.name))
    default:
      return element(dav(principal.kind))
  }
}

function readAce(ace: XmlElement): AskedAce {
  const inverted = child(ace, dav('invert'))
  const principal = child(inverted ?? ace, dav('principal'))
  if (!principal) throw refuseStatus(400, 'An entry names no principal.')
  const rules = elements(ace).filter(({ name }) => name === dav('grant') || name === dav('deny'))
  const [rule] = rules
  if (!rule || rules.length > 1) throw refuseStatus(400, 'An entry either grants or denies.')
  const inherited = child(ace, dav('inherited'))
  return {
    principal: readPrincipal(principal),
    isInverted: inverted !== undefined,
    grant: rule.name === dav('grant'),
    privileges: readPrivileges(rule),
    isProtected: child(ace, dav('protected')) !== undefined,
    inheritedFrom: inherited && hrefIn(inherited),
  }
}

function readPrincipal(principal: XmlElement): NamedPrincipal {
  const [named, ...others] = elements(principal)
  if (!named || others.length > 0) throw refuseStatus(400, 'An entry is about one principal.')
  if (named.name === dav('href')) return { kind: 'href', href: textOf(named).trim() }
  if (named.name === dav('property')) {
    const [property] = elements(named)
    if (!property) throw refuseStatus(400, 'A DAV:property names no property.')
    return { kind: 'property', name: property.name }
  }
  const kind = people.get(named.name)
  if (kind === undefined) throw refuseStatus(400, 'An entry names nobody that could be a principal.')
  return { kind }
}

const people: ReadonlyMap<ClarkName, 'all' | 'authenticated' | 'unauthenticated' | 'self'> = new Map([
  [dav('all'), 'all'],
  [dav('authenticated'), 'authenticated'],
  [dav('unauthenticated'), 'unauthenticated'],
  [dav('self'), 'self'],
])

/** Each privilege stands in a DAV:privilege of its own; older drafts put several into one. */
function readPrivileges(rule: XmlElement): ClarkName[] {
  const names = children(rule, dav('privilege')).flatMap((one) => elements(one).map(({ name }) => name))
  if (names.length === 0) throw refuseStatus(400, 'An entry grants or denies nothing.')
  return names
}

function hrefIn(parent: XmlElement): string {
  const href = child(parent, dav('href'))
  return href ? textOf(href).trim() : ''
}
