import { inList } from '../database.ts'
import { forgetFactRevisions } from '../history/fact-revisions.ts'
import type { ObjectId } from '../ids.ts'
import { forgetHistory } from '../purge.ts'
import { settleSearch } from '../search/settle.ts'
import type { Writer } from '../store.ts'
import { dropTombstones, type MemberTombstone } from '../upkeep/tombstones.ts'
import type { Erased } from './find-erased.ts'

/** Words that are shorter stand in too much that is of others. */
const shortestWord = 4
const batch = 200

/**
 * Forgets somebody whose cards are in the trash, or gone: every state of them, what is known beside them, and every copy that
 * the server has made for itself. Names of resources stay in the tombstones, which phones still need, unless they tell who it was.
 */
export async function forgetErased(tx: Writer, erased: Erased): Promise<void> {
  await forgetActivities(tx, erased)
  await forgetHeld(tx, erased)
  await forgetTold(tx, erased)
  await forgetBatches(tx, erased)
  const { sql } = tx
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  const { objects, parties } = erased
  await forgetNames(tx, erased)
  await sql.run(`UPDATE tombstones SET uid = NULL WHERE ${isOf('object_id')}`, [objects])
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
  while ((await settleSearch(tx)) > 0);
}

/**
 * Names of resources that tell who it was, such as `jane-doe.vcf`: their tombstones go, so that a device which has not heard that
 * the card is gone lists the book again, and finds it gone. Where the name says nothing, as it mostly does, nobody has to.
 */
async function forgetNames(tx: Writer, { objects, names, mails }: Erased): Promise<void> {
  const { sql } = tx
  const isOf = inList(sql.dialect, 't.object_id', '$1', 'bigint')
  const left = await sql.all<MemberTombstone & { readonly objectId: ObjectId }>(
    `SELECT t.collection_id AS id, t.name, t.change, c.feed_id AS "feedId", t.object_id AS "objectId" FROM tombstones t
     JOIN collections c ON c.id = t.collection_id WHERE ${isOf} ORDER BY t.collection_id, t.name`,
    [objects],
  )
  const parts = names.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u))
  const words = wordsOf([...parts, ...mails])
  const telling = left.filter(({ name }) => isNamed(name, words))
  await dropTombstones(tx, telling)
  await sql.run(
    `UPDATE events SET name = 'erased' WHERE ${inList(sql.dialect, 'object_id', '$1', 'bigint')}`,
    [telling.map(({ objectId }) => objectId)],
  )
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

/** What was told, but that the cards are gone: that somebody may still have to hear. */
async function forgetTold({ sql }: Writer, { objects, parties, uids, mails, names }: Erased): Promise<void> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  await sql.run(`DELETE FROM events WHERE ${isOf('party_id')}`, [parties])
  await sql.run(`DELETE FROM events WHERE kind = 'object-put' AND ${isOf('object_id')}`, [objects])
  for (const id of parties)
    await sql.run("DELETE FROM outbox WHERE state <> 'waiting' AND payload LIKE $1", [
      `%"party":{"id":${id}}%`,
    ])
  for (const id of objects)
    await sql.run("DELETE FROM outbox WHERE state <> 'waiting' AND payload LIKE $1", [
      `%"object":{"id":${id},%`,
    ])
  const contains = (column: string): string =>
    sql.dialect === 'sqlite' ? `instr(${column}, $1) > 0` : `position($1 in ${column}) > 0`
  for (const word of wordsOf([...uids, ...mails, ...names])) {
    const written = JSON.stringify(word).slice(1, -1)
    await sql.run(`DELETE FROM api_answers WHERE body IS NOT NULL AND ${contains('body')}`, [written])
  }
}

/** What came in stays undone as it was; what it was called is nobody's any more. */
async function forgetBatches({ sql }: Writer, { objects, parties, uids }: Erased): Promise<void> {
  const isOf = inList(sql.dialect, 'object_id', '$1', 'bigint')
  const ofUid = inList(sql.dialect, 'uid', '$2', 'text')
  await sql.run(
    `UPDATE batch_items SET place = '', note = '', undo_note = NULL, name = NULL, uid = NULL, before_body_id = NULL
     WHERE ${isOf} OR ${ofUid}`,
    [objects, uids],
  )
  // What was done to many people, and what was undone of facts, names whom by his id.
  await sql.run(
    `UPDATE batch_items SET name = '', note = '' WHERE component IN ('PARTY', 'FACT') AND ${inList(sql.dialect, 'place', '$1', 'text')}`,
    [parties.map((id) => `party ${id}`)],
  )
  await sql.run(`UPDATE migration_items SET note = '' WHERE ${isOf}`, [objects])
}

function wordsOf(words: readonly string[]): string[] {
  return words.filter((word) => word.length >= shortestWord)
}

function isNamed(text: string, words: readonly string[]): boolean {
  const folded = text.toLowerCase()
  return words.some((word) => folded.includes(word.toLowerCase()))
}
