import { Refusal } from '../../../protocol/dav/preconditions.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { type LockRow, removeLock } from '../../../storage/locks.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { isAuthorized } from '../access.ts'
import { type Location, locate } from '../paths.ts'
import { findResource } from '../tree.ts'

/**
 * Those of some locks whose holders may still change what they have locked. The others hold nobody back, and go: a share,
 * a delegation or a group that ended does not keep an owner from what is his for as long as somebody's lock lasts.
 * @see RFC 4918 §6.6
 */
export async function standingLocks(tx: Writer, locks: readonly LockRow[]): Promise<readonly LockRow[]> {
  const { standing, ended } = await judgeLocks(tx, locks)
  for (const lock of ended) await removeLock(tx, lock)
  return standing
}

/** Which of some locks hold still, and which no more. */
export async function judgeLocks(
  reader: Reader,
  locks: readonly LockRow[],
): Promise<{ readonly standing: readonly LockRow[]; readonly ended: readonly LockRow[] }> {
  const holders = new Map<PrincipalId, Session | undefined>()
  const [standing, ended]: [LockRow[], LockRow[]] = [[], []]
  for (const lock of locks) {
    const { principalId, treeId } = lock
    if (!holders.has(principalId)) holders.set(principalId, await sessionFor(reader, principalId))
    const holder = holders.get(principalId)
    const stands = principalId === treeId || (holder !== undefined && (await mayLock(reader, holder, lock)))
    ;(stands ? standing : ended).push(lock)
  }
  return { standing, ended }
}

async function sessionFor(reader: Reader, id: PrincipalId): Promise<Session | undefined> {
  const principal = await findPrincipalById(reader, id)
  const device = { deviceId: undefined, clientKind: undefined, lists: 'both' } as const
  return principal && { principal, ...device, scope: 'write', directory: 'none', hasDirectoryBook: false }
}

async function mayLock(reader: Reader, holder: Session, { path }: LockRow): Promise<boolean> {
  try {
    const resource = await findResource(reader, holder, guardedAt(locate(path.slice(1, -1).split('/'))))
    return resource !== undefined && isAuthorized('lock', { resource })
  } catch (error) {
    if (error instanceof Refusal) return false
    throw error
  }
}

/** Members have the rights of the collection they are in. */
function guardedAt(location: Location): Location {
  return location.kind === 'member' ? { ...location, kind: 'collection' } : location
}
