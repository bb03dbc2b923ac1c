import type { Settings } from '../../../config/defaults.ts'
import {
  addGroupMember,
  belongingsOf,
  countGroupMembers,
  levelsAbove,
  levelsBelow,
  removeGroupMember,
} from '../../../storage/groups.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { createHome, insertPrincipal, type PrincipalRow } from '../../../storage/principals.ts'
import { lockReach } from '../../../storage/shares.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { giversTo, reconcileReceivers } from '../grants/grants.ts'
import { reconcileGroup, type Sharing } from '../sharing/sharing.ts'
import { AccountError } from './account-error.ts'
import { purgePrincipal } from './accounts.ts'
import { findNamed, type NewName, nameNew } from './named.ts'
import { recordedPrincipal } from './record.ts'
import { closePrincipal } from './removed/close.ts'

/** Makes a group without members, and a home for its files. @throws AccountError when the name is taken or cannot be one */
export async function createGroup(tx: Writer, group: NewName): Promise<void> {
  const id = await insertPrincipal(tx, await nameNew(tx, 'group', group))
  await createHome(tx, id, 'files')
}

/**
 * Removes a group, with its files, until it is brought back or its time is over: its members lose what they had through it.
 * @param options.purge  at once and for good; its URL is not used again
 * @returns under which number it can be brought back; null where nothing does
 */
export async function removeGroup(
  tx: Writer,
  name: string,
  sharing: Sharing,
  { purge = false }: { readonly purge?: boolean } = {},
): Promise<PrincipalId | null> {
  const group = await findGroup(tx, name)
  if (purge) await purgePrincipal(tx, group.id, sharing, { keepSegment: true })
  else await closePrincipal(tx, group, {}, sharing)
  return purge ? null : group.id
}

/**
 * Puts somebody into a group: an account, a room, a resource or another group. What is shared with the group is mounted
 * for whoever is newly in it.
 * @throws AccountError when he is in it already, for a circle of groups, and beyond the limits
 */
export async function addMember(
  tx: Writer,
  group: PrincipalRow,
  member: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  await recordedPrincipal(tx, group.id, sharing.origin, () => putIn(tx, group, member, sharing))
}

/** The same for what is recorded with more. */
export async function putIn(
  tx: Writer,
  group: PrincipalRow,
  member: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  if (member.kind === 'group') await checkNesting(tx, group, member, sharing.settings)
  const limit = sharing.settings.limits.groupMembers
  if ((await countGroupMembers(tx, group.id)) >= limit)
    throw new AccountError(`A group has ${limit} members at most.`)
  if (!(await addGroupMember(tx, group.id, member.id)))
    throw new AccountError(`"${member.name}" is in "${group.name}" already.`)
  await followGroup(tx, group, sharing)
}

/** Takes somebody out of a group. @throws AccountError when he is not in it */
export async function removeMember(
  tx: Writer,
  group: PrincipalRow,
  member: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  await recordedPrincipal(tx, group.id, sharing.origin, () => takeOut(tx, group, member, sharing))
}

/** The same for what is recorded with more. */
export async function takeOut(
  tx: Writer,
  group: PrincipalRow,
  member: PrincipalRow,
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  if (!(await removeGroupMember(tx, group.id, member.id)))
    throw new AccountError(`"${member.name}" is not in "${group.name}" itself.`)
  await followGroup(tx, group, sharing)
}

/** What is shared with a group is its members'. */
async function followGroup(tx: Writer, { id }: PrincipalRow, sharing: Sharing): Promise<void> {
  await reconcileGroup(tx, id, sharing)
  await reconcileReceivers(tx, await giversTo(tx, id), sharing)
}

/** @throws AccountError when there is none of that name */
export function findGroup(reader: Reader, name: string): Promise<PrincipalRow> {
  return findNamed(reader, name, 'group')
}

async function checkNesting(
  reader: Reader,
  group: PrincipalRow,
  member: PrincipalRow,
  { limits }: Settings,
): Promise<void> {
  const { principals } = await belongingsOf(reader, group.id)
  if (principals.has(member.id))
    throw new AccountError(`"${group.name}" is in "${member.name}": groups may not go in a circle.`)
  const levels = (await levelsAbove(reader, group.id)) + 1 + (await levelsBelow(reader, member.id))
  if (levels >= limits.groupLevels)
    throw new AccountError(`Groups may be in each other ${limits.groupLevels} levels deep at most.`)
}
