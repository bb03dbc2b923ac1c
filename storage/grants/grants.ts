import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { GrantId, PartyId, PrincipalId, SmartListId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

export type GrantKind = 'person' | 'label' | 'list' | 'book'
export type GrantAccess = 'read' | 'read-write'

/** Somebody lets another, or a group, see some people of his. */
export interface GrantRow {
  readonly id: GrantId
  readonly giverId: PrincipalId
  readonly receiverId: PrincipalId
  readonly kind: GrantKind
  /** Of one person: him. */
  readonly partyId: PartyId | null
  /** Of a label: the one book that is meant, null for all. Of a smart list or a whole book: that. */
  readonly sourceId: number | null
  readonly label: string | null
  /** What it was called before it was renamed, where some cards still have that name, as JSON. */
  readonly formerLabels: string
  readonly access: GrantAccess
  /** What is not seen of them: written masks, as JSON. */
  readonly masks: string
  /** What the giver calls the book that they are in. */
  readonly name: string | null
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

/** What a new one says. */
export type NewGrant = Omit<GrantRow, 'id' | 'formerLabels' | 'version' | 'createdAt' | 'changedAt'>

const fields = [
  ...(['id', 'giverId', 'receiverId', 'kind', 'partyId', 'sourceId', 'label', 'access', 'masks'] as const),
  ...(['formerLabels', 'name', 'version', 'createdAt', 'changedAt'] as const),
] as const
const columns = selectList<GrantRow>('g', fields)

/** What somebody gives, in the order it was given. */
export function grantsBy({ sql }: Reader, giverId: PrincipalId): Promise<GrantRow[]> {
  return sql.all<GrantRow>(`SELECT ${columns} FROM grants g WHERE g.giver_id = $1 ORDER BY g.id`, [giverId])
}

/** What is to be true of grants that are asked for. */
export interface GrantsAsked {
  readonly kind?: GrantKind | undefined
  readonly party?: PartyId | undefined
  readonly label?: string | undefined
  readonly list?: SmartListId | undefined
  /** By its name in the home of the giver. */
  readonly book?: string | undefined
  /** To whom, by name. */
  readonly with?: string | undefined
}

/** How each of it is asked of a row. */
const asking: Readonly<Record<keyof GrantsAsked, (given: string) => string>> = {
  kind: (given) => `g.kind = ${given}`,
  party: (given) => `g.party_id = ${given}`,
  label: (given) => `g.label = ${given}`,
  list: (given) => `g.kind = 'list' AND g.source_id = ${given}`,
  book: (given) =>
    `g.kind IN ('label', 'book') AND g.source_id IN
     (SELECT c.id FROM collections c WHERE c.principal_id = $1 AND c.kind = 'addressbook' AND c.name = ${given})`,
  with: (given) => `g.receiver_id IN (SELECT p.id FROM principals p WHERE p.name = ${given})`,
}

/** A page of what somebody gives, after one; of all, or of what is asked for. */
export function pageGrantsBy(
  { sql }: Reader,
  giverId: PrincipalId,
  { after, limit, ...asked }: GrantsAsked & { readonly after: GrantId; readonly limit: number },
): Promise<GrantRow[]> {
  const wanted = Object.entries(asked).filter(([, value]) => value !== undefined)
  const isWanted = wanted.map(([key], at) => `AND ${asking[key as keyof GrantsAsked](`$${at + 4}`)}`)
  return sql.all<GrantRow>(
    `SELECT ${columns} FROM grants g WHERE g.giver_id = $1 AND g.id > $2 ${isWanted.join(' ')} ORDER BY g.id LIMIT $3`,
    [giverId, after, limit, ...wanted.map(([, value]) => value)],
  )
}

/** What is given to any of these principals. */
export function grantsTo({ sql }: Reader, receivers: readonly PrincipalId[]): Promise<GrantRow[]> {
  return sql.all<GrantRow>(
    `SELECT ${columns} FROM grants g WHERE ${inList(sql.dialect, 'g.receiver_id', '$1', 'bigint')} ORDER BY g.id`,
    [receivers],
  )
}

export function findGrant({ sql }: Reader, id: GrantId): Promise<GrantRow | undefined> {
  return sql.first<GrantRow>(`SELECT ${columns} FROM grants g WHERE g.id = $1`, [id])
}

/** Who gives any of those who have become one with one of these people in this write, or two again. */
export async function giversOfMerged(
  { sql, now }: Writer,
  survivors: readonly PartyId[],
): Promise<PrincipalId[]> {
  const rows = await sql.all<{ giverId: PrincipalId }>(
    `SELECT g.giver_id AS "giverId" FROM merges m JOIN grants g ON g.party_id IN (m.survivor_id, m.loser_id)
     WHERE ${inList(sql.dialect, 'm.survivor_id', '$1', 'bigint')} AND (m.at = $2 OR m.undone_at = $2)`,
    [survivors, now],
  )
  return [...new Set(rows.map(({ giverId }) => giverId))].sort((one, other) => one - other)
}

/** Whom the grants of somebody reach: each user once for each of them, himself left out. */
export function reachedBy(
  { sql }: Reader,
  giverId: PrincipalId,
): Promise<{ grantId: GrantId; userId: PrincipalId }[]> {
  return sql.all(
    `WITH RECURSIVE reached(grant_id, id) AS (
       SELECT g.id, g.receiver_id FROM grants g WHERE g.giver_id = $1
       UNION SELECT r.grant_id, m.member_id FROM group_members m JOIN reached r ON r.id = m.group_id)
     SELECT r.grant_id AS "grantId", r.id AS "userId" FROM reached r
       JOIN principals p ON p.id = r.id AND p.kind = 'user' AND p.id <> $1 ORDER BY r.id, r.grant_id`,
    [giverId],
  )
}

export async function addGrant(tx: Writer, grant: NewGrant): Promise<GrantId> {
  const row = await tx.sql.first<{ id: GrantId }>(
    `INSERT INTO grants (giver_id, receiver_id, kind, party_id, source_id, label, access, masks, name, version,
       created_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $10) RETURNING id`,
    [
      ...[grant.giverId, grant.receiverId, grant.kind, grant.partyId, grant.sourceId, grant.label],
      ...[grant.access, grant.masks, grant.name, tx.now],
    ],
  )
  if (row === undefined) throw new Error('The grant was not made.')
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeGrant(
  tx: Writer,
  { id, version, access, masks, name }: Pick<GrantRow, 'id' | 'version' | 'access' | 'masks' | 'name'>,
): Promise<void> {
  const changed = await tx.sql.run(
    `UPDATE grants SET access = $3, masks = $4, name = $5, version = version + 1, changed_at = $6
     WHERE id = $1 AND version = $2`,
    [id, version, access, masks, name, tx.now],
  )
  if (changed === 0) throw new WriteConflictError('What is shared has changed.')
}

export async function removeGrant(tx: Writer, id: GrantId): Promise<void> {
  await tx.sql.run('DELETE FROM grants WHERE id = $1', [id])
}

/** What some accounts give of labels. */
export function labelGrantsBy({ sql }: Reader, giverIds: readonly PrincipalId[]): Promise<GrantRow[]> {
  const isOfThem = inList(sql.dialect, 'g.giver_id', '$1', 'bigint')
  return sql.all<GrantRow>(
    `SELECT ${columns} FROM grants g WHERE g.kind = 'label' AND ${isOfThem} ORDER BY g.id`,
    [giverIds],
  )
}

/** A label that is shared is called otherwise. */
export async function relabelGrant(
  tx: Writer,
  { id, label, formerLabels }: Pick<GrantRow, 'id' | 'label' | 'formerLabels'>,
): Promise<void> {
  await tx.sql.run(
    'UPDATE grants SET label = $2, former_labels = $3, version = version + 1, changed_at = $4 WHERE id = $1',
    [id, label, formerLabels, tx.now],
  )
}

/** Nobody is given a smart list any more. @returns whether anybody was */
export async function removeGrantsOfList(tx: Writer, id: SmartListId): Promise<boolean> {
  return (await tx.sql.run("DELETE FROM grants WHERE kind = 'list' AND source_id = $1", [id])) > 0
}

/** Takes away all that somebody gives, and all that is given to him. */
export async function removeGrantsOf(tx: Writer, principalId: PrincipalId): Promise<void> {
  await tx.sql.run('DELETE FROM grants WHERE giver_id = $1 OR receiver_id = $1', [principalId])
}
