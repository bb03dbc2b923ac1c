import { inList } from './database.ts'
import type { CollectionId, ObjectId } from './ids.ts'
import { insertRows } from './insert-rows.ts'
import type { Indexed } from './member-index.ts'
import { type ObjectRow, objectColumns } from './objects.ts'
import type { Reader, Writer } from './store.ts'

/** What the index knows of a calendar object. */
export interface CalendarIndexRows {
  /** The beginning of its first instance; null when unknown. */
  readonly earliest: number | null
  /** The end of its last instance; null when it goes on without end, or unknown. */
  readonly latest: number | null
  /** Instances are complete from here … */
  readonly expandedFrom: number
  /** … until here, not included. */
  readonly expandedUntil: number
  /** False when the rows prove nothing, and the octets must always be asked. */
  readonly exact: boolean
  readonly instances: readonly CalendarInstance[]
}

/** Times are UTC, or wall times (local ones written as if they were UTC) when `floating`. */
export interface CalendarInstance {
  readonly start: number
  readonly end: number
  readonly allDay: boolean
  /** Whole days are floating too. */
  readonly floating: boolean
  readonly transparent: boolean
  readonly status: string | null
}

/** What the rows of an object say of times outside of [expanded_from, expanded_until). */
const reach = {
  /** There is nothing outside: the rows say all. */
  whole: 0,
  /** It may go on afterwards. */
  onwards: 1,
  /** It may have begun before, and may go on afterwards. */
  around: 2,
  /** The rows prove nothing at all. */
  unknown: 3,
} as const

/** No Date is further from 1970: what has no end, and open ranges. */
const farAway = 8_640_000_000_000_000

const objectColumnNames = [
  'object_id',
  'collection_id',
  'component',
  'earliest',
  'latest',
  'first_at',
  'until_at',
  'longest_ms',
  'expanded_from',
  'expanded_until',
  'exact',
  'reach',
]
const instanceColumnNames = [
  'object_id',
  'start_at',
  'number',
  'end_at',
  'all_day',
  'floating',
  'transparent',
  'status',
]

/**
 * Writes the rows of a calendar object that has none. Instances lie together by object: by time alone, a weekly event
 * would touch a page of the database for every one of its weeks.
 */
export async function writeCalendarIndex(
  tx: Writer,
  object: Indexed,
  index: CalendarIndexRows,
): Promise<void> {
  const { id, collectionId, component } = object
  const { earliest, latest, expandedFrom, expandedUntil, exact } = index
  const { firstAt, untilAt, longestMs } = boundsOfRows(index.instances)
  await insertRows(tx, 'calendar_objects', objectColumnNames, [
    [
      ...[id, collectionId, component, earliest, latest, firstAt, untilAt, longestMs],
      ...[expandedFrom, expandedUntil, exact ? 1 : 0, reachOf(index)],
    ],
  ])
  const inOrder = index.instances.toSorted((one, other) => one.start - other.start)
  await insertRows(
    tx,
    'calendar_instances',
    instanceColumnNames,
    inOrder.map(({ start, end, allDay, floating, transparent, status }, number) => [
      ...[id, start, number, end, allDay ? 1 : 0, floating ? 1 : 0, transparent ? 1 : 0, status],
    ]),
  )
}

/** Where the rows lie, whatever kind of times they are. */
function boundsOfRows(instances: readonly CalendarInstance[]) {
  let [firstAt, untilAt, longestMs] = [farAway, -farAway, 0]
  for (const { start, end } of instances) {
    firstAt = Math.min(firstAt, start)
    untilAt = Math.max(untilAt, end)
    longestMs = Math.max(longestMs, end - start)
  }
  return { firstAt, untilAt, longestMs }
}

function reachOf({ exact, earliest, latest, expandedFrom, expandedUntil }: CalendarIndexRows): number {
  if (!exact) return reach.unknown
  if (earliest === null || earliest < expandedFrom) return reach.around
  return latest === null || latest >= expandedUntil ? reach.onwards : reach.whole
}

export interface InstanceRange {
  /** Undefined for every component. */
  readonly components?: readonly string[] | undefined
  /** The range in UTC; undefined where it is open. */
  readonly start?: number | undefined
  readonly end?: number | undefined
  /** The same range in the wall time by which floating times are judged. */
  readonly floatingStart?: number | undefined
  readonly floatingEnd?: number | undefined
}

export interface InstanceAnswer {
  /** Objects whose rows prove that an instance overlaps the range, in order. */
  readonly matches: readonly ObjectId[]
  /** Objects whose rows cannot prove either way: their octets must be asked; in order. */
  readonly candidates: readonly ObjectId[]
}

const everyComponent = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY']

/** Which objects have an instance in a time range. @see RFC 4791 §9.9 */
export async function queryInstances(
  { sql }: Reader,
  collectionId: CollectionId,
  range: InstanceRange,
): Promise<InstanceAnswer> {
  const { start, end, floatingStart, floatingEnd } = boundsOf(range)
  const earliestStart = Math.min(start, floatingStart)
  const latestEnd = Math.max(end, floatingEnd)
  const components = [...(range.components ?? everyComponent)]
  const asked = [collectionId, components, earliestStart, latestEnd]
  const proven = await sql.all<{ id: ObjectId }>(matchesText(sql.dialect), [
    ...asked,
    ...[start, end, floatingStart, floatingEnd],
  ])
  const open = await sql.all<{ id: ObjectId }>(candidatesText(sql.dialect), asked)
  const matches = proven.map(({ id }) => id)
  const found = new Set(matches)
  return { matches, candidates: open.map(({ id }) => id).filter((id) => !found.has(id)) }
}

interface Bounds {
  readonly start: number
  readonly end: number
  readonly floatingStart: number
  readonly floatingEnd: number
}

function boundsOf(range: InstanceRange): Bounds {
  const start = range.start ?? -farAway
  const end = range.end ?? farAway
  return { start, end, floatingStart: range.floatingStart ?? start, floatingEnd: range.floatingEnd ?? end }
}

/** The rows' own bounds first: an object's instances are looked at only where they can lie in the range. */
function matchesText(dialect: 'sqlite' | 'postgres'): string {
  return `SELECT k.object_id AS id FROM calendar_objects k
    WHERE k.collection_id = $1 AND ${inList(dialect, 'k.component', '$2', 'text')} AND k.exact = 1
      AND k.until_at >= CAST($3 AS bigint) AND k.first_at <= CAST($4 AS bigint)
      AND EXISTS (SELECT 1 FROM calendar_instances i
        WHERE i.object_id = k.object_id
          AND i.start_at >= CAST($3 AS bigint) - k.longest_ms AND i.start_at < CAST($4 AS bigint)
          AND ((i.floating = 0 AND ${overlaps('$5', '$6')}) OR (i.floating = 1 AND ${overlaps('$7', '$8')})))
    ORDER BY k.object_id`
}

/** An instance without length overlaps a range that begins with it. */
function overlaps(start: string, end: string): string {
  return `i.start_at < CAST(${end} AS bigint) AND (i.end_at > CAST(${start} AS bigint)
    OR (i.end_at = i.start_at AND i.start_at = CAST(${start} AS bigint)))`
}

function candidatesText(dialect: 'sqlite' | 'postgres', where = 'k.collection_id = $1'): string {
  const ofCollection = `SELECT k.object_id AS id FROM calendar_objects k
    WHERE ${where} AND ${inList(dialect, 'k.component', '$2', 'text')}`
  const touches = `(k.earliest IS NULL OR k.earliest <= CAST($4 AS bigint))
      AND (k.latest IS NULL OR k.latest >= CAST($3 AS bigint))`
  const after = `k.expanded_until < CAST($4 AS bigint) AND ${touches}`
  return `${ofCollection} AND k.reach = ${reach.unknown}
    UNION ${ofCollection} AND k.reach = ${reach.onwards} AND ${after}
    UNION ${ofCollection} AND k.reach = ${reach.around} AND ${after}
    UNION ${ofCollection} AND k.reach = ${reach.around} AND k.expanded_from > CAST($3 AS bigint) AND ${touches}
    ORDER BY id`
}

export interface BusyInstance {
  readonly collectionId: CollectionId
  readonly start: number
  readonly end: number
  /** 1 for wall times. */
  readonly floating: number
  readonly status: string | null
}

export interface BusyAnswer {
  /** Instances of events that are not transparent. */
  readonly instances: readonly BusyInstance[]
  /** Objects that may hold more busy times than their rows say: their octets must be asked; in order. */
  readonly candidates: readonly ObjectId[]
}

/** More than a wall time and its instant are apart. */
const floatingMarginMs = 86_400_000

/**
 * What makes the owners of calendars busy in a range (UTC); floating times a day around it too.
 * @param limit  instances at most
 * @param except  objects whose rows do not hold for whoever asks
 */
export async function queryBusyInstances(
  { sql }: Reader,
  collectionIds: readonly CollectionId[],
  { start, end }: { readonly start: number; readonly end: number },
  limit: number,
  except: readonly ObjectId[] = [],
): Promise<BusyAnswer> {
  const range = [start - floatingMarginMs, end + floatingMarginMs]
  const ofCollections = inList(sql.dialect, 'k.collection_id', '$1', 'bigint')
  const instances = await sql.all<BusyInstance>(
    `SELECT k.collection_id AS "collectionId", i.start_at AS start, i.end_at AS "end", i.floating, i.status
     FROM calendar_objects k JOIN calendar_instances i ON i.object_id = k.object_id
     WHERE ${ofCollections} AND k.component = 'VEVENT' AND k.exact = 1
       AND k.until_at >= CAST($2 AS bigint) AND k.first_at <= CAST($3 AS bigint)
       AND i.start_at >= CAST($2 AS bigint) - k.longest_ms AND i.start_at < CAST($3 AS bigint)
       AND i.end_at > CAST($2 AS bigint) AND i.transparent = 0 AND NOT ${inList(sql.dialect, 'k.object_id', '$5', 'bigint')}
     LIMIT $4`,
    [collectionIds, ...range, limit, except],
  )
  const open = await sql.all<{ id: ObjectId }>(candidatesText(sql.dialect, ofCollections), [
    collectionIds,
    ['VEVENT', 'VFREEBUSY', 'VAVAILABILITY'],
    ...range,
  ])
  return { instances, candidates: open.map(({ id }) => id) }
}

/** An object that goes on past its rows, and until when they are complete. */
export interface ObjectToExtend extends ObjectRow {
  readonly expandedUntil: number
}

/**
 * Objects that go on past their rows, which end before `before`: the nearest end first.
 * @param after  the last one of the page before
 */
export function objectsToExtend(
  { sql }: Reader,
  before: number,
  limit: number,
  after?: Pick<ObjectToExtend, 'id' | 'expandedUntil'>,
): Promise<ObjectToExtend[]> {
  return sql.all<ObjectToExtend>(
    `SELECT ${objectColumns}, k.expanded_until AS "expandedUntil"
     FROM calendar_objects k JOIN objects o ON o.id = k.object_id
     WHERE k.expanded_until < $1 AND k.reach IN (${reach.onwards}, ${reach.around})
       AND (k.latest IS NULL OR k.latest >= k.expanded_until)
       AND (k.expanded_until, k.object_id) > ($3, $4)
     ORDER BY k.expanded_until, k.object_id LIMIT $2`,
    [before, limit, after?.expandedUntil ?? -farAway, after?.id ?? 0],
  )
}
