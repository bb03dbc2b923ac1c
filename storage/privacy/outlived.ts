import { inList } from '../database.ts'
import type { CollectionId, PartyId, PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'
import type { RetentionRuleRow } from './retention-rules.ts'

/** Something that has been kept for as long as a rule says: somebody, an activity, or a consent. */
export interface OutlivedRow {
  readonly id: number
  /** Whom it is about: of an activity the first. */
  readonly partyId: PartyId
}

/** What is looked for. */
export interface Outlived extends Pick<RetentionRuleRow, 'kind' | 'role' | 'bookId'> {
  /** Nothing has happened since. */
  readonly before: number
  /** The same as a day. */
  readonly beforeDay: string
  readonly today: string
  /** Books whose cards may go. Who has a card elsewhere stays, as does what is about him. */
  readonly books: readonly CollectionId[]
  /** Whose activities may go beside those that everybody sees. */
  readonly principals: readonly PrincipalId[]
  /** One alone. */
  readonly id?: number | undefined
}

/** What has outlived its time, in the order it was made. @param page.after  the id of the last one seen */
export function listOutlived(
  { sql }: Reader,
  outlived: Outlived,
  page: { readonly after: number; readonly limit: number },
): Promise<OutlivedRow[]> {
  const { text, params } = statementOf(sql.dialect, outlived)
  const after = `$${params.push(page.after)}`
  const limit = `$${params.push(page.limit)}`
  return sql.all<OutlivedRow>(
    `SELECT id, "partyId" FROM (${text}) f WHERE f.id > ${after} ORDER BY f.id LIMIT ${limit}`,
    params,
  )
}

export async function countOutlived({ sql }: Reader, outlived: Outlived): Promise<number> {
  const { text, params } = statementOf(sql.dialect, outlived)
  const row = await sql.first<{ count: number }>(`SELECT count(*) AS count FROM (${text}) f`, params)
  return Number(row?.count ?? 0)
}

type Dialect = Reader['sql']['dialect']

/** A statement that is being written, and its parameters. */
interface Writing {
  readonly dialect: Dialect
  readonly params: unknown[]
}

function statementOf(dialect: Dialect, outlived: Outlived) {
  const on: Writing = { dialect, params: [] }
  const text = textOf(on, outlived)
  return { text, params: on.params }
}

function textOf(on: Writing, outlived: Outlived): string {
  switch (outlived.kind) {
    case 'untouched':
      return untouched(on, outlived)
    case 'activities':
      return oldActivities(on, outlived)
    case 'consents':
      return overConsents(on, outlived)
    default:
      return outlived.kind satisfies never
  }
}

function put(on: Writing, value: unknown): string {
  return `$${on.params.push(value)}`
}

/** Everybody's calendars, notes and links count, whoever may see them. */
function untouched(on: Writing, outlived: Outlived): string {
  const since = put(on, outlived.before)
  const today = put(on, outlived.today)
  // Of one that has no end, or of which it is not known, the end is still to come.
  const isCurrent = `(t.object_id IS NOT NULL OR o.modified_at >= ${since}
    OR x.component = 'VEVENT' AND (x.latest IS NULL OR x.latest >= ${since}))`
  const events = (id: string): string => `JOIN objects o ON o.id = ${id}
    JOIN calendar_objects x ON x.object_id = o.id LEFT JOIN open_tasks t ON t.object_id = o.id`
  const stays = [
    `placements q WHERE q.party_id = y.id AND (q.kind = 'org' OR q.removed_at >= ${since})`,
    `placements q JOIN objects o ON o.id = q.object_id WHERE q.party_id = y.id AND o.modified_at >= ${since}`,
    `activity_parties p JOIN activities a ON a.id = p.activity_id
       WHERE p.party_id = y.id AND (a.at >= ${since} OR a.changed_at >= ${since})`,
    `party_links l WHERE l.party_id = y.id AND l.at >= ${since}`,
    'cadences k WHERE k.party_id = y.id',
    // Given without an end, or with one that is still to come; or said for a day that is still to come.
    `consents n WHERE n.party_id = y.id AND (n.given_on > ${today}
       OR n.state = 'given' AND (n.expires_on IS NULL OR n.expires_on > ${today}))`,
    `party_links l ${events('l.target_id')} WHERE l.party_id = y.id AND l.kind = 'object' AND ${isCurrent}`,
    `placements q JOIN contact_fields c ON c.object_id = q.object_id AND c.kind = 'email'
       JOIN event_people e ON e.mail = replace(c.folded, 'mailto:', '') ${events('e.object_id')}
       WHERE q.party_id = y.id AND ${isCurrent}`,
  ]
  const conditions = [
    `y.merged_into IS NULL AND y.created_at < ${since} AND y.changed_at < ${since}`,
    isWanted(on, 'y.id', outlived),
    ...stays.map((rows) => `NOT EXISTS (SELECT 1 FROM ${rows})`),
  ]
  if (outlived.id !== undefined) conditions.push(`y.id = ${put(on, outlived.id)}`)
  return `SELECT y.id, y.id AS "partyId" FROM parties y WHERE ${conditions.join(' AND ')}`
}

/** What stands above the others is still wanted. */
function oldActivities(on: Writing, outlived: Outlived): string {
  const since = put(on, outlived.before)
  const isOwn = inList(on.dialect, 'coalesce(a.author_id, 0)', put(on, outlived.principals), 'bigint')
  const isOfTeam = inList(on.dialect, 'coalesce(a.team_id, 0)', put(on, outlived.principals), 'bigint')
  const conditions = [
    `a.kind IN ('note', 'call') AND a.at < ${since} AND a.changed_at < ${since} AND a.pinned_at IS NULL`,
    `(a.visibility = 'public' OR a.visibility = 'team' AND ${isOfTeam} OR ${isOwn})`,
    'EXISTS (SELECT 1 FROM activity_parties p WHERE p.activity_id = a.id)',
    `NOT EXISTS (SELECT 1 FROM activity_parties p WHERE p.activity_id = a.id
       AND NOT (${isWanted(on, 'p.party_id', outlived)}))`,
  ]
  if (outlived.id !== undefined) conditions.push(`a.id = ${put(on, outlived.id)}`)
  const first = 'SELECT min(p.party_id) FROM activity_parties p WHERE p.activity_id = a.id'
  return `SELECT a.id, (${first}) AS "partyId" FROM activities a WHERE ${conditions.join(' AND ')}`
}

/** Who never agreed has said no, which stays. */
function overConsents(on: Writing, outlived: Outlived): string {
  const day = put(on, outlived.beforeDay)
  const conditions = [
    `(n.state = 'given' AND n.expires_on < ${day} OR n.state = 'withdrawn' AND n.given_on < ${day})`,
    isWanted(on, 'n.party_id', outlived),
  ]
  if (outlived.id !== undefined) conditions.push(`n.id = ${put(on, outlived.id)}`)
  return `SELECT n.id, n.party_id AS "partyId" FROM consents n WHERE ${conditions.join(' AND ')}`
}

/** Somebody all of whose cards are where they may go, with the role and in the book of the rule. */
function isWanted(on: Writing, party: string, { books, role, bookId }: Outlived): string {
  const isHere = inList(on.dialect, 'w.collection_id', put(on, books), 'bigint')
  const cards = `placements w WHERE w.party_id = ${party} AND w.removed_at IS NULL`
  const inBook = bookId === null ? '' : ` AND w.collection_id = ${put(on, bookId)}`
  const conditions = [
    `EXISTS (SELECT 1 FROM ${cards} AND ${isHere}${inBook})`,
    `NOT EXISTS (SELECT 1 FROM ${cards} AND NOT ${isHere})`,
  ]
  if (role !== null)
    conditions.push(
      `EXISTS (SELECT 1 FROM party_roles z WHERE z.party_id = ${party} AND z.role = ${put(on, role)})`,
    )
  return conditions.join(' AND ')
}
