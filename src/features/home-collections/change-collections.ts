import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { patchCollection, setDefaultCollection } from '../../../storage/collection-writes.ts'
import {
  type CollectionKind,
  type CollectionPatch,
  type CollectionRow,
  findCollectionById,
  isServerOnly,
} from '../../../storage/collections.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { CollectionId, HomeId } from '../../../storage/ids.ts'
import { patchMount } from '../../../storage/mount-writes.ts'
import { findMountOn, type MountRow } from '../../../storage/mounts.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Writing } from '../calendar-events/store-member.ts'
import { checkUnlocked } from '../cards/locked.ts'
import { makeCollection, removeCollection } from '../collections.ts'
import { notThere } from '../people/asking.ts'
import { mountAccess } from '../rights/mount-access.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { declineInvite } from '../sharing/sharing.ts'

/** A calendar or an address book, and how somebody has it. */
export interface HeldCollection {
  readonly row: CollectionRow
  readonly access: PrivilegeSet
  /** Of another's, where it is in his home. */
  readonly mount: MountRow | undefined
  readonly isOwn: boolean
}

/** @throws refusal 404 for one that is not there, or that the caller does not read */
export async function mustHold(
  reader: Reader,
  session: Session,
  { id, kind }: { readonly id: CollectionId; readonly kind: CollectionKind },
): Promise<HeldCollection> {
  const row = await findCollectionById(reader, id)
  if (row?.kind !== kind || row.generated === 'masked') throw notThere()
  const place = collectionPlace(row)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const isOwn = row.principalId === session.principal.id
  const mounted = isOwn ? undefined : await findMountOn(reader, id, session.principal.id)
  const mount = mounted?.mount.state === 'accepted' ? mounted.mount : undefined
  const access = mount ? mountAccess(session, mount, rights) : rights
  if ((access & bit.read) === 0) throw notThere()
  return { row, access, mount, isOwn }
}

/** Makes a calendar or an address book in the caller's own home. @throws max-collections */
export async function makeOwn(
  tx: Writer,
  kind: CollectionKind,
  properties: CollectionPatch,
  { session, newId, origin, settings }: Writing,
): Promise<CollectionRow> {
  if (session.scope !== 'write') throw mayNot()
  const homeId = await homeOf(tx, session, kind)
  const made = { ...properties, kind, name: newId(), resourceId: newId() }
  return makeCollection(tx, homeId, made, origin, settings)
}

/** The home of an account. */
export async function homeOf(reader: Reader, { principal }: Session, kind: CollectionKind): Promise<HomeId> {
  const wanted = kind === 'calendar' ? 'calendars' : 'addressbooks'
  const home = (await listHomes(reader, principal.id)).find((own) => own.kind === wanted)
  if (!home) throw refuseStatus(409, 'This account has no home for that.')
  return home.id
}

/**
 * Changes what a collection is called and how it looks; of one of another what whoever has it sees.
 * @throws refusal 403
 */
export async function changeHeld(
  tx: Writer,
  { row, access, mount, isOwn }: HeldCollection,
  { isDefault, ...patch }: CollectionPatch & { readonly isDefault?: boolean },
  { origin, session }: Writing,
): Promise<void> {
  if (session.scope !== 'write') throw mayNot()
  if (isDefault && (!isOwn || isServerOnly(row)))
    throw refuseStatus(409, 'Only one of your own that you write into can take what is new.')
  if (mount) return patchMount(tx, mount, patch, origin)
  if (!isOwn || (access & bit['write-properties']) === 0) throw mayNot()
  if (isDefault) await setDefaultCollection(tx, row)
  await patchCollection(tx, row, patch, origin)
}

/** Sends a collection to the trash; one of another is only not had any more. @throws refusal 403, 423 */
export async function removeHeld(
  tx: Writer,
  { row, mount, isOwn }: HeldCollection,
  writing: Writing,
): Promise<void> {
  const { origin, session, settings } = writing
  if (session.scope !== 'write') throw mayNot()
  if (mount) return declineInvite(tx, mount, writing)
  if (!isOwn) throw mayNot()
  await checkUnlocked(tx, row, undefined, 'remove')
  await removeCollection(tx, row, origin, settings)
}

function mayNot(): Error {
  return refuse('need-privileges', { message: 'You may look at it, and not change it.' })
}
