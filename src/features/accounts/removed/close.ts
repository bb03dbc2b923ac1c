import type { PartyId, PrincipalId } from '../../../../storage/ids.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import { type GivenCollection, markRemoved } from '../../../../storage/removed/removed.ts'
import { setAside } from '../../../../storage/removed/set-aside.ts'
import { listSharedCollections, lockReach } from '../../../../storage/shares.ts'
import type { Writer } from '../../../../storage/store.ts'
import { hasMaskHolders } from '../../../../storage/virtual/masks.ts'
import { giversTo, reconcileReceivers } from '../../grants/grants.ts'
import { reconcileMounts, type Sharing, sharedThrough } from '../../sharing/sharing.ts'
import { reviewMasks } from '../../virtual/virtual.ts'

/** What was given away before somebody is removed. */
export interface Handed {
  readonly heirId?: PrincipalId | undefined
  readonly given?: readonly GivenCollection[]
  readonly people?: readonly PartyId[]
}

/**
 * Removes an account, a group, a room or a resource until it is brought back or its time is over: nobody signs in to it or finds it,
 * what it shares with others or they with it ends, and who was in it is so no longer. What it holds stays as it is, with the state of
 * its sync.
 */
export async function closePrincipal(
  tx: Writer,
  { id, kind }: Pick<PrincipalRow, 'id' | 'kind'>,
  { heirId, given = [], people = [] }: Handed,
  sharing: Sharing,
): Promise<void> {
  await lockReach(tx)
  const affected = new Set([...(await sharedThrough(tx, id)), ...(await listSharedCollections(tx, id))])
  const givers = new Set([...(await giversTo(tx, id)), id])
  await setAside(tx, id)
  await reconcileMounts(tx, inOrder(affected), sharing)
  await reconcileReceivers(tx, inOrder(givers), sharing)
  await markRemoved(tx, id, { authorId: sharing.origin.authorId, heirId, given, people })
  if (kind === 'group' && (await hasMaskHolders(tx))) await reviewMasks(tx, sharing.origin)
}

/** The same order everywhere, so that no two writes wait for each other. */
export function inOrder<Id extends number>(ids: Iterable<Id>): Id[] {
  return [...new Set(ids)].sort((one, other) => one - other)
}
