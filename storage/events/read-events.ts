import { type Dialect, inList } from '../database.ts'
import type { CollectionId, DeviceId, EventId, FeedId, PartyId, PrincipalId } from '../ids.ts'
import type { Reader } from '../store.ts'
import { isAfter, isBefore, isFinal, order, type Position } from './position.ts'

/** An event with what it is about. */
export interface EventRow extends Position {
  readonly kind: string
  readonly at: number
  /** Of a member, a folder or a file; of the collection for its own events. */
  readonly objectId: number | null
  /** Of the member, the folder, the file or the collection. */
  readonly name: string | null
  /** Of the collection, or where the collection is or was. */
  readonly home: 'calendars' | 'addressbooks' | 'files' | null
  readonly segment: string | null
  readonly collectionId: CollectionId | null
  readonly collectionName: string | null
  readonly partyId: PartyId | null
  readonly refKind: string | null
  readonly refId: number | null
  readonly deviceId: DeviceId | null
  readonly requestId: string | null
}

/** What somebody may see of what events are about. */
export interface Sight {
  readonly principalId: PrincipalId
  /** The feeds of collections of others that he may read. */
  readonly feeds: readonly FeedId[]
  /** Address books that he may read, his own among them: whom they show he may see. */
  readonly books: readonly CollectionId[]
  /** What alone may be told him of; without it all. Facts are of people. */
  readonly areas?: readonly EventArea[] | undefined
}

export type EventArea = 'people' | 'calendars' | 'files'

/** Which events are wanted of those; without a list all. */
export interface EventFilter {
  readonly kinds?: readonly string[] | undefined
  readonly collections?: readonly CollectionId[] | undefined
  readonly parties?: readonly PartyId[] | undefined
}

export interface EventPage {
  readonly events: readonly EventRow[]
  /** How far the log was read: what comes next comes after. */
  readonly through: Position
  /** Whether there is more of the log. */
  readonly more: boolean
}

/** So much of the log is looked through at once, whomever it is about, so that nobody waits long for one reader. */
const slice = 2_000

/**
 * The next events after a position that somebody may see, in the order of the log; of one slice of it, so that there may
 * be none, and more to come.
 * @param limit  events at most
 */
export async function readEvents(
  reader: Reader,
  after: Position,
  sight: Sight,
  { filter = {}, limit }: { readonly filter?: EventFilter; readonly limit: number },
): Promise<EventPage> {
  const end = await sliceEnd(reader, after)
  if (!end) return { events: [], through: after, more: false }
  const { sql } = reader
  const { conditions, params } = wanted(sql.dialect, sight, filter)
  const rows = await sql.all<EventRow>(
    `SELECT ${columns} ${from} WHERE ${between(sql.dialect)} AND ${conditions}
     ORDER BY ${order(sql.dialect, 'ASC')} LIMIT $${params.length + 5}`,
    [after.xact, after.id, end.xact, end.id, ...params, limit],
  )
  const last = rows.length === limit ? rows.at(-1) : undefined
  const through = last ? { xact: last.xact, id: last.id } : { xact: end.xact, id: end.id }
  return { events: rows, through, more: isBefore(through, end) || end.count === slice }
}

/** One event, where somebody may see what it is about. */
export async function findEvent(reader: Reader, id: EventId, sight: Sight): Promise<EventRow | undefined> {
  const { sql } = reader
  const { conditions, params } = wanted(sql.dialect, sight, {}, 1)
  return sql.first<EventRow>(`SELECT ${columns} ${from} WHERE e.id = $1 AND ${conditions}`, [id, ...params])
}

const columns = `e.xact, e.id, e.kind, e.at, e.object_id AS "objectId", e.name, e.device_id AS "deviceId",
  e.request_id AS "requestId", coalesce(e.party_id, pl.party_id) AS "partyId", e.ref_kind AS "refKind", e.ref_id AS "refId",
  coalesce(hc.kind, hf.kind) AS home, p.segment, c.id AS "collectionId", c.name AS "collectionName"`

/** The feed is that of a collection, of the home that a collection or a file is in, or of what a sharee adds to one. */
const from = `FROM events e LEFT JOIN feeds f ON f.id = e.feed_id
  LEFT JOIN collections c ON c.id = f.collection_id
  LEFT JOIN placements pl ON f.kind = 'collection' AND pl.object_id = e.object_id
  LEFT JOIN homes hc ON hc.id = c.home_id
  LEFT JOIN homes hf ON f.kind = 'home' AND hf.principal_id = f.principal_id AND hf.feed_id = f.id
  LEFT JOIN principals p ON p.id = coalesce(c.principal_id, f.principal_id)`

/** What a sharee adds to what is shared with him are alarms. */
const areaOfEvent = `CASE WHEN e.feed_id = 0 OR coalesce(hc.kind, hf.kind) = 'addressbooks' THEN 'people'
  WHEN f.kind = 'mount' THEN 'calendars' ELSE coalesce(hc.kind, hf.kind) END`

async function sliceEnd(
  { sql }: Reader,
  after: Position,
): Promise<(Position & { readonly count: number }) | undefined> {
  const { dialect } = sql
  return sql.first(
    `SELECT s.xact, s.id, s.count FROM (
       SELECT e.xact, e.id, row_number() OVER (ORDER BY ${order(dialect, 'ASC')}) AS count
       FROM (SELECT e.xact, e.id FROM events e WHERE ${isAfter(dialect)} AND ${isFinal(dialect)}
         ORDER BY ${order(dialect, 'ASC')} LIMIT $3) e) s ORDER BY s.count DESC LIMIT 1`,
    [after.xact, after.id, slice],
  )
}

function between(dialect: Dialect): string {
  return dialect === 'sqlite'
    ? 'e.id > $2 AND e.id <= $4'
    : '(e.xact, e.id) > ($1, $2) AND (e.xact, e.id) <= ($3, $4)'
}

/** @param before  parameters that stand before these */
function wanted(
  dialect: Dialect,
  { principalId, feeds, books, areas }: Sight,
  { kinds, collections, parties }: EventFilter,
  before = 4,
): { readonly conditions: string; readonly params: readonly unknown[] } {
  const params: unknown[] = []
  const add = (value: unknown): string => `$${before + params.push(value)}`
  const me = add(principalId)
  const isShown = inList(dialect, 'e.feed_id', add(feeds), 'bigint')
  const inBooks = inList(dialect, 'seen.collection_id', add(books), 'bigint')
  // The members of a collection are whose it is now; what is about people is whoever's may see them; the rest is of whom
  // it was told to.
  const conditions = [
    `((f.kind = 'collection' AND (f.principal_id = ${me} OR ${isShown}))
      OR (coalesce(f.kind, '') <> 'collection' AND e.principal_id = ${me})
      OR (e.principal_id = 0 AND EXISTS (SELECT 1 FROM placements seen WHERE seen.party_id IN
          (e.party_id, (SELECT m.merged_into FROM parties m WHERE m.id = e.party_id))
        AND ${inBooks} AND seen.removed_at IS NULL)))`,
  ]
  if (areas) conditions.push(inList(dialect, areaOfEvent, add(areas), 'text'))
  if (kinds) conditions.push(inList(dialect, 'e.kind', add(kinds), 'text'))
  if (collections) {
    const list = add(collections)
    const ofHome = `e.kind LIKE 'collection-%' AND ${inList(dialect, 'e.object_id', list, 'bigint')}`
    conditions.push(`(${inList(dialect, 'f.collection_id', list, 'bigint')} OR (${ofHome}))`)
  }
  if (parties) conditions.push(inList(dialect, 'coalesce(e.party_id, pl.party_id)', add(parties), 'bigint'))
  return { conditions: conditions.join(' AND '), params }
}
