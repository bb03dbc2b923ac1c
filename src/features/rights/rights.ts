import { type Ace, type Asker, decide } from '../../../protocol/dav/acl.ts'
import {
  allPrivileges,
  bit,
  noPrivileges,
  type PrivilegeSet,
  readingPrivileges,
  readPrivileges,
  writePrivileges,
} from '../../../protocol/dav/privileges.ts'
import { type AceRow, type AceTarget, listAces } from '../../../storage/aces.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { belongingsOf } from '../../../storage/groups.ts'
import type { HomeRow } from '../../../storage/homes.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import { listShares, type ShareAccess, type ShareRow } from '../../../storage/shares.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'

/** Where an access control entry comes from: built in, set on the resource itself, or on what it lies in. */
export type AceSource = 'protected' | 'own' | 'inherited'

/** An entry as DAV:acl shows it. */
export interface SourcedAce extends Ace {
  readonly source: AceSource
  /** What it is inherited from, for `inherited`. */
  readonly from?: AceTarget
}

/** What a share lets people do; none lets them break locks of others. Who may only see when somebody is busy may read that, and nothing else. */
export const shareGrants: Readonly<Record<ShareAccess, PrivilegeSet>> = {
  read: readPrivileges,
  'read-write': readPrivileges | writePrivileges,
  'no-delete': (readPrivileges | writePrivileges) & ~bit.unbind,
  'free-busy': bit['read-free-busy'] | bit['read-current-user-privilege-set'],
}

/** What delegates of an account may do in its calendars. */
const proxyGrants = {
  read: readPrivileges,
  write: readPrivileges | writePrivileges | bit.unlock,
} as const satisfies Record<'read' | 'write', PrivilegeSet>

const askers = new WeakMap<Reader, WeakMap<Session, Promise<Asker>>>()

/**
 * Who asks: looked up where somebody else's things are asked for, once for what a request reads, and anew for what it
 * writes. A client may take minutes to send a body, and be put out of a group meanwhile.
 */
export function askerOf(reader: Reader, session: Session): Promise<Asker> {
  const here = askers.get(reader) ?? new WeakMap<Session, Promise<Asker>>()
  askers.set(reader, here)
  const asker = here.get(session) ?? belongingsOf(reader, session.principal.id)
  here.set(session, asker)
  return asker
}

/** A set of privileges without those that the session's app password does not have. */
export function within(session: Session, privileges: PrivilegeSet): PrivilegeSet {
  return session.scope === 'write' ? privileges : privileges & readingPrivileges
}

/** What is guarded: a tree of one owner, from the outside to the inside. */
export interface GuardedPlace {
  readonly ownerId: PrincipalId
  /** Whether the owner's delegates may come here: into calendars only. */
  readonly hasProxies: boolean
  /** From the home inwards; the last is the resource itself. */
  readonly path: readonly AceTarget[]
}

/** A home of whoever it belongs to. */
export function homePlace({ id, principalId, kind }: HomeRow): GuardedPlace {
  return { ownerId: principalId, hasProxies: kind === 'calendars', path: [{ kind: 'home', id }] }
}

/** A calendar or an address book in the home of its owner. */
export function collectionPlace({
  id,
  homeId,
  principalId,
  kind,
}: Pick<CollectionRow, 'id' | 'homeId' | 'principalId' | 'kind'>): GuardedPlace {
  return {
    ownerId: principalId,
    hasProxies: kind === 'calendar',
    path: [
      { kind: 'home', id: homeId },
      { kind: 'collection', id },
    ],
  }
}

/** The lists that rights are decided from, for many places at once. */
export interface Lists {
  readonly aces: readonly AceRow[]
  readonly shares: readonly ShareRow[]
}

export async function readLists(reader: Reader, targets: readonly AceTarget[]): Promise<Lists> {
  const collections = targets.flatMap(({ kind, id }) => (kind === 'collection' ? [id as CollectionId] : []))
  return {
    aces: await listAces(reader, targets),
    shares: collections.length === 0 ? [] : await listShares(reader, collections),
  }
}

/**
 * The entries on a place in the order they are judged: built in ones, those set on the place itself, then inherited ones,
 * the nearest first.
 * @see RFC 3744 §5.5, §6
 */
export function entriesOn(
  { ownerId, hasProxies, path }: GuardedPlace,
  { aces, shares }: Lists,
): SourcedAce[] {
  const entries: SourcedAce[] = [
    { subject: { kind: 'owner' }, grant: true, privileges: allPrivileges, source: 'protected' },
  ]
  if (hasProxies) {
    for (const mode of ['write', 'read'] as const) {
      const subject = { kind: 'proxy', id: ownerId, mode } as const
      entries.push({ subject, grant: true, privileges: proxyGrants[mode], source: 'protected' })
    }
  }
  const itself = path.at(-1)
  for (const { collectionId, principalId, access } of shares) {
    if (itself?.kind !== 'collection' || itself.id !== collectionId) continue
    const subject = { kind: 'principal', id: principalId } as const
    entries.push({ subject, grant: true, privileges: shareGrants[access], source: 'protected' })
  }
  for (const target of path.toReversed()) {
    const source =
      target === itself ? { source: 'own' as const } : { source: 'inherited' as const, from: target }
    for (const row of aces) {
      if (row.targetKind === target.kind && row.targetId === target.id)
        entries.push({ ...aceOf(row), ...source })
    }
  }
  return entries
}

/** What the caller may do at a place. */
export async function rightsAt(
  reader: Reader,
  session: Session,
  place: GuardedPlace,
  lists: Lists,
): Promise<PrivilegeSet> {
  if (place.ownerId === session.principal.id) return within(session, allPrivileges)
  const asker = await askerOf(reader, session)
  return within(session, decide(entriesOn(place, lists), asker, place))
}

/** Nothing, after as much work as a place that exists would take: the time of a refusal tells nothing. */
export async function rightsNowhere(reader: Reader, session: Session): Promise<PrivilegeSet> {
  await readLists(reader, [
    { kind: 'home', id: 0 },
    { kind: 'collection', id: 0 },
  ])
  await askerOf(reader, session)
  return noPrivileges
}

/** A row as an entry. */
export function aceOf({ subject, principalId, isGrant, privileges }: AceRow): Ace {
  const grant = isGrant === 1
  if (subject !== 'principal') return { subject: { kind: subject }, grant, privileges }
  return { subject: { kind: 'principal', id: principalId ?? 0 }, grant, privileges }
}
