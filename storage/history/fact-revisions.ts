import { inList } from '../database.ts'
import type { DeviceId, FactRevisionId, PartyId, PrincipalId } from '../ids.ts'
import type { Origin } from '../origin.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A change of a fact beside the cards of somebody: who made it, when, with what, and both states. */
export interface FactRevisionRow {
  readonly id: FactRevisionId
  readonly partyId: PartyId
  /** Whom it is about too, as the organisation of a membership. */
  readonly otherId: PartyId | null
  /** What kind of fact: `role`, `note` … */
  readonly kind: string
  /** Which of that kind, in the words of whoever keeps it. */
  readonly key: string
  /** The state before, as JSON; null where there was none. */
  readonly beforeJson: string | null
  /** The state after, as JSON; null where it was taken away. */
  readonly afterJson: string | null
  readonly at: number
  readonly origin: Origin['kind']
  readonly authorId: PrincipalId | null
  readonly deviceId: DeviceId | null
  readonly clientKind: string | null
  readonly requestId: string | null
}

const columns = selectList<FactRevisionRow>('f', [
  'id',
  'partyId',
  'otherId',
  'kind',
  'key',
  'beforeJson',
  'afterJson',
  'at',
  'origin',
  'authorId',
  'deviceId',
  'clientKind',
  'requestId',
])

export type NewFactRevision = Pick<
  FactRevisionRow,
  'partyId' | 'otherId' | 'kind' | 'key' | 'beforeJson' | 'afterJson'
>

export async function addFactRevision(tx: Writer, fact: NewFactRevision, origin: Origin): Promise<void> {
  await tx.sql.run(
    `INSERT INTO fact_revisions (party_id, other_id, kind, key, before_json, after_json, at, origin, author_id,
       device_id, client_kind, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      fact.partyId,
      fact.otherId,
      fact.kind,
      fact.key,
      fact.beforeJson,
      fact.afterJson,
      tx.now,
      origin.kind,
      origin.authorId,
      origin.deviceId,
      origin.clientKind,
      origin.requestId,
    ],
  )
}

/**
 * What has changed about somebody, the newest first.
 * @param options.before  the id of the last one seen
 * @param options.kinds  of facts; without it all
 */
export function listFactRevisions(
  { sql }: Reader,
  partyId: PartyId,
  options: {
    readonly before?: FactRevisionId | undefined
    readonly kinds?: readonly string[] | undefined
    readonly limit: number
  },
): Promise<FactRevisionRow[]> {
  const { before = Number.MAX_SAFE_INTEGER, kinds, limit } = options
  const wanted = kinds ? `AND ${inList(sql.dialect, 'f.kind', '$4', 'text')}` : ''
  const of = (column: string): string =>
    `SELECT ${columns} FROM fact_revisions f WHERE f.${column} = $1 AND f.id < $2 ${wanted}`
  return sql.all<FactRevisionRow>(
    `SELECT * FROM (${of('party_id')} UNION ${of('other_id')}) found ORDER BY id DESC LIMIT $3`,
    [partyId, before, limit, ...(kinds ? [kinds] : [])],
  )
}

/** What has changed about any of these people, of one kind, the newest first. @param page.before  the id of the last one seen */
export function listFactsOfKind(
  { sql }: Reader,
  ids: readonly PartyId[],
  kind: string,
  page: { readonly before: FactRevisionId; readonly limit: number },
): Promise<FactRevisionRow[]> {
  return sql.all<FactRevisionRow>(
    `SELECT ${columns} FROM fact_revisions f WHERE ${inList(sql.dialect, 'f.party_id', '$1', 'bigint')}
       AND f.kind = $2 AND f.id < $3 ORDER BY f.id DESC LIMIT $4`,
    [ids, kind, page.before, page.limit],
  )
}

export function findFactRevision({ sql }: Reader, id: FactRevisionId): Promise<FactRevisionRow | undefined> {
  return sql.first<FactRevisionRow>(`SELECT ${columns} FROM fact_revisions f WHERE f.id = $1`, [id])
}

/** All changes of one fact from one on, that one too, the oldest first. */
export function factRevisionsFrom(
  { sql }: Reader,
  { id, partyId, kind, key }: Pick<FactRevisionRow, 'id' | 'partyId' | 'kind' | 'key'>,
): Promise<FactRevisionRow[]> {
  return sql.all<FactRevisionRow>(
    `SELECT ${columns} FROM fact_revisions f WHERE f.party_id = $1 AND f.id >= $2 AND f.kind = $3 AND f.key = $4
     ORDER BY f.id`,
    [partyId, id, kind, key],
  )
}

/** What facts of a kind were at last that are gone, by their keys. */
export async function lastFactStates(
  { sql }: Reader,
  kind: string,
  facts: readonly Pick<FactRevisionRow, 'partyId' | 'key'>[],
): Promise<ReadonlyMap<string, unknown>> {
  if (facts.length === 0) return new Map()
  const rows = await sql.all<{ key: string; beforeJson: string | null }>(
    `SELECT f.key, f.before_json AS "beforeJson" FROM fact_revisions f
     WHERE ${inList(sql.dialect, 'f.party_id', '$1', 'bigint')} AND f.kind = $2
       AND ${inList(sql.dialect, 'f.key', '$3', 'text')} AND f.after_json IS NULL ORDER BY f.id`,
    [[...new Set(facts.map(({ partyId }) => partyId))], kind, [...new Set(facts.map(({ key }) => key))]],
  )
  return new Map(
    rows.flatMap(({ key, beforeJson }) => (beforeJson === null ? [] : [[key, JSON.parse(beforeJson)]])),
  )
}

/** What one request changed about some people, the newest first. */
export function factRevisionsOfRequest(
  { sql }: Reader,
  parties: readonly PartyId[],
  requestId: string,
): Promise<FactRevisionRow[]> {
  return sql.all<FactRevisionRow>(
    `SELECT ${columns} FROM fact_revisions f WHERE ${inList(sql.dialect, 'f.party_id', '$1', 'bigint')}
       AND f.request_id = $2 ORDER BY f.id DESC`,
    [parties, requestId],
  )
}

/** What somebody changed of facts with one request over the API, or by undoing, the newest first. */
export function listRequestFacts(
  { sql }: Reader,
  { request, authorId }: { readonly request: string; readonly authorId: PrincipalId },
  most: number,
): Promise<FactRevisionRow[]> {
  return sql.all<FactRevisionRow>(
    `SELECT ${columns} FROM fact_revisions f
     WHERE f.request_id = $1 AND (f.origin = 'web' OR f.origin = 'restore') AND f.author_id = $2 ORDER BY f.id DESC LIMIT $3`,
    [request, authorId, most],
  )
}

/** What one device changed between two moments, the newest first. @param options.before  the id of the last one seen */
export function listDeviceFacts(
  { sql }: Reader,
  deviceId: DeviceId,
  options: {
    readonly from: number
    readonly to: number
    readonly before?: FactRevisionId | undefined
    readonly limit: number
  },
): Promise<FactRevisionRow[]> {
  return sql.all<FactRevisionRow>(
    `SELECT ${columns} FROM fact_revisions f WHERE f.device_id = $1 AND f.at >= $2 AND f.at <= $3 AND f.id < $4
     ORDER BY f.id DESC LIMIT $5`,
    [deviceId, options.from, options.to, options.before ?? Number.MAX_SAFE_INTEGER, options.limit],
  )
}

/** Forgets everything that has been changed about people who are gone for good, or who must be forgotten. */
export async function forgetFactRevisions({ sql }: Writer, ids: readonly PartyId[]): Promise<void> {
  for (const column of ['party_id', 'other_id'])
    await sql.run(`DELETE FROM fact_revisions WHERE ${inList(sql.dialect, column, '$1', 'bigint')}`, [ids])
}

/** Forgets what became of some facts, whoever they are of. */
export async function forgetFacts({ sql }: Writer, kind: string, keys: readonly string[]): Promise<void> {
  await sql.run(
    `DELETE FROM fact_revisions WHERE kind = $2 AND ${inList(sql.dialect, 'key', '$1', 'text')}`,
    [keys, kind],
  )
}

export interface FactRetention {
  /** What is older goes. */
  readonly before: number
  /** So many of the newest changes of each fact stay, however old. */
  readonly keep: number
  /** People at most, so that a write stays short. */
  readonly batch: number
  readonly after: PartyId
}

/**
 * Looks at the next people, and takes what has outlived its time.
 * @returns how many changes went, and where to go on; undefined when everybody has been looked at
 */
export async function purgeFactRevisions(
  { sql }: Writer,
  { before, keep, batch, after }: FactRetention,
): Promise<{ readonly removed: number; readonly next: PartyId | undefined }> {
  const people = await sql.all<{ id: PartyId }>(
    `SELECT DISTINCT party_id AS id FROM fact_revisions WHERE party_id > $1 ORDER BY party_id LIMIT $2`,
    [after, batch],
  )
  const removed = await sql.run(
    `DELETE FROM fact_revisions WHERE id IN (SELECT id FROM
       (SELECT id, at, row_number() OVER (PARTITION BY party_id, kind, key ORDER BY id DESC) AS place
        FROM fact_revisions WHERE ${inList(sql.dialect, 'party_id', '$1', 'bigint')}) old
       WHERE old.at < $2 AND old.place > $3)`,
    [people.map(({ id }) => id), before, keep],
  )
  return { removed, next: people.length < batch ? undefined : people.at(-1)?.id }
}
