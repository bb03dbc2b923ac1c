import type { Ace, Subject } from '../../../protocol/dav/acl.ts'
import type { NamedPrincipal, ShownAce } from '../../../protocol/dav/acl-xml.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { readPrivileges } from '../../../protocol/dav/privileges.ts'
import type { AceTarget } from '../../../storage/aces.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalsByIds, type PrincipalRow } from '../../../storage/principals.ts'
import type { Reader } from '../../../storage/store.ts'
import { principalAces } from '../../features/rights/directory.ts'
import { entriesOn, type Lists, readLists, type SourcedAce } from '../../features/rights/rights.ts'
import { homePath, principalPath, proxyPath } from '../paths.ts'
import {
  type CollectionResource,
  type FolderLike,
  type HomeResource,
  isCollection,
  isFolderLike,
  isHome,
  isMember,
  type Resource,
} from '../resource.ts'

/** The access control lists of the resources that are being rendered, for DAV:acl. */
export interface PageAces {
  /** Looks up the lists on these resources, and whom they name; that of a collection does for its members. */
  load(reader: Reader, resources: readonly Resource[]): Promise<void>
  /** The entries on a resource as clients see them; it was loaded. */
  of(resource: Resource): readonly ShownAce[]
  /** The principals that these entries name by href, and the owner. */
  principalsOf(resource: Resource): readonly PrincipalRow[]
}

type Guarded = HomeResource | CollectionResource | FolderLike

export function createPageAces(): PageAces {
  let lists: Lists = { aces: [], shares: [] }
  const named = new Map<PrincipalId, PrincipalRow>()
  const entries = new WeakMap<Guarded, readonly SourcedAce[]>()
  const entriesOf = (resource: Guarded): readonly SourcedAce[] => {
    const known = entries.get(resource) ?? entriesOn(resource.guarded, lists)
    entries.set(resource, known)
    return known
  }
  return {
    async load(reader, resources) {
      const guarded = resources
        .flatMap((resource) => guardedOf(resource) ?? [])
        .filter((one) => !entries.has(one))
      lists = await readLists(
        reader,
        guarded.flatMap(({ guarded: { path } }) => path),
      )
      const ids = guarded.flatMap((one) => [ownerOf(one).id, ...entriesOf(one).flatMap(namedIn)])
      const unknown = [...new Set(ids)].filter((id) => !named.has(id))
      if (unknown.length === 0) return
      for (const row of await findPrincipalsByIds(reader, unknown)) named.set(row.id, row)
    },
    of(resource) {
      const guarded = guardedOf(resource)
      if (!guarded) return builtIn(resource)
      const ofMember = guarded !== resource
      return entriesOf(guarded).flatMap((entry) => shown(entry, guarded, ofMember, named) ?? [])
    },
    principalsOf(resource) {
      const guarded = guardedOf(resource)
      if (!guarded) return 'principal' in resource ? [resource.principal] : []
      const ids = [ownerOf(guarded).id, ...entriesOf(guarded).flatMap(namedIn)]
      return [...new Set(ids)].flatMap((id) => named.get(id) ?? [])
    },
  }
}

/** What the access control list of a resource stands on; undefined where nobody can set one. */
function guardedOf(resource: Resource): Guarded | undefined {
  if (isMember(resource)) return resource.collection
  if (resource.kind === 'file') return resource.parent
  return isHome(resource) || isCollection(resource) || isFolderLike(resource) ? resource : undefined
}

/** The hrefs of what else controls the access to a resource. @see RFC 3744 §5.7 */
export function inheritedFrom(resource: Resource): string[] {
  const guarded = guardedOf(resource)
  if (!guarded) return []
  const around = guarded.guarded.path.slice(0, -1).map((target) => hrefOf(target, guarded))
  return guarded === resource ? around : [guarded.href, ...around]
}

/** A subject as a client writes it; undefined for somebody who is gone. */
function namedAs(
  subject: Subject,
  named: ReadonlyMap<PrincipalId, PrincipalRow>,
): NamedPrincipal | undefined {
  switch (subject.kind) {
    case 'principal': {
      const row = named.get(subject.id)
      return row && { kind: 'href', href: principalPath(row.segment) }
    }
    case 'proxy': {
      const row = named.get(subject.id)
      return row && { kind: 'href', href: proxyPath(row.segment, subject.mode) }
    }
    case 'owner':
      return { kind: 'property', name: dav('owner') }
    default:
      return { kind: subject.kind }
  }
}

function shown(
  { subject, grant, privileges, source, from }: SourcedAce,
  guarded: Guarded,
  ofMember: boolean,
  named: ReadonlyMap<PrincipalId, PrincipalRow>,
): ShownAce | undefined {
  const principal = namedAs(subject, named)
  if (!principal) return undefined
  const inherited = from ? hrefOf(from, guarded) : ofMember && source === 'own' ? guarded.href : undefined
  return { principal, grant, privileges, isProtected: source === 'protected', inheritedFrom: inherited }
}

/** What an entry is inherited from: a folder or the home around. */
function hrefOf({ kind, id }: AceTarget, guarded: Guarded): string {
  if (isFolderLike(guarded)) return hrefAbove(guarded, kind === 'node' ? id : undefined)
  if (kind !== 'home') return guarded.href
  const isBook = guarded.kind === 'addressbook' || guarded.kind === 'addressbook-home'
  return homePath(isBook ? 'addressbooks' : 'calendars', ownerOf(guarded).segment)
}

/** @param id  of a folder around; undefined for the home */
function hrefAbove(folder: FolderLike, id: number | undefined): string {
  let around = folder
  while (around.kind === 'folder' && around.row.id !== id) around = around.parent
  return around.href
}

function ownerOf(guarded: Guarded): PrincipalRow {
  if (guarded.kind === 'folder') return guarded.home.principal
  return isHome(guarded) || guarded.kind === 'file-home' ? guarded.principal : guarded.owner
}

function namedIn({ subject }: SourcedAce): PrincipalId[] {
  return subject.kind === 'principal' || subject.kind === 'proxy' ? [subject.id] : []
}

/** Principals and the folders above the homes: nobody sets who may do what there. */
function builtIn(resource: Resource): ShownAce[] {
  const aces = 'principal' in resource ? principalAces(resource.principal) : forAll
  return aces.flatMap(({ subject, grant, privileges }): ShownAce[] => {
    const principal = namedAs(subject, new Map())
    return principal ? [{ principal, grant, privileges, isProtected: true, inheritedFrom: undefined }] : []
  })
}

const forAll: readonly Ace[] = [
  { subject: { kind: 'authenticated' }, grant: true, privileges: readPrivileges },
]
