import { inList } from '../database.ts'
import type { CollectionId, ObjectId, PartyId, PartyLinkId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'
import type { Before } from './activities.ts'

/** An event, a task or a file that somebody has tied to a person: no client has to keep it. */
export interface PartyLinkRow {
  readonly id: PartyLinkId
  readonly partyId: PartyId
  readonly kind: 'object' | 'node'
  /** Of an event or a task, of a file or a folder: it stays when that is in the trash, and until it is gone for good. */
  readonly targetId: number
  readonly authorId: PrincipalId | null
  readonly at: number
}

const columns = selectList<PartyLinkRow>('l', ['id', 'partyId', 'kind', 'targetId', 'authorId', 'at'])

/** @returns the link, the one there was where there was one already */
export async function addLink(
  tx: Writer,
  { partyId, kind, targetId, authorId }: Omit<PartyLinkRow, 'id' | 'at'>,
): Promise<PartyLinkRow> {
  await tx.sql.run(
    `INSERT INTO party_links (party_id, kind, target_id, author_id, at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (party_id, kind, target_id) DO NOTHING`,
    [partyId, kind, targetId, authorId, tx.now],
  )
  const row = await tx.sql.first<PartyLinkRow>(
    `SELECT ${columns} FROM party_links l WHERE l.party_id = $1 AND l.kind = $2 AND l.target_id = $3`,
    [partyId, kind, targetId],
  )
  if (row === undefined) throw new Error('The link was not made.')
  return row
}

export function findLink({ sql }: Reader, id: PartyLinkId): Promise<PartyLinkRow | undefined> {
  return sql.first<PartyLinkRow>(`SELECT ${columns} FROM party_links l WHERE l.id = $1`, [id])
}

export async function removeLink(tx: Writer, id: PartyLinkId): Promise<void> {
  await tx.sql.run('DELETE FROM party_links WHERE id = $1', [id])
}

/** What is linked to these people, the newest first. */
export function listLinks(
  { sql }: Reader,
  parties: readonly PartyId[],
  kind: PartyLinkRow['kind'],
  page: { readonly before: Before; readonly limit: number },
): Promise<PartyLinkRow[]> {
  return sql.all<PartyLinkRow>(
    `SELECT ${columns} FROM party_links l
     WHERE ${inList(sql.dialect, 'l.party_id', '$1', 'bigint')} AND l.kind = $2 AND (l.at, l.id) < ($3, $4)
     ORDER BY l.at DESC, l.id DESC LIMIT $5`,
    [parties, kind, page.before.at, page.before.id, page.limit],
  )
}

/** Whom these are linked to. */
export function linksOfTargets(
  { sql }: Reader,
  kind: PartyLinkRow['kind'],
  targets: readonly number[],
): Promise<PartyLinkRow[]> {
  return sql.all<PartyLinkRow>(
    `SELECT ${columns} FROM party_links l
     WHERE l.kind = $1 AND ${inList(sql.dialect, 'l.target_id', '$2', 'bigint')} ORDER BY l.id`,
    [kind, targets],
  )
}

/** Events and tasks of these calendars that have to do with somebody. */
export interface Concerning {
  readonly parties: readonly PartyId[]
  /** Their addresses, in small letters: events that these organise or attend. */
  readonly mails: readonly string[]
  readonly calendars: readonly CollectionId[]
}

/** One time that something took place, or takes place. */
export interface ConcerningInstance {
  readonly id: ObjectId
  readonly at: number
  readonly endAt: number
  readonly allDay: number
}

/** When events took place that have to do with people, the latest first. @param page.before  what comes at or after it is left out */
export function listInstances(
  { sql }: Reader,
  { parties, mails, calendars }: Concerning,
  page: { readonly before: Before; readonly limit: number },
): Promise<ConcerningInstance[]> {
  return sql.all<ConcerningInstance>(
    `SELECT i.object_id AS id, i.start_at AS at, i.end_at AS "endAt", i.all_day AS "allDay"
     FROM calendar_instances i WHERE i.object_id IN (${concerning(sql.dialect, 'VEVENT')})
       AND (i.start_at, i.object_id) < ($4, $5) ORDER BY i.start_at DESC, i.object_id DESC LIMIT $6`,
    [parties, mails, calendars, page.before.at, page.before.id, page.limit],
  )
}

/** When they take place next, the earliest first. */
export function listNextInstances(
  { sql }: Reader,
  { parties, mails, calendars }: Concerning,
  page: { readonly from: number; readonly limit: number },
): Promise<ConcerningInstance[]> {
  return sql.all<ConcerningInstance>(
    `SELECT i.object_id AS id, i.start_at AS at, i.end_at AS "endAt", i.all_day AS "allDay"
     FROM calendar_instances i WHERE i.object_id IN (${concerning(sql.dialect, 'VEVENT')})
       AND i.end_at > $4 ORDER BY i.start_at, i.object_id LIMIT $5`,
    [parties, mails, calendars, page.from, page.limit],
  )
}

/** Tasks that have to do with people, those that changed last first. */
export function listTasks(
  { sql }: Reader,
  { parties, mails, calendars }: Concerning,
  page: { readonly before: Before; readonly limit: number },
): Promise<{ id: ObjectId; at: number }[]> {
  return sql.all(
    `SELECT o.id, o.modified_at AS at FROM objects o WHERE o.id IN (${concerning(sql.dialect, 'VTODO')})
       AND (o.modified_at, o.id) < ($4, $5) ORDER BY o.modified_at DESC, o.id DESC LIMIT $6`,
    [parties, mails, calendars, page.before.at, page.before.id, page.limit],
  )
}

/** When these people were last met, by the events that have taken place before a moment. */
export async function lastMeeting(
  { sql }: Reader,
  concerned: Concerning,
  before: number,
): Promise<number | undefined> {
  const row = await sql.first<{ at: number | null }>(
    `SELECT max(i.end_at) AS at FROM calendar_instances i
     WHERE i.object_id IN (${concerning(sql.dialect, 'VEVENT')}) AND i.end_at <= $4
       AND coalesce(i.status, '') <> 'CANCELLED'`,
    [concerned.parties, concerned.mails, concerned.calendars, before],
  )
  return row?.at ?? undefined
}

/** $1 are the people, $2 their addresses, $3 the calendars. */
function concerning(dialect: 'sqlite' | 'postgres', component: 'VEVENT' | 'VTODO'): string {
  return `SELECT c.object_id FROM calendar_objects c
    WHERE c.component = '${component}' AND ${inList(dialect, 'c.collection_id', '$3', 'bigint')} AND c.object_id IN (
      SELECT l.target_id FROM party_links l
        WHERE l.kind = 'object' AND ${inList(dialect, 'l.party_id', '$1', 'bigint')}
      UNION SELECT p.object_id FROM event_people p WHERE ${inList(dialect, 'p.mail', '$2', 'text')}
        AND ${inList(dialect, 'p.collection_id', '$3', 'bigint')})`
}

/** Forgets what ties things to people that are gone for good. */
export async function forgetLinks(
  { sql }: Writer,
  kind: PartyLinkRow['kind'],
  targets: readonly number[],
): Promise<void> {
  await sql.run(
    `DELETE FROM party_links WHERE kind = $1 AND ${inList(sql.dialect, 'target_id', '$2', 'bigint')}`,
    [kind, targets],
  )
}
