import {
  type LockDepth,
  type LockInfo,
  lockDiscovery,
  readLockDepth,
  readLockInfo,
  readTimeout,
} from '../../../protocol/dav/lock.ts'
import { statusResponse } from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { errorElement, refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { element, fixedDeclarations } from '../../../protocol/dav/xml-write.ts'
import { claimTree, type LockRow } from '../../../storage/locks.ts'
import type { Writer } from '../../../storage/store.ts'
import { conflictingLocks, locksOn, refreshLock, takeLock } from '../../features/locks/locks.ts'
import { authorize } from '../access.ts'
import { type Call, readXmlBody } from '../call.ts'
import { checkConditions } from '../conditions.ts'
import { submittedTokens } from '../locks/guard.ts'
import { activeLock } from '../locks/page-locks.ts'
import { type LockPlace, lockable, placeOf, rootHref } from '../locks/places.ts'
import { standingLocks } from '../locks/standing.ts'
import { multistatus, type Reply, xmlType } from '../reply.ts'
import type { Resource } from '../resource.ts'
import { findResource, mustFind } from '../tree.ts'
import { makeEmpty } from './make-empty.ts'

/**
 * Takes a lock, or without a body starts the time of one anew.
 * @see RFC 4918 §9.10
 */
export async function lock(call: Call): Promise<Reply> {
  const { store, session, location } = call
  const resource = await store.read((reader) => findResource(reader, session, location))
  if (resource) lockable(resource)
  const depth = readLockDepth(call.headers.depth as string | undefined)
  const body = await readXmlBody(call)
  if (body) return take(call, readLockInfo(body), depth)
  if (call.headers.if === undefined) {
    throw refuseStatus(400, 'A LOCK has a body, or names the lock to refresh in an If header.')
  }
  return refresh(call)
}

type Outcome =
  | { readonly kind: 'taken'; readonly isNew: boolean; readonly token: string; readonly body: string }
  | { readonly kind: 'conflict'; readonly href: string; readonly members: readonly string[] }

async function take(call: Call, info: LockInfo, depth: LockDepth): Promise<Reply> {
  const { store, session, location } = call
  const outcome = await store.write(async (tx): Promise<Outcome> => {
    await claim(tx, call)
    const existing = await findResource(tx, session, location)
    if (existing) mayLock(call, existing)
    await checkConditions(tx, call, existing)
    const resource = existing ?? (await makeEmpty(tx, call))
    const place = lockable(resource)
    const wanted = wantedLock(call, resource, place, info, depth)
    const against = await standingLocks(tx, await conflictingLocks(tx, wanted))
    const members = against.filter(({ path }) => path !== place.path && path.startsWith(place.path))
    if (against.length > members.length) throw conflict(against, place)
    if (members.length > 0) {
      const hrefs = new Set(members.map((member) => rootHref(member, place)))
      return { kind: 'conflict', href: resource.href, members: [...hrefs] }
    }
    const taken = await takeLock(tx, wanted, call.settings.limits)
    const body = await discovery(tx, place, taken)
    return { kind: 'taken', isNew: !existing, token: taken.token, body }
  })
  if (outcome.kind === 'conflict') return blockedBelow(outcome)
  const { isNew, token, body } = outcome
  return { status: isNew ? 201 : 200, headers: { 'Content-Type': xmlType, 'Lock-Token': `<${token}>` }, body }
}

async function refresh(call: Call): Promise<Reply> {
  const { store, session, location, headers } = call
  const body = await store.write(async (tx) => {
    await claim(tx, call)
    const resource = await mustFind(tx, session, location)
    const place = mayLock(call, resource)
    const asked = { path: place.path, tokens: submittedTokens(call), principalId: session.principal.id }
    const seconds = headers.timeout === undefined ? undefined : secondsFor(call)
    const refreshed = await refreshLock(tx, asked, seconds)
    await checkConditions(tx, call, resource)
    return discovery(tx, place, refreshed)
  })
  return { status: 200, headers: { 'Content-Type': xmlType }, body }
}

/** Before anything is decided, so that nobody writes or takes a lock in the tree meanwhile. */
async function claim(tx: Writer, { session, location }: Call): Promise<void> {
  if (tx.sql.dialect === 'sqlite') return
  const resource = await findResource(tx, session, location)
  const place = resource && placeOf(resource)
  if (place) await claimTree(tx, place.tree)
}

/** @throws need-privileges, and what `lockable` throws */
function mayLock({ session }: Call, resource: Resource): LockPlace {
  const place = lockable(resource)
  authorize(session, 'lock', { resource })
  return place
}

function wantedLock(
  call: Call,
  resource: Resource,
  { path, tree }: LockPlace,
  { scope, owner }: LockInfo,
  depth: LockDepth,
) {
  const { session, newId } = call
  return {
    token: `urn:uuid:${newId()}`,
    path,
    folder: resource.href.endsWith('/') ? 1 : 0,
    treeId: tree,
    principalId: session.principal.id,
    deviceId: session.deviceId ?? null,
    scope,
    deep: depth === 'infinity' ? 1 : 0,
    owner: owner ?? null,
    seconds: secondsFor(call),
  }
}

/** What is wished for, within the limit; without a wish the limit itself. @see RFC 4918 §10.7 */
function secondsFor({ headers, settings }: Call): number {
  const wished = readTimeout(headers.timeout as string | undefined) ?? Number.POSITIVE_INFINITY
  return Math.min(Math.max(wished, 1), settings.limits.lockSeconds)
}

/** The lock that was asked about comes first: some clients read no further. */
async function discovery(tx: Writer, place: LockPlace, first: LockRow): Promise<string> {
  const others = (await locksOn(tx, place.path, tx.now)).filter(({ id }) => id !== first.id)
  const value = lockDiscovery([first, ...others].map((one) => activeLock(one, place, tx.now)))
  const prop = element(dav('lockdiscovery'), value)
  return `<?xml version="1.0" encoding="utf-8"?>\n<d:prop${fixedDeclarations}>${prop}</d:prop>`
}

function conflict(locks: readonly LockRow[], place: LockPlace): Error {
  const hrefs = new Set(locks.map((lock) => rootHref(lock, place)))
  return refuse('no-conflicting-lock', { href: [...hrefs], message: 'There is a lock on this already.' })
}

/** @see RFC 4918 §9.10.3, §9.10.9 */
function blockedBelow({ href, members }: Extract<Outcome, { kind: 'conflict' }>): Reply {
  const error = errorElement(refuse('no-conflicting-lock'))
  const blocked = members.map((member) => statusResponse(member, 423, error))
  return multistatus(blocked.join('') + statusResponse(href, 424))
}
