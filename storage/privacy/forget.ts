import { inList } from '../database.ts'
import { forgetFactRevisions } from '../history/fact-revisions.ts'
import { forgetThingsOf } from '../history/thing-revisions.ts'
import { forgetHistory } from '../purge.ts'
import { settleSearch } from '../search/settle.ts'
import type { Writer } from '../store.ts'
import type { Erased } from './find-erased.ts'
import { forgetMigrations } from './forget-migrations.ts'
import { forgetAnswers, forgetBatches, forgetNames } from './forget-told.ts'
import { isNamed, wordsOf } from './telling.ts'

const batch = 200

/**
 * Forgets somebody whose cards are in the trash, or gone: every state of them, what is known beside them, and every copy that
 * the server has made for itself. Names of resources stay in the tombstones, which phones still need, unless they tell who it was.
 */
export async function forgetErased(tx: Writer, erased: Erased): Promise<void> {
  await forgetActivities(tx, erased)
  await forgetHeld(tx, erased)
  await forgetAnswers(tx)
  await forgetBatches(tx, erased)
  await forgetMigrations(tx, erased)
  const { sql } = tx
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const { objects, parties } = erased
  await forgetNames(tx, erased)
  await sql.run(`DELETE FROM aliases WHERE ${isOf('object_id')} OR ${isOf('loser_object_id')}`, [objects])
  await sql.run(`DELETE FROM search_documents WHERE ${isOf('party_id')}`, [parties])
  await sql.run(
    `DELETE FROM custom_values WHERE ${inList(sql.dialect, 'value', '$1', 'text')}
       AND field_id IN (SELECT id FROM custom_fields WHERE type = 'person')`,
    [parties.map(String)],
  )
  await forgetHistory(tx, objects)
  await sql.run(`DELETE FROM parties WHERE ${isOf('id')}`, [parties])
  await forgetFactRevisions(tx, parties)
  await forgetThingsOf(tx, parties)
  while ((await settleSearch(tx)) > 0);
}

async function forgetActivities({ sql }: Writer, { activities, parties }: Erased): Promise<void> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  await sql.run(`DELETE FROM search_documents WHERE source = 'note' AND ${isOf('source_id')}`, [activities])
  await sql.run(
    `DELETE FROM fact_revisions WHERE kind = 'activity' AND ${inList(sql.dialect, 'key', '$1', 'text')}`,
    [activities.map(String)],
  )
  await sql.run(`DELETE FROM activities WHERE ${isOf('id')}`, [activities])
  await sql.run(`DELETE FROM activity_parties WHERE ${isOf('party_id')}`, [parties])
}

/** What devices sent in vain under a name of one of his cards, or with his UID in it. */
async function forgetHeld({ sql }: Writer, { objects, uids, mails, names }: Erased): Promise<void> {
  await sql.run(
    `DELETE FROM held_edits WHERE EXISTS (SELECT 1 FROM revisions r
       WHERE r.collection_id = held_edits.collection_id AND r.name = held_edits.name
         AND ${inList(sql.dialect, 'r.object_id', '$1', 'bigint')})`,
    [objects],
  )
  const words = wordsOf([...uids, ...mails, ...names])
  for (let after = 0; ; ) {
    const rows = await sql.all<{ id: number; body: Buffer }>(
      'SELECT id, body FROM held_edits WHERE id > $1 ORDER BY id LIMIT $2',
      [after, batch],
    )
    const meant = rows.filter(({ body }) => isNamed(body.toString('utf8').replace(/\r?\n[ \t]/g, ''), words))
    const ids = meant.map(({ id }) => id)
    await sql.run(`DELETE FROM held_edits WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [ids])
    after = rows.at(-1)?.id ?? after
    if (rows.length < batch) return
  }
}
