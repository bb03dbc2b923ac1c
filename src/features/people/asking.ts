import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { Reader } from '../../../storage/store.ts'
import { idIn, type RawCall } from '../../api/route.ts'
import type { Session } from '../../auth/session.ts'
import { findParty, type SeenParty } from './parties.ts'
import { type Reach, reachOf } from './reach.ts'

/** Who asks, and what he reaches. */
export interface Asking {
  readonly session: Session
  readonly reach: Reach
}

export async function askingOf(reader: Reader, { session }: Pick<RawCall, 'session'>): Promise<Asking> {
  return { session, reach: await reachOf(reader, session) }
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

export const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')
