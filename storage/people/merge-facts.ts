import { inList } from '../database.ts'
import type { PartyId } from '../ids.ts'
import type { Reader, Writer } from '../store.ts'
import { type FactRow, type FactTable, factTables } from './fact-tables.ts'

/** What a merge has done to facts, so that it can be undone. */
export type FactChange =
  /** Rows that name the survivor in a column where they named the loser. */
  | {
      readonly kind: 'moved'
      readonly table: string
      readonly column: string
      readonly keys: readonly FactRow[]
    }
  | { readonly kind: 'removed'; readonly table: string; readonly row: FactRow }
  | { readonly kind: 'added'; readonly table: string; readonly key: FactRow; readonly row: FactRow }
  | {
      readonly kind: 'changed'
      readonly table: string
      readonly key: FactRow
      readonly before: FactRow
      readonly after: FactRow
    }

/** Rows of one change at most. */
const mostKeys = 500

/** Everything that is known of the loser is known of the survivor, as each table says. */
export async function mergeFacts(tx: Writer, survivor: PartyId, loser: PartyId): Promise<FactChange[]> {
  const changes: FactChange[] = []
  for (const table of factTables) changes.push(...(await mergeTable(tx, table, survivor, loser)))
  return changes
}

/**
 * Gives the facts back to whom they were about, the last change first. What was said of the survivor since stays his.
 * @returns how many could not be given back, having been taken away or changed since
 */
export async function unmergeFacts(
  tx: Writer,
  changes: readonly FactChange[],
  loser: PartyId,
): Promise<number> {
  let left = 0
  for (const change of changes.toReversed()) left += await undoChange(tx, change, loser)
  return left
}

/** Counts a change of all those of whom is known something about somebody too: what is shown of him is shown with them. */
export async function changeNeighbours({ sql, now }: Writer, id: PartyId): Promise<void> {
  const tables = factTables.filter(({ parties, table }) => parties.length > 1 && table !== 'fact_revisions')
  const sides = tables.flatMap(({ table, parties }) =>
    parties.flatMap((mine) =>
      parties
        .filter((theirs) => theirs !== mine)
        .map((theirs) => `SELECT ${theirs} FROM ${table} WHERE ${mine} = $1`),
    ),
  )
  const text = `UPDATE parties SET version = version + 1, changed_at = $2 WHERE id <> $1 AND id IN (${sides.join(' UNION ')})`
  await sql.run(text, [id, now])
}

/** Rows about somebody by table and key; what has happened is none. */
export type FactStates = ReadonlyMap<FactTable, ReadonlyMap<string, FactRow>>

export async function factStates(reader: Reader, id: PartyId): Promise<FactStates> {
  const states = new Map<FactTable, ReadonlyMap<string, FactRow>>()
  for (const table of factTables) {
    if (table.table === 'fact_revisions') continue
    const rows = await rowsOf(reader, table, id)
    states.set(table, new Map(rows.map((row) => [JSON.stringify(pick(row, table.key)), row])))
  }
  return states
}

/** What has become of rows between two states. */
export function factChanges(before: FactStates, after: FactStates): FactChange[] {
  return [...before].flatMap(([table, was]) => tableChanges(table, was, after.get(table) ?? new Map()))
}

function tableChanges(
  { table, key }: FactTable,
  was: ReadonlyMap<string, FactRow>,
  is: ReadonlyMap<string, FactRow>,
): FactChange[] {
  const changes: FactChange[] = []
  for (const [id, row] of was) {
    const now = is.get(id)
    const differing = Object.keys(row).filter((column) => now && now[column] !== row[column])
    if (!now) changes.push({ kind: 'removed', table, row })
    else if (differing.length > 0)
      changes.push({
        kind: 'changed',
        table,
        key: pick(row, key),
        before: pick(row, differing),
        after: pick(now, differing),
      })
  }
  for (const [id, row] of is)
    if (!was.has(id)) changes.push({ kind: 'added', table, key: pick(row, key), row })
  return changes
}

async function mergeTable(
  tx: Writer,
  table: FactTable,
  survivor: PartyId,
  loser: PartyId,
): Promise<FactChange[]> {
  const theirs = await rowsOf(tx, table, loser)
  if (theirs.length === 0) return []
  const mine = table.unique || table.isTwin || table.adjust ? await rowsOf(tx, table, survivor) : []
  const rename = (row: FactRow): FactRow => renamed(table, row, loser, survivor)
  const fates = theirs.map((row) => ({ row, ...fateOf(table, rename(row), row, mine) }))
  const changes: FactChange[] = []
  for (const { row, twin, isSelf } of fates) {
    if (!twin && !isSelf) continue
    await removeRow(tx, table, row)
    if (twin)
      changes.push(...(await makeStricter(tx, table, twin, row)), ...(await askNoMore(tx, table, row)))
    changes.push({ kind: 'removed', table: table.table, row })
  }
  const moved = fates.filter(({ twin, isSelf }) => !twin && !isSelf).map(({ row }) => row)
  for (const row of moved) {
    const values = table.adjust?.(rename(row), mine)
    if (values) changes.push(await adjustRow(tx, table, row, values))
  }
  for (const column of table.parties) {
    const rows = moved.filter((row) => row[column] === loser)
    if (rows.length === 0) continue
    await tx.sql.run(`UPDATE ${table.table} SET ${column} = $1 WHERE ${column} = $2`, [survivor, loser])
    changes.push(...movedRows(table, column, rows.map(rename)))
  }
  return changes
}

function rowsOf({ sql }: Reader, { table, parties, key }: FactTable, id: PartyId): Promise<FactRow[]> {
  const isOf = parties.map((column) => `${column} = $1`).join(' OR ')
  return sql.all<FactRow>(`SELECT * FROM ${table} WHERE ${isOf} ORDER BY ${key.join(', ')}`, [id])
}

/** The survivor's row that is the same, if there is one, and whether the row would be about nobody else. */
function fateOf(
  { parties, unique, isTwin, mayBeSelf }: FactTable,
  next: FactRow,
  row: FactRow,
  mine: readonly FactRow[],
): { readonly twin: FactRow | undefined; readonly isSelf: boolean } {
  const [first, ...others] = parties.map((column) => next[column])
  const isSelf = !mayBeSelf && others.length > 0 && others.every((party) => party === first)
  const isSame = (one: FactRow): boolean =>
    isTwin?.(one, next) ||
    unique?.some((columns) =>
      columns.every((column) => one[column] !== null && one[column] === next[column]),
    ) ||
    false
  return { twin: mine.find((one) => one !== row && isSame(one)), isSelf }
}

async function makeStricter(
  tx: Writer,
  { table, key, stricter }: FactTable,
  twin: FactRow,
  row: FactRow,
): Promise<FactChange[]> {
  const after = stricter?.(twin, row)
  if (!after || Object.keys(after).length === 0) return []
  const before = pick(twin, Object.keys(after))
  const twinKey = pick(twin, key)
  await updateRow(tx, table, twinKey, after)
  return [{ kind: 'changed', table, key: twinKey, before, after }]
}

/** What is asked about a row that is gone. */
async function askNoMore(tx: Writer, { asked }: FactTable, { id }: FactRow): Promise<FactChange[]> {
  if (asked === undefined) return []
  const rows = await tx.sql.all<FactRow>('DELETE FROM suggestions WHERE kind = $1 AND key = $2 RETURNING *', [
    asked,
    String(id),
  ])
  return rows.map((row) => ({ kind: 'removed', table: 'suggestions', row }))
}

async function adjustRow(
  tx: Writer,
  { table, key }: FactTable,
  row: FactRow,
  after: FactRow,
): Promise<FactChange> {
  await updateRow(tx, table, pick(row, key), after)
  return { kind: 'changed', table, key: pick(row, key), before: pick(row, Object.keys(after)), after }
}

function movedRows({ table, key }: FactTable, column: string, rows: readonly FactRow[]): FactChange[] {
  const keys = rows.map((row) => pick(row, key))
  const pieces: FactChange[] = []
  for (let at = 0; at < keys.length; at += mostKeys)
    pieces.push({ kind: 'moved', table, column, keys: keys.slice(at, at + mostKeys) })
  return pieces
}

/** @returns how many rows it could not be done to */
async function undoChange(tx: Writer, change: FactChange, loser: PartyId): Promise<number> {
  switch (change.kind) {
    case 'moved':
      return moveBack(tx, change.table, change.column, change.keys, loser)
    case 'removed':
      return (await putBack(tx, change.table, change.row)) ? 0 : 1
    case 'added':
      return (await dropRow(tx, change.table, change.row)) === 0 ? 1 : 0
    case 'changed': {
      const { table, key, before, after } = change
      return (await updateRow(tx, table, key, before, after)) === 0 ? 1 : 0
    }
    default:
      return change satisfies never
  }
}

/** Rows with a key of one column at once. */
async function moveBack(
  tx: Writer,
  table: string,
  column: string,
  keys: readonly FactRow[],
  loser: PartyId,
): Promise<number> {
  const [first] = keys
  const [only, ...more] = Object.keys(first ?? {})
  if (only === undefined) return 0
  if (more.length > 0 || only === column) {
    let done = 0
    for (const key of keys) done += await updateRow(tx, table, key, { [column]: loser })
    return keys.length - done
  }
  const isMeant = inList(tx.sql.dialect, only, '$2', typeof first?.[only] === 'number' ? 'bigint' : 'text')
  const ids = keys.map((key) => key[only])
  return keys.length - (await tx.sql.run(`UPDATE ${table} SET ${column} = $1 WHERE ${isMeant}`, [loser, ids]))
}

async function putBack(tx: Writer, table: string, row: FactRow): Promise<boolean> {
  const columns = Object.keys(row)
  const values = columns.map((_, at) => `$${at + 1}`).join(', ')
  const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values}) ON CONFLICT DO NOTHING`
  return (await tx.sql.run(text, Object.values(row))) > 0
}

async function removeRow(tx: Writer, { table, key }: FactTable, row: FactRow): Promise<void> {
  const isMeant = key.map((column, at) => `${column} = $${at + 1}`).join(' AND ')
  await tx.sql.run(
    `DELETE FROM ${table} WHERE ${isMeant}`,
    key.map((column) => row[column]),
  )
}

/** Takes a row away that is as it was made. */
function dropRow({ sql }: Writer, table: string, row: FactRow): Promise<number> {
  const params: unknown[] = []
  const isMeant = Object.entries(row).map(([column, value]) =>
    value === null ? `${column} IS NULL` : `${column} = $${params.push(value)}`,
  )
  return sql.run(`DELETE FROM ${table} WHERE ${isMeant.join(' AND ')}`, params)
}

/** @param expected  the values that it has to have */
function updateRow(
  { sql }: Writer,
  table: string,
  key: FactRow,
  values: FactRow,
  expected: FactRow = {},
): Promise<number> {
  const params: unknown[] = []
  const sets = Object.entries(values).map(([column, value]) => `${column} = $${params.push(value)}`)
  const isMeant = Object.entries({ ...key, ...expected }).map(([column, value]) =>
    value === null ? `${column} IS NULL` : `${column} = $${params.push(value)}`,
  )
  return sql.run(`UPDATE ${table} SET ${sets.join(', ')} WHERE ${isMeant.join(' AND ')}`, params)
}

function renamed({ parties }: FactTable, row: FactRow, from: PartyId, to: PartyId): FactRow {
  return {
    ...row,
    ...Object.fromEntries(parties.flatMap((column) => (row[column] === from ? [[column, to]] : []))),
  }
}

function pick(row: FactRow, columns: readonly string[]): FactRow {
  return Object.fromEntries(columns.map((column) => [column, row[column]]))
}
