import { z } from 'zod'
import type { CustomFieldRow } from '../../../storage/fields/custom-fields.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { recordThing, type ThingChange, type ThingState } from '../history/things/record.ts'
import type { Field } from './field.ts'
import { type FieldOptions, fieldOptions, fieldTypes } from './schema.ts'

/** A field that was removed. */
export interface GoneField
  extends Pick<CustomFieldRow, 'id' | 'collectionId' | 'key' | 'label' | 'position'> {
  readonly type: Field['type']
  readonly options: FieldOptions
  readonly formerLabels: readonly string[]
  readonly isRetired: boolean
}

/** A field as its history has it. */
export function stateOfField({ row, type, options, labels }: Field): ThingState {
  const { label, position, key, collectionId: book, retiredAt } = row
  const isRetired = retiredAt !== null
  return { label, formerLabels: labels.slice(1), type, options, position, isRetired, key, book }
}

const state = z.object({
  ...{ label: z.string(), key: z.string(), formerLabels: z.array(z.string()), type: z.enum(fieldTypes) },
  ...{ options: fieldOptions, position: z.int(), isRetired: z.boolean(), book: z.int().nullable() },
})

/** What a whole state says; undefined where it says too little. */
export function goneFieldOf(id: number, given: ThingState): GoneField | undefined {
  const read = state.safeParse(given)
  if (!read.success) return undefined
  const { book: collectionId, ...field } = read.data
  return { id, collectionId, ...field }
}

/** What a change of a field says of it. */
export function fieldPatchOf(
  given: ThingState,
): Partial<Pick<GoneField, 'label' | 'options' | 'position' | 'isRetired'>> {
  const read = state.partial().safeParse(given)
  const { label, options, position, isRetired } = read.success ? read.data : {}
  return {
    ...(label !== undefined && { label }),
    ...(options !== undefined && { options }),
    ...(position !== undefined && { position }),
    ...(isRetired !== undefined && { isRetired }),
  }
}

/** Writes down that a field was changed. */
export function recordField(
  tx: Writer,
  { row: { id } }: Field,
  states: Pick<ThingChange, 'before' | 'after'>,
  origin: Origin,
): Promise<void> {
  return recordThing(tx, { kind: 'field', key: String(id), ownerId: null, ...states }, origin)
}
