import { allPrivileges, noPrivileges, type PrivilegeSet } from './privileges.ts'

/**
 * Who an access control entry is about.
 * - `principal`: a user, or whoever is in a group, however deep
 * - `proxy`: the delegates of a user; built in, never set by clients
 * - `all`, `authenticated`: whoever signs in; strangers are asked to sign in first
 * - `unauthenticated`: nobody here
 * - `self`: whoever is the principal that the entry stands on, or is in it
 * - `owner`: the principal that DAV:owner names
 * @see RFC 3744 §5.5.1
 */
export type Subject =
  | { readonly kind: 'principal'; readonly id: number }
  | { readonly kind: 'proxy'; readonly id: number; readonly mode: 'read' | 'write' }
  | { readonly kind: 'all' | 'authenticated' | 'unauthenticated' | 'self' | 'owner' }

/** One access control entry. @see RFC 3744 §5.5 */
export interface Ace {
  readonly subject: Subject
  readonly grant: boolean
  readonly privileges: PrivilegeSet
}

/** Who asks, and for what. */
export interface Asker {
  /** The caller, and every group that holds him, however deep. */
  readonly principals: ReadonlySet<number>
  /** Whose delegate the caller is: 'read' or 'write' by the principal. */
  readonly proxyOf: ReadonlyMap<number, 'read' | 'write'>
}

export interface Guarded {
  /** The principal that DAV:owner names. */
  readonly ownerId: number
  /** The principal, where it is one that is guarded. */
  readonly selfId?: number | undefined
}

/**
 * What the caller may do, by entries in their order: the first that is about him and a privilege decides about it, and
 * what none is about is denied.
 * @see RFC 3744 §6
 */
export function decide(aces: Iterable<Ace>, asker: Asker, guarded: Guarded): PrivilegeSet {
  let granted = noPrivileges
  let decided = noPrivileges
  for (const { subject, grant, privileges } of aces) {
    if (!isAbout(subject, asker, guarded)) continue
    if (grant) granted |= privileges & ~decided
    decided |= privileges
    if (decided === allPrivileges) break
  }
  return granted
}

function isAbout(subject: Subject, { principals, proxyOf }: Asker, { ownerId, selfId }: Guarded): boolean {
  switch (subject.kind) {
    case 'principal':
      return principals.has(subject.id)
    case 'proxy': {
      const mode = proxyOf.get(subject.id)
      return mode === subject.mode || mode === 'write'
    }
    case 'all':
    case 'authenticated':
      return true
    case 'unauthenticated':
      return false
    case 'self':
      return selfId !== undefined && principals.has(selfId)
    case 'owner':
      return principals.has(ownerId)
  }
}
