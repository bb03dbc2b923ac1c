import { type Depth, type Header, readDepth } from './headers.ts'
import { dav } from './names.ts'
import { refuseStatus } from './preconditions.ts'
import { child, elements, type XmlElement } from './xml-read.ts'
import { element, hrefElement, serialize } from './xml-write.ts'

export type LockScope = 'exclusive' | 'shared'

/** A lock holds on one resource, or on all that is below it too. @see RFC 4918 §9.10.3 */
export type LockDepth = Exclude<Depth, 1>

/** What a LOCK asks for. */
export interface LockInfo {
  readonly scope: LockScope
  /** The DAV:owner element as it was sent, complete with the namespaces it needs. */
  readonly owner: string | undefined
}

/**
 * Reads the body of a LOCK; elements that are not known are passed over.
 * @throws refuseStatus(400) for another root, for anything but one scope, and for a type other than write
 * @see RFC 4918 §14.11
 */
export function readLockInfo(root: XmlElement): LockInfo {
  if (root.name !== dav('lockinfo')) throw refuseStatus(400, 'The body must be a DAV:lockinfo.')
  const type = child(root, dav('locktype'))
  if (!type || !child(type, dav('write'))) throw refuseStatus(400, 'Only write locks can be taken.')
  const scope = child(root, dav('lockscope'))
  const asked = (scope ? elements(scope) : []).flatMap(({ name }) => scopes.get(name) ?? [])
  const [only] = asked
  if (only === undefined || asked.length > 1) {
    throw refuseStatus(400, 'The lock must be either exclusive or shared.')
  }
  const owner = child(root, dav('owner'))
  return { scope: only, owner: owner && serialize(owner) }
}

/** Without the header all that is below is meant too. @throws refuseStatus(400) @see RFC 4918 §9.10.3 */
export function readLockDepth(header: Header): LockDepth {
  const depth = readDepth(header) ?? 'infinity'
  if (depth === 1) throw refuseStatus(400, 'The Depth of a lock is 0 or infinity.')
  return depth
}

/**
 * The seconds a lock is wanted for: the first of the header's wishes that can be read. Never throws: the server may
 * choose (RFC 4918 §10.7).
 * @returns Infinity where no end is wanted, undefined where nothing is said
 */
export function readTimeout(header: Header): number | undefined {
  for (const wish of (header ?? '').split(',')) {
    if (/^\s*infinite\s*$/i.test(wish)) return Number.POSITIVE_INFINITY
    const [, seconds] = /^\s*second-(\d{1,10})\s*$/i.exec(wish) ?? []
    if (seconds !== undefined) return Number(seconds)
  }
  return undefined
}

/** The token an UNLOCK names, with or without `<>` (MRD-05). @throws refuseStatus(400) @see RFC 4918 §10.5 */
export function readLockToken(header: Header): string {
  const [, coded, bare] = /^\s*(?:<\s*([^<>\s]+)\s*>|([^<>\s]+))\s*$/.exec(header ?? '') ?? []
  const token = coded ?? bare
  if (token === undefined) throw refuseStatus(400, 'The Lock-Token header must name one lock.')
  return token
}

/** A lock as clients see it. */
export interface ActiveLock {
  readonly token: string
  readonly scope: LockScope
  readonly depth: LockDepth
  /** A DAV:owner element, or nothing. */
  readonly owner: string | undefined
  /** Whole seconds that are left. */
  readonly seconds: number
  /** What was locked, percent-encoded. */
  readonly root: string
}

/** The value of DAV:lockdiscovery. @see RFC 4918 §15.8, §14.1 */
export function lockDiscovery(locks: readonly ActiveLock[]): string {
  return locks.map(activeLock).join('')
}

/** The value of DAV:supportedlock where locks can be taken. @see RFC 4918 §15.10 */
export const supportedLock = (['exclusive', 'shared'] as const)
  .map((scope) => element(dav('lockentry'), kindOfLock(scope)))
  .join('')

function activeLock({ token, scope, depth, owner = '', seconds, root }: ActiveLock): string {
  return element(
    dav('activelock'),
    kindOfLock(scope) +
      element(dav('depth'), String(depth)) +
      owner +
      element(dav('timeout'), `Second-${seconds}`) +
      element(dav('locktoken'), hrefElement(token)) +
      element(dav('lockroot'), hrefElement(root)),
  )
}

function kindOfLock(scope: LockScope): string {
  return element(dav('lockscope'), element(dav(scope))) + element(dav('locktype'), element(dav('write')))
}

const scopes: ReadonlyMap<string, LockScope> = new Map([
  [dav('exclusive'), 'exclusive'],
  [dav('shared'), 'shared'],
])
