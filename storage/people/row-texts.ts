import { inList } from '../database.ts'
import type { ObjectId } from '../ids.ts'
import type { Reader } from '../store.ts'

/** What a row of a list says of a card. */
export interface RowText {
  readonly objectId: ObjectId
  readonly kind: 'email' | 'tel' | 'photo'
  /** Of a photo the entity tag of its card. */
  readonly value: string
}

/** Mail addresses, telephone numbers, and whether there is a photo: in the order of each card. */
export function rowTextsOf({ sql }: Reader, ids: readonly ObjectId[]): Promise<RowText[]> {
  if (ids.length === 0) return Promise.resolve([])
  return sql.all<RowText>(
    `SELECT f.object_id AS "objectId", f.kind,
       CASE WHEN f.kind = 'photo' THEN (SELECT o.etag FROM objects o WHERE o.id = f.object_id) ELSE f.value END AS value
     FROM contact_fields f
     WHERE ${inList(sql.dialect, 'f.object_id', '$1', 'bigint')} AND f.kind IN ('email', 'tel', 'photo')
     ORDER BY f.object_id, f.id`,
    [ids],
  )
}

/** The labels of cards, in their order. */
export function rowLabelsOf(
  { sql }: Reader,
  ids: readonly ObjectId[],
): Promise<{ readonly objectId: ObjectId; readonly label: string }[]> {
  if (ids.length === 0) return Promise.resolve([])
  return sql.all<{ objectId: ObjectId; label: string }>(
    `SELECT l.object_id AS "objectId", l.label FROM card_labels l
     WHERE ${inList(sql.dialect, 'l.object_id', '$1', 'bigint')} ORDER BY l.label`,
    [ids],
  )
}
