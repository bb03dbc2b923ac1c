import { inList } from '../database.ts'
import type { CollectionId, ObjectId } from '../ids.ts'
import { type ObjectRow, objectColumns } from '../objects.ts'
import type { Reader } from '../store.ts'

/** A group card. */
export interface GroupRow {
  readonly id: ObjectId
  readonly name: string | null
  /** See `ListFace`. */
  readonly made: number
}

/** Those of these cards that are group cards. */
export async function groupsAmong({ sql }: Reader, ids: readonly ObjectId[]): Promise<ReadonlySet<ObjectId>> {
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT f.object_id AS id FROM list_faces f
     WHERE ${inList(sql.dialect, 'f.object_id', '$1', 'bigint')} AND f.kind = 'group'`,
    [ids],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The lists that a person's card names. */
export async function labelsOf({ sql }: Reader, id: ObjectId): Promise<string[]> {
  const rows = await sql.all<{ label: string }>('SELECT label FROM card_labels WHERE object_id = $1', [id])
  return rows.map(({ label }) => label)
}

/** The keys of those whom a group card names. */
export async function membersOf({ sql }: Reader, id: ObjectId): Promise<string[]> {
  const rows = await sql.all<{ key: string }>(
    'SELECT uid_key AS key FROM list_members WHERE object_id = $1',
    [id],
  )
  return rows.map(({ key }) => key)
}

const groupColumns = 'f.object_id AS id, f.name, f.made'

/** The group cards that name somebody. */
export function groupsWithMember(
  { sql }: Reader,
  collectionId: CollectionId,
  key: string,
): Promise<GroupRow[]> {
  return sql.all<GroupRow>(
    `SELECT ${groupColumns} FROM list_members m JOIN list_faces f ON f.object_id = m.object_id
     WHERE m.collection_id = $1 AND m.uid_key = $2 ORDER BY f.object_id`,
    [collectionId, key],
  )
}

/** The group cards of these names, the oldest of each first. */
export function groupsNamed(
  { sql }: Reader,
  collectionId: CollectionId,
  names: readonly string[],
): Promise<GroupRow[]> {
  return sql.all<GroupRow>(
    `SELECT ${groupColumns} FROM list_faces f
     WHERE f.collection_id = $1 AND f.name IS NOT NULL AND ${inList(sql.dialect, 'f.name', '$2', 'text')}
     ORDER BY f.object_id`,
    [collectionId, names],
  )
}

/** Which of these keys group cards of these names have. */
export function membershipsAmong(
  { sql }: Reader,
  collectionId: CollectionId,
  names: readonly string[],
  keys: readonly string[],
): Promise<{ readonly id: ObjectId; readonly name: string; readonly key: string }[]> {
  return sql.all(
    `SELECT f.object_id AS id, f.name, m.uid_key AS key FROM list_faces f
     JOIN list_members m ON m.object_id = f.object_id
     WHERE f.collection_id = $1 AND f.name IS NOT NULL AND ${inList(sql.dialect, 'f.name', '$2', 'text')}
       AND ${inList(sql.dialect, 'm.uid_key', '$3', 'text')}`,
    [collectionId, names, keys],
  )
}

/**
 * A UID is written with and without `urn:uuid:` (DVX-10). The members come first, by a CROSS JOIN, which SQLite takes as it is written:
 * by the cards of a book it would look through all members for each.
 */
const isNamed = "o.uid IN (m.uid_key, 'urn:uuid:' || m.uid_key)"
const isPerson = "NOT EXISTS (SELECT 1 FROM list_faces g WHERE g.object_id = o.id AND g.kind = 'group')"

/** The cards of people with these keys that have a label. */
export function personsLabelled(
  { sql }: Reader,
  collectionId: CollectionId,
  label: string,
  keys: readonly string[],
): Promise<ObjectRow[]> {
  const uids = keys.flatMap((key) => [key, `urn:uuid:${key}`])
  return sql.all<ObjectRow>(
    `SELECT ${objectColumns} FROM objects o
     WHERE o.collection_id = $1 AND ${inList(sql.dialect, 'o.uid', '$2', 'text')} AND ${isPerson}
       AND EXISTS (SELECT 1 FROM card_labels l WHERE l.object_id = o.id AND l.label = $3) ORDER BY o.id`,
    [collectionId, uids, label],
  )
}

/** The cards of people whom a group card names and who have not its name among theirs. */
export function membersWithout(
  { sql }: Reader,
  collectionId: CollectionId,
  group: ObjectId,
  label: string,
): Promise<ObjectRow[]> {
  return sql.all<ObjectRow>(
    `SELECT ${objectColumns} FROM list_members m CROSS JOIN objects o
     WHERE m.object_id = $2 AND o.collection_id = $1 AND ${isNamed} AND ${isPerson}
       AND NOT EXISTS (SELECT 1 FROM card_labels l WHERE l.object_id = o.id AND l.label = $3) ORDER BY o.id`,
    [collectionId, group, label],
  )
}

/** Whether anybody whom a group card names has a card in its collection. */
export async function hasLivingMember(
  { sql }: Reader,
  collectionId: CollectionId,
  group: ObjectId,
): Promise<boolean> {
  const row = await sql.first(
    `SELECT 1 AS found FROM list_members m CROSS JOIN objects o
     WHERE m.object_id = $2 AND o.collection_id = $1 AND ${isNamed} AND ${isPerson} LIMIT 1`,
    [collectionId, group],
  )
  return row !== undefined
}
