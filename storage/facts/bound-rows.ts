import { inList } from '../database.ts'
import type { BodyId, CollectionId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { columnsOf } from './fact-rows.ts'
import { type Day, type MembershipRow, membershipTable } from './tables.ts'

/** The octets of a card now, or those that it had before; without large photos. */
export interface CardOctets {
  /** Null for octets that are no card's any more. */
  readonly objectId: ObjectId | null
  readonly bodyId: BodyId
  readonly content: string | Buffer
}

/** The octets of these cards, and these octets of the past, with one statement. Cards that are not in UTF-8 are left out. */
export function cardOctets(
  { sql }: Reader,
  ids: readonly ObjectId[],
  past: readonly BodyId[],
): Promise<CardOctets[]> {
  const content = sql.dialect === 'sqlite' ? 'CAST(b.bytes AS text)' : 'b.bytes'
  return sql.all<CardOctets>(
    `SELECT o.id AS "objectId", b.id AS "bodyId", ${content} AS content
     FROM objects o JOIN bodies b ON b.id = o.body_id
     WHERE ${inList(sql.dialect, 'o.id', '$1', 'bigint')} AND o.media_type IS NULL
     UNION ALL SELECT NULL, b.id, ${content} FROM bodies b WHERE ${inList(sql.dialect, 'b.id', '$2', 'bigint')}`,
    [ids, past],
  )
}

/** Somebody with a value that was looked for. */
export interface Found {
  readonly partyId: PartyId
  readonly name: string
  /** As it is searched. */
  readonly folded: string
}

/** Matches of one search at most. */
const mostFound = 500

/** The address books that an account reads: its own, and those that it has accepted. */
const booksOfAccount = `SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.kind = 'addressbook'
    AND c.deleted_at IS NULL AND c.generated IS NULL
  UNION ALL SELECT m.collection_id FROM mounts m WHERE m.principal_id = $1 AND m.state = 'accepted'`

/**
 * People or organisations in the books of an account that are called so. The kind is written out: SQLite prepares a statement anew for
 * each value that a parameter has where a partial index is about that column.
 * @param names  folded
 */
export async function partiesCalled(
  { sql }: Reader,
  account: PrincipalId,
  kind: 'person' | 'org',
  names: readonly string[],
): Promise<Found[]> {
  const rows = await sql.all<Found>(
    `SELECT p.party_id AS "partyId", p.name, f.folded FROM contact_fields f
     JOIN placements p ON p.object_id = f.object_id
     WHERE f.collection_id IN (${booksOfAccount}) AND f.kind = 'fn' AND length(f.folded) <= 500
       AND ${inList(sql.dialect, 'f.folded', '$2', 'text')} AND p.kind = '${kind}' AND p.removed_at IS NULL
     LIMIT ${mostFound}`,
    [account, names],
  )
  return eachOnce(rows)
}

/** Organisations in the books of an account that have a mail address in one of these domains. */
export async function organisationsAt(
  { sql }: Reader,
  account: PrincipalId,
  domains: readonly string[],
): Promise<Found[]> {
  const domain =
    sql.dialect === 'sqlite' ? "substr(f.folded, instr(f.folded, '@') + 1)" : "split_part(f.folded, '@', 2)"
  const rows = await sql.all<Found>(
    `SELECT p.party_id AS "partyId", p.name, ${domain} AS folded FROM placements p
     JOIN contact_fields f ON f.object_id = p.object_id AND f.kind = 'email'
     WHERE p.collection_id IN (${booksOfAccount}) AND p.kind = 'org' AND p.removed_at IS NULL
       AND ${inList(sql.dialect, domain, '$2', 'text')} LIMIT ${mostFound}`,
    [account, domains],
  )
  return eachOnce(rows)
}

/** In the order of their ids: sorting the few there are costs SQLite more than finding them. */
function eachOnce(rows: readonly Found[]): Found[] {
  const found = new Map(rows.map((row) => [JSON.stringify([row.partyId, row.name, row.folded]), row]))
  return [...found.values()].sort((one, other) => one.partyId - other.partyId)
}

/** Whoever has one of these UIDs in the own books of an account. */
export function partiesOfUids(
  { sql }: Reader,
  account: PrincipalId,
  uids: readonly string[],
): Promise<{ readonly partyId: PartyId; readonly uidKey: string; readonly name: string }[]> {
  return sql.all(
    `SELECT p.party_id AS "partyId", p.uid_key AS "uidKey", p.name FROM placements p
     JOIN collections c ON c.id = p.collection_id
     WHERE ${inList(sql.dialect, 'p.uid_key', '$2', 'text')} AND c.principal_id = $1 AND p.removed_at IS NULL
     ORDER BY p.object_id`,
    [account, uids],
  )
}

/** What a party is called in living cards, whoever's they are, the first card's name first. */
export async function namesOf(
  { sql }: Reader,
  ids: readonly PartyId[],
): Promise<{ readonly partyId: PartyId; readonly name: string; readonly collectionId: CollectionId }[]> {
  if (ids.length === 0) return []
  return sql.all(
    `SELECT p.party_id AS "partyId", p.name, p.collection_id AS "collectionId" FROM placements p
     WHERE ${inList(sql.dialect, 'p.party_id', '$1', 'bigint')} AND p.removed_at IS NULL ORDER BY p.object_id`,
    [ids],
  )
}

const goesOn = (day: string): string => `(f.until_on IS NULL OR f.until_on > ${day})`

/**
 * Where people in the own books of an account work, by cards that name one of these employers which is not known.
 * @param names  folded
 */
export function unlinkedJobs(
  { sql }: Reader,
  account: PrincipalId,
  names: readonly string[],
  { today, limit }: { readonly today: Day; readonly limit: number },
): Promise<MembershipRow[]> {
  const named =
    sql.dialect === 'sqlite'
      ? "CASE instr(o.folded, ';') WHEN 0 THEN o.folded ELSE substr(o.folded, 1, instr(o.folded, ';') - 1) END"
      : "split_part(o.folded, ';', 1)"
  return sql.all<MembershipRow>(
    `SELECT DISTINCT ${columnsOf(membershipTable)} FROM contact_fields o
     JOIN placements p ON p.object_id = o.object_id JOIN memberships f ON f.party_id = p.party_id
     WHERE o.collection_id IN (SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.kind = 'addressbook'
         AND c.deleted_at IS NULL AND c.generated IS NULL)
       AND o.kind = 'org' AND ${inList(sql.dialect, named, '$2', 'text')} AND p.removed_at IS NULL
       AND f.org_id IS NULL AND ${goesOn('$3')} ORDER BY 1 LIMIT $4`,
    [account, names, today, limit],
  )
}

/** Who works for these organisations now, the oldest first. */
export async function jobsAt(
  { sql }: Reader,
  orgIds: readonly PartyId[],
  { today, limit }: { readonly today: Day; readonly limit: number },
): Promise<MembershipRow[]> {
  return sql.all<MembershipRow>(
    `SELECT ${columnsOf(membershipTable)} FROM memberships f
     WHERE ${inList(sql.dialect, 'f.org_id', '$1', 'bigint')} AND ${goesOn('$2')} ORDER BY f.id LIMIT $3`,
    [orgIds, today, limit],
  )
}
