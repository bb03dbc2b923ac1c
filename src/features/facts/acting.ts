import type { Settings } from '../../../config/defaults.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { CollectionId, PartyId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findParties } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch, etagOfVersion } from '../../api/conditions.ts'
import { type ChangeCall, idIn, originOf } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { findParty, type SeenParty, seeParties } from '../people/parties.ts'
import { mayWrite, type Reach, reachOf } from '../people/reach.ts'

/** Whoever changes facts. */
export interface Acting {
  readonly session: Session
  readonly origin: Origin
  readonly settings: Settings
  readonly reach: Reach
  /** The books whose cards he may change. */
  readonly writable: ReadonlySet<CollectionId>
}

/** Who acts, and on whom. */
export interface Opened extends Acting {
  readonly party: SeenParty
}

export async function actingOf(
  reader: Reader,
  { session, origin, settings }: Pick<Acting, 'session' | 'origin' | 'settings'>,
): Promise<Acting> {
  const reach = await reachOf(reader, session)
  const writable = new Set(reach.books.filter(mayWrite).map(({ row }) => row.id))
  return { session, origin, settings, reach, writable }
}

/**
 * Whom the path of a change names, whose facts the caller may change.
 * @throws refusal 404 where he does not see him; 403 where he may only look; 412
 */
export async function openParty(tx: Writer, call: ChangeCall<unknown, unknown>): Promise<Opened> {
  const acting = await actingOf(tx, { ...call, origin: originOf(call) })
  const party = await mustWrite(tx, acting, idIn(call))
  checkMatch(call, etagOfVersion(party.row.version))
  return { ...acting, party }
}

/** @throws refusal 404, 403 */
export async function mustWrite(reader: Reader, acting: Acting, id: PartyId): Promise<SeenParty> {
  const party = await findParty(reader, acting.reach, id)
  if (!party) throw nobody()
  if (!party.placements.some(({ collectionId }) => acting.writable.has(collectionId)))
    throw refuse('need-privileges', { message: 'You may look at these contacts, and not change them.' })
  return party
}

/** Somebody whom the body of a change names. @throws refusal 422 where the caller does not see him */
export async function mustSee(
  reader: Reader,
  { reach }: Pick<Acting, 'reach'>,
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

export function nobody(): Error {
  return refuseStatus(404, 'There is nobody at this address.')
}
