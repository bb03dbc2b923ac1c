import { inList } from '../database.ts'
import type { CollectionId, ObjectId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { grouped } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** Writes the addresses of an object that has none; only the write path does. */
export async function writeEventPeople(
  tx: Writer,
  object: { readonly id: ObjectId; readonly collectionId: CollectionId },
  mails: readonly string[],
): Promise<void> {
  await insertRows(
    tx,
    'event_people',
    ['object_id', 'mail', 'collection_id'],
    mails.map((mail) => [object.id, mail, object.collectionId]),
  )
}

/** The addresses of these events and tasks. */
export async function mailsOfObjects(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<ReadonlyMap<ObjectId, ReadonlySet<string>>> {
  if (ids.length === 0) return new Map()
  const rows = await sql.all<{ objectId: ObjectId; mail: string }>(
    `SELECT p.object_id AS "objectId", p.mail FROM event_people p WHERE ${inList(sql.dialect, 'p.object_id', '$1', 'bigint')}`,
    [ids],
  )
  const found = grouped(rows, ({ objectId }) => objectId)
  return new Map([...found].map(([id, of]) => [id, new Set(of.map(({ mail }) => mail))]))
}

/** Says that an object is a to-do that is still to be done; only the write path does. */
export async function writeOpenTask(
  tx: Writer,
  object: { readonly id: ObjectId; readonly collectionId: CollectionId },
): Promise<void> {
  await tx.sql.run('INSERT INTO open_tasks (object_id, collection_id) VALUES ($1, $2)', [
    object.id,
    object.collectionId,
  ])
}
