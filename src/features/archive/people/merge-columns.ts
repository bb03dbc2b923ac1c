import { z } from 'zod'
import { TransferError } from '../../transfer/transfer-error.ts'
import {
  type Column,
  type ColumnSet,
  former,
  int,
  isRecord,
  listOf,
  nullable,
  object,
  oneOf,
  type Swap,
  text,
  time,
  who,
} from './columns.ts'

const record = z.record(z.string(), z.unknown())
const state = z.object({ bodyId: z.unknown(), etag: z.string().max(200) })
const change = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('moved'),
    table: z.string(),
    column: z.string(),
    keys: z.array(record).max(1_000),
  }),
  z.object({ kind: z.literal('removed'), table: z.string(), row: record }),
  z.object({ kind: z.literal('added'), table: z.string(), key: record, row: record }),
  z.object({
    kind: z.literal('changed'),
    ...{ table: z.string(), key: record, before: record, after: record },
  }),
])

/** What a merge has done, as `MergeItem` has it: its ids are still, or already, what stands here for rows. */
const item = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('card'), objectId: z.unknown(), before: state, after: state }),
  z.object({
    kind: z.literal('gone'),
    ...{ objectId: z.unknown(), collectionId: z.unknown(), name: z.string().max(10_000) },
  }),
  z.object({ kind: z.literal('placements'), objectIds: z.array(z.unknown()).max(100_000) }),
  z.object({ kind: z.literal('fact'), change }),
  z.object({ kind: z.literal('owner'), before: z.unknown(), after: z.unknown() }),
  z.object({
    kind: z.literal('pairs'),
    ...{ before: z.array(record).max(100_000), after: z.array(z.unknown()).max(100_000) },
  }),
])
type Item = z.output<typeof item>

const pairColumns: ColumnSet = {
  ...{ id: former('duplicate_pairs'), partyA: former('parties'), partyB: former('parties'), score: int },
  ...{ level: text(40), state: oneOf('open', 'not-same', 'merged'), foundAt: time },
  ...{ decidedAt: nullable(time), decidedBy: nullable(who) },
}

/**
 * What a merge has done, one thing of it. The names of tables and columns in it become part of statements when it is
 * undone: only those that are described pass.
 * @param columnsOf  the columns of a table that a merge may have changed; undefined for any other table
 */
export function mergeItemOf(columnsOf: (table: string) => ColumnSet | undefined): Column {
  return (value, swap) => {
    const read = item.safeParse(swap.isOut ? JSON.parse(String(value)) : value)
    if (!read.success) throw new TransferError('is nothing that a merge does')
    const swapped = swapItem(read.data, swap, columnsOf)
    return swapped && !swap.isOut ? JSON.stringify(swapped) : swapped
  }
}

/** Undefined where what it was done to is not there. */
function swapItem(one: Item, swap: Swap, columnsOf: (table: string) => ColumnSet | undefined): unknown {
  const { kind } = one
  switch (kind) {
    case 'card': {
      const objectId = swap.object(one.objectId)
      const states = [one.before, one.after].map(({ bodyId, etag }) => ({
        bodyId: swap.body(one.objectId, etag, bodyId),
        etag,
      }))
      const [before, after] = states
      const isWhole = objectId !== undefined && states.every(({ bodyId }) => bodyId !== undefined)
      return isWhole ? { kind, objectId, before, after } : undefined
    }
    case 'gone': {
      const [objectId, collectionId] = [swap.object(one.objectId), swap.book(one.collectionId)]
      const isThere = objectId !== undefined && collectionId !== undefined
      return isThere ? { kind, objectId, collectionId, name: one.name } : undefined
    }
    case 'placements':
      return { kind, objectIds: listOf(object)(one.objectIds, swap, {}) }
    case 'fact': {
      const swapped = swapChange(one.change, swap, columnsOf)
      return swapped && { kind, change: swapped }
    }
    case 'owner': {
      const owner = nullable(who)
      return { kind, before: owner(one.before, swap, {}), after: owner(one.after, swap, {}) }
    }
    case 'pairs': {
      const before = one.before.flatMap((pair) => swapRow(pair, pairColumns, swap) ?? [])
      return { kind, before, after: listOf(former('duplicate_pairs'))(one.after, swap, {}) }
    }
    default:
      return kind satisfies never
  }
}

function swapChange(
  one: z.output<typeof change>,
  swap: Swap,
  columnsOf: (table: string) => ColumnSet | undefined,
): unknown {
  const columns = columnsOf(one.table)
  // What is made again, as who is in a virtual book, is in no archive.
  if (!columns) return undefined
  const { kind, table } = one
  const rowOf = (row: unknown) => (isRecord(row) ? swapRow(row, columns, swap) : undefined)
  if (kind === 'moved') {
    if (!Object.hasOwn(columns, one.column)) throw new TransferError(`names the column ${one.column}`)
    return { kind, table, column: one.column, keys: one.keys.flatMap((key) => rowOf(key) ?? []) }
  }
  const { kind: _, table: __, ...rows } = one
  const swapped = Object.entries(rows).map(([name, row]) => [name, rowOf(row)] as const)
  if (swapped.some(([, row]) => row === undefined)) return undefined
  return { kind, table, ...Object.fromEntries(swapped) }
}

/** Undefined where it names what is not there. @throws TransferError for a column that the table has not */
function swapRow(
  row: Readonly<Record<string, unknown>>,
  columns: ColumnSet,
  swap: Swap,
): Readonly<Record<string, unknown>> | undefined {
  const swapped: [string, unknown][] = []
  for (const [name, value] of Object.entries(row)) {
    const column = Object.hasOwn(columns, name) ? columns[name] : undefined
    if (!column) throw new TransferError(`names the column ${name}`)
    const other = column(value, swap, row)
    if (other === undefined) return undefined
    swapped.push([name, other])
  }
  return Object.fromEntries(swapped)
}
