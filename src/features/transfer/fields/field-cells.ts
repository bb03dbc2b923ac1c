import { unguarded } from '../../../../protocol/csv/formulas.ts'
import type { Mapping } from '../../../../protocol/csv/mapping.ts'
import type { Field } from '../../fields/field.ts'
import { parseValue } from '../../fields/parse-value.ts'
import { TransferError } from '../transfer-error.ts'
import type { FieldsByHeader, FieldValue } from './field-values.ts'

/** A row without the cells that are read as values of fields. */
export interface ValuedRow {
  readonly cells: readonly string[]
  readonly values: readonly FieldValue[]
  /** What could not be read, and stays on the card as it is. */
  readonly notes: readonly string[]
}

/**
 * The fields that the columns of a table are for: those that are said to be for one, and by their names those that mean nothing
 * else on cards.
 * @throws TransferError for a field that there is not
 */
export function fieldColumns({ columns }: Mapping, byHeader: FieldsByHeader): ReadonlyMap<number, Field> {
  const found = new Map<number, Field>()
  const taken = new Set<Field>()
  for (const [at, { header, field: key }] of columns.entries()) {
    if (key === undefined) continue
    const field = byHeader.byKey(key)
    if (!field) throw new TransferError(`There is no field "${key}" for the column "${header}".`)
    taken.add(field)
    found.set(at, field)
  }
  for (const [at, { header, target, isLeftOut, isKept, field: key }] of columns.entries()) {
    const field = target || isLeftOut || isKept || key !== undefined ? undefined : byHeader.find(header)
    if (!field || taken.has(field)) continue
    taken.add(field)
    found.set(at, field)
  }
  return found
}

/** Reads the values of fields out of a row. */
export function takeCells(
  cells: readonly string[],
  columns: ReadonlyMap<number, Field>,
  { language }: Mapping,
): ValuedRow {
  if (columns.size === 0) return { cells, values: [], notes: [] }
  const left = [...cells]
  const values: FieldValue[] = []
  const notes: string[] = []
  for (const [at, field] of columns) {
    const text = unguarded((cells[at] ?? '').trim())
    if (text === '') continue
    const value = parseValue(field, text, { isDayFirst: language !== 'english' })
    if (value === undefined) notes.push(`${field.row.label}: "${text.slice(0, 40)}" could not be read.`)
    else {
      values.push({ field, value })
      left[at] = ''
    }
  }
  return { cells: left, values, notes }
}
