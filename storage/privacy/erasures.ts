import { inList } from '../database.ts'
import type { ErasureId, ObjectId, PartyId, PrincipalId, RelationId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** That somebody was erased, without anything that says who it was. */
export interface ErasureRow {
  readonly id: ErasureId
  /** What it is called outside of this database too. */
  readonly proofId: string
  readonly at: number
  /** Who did it; null for the server itself. */
  readonly authorId: PrincipalId | null
  readonly reason: 'request' | 'retention' | 'again'
  /** How many rows went, by their table: JSON. */
  readonly counts: string
  /** Empty until all of it is done. */
  readonly signature: string
}

/** What tells somebody who was erased again, and nobody who has not the key: a keyed hash. */
export interface MarkRow {
  readonly hash: string
  readonly kind: 'uid' | 'mail'
}

const columns = selectList<ErasureRow>('e', [
  ...(['id', 'proofId', 'at', 'authorId', 'reason', 'counts', 'signature'] as const),
])

/** Writes down that an erasure has begun, or is known from elsewhere. */
export async function addErasure(
  tx: Writer,
  erasure: Omit<ErasureRow, 'id'>,
  marks: readonly MarkRow[],
): Promise<ErasureId> {
  const { proofId, at, authorId, reason, counts, signature } = erasure
  const row = await tx.sql.first<{ id: ErasureId }>(
    `INSERT INTO erasures (proof_id, at, author_id, reason, counts, signature) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [proofId, at, authorId, reason, counts, signature],
  )
  if (!row) throw new Error('The erasure was not written down.')
  const rows = marks.map(({ hash, kind }) => [hash, row.id, kind])
  await insertRows(tx, 'erasure_marks', ['hash', 'erasure_id', 'kind'], rows)
  return row.id
}

export async function signErasure({ sql }: Writer, id: ErasureId, signature: string): Promise<void> {
  await sql.run('UPDATE erasures SET signature = $2 WHERE id = $1', [id, signature])
}

/** The oldest first. @param page.after  the id of the last one seen */
export function listErasures(
  { sql }: Reader,
  page: { readonly after: ErasureId; readonly limit: number },
): Promise<ErasureRow[]> {
  return sql.all<ErasureRow>(`SELECT ${columns} FROM erasures e WHERE e.id > $1 ORDER BY e.id LIMIT $2`, [
    page.after,
    page.limit,
  ])
}

export function findErasure({ sql }: Reader, proofId: string): Promise<ErasureRow | undefined> {
  return sql.first<ErasureRow>(`SELECT ${columns} FROM erasures e WHERE e.proof_id = $1`, [proofId])
}

export function marksOf({ sql }: Reader, id: ErasureId): Promise<MarkRow[]> {
  return sql.all<MarkRow>('SELECT hash, kind FROM erasure_marks WHERE erasure_id = $1 ORDER BY hash', [id])
}

/** Which of these hashes are those of somebody who was erased, each with the erasures. */
export function findMarks(
  { sql }: Reader,
  hashes: readonly string[],
): Promise<{ readonly hash: string; readonly proofId: string }[]> {
  return sql.all(
    `SELECT m.hash, e.proof_id AS "proofId" FROM erasure_marks m JOIN erasures e ON e.id = m.erasure_id
     WHERE ${inList(sql.dialect, 'm.hash', '$1', 'text')} ORDER BY e.id`,
    [hashes],
  )
}

/** The hashes of all UIDs of those who were erased. */
export async function markedUids({ sql }: Reader): Promise<ReadonlySet<string>> {
  const rows = await sql.all<{ hash: string }>("SELECT DISTINCT hash FROM erasure_marks WHERE kind = 'uid'")
  return new Set(rows.map(({ hash }) => hash))
}

const beginning = 'erasing:'

/** Whom an erasure is about, and what of others has named him: that is all it goes on with after it was broken off. */
export interface Erasing {
  readonly proofId: string
  readonly partyId: PartyId
  /** Cards of others. */
  readonly cards: readonly ObjectId[]
  /** Groups, events and tasks. */
  readonly members: readonly ObjectId[]
  readonly relations: readonly RelationId[]
}

/** Notes that an erasure has begun, until it is done. */
export async function beginErasing({ sql }: Writer, { proofId, ...rest }: Erasing): Promise<void> {
  await sql.run('INSERT INTO meta (key, value) VALUES ($1, $2)', [beginning + proofId, JSON.stringify(rest)])
}

export async function endErasing({ sql }: Writer, proofId: string): Promise<void> {
  await sql.run('DELETE FROM meta WHERE key = $1', [beginning + proofId])
}

/** Erasures that have begun, and are not done. */
export async function listErasing({ sql }: Reader): Promise<Erasing[]> {
  const rows = await sql.all<{ key: string; value: string }>(
    "SELECT key, value FROM meta WHERE key LIKE 'erasing:%' ORDER BY key LIMIT 100",
  )
  return rows.map(({ key, value }) => ({ proofId: key.slice(beginning.length), ...restOf(value) }))
}

/** Versions before this one noted the person alone. */
function restOf(value: string): Omit<Erasing, 'proofId'> {
  const rest = JSON.parse(value) as PartyId | Omit<Erasing, 'proofId'>
  return typeof rest === 'number' ? { partyId: rest, cards: [], members: [], relations: [] } : rest
}

/** UIDs of cards, those in the trash too, by whose they are. @param page.after  the id of the last one seen */
export function listUids(
  { sql }: Reader,
  page: { readonly after: number; readonly limit: number },
): Promise<{ readonly objectId: number; readonly partyId: PartyId; readonly uid: string | null }[]> {
  return sql.all(
    `SELECT object_id AS "objectId", party_id AS "partyId", uid_key AS uid FROM placements WHERE object_id > $1
     ORDER BY object_id LIMIT $2`,
    [page.after, page.limit],
  )
}
