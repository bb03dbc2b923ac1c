import type { Ace, Subject } from '../../../protocol/dav/acl.ts'
import type { AskedAce, NamedPrincipal, ShownAce } from '../../../protocol/dav/acl-xml.ts'
import { HrefError, readHref } from '../../../protocol/dav/href.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { noPrivileges, type PrivilegeSet, privilegeSet } from '../../../protocol/dav/privileges.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { findVisiblePrincipals } from '../../features/rights/directory.ts'
import { type Location, locate } from '../paths.ts'
import type { Resource } from '../resource.ts'
import { createPageAces } from './page-aces.ts'

/**
 * The entries that a client wants to set, with the principals they name. Those that it sends back as it has read them,
 * protected or inherited, are left out: they stay as they are.
 * @throws no-protected-ace-conflict, no-inherited-ace-conflict, no-invert, not-supported-privilege,
 *   recognized-principal, allowed-principal
 * @see RFC 3744 §8.1.1
 */
export async function resolveAces(
  reader: Reader,
  session: Session,
  resource: Resource,
  asked: readonly AskedAce[],
  ofCalendar: boolean,
): Promise<Ace[]> {
  const present = createPageAces()
  await present.load(reader, [resource])
  const shown = present.of(resource)
  const wanted = asked.filter((ace) => !isUntouched(ace, shown))
  const known = await principalsNamed(reader, session, wanted, present.principalsOf(resource))
  return wanted.map((ace) => {
    if (ace.isInverted) throw refuse('no-invert')
    return {
      subject: subjectOf(ace, known),
      grant: ace.grant,
      privileges: privilegesOf(ace, ofCalendar),
    }
  })
}

/** Whether an entry is one that nobody can set, and is sent as it is. */
function isUntouched(ace: AskedAce, shown: readonly ShownAce[]): boolean {
  const { isProtected, inheritedFrom } = ace
  if (!isProtected && inheritedFrom === undefined) return false
  const isThere = shown.some((one) => isSame(ace, one))
  if (isThere) return true
  throw refuse(isProtected ? 'no-protected-ace-conflict' : 'no-inherited-ace-conflict')
}

function isSame(ace: AskedAce, shown: ShownAce): boolean {
  const privileges = ace.privileges.reduce(
    (sum, name) => sum | (privilegeSet(name) ?? noPrivileges),
    noPrivileges,
  )
  return (
    ace.isProtected === shown.isProtected &&
    ace.grant === shown.grant &&
    privileges === shown.privileges &&
    keyOf(ace.principal) === keyOf(shown.principal) &&
    hrefKey(ace.inheritedFrom) === hrefKey(shown.inheritedFrom)
  )
}

function keyOf(principal: NamedPrincipal): string {
  switch (principal.kind) {
    case 'href':
      return `href ${hrefKey(principal.href)}`
    case 'property':
      return `property ${principal.name}`
    default:
      return principal.kind
  }
}

/** Hrefs that lead to the same place have the same key. */
function hrefKey(href: string | undefined): string | undefined {
  return href === undefined ? undefined : (segmentsOf(href)?.join('/') ?? href)
}

/** Whom the hrefs name: those that the caller may see, and those that are named already. By segment. */
async function principalsNamed(
  reader: Reader,
  session: Session,
  aces: readonly AskedAce[],
  present: readonly PrincipalRow[],
): Promise<ReadonlyMap<string, PrincipalRow>> {
  const segments = aces.flatMap(({ principal }) => {
    const location = principal.kind === 'href' ? locationOf(principal.href) : undefined
    return location?.kind === 'principal' ? [location.segment] : []
  })
  const visible = await findVisiblePrincipals(reader, session, [...new Set(segments)])
  return new Map([...present.map((row) => [row.segment, row] as const), ...visible])
}

function subjectOf({ principal, grant }: AskedAce, known: ReadonlyMap<string, PrincipalRow>): Subject {
  switch (principal.kind) {
    case 'href':
      return { kind: 'principal', id: principalAt(principal.href, known).id }
    case 'property':
      if (principal.name === dav('owner')) return { kind: 'owner' }
      throw refuse('allowed-principal', { message: 'DAV:owner is the only property to name somebody by.' })
    case 'unauthenticated':
      if (!grant) return { kind: 'unauthenticated' }
      throw refuse('allowed-principal', {
        message: 'Strangers have to sign in, whatever is granted to them.',
      })
    default:
      return { kind: principal.kind }
  }
}

function principalAt(href: string, known: ReadonlyMap<string, PrincipalRow>): PrincipalRow {
  const location = locationOf(href)
  if (location?.kind === 'proxy')
    throw refuse('allowed-principal', { message: 'Delegates are named by group-member-set.' })
  const found = location?.kind === 'principal' ? known.get(location.segment) : undefined
  if (!found) throw refuse('recognized-principal', { message: `${href} is no principal.` })
  return found
}

function privilegesOf({ privileges }: AskedAce, ofCalendar: boolean): PrivilegeSet {
  let sum = noPrivileges
  for (const name of privileges) {
    const set = privilegeSet(name)
    if (set === undefined || (!ofCalendar && !name.startsWith(dav(''))))
      throw refuse('not-supported-privilege', { message: `${name} is no privilege here.` })
    sum |= set
  }
  return sum
}

function locationOf(href: string): Location | undefined {
  const segments = segmentsOf(href)
  return segments && locate(segments)
}

function segmentsOf(href: string): readonly string[] | undefined {
  try {
    return readHref(href)
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}
