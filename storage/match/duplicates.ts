import { inList } from '../database.ts'
import type { CollectionId, DuplicateId, PartyId, PrincipalId } from '../ids.ts'
import { copies } from '../people/parties.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Two who may be one. */
export interface DuplicateRow {
  readonly id: DuplicateId
  /** The lower of the two ids. */
  readonly partyA: PartyId
  readonly partyB: PartyId
  /** Tenths of a weight. */
  readonly score: number
  readonly level: 'same' | 'likely' | 'maybe'
  /** What somebody has said of it: it is asked about while it is open. */
  readonly state: 'open' | 'not-same' | 'merged'
  readonly foundAt: number
  readonly decidedAt: number | null
  readonly decidedBy: PrincipalId | null
}

const columns = selectList<DuplicateRow>('d', [
  'id',
  'partyA',
  'partyB',
  'score',
  'level',
  'state',
  'foundAt',
  'decidedAt',
  'decidedBy',
])

/** Everything that is known of these people and others. */
export function duplicatesOf({ sql }: Reader, ids: readonly PartyId[]): Promise<DuplicateRow[]> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  return sql.all<DuplicateRow>(
    `SELECT ${columns} FROM duplicate_pairs d WHERE ${isOf('d.party_a')}
     UNION SELECT ${columns} FROM duplicate_pairs d WHERE ${isOf('d.party_b')}`,
    [ids],
  )
}

export type FoundPair = Pick<DuplicateRow, 'partyA' | 'partyB' | 'score' | 'level'>

/** Writes down a pair that was found, or found otherwise; what somebody has said of it stays. */
export async function putDuplicate({ sql, now }: Writer, pair: FoundPair): Promise<void> {
  await sql.run(
    `INSERT INTO duplicate_pairs (party_a, party_b, score, level, state, found_at) VALUES ($1, $2, $3, $4, 'open', $5)
     ON CONFLICT (party_a, party_b) DO UPDATE SET score = excluded.score, level = excluded.level`,
    [pair.partyA, pair.partyB, pair.score, pair.level, now],
  )
}

/** Pairs that are none any more, unless somebody has said something of them. */
export async function dropDuplicates({ sql }: Writer, ids: readonly DuplicateId[]): Promise<void> {
  if (ids.length === 0) return
  await sql.run(
    `DELETE FROM duplicate_pairs WHERE state = 'open' AND ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
    [ids],
  )
}

export interface DuplicatePage {
  /** Those in which whoever asks reads both. */
  readonly books: readonly CollectionId[]
  /** Whether there are any among them that hold copies of others' cards. */
  readonly hasGiven?: boolean
  readonly state: DuplicateRow['state']
  readonly after?: Pick<DuplicateRow, 'score' | 'id'> | undefined
  readonly limit: number
}

/** The likeliest first. */
export function listDuplicates(
  { sql }: Reader,
  { books, hasGiven = false, state, after, limit }: DuplicatePage,
): Promise<DuplicateRow[]> {
  const params: unknown[] = [books, state, limit]
  const isAfter = after
    ? ` AND (d.score, d.id) < ($${params.push(after.score)}, $${params.push(after.id)})`
    : ''
  const isIn = (places: string, column: string): string =>
    `EXISTS (SELECT 1 FROM ${places} p WHERE p.party_id = d.${column} AND p.removed_at IS NULL
       AND ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')})`
  const isSeen = (column: string): string =>
    hasGiven ? `(${isIn('placements', column)} OR ${isIn(copies, column)})` : isIn('placements', column)
  return sql.all<DuplicateRow>(
    `SELECT ${columns} FROM duplicate_pairs d WHERE d.state = $2${isAfter}
       AND ${isSeen('party_a')} AND ${isSeen('party_b')} ORDER BY d.score DESC, d.id DESC LIMIT $3`,
    params,
  )
}

export function findDuplicate({ sql }: Reader, id: DuplicateId): Promise<DuplicateRow | undefined> {
  return sql.first<DuplicateRow>(`SELECT ${columns} FROM duplicate_pairs d WHERE d.id = $1`, [id])
}

/** Says what somebody says of a pair. */
export async function decideDuplicate(
  { sql, now }: Writer,
  id: DuplicateId,
  state: DuplicateRow['state'],
  by: PrincipalId | null,
): Promise<void> {
  const isOpen = state === 'open'
  await sql.run('UPDATE duplicate_pairs SET state = $2, decided_at = $3, decided_by = $4 WHERE id = $1', [
    id,
    state,
    isOpen ? null : now,
    isOpen ? null : by,
  ])
}
