import { inList } from '../database.ts'
import type { CollectionId, ObjectId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A card in a virtual book. */
export interface VirtualMemberRow {
  readonly collectionId: CollectionId
  /** The card that it is a copy of. */
  readonly sourceId: ObjectId
  /** The copy; null where another card of the same UID is shown in its place. */
  readonly memberId: ObjectId | null
  readonly name: string
  /** Its key: see `uidKey`. */
  readonly uid: string | null
}

const fields = ['collectionId', 'sourceId', 'memberId', 'name', 'uid'] as const
const columns = selectList<VirtualMemberRow>('m', fields)

/** The books that any of these cards is in, each with those of them. */
export function membershipsOf({ sql }: Reader, sources: readonly ObjectId[]): Promise<VirtualMemberRow[]> {
  return sql.all<VirtualMemberRow>(
    `SELECT ${columns} FROM virtual_members m WHERE ${inList(sql.dialect, 'm.source_id', '$1', 'bigint')}`,
    [sources],
  )
}

/** What a book has of these cards. */
export function membersFrom(
  { sql }: Reader,
  id: CollectionId,
  sources: readonly ObjectId[],
): Promise<VirtualMemberRow[]> {
  return sql.all<VirtualMemberRow>(
    `SELECT ${columns} FROM virtual_members m WHERE m.collection_id = $1
       AND ${inList(sql.dialect, 'm.source_id', '$2', 'bigint')} ORDER BY m.source_id`,
    [id, sources],
  )
}

/** What a book has of cards after one, up to another, so many at most. */
export function membersBetween(
  { sql }: Reader,
  id: CollectionId,
  after: ObjectId,
  upTo: ObjectId,
  limit: number,
): Promise<VirtualMemberRow[]> {
  return sql.all<VirtualMemberRow>(
    `SELECT ${columns} FROM virtual_members m WHERE m.collection_id = $1 AND m.source_id > $2 AND m.source_id <= $3
     ORDER BY m.source_id LIMIT $4`,
    [id, after, upTo, limit],
  )
}

/** How many cards a book has looked at that belong to it. @param most  more need not be counted */
export async function countVirtualMembers(
  { sql }: Reader,
  id: CollectionId,
  most: number = Number.MAX_SAFE_INTEGER,
): Promise<number> {
  const text = `SELECT count(*) AS n FROM
    (SELECT 1 FROM virtual_members m WHERE m.collection_id = $1 LIMIT $2) AS counted`
  return Number((await sql.first<{ n: number }>(text, [id, most]))?.n ?? 0)
}

/** What a book has of cards of these UIDs, shown or not; the card that came first before the others. */
export function membersOfUids(
  { sql }: Reader,
  id: CollectionId,
  uids: readonly string[],
): Promise<VirtualMemberRow[]> {
  return sql.all<VirtualMemberRow>(
    `SELECT ${columns} FROM virtual_members m WHERE m.collection_id = $1
       AND ${inList(sql.dialect, 'm.uid', '$2', 'text')} ORDER BY m.source_id`,
    [id, uids],
  )
}

/** Of which cards these members are copies. */
export function membersByObjects(
  { sql }: Reader,
  id: CollectionId,
  members: readonly ObjectId[],
): Promise<VirtualMemberRow[]> {
  return sql.all<VirtualMemberRow>(
    `SELECT ${columns} FROM virtual_members m WHERE m.collection_id = $1
       AND ${inList(sql.dialect, 'm.member_id', '$2', 'bigint')}`,
    [id, members],
  )
}

export async function saveVirtualMember(tx: Writer, member: VirtualMemberRow): Promise<void> {
  await tx.sql.run(
    `INSERT INTO virtual_members (collection_id, source_id, member_id, name, uid) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (collection_id, source_id) DO UPDATE SET member_id = excluded.member_id, name = excluded.name,
       uid = excluded.uid`,
    [member.collectionId, member.sourceId, member.memberId, member.name, member.uid],
  )
}

export async function forgetVirtualMembers(
  tx: Writer,
  id: CollectionId,
  sources: readonly ObjectId[],
): Promise<void> {
  const condition = inList(tx.sql.dialect, 'source_id', '$2', 'bigint')
  await tx.sql.run(`DELETE FROM virtual_members WHERE collection_id = $1 AND ${condition}`, [id, sources])
}
