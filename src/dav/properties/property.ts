import type { Settings } from '../../../config/defaults.ts'
import type { ClarkName } from '../../../protocol/dav/names.ts'
import type { PrivilegeName } from '../../../protocol/dav/privileges.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import type { Zone } from '../../../protocol/ical/timezone.ts'
import type { TimezonesWanted } from '../../../protocol/ical/timezone-references.ts'
import type { CollectionPatch } from '../../../storage/collections.ts'
import type { Session } from '../../auth/session.ts'
import type { PageAces } from '../acl/page-aces.ts'
import type { PageViews } from '../files/tokens.ts'
import type { PageLocks } from '../locks/page-locks.ts'
import type { PageChildren } from '../page-children.ts'
import type { PageQuotas } from '../page-quotas.ts'
import type { PageDirectory } from '../principals/page-directory.ts'
import type { CollectionResource, Kind, Resource, ResourceOf } from '../resource.ts'
import type { PageSharees } from '../sharing/page-sharees.ts'

/**
 * What a page of resources must have loaded before the getters run; `row` is every column of a member, `size` is always there
 * but where members are seen through a view.
 */
export type Need =
  | 'text'
  | 'row'
  | 'size'
  | 'dead'
  | 'children'
  | 'locks'
  | 'quota'
  | 'aces'
  | 'directory'
  | 'view'
  | 'sharees'

/** What a getter may look at beside its resource; all of it is loaded, getters are synchronous. */
export interface Ask {
  readonly session: Session
  readonly settings: Settings
  readonly userAgent: string
  /** The reports of a kind of resource. */
  readonly reportsOn: (kind: Kind) => readonly ClarkName[]
  /** Of dates and floating times. */
  readonly zone: Zone
  /** Whether the client wants time zones in calendar data; undefined: as stored. */
  readonly timezones: TimezonesWanted | undefined
  /** How many instances the whole answer may still hold. */
  readonly instances: { left: number }
  /** The locks on a page of resources, looked up when a property needs 'locks'. */
  readonly locks: PageLocks
  /** The quotas that a page of resources counts for, looked up when a property needs 'quota'. */
  readonly quotas: PageQuotas
  /** What the caller sees of homes of files, looked up when a property needs 'view'. */
  readonly views: PageViews
  /** The access control lists of a page of resources, looked up when a property needs 'aces'. */
  readonly aces: PageAces
  /** Groups, members and delegates of a page of principals, looked up when a property needs 'directory'. */
  readonly directory: PageDirectory
  /** Whom a page of collections is shared with, looked up when a property needs 'sharees'. */
  readonly sharees: PageSharees
  /** What is in a home, looked up when a property needs 'children'. */
  readonly children: PageChildren
}

/** The inner XML of a property; undefined where the resource has none (a 404 propstat). */
export type Value = string | undefined

/**
 * One live property. propname, allprop, 404, 403 and 424 follow from the entry;
 * without `set` it is protected.
 */
export interface Property {
  readonly name: ClarkName
  /** Where it is defined. */
  readonly rfc: string
  readonly on: readonly Kind[]
  /** Whether DAV:allprop returns it. */
  readonly allprop: boolean
  readonly needs: readonly Need[]
  /** What the caller needs on the resource to read it, where that is not DAV:read alone. */
  readonly privilege?: PrivilegeName
  /** Reads what the request asks of this property once, and gives the getter for every resource. */
  readonly getter: (asked: XmlElement | undefined, ask: Ask) => (resource: Resource) => Value
  /**
   * A patch, not a write: PROPPATCH is all or nothing. `undefined` removes; `before` is what the request has set before it;
   * `on` is the collection that is changed, undefined while it is being made.
   */
  readonly set?: SetProperty
}

/** What properties can set: columns of collections, and who somebody's delegates are, by href. */
export type PropertyPatch = CollectionPatch & { readonly members?: readonly string[] }

type SetProperty = (
  value: XmlElement | undefined,
  before: PropertyPatch,
  on?: CollectionResource,
) => PropertyPatch

interface LiveOptions<K extends Kind> {
  readonly rfc: string
  readonly on: readonly K[]
  readonly allprop?: boolean
  readonly needs?: readonly Need[]
  readonly privilege?: PrivilegeName
  readonly get: (resource: ResourceOf<K>, ask: Ask) => Value
  readonly set?: SetProperty
}

/** A property that does not depend on how it is asked. */
export function live<K extends Kind>(name: ClarkName, options: LiveOptions<K>): Property {
  const { get, set, rfc, on, allprop = false, needs = [], privilege } = options
  // The tables are read by kind, so a getter only ever meets the kinds it names.
  const getter: Property['getter'] = (_, ask) => (resource) => get(resource as ResourceOf<K>, ask)
  const guarded = privilege ? { privilege } : {}
  return { name, rfc, on, allprop, needs, getter, ...guarded, ...(set ? { set } : {}) }
}

/** A property whose element says what is wanted of it, such as calendar-data. */
export function asked<K extends Kind>(
  name: ClarkName,
  options: Omit<LiveOptions<K>, 'get' | 'set' | 'privilege'> & {
    readonly read: (element: XmlElement | undefined, ask: Ask) => (resource: ResourceOf<K>) => Value
  },
): Property {
  const { rfc, on, allprop = false, needs = [], read } = options
  const getter: Property['getter'] = (element, ask) => read(element, ask) as (resource: Resource) => Value
  return { name, rfc, on, allprop, needs, getter }
}
