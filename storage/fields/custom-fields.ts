import { inList } from '../database.ts'
import { WriteConflictError } from '../errors.ts'
import type { CollectionId, CustomFieldId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** A field that people have defined, for all of the place or for one address book. */
export interface CustomFieldRow {
  readonly id: CustomFieldId
  /** The book it is for; null for everybody's. */
  readonly collectionId: CollectionId | null
  /** What programs call it; it never changes, and no other field has it. */
  readonly key: string
  /** What people call it. */
  readonly label: string
  /** What they called it before, as JSON: cards may still label values so. */
  readonly formerLabels: string
  readonly type: string
  /** What belongs to its type, as JSON. */
  readonly options: string
  /** Where it stands among the others. */
  readonly position: number
  /** Since when it is not offered any more; its values stay. */
  readonly retiredAt: number | null
  readonly version: number
  readonly createdAt: number
  readonly changedAt: number
}

export type NewCustomField = Pick<
  CustomFieldRow,
  'collectionId' | 'key' | 'label' | 'type' | 'options' | 'position'
>

const fields = [
  'id',
  'collectionId',
  'key',
  'label',
  'formerLabels',
  'type',
  'options',
  'position',
  'retiredAt',
  'version',
  'createdAt',
  'changedAt',
] as const
const columns = selectList<CustomFieldRow>('f', fields)

/** The fields of the place and those of these books, in their order, retired ones too. */
export function listCustomFields({ sql }: Reader, books: readonly CollectionId[]): Promise<CustomFieldRow[]> {
  return sql.all<CustomFieldRow>(
    `SELECT ${columns} FROM custom_fields f
     WHERE f.collection_id IS NULL OR ${inList(sql.dialect, 'f.collection_id', '$1', 'bigint')}
     ORDER BY f.position, f.id`,
    [books],
  )
}

/** Fields by their ids, whoever they are for. */
export async function customFieldsById(
  { sql }: Reader,
  of: readonly { readonly fieldId: CustomFieldId }[],
): Promise<ReadonlyMap<CustomFieldId, CustomFieldRow>> {
  if (of.length === 0) return new Map()
  const rows = await sql.all<CustomFieldRow>(
    `SELECT ${columns} FROM custom_fields f WHERE ${inList(sql.dialect, 'f.id', '$1', 'bigint')}`,
    [[...new Set(of.map(({ fieldId }) => fieldId))]],
  )
  return new Map(rows.map((row) => [row.id, row]))
}

/** Whether another field has this key already. */
export async function hasCustomField({ sql }: Reader, key: string): Promise<boolean> {
  return (await sql.first('SELECT 1 FROM custom_fields WHERE key = $1', [key])) !== undefined
}

/** @param field.id  of one that comes back under it */
export async function addCustomField(
  tx: Writer,
  field: NewCustomField & { readonly id?: CustomFieldId },
): Promise<CustomFieldId> {
  const [column, value] = field.id === undefined ? ['', ''] : ['id, ', '$8, ']
  const row = await tx.sql.first<{ id: CustomFieldId }>(
    `INSERT INTO custom_fields (${column}collection_id, key, label, former_labels, type, options, position, version,
       created_at, changed_at) VALUES (${value}$1, $2, $3, '[]', $4, $5, $6, 1, $7, $7) RETURNING id`,
    [
      ...[field.collectionId, field.key, field.label, field.type, field.options, field.position, tx.now],
      ...(field.id === undefined ? [] : [field.id]),
    ],
  )
  if (row === undefined) throw new Error('The field was not made.')
  return row.id
}

/** @throws WriteConflictError when it has changed since it was read */
export async function changeCustomField(tx: Writer, field: CustomFieldRow): Promise<void> {
  const changed = await tx.sql.run(
    `UPDATE custom_fields SET label = $3, former_labels = $4, options = $5, position = $6, retired_at = $7,
       version = version + 1, changed_at = $8 WHERE id = $1 AND version = $2`,
    [
      field.id,
      field.version,
      field.label,
      field.formerLabels,
      field.options,
      field.position,
      field.retiredAt,
      tx.now,
    ],
  )
  if (changed === 0) throw new WriteConflictError('The field has changed.')
}

/** With its values beside cards; what stands on cards stays there. */
export async function removeCustomField(tx: Writer, id: CustomFieldId): Promise<void> {
  await tx.sql.run('DELETE FROM custom_fields WHERE id = $1', [id])
}
