import { inList } from '../database.ts'
import type { ObjectId, PartyId } from '../ids.ts'
import type { Reader } from '../store.ts'
import type { SearchKind, SearchText } from './documents.ts'
import { arrayCondition, type GramQuery, matchExpression } from './grams.ts'
import type { Scope } from './scopes.ts'

/** What may be found, for whoever judges it. */
export interface SearchRow extends Pick<SearchText, 'kind' | 'title' | 'texts'> {
  readonly id: number
  readonly scope: Scope
  readonly objectId: ObjectId | null
  readonly source: 'node' | 'note' | 'value' | null
  readonly sourceId: number | null
  readonly partyId: PartyId | null
}

/** Where and for what is looked. */
export interface Sought {
  readonly scopes: readonly Scope[]
  readonly kinds: readonly SearchKind[]
}

const columns = `d.id, d.kind, d.scope, d.object_id AS "objectId", d.source, d.source_id AS "sourceId",
  d.party_id AS "partyId", d.title, d.texts`

/** The documents of these ids, within what is sought. */
export async function searchRows(
  { sql }: Reader,
  { scopes, kinds }: Sought,
  ids: readonly number[],
): Promise<SearchRow[]> {
  if (ids.length === 0) return []
  return sql.all<SearchRow>(
    `SELECT ${columns} FROM search_documents d WHERE ${inList(sql.dialect, 'd.id', '$1', 'bigint')}
       AND ${inList(sql.dialect, 'd.scope', '$2', 'bigint')} AND ${inList(sql.dialect, 'd.kind', '$3', 'text')}`,
    [ids, scopes, kinds],
  )
}

/** Those that are in no index yet: there are few. */
export function waitingRows({ sql }: Reader, { scopes, kinds }: Sought): Promise<SearchRow[]> {
  return sql.all<SearchRow>(
    `SELECT ${columns} FROM search_documents d WHERE d.pending = 1
       AND ${inList(sql.dialect, 'd.scope', '$1', 'bigint')} AND ${inList(sql.dialect, 'd.kind', '$2', 'text')}`,
    [scopes, kinds],
  )
}

/**
 * Ids of documents that have an entry which begins with one of these texts, the first in the order of entries.
 * @param limit  of each scope and text
 */
export async function idsByEntry(
  { sql }: Reader,
  scopes: readonly Scope[],
  starts: readonly string[],
  limit: number,
): Promise<number[]> {
  if (sql.dialect === 'postgres') {
    const rows = await sql.all<{ id: number }>(
      `SELECT e.document_id AS id FROM unnest($1::bigint[]) AS s(scope), unnest($2::text[], $3::text[]) AS t(low, high),
         LATERAL (SELECT x.document_id FROM search_entries x WHERE x.scope = s.scope AND x.entry >= t.low
           AND x.entry < t.high ORDER BY x.entry, x.document_id LIMIT $4) e`,
      [scopes, starts, starts.map(after), limit],
    )
    return rows.map(({ id }) => id)
  }
  const found: number[] = []
  for (const scope of scopes) {
    for (const start of starts) {
      const rows = await sql.all<{ id: number }>(
        `SELECT document_id AS id FROM search_entries WHERE scope = $1 AND entry >= $2 AND entry < $3
         ORDER BY entry, document_id LIMIT $4`,
        [scope, start, after(start), limit],
      )
      for (const { id } of rows) found.push(id)
    }
  }
  return found
}

/** Words of one scope and text that are looked at, at most. */
const mostWords = 2_000

/**
 * The first words of entries that begin with one of these texts, each once, as they are in the entries. From one word it goes
 * on to the next, over all the entries that begin with the same: a name that thousands have costs as much as one that nobody else has.
 */
export async function wordsOfEntries(
  { sql }: Reader,
  scopes: readonly Scope[],
  starts: readonly string[],
): Promise<string[]> {
  const next = (low: string): string =>
    `(SELECT min(e.entry) FROM search_entries e WHERE e.scope = $1 AND e.entry >= ${low} AND e.entry < $3)`
  const word = (entry: string): string =>
    sql.dialect === 'sqlite'
      ? `substr(${entry}, 1, instr(${entry} || ' ', ' ') - 1)`
      : `split_part(${entry}, ' ', 1)`
  const text = `WITH RECURSIVE steps(entry) AS (SELECT ${next('$2')}
      UNION ALL SELECT ${next(`${word('s.entry')} || '!'`)} FROM steps s WHERE s.entry IS NOT NULL)
    SELECT ${word('entry')} AS word FROM steps WHERE entry IS NOT NULL LIMIT ${mostWords}`
  const found = new Set<string>()
  for (const scope of scopes) {
    for (const start of starts) {
      const rows = await sql.all<{ word: string }>(text, [scope, start, after(start)])
      for (const row of rows) found.add(row.word)
    }
  }
  return [...found]
}

/** Ids of documents that hold all trigrams of a query, and maybe not its texts; the newest first, where that costs nothing. */
export async function idsByGrams(
  { sql }: Reader,
  scopes: readonly Scope[],
  query: GramQuery,
  limit: number,
): Promise<number[]> {
  if (scopes.length === 0 || query.length === 0) return []
  const params: unknown[] = [limit]
  const text =
    sql.dialect === 'sqlite'
      ? `SELECT rowid AS id FROM search_grams WHERE search_grams MATCH $${params.push(matchExpression(scopes, query))}
         ORDER BY rowid DESC LIMIT $1`
      : `SELECT g.rowid AS id FROM search_grams g WHERE ${arrayCondition(scopes, query, params)} LIMIT $1`
  const rows = await sql.all<{ id: number }>(text, params)
  return rows.map(({ id }) => id)
}

/** The first text that comes after all those which begin with this one. */
function after(start: string): string {
  const letters = Array.from(start)
  const last = letters.pop()?.codePointAt(0) ?? 0
  return letters.join('') + String.fromCodePoint(last === 0xd7ff ? 0xe000 : last + 1)
}
