import { inList } from '../database.ts'
import type { CollectionId, CustomFieldId, NodeId, ObjectId, PartyId } from '../ids.ts'
import { insertRows } from '../insert-rows.ts'
import { copies } from '../people/parties.ts'
import type { Reader, Writer } from '../store.ts'

/** The value of a field that has no form on a card. */
export interface CustomValueRow {
  readonly fieldId: CustomFieldId
  readonly partyId: PartyId
  /** As JSON, in the form of the field's type. */
  readonly value: string
  /** As people search and compare it; several choices stand in lines. */
  readonly folded: string
  /** Of a number its thousandths, of a date the day as 20261231, of yes and no 1 and 0. */
  readonly amount: number | null
  /** What people are sorted by: the begin of what is folded, or a number in a form that sorts as text. */
  readonly sortKey: string
}

const columns =
  'v.field_id AS "fieldId", v.party_id AS "partyId", v.value, v.folded, v.amount, v.sort_key AS "sortKey"'

/** All values of these people. */
export function listCustomValues({ sql }: Reader, parties: readonly PartyId[]): Promise<CustomValueRow[]> {
  return sql.all<CustomValueRow>(
    `SELECT ${columns} FROM custom_values v WHERE ${inList(sql.dialect, 'v.party_id', '$1', 'bigint')}
     ORDER BY v.party_id, v.field_id`,
    [parties],
  )
}

export function findCustomValue(
  { sql }: Reader,
  fieldId: CustomFieldId,
  partyId: PartyId,
): Promise<CustomValueRow | undefined> {
  return sql.first<CustomValueRow>(
    `SELECT ${columns} FROM custom_values v WHERE v.field_id = $1 AND v.party_id = $2`,
    [fieldId, partyId],
  )
}

export async function putCustomValue(tx: Writer, row: CustomValueRow): Promise<void> {
  await tx.sql.run(
    `INSERT INTO custom_values (field_id, party_id, value, folded, amount, sort_key) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (field_id, party_id) DO UPDATE SET value = excluded.value, folded = excluded.folded,
       amount = excluded.amount, sort_key = excluded.sort_key`,
    [row.fieldId, row.partyId, row.value, row.folded, row.amount, row.sortKey],
  )
}

export async function dropCustomValue(tx: Writer, fieldId: CustomFieldId, partyId: PartyId): Promise<void> {
  await tx.sql.run('DELETE FROM custom_values WHERE field_id = $1 AND party_id = $2', [fieldId, partyId])
}

/** Who has a value of a field, so many at most. */
export function valuesOfField(
  { sql }: Reader,
  fieldId: CustomFieldId,
  limit: number,
): Promise<Pick<CustomValueRow, 'partyId' | 'value'>[]> {
  return sql.all(
    `SELECT v.party_id AS "partyId", v.value FROM custom_values v WHERE v.field_id = $1 ORDER BY v.party_id LIMIT $2`,
    [fieldId, limit],
  )
}

/** Who has one of these files in a field. */
export async function peopleWithFiles({ sql }: Reader, files: readonly NodeId[]): Promise<PartyId[]> {
  const rows = await sql.all<{ id: PartyId }>(
    `SELECT DISTINCT v.party_id AS id FROM custom_fields f JOIN custom_values v ON v.field_id = f.id
     WHERE f.type = 'file' AND ${inList(sql.dialect, 'v.value', '$1', 'text')}`,
    [files.map((id) => JSON.stringify({ id }))],
  )
  return rows.map(({ id }) => id)
}

/** How many people have a value of a field. */
export async function countCustomValues({ sql }: Reader, fieldId: CustomFieldId): Promise<number> {
  const text = 'SELECT count(*) AS count FROM custom_values WHERE field_id = $1'
  return (await sql.first<{ count: number }>(text, [fieldId]))?.count ?? 0
}

/** How many people with a card in these books have a value of each field beside it. */
export async function countValuesIn(
  { sql }: Reader,
  books: readonly CollectionId[],
): Promise<ReadonlyMap<CustomFieldId, number>> {
  const rows = await sql.all<{ id: CustomFieldId; count: number }>(
    `SELECT v.field_id AS id, count(*) AS count FROM custom_values v
     WHERE v.party_id IN (SELECT p.party_id FROM placements p
       WHERE ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')} AND p.removed_at IS NULL
       UNION SELECT p.party_id FROM ${copies} p WHERE ${inList(sql.dialect, 'p.collection_id', '$1', 'bigint')})
     GROUP BY v.field_id`,
    [books],
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** How many people have a value under each of these labels on a card of these books. @param labels  folded */
export function countLabelledIn(
  { sql }: Reader,
  books: readonly CollectionId[],
  labels: readonly string[],
): Promise<{ readonly list: string; readonly label: string; readonly count: number }[]> {
  return sql.all(
    `SELECT l.list, l.label, count(DISTINCT p.party_id) AS count FROM labelled_values l
     JOIN placements p ON p.object_id = l.object_id
     WHERE ${inList(sql.dialect, 'l.collection_id', '$1', 'bigint')}
       AND ${inList(sql.dialect, 'l.label', '$2', 'text')} AND p.removed_at IS NULL
     GROUP BY l.list, l.label`,
    [books, labels],
  )
}

/** A value that a card labels, as derived from its octets. */
export interface LabelledValue {
  /** dates, urls, phones, mails, addresses or related. */
  readonly list: string
  /** Without case and accents. */
  readonly label: string
  /** Of a date the day as 2026-12-31, or --12-31. */
  readonly value: string
  readonly folded: string
}

/** Writes the rows of a card that has none; only the write path does. */
export async function writeLabelledValues(
  tx: Writer,
  object: { readonly id: ObjectId; readonly collectionId: CollectionId },
  values: readonly LabelledValue[],
): Promise<void> {
  await insertRows(
    tx,
    'labelled_values',
    ['object_id', 'collection_id', 'list', 'label', 'value', 'folded', 'sort_key'],
    values.map(({ list, label, value, folded }) => [
      object.id,
      object.collectionId,
      list,
      label,
      value,
      folded,
      sortKeyOf(folded),
    ]),
  )
}

/** Letters of a folded text that people are sorted by. */
const sortLetters = 100

/** The begin of a folded text, as an index can have it. */
export function sortKeyOf(folded: string): string {
  return folded.slice(0, sortLetters).replace(/[\ud800-\udbff]$/, '')
}
