import { inList } from '../database.ts'
import { columnOf, selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A row of a table of facts. */
export interface FactRow {
  readonly id: number
}

/** A table of facts: each row is one fact of a party. */
export interface FactTable<Row extends FactRow> {
  readonly name: string
  /** All but the id. */
  readonly fields: readonly (keyof Row & string)[]
}

/** Writes a new fact. @param fact  with an id where it comes back under that */
export async function addFact<Row extends FactRow>(
  tx: Writer,
  { name, fields }: FactTable<Row>,
  fact: Omit<Row, 'id'> & { readonly id?: number | undefined },
): Promise<Row> {
  const given: Readonly<Record<string, unknown>> = { ...fact }
  const named = fact.id === undefined ? fields : ['id', ...fields]
  const row = await tx.sql.first<{ id: number }>(
    insertText(name, named),
    named.map((field) => given[field]),
  )
  if (row === undefined) throw new Error('The fact was not written.')
  return { ...fact, id: row.id } as unknown as Row
}

/** Made once, as every card that tells of a job is paid for with one. */
const insertTexts = new Map<string, string>()

function insertText(name: string, named: readonly string[]): string {
  const key = `${name} ${named.length}`
  const known = insertTexts.get(key)
  if (known !== undefined) return known
  const values = named.map((_, at) => `$${at + 1}`).join(', ')
  const text = `INSERT INTO ${name} (${named.map(columnOf).join(', ')}) VALUES (${values}) RETURNING id`
  insertTexts.set(key, text)
  return text
}

/** Writes a fact that is there as it is to be. @returns whether it was there */
export async function writeFact<Row extends FactRow>(
  tx: Writer,
  { name, fields }: FactTable<Row>,
  fact: Row,
): Promise<boolean> {
  const sets = fields.map((field, at) => `${columnOf(field)} = $${at + 2}`)
  const values = [fact.id, ...fields.map((field) => fact[field])]
  return (await tx.sql.run(`UPDATE ${name} SET ${sets.join(', ')} WHERE id = $1`, values)) > 0
}

export async function removeFact<Row extends FactRow>(
  tx: Writer,
  { name }: FactTable<Row>,
  id: number,
): Promise<void> {
  await tx.sql.run(`DELETE FROM ${name} WHERE id = $1`, [id])
}

export function findFact<Row extends FactRow>(
  { sql }: Reader,
  table: FactTable<Row>,
  id: number,
): Promise<Row | undefined> {
  return sql.first<Row>(`SELECT ${columnsOf(table)} FROM ${table.name} f WHERE f.id = $1`, [id])
}

/** The facts that have one of these parties in a column, the oldest first. */
export async function factsBy<Row extends FactRow>(
  { sql }: Reader,
  table: FactTable<Row>,
  field: keyof Row & string,
  ids: readonly number[],
): Promise<Row[]> {
  if (ids.length === 0) return []
  return sql.all<Row>(
    `SELECT ${columnsOf(table)} FROM ${table.name} f
     WHERE ${inList(sql.dialect, `f.${columnOf(field)}`, '$1', 'bigint')} ORDER BY f.id`,
    [ids],
  )
}

export function columnsOf<Row extends FactRow>({ fields }: FactTable<Row>): string {
  return selectList<Row>('f', ['id', ...fields])
}
