import { inList } from '../database.ts'
import type { Writer } from '../store.ts'
import { gramNumbers, scopeTrigramSql } from './grams.ts'
import type { Scope } from './scopes.ts'

/** So many documents are brought into the indexes together: one alone costs a full-text index five times as much. */
export const settleEvery = 64

/** Documents of one round at most. */
const batch = 500

/**
 * Brings the documents that were written since into the indexes, and takes those out that are gone. What waits is found all the
 * same: searches look at it as it is. A document that is gone leaves what has to be taken out with it in `search_removed`,
 * by a trigger, whatever it went with.
 * @returns how many were brought in or taken out; what another write has in hand is left to it
 */
export async function settleSearch(tx: Writer): Promise<number> {
  const removed = await takeOut(tx)
  const added = tx.sql.dialect === 'sqlite' ? await bringInSqlite(tx) : await bringInPostgres(tx)
  return removed + added
}

async function takeOut({ sql }: Writer): Promise<number> {
  const { dialect } = sql
  const lock = dialect === 'postgres' ? ' FOR UPDATE SKIP LOCKED' : ''
  const rows = await sql.all<{ id: number }>(
    `SELECT document_id AS id FROM search_removed ORDER BY document_id LIMIT ${batch}${lock}`,
  )
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  const among = (column: string): string => inList(dialect, column, '$1', 'bigint')
  await sql.run(
    `DELETE FROM search_entries WHERE (scope, entry, document_id) IN (
       SELECT r.scope, e.value, r.document_id FROM search_removed r, ${elements(dialect, 'r.entries')} e
       WHERE ${among('r.document_id')})`,
    [ids],
  )
  await sql.run(`DELETE FROM search_grams WHERE ${among('rowid')}`, [ids])
  return sql.run(`DELETE FROM search_removed WHERE ${among('document_id')}`, [ids])
}

/** One statement for all of them: those of FTS5 are dear. */
async function bringInSqlite({ sql }: Writer): Promise<number> {
  const upTo = await sql.first<{ id: number | null }>(
    `SELECT max(id) AS id FROM (SELECT id FROM search_documents WHERE pending = 1 ORDER BY id LIMIT ${batch})`,
  )
  if (upTo?.id == null) return 0
  const waiting = 'FROM search_documents d WHERE d.pending = 1 AND d.id <= $1'
  const entries = waiting.replace(' d ', ` d, ${elements('sqlite', 'd.entries')} e `)
  await sql.run(
    `INSERT INTO search_entries (scope, entry, document_id) SELECT d.scope, e.value, d.id ${entries}`,
    [upTo.id],
  )
  await sql.run(
    `INSERT INTO search_grams (rowid, grams) SELECT d.id, ${scopeTrigramSql} || d.grams ${waiting}`,
    [upTo.id],
  )
  return sql.run('UPDATE search_documents SET pending = 0 WHERE pending = 1 AND id <= $1', [upTo.id])
}

async function bringInPostgres({ sql }: Writer): Promise<number> {
  const rows = await sql.all<{ id: number; scope: Scope; grams: string }>(
    `SELECT id, scope, grams FROM search_documents WHERE pending = 1 ORDER BY id LIMIT ${batch} FOR UPDATE SKIP LOCKED`,
  )
  if (rows.length === 0) return 0
  const ids = rows.map(({ id }) => id)
  await sql.run(
    `INSERT INTO search_entries (scope, entry, document_id) SELECT d.scope, e.value, d.id
     FROM search_documents d, ${elements('postgres', 'd.entries')} e WHERE d.id = ANY($1::bigint[])`,
    [ids],
  )
  await sql.run(
    `INSERT INTO search_grams (rowid, grams)
     SELECT t.id, t.grams::int[] FROM unnest($1::bigint[], $2::text[]) AS t(id, grams)`,
    [ids, rows.map(({ scope, grams }) => gramNumbers(scope, grams))],
  )
  return sql.run('UPDATE search_documents SET pending = 0 WHERE id = ANY($1::bigint[])', [ids])
}

/** The texts of a JSON array, as rows with a `value`. */
function elements(dialect: Writer['sql']['dialect'], column: string): string {
  return dialect === 'sqlite' ? `json_each(${column})` : `jsonb_array_elements_text(${column}::jsonb)`
}
