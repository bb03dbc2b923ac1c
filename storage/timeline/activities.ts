import { type Dialect, inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { ActivityId, CollectionId, ObjectId, PartyId, PrincipalId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { grouped, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A note, a call, a visit or another thing that was done with somebody. */
export interface ActivityRow {
  readonly id: ActivityId
  /** `note`, `call`, `visit`, `touch` … */
  readonly kind: string
  /** When it was. */
  readonly at: number
  readonly authorId: PrincipalId | null
  /** Its author alone; the team too; or whoever sees one of the people it is about. */
  readonly visibility: 'private' | 'team' | 'public'
  /** The group that sees it; null where it is no team's. */
  readonly teamId: PrincipalId | null
  /** Rich text, sanitised. */
  readonly html: string
  /** The same as plain text. */
  readonly text: string
  readonly direction: 'in' | 'out' | null
  readonly outcome: string | null
  readonly minutes: number | null
  /** Since when it stands above the others. */
  readonly pinnedAt: number | null
  /** The event or task that it came from. */
  readonly objectId: ObjectId | null
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
  /** What its author was called, where his account is gone. */
  readonly authorName: string | null
}

export type NewActivity = Omit<ActivityRow, 'id' | 'version' | 'createdAt' | 'changedAt' | 'authorName'>

const fields = [
  'id',
  'kind',
  'at',
  'authorId',
  'visibility',
  'teamId',
  'html',
  'text',
  'direction',
  'outcome',
  'minutes',
  'pinnedAt',
  'objectId',
  'version',
  'createdAt',
  'changedAt',
  'authorName',
] as const
const columns = selectList<ActivityRow>('a', fields)

/** Who asks: what is private is its author's, what is a team's is for those in it. */
export interface ActivityReader {
  readonly principalId: PrincipalId
  /** Himself, and every group that holds him. */
  readonly principals: ReadonlySet<PrincipalId>
}

/** The place of a row in a list of the newest first: what comes behind it is older. */
export interface Before {
  readonly at: number
  readonly id: number
}

export function findActivity({ sql }: Reader, id: ActivityId): Promise<ActivityRow | undefined> {
  return sql.first<ActivityRow>(`SELECT ${columns} FROM activities a WHERE a.id = $1`, [id])
}

/** Those of these ids that are there. */
export async function findActivities(
  { sql }: Reader,
  ids: readonly ActivityId[],
): Promise<ReadonlyMap<ActivityId, ActivityRow>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<ActivityRow>(
    `SELECT ${columns} FROM activities a WHERE ${inList(sql.dialect, 'a.id', '$1', 'bigint')}`,
    [ids],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** What was done with any of these people that the reader may see, the newest first. */
export function listActivities(
  { sql }: Reader,
  parties: readonly PartyId[],
  asking: ActivityReader,
  page: { readonly before: Before; readonly limit: number; readonly kinds?: readonly string[] | undefined },
): Promise<ActivityRow[]> {
  const params: unknown[] = [
    parties,
    asking.principalId,
    [...asking.principals],
    page.before.at,
    page.before.id,
  ]
  const ofKind = page.kinds
    ? `AND ${inList(sql.dialect, 'a.kind', `$${params.push(page.kinds)}`, 'text')}`
    : ''
  return sql.all<ActivityRow>(
    `SELECT ${columns} FROM activities a
     WHERE a.id IN (SELECT p.activity_id FROM activity_parties p
         WHERE ${inList(sql.dialect, 'p.party_id', '$1', 'bigint')} AND p.at <= $4)
       AND ${isVisible(sql.dialect)} AND (a.at, a.id) < ($4, $5) ${ofKind}
     ORDER BY a.at DESC, a.id DESC LIMIT $${params.push(page.limit)}`,
    params,
  )
}

/** What stands above the others, of these people, the last pinned first. */
export function listPinned(
  { sql }: Reader,
  parties: readonly PartyId[],
  asking: ActivityReader,
  limit: number,
): Promise<ActivityRow[]> {
  return sql.all<ActivityRow>(
    `SELECT ${columns} FROM activities a
     WHERE a.id IN (SELECT p.activity_id FROM activity_parties p
         WHERE ${inList(sql.dialect, 'p.party_id', '$1', 'bigint')})
       AND ${isVisible(sql.dialect)} AND a.pinned_at IS NOT NULL
     ORDER BY a.pinned_at DESC, a.id DESC LIMIT $4`,
    [parties, asking.principalId, [...asking.principals], limit],
  )
}

/** What was done by a team's people or for it, that the reader may see, the newest first. */
export function listTeamActivities(
  { sql }: Reader,
  team: { readonly id: PrincipalId; readonly members: readonly PrincipalId[] },
  asking: ActivityReader,
  page: { readonly before: Before; readonly limit: number },
): Promise<ActivityRow[]> {
  const byMember = inList(sql.dialect, 'a.author_id', '$1', 'bigint')
  return sql.all<ActivityRow>(
    `SELECT ${columns} FROM activities a
     WHERE (a.team_id = $4 OR ${byMember}) AND ${isVisible(sql.dialect)} AND (a.at, a.id) < ($5, $6)
     ORDER BY a.at DESC, a.id DESC LIMIT $7`,
    [
      team.members,
      asking.principalId,
      [...asking.principals],
      team.id,
      page.before.at,
      page.before.id,
      page.limit,
    ],
  )
}

/** Whether somebody who sees a person sees this of it. */
export function mayReadActivity(
  { visibility, authorId, teamId }: Pick<ActivityRow, 'visibility' | 'authorId' | 'teamId'>,
  { principalId, principals }: ActivityReader,
): boolean {
  if (visibility === 'public' || authorId === principalId) return true
  return visibility === 'team' && teamId !== null && principals.has(teamId)
}

/** The people that each of these is about. */
export function partiesOfActivities(
  reader: Reader,
  ids: readonly ActivityId[],
): Promise<ReadonlyMap<ActivityId, readonly PartyId[]>> {
  return idsOfEach<PartyId>(reader, 'activity_parties', 'party_id', ids)
}

/** Who is mentioned in each of these. */
export function mentionsOf(
  reader: Reader,
  ids: readonly ActivityId[],
): Promise<ReadonlyMap<ActivityId, readonly PrincipalId[]>> {
  return idsOfEach<PrincipalId>(reader, 'activity_mentions', 'principal_id', ids)
}

/** What stands in a column beside each activity. */
async function idsOfEach<Id>(
  { sql }: Reader,
  table: 'activity_parties' | 'activity_mentions',
  column: 'party_id' | 'principal_id',
  ids: readonly ActivityId[],
): Promise<ReadonlyMap<ActivityId, readonly Id[]>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<{ activityId: ActivityId; id: Id }>(
    `SELECT activity_id AS "activityId", ${column} AS id FROM ${table}
     WHERE ${inList(sql.dialect, 'activity_id', '$1', 'bigint')} ORDER BY activity_id, ${column}`,
    [ids],
  )
  const found = grouped(rows, ({ activityId }) => activityId)
  return new Map([...found].map(([id, of]) => [id, of.map((row) => row.id)]))
}

/** @param former  the id that it had before it was removed: its version is above all that it had then */
export async function addActivity(
  tx: Writer,
  activity: NewActivity,
  about: { readonly parties: readonly PartyId[]; readonly mentions: readonly PrincipalId[] },
  former?: ActivityId,
): Promise<ActivityId> {
  const [column, value] = former === undefined ? ['', ''] : ['id, ', '$15, ']
  const row = await tx.sql.first<{ id: ActivityId }>(
    `INSERT INTO activities (${column}kind, at, author_id, visibility, team_id, html, text, direction, outcome, minutes,
       pinned_at, object_id, version, created_at, changed_at)
     VALUES (${value}$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $14, $13, $13) RETURNING id`,
    [...written(activity), activity.objectId, tx.now, ...(former === undefined ? [1] : [tx.now, former])],
  )
  if (row === undefined) throw new Error('The activity was not written down.')
  await writeAbout(tx, row.id, activity.at, about)
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeActivity(
  tx: Writer,
  activity: ActivityRow,
  about: { readonly parties: readonly PartyId[]; readonly mentions: readonly PrincipalId[] },
): Promise<void> {
  const { id, version } = activity
  const changed = await tx.sql.run(
    `UPDATE activities SET kind = $1, at = $2, author_id = $3, visibility = $4, team_id = $5, html = $6, text = $7,
       direction = $8, outcome = $9, minutes = $10, pinned_at = $11, version = version + 1, changed_at = $12
     WHERE id = $13 AND version = $14`,
    [...written(activity), tx.now, id, version],
  )
  if (changed === 0) throw new WriteConflictError('The activity has changed.')
  for (const table of ['activity_parties', 'activity_mentions'])
    await tx.sql.run(`DELETE FROM ${table} WHERE activity_id = $1`, [id])
  await writeAbout(tx, id, activity.at, about)
}

export async function removeActivity(tx: Writer, id: ActivityId): Promise<void> {
  await tx.sql.run('DELETE FROM activities WHERE id = $1', [id])
}

/** How much somebody has written for himself alone. */
export async function countPrivateActivities({ sql }: Reader, authorId: PrincipalId): Promise<number> {
  const text = "SELECT count(*) AS count FROM activities WHERE author_id = $1 AND visibility = 'private'"
  return (await sql.first<{ count: number }>(text, [authorId]))?.count ?? 0
}

/** Before an account goes: what it wrote for others keeps its name; what it wrote for itself alone nobody could read. */
export async function leaveActivities({ sql }: Writer, authorId: PrincipalId): Promise<void> {
  const rows = await sql.all<{ id: ActivityId }>(
    "DELETE FROM activities WHERE author_id = $1 AND visibility = 'private' RETURNING id",
    [authorId],
  )
  if (rows.length > 0) await forgetNotes(sql, rows)
  await sql.run(
    `UPDATE activities SET author_name =
       (SELECT CASE WHEN p.display_name = '' THEN p.name ELSE p.display_name END FROM principals p WHERE p.id = $1)
     WHERE author_id = $1`,
    [authorId],
  )
}

/** What is written for everybody about the people in a book, by id. @param after  the id of the last one seen */
export function listActivitiesOfBook(
  { sql }: Reader,
  collectionId: CollectionId,
  { after, limit }: { readonly after: ActivityId; readonly limit: number },
): Promise<ActivityRow[]> {
  return sql.all<ActivityRow>(
    `SELECT ${columns} FROM activities a WHERE a.id > $2 AND a.visibility = 'public' AND a.id IN (
       SELECT y.activity_id FROM activity_parties y JOIN placements p ON p.party_id = y.party_id
       WHERE p.collection_id = $1) ORDER BY a.id LIMIT $3`,
    [collectionId, after, limit],
  )
}

/** Takes away those of these that are about nobody any more, and out of the search. */
export async function removeForsakenActivities({ sql }: Writer, ids: readonly ActivityId[]): Promise<void> {
  if (ids.length === 0) return
  const rows = await sql.all<{ id: ActivityId }>(
    `DELETE FROM activities WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}
       AND NOT EXISTS (SELECT 1 FROM activity_parties p WHERE p.activity_id = activities.id) RETURNING id`,
    [ids],
  )
  if (rows.length > 0) await forgetNotes(sql, rows)
}

/** Takes them out of the search. */
async function forgetNotes(sql: Writer['sql'], rows: readonly { readonly id: ActivityId }[]): Promise<void> {
  const condition = inList(sql.dialect, 'source_id', '$1', 'bigint')
  await sql.run(`DELETE FROM search_documents WHERE source = 'note' AND ${condition}`, [
    rows.map(({ id }) => id),
  ])
}

function written(activity: NewActivity): unknown[] {
  return [
    activity.kind,
    activity.at,
    activity.authorId,
    activity.visibility,
    activity.teamId,
    activity.html,
    activity.text,
    activity.direction,
    activity.outcome,
    activity.minutes,
    activity.pinnedAt,
  ]
}

async function writeAbout(
  tx: Writer,
  id: ActivityId,
  at: number,
  { parties, mentions }: { readonly parties: readonly PartyId[]; readonly mentions: readonly PrincipalId[] },
): Promise<void> {
  const people = parties.map((partyId) => [partyId, id, at])
  await insertRows(tx, 'activity_parties', ['party_id', 'activity_id', 'at'], people)
  const mentioned = mentions.map((principalId) => [id, principalId])
  await insertRows(tx, 'activity_mentions', ['activity_id', 'principal_id'], mentioned)
}

/** $2 is who asks, $3 what he is part of. */
function isVisible(dialect: Dialect): string {
  return `(a.visibility = 'public' OR a.author_id = $2
    OR (a.visibility = 'team' AND ${inList(dialect, 'a.team_id', '$3', 'bigint')}))`
}
