import type { GivenColumns } from '../../../../protocol/csv/mapping.ts'
import { isTarget } from '../../../../protocol/csv/target.ts'
import { type FieldOptions, type FieldType, fieldTypes } from '../../fields/schema.ts'
import { newColumnField } from '../schema.ts'
import { TransferError } from '../transfer-error.ts'

/** A field that is to be defined for a column. */
export interface WantedField {
  /** What the column has for its key until it is defined. */
  readonly key: string
  readonly label: string
  readonly type: FieldType
  readonly options: FieldOptions
  /** Of the book that cards go to, not of the place. */
  readonly isOfBook: boolean
}

/** Where columns go, and fields that have to be defined for them. */
export interface ReadColumns {
  readonly columns: GivenColumns
  readonly newFields: readonly WantedField[]
}

/**
 * Columns as a user gives them: an object of headers, or numbers, and targets. A target is what `readTarget` reads, `field:KEY`,
 * a minus, `new:TYPE` for a field that is called as the column is, or such a field as an object.
 * @param before  how many fields are to be defined already
 * @throws TransferError
 */
export function readColumns(value: unknown, before = 0): ReadColumns {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noColumns()
  const columns: Record<string, string> = {}
  const newFields: WantedField[] = []
  for (const [header, target] of Object.entries(value)) {
    const wanted = newFieldOf(header, target, `zz-new-${before + newFields.length + 1}`)
    if (wanted) newFields.push(wanted)
    else if (typeof target !== 'string') throw noColumns()
    else if (!isTarget(target))
      throw new TransferError(
        `"${target}" is no target of a column; TEL;cell, N.family, field:KEY and - are.`,
      )
    columns[header] = wanted ? `field:${wanted.key}` : String(target)
  }
  return { columns, newFields }
}

/** @throws TransferError for one that cannot be */
function newFieldOf(header: string, target: unknown, key: string): WantedField | undefined {
  if (typeof target === 'string') {
    const word = /^\s*new:(.*)$/.exec(target)?.[1]?.trim()
    if (word === undefined) return undefined
    const type = fieldTypes.find((known) => known === word)
    if (!type) throw new TransferError(`"${word}" is no type of a field; ${fieldTypes.join(', ')} are.`)
    return { key, label: labelOf(header), type, options: {}, isOfBook: false }
  }
  const read = newColumnField.safeParse(target)
  if (!read.success) throw noColumns()
  const { label = labelOf(header), type, options, isOfBook } = read.data
  return { key, label, type, options, isOfBook }
}

function labelOf(header: string): string {
  return (/^\d{1,4}$/.test(header) ? `Column ${header}` : header.trim()).slice(0, 100)
}

function noColumns(): TransferError {
  return new TransferError('Columns are an object of headers and targets, as {"Mobil": "TEL;cell"}.')
}
