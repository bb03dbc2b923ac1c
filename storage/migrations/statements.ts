import type { QueryRunner } from 'typeorm'

/**
 * Runs statements that name column types as `@id`, `@int`, `@bytes` and `@octets` (text in the order of its octets), as
 * each database has them.
 */
export async function runStatements(runner: QueryRunner, statements: readonly string[]): Promise<void> {
  const types = runner.dataSource.options.type === 'postgres' ? postgresTypes : sqliteTypes
  for (const statement of statements) {
    await runner.query(statement.replace(/@\w+/g, (type) => types[type] ?? type))
  }
}

const postgresTypes: Readonly<Record<string, string>> = {
  '@id': 'bigserial NOT NULL PRIMARY KEY',
  '@int': 'bigint',
  '@bytes': 'bytea',
  '@octets': 'text COLLATE "C"',
  '@clustered': '',
}
const sqliteTypes: Readonly<Record<string, string>> = {
  '@id': 'integer PRIMARY KEY AUTOINCREMENT NOT NULL',
  '@int': 'integer',
  '@bytes': 'blob',
  '@octets': 'text',
  '@clustered': 'WITHOUT ROWID',
}

interface Constraints {
  /** The columns of the primary key; without them the table has an `id` that is never used again. */
  readonly key?: readonly string[]
  readonly foreign?: readonly string[]
}

/** A table as it is written out for each of the two databases. */
export function table(
  name: string,
  columns: readonly string[],
  { key, foreign = [] }: Constraints = {},
): string {
  const parts = [
    ...(key === undefined ? ['"id" @id'] : []),
    ...columns,
    ...(key === undefined ? [] : [`PRIMARY KEY (${key.map((column) => `"${column}"`).join(', ')})`]),
    ...foreign,
  ]
  return `CREATE TABLE "${name}" (${parts.join(', ')})`
}

/** The rows lie in the order of their key, where the database can do that. */
export function clustered(statement: string): string {
  return `${statement} @clustered`
}

export function foreign(name: string, column: string, target: string, onDelete: string): string {
  return `CONSTRAINT "${name}_fk" FOREIGN KEY ("${column}") REFERENCES "${target}" ("id") ON DELETE ${onDelete}`
}

export function index(name: string, on: string, columns: string, where?: string): string {
  const list = columns.split(', ').map((column) => `"${column}"`)
  return `CREATE INDEX "${name}" ON "${on}" (${list.join(', ')})${where === undefined ? '' : ` WHERE ${where}`}`
}

export function unique(name: string, on: string, columns: string, where?: string): string {
  return index(name, on, columns, where).replace('CREATE INDEX', 'CREATE UNIQUE INDEX')
}
