import { allPrivileges, bit, type PrivilegeSet, readPrivileges } from '../../../protocol/dav/privileges.ts'
import { findPrincipalBySegment, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { within } from './rights.ts'

/** The principal of a segment, where the caller may see it. */
export async function findVisiblePrincipal(
  reader: Reader,
  session: Session,
  segment: string,
): Promise<PrincipalRow | undefined> {
  if (session.principal.segment === segment) return session.principal
  return findPrincipalBySegment(reader, segment)
}

/** What the caller may do with a principal: change properties of his own, and read the others. */
export function principalAccess(session: Session, principal: PrincipalRow): PrivilegeSet {
  if (principal.id !== session.principal.id) return readPrivileges & ~bit['read-free-busy']
  return within(session, allPrivileges & ~(bit.bind | bit.unbind | bit['write-acl']))
}
