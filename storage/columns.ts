import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import type { Dialect } from './database.ts'

/** What a table's columns are made of, for each database. */
export interface Columns {
  readonly dialect: Dialect
  readonly id: EntitySchemaColumnOptions
  readonly int: EntitySchemaColumnOptions
  readonly text: EntitySchemaColumnOptions
  readonly bytes: EntitySchemaColumnOptions
}

export interface TableShape {
  readonly columns: Record<string, EntitySchemaColumnOptions>
  readonly indexes?: readonly Index[]
  readonly foreign?: readonly Foreign[]
  /** SQLite keeps the rows in the order of their primary key. */
  readonly clustered?: boolean
}

/** Tables by name. */
export type Tables = Readonly<Record<string, (columns: Columns) => TableShape>>

/** Name, columns, and what makes it special. */
export type Index = readonly [name: string, columns: string, options?: { unique?: boolean; where?: string }]
/** Name, column, the table whose `id` it holds, and what becomes of the row when that one goes. */
export type Foreign = readonly [
  name: string,
  column: string,
  target: string,
  onDelete: 'CASCADE' | 'NO ACTION' | 'SET NULL',
]

/** Column types by database: whole numbers take eight bytes, an `id` is never used again. */
export function columnsOf(dialect: Dialect): Columns {
  const int = dialect === 'postgres' ? 'bigint' : 'integer'
  return {
    dialect,
    id: { type: int, primary: true, generated: 'increment' },
    int: { type: int },
    text: { type: 'text' },
    bytes: { type: dialect === 'postgres' ? 'bytea' : 'blob' },
  }
}

export const nullable = (column: EntitySchemaColumnOptions) => ({ ...column, nullable: true })
export const primary = (column: EntitySchemaColumnOptions) => ({ ...column, primary: true })
export const withDefault = (column: EntitySchemaColumnOptions, value: number | string | (() => string)) => ({
  ...column,
  default: value,
})

/** A table as TypeORM describes it. */
export function entity(name: string, shape: TableShape): EntitySchema {
  return new EntitySchema({
    name,
    tableName: name,
    columns: shape.columns,
    withoutRowid: shape.clustered === true,
    indices: (shape.indexes ?? []).map(([index, columns, options]) => ({
      name: index,
      columns: columns.split(', '),
      ...options,
    })),
    foreignKeys: (shape.foreign ?? []).map(([key, column, target, onDelete]) => ({
      name: `${key}_fk`,
      target,
      columnNames: [column],
      referencedColumnNames: ['id'],
      onDelete,
    })),
  })
}
