import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { findLocksForWrite, lockPath } from '../../../storage/locks.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import type { Writer } from '../../../storage/store.ts'
import { heldLocks, locksTouched, obstacles, type Touched } from '../locks/locks.ts'

/**
 * Lets a change of a member pass where nobody has locked it: whoever comes by the API has no token of a lock.
 * @param member  undefined for the collection with all that is in it
 * @throws refusal 423
 * @see RFC 4918 §6.4, §7.4–7.5
 */
export async function checkUnlocked(
  tx: Writer,
  { principalId, kind, name }: CollectionRow,
  member: string | undefined,
  act: Touched['act'],
): Promise<void> {
  const owner = await findPrincipalById(tx, principalId)
  if (!owner) return
  const path = ['dav', homes[kind], owner.segment, name, ...(member === undefined ? [] : [member])]
  const touched = [{ path: lockPath(path), act, ...(member === undefined && { isWhole: true }) }]
  const locks = await findLocksForWrite(tx, [principalId], locksTouched(touched))
  if (obstacles(heldLocks(locks), touched, new Set(), principalId).length > 0)
    throw refuseStatus(423, 'Another program has locked this: try again when it is done.')
}

const homes = { addressbook: 'addressbooks', calendar: 'calendars' } as const
