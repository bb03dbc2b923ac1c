import { inList } from '../database.ts'
import { eraseMigrationItems } from '../migration-sources/items.ts'
import type { Writer } from '../store.ts'
import type { Erased } from './find-erased.ts'
import { telling } from './telling.ts'

const batch = 2_000

/** Where his cards are on a server from which somebody has moved in: they are not copied again, and where they are is not known any more. */
export async function forgetMigrations(tx: Writer, erased: Erased): Promise<void> {
  const { sql } = tx
  const isTold = telling(erased)
  await eraseMigrationItems(
    tx,
    await sql.all<{ id: number; path: string }>(
      `SELECT id, path FROM migration_items WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
      [erased.objects],
    ),
  )
  for (let after = 0; ; ) {
    const rows = await sql.all<{ id: number; path: string; said: string; objectId: number | null }>(
      `SELECT id, path, path || ' ' || href || ' ' || note AS said, object_id AS "objectId" FROM migration_items
       WHERE id > $1 ORDER BY id LIMIT $2`,
      [after, batch],
    )
    const told = rows.filter(({ said }) => isTold(said))
    await eraseMigrationItems(
      tx,
      told.filter(({ objectId }) => objectId === null),
    )
    await sql.run(`UPDATE migration_items SET note = '' WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [
      told.map(({ id }) => id),
    ])
    after = rows.at(-1)?.id ?? after
    if (rows.length < batch) return
  }
}
