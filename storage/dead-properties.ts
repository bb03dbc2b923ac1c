import { inList } from './database.ts'
import type { PropertyChange } from './history/collection-revisions.ts'
import type { Reader, Writer } from './store.ts'

/** What a dead property hangs on. */
export interface PropertyTarget {
  readonly kind: 'home' | 'collection' | 'object' | 'node' | 'principal' | 'mount'
  readonly id: number
}

/** A property the server only keeps. @see RFC 4918 §4 */
export interface DeadProperty {
  /** In Clark notation. */
  readonly name: string
  /** The element, complete with the namespaces it needs. */
  readonly xml: string
}

/** The key of a target in the answer of `deadProperties`. */
export function targetKey(target: PropertyTarget): string {
  return `${target.kind} ${target.id}`
}

/** The dead properties of many targets at once; those without any are left out. */
export async function deadProperties(
  { sql }: Reader,
  targets: readonly PropertyTarget[],
): Promise<Map<string, DeadProperty[]>> {
  const found = new Map<string, DeadProperty[]>()
  for (const kind of new Set(targets.map((target) => target.kind))) {
    const ids = targets.filter((target) => target.kind === kind).map((target) => target.id)
    const rows = await sql.all<DeadProperty & { id: number }>(
      `SELECT target_id AS id, name, xml FROM dead_properties
       WHERE target_kind = $1 AND ${inList(sql.dialect, 'target_id', '$2', 'bigint')} ORDER BY dead_properties.id`,
      [kind, ids],
    )
    for (const { id, name, xml } of rows) {
      const key = targetKey({ kind, id })
      const properties = found.get(key)
      if (properties === undefined) found.set(key, [{ name, xml }])
      else properties.push({ name, xml })
    }
  }
  return found
}

export async function setDeadProperty(
  tx: Writer,
  target: PropertyTarget,
  property: DeadProperty,
): Promise<void> {
  await tx.sql.run(
    `INSERT INTO dead_properties (target_kind, target_id, name, xml) VALUES ($1, $2, $3, $4)
     ON CONFLICT (target_kind, target_id, name) DO UPDATE SET xml = excluded.xml`,
    [target.kind, target.id, property.name, property.xml],
  )
}

/** The change to one of them: its element, or nothing to take it away. */
export type DeadChange = readonly [name: string, xml: string | undefined]

/** Sets some and takes others away. @returns what is otherwise than before, as the history has it */
export async function changeDeadProperties(
  tx: Writer,
  target: PropertyTarget,
  changes: readonly DeadChange[],
): Promise<PropertyChange> {
  if (changes.length === 0) return { before: {}, after: {} }
  const known = (await deadProperties(tx, [target])).get(targetKey(target)) ?? []
  const now = new Map(known.map(({ name, xml }) => [name, xml]))
  const open = changes.filter(([name, xml]) => now.get(name) !== xml)
  for (const [name, xml] of open) {
    if (xml === undefined) await removeDeadProperty(tx, target, name)
    else await setDeadProperty(tx, target, { name, xml })
  }
  return {
    before: Object.fromEntries(open.map(([name]) => [name, now.get(name) ?? null])),
    after: Object.fromEntries(open.map(([name, xml]) => [name, xml ?? null])),
  }
}

async function removeDeadProperty(tx: Writer, target: PropertyTarget, name: string): Promise<void> {
  await tx.sql.run('DELETE FROM dead_properties WHERE target_kind = $1 AND target_id = $2 AND name = $3', [
    target.kind,
    target.id,
    name,
  ])
}

/** Gives a copy the dead properties of its original, in the place of those it had. @see RFC 4918 §9.8.2 */
export async function copyDeadProperties(
  tx: Writer,
  from: PropertyTarget,
  to: PropertyTarget,
): Promise<void> {
  await tx.sql.run('DELETE FROM dead_properties WHERE target_kind = $1 AND target_id = $2', [to.kind, to.id])
  await tx.sql.run(
    `INSERT INTO dead_properties (target_kind, target_id, name, xml)
     SELECT $3, CAST($4 AS bigint), name, xml FROM dead_properties WHERE target_kind = $1 AND target_id = $2`,
    [from.kind, from.id, to.kind, to.id],
  )
}

export async function countDeadProperties(reader: Reader, target: PropertyTarget): Promise<number> {
  const row = await reader.sql.first<{ count: number }>(
    'SELECT count(*) AS count FROM dead_properties WHERE target_kind = $1 AND target_id = $2',
    [target.kind, target.id],
  )
  return row?.count ?? 0
}
