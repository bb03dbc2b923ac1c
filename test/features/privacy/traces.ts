import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestServer } from '../../dav/server.ts'

/** Where any of these words still is: in the files of SQLite, in the columns of PostgreSQL, in the folder of the blobs. */
export async function tracesOf(server: TestServer, words: readonly string[]): Promise<string[]> {
  const traces =
    server.database.kind === 'sqlite'
      ? ['', '-wal'].flatMap((end) =>
          inFile(`${server.database.kind === 'sqlite' ? server.database.path : ''}${end}`, words),
        )
      : await inColumns(server, words)
  const blobs = join(server.dataDirectory, 'blobs')
  if (existsSync(blobs))
    for (const entry of readdirSync(blobs, { withFileTypes: true, recursive: true }))
      if (entry.isFile()) traces.push(...inFile(join(entry.parentPath, entry.name), words))
  const journal = join(server.dataDirectory, 'erasures.jsonl')
  return [...traces, ...inFile(journal, words)]
}

function inFile(path: string, words: readonly string[]): string[] {
  if (!existsSync(path)) return []
  const text = readFileSync(path).toString('latin1').toLowerCase()
  return words.flatMap((word) => {
    const at = text.indexOf(word.toLowerCase())
    return at === -1
      ? []
      : [`${word} in ${path}: ${JSON.stringify(text.slice(Math.max(at - 80, 0), at + 80))}`]
  })
}

/** Every column that has this word, as `table.column`, with what is there. */
export async function columnsWith({ services, database }: TestServer, word: string): Promise<string[]> {
  const text =
    database.kind === 'sqlite'
      ? `SELECT m.name AS "table", c.name AS "column", c.type FROM sqlite_master m, pragma_table_info(m.name) c
         WHERE m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%'`
      : `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
         WHERE table_schema = 'public'`
  return services.store.read(async ({ sql }) => {
    const columns = await sql.all<{ table: string; column: string; type: string }>(text)
    const found: string[] = []
    for (const { table, column, type } of columns) {
      const read = type === 'bytea' ? `encode("${column}", 'escape')` : `CAST("${column}" AS text)`
      const rows = await sql.all<{ value: string }>(
        `SELECT ${read} AS value FROM "${table}" WHERE lower(${read}) LIKE $1`,
        [`%${word.toLowerCase()}%`],
      )
      const [first] = rows
      if (first) found.push(`${table}.${column} (${rows.length}): ${around(first.value, word)}`)
    }
    return found
  })
}

function around(value: string, word: string): string {
  const at = value.toLowerCase().indexOf(word.toLowerCase())
  return JSON.stringify(value.slice(Math.max(at - 60, 0), at + 60))
}

async function inColumns({ services }: TestServer, words: readonly string[]): Promise<string[]> {
  return services.store.read(async ({ sql }) => {
    const columns = await sql.all<{ table: string; column: string; type: string }>(
      `SELECT table_name AS "table", column_name AS "column", data_type AS type FROM information_schema.columns
       WHERE table_schema = 'public' AND data_type IN ('text', 'bytea', 'character varying', 'ARRAY', 'jsonb', 'json')`,
    )
    const traces: string[] = []
    for (const { table, column, type } of columns)
      for (const word of words) {
        const text = type === 'bytea' ? `encode("${column}", 'escape')` : `CAST("${column}" AS text)`
        const found = await sql.first<{ count: number }>(
          `SELECT count(*) AS count FROM "${table}" WHERE position(lower(CAST($1 AS text)) in lower(${text})) > 0`,
          [word],
        )
        if (Number(found?.count) > 0) traces.push(`${word} in ${table}.${column}`)
      }
    return traces
  })
}
