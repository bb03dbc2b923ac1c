import {
  type IfList,
  matchesIf,
  matchesIfMatch,
  matchesIfNoneMatch,
  type ResourceState,
  readIfHeader,
} from '../../protocol/dav/conditions.ts'
import { HrefError, readHref } from '../../protocol/dav/href.ts'
import { Refusal, refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { Reader } from '../../storage/store.ts'
import type { Session } from '../auth/session.ts'
import { locksOn } from '../features/locks/locks.ts'
import { isReadable } from './access.ts'
import type { Call } from './call.ts'
import { folderToken, viewOf } from './files/tokens.ts'
import { isBelowHome } from './files/tree.ts'
import { type LockPlace, placeIn, placeOf } from './locks/places.ts'
import { type Location, locate } from './paths.ts'
import { fileHomeOf, isCollection, isFolderLike, isHome, isMember, type Resource } from './resource.ts'
import { collectionEtag, collectionToken, homeToken } from './tokens.ts'
import { childrenOf, findReadable } from './tree.ts'

/**
 * Judges If-Match, If-None-Match, If-Schedule-Tag-Match and If, each that is there; an empty schedule tag counts as
 * absent (IOS-12, DFS-01).
 * @param own  what is at the request's path, read in the same transaction as the change; undefined where nothing is
 * @throws refusal 412 with the present ETag (MIN-31)
 * @see RFC 9110 §13, RFC 4918 §10.4, RFC 6638 §8.3
 */
export async function checkConditions(reader: Reader, call: Call, own: Resource | undefined): Promise<void> {
  const { headers } = call
  const etag = own && etagOf(own)
  if (!matchesIfMatch(headers['if-match'], etag))
    throw failed('The resource is not the one of If-Match.', own)
  if (!matchesIfNoneMatch(headers['if-none-match'], etag)) throw failed('The resource exists.', own)
  const scheduleTag = String(headers['if-schedule-tag-match'] ?? '').trim()
  if (scheduleTag !== '') throw failed('The resource has no schedule tag.', own)
  await checkIf(reader, call, own)
}

/**
 * Judges the If header alone, which may name any resource: what the caller may not see has no state.
 * @throws refusal 412, 400 when it cannot be read, 431 when it names too many resources
 * @see RFC 4918 §10.4
 */
export async function checkIf(reader: Reader, call: Call, own: Resource | undefined): Promise<void> {
  const { headers, settings } = call
  if (typeof headers.if !== 'string') return
  const lists = readIfHeader(headers.if)
  const ownKey = keyOf(call.segments)
  const places = placesOf(lists)
  const limit = settings.limits.ifResources
  if (places.size > limit) throw refuseStatus(431, `An If header may name ${limit} resources at most.`)
  const ownState = await stateOf(reader, call.location, own, call)
  const states = new Map([[ownKey, ownState]])
  for (const [key, location] of places) {
    if (!states.has(key)) states.set(key, await stateAt(reader, call, location))
  }
  const named = (tag: string | undefined): ResourceState =>
    (tag === undefined ? ownState : states.get(keyOf(segmentsOf(tag)))) ?? nothing
  if (!matchesIf(lists, named)) throw failed('The If header does not hold.', own)
}

/** The entity tag that GET gives; undefined for what has none. */
export function etagOf(resource: Resource): string | undefined {
  if (isMember(resource) || resource.kind === 'notification' || resource.kind === 'file')
    return resource.row.etag
  // A folder has none that GET would give; this one stands for its being there.
  if (resource.kind === 'folder') return `"${resource.row.resourceId}-${resource.row.change}"`
  return isCollection(resource) ? collectionEtag(resource) : undefined
}

const nothing: ResourceState = { etag: undefined, tokens: [] }

/** The present ETag is told to those who may read the resource. */
function failed(message: string, own: Resource | undefined): Error {
  const etag = own && isReadable(own) ? etagOf(own) : undefined
  return new Refusal(412, message, undefined, etag === undefined ? {} : { ETag: etag })
}

async function stateAt(reader: Reader, call: Call, location: Location): Promise<ResourceState> {
  const resource = await findReadable(reader, call.session, location)
  return stateOf(reader, location, resource, call)
}

async function stateOf(
  reader: Reader,
  location: Location,
  resource: Resource | undefined,
  { session, now }: Call,
): Promise<ResourceState> {
  const around = resource
    ? collectionOf(resource)
    : await findReadable(reader, session, locationAround(location))
  const place = resource ? placeOf(resource) : around && placeBelow(around, location)
  const locks = place ? await locksOn(reader, place.path, now()) : []
  const sync = around ? await syncTokensOf(reader, session, around) : []
  return { etag: resource && etagOf(resource), tokens: [...locks.map(({ token }) => token), ...sync] }
}

async function syncTokensOf(reader: Reader, session: Session, around: Resource): Promise<string[]> {
  if (isCollection(around)) return [collectionToken(around)]
  if (isFolderLike(around)) return [folderToken(around, await viewOf(reader, session, fileHomeOf(around)))]
  if (!isHome(around)) return []
  return [homeToken(around, await childrenOf(reader, session, around), session)]
}

/** Whose sync-token is a state of a resource: the collection around it, or itself. @see RFC 6578 §5 */
function collectionOf(resource: Resource): Resource {
  if (resource.kind === 'file') return resource.parent
  return isMember(resource) ? resource.collection : resource
}

function locationAround(location: Location): Location {
  if (location.kind === 'member') return { ...location, kind: 'collection' }
  if (isBelowHome(location)) return { ...location, names: location.names.slice(0, -1) }
  return location.kind === 'collection' ? { ...location, kind: 'home' } : { kind: 'nowhere' }
}

/** Where the locks are that hold on a name that nothing has. @see RFC 4918 §7.3 */
function placeBelow(around: Resource, location: Location): LockPlace | undefined {
  if (location.kind === 'member')
    return isCollection(around) ? placeIn(placeOf(around), location.name) : undefined
  if (isBelowHome(location))
    return isFolderLike(around) ? placeIn(placeOf(around), location.names.at(-1) ?? '') : undefined
  return location.kind === 'collection' && isHome(around)
    ? placeIn(placeOf(around), location.collection)
    : undefined
}

/** The resources that lists are tagged with, each once, where the tag can be one of ours. */
function placesOf(lists: readonly IfList[]): Map<string, Location> {
  const places = new Map<string, Location>()
  for (const { resource } of lists) {
    const segments = resource === undefined ? undefined : segmentsOf(resource)
    if (segments) places.set(keyOf(segments), locate(segments))
  }
  return places
}

const keyOf = (segments: readonly string[] | undefined): string => (segments ?? ['\0']).join('/')

function segmentsOf(tag: string): readonly string[] | undefined {
  try {
    return readHref(tag)
  } catch (error) {
    if (error instanceof HrefError) return undefined
    throw error
  }
}
