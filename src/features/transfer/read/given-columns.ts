import type { GivenColumns } from '../../../../protocol/csv/mapping.ts'
import { leftOut, readTarget } from '../../../../protocol/csv/target.ts'
import { TransferError } from '../transfer-error.ts'

/** Columns as a user gives them: an object of headers, or numbers, and targets. @throws TransferError */
export function readColumns(value: unknown): GivenColumns {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw noColumns()
  const columns: Record<string, string> = {}
  for (const [header, target] of Object.entries(value)) {
    if (typeof target !== 'string') throw noColumns()
    if (target.trim() !== leftOut && readTarget(target) === undefined) {
      throw new TransferError(`"${target}" is no target of a column; TEL;cell, N.family and - are.`)
    }
    columns[header] = target
  }
  return columns
}

function noColumns(): TransferError {
  return new TransferError('Columns are an object of headers and targets, as {"Mobil": "TEL;cell"}.')
}
