import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { factsBy } from '../../../storage/facts/fact-rows.ts'
import { type RelationRow, relationTable } from '../../../storage/facts/tables.ts'
import type { PartyId, RelationId } from '../../../storage/ids.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type Acting, mustSee, type Opened } from '../people/asking.ts'
import { seeParties } from '../people/parties.ts'
import { showRelation } from './bound/show-in-cards.ts'
import { dayOf, isCurrent } from './days.ts'
import { stripped } from './memberships.ts'
import { inverseOf, typeNamed } from './relation-types.ts'
import { checkRoom, relations, setFact, type Wanted } from './row-facts.ts'

/** What is said of a relation; what is not given stays, or is empty. */
export interface RelationInput {
  readonly type?: string | undefined
  readonly inverse?: string | undefined
  readonly other?: PartyId | null | undefined
  readonly name?: string | undefined
  readonly since?: string | null | undefined
  readonly until?: string | null | undefined
}

/** The relations of these people, whichever side they are on, as they are kept. */
export async function relationRowsOf(reader: Reader, ids: readonly PartyId[]): Promise<RelationRow[]> {
  const rows = [
    ...(await factsBy(reader, relationTable, 'partyId', ids)),
    ...(await factsBy(reader, relationTable, 'otherId', ids)),
  ]
  return [...new Map(rows.map((row) => [row.id, row])).values()].sort((one, other) => one.id - other.id)
}

/** The relations of somebody as seen from him: he is the party, and whom he knows the other. */
export async function relationsOf(reader: Reader, id: PartyId): Promise<RelationRow[]> {
  return (await relationRowsOf(reader, [id])).map((row) => from(id, row))
}

/** A relation as seen from one of its sides. */
export function from(id: PartyId, row: RelationRow): RelationRow {
  if (row.partyId === id || row.otherId !== id) return row
  const { partyId, type, inverse, name, otherName } = row
  return {
    ...row,
    partyId: id,
    otherId: partyId,
    type: inverse,
    inverse: type,
    name: otherName,
    otherName: name,
  }
}

export async function addRelation(
  tx: Writer,
  opened: Opened,
  input: RelationInput & { readonly type: string },
): Promise<RelationRow> {
  const { id } = opened.party.row
  const rows = await relationsOf(tx, id)
  checkRoom(rows.length, opened.settings.limits.relationsPerParty, 'relations of one person')
  const type = typeNamed(input.type)
  const empty = { partyId: id, otherId: null, name: '', otherName: '', sinceOn: null, untilOn: null }
  const wanted = await merged(tx, opened, { ...empty, type, inverse: inverseOf(type, undefined) }, input)
  checkKnown(rows, wanted, dayOf(tx.now))
  return mustBe(await saveRelation(tx, opened, undefined, wanted))
}

/** @throws refusal 404 */
export async function changeRelation(
  tx: Writer,
  opened: Opened,
  item: RelationId,
  input: RelationInput,
): Promise<RelationRow> {
  const { id } = opened.party.row
  const { rows, row, seen } = await mustFind(tx, opened, item)
  const wanted = { ...(await merged(tx, opened, seen, input)), id: row.id }
  checkKnown(
    rows.filter((other) => other.id !== row.id),
    wanted,
    dayOf(tx.now),
  )
  // It is kept from the side that it was made from, for as long as there are two.
  const kept = wanted.otherId === null ? wanted : from(row.partyId, wanted)
  return from(id, mustBe(await saveRelation(tx, opened, row, kept)))
}

/** @throws refusal 404 */
export async function removeRelation(tx: Writer, opened: Opened, item: RelationId): Promise<void> {
  const { row } = await mustFind(tx, opened, item)
  await saveRelation(tx, opened, row, undefined)
}

/** Writes a relation as it is to be, and its names into the cards of both that the caller may change. */
export async function saveRelation(
  tx: Writer,
  acting: Acting,
  before: RelationRow | undefined,
  wanted: Wanted<RelationRow> | undefined,
): Promise<RelationRow | undefined> {
  const saved = await setFact(tx, relations, before, wanted, acting.origin)
  await showRelation(tx, acting, before, saved)
  return saved
}

async function merged(
  tx: Writer,
  opened: Opened,
  before: Wanted<RelationRow>,
  input: RelationInput,
): Promise<Wanted<RelationRow>> {
  const type = input.type === undefined ? before.type : typeNamed(input.type)
  const isOther = type !== before.type || input.inverse !== undefined
  const after = {
    ...before,
    ...stripped({ sinceOn: input.since, untilOn: input.until }),
    ...(await otherSide(tx, opened, before, input)),
    type,
    inverse: isOther ? inverseOf(type, input.inverse) : before.inverse,
  }
  if (after.sinceOn !== null && after.untilOn !== null && after.untilOn < after.sinceOn)
    throw refuseStatus(422, 'until: it is over before it begins')
  return after
}

async function otherSide(
  tx: Writer,
  { party, reach }: Opened,
  before: Wanted<RelationRow>,
  { other: id, name }: RelationInput,
): Promise<Pick<RelationRow, 'otherId' | 'name' | 'otherName'>> {
  const { otherId, otherName } = before
  if (id === undefined || id === otherId) return { otherId, name: name ?? before.name, otherName }
  if (id === null) return { otherId: null, name: name ?? before.name, otherName: '' }
  const found = await mustSee(tx, { reach }, id)
  if (found.row.id === party.row.id) throw refuseStatus(422, 'other: nobody is related to himself')
  const [shown] = found.placements
  return { otherId: found.row.id, name: name ?? shown.name, otherName: party.placements[0].name }
}

/** @throws refusal 422 where they are that to each other already */
function checkKnown(rows: readonly RelationRow[], wanted: Wanted<RelationRow>, today: string): void {
  const isKnown = rows.some(
    (row) =>
      row.otherId !== null &&
      row.otherId === wanted.otherId &&
      row.type === wanted.type &&
      isCurrent(row, today),
  )
  if (isKnown && isCurrent(wanted, today)) throw refuseStatus(422, 'They are that to each other already.')
}

async function mustFind(reader: Reader, { party, reach }: Opened, item: RelationId) {
  const kept = await relationRowsOf(reader, [party.row.id])
  const row = kept.find(({ id }) => id === item)
  const seen = row && from(party.row.id, row)
  const isSeen =
    seen && (seen.otherId === null || (await seeParties(reader, reach, [seen.otherId])).has(seen.otherId))
  if (!seen || !isSeen) throw refuseStatus(404, 'There is no such relation.')
  return { rows: kept.map((one) => from(party.row.id, one)), row, seen }
}

function mustBe<Row>(row: Row | undefined): Row {
  if (row === undefined) throw new Error('The fact was not written.')
  return row
}
