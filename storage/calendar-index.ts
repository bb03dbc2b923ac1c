import { inList } from './database.ts'
import type { CollectionId } from './ids.ts'
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

/** Longer instances are kept apart: all others that touch a range begin at most so long before it. */
const longMs = 32 * 24 * 3_600_000

/** Writes the rows of a calendar object that has none. */
export async function writeCalendarIndex(
  tx: Writer,
  object: Indexed,
  index: CalendarIndexRows,
): Promise<void> {
  const { id, collectionId, component } = object
  await tx.sql.run(
    `INSERT INTO calendar_objects (object_id, collection_id, component, earliest, latest, expanded_from,
       expanded_until, exact, reach)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      collectionId,
      component,
      index.earliest,
      index.latest,
      index.expandedFrom,
      index.expandedUntil,
      index.exact ? 1 : 0,
      reachOf(index),
    ],
  )
  await insertRows(
    tx,
    'calendar_instances',
    [
      'object_id',
      'collection_id',
      'component',
      'is_long',
      'start_at',
      'end_at',
      'all_day',
      'floating',
      'transparent',
      'status',
    ],
    index.instances.map(({ start, end, allDay, floating, transparent, status }) => [
      id,
      collectionId,
      component,
      end - start > longMs ? 1 : 0,
      start,
      end,
      allDay ? 1 : 0,
      floating ? 1 : 0,
      transparent ? 1 : 0,
      status,
    ]),
  )
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
  /** Objects whose rows prove that an instance overlaps the range; by id. */
  readonly matches: readonly ObjectRow[]
  /** Objects whose rows cannot prove either way: their octets must be asked; by id. */
  readonly candidates: readonly ObjectRow[]
}

const everyComponent = ['VEVENT', 'VTODO', 'VJOURNAL', 'VFREEBUSY', 'VAVAILABILITY']

/** Which objects have an instance in a time range. @see RFC 4791 §9.9 */
export async function queryInstances(
  { sql }: Reader,
  collectionId: CollectionId,
  range: InstanceRange,
): Promise<InstanceAnswer> {
  const bounds = boundsOf(range)
  const { start, end, floatingStart, floatingEnd } = bounds
  const earliestStart = Math.min(start, floatingStart)
  const latestEnd = Math.max(end, floatingEnd)
  const components = [...(range.components ?? everyComponent)]
  const hits = `SELECT i.object_id FROM calendar_instances i
    WHERE i.collection_id = $1 AND ${inList(sql.dialect, 'i.component', '$2', 'text')}
      AND i.is_long = $3 AND i.start_at < CAST($4 AS bigint) AND i.start_at >= CAST($5 AS bigint)
      AND ((i.floating = 0 AND ${overlaps('$6', '$7')}) OR (i.floating = 1 AND ${overlaps('$8', '$9')}))`
  const matches = `SELECT ${objectColumns} FROM objects o
    JOIN calendar_objects k ON k.object_id = o.id AND k.exact = 1
    WHERE o.id IN (${hits})`
  const times = [start, end, floatingStart, floatingEnd]
  const short = [collectionId, components, 0, latestEnd, earliestStart - longMs, ...times]
  const long = [collectionId, components, 1, latestEnd, -farAway, ...times]
  const found = new Map<number, ObjectRow>()
  for (const params of [short, long]) {
    for (const row of await sql.all<ObjectRow>(matches, params)) found.set(row.id, row)
  }
  const unproven = await sql.all<ObjectRow>(candidatesText(sql.dialect), [
    collectionId,
    components,
    earliestStart,
    latestEnd,
  ])
  return {
    matches: [...found.values()].sort((one, other) => one.id - other.id),
    candidates: unproven.filter((row) => !found.has(row.id)),
  }
}

/** No Date is further from 1970. */
const farAway = 8_640_000_000_000_000

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

/** An instance without length overlaps a range that begins with it. */
function overlaps(start: string, end: string): string {
  return `i.start_at < CAST(${end} AS bigint) AND (i.end_at > CAST(${start} AS bigint)
    OR (i.end_at = i.start_at AND i.start_at = CAST(${start} AS bigint)))`
}

function candidatesText(dialect: 'sqlite' | 'postgres'): string {
  const ofCollection = `SELECT k.object_id FROM calendar_objects k
    WHERE k.collection_id = $1 AND ${inList(dialect, 'k.component', '$2', 'text')}`
  const touches = `(k.earliest IS NULL OR k.earliest <= CAST($4 AS bigint))
      AND (k.latest IS NULL OR k.latest >= CAST($3 AS bigint))`
  const after = `k.expanded_until < CAST($4 AS bigint) AND ${touches}`
  return `SELECT ${objectColumns} FROM objects o WHERE o.id IN (
    ${ofCollection} AND k.reach = ${reach.unknown}
    UNION ALL ${ofCollection} AND k.reach = ${reach.onwards} AND ${after}
    UNION ALL ${ofCollection} AND k.reach = ${reach.around} AND ${after}
    UNION ALL ${ofCollection} AND k.reach = ${reach.around} AND k.expanded_from > CAST($3 AS bigint) AND ${touches}
  ) ORDER BY o.id`
}

/** Objects that go on past their rows, which end before `before`: the nearest end first. */
export function objectsToExtend({ sql }: Reader, before: number, limit: number): Promise<ObjectRow[]> {
  return sql.all<ObjectRow>(
    `SELECT ${objectColumns} FROM calendar_objects k JOIN objects o ON o.id = k.object_id
     WHERE k.expanded_until < $1 AND k.reach IN (${reach.onwards}, ${reach.around})
       AND (k.latest IS NULL OR k.latest >= k.expanded_until)
     ORDER BY k.expanded_until, k.object_id LIMIT $2`,
    [before, limit],
  )
}
