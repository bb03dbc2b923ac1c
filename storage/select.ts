import type { Dialect } from './database.ts'

/** The select list of a row: columns in snake_case, named as the row's fields are. */
export function selectList<Row>(table: string, fields: readonly (keyof Row & string)[], prefix = ''): string {
  return fields.map((field) => `${table}.${columnOf(field)} AS "${prefix}${field}"`).join(', ')
}

/** The column of a field: `modifiedAt` is `modified_at`. */
export function columnOf(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What takes the fields of one row out of a joined one, whose names carry the prefix. */
export function rowTaker<Row>(
  fields: readonly (keyof Row & string)[],
  prefix: string,
): (joined: Readonly<Record<string, unknown>>) => Row {
  const names = fields.map((field) => [field, prefix + field] as const)
  return (joined) => {
    const row: Record<string, unknown> = {}
    for (const [field, name] of names) row[field] = joined[name]
    return row as Row
  }
}

/** The larger of two values, which SQLite calls `max` and PostgreSQL `greatest`. */
export function larger(dialect: Dialect, one: string, other: string): string {
  return dialect === 'sqlite' ? `max(${one}, ${other})` : `greatest(${one}, ${other})`
}

/** Rows by what they belong to, in the order they come. */
export function grouped<Row, Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> {
  const found = new Map<Key, Row[]>()
  for (const row of rows) {
    const known = found.get(keyOf(row))
    if (known) known.push(row)
    else found.set(keyOf(row), [row])
  }
  return found
}
