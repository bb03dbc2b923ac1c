import { inList } from '../database.ts'
import type { BodyId, CollectionId, NodeId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import type { FactRow } from '../people/fact-tables.ts'
import { grouped } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/**
 * Rows of facts as an archive takes and gives them, whatever the table. Names of tables and columns come from the
 * descriptions of the program, never from outside.
 */

/** Those who have a card in the books of these accounts, by id. @param hasTrash  those whose cards are in the trash too */
export async function listPlacedParties(
  { sql }: Reader,
  owners: readonly PrincipalId[],
  hasTrash: boolean,
): Promise<PartyId[]> {
  const living = hasTrash ? '' : 'AND p.removed_at IS NULL AND c.deleted_at IS NULL'
  const rows = await sql.all<{ id: PartyId }>(
    `SELECT DISTINCT p.party_id AS id FROM placements p JOIN collections c ON c.id = p.collection_id
     WHERE ${inList(sql.dialect, 'c.principal_id', '$1', 'bigint')} AND c.generated IS NULL ${living}
     ORDER BY p.party_id`,
    [owners],
  )
  return rows.map(({ id }) => id)
}

/** Those who were merged into these. */
export async function listMergedInto({ sql }: Reader, ids: readonly PartyId[]): Promise<PartyId[]> {
  const rows = await sql.all<{ id: PartyId }>(
    `SELECT id FROM parties WHERE ${inList(sql.dialect, 'merged_into', '$1', 'bigint')} ORDER BY id`,
    [ids],
  )
  return rows.map(({ id }) => id)
}

/** Which rows of a table are looked for. */
export interface FactSearch {
  readonly table: string
  /** The column that has one of the ids: of the table, or of the one that leads to it. Without it all rows are meant. */
  readonly by?: string | undefined
  /** A table that leads to it, with the column that has its id. */
  readonly through?: { readonly table: string; readonly id: string } | undefined
  /** What is looked at beside the id. */
  readonly look: readonly string[]
}

/** Rows that belong to these ids, each with its id and what is looked at. */
export function searchFacts(
  { sql }: Reader,
  { table, by, through, look }: FactSearch,
  ids: readonly number[],
): Promise<FactRow[]> {
  const columns = ['id', ...look].map((column) => `t.${column}`).join(', ')
  if (by === undefined) return sql.all<FactRow>(`SELECT ${columns} FROM ${table} t ORDER BY t.id`)
  const isMeant = (name: string): string => inList(sql.dialect, `${name}.${by}`, '$1', 'bigint')
  const condition = through
    ? `t.id IN (SELECT x.${through.id} FROM ${through.table} x WHERE ${isMeant('x')})`
    : isMeant('t')
  return sql.all<FactRow>(`SELECT ${columns} FROM ${table} t WHERE ${condition} ORDER BY t.id`, [ids])
}

/** Rows by their ids, by id. */
export function readFacts({ sql }: Reader, table: string, ids: readonly number[]): Promise<FactRow[]> {
  const text = `SELECT * FROM ${table} WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')} ORDER BY id`
  return sql.all<FactRow>(text, [ids])
}

/** Rows that hang on others, by what they hang on. */
export async function readHanging(
  { sql }: Reader,
  table: string,
  column: string,
  ids: readonly number[],
): Promise<ReadonlyMap<number, FactRow[]>> {
  const text = `SELECT * FROM ${table} WHERE ${inList(sql.dialect, column, '$1', 'bigint')}`
  return grouped(await sql.all<FactRow>(text, [ids]), (row) => Number(row[column]))
}

/** Where an object that lives is. */
export interface ObjectPlace {
  readonly id: ObjectId
  readonly collectionId: CollectionId
  readonly name: string
}

export function placesOfObjects({ sql }: Reader, ids: readonly ObjectId[]): Promise<ObjectPlace[]> {
  const text = `SELECT id, collection_id AS "collectionId", name FROM objects
    WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`
  return sql.all<ObjectPlace>(text, [ids])
}

/** The octets that objects had under an entity tag. */
export async function bodiesOfStates(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, { objectId: ObjectId; etag: string; bodyId: BodyId }[]>> {
  const text = `SELECT object_id AS "objectId", etag, body_id AS "bodyId" FROM revisions
    WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')} AND body_id IS NOT NULL ORDER BY id`
  const rows = await sql.all<{ objectId: ObjectId; etag: string; bodyId: BodyId }>(text, [ids])
  return grouped(rows, ({ objectId }) => objectId)
}

/** Files and folders that facts name: links, and values of fields. @param hasHistory  those that they have named too */
export async function listNamedNodes({ sql }: Reader, hasHistory: boolean): Promise<ReadonlySet<NodeId>> {
  const links = await sql.all<{ id: NodeId }>(
    "SELECT DISTINCT target_id AS id FROM party_links WHERE kind = 'node'",
  )
  const former = hasHistory
    ? await sql.all<{ key: string }>(
        "SELECT DISTINCT key FROM fact_revisions WHERE kind = 'link' AND key LIKE 'node %'",
      )
    : []
  const shared = hasHistory
    ? await sql.all<{ key: string }>("SELECT DISTINCT key FROM thing_revisions WHERE kind = 'folder'")
    : []
  const values = await sql.all<{ value: string | null }>(
    `SELECT v.value FROM custom_values v JOIN custom_fields f ON f.id = v.field_id WHERE f.type = 'file'
     ${hasHistory ? `UNION SELECT before_json FROM fact_revisions WHERE ${isFileState('before_json')}` : ''}
     ${hasHistory ? `UNION SELECT after_json FROM fact_revisions WHERE ${isFileState('after_json')}` : ''}`,
  )
  const named = values.map(({ value }) => Number(/"id":(\d+)/.exec(value ?? '')?.[1] ?? 0))
  const linked = former.map(({ key }) => Number(key.slice('node '.length)))
  const opened = shared.map(({ key }) => Number(key.split('-')[0]))
  return new Set([...links.map(({ id }) => id), ...linked, ...named, ...opened])
}

const isFileState = (column: string): string => `kind = 'field' AND ${column} LIKE '%"value":{"id":%'`

/** Ids of a table that no row will ever have otherwise, ascending. */
export async function takeIds({ sql }: Writer, table: string, count: number): Promise<number[]> {
  if (count === 0) return []
  if (sql.dialect === 'postgres') {
    const text = `SELECT nextval(pg_get_serial_sequence('${table}', 'id')) AS id FROM generate_series(1, $1)`
    return (await sql.all<{ id: number }>(text, [count])).map(({ id }) => Number(id))
  }
  await sql.run(
    `INSERT INTO sqlite_sequence (name, seq) SELECT '${table}', 0
     WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = '${table}')`,
  )
  const text = `UPDATE sqlite_sequence SET seq = seq + $1 WHERE name = '${table}' RETURNING seq`
  const last = (await sql.first<{ seq: number }>(text, [count]))?.seq ?? 0
  return Array.from({ length: count }, (_, nth) => last - count + nth + 1)
}

/** Writes a row as it is; one that is there already stays. @returns whether it was written */
export async function insertFact({ sql }: Writer, table: string, row: FactRow): Promise<boolean> {
  const columns = Object.keys(row)
  const values = columns.map((_, nth) => `$${nth + 1}`).join(', ')
  const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values}) ON CONFLICT DO NOTHING`
  return (await sql.run(text, Object.values(row))) > 0
}

/** Makes a row what another says. */
export async function changeFact({ sql }: Writer, table: string, id: number, row: FactRow): Promise<void> {
  const sets = Object.keys(row).map((column, nth) => `${column} = $${nth + 2}`)
  await sql.run(`UPDATE ${table} SET ${sets.join(', ')} WHERE id = $1`, [id, ...Object.values(row)])
}

/** The row that has this value in a column. */
export function findFactBy(
  { sql }: Reader,
  table: string,
  column: string,
  value: unknown,
): Promise<FactRow | undefined> {
  return sql.first<FactRow>(`SELECT * FROM ${table} WHERE ${column} = $1`, [value])
}

/** Gives a card to somebody. @param removedAt  of one that is in the trash: since when */
export async function giveCard(
  { sql }: Writer,
  objectId: ObjectId,
  partyId: PartyId,
  removedAt: number | null,
): Promise<void> {
  await sql.run(
    `UPDATE placements SET party_id = $2, removed_at = CASE WHEN removed_at IS NULL THEN NULL
       ELSE coalesce(CAST($3 AS bigint), removed_at) END WHERE object_id = $1`,
    [objectId, partyId, removedAt],
  )
}

/** Those whom these cards are of. */
export async function holdersOfCards({ sql }: Reader, ids: readonly ObjectId[]): Promise<PartyId[]> {
  const text = `SELECT DISTINCT party_id AS id FROM placements WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`
  return (await sql.all<{ id: PartyId }>(text, [ids])).map(({ id }) => id)
}
