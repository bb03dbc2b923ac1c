import { readIfHeader } from '../../../protocol/dav/conditions.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { findLocks, findLocksForWrite, type LockRow, removeLocksAt } from '../../../storage/locks.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  type HeldLocks,
  heldLocks,
  locksTouched,
  obstacles,
  type Touched,
} from '../../features/locks/locks.ts'
import type { Call } from '../call.ts'
import { type LockPlace, rootHref } from './places.ts'
import { judgeLocks, standingLocks } from './standing.ts'

/** A place that a request changes, and how. */
export interface Change extends Omit<Touched, 'path'> {
  readonly place: LockPlace
  /** It is who shares what: the locks of sharees do not keep the owner from taking a share back. */
  readonly isSharing?: boolean
}

/**
 * Lets a write pass where the caller has submitted the tokens of the locks that it touches, in one query. It comes
 * after the conditions (a wrong token is 412) and before anything is written.
 * @throws lock-token-submitted naming the roots of the locks in the way
 * @see RFC 4918 §6.4, §7.4–7.7
 */
export async function checkLocks(tx: Writer, call: Call, changes: readonly Change[]): Promise<HeldLocks> {
  const { principal } = call.session
  const touched = touchedBy(changes)
  const trees = changes.map(({ place }) => place.tree)
  const held = heldLocks(await findLocksForWrite(tx, trees, locksTouched(touched)))
  const found = obstacles(held, touched, submittedTokens(call), principal.id)
  const isOwnSharing = changes.every(({ isSharing }) => isSharing)
  const standing = await standingLocks(tx, found)
  const against = standing.filter(
    ({ treeId, principalId }) => !isOwnSharing || treeId !== principal.id || principalId === treeId,
  )
  if (against.length > 0) throw refuse('lock-token-submitted', lockedBy(against, changes))
  for (const { place, act } of changes) if (act === 'make') await dropLocks(tx, held, place)
  return held
}

/**
 * The same before a long body is read, so that it is not sent in vain; the write judges again.
 * @throws lock-token-submitted
 */
export async function foreseeLocks(reader: Reader, call: Call, changes: readonly Change[]): Promise<void> {
  const touched = touchedBy(changes)
  const held = heldLocks(await findLocks(reader, locksTouched(touched), call.now()))
  const found = obstacles(held, touched, submittedTokens(call), call.session.principal.id)
  const { standing } = await judgeLocks(reader, found)
  if (standing.length > 0) throw refuse('lock-token-submitted', lockedBy(standing, changes))
}

function touchedBy(changes: readonly Change[]): Touched[] {
  return changes.map(({ place, ...how }) => ({ ...how, path: place.path }))
}

/**
 * Locks go with what they are on: with DELETE, with what MOVE takes away or replaces. What a job or a command took away
 * has left them behind: they go when something else comes to the place.
 * @see RFC 4918 §9.6, §7.7
 */
export async function dropLocks(tx: Writer, held: HeldLocks, { path }: LockPlace): Promise<void> {
  if (held.own(path).length + held.below(path).length > 0) await removeLocksAt(tx, path)
}

/**
 * Every state token of the If header: whichever list it is in, it has been submitted.
 * @see RFC 4918 §10.4.1, §6.3
 */
export function submittedTokens({ headers }: Call): ReadonlySet<string> {
  if (typeof headers.if !== 'string') return none
  const conditions = readIfHeader(headers.if).flatMap((list) => list.conditions)
  return new Set(conditions.flatMap((condition) => (condition.kind === 'token' ? [condition.token] : [])))
}

const none: ReadonlySet<string> = new Set()

/** @param changes  tell how the caller sees what is locked */
function lockedBy(locks: readonly LockRow[], changes: readonly Change[]) {
  const seenFrom = ({ path }: LockRow): LockPlace | undefined =>
    changes.find(({ place }) => place.path.startsWith(path) || path.startsWith(place.path))?.place
  const hrefs = locks.flatMap((lock) => rootHref(lock, seenFrom(lock) ?? { path: '/', tree: lock.treeId }))
  return { href: [...new Set(hrefs)], message: 'This is locked: the token of the lock is needed.' }
}
