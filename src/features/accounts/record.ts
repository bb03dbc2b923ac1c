import { listGroupMembers } from '../../../storage/groups.ts'
import type { ThingKindName } from '../../../storage/history/thing-revisions.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findLivingPrincipal, type PrincipalKind, type PrincipalRow } from '../../../storage/principals.ts'
import { findQuota } from '../../../storage/quotas.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { recordThing, type ThingState } from '../history/things/record.ts'

/** How the history calls what principals are. */
export const thingOfKind = {
  user: 'account',
  group: 'group',
  room: 'room',
  resource: 'room',
} as const satisfies Readonly<Record<PrincipalKind, ThingKindName>>

/**
 * Changes an account, a group, a room or a resource, and writes down what of it.
 * @param act  what is done, which is not recorded by itself
 */
export async function recordedPrincipal<T>(
  tx: Writer,
  id: PrincipalId,
  origin: Origin,
  act: () => Promise<T>,
): Promise<T> {
  const before = await stateOf(tx, id)
  const done = await act()
  const after = await stateOf(tx, id)
  const row = await findLivingPrincipal(tx, id)
  if (row)
    await recordThing(
      tx,
      { kind: thingOfKind[row.kind], key: String(id), ownerId: null, before, after },
      origin,
    )
  return done
}

async function stateOf(reader: Reader, id: PrincipalId): Promise<ThingState | undefined> {
  const row = await findLivingPrincipal(reader, id)
  return row && { displayName: row.displayName, email: row.email, ...(await moreOf(reader, row)) }
}

async function moreOf(reader: Reader, row: PrincipalRow): Promise<ThingState> {
  if (row.kind === 'group')
    return { members: (await listGroupMembers(reader, row.id)).map((member) => member.id) }
  if (row.kind !== 'user') {
    const { description, place, capacity } = row
    return { description, place, capacity }
  }
  const { name, language, timeZone, requestLimit } = row
  const { limitBytes = null } = (await findQuota(reader, row.id)) ?? {}
  return { name, language, timeZone, requestLimit, limitBytes, isLocked: row.lockedAt !== null }
}
