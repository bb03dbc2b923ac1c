import { inList } from '../database.ts'
import type { CollectionId, PartyId, PrincipalId, SuggestionId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A question that a change of a card leaves open. */
export interface SuggestionRow {
  readonly id: SuggestionId
  readonly partyId: PartyId
  readonly kind: 'employer' | 'relation'
  /** Which fact: the id of its row. */
  readonly key: string
  readonly dataJson: string
  readonly createdAt: number
  readonly dismissedAt: number | null
}

/** To be answered, or left for now. */
export type SuggestionState = 'open' | 'dismissed'

const columns = selectList<SuggestionRow>('s', [
  ...(['id', 'partyId', 'kind', 'key', 'dataJson', 'createdAt', 'dismissedAt'] as const),
])

/** Asks something, anew where it was asked of that fact before. Beyond so many in the books of an account nothing is asked. */
export async function suggest(
  tx: Writer,
  account: PrincipalId,
  { partyId, kind, key, dataJson }: Pick<SuggestionRow, 'partyId' | 'kind' | 'key' | 'dataJson'>,
  most: number,
): Promise<void> {
  const open = await tx.sql.first<{ count: number }>(
    `SELECT count(DISTINCT s.id) AS count FROM suggestions s JOIN placements p ON p.party_id = s.party_id
     JOIN collections c ON c.id = p.collection_id WHERE c.principal_id = $1 AND s.dismissed_at IS NULL`,
    [account],
  )
  if ((open?.count ?? 0) >= most) return
  await tx.sql.run(
    `INSERT INTO suggestions (party_id, kind, key, data_json, created_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (party_id, kind, key) DO UPDATE SET data_json = excluded.data_json, created_at = excluded.created_at,
       dismissed_at = NULL`,
    [partyId, kind, key, dataJson, tx.now],
  )
}

export async function dropSuggestion(
  tx: Writer,
  { partyId, kind, key }: Pick<SuggestionRow, 'partyId' | 'kind' | 'key'>,
): Promise<void> {
  await tx.sql.run('DELETE FROM suggestions WHERE party_id = $1 AND kind = $2 AND key = $3', [
    partyId,
    kind,
    key,
  ])
}

/** Questions about relations in which one of these people may be meant. */
export async function suggestionsNaming({ sql }: Reader, ids: readonly PartyId[]): Promise<SuggestionRow[]> {
  const found: SuggestionRow[] = []
  for (const id of ids)
    found.push(
      ...(await sql.all<SuggestionRow>(
        `SELECT ${columns} FROM suggestions s WHERE s.kind = 'relation' AND (s.data_json LIKE $1 OR s.data_json LIKE $2)`,
        [`%[${id},%`, `%[${id}]%`],
      )),
    )
  return found
}

export function dismissSuggestion(tx: Writer, id: SuggestionId): Promise<number> {
  return tx.sql.run('UPDATE suggestions SET dismissed_at = $2 WHERE id = $1 AND dismissed_at IS NULL', [
    id,
    tx.now,
  ])
}

/** Asks again what was left. */
export function takeUpSuggestion({ sql }: Writer, id: SuggestionId): Promise<number> {
  return sql.run('UPDATE suggestions SET dismissed_at = NULL WHERE id = $1', [id])
}

const isIn = (state: SuggestionState): string => `s.dismissed_at IS ${state === 'open' ? '' : 'NOT '}NULL`

export function findSuggestion(
  { sql }: Reader,
  id: SuggestionId,
  state: SuggestionState,
): Promise<SuggestionRow | undefined> {
  return sql.first<SuggestionRow>(`SELECT ${columns} FROM suggestions s WHERE s.id = $1 AND ${isIn(state)}`, [
    id,
  ])
}

/**
 * Questions about people who have a card in these books, the newest first, or about one of them alone.
 * @param before  the last one seen
 */
export function listSuggestions(
  { sql }: Reader,
  books: readonly CollectionId[],
  {
    before,
    limit,
    party,
    state,
  }: {
    readonly before: SuggestionId | undefined
    readonly limit: number
    readonly party?: PartyId | undefined
    readonly state: SuggestionState
  },
): Promise<SuggestionRow[]> {
  return sql.all<SuggestionRow>(
    `SELECT ${columns} FROM suggestions s WHERE ${isIn(state)} AND s.id < $2${party === undefined ? '' : ' AND s.party_id = $4'}
       AND EXISTS (SELECT 1 FROM placements p WHERE p.party_id = s.party_id AND p.removed_at IS NULL
         AND ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')})
     ORDER BY s.id DESC LIMIT $3`,
    [books, before ?? Number.MAX_SAFE_INTEGER, limit, ...(party === undefined ? [] : [party])],
  )
}
