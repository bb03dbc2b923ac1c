import type { PartyId } from '../../../storage/ids.ts'
import {
  findParties,
  type PartyRow,
  type PlacementRow,
  placementsOf,
} from '../../../storage/people/parties.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Reach } from './reach.ts'

/** Somebody, as whoever asks sees him: by the cards that he reads. */
export interface SeenParty {
  readonly row: PartyRow
  /** At least one; the first is the one that he is shown by. */
  readonly placements: readonly [PlacementRow, ...PlacementRow[]]
}

/** Ids that lead on to others at most, of people who were merged time and again. */
const mostMerges = 20

/**
 * Somebody whom the caller sees; undefined for anybody else, whether or not he is there. The id of one who was merged
 * into another leads to that one.
 */
export async function findParty(
  reader: Reader,
  reach: Pick<Reach, 'bookIds'>,
  id: PartyId,
): Promise<SeenParty | undefined> {
  const row = await survivor(reader, id)
  return row && (await seeParties(reader, reach, [row.id])).get(row.id)
}

/** Those of these people whom the caller sees, by id. */
export async function seeParties(
  reader: Reader,
  { bookIds }: Pick<Reach, 'bookIds'>,
  ids: readonly PartyId[],
): Promise<ReadonlyMap<PartyId, SeenParty>> {
  const rows = await findParties(reader, ids)
  const placements = grouped(await placementsOf(reader, [...rows.keys()], bookIds), ({ partyId }) => partyId)
  const seen = new Map<PartyId, SeenParty>()
  for (const [id, [first, ...others]] of placements) {
    const row = rows.get(id)
    if (row && first) seen.set(id, { row, placements: [first, ...others] })
  }
  return seen
}

async function survivor(reader: Reader, id: PartyId): Promise<PartyRow | undefined> {
  let row = (await findParties(reader, [id])).get(id)
  for (let merges = 0; row?.mergedInto != null && merges < mostMerges; merges += 1)
    row = (await findParties(reader, [row.mergedInto])).get(row.mergedInto)
  return row
}
