import { inList } from '../database.ts'
import type { ObjectId } from '../ids.ts'
import type { Writer } from '../store.ts'
import { dropTombstones, type MemberTombstone } from '../upkeep/tombstones.ts'
import type { Erased } from './find-erased.ts'
import { isNamed, telling, wordsOfNames } from './telling.ts'

const batch = 200
/** Instead of a name that tells who somebody was. */
const nameless = 'erased'

/**
 * Names of resources that tell who it was, such as `jane-doe.vcf`: their tombstones go, so that a device which has not heard that
 * the card is gone lists the book again, and finds it gone. Where the name says nothing, as it mostly does, nobody has to.
 */
export async function forgetNames(tx: Writer, erased: Erased): Promise<void> {
  const { sql } = tx
  const isOf = inList(sql.dialect, 't.object_id', '$1', 'bigint')
  // Copies in books of others have objects of their own, and the same UID.
  const hasUid = inList(sql.dialect, 't.uid', '$2', 'text')
  const params = [erased.objects, erased.uids]
  const left = await sql.all<MemberTombstone & { readonly objectId: ObjectId }>(
    `SELECT t.collection_id AS id, t.name, t.change, c.feed_id AS "feedId", t.object_id AS "objectId" FROM tombstones t
     JOIN collections c ON c.id = t.collection_id WHERE ${isOf} OR ${hasUid} ORDER BY t.collection_id, t.name`,
    params,
  )
  const words = wordsOfNames(erased)
  const told = left.filter(({ name }) => isNamed(name, words))
  await dropTombstones(tx, told)
  await sql.run(`UPDATE tombstones AS t SET uid = NULL WHERE ${isOf} OR ${hasUid}`, params)
  const objects = [...new Set([...erased.objects, ...left.map(({ objectId }) => objectId)])]
  await forgetEvents(tx, { ...erased, objects }, words)
  await forgetOutbox(tx, { ...erased, objects }, words)
}

/** What was told, but that the cards are gone: that somebody may still have to hear. */
async function forgetEvents(
  { sql }: Writer,
  { objects, parties }: Erased,
  words: readonly string[],
): Promise<void> {
  const isOf = (column: string): string => inList(sql.dialect, column, '$1', 'bigint')
  await sql.run(`DELETE FROM events WHERE ${isOf('party_id')}`, [parties])
  await sql.run(`DELETE FROM events WHERE kind = 'object-put' AND ${isOf('object_id')}`, [objects])
  const left = await sql.all<{ id: number; name: string }>(
    `SELECT id, name FROM events WHERE name IS NOT NULL AND ${isOf('object_id')}`,
    [objects],
  )
  const told = left.filter(({ name }) => isNamed(name, words))
  await sql.run(`UPDATE events SET name = '${nameless}' WHERE ${isOf('id')}`, [told.map(({ id }) => id)])
}

interface Told {
  readonly change?: {
    readonly kind?: string
    readonly party?: { readonly id: number }
    readonly object?: { readonly id: number; readonly name: string; readonly href?: string }
  }
}

/**
 * What lies in the outbox about his cards: what was sent goes, and so does what waits, but that they are gone. There the name of the
 * resource goes where it tells who it was: whoever is told knows the card by its id.
 */
async function forgetOutbox(
  { sql }: Writer,
  { objects, parties }: Erased,
  words: readonly string[],
): Promise<void> {
  const [cards, people] = [new Set<number>(objects), new Set<number>(parties)]
  const gone: number[] = []
  for (let after = 0; ; ) {
    const rows = await sql.all<{ id: number; state: string; payload: string }>(
      `SELECT id, state, payload FROM outbox WHERE id > $1 AND kind = 'webhook' ORDER BY id LIMIT $2`,
      [after, batch],
    )
    for (const { id, state, payload } of rows) {
      const told: Told = JSON.parse(payload)
      const { kind, party, object } = told.change ?? {}
      const isCard = object !== undefined && cards.has(object.id)
      if (!isCard && !(party && people.has(party.id))) continue
      if (state !== 'waiting' || kind === 'object-put') gone.push(id)
      else if (isCard && isNamed(object.name, words))
        await sql.run('UPDATE outbox SET payload = $2 WHERE id = $1', [id, withoutName(told, object)])
    }
    after = rows.at(-1)?.id ?? after
    if (rows.length < batch) break
  }
  await sql.run(`DELETE FROM outbox WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`, [gone])
}

function withoutName(told: Told, object: NonNullable<NonNullable<Told['change']>['object']>): string {
  const { href } = object
  const named = { ...object, name: nameless, ...(href && { href: href.replace(/[^/]*$/, nameless) }) }
  return JSON.stringify({ ...told, change: { ...told.change, object: named } })
}

/** Answers that are kept for whoever asks again: that a request was done stays, so that none is done twice. */
export async function forgetAnswers({ sql }: Writer): Promise<void> {
  await sql.run('UPDATE api_answers SET body = NULL, size = 0 WHERE body IS NOT NULL')
}

/** What came in stays undone as it was; what it was called is nobody's any more. */
export async function forgetBatches(tx: Writer, erased: Erased): Promise<void> {
  const { sql } = tx
  const { objects, parties, uids } = erased
  const isOf = inList(sql.dialect, 'object_id', '$1', 'bigint')
  const ofUid = inList(sql.dialect, 'uid', '$2', 'text')
  const forgotten = `place = '', note = '', undo_note = NULL, name = NULL, uid = NULL,
    before_body_id = NULL, title = NULL`
  await sql.run(`UPDATE batch_items SET ${forgotten} WHERE ${isOf} OR ${ofUid}`, [objects, uids])
  // What was done to many people, and what was undone of facts, names whom by his id.
  await sql.run(
    `UPDATE batch_items SET name = '', note = '' WHERE component IN ('PARTY', 'FACT') AND ${inList(sql.dialect, 'place', '$1', 'text')}`,
    [parties.map((id) => `party ${id}`)],
  )
  // What waits to be imported may be about whoever is erased: its file is kept no longer.
  await sql.run(
    'UPDATE batches SET blob_id = NULL, wish = NULL WHERE blob_id IS NOT NULL OR wish IS NOT NULL',
  )
  const isTold = telling(erased)
  await forgetItems(tx, isTold)
  const rows = await sql.all<{ id: number; source: string; options: string; reached: string; error: string }>(
    `SELECT id, source, options, coalesce(reached, '') AS reached, coalesce(error, '') AS error FROM batches
     WHERE state <> 'running'`,
  )
  for (const { id, source, options, reached, error } of rows)
    if ([source, options, reached, error].some(isTold))
      await sql.run(
        `UPDATE batches SET source = $2, options = $3, reached = CASE WHEN $4 = 1 THEN NULL ELSE reached END,
           error = CASE WHEN $5 = 1 THEN '' ELSE error END WHERE id = $1`,
        [
          id,
          without(source, isTold),
          without(options, isTold),
          isTold(reached) ? 1 : 0,
          isTold(error) ? 1 : 0,
        ],
      )
}

/** Items of which nothing was made, and that say who it was: what was refused, or was there already. */
async function forgetItems({ sql }: Writer, isTold: (text: string) => boolean): Promise<void> {
  for (let after = 0; ; ) {
    const rows = await sql.all<{ id: number; said: string }>(
      `SELECT id, place || ' ' || note || ' ' || coalesce(name, '') || ' ' || coalesce(undo_note, '') || ' ' ||
         coalesce(title, '') AS said FROM batch_items
       WHERE id > $1 ORDER BY id LIMIT $2`,
      [after, batch * 10],
    )
    const told = rows.filter(({ said }) => isTold(said)).map(({ id }) => id)
    await sql.run(
      `UPDATE batch_items SET place = '', note = '', undo_note = NULL, title = NULL, name = CASE WHEN object_id IS NULL THEN '' ELSE name END
       WHERE ${inList(sql.dialect, 'id', '$1', 'bigint')}`,
      [told],
    )
    after = rows.at(-1)?.id ?? after
    if (rows.length < batch * 10) return
  }
}

/** The same JSON without the texts in it that say who it was. */
function without(json: string, isTold: (text: string) => boolean): string {
  return JSON.stringify(JSON.parse(json), (_, value: unknown) =>
    typeof value === 'string' && isTold(value) ? nameless : value,
  )
}
