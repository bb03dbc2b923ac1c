import { refuse } from '../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeName, type PrivilegeSet, privilegeName } from '../../protocol/dav/privileges.ts'
import type { Session } from '../auth/session.ts'

/** What a request is about to do, as far as rights go. */
export type Action =
  | 'see'
  | 'read'
  | 'read-free-busy'
  | 'read-acl'
  | 'write-acl'
  | 'put-new'
  | 'put-over'
  | 'patch-properties'
  | 'delete'
  | 'make-collection'
  | 'add-member'
  | 'copy-new'
  | 'copy-over'
  | 'move-new'
  | 'move-over'
  | 'replace-whole'
  | 'lock'
  | 'lock-new'
  | 'unlock'

/** Where a privilege is wanted: on the resource of the request, on what it lies in, or at the destination. */
export type Role = 'resource' | 'parent' | 'target' | 'targetParent'

type Wanted = Partial<Record<Role, readonly PrivilegeName[]>>

/**
 * Which privilege each method and report needs, and on what. Members have the privileges of the collection they are in.
 * GET, HEAD, PROPFIND, OPTIONS and reports `read`, unless a report says otherwise; PUT is `put-new` or `put-over`, MKCOL and
 * MKCALENDAR `make-collection`, POST for RFC 5995 `add-member`, PROPPATCH `patch-properties`; a collection that COPY or MOVE
 * replaces goes from its home as by DELETE, which `replace-whole` needs.
 * @see RFC 3744 appendix B
 */
const neededPrivileges: Readonly<Record<Action, Wanted>> = {
  see: {},
  read: { resource: ['read'] },
  'read-free-busy': { resource: ['read-free-busy'] },
  'read-acl': { resource: ['read-acl'] },
  'write-acl': { resource: ['write-acl'] },
  'put-new': { parent: ['bind'] },
  'put-over': { resource: ['write-content'] },
  'patch-properties': { resource: ['write-properties'] },
  delete: { parent: ['unbind'] },
  'make-collection': { parent: ['bind'] },
  'add-member': { parent: ['bind'] },
  'copy-new': { resource: ['read'], targetParent: ['bind'] },
  'copy-over': { resource: ['read'], target: ['write-content', 'write-properties'] },
  'move-new': { parent: ['unbind'], targetParent: ['bind'] },
  'move-over': { parent: ['unbind'], targetParent: ['bind', 'unbind'] },
  'replace-whole': { targetParent: ['bind', 'unbind'] },
  lock: { resource: ['write-content'] },
  'lock-new': { parent: ['bind'] },
  unlock: { resource: ['unlock'] },
}

/** Something with the caller's privileges on it. */
export interface Guarded {
  readonly href: string
  readonly access: PrivilegeSet
}

/**
 * Lets an action pass, or names every privilege that is missing for it.
 * @throws need-privileges (RFC 3744 §7.1.1)
 */
export function authorize(
  session: Session,
  action: Action,
  places: Readonly<Partial<Record<Role, Guarded>>>,
): void {
  const [first] = missingFor(action, places)
  if (first) throw needs(session, first.href, first.missing)
}

/** Whether an action passes. */
export function isAuthorized(action: Action, places: Readonly<Partial<Record<Role, Guarded>>>): boolean {
  return missingFor(action, places).length === 0
}

/** The privileges that an action lacks, by the place where they are wanted. */
function missingFor(
  action: Action,
  places: Readonly<Partial<Record<Role, Guarded>>>,
): readonly { readonly href: string; readonly missing: readonly PrivilegeName[] }[] {
  const wanted = Object.entries(neededPrivileges[action]) as [Role, readonly PrivilegeName[]][]
  return wanted.flatMap(([role, names]) => {
    const place = places[role]
    if (!place) throw new TypeError(`The action ${action} needs its ${role}.`)
    const missing = names.filter((name) => (place.access & bit[name]) === 0)
    return missing.length > 0 ? [{ href: place.href, missing }] : []
  })
}

/** Whether the caller may read what is there: who may not, is not told what is. */
export function isReadable({ access }: Pick<Guarded, 'access'>): boolean {
  return (access & bit.read) !== 0
}

/** The refusal for want of privileges. @see RFC 3744 §7.1.1 */
export function needs(session: Session, href: string, missing: readonly PrivilegeName[]): Error {
  const readsOnly = session.scope === 'read' && !missing.includes('read')
  return refuse('need-privileges', {
    href,
    privilege: missing.map(privilegeName),
    message: readsOnly ? 'This app password may only read.' : 'You may not do this here.',
  })
}
