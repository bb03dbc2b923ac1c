import type { Writer } from '../store.ts'

/** Pages of the index that one write brings together: its writer waits for them. */
const pagesAtOnce = 200

/**
 * Brings the parts of the full-text index together, and what is gone out of them, some of it in each write. SQLite would do that by
 * itself, all at once, in whatever write comes when a tenth of a part is gone: that is turned off.
 * @param isFirst  whether it begins; then it goes on until nothing is left
 * @returns whether there may be more to do
 */
export async function packSearch({ sql }: Writer, isFirst: boolean): Promise<boolean> {
  if (sql.dialect !== 'sqlite') return false
  // In the text, since a number that is bound is none of the whole ones that FTS5 asks for.
  const tell = (command: string, value: number): Promise<number> =>
    sql.run(`INSERT INTO search_grams (search_grams, rank) VALUES ('${command}', ${value})`)
  const changes = async (): Promise<number> =>
    (await sql.first<{ count: number }>('SELECT total_changes() AS count'))?.count ?? 0
  if (isFirst) await tell('deletemerge', 0)
  const before = await changes()
  await tell('merge', isFirst ? -pagesAtOnce : pagesAtOnce)
  // One is the command itself.
  return (await changes()) - before > 1
}
