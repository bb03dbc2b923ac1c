import { z } from 'zod'
import { moveCollection } from '../../../../storage/collection-writes.ts'
import { findCollectionById } from '../../../../storage/collections.ts'
import { listHomes } from '../../../../storage/homes.ts'
import type { CollectionId, PrincipalId } from '../../../../storage/ids.ts'
import { findPrincipalByName } from '../../../../storage/principals.ts'
import { removePrincipal } from '../../../../storage/purge.ts'
import {
  findRemoved,
  makeDefaultAgain,
  type RemovedRow,
  unmarkRemoved,
} from '../../../../storage/removed/removed.ts'
import { tieAgain } from '../../../../storage/removed/set-aside.ts'
import { lockReach, setShare } from '../../../../storage/shares.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { hasMaskHolders } from '../../../../storage/virtual/masks.ts'
import { foldName } from '../../../auth/basic.ts'
import { giveOwnedBack } from '../../facts/roles.ts'
import { giversTo, reconcileReceivers } from '../../grants/grants.ts'
import { reconcileMounts, type Sharing, sharedThrough } from '../../sharing/sharing.ts'
import { reviewMasks } from '../../virtual/virtual.ts'
import { AccountError } from '../account-error.ts'
import { findNotesAgain, freeName as freeCollectionName } from '../hand-over.ts'
import { article, freeName } from '../named.ts'
import { inOrder } from './close.ts'

/** @throws AccountError */
export async function mustFindRemoved(reader: Reader, id: PrincipalId): Promise<RemovedRow> {
  const found = await findRemoved(reader, id)
  if (found) return found
  throw new AccountError('Nobody who was removed has this number.')
}

/**
 * Brings somebody back who was removed: what he holds, who was in it, what was shared, and what his heir was given and has still. His
 * devices sync on where they were; browsers have to sign in again.
 * @param as  another name, where his own is another's by now
 * @returns the name
 * @throws AccountError where the name is taken
 */
export async function bringBack(
  tx: Writer,
  removed: RemovedRow,
  { as }: { readonly as?: string | undefined },
  sharing: Sharing,
): Promise<string> {
  await lockReach(tx)
  const { id } = removed
  const name = as === undefined ? await ownName(tx, removed) : await freeName(tx, as)
  await unmarkRemoved(tx, id, name)
  const returned = await takeBack(tx, removed, sharing)
  const { collections, givers } = await tieAgain(tx, id)
  const shared = [...returned, ...collections, ...(await sharedThrough(tx, id))]
  await reconcileMounts(tx, inOrder(shared), sharing)
  await reconcileReceivers(tx, inOrder([...givers, ...(await giversTo(tx, id)), id]), sharing)
  const people = z.array(z.int()).parse(JSON.parse(removed.people))
  if (people.length > 0) await giveOwnedBack(tx, people, { from: removed.heirId, to: id }, sharing.origin)
  if (await hasMaskHolders(tx)) await reviewMasks(tx, sharing.origin)
  return name
}

/** @throws AccountError where it is another's by now */
async function ownName(reader: Reader, { name }: RemovedRow): Promise<string> {
  const taken = await findPrincipalByName(reader, name)
  if (!taken) return name
  throw new AccountError(
    `There is ${article(taken.kind)} "${name}" by now: say under which other name this one comes back.`,
  )
}

const givenCollections = z.array(
  z.object({
    ...{ id: z.int(), name: z.string(), isDefault: z.boolean() },
    share: z
      .object({
        access: z.enum(['read', 'read-write', 'no-delete', 'free-busy']),
        summary: z.string().nullable(),
      })
      .nullable(),
  }),
)

/** The collections that the heir was given, and has still, are where they were. @returns them */
async function takeBack(tx: Writer, removed: RemovedRow, { origin }: Sharing): Promise<CollectionId[]> {
  const { id: principalId, heirId, segment } = removed
  const homes = await listHomes(tx, principalId)
  const returned: CollectionId[] = []
  for (const { id, name, isDefault, share } of givenCollections.parse(JSON.parse(removed.given))) {
    const collection = await findCollectionById(tx, id)
    const home = homes.find(({ kind }) => (kind === 'calendars') === (collection?.kind === 'calendar'))
    if (!collection || !home || heirId === null || collection.principalId !== heirId) continue
    const to = { homeId: home.id, name: await freeCollectionName(tx, home.id, { name }, { segment }) }
    await moveCollection(tx, collection, to, origin)
    if (isDefault) await makeDefaultAgain(tx, id)
    if (share) await setShare(tx, { collectionId: id, principalId: heirId, ...share })
    await findNotesAgain(tx, collection)
    returned.push(id)
  }
  return returned
}

/**
 * Removes somebody for good who was removed before, with all that he holds.
 * @param name  his own, said once more
 * @throws AccountError where that is not his
 */
export async function removeForGood(tx: Writer, removed: RemovedRow, name: string): Promise<void> {
  if (foldName(name) !== removed.name)
    throw new AccountError(`That is not the name of whom you remove for good, which is "${removed.name}".`)
  await removePrincipal(tx, removed.id, { keepSegment: removed.kind === 'group' })
}
