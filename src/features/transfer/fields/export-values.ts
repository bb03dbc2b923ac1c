import { readDetails } from '../../../../protocol/vcard/edit/read-details.ts'
import { placedValues } from '../../../../storage/fields/value-places.ts'
import type { CustomFieldId, NodeId, ObjectId } from '../../../../storage/ids.ts'
import type { NodeRow } from '../../../../storage/nodes/nodes.ts'
import type { ObjectRow } from '../../../../storage/objects.ts'
import { grouped } from '../../../../storage/select.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { readableNodes } from '../../documents/readable-nodes.ts'
import { isOnCard, valueOnCard } from '../../fields/card-values.ts'
import type { Field } from '../../fields/field.ts'
import { isRecord, plainValue } from '../../fields/values.ts'
import { columnPrefix, type FieldValue } from './field-values.ts'

/** What goes along of fields when a book is written out. */
export interface FieldExport {
  /** Those of its cards. */
  readonly fields: readonly Field[]
  readonly session: Session
}

/** The values of some cards, read at once. */
export interface LoadedValues {
  beside(id: ObjectId): readonly FieldValue[]
  readonly files: ReadonlyMap<NodeId, NodeRow>
}

/** Reads what stands beside these cards. Files that whoever asks does not read are none. */
export async function loadValues(
  reader: Reader,
  { fields, session }: FieldExport,
  rows: readonly ObjectRow[],
): Promise<LoadedValues> {
  const byId = new Map<CustomFieldId, Field>(fields.map((field) => [field.row.id, field]))
  const placed = await placedValues(
    reader,
    rows.map(({ id }) => id),
  )
  const all = placed.flatMap(({ objectId, fieldId, value }) => {
    const field = byId.get(fieldId)
    return field ? [{ objectId, field, value: JSON.parse(value) as unknown }] : []
  })
  const ids = all.flatMap(({ field, value }) => (field.type === 'file' ? fileIn(value) : []))
  const files = await readableNodes(reader, session, [...new Set(ids)])
  const seen = all.filter(
    ({ field, value }) => field.type !== 'file' || fileIn(value).some((id) => files.has(id)),
  )
  const byCard = grouped(seen, ({ objectId }) => objectId)
  return { files, beside: (id) => byCard.get(id) ?? [] }
}

function fileIn(value: unknown): NodeId[] {
  return isRecord(value) && typeof value.id === 'number' ? [value.id] : []
}

/** Fields that have a column of their own in tables; the parts of an address have columns as it is. */
export function columnFields({ fields }: Pick<FieldExport, 'fields'>): readonly Field[] {
  return fields.filter(({ type, row }) => type !== 'address' && row.retiredAt === null)
}

export function fieldHeader(fields: readonly Field[]): string[] {
  return fields.map(({ row }) => columnPrefix + row.label)
}

/** The cells of a card in these columns. @throws InvalidObjectError for one that cannot be read */
export function fieldCells(
  fields: readonly Field[],
  { id, text }: { readonly id: ObjectId; readonly text: string },
  loaded: LoadedValues,
): string[] {
  const details = fields.some(isOnCard) ? readDetails(text) : undefined
  const beside = new Map(loaded.beside(id).map(({ field, value }) => [field.row.id, value]))
  return fields.map((field) => {
    const value = isOnCard(field) ? details && valueOnCard(field, details) : beside.get(field.row.id)
    return value === undefined ? '' : cellOf(field, value, loaded)
  })
}

function cellOf(field: Field, value: unknown, { files }: LoadedValues): string {
  if (field.type === 'file') {
    const [id] = fileIn(value)
    return id === undefined ? '' : `#${id} ${files.get(id)?.name ?? ''}`.trim()
  }
  if (field.type !== 'multi-choice' || !Array.isArray(value)) return plainValue(field, value)
  const answers = value.map((one) => plainValue({ ...field, type: 'choice' }, one))
  return answers.join(answers.some((answer) => /[;,|/\n]/.test(answer)) ? ' ::: ' : '; ')
}
