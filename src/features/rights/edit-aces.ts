import type { Ace, Subject } from '../../../protocol/dav/acl.ts'
import { noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { isSameSubject } from './acl.ts'

/** What is to become of privileges: granted, denied, or neither. */
export type AceChange = 'grant' | 'deny' | 'revoke'

/** A list of entries with some privileges of one subject changed; what denies stays before what grants. */
export function editAces(
  aces: readonly Ace[],
  change: AceChange,
  subject: Subject,
  privileges: PrivilegeSet,
): Ace[] {
  const isAbout = (ace: Ace): boolean => isSameSubject(ace.subject, subject)
  const left = aces
    .map((ace) => (isAbout(ace) ? { ...ace, privileges: ace.privileges & ~privileges } : ace))
    .filter((ace) => ace.privileges !== noPrivileges)
  if (change === 'revoke') return left
  const grant = change === 'grant'
  const known = left.find((ace) => isAbout(ace) && ace.grant === grant)
  const changed = known
    ? left.map((ace) => (ace === known ? { ...ace, privileges: ace.privileges | privileges } : ace))
    : [...left, { subject, grant, privileges }]
  return [...changed.filter((ace) => !ace.grant), ...changed.filter((ace) => ace.grant)]
}
