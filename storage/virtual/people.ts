import { inList } from '../database.ts'
import type { CollectionId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import { grouped } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Puts people into a book that is made of them. */
export async function addVirtualPeople(
  tx: Writer,
  id: CollectionId,
  parties: readonly PartyId[],
): Promise<void> {
  for (const partyId of parties)
    await tx.sql.run(
      'INSERT INTO virtual_people (collection_id, party_id) VALUES ($1, $2) ON CONFLICT (collection_id, party_id) DO NOTHING',
      [id, partyId],
    )
}

/** Who is named in a book. */
export async function virtualPeopleIn({ sql }: Reader, id: CollectionId): Promise<PartyId[]> {
  const rows = await sql.all<{ partyId: PartyId }>(
    'SELECT party_id AS "partyId" FROM virtual_people WHERE collection_id = $1 ORDER BY party_id',
    [id],
  )
  return rows.map(({ partyId }) => partyId)
}

export async function removeVirtualPeople(
  tx: Writer,
  id: CollectionId,
  parties: readonly PartyId[],
): Promise<void> {
  const condition = inList(tx.sql.dialect, 'party_id', '$2', 'bigint')
  await tx.sql.run(`DELETE FROM virtual_people WHERE collection_id = $1 AND ${condition}`, [id, parties])
}

/** The books that any of these people is in; they and their twins are told apart by the caller. */
export async function booksOfPeople(
  { sql }: Reader,
  parties: readonly PartyId[],
): Promise<{ collectionId: CollectionId; partyId: PartyId }[]> {
  return sql.all(
    `SELECT w.collection_id AS "collectionId", w.party_id AS "partyId" FROM virtual_people w
     WHERE ${inList(sql.dialect, 'w.party_id', '$1', 'bigint')}`,
    [parties],
  )
}

/** Whose they are, and which cards are looked for. */
export interface PeopleOf {
  /** The book that names the people. */
  readonly id: CollectionId
  readonly ownerId: PrincipalId
}

const fromPlacements = `FROM virtual_people w JOIN placements p ON p.party_id = w.party_id AND p.removed_at IS NULL
  JOIN collections c ON c.id = p.collection_id AND c.deleted_at IS NULL
  WHERE w.collection_id = $1 AND c.principal_id = $2`

/** The living cards of those people in the owner's books, by id. */
export async function cardsOfPeople(
  { sql }: Reader,
  { id, ownerId }: PeopleOf,
  after: ObjectId,
  limit: number,
): Promise<ObjectId[]> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT p.object_id AS id ${fromPlacements} AND p.object_id > $3 ORDER BY p.object_id LIMIT $4`,
    [id, ownerId, after, limit],
  )
  return rows.map((row) => row.id)
}

/** Which of these cards are theirs. */
export async function cardsAmongPeople(
  { sql }: Reader,
  { id, ownerId }: PeopleOf,
  ids: readonly ObjectId[],
): Promise<ReadonlySet<ObjectId>> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT p.object_id AS id ${fromPlacements} AND ${inList(sql.dialect, 'p.object_id', '$3', 'bigint')}`,
    [id, ownerId, ids],
  )
  return new Set(rows.map((row) => row.id))
}

/** Who is named in each of these books. */
export async function peopleInBooks(
  { sql }: Reader,
  ids: readonly CollectionId[],
): Promise<ReadonlyMap<CollectionId, readonly PartyId[]>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<{ collectionId: CollectionId; partyId: PartyId }>(
    `SELECT w.collection_id AS "collectionId", w.party_id AS "partyId" FROM virtual_people w
     WHERE ${inList(sql.dialect, 'w.collection_id', '$1', 'bigint')}`,
    [ids],
  )
  const people = grouped(rows, ({ collectionId }) => collectionId)
  return new Map([...people].map(([id, named]) => [id, named.map(({ partyId }) => partyId)]))
}
