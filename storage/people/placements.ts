import { inList } from '../database.ts'
import { forgetFactRevisions } from '../history/fact-revisions.ts'
import { forgetThingsOf } from '../history/thing-revisions.ts'
import type { ActivityId, CollectionId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import type { Writer } from '../store.ts'
import { removeForsakenActivities } from '../timeline/activities.ts'
import { type PlacementRow, placementColumns, placementFields } from './parties.ts'

/** Whom a card describes, as derived from its octets. */
export interface PersonIndex {
  readonly kind: 'person' | 'org'
  /** The name to show. */
  readonly name: string
  /** What lists are sorted by. */
  readonly sortKey: string
}

/** A card that is somebody's. */
export interface Placed {
  readonly objectId: ObjectId
  readonly collectionId: CollectionId
  /** The owner of the collection. */
  readonly principalId: PrincipalId
  /** Its key: see `uidKey`. */
  readonly uid: string | null
  /** Whether it has never been there before. */
  readonly isNew: boolean
}

/**
 * Says whom a card describes. A card that is new is of the person who has that UID in the same owner's books, also of
 * one in the trash: a phone that moves somebody to another book sends him anew. Without one it is of a new person.
 * @param person  undefined for a card that is, or has become, a list of people: that is in no place
 */
export async function place(
  tx: Writer,
  card: Placed,
  person: PersonIndex | undefined,
): Promise<PlacementRow | undefined> {
  if (!person) {
    if (!card.isNew) await displace(tx, card.objectId)
    return undefined
  }
  const again = card.isNew ? undefined : await placeAgain(tx, card, person)
  if (again) return again
  const partyId = (await partyOfUid(tx, card)) ?? (await addParty(tx))
  await addPlacement(tx, card, partyId, person)
  return rowOf(card, partyId, person)
}

/** The same for a card that is there already, and is derived again. */
export async function replaceAsDerived(
  tx: Writer,
  objectId: ObjectId,
  person: PersonIndex | undefined,
): Promise<void> {
  const card = await tx.sql.first<Omit<Placed, 'isNew'>>(
    `SELECT o.id AS "objectId", o.collection_id AS "collectionId", c.principal_id AS "principalId", o.uid
     FROM objects o JOIN collections c ON c.id = o.collection_id WHERE o.id = $1`,
    [objectId],
  )
  if (card) await place(tx, { ...card, isNew: false }, person)
}

/** Gives a card to a person who is there already. */
export function addPlacement(
  tx: Writer,
  { objectId, collectionId, uid }: Omit<Placed, 'principalId' | 'isNew'>,
  partyId: PartyId,
  { kind, name, sortKey }: PersonIndex,
): Promise<number> {
  return tx.sql.run(
    `INSERT INTO placements (object_id, party_id, collection_id, uid_key, kind, name, sort_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [objectId, partyId, collectionId, uid, kind, name, sortKey],
  )
}

/** A person without any facts or cards yet. */
export async function addParty(tx: Writer): Promise<PartyId> {
  const row = await tx.sql.first<{ id: PartyId }>(
    'INSERT INTO parties (version, created_at, changed_at) VALUES (1, $1, $1) RETURNING id',
    [tx.now],
  )
  if (row === undefined) throw new Error('The party was not made.')
  tx.madeParties.add(row.id)
  return row.id
}

/** The card is in the trash; whoever it describes stays. */
export async function displace(tx: Writer, objectId: ObjectId): Promise<void> {
  await tx.sql.run('UPDATE placements SET removed_at = $2 WHERE object_id = $1 AND removed_at IS NULL', [
    objectId,
    tx.now,
  ])
}

/** The card is in another book now. */
export async function placeElsewhere(tx: Writer, objectId: ObjectId, to: CollectionId): Promise<void> {
  await tx.sql.run('UPDATE placements SET collection_id = $2 WHERE object_id = $1', [objectId, to])
}

/** Forgets cards that are gone for good, and whoever has no other card. */
export async function forgetPlacements(tx: Writer, ids: readonly ObjectId[]): Promise<void> {
  const { sql } = tx
  const rows = await sql.all<{ partyId: PartyId }>(
    `DELETE FROM placements WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')} RETURNING party_id AS "partyId"`,
    [ids],
  )
  if (rows.length > 0) await forgetForsaken(tx, [...new Set(rows.map(({ partyId }) => partyId))])
}

/** The same for all that a book had, in the trash too, before the book goes for good. */
export async function forgetPlacementsIn(tx: Writer, id: CollectionId): Promise<void> {
  const text = 'DELETE FROM placements WHERE collection_id = $1 RETURNING party_id AS "partyId"'
  const rows = await tx.sql.all<{ partyId: PartyId }>(text, [id])
  await forgetForsaken(tx, [...new Set(rows.map(({ partyId }) => partyId))])
}

/** Forgets those of these people who have no card, not even in the trash, and what is known of them alone; who was merged into them too. */
export async function forgetForsaken(tx: Writer, ids: readonly PartyId[]): Promise<void> {
  const { sql } = tx
  if (ids.length === 0) return
  const forsaken = await sql.all<{ id: PartyId }>(
    `WITH RECURSIVE gone(id) AS (
       SELECT y.id FROM parties y WHERE ${inList(sql.dialect, 'y.id', '$1', 'bigint')}
         AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.party_id = y.id)
       UNION SELECT m.id FROM parties m JOIN gone g ON m.merged_into = g.id)
     SELECT id FROM gone ORDER BY id`,
    [ids],
  )
  if (forsaken.length > 0)
    await removeParties(
      tx,
      forsaken.map(({ id }) => id),
    )
}

/** What is written about nobody else goes with them. */
async function removeParties(tx: Writer, ids: readonly PartyId[]): Promise<void> {
  const { sql } = tx
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const written = await sql.all<{ id: ActivityId }>(
    `SELECT DISTINCT activity_id AS id FROM activity_parties WHERE ${isOf('party_id')}`,
    [ids],
  )
  await sql.run(`DELETE FROM parties WHERE ${isOf('id')}`, [ids])
  await forgetFactRevisions(tx, ids)
  await forgetThingsOf(tx, ids)
  await removeForsakenActivities(
    tx,
    written.map(({ id }) => id),
  )
}

/** An id is never used again; a card that comes back has its old one, and its place. What stays as it is is not written. */
async function placeAgain(tx: Writer, card: Placed, person: PersonIndex): Promise<PlacementRow | undefined> {
  const { objectId, collectionId, uid } = card
  // Whoever makes two people one meanwhile waits, or is waited for.
  const lock = tx.sql.dialect === 'postgres' ? ' FOR UPDATE' : ''
  const known = await tx.sql.first<PlacementRow>(
    `SELECT ${placementColumns} FROM placements p WHERE p.object_id = $1${lock}`,
    [objectId],
  )
  if (!known) return undefined
  const row = rowOf(card, known.partyId, person)
  if (placementFields.every((field) => row[field] === known[field])) return known
  await tx.sql.run(
    `UPDATE placements SET collection_id = $2, uid_key = $3, kind = $4, name = $5, sort_key = $6, removed_at = NULL
     WHERE object_id = $1`,
    [objectId, collectionId, uid, person.kind, person.name, person.sortKey],
  )
  return row
}

function rowOf(
  { objectId, collectionId, uid }: Placed,
  partyId: PartyId,
  { kind, name, sortKey }: PersonIndex,
): PlacementRow {
  return { objectId, partyId, collectionId, uidKey: uid, kind, name, sortKey, removedAt: null }
}

async function partyOfUid(
  tx: Writer,
  { uid, principalId }: Pick<Placed, 'uid' | 'principalId'>,
): Promise<PartyId | undefined> {
  if (uid === null) return undefined
  const row = await tx.sql.first<{ id: PartyId }>(
    `SELECT p.party_id AS id FROM placements p JOIN collections c ON c.id = p.collection_id
     WHERE p.uid_key = $1 AND c.principal_id = $2
     ORDER BY CASE WHEN p.removed_at IS NULL THEN 0 ELSE 1 END, p.object_id LIMIT 1`,
    [uid, principalId],
  )
  return row?.id
}
