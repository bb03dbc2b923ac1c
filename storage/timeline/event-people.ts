import { inList } from '../database.ts'
import type { CollectionId, ObjectId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
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

/** Events and tasks of these calendars that any of these addresses organises or attends. */
export async function objectsOfPeople(
  { sql }: Reader,
  mails: readonly string[],
  calendars: readonly CollectionId[],
  limit: number,
): Promise<ObjectId[]> {
  if (mails.length === 0 || calendars.length === 0) return []
  const rows = await sql.all<{ id: ObjectId }>(
    `SELECT DISTINCT p.object_id AS id FROM event_people p
     WHERE ${inList(sql.dialect, 'p.mail', '$1', 'text')} AND ${inList(sql.dialect, 'p.collection_id', '$2', 'bigint')}
     ORDER BY p.object_id DESC LIMIT $3`,
    [mails, calendars, limit],
  )
  return rows.map(({ id }) => id)
}
