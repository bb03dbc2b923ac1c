import { inList } from '../database.ts'
import type { ActivityId, BodyId, CollectionId, ObjectId, PartyId, RevisionId } from '../ids.ts'
import { factTables } from '../people/fact-tables.ts'
import type { Reader } from '../store.ts'

/** Somebody who is to be erased: all that leads to what the database knows of him. */
export interface Erased {
  /** Himself, and those who were merged into him. */
  readonly parties: readonly PartyId[]
  /** His cards, those in the trash too. */
  readonly objects: readonly ObjectId[]
  readonly uids: readonly string[]
  /** In small letters. */
  readonly mails: readonly string[]
  readonly names: readonly string[]
  /** What is about nobody else. */
  readonly activities: readonly ActivityId[]
}

/** What there is of somebody, and what he has to do with that stays. */
export interface ErasedCounts {
  /** Rows that go, by their table. */
  readonly goes: Readonly<Record<string, number>>
  /** What belongs to others, and is about him too. */
  readonly stays: Readonly<Record<'sharedActivities' | 'events' | 'documents', number>>
}

/** Somebody and whoever was merged into him. */
export async function findErased(reader: Reader, id: PartyId): Promise<Erased> {
  const { sql } = reader
  const parties = await sql.all<{ id: PartyId }>(
    `WITH RECURSIVE found (id) AS (SELECT y.id FROM parties y WHERE y.id = $1
       UNION SELECT y.id FROM parties y JOIN found f ON y.merged_into = f.id) SELECT id FROM found ORDER BY id`,
    [id],
  )
  const ids = parties.map((row) => row.id)
  const cards = await sql.all<{ id: ObjectId; name: string }>(
    `SELECT object_id AS id, name FROM placements WHERE ${inList(sql.dialect, 'party_id', '$1', 'bigint')}`,
    [ids],
  )
  const objects = cards.map((row) => row.id)
  return {
    parties: ids,
    objects,
    uids: await uidsOf(reader, objects),
    mails: await mailsOf(reader, objects),
    names: [...new Set(cards.map(({ name }) => name))],
    activities: await ownActivities(reader, ids),
  }
}

/** The bodies of every state of these cards that is kept, as they were sent and as they were stored. */
export async function bodiesOfStates({ sql }: Reader, objects: readonly ObjectId[]): Promise<BodyId[]> {
  const rows = await sql.all<{ bodyId: BodyId | null; sentBodyId: BodyId | null }>(
    `SELECT body_id AS "bodyId", sent_body_id AS "sentBodyId" FROM revisions
     WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')} ORDER BY id`,
    [objects],
  )
  const ids = rows.flatMap(({ bodyId, sentBodyId }) => [bodyId ?? [], sentBodyId ?? []].flat())
  return [...new Set(ids)]
}

/** States of members of these collections, whether they live or not, a page. @param word  stands in all that are meant */
export function statesIn(
  { sql }: Reader,
  collections: readonly CollectionId[],
  { word, after, limit }: { readonly word: string; readonly after: RevisionId; readonly limit: number },
): Promise<{ id: RevisionId; objectId: ObjectId; bodyId: BodyId | null; sentBodyId: BodyId | null }[]> {
  const { dialect } = sql
  const has =
    dialect === 'sqlite'
      ? 'instr(b.bytes, CAST($4 AS blob)) > 0'
      : "position(convert_to(CAST($4 AS text), 'UTF8') IN b.bytes) > 0"
  return sql.all(
    `SELECT r.id, r.object_id AS "objectId", r.body_id AS "bodyId", r.sent_body_id AS "sentBodyId" FROM revisions r
     WHERE ${inList(dialect, 'r.collection_id', '$1', 'bigint')} AND r.id > $2
       AND EXISTS (SELECT 1 FROM bodies b WHERE b.id IN (r.body_id, r.sent_body_id) AND ${has})
     ORDER BY r.id LIMIT $3`,
    [collections, after, limit, word],
  )
}

/** The books in which these cards are, or were. */
export async function booksOfStates({ sql }: Reader, objects: readonly ObjectId[]): Promise<CollectionId[]> {
  const rows = await sql.all<{ id: CollectionId }>(
    `SELECT DISTINCT collection_id AS id FROM revisions WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [objects],
  )
  return rows.map(({ id }) => id)
}

/** The group cards that name somebody by one of these UIDs, in whatever book. */
export function groupsNaming(
  { sql }: Reader,
  uids: readonly string[],
): Promise<{ id: ObjectId; collectionId: CollectionId; uid: string }[]> {
  return sql.all(
    `SELECT m.object_id AS id, m.collection_id AS "collectionId", m.uid_key AS uid FROM list_members m
     WHERE ${inList(sql.dialect, 'm.uid_key', '$1', 'text')} ORDER BY m.collection_id, m.object_id`,
    [uids],
  )
}

/** How much goes, and how much stays. */
export async function countErased(reader: Reader, erased: Erased): Promise<ErasedCounts> {
  const { sql } = reader
  const { parties, objects, mails, activities } = erased
  const goes: Record<string, number> = {}
  const count = async (table: string, column: string, ids: readonly (number | string)[]): Promise<number> => {
    const type = typeof ids[0] === 'string' ? 'text' : 'bigint'
    const text = `SELECT count(*) AS count FROM ${table} WHERE ${inList(sql.dialect, column, '$1', type)}`
    return ids.length === 0 ? 0 : Number((await sql.first<{ count: number }>(text, [ids]))?.count ?? 0)
  }
  for (const [table, column] of ofObjects) goes[table] = await count(table, column, objects)
  for (const { table, parties: columns } of factTables) {
    const isOf = columns.map((column) => inList(sql.dialect, column, '$1', 'bigint')).join(' OR ')
    const row = await sql.first<{ count: number }>(`SELECT count(*) AS count FROM ${table} WHERE ${isOf}`, [
      parties,
    ])
    goes[table] = Number(row?.count ?? 0)
  }
  goes.activities = activities.length
  goes.merges = await count('merges', 'survivor_id', parties)
  const shared = await count('activity_parties', 'party_id', parties)
  const events = await sql.first<{ count: number }>(
    `SELECT count(DISTINCT object_id) AS count FROM event_people WHERE ${inList(sql.dialect, 'mail', '$1', 'text')}`,
    [mails],
  )
  const documents = await sql.first<{ count: number }>(
    `SELECT count(*) AS count FROM party_links WHERE kind = 'node' AND ${inList(sql.dialect, 'party_id', '$1', 'bigint')}`,
    [parties],
  )
  return {
    goes: Object.fromEntries(Object.entries(goes).filter(([, rows]) => rows > 0)),
    stays: {
      sharedActivities: Math.max(shared - activities.length, 0),
      events: Number(events?.count ?? 0),
      documents: Number(documents?.count ?? 0),
    },
  }
}

/** The events and tasks that name one of these addresses. */
export function eventsNaming(
  { sql }: Reader,
  mails: readonly string[],
): Promise<{ readonly objectId: ObjectId; readonly collectionId: CollectionId }[]> {
  return sql.all(
    `SELECT DISTINCT object_id AS "objectId", collection_id AS "collectionId" FROM event_people
     WHERE ${inList(sql.dialect, 'mail', '$1', 'text')} ORDER BY object_id`,
    [mails],
  )
}

const ofObjects = [
  ['placements', 'object_id'],
  ['objects', 'id'],
  ['revisions', 'object_id'],
  ['search_documents', 'object_id'],
  ['match_keys', 'object_id'],
  ['batch_items', 'object_id'],
  ['events', 'object_id'],
] as const

async function uidsOf({ sql }: Reader, objects: readonly ObjectId[]): Promise<string[]> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const rows = await sql.all<{ uid: string }>(
    `SELECT uid FROM revisions WHERE uid IS NOT NULL AND ${isOf('object_id')}
     UNION SELECT uid_key FROM placements WHERE uid_key IS NOT NULL AND ${isOf('object_id')}`,
    [objects],
  )
  return rows.map(({ uid }) => uid)
}

async function mailsOf({ sql }: Reader, objects: readonly ObjectId[]): Promise<string[]> {
  const rows = await sql.all<{ value: string }>(
    `SELECT DISTINCT value FROM contact_fields WHERE kind = 'email' AND ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [objects],
  )
  return [
    ...new Set(
      rows.map(({ value }) =>
        value
          .trim()
          .replace(/^mailto:/i, '')
          .toLowerCase(),
      ),
    ),
  ]
}

async function ownActivities({ sql }: Reader, parties: readonly PartyId[]): Promise<ActivityId[]> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const rows = await sql.all<{ id: ActivityId }>(
    `SELECT DISTINCT p.activity_id AS id FROM activity_parties p WHERE ${isOf('p.party_id')}
       AND NOT EXISTS (SELECT 1 FROM activity_parties o WHERE o.activity_id = p.activity_id AND NOT ${isOf('o.party_id')})
     ORDER BY p.activity_id`,
    [parties],
  )
  return rows.map(({ id }) => id)
}
