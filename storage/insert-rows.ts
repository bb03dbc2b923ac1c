import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Writer } from './store.ts'

/** Rows of one statement: parameters are numbered, and there are at most 999 of them in any SQLite. */
const rowsAtOnce = 50
/** After so many rows others have their turn, as where a list of very many is written. */
const rowsInTurn = 5_000

/** Inserts many rows with few statements; the texts are few too, so that each is prepared once. */
export async function insertRows(
  tx: Writer,
  table: string,
  columns: readonly string[],
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  let at = 0
  for (const size of [rowsAtOnce, 12, 3, 1]) {
    const text = insertText(table, columns, size)
    for (; at + size <= rows.length; at += size) {
      await tx.sql.run(text, rows.slice(at, at + size).flat())
      if (at % rowsInTurn === rowsInTurn - rowsAtOnce) await nextTurn()
    }
  }
}

const texts = new Map<string, string>()

function insertText(table: string, columns: readonly string[], size: number): string {
  const key = `${table} ${size}`
  let text = texts.get(key)
  if (text === undefined) {
    const row = (at: number) =>
      `(${columns.map((_, column) => `$${at * columns.length + column + 1}`).join(', ')})`
    const values = Array.from({ length: size }, (_, at) => row(at)).join(', ')
    text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${values}`
    texts.set(key, text)
  }
  return text
}
