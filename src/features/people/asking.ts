import type { Settings } from '../../../config/defaults.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CollectionId, PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findParties } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { type ChangeCall, idIn, originOf, type RawCall } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { findParty, type SeenParty, seeParties } from './parties.ts'
import { mayWrite, type Reach, reachOf } from './reach.ts'

/** Who asks, and what he reaches. */
export interface Asking {
  readonly session: Session
  readonly reach: Reach
}

/** Whoever changes what is known of people. */
export interface Acting extends Asking {
  readonly origin: Origin
  readonly settings: Settings
}

/** Who acts, and on whom. */
export interface Opened extends Acting {
  readonly party: SeenParty
}

export async function askingOf(reader: Reader, { session }: Pick<RawCall, 'session'>): Promise<Asking> {
  return { session, reach: await reachOf(reader, session) }
}

export async function actingOf(
  reader: Reader,
  { session, origin, settings }: Pick<Acting, 'session' | 'origin' | 'settings'>,
): Promise<Acting> {
  return { ...(await askingOf(reader, { session })), origin, settings }
}

/** Whom the path names. @throws refusal 404 where the caller does not see him, whether or not he is there */
export async function mustFindParty(
  reader: Reader,
  call: Pick<RawCall, 'params' | 'session'>,
): Promise<{ readonly asking: Asking; readonly party: SeenParty }> {
  const asking = await askingOf(reader, call)
  const party = await findParty(reader, asking.reach, idIn(call))
  if (!party) throw notThere()
  return { asking, party }
}

/**
 * Whom the path of a change names, of whom the caller may change what is known.
 * @throws refusal 404 where he does not see him; 403 where he may only look; 412
 */
export async function openParty(tx: Writer, call: ChangeCall<unknown, unknown>): Promise<Opened> {
  const acting = await actingOf(tx, { ...call, origin: originOf(call) })
  const party = await mustWrite(tx, acting, idIn(call))
  checkMatch(call, etagOfVersion(party.row.version))
  return { ...acting, party }
}

/** Somebody a card of whom the caller may write. @throws refusal 404, 403 */
export async function mustWrite(
  reader: Reader,
  { reach }: Pick<Asking, 'reach'>,
  id: PartyId,
): Promise<SeenParty> {
  const party = await findParty(reader, reach, id)
  if (!party) throw notThere()
  const writable = writableBooks(reach)
  if (!party.placements.some(({ collectionId }) => writable.has(collectionId)))
    throw refuse('need-privileges', { message: 'You may look at these contacts, and not change them.' })
  return party
}

/** The books whose cards somebody may change. */
export function writableBooks({ books }: Pick<Reach, 'books'>): ReadonlySet<CollectionId> {
  return new Set(books.filter(mayWrite).map(({ row }) => row.id))
}

/** Somebody whom the body of a change names. @throws refusal 422 where the caller does not see him */
export async function mustSee(
  reader: Reader,
  { reach }: Pick<Asking, 'reach'>,
  id: PartyId,
): Promise<SeenParty> {
  const found = (await seeParties(reader, reach, [id])).get(id)
  if (!found || found.row.mergedInto !== null) throw refuseStatus(422, `There is nobody with the id ${id}.`)
  return found
}

/** The entity tag of somebody after what has been done in this write. */
export async function etagNow(reader: Reader, id: PartyId): Promise<string | undefined> {
  const row = (await findParties(reader, [id])).get(id)
  return row && etagOfVersion(row.version)
}

export const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')
