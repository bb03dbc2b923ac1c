import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import {
  addLock,
  countLocks,
  extendLock,
  findLocks,
  type LockRow,
  pathsAround,
} from '../../../storage/locks.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { heldLocks } from './held-locks.ts'

export { type HeldLocks, heldLocks, locksTouched, obstacles, type Touched } from './held-locks.ts'

export type WantedLock = Omit<LockRow, 'id' | 'createdAt' | 'expiresAt'>

/** Octets of a path at most: it is in an index, whose entries PostgreSQL bounds. */
const maxPathBytes = 2_600

/** The locks that hold on a path. */
export async function locksOn(reader: Reader, path: string, now: number): Promise<readonly LockRow[]> {
  return heldLocks(await findLocks(reader, { on: [path, ...pathsAround(path)] }, now)).on(path)
}

/**
 * The locks that a wanted one cannot stand beside, of which one of the two is exclusive: on the path itself, around it,
 * and, where all below is wanted, there.
 * @see RFC 4918 §6.2, §9.10.5
 */
export async function conflictingLocks(
  tx: Writer,
  { path, deep, scope }: Pick<WantedLock, 'path' | 'deep' | 'scope'>,
): Promise<readonly LockRow[]> {
  const below = deep === 1 ? [path] : []
  const rows = await findLocks(tx, { on: [path, ...pathsAround(path)], below }, tx.now)
  const held = heldLocks(rows)
  const near = [...held.on(path), ...rows.filter((row) => row.path !== path && row.path.startsWith(path))]
  return near.filter((lock) => scope === 'exclusive' || lock.scope === 'exclusive')
}

/**
 * Keeps a lock that nothing stands against.
 * @param limits  how many locks an account may hold, and the octets of what it says of its owner
 * @throws refusal 507 for a lock too many or an owner too long, 414 for a path too long
 */
export async function takeLock(
  tx: Writer,
  lock: WantedLock,
  limits: { readonly locks: number; readonly lockOwnerBytes: number },
): Promise<LockRow> {
  if (Buffer.byteLength(lock.path) > maxPathBytes) {
    throw refuseStatus(414, `What is locked may have a path of ${maxPathBytes} octets at most.`)
  }
  if (Buffer.byteLength(lock.owner ?? '') > limits.lockOwnerBytes) {
    const message = `The owner of a lock may have ${limits.lockOwnerBytes} octets at most.`
    throw refuse('sufficient-disk-space', { message })
  }
  if ((await countLocks(tx, lock.principalId)) >= limits.locks) {
    throw refuseStatus(507, `An account may hold ${limits.locks} locks at most.`)
  }
  return addLock(tx, { ...lock, expiresAt: tx.now + lock.seconds * 1_000 })
}

/**
 * Starts the time of a lock anew.
 * @param seconds  as long as before, where undefined
 * @throws lock-token-matches-request-uri (412) when none of the tokens is of a lock that holds on the path, refusal 403
 *   when the lock is another's
 * @see RFC 4918 §9.10.2
 */
export async function refreshLock(
  tx: Writer,
  { path, tokens, principalId }: { path: string; tokens: ReadonlySet<string>; principalId: number },
  seconds: number | undefined,
): Promise<LockRow> {
  const named = (await locksOn(tx, path, tx.now)).filter(({ token }) => tokens.has(token))
  if (named.length === 0) {
    const message = 'The If header names no lock that holds here.'
    throw refuse('lock-token-matches-request-uri', { status: 412, message })
  }
  const lock = named.find((one) => one.principalId === principalId)
  if (!lock) throw refuseStatus(403, 'The lock is not yours.')
  return extendLock(tx, lock, seconds ?? lock.seconds)
}
