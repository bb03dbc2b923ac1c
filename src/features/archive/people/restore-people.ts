import { z } from 'zod'
import type { FactRow } from '../../../../storage/people/fact-tables.ts'
import { takeIds } from '../../../../storage/restored/fact-rows.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { readRecords } from '../read/archive-source.ts'
import { hasFile, type Restoring } from '../restore/staged.ts'
import { type ColumnSet, isRecord, type Swap } from './columns.ts'
import { newIdsOf } from './numbers.ts'
import { type ReadyRow, storeParties, storeRows } from './store-rows.ts'
import { createInward, type Inward } from './swap-in.ts'
import { type ArchivedTable, archivedFacts, type HangingTable, partyTable } from './tables.ts'
import { factsIn } from './write-people.ts'

/** Lines of one write at most, so that others can write in between. */
const batchLines = 200
/** Ids that are taken at once. */
const idsAtOnce = 10_000
/** Rows that hang on one at most. */
const mostHanging = 100_000

const lineRecord = z.looseObject({ id: z.int().positive() })
type Line = z.output<typeof lineRecord>

/**
 * What is known of people comes back, each row under an id of its own: what their cards have made of themselves while they
 * came back goes. Nobody sees any of it yet, since their cards are nobody's yet; a run that breaks off leaves nothing, since
 * it goes with the cards.
 * @param options.isWhole  everybody of the archive comes back
 * @throws TransferError for what is not of the form that the tables have
 */
export async function restorePeople(
  run: Restoring,
  { isWhole }: { readonly isWhole: boolean },
): Promise<void> {
  const tables: ArchivedTable[] = []
  for (const table of archivedFacts) {
    const isMeant = isWhole || !table.isOfInstallation
    if (isMeant && (await hasFile(run, factsIn(table.table)))) tables.push(table)
  }
  if (isBroken(run, tables)) return
  const inward = createInward(run)
  for (const table of tables) await takeNumbers(run, table, inward)
  for (const table of tables) {
    const left = await restoreTable(run, table, inward)
    const rows = left === 1 ? 'a row names' : `${left} rows name`
    if (left > 0 && isWhole) run.leftOut(factsIn(table.table), `${rows} what is not here.`)
  }
}

/** Rows of one table name those of others: where one is damaged none of them can be trusted. */
function isBroken(run: Restoring, tables: readonly ArchivedTable[]): boolean {
  const broken = tables.filter(({ table }) => run.broken.has(factsIn(table)))
  for (const { table } of broken)
    run.leftOut(factsIn(table), 'It is damaged: what is known of people beside their cards stays behind.')
  return broken.length > 0
}

/** What a table names may come later: every row has its new id before the first is written. */
async function takeNumbers(run: Restoring, { table }: ArchivedTable, inward: Inward): Promise<void> {
  const numbers: number[] = []
  for await (const { id } of linesOf(run, table)) {
    if (id <= (numbers.at(-1) ?? 0)) throw new TransferError(`${factsIn(table)}: ${id} comes too late.`)
    numbers.push(id)
  }
  const ids: number[] = []
  while (ids.length < numbers.length) {
    const count = Math.min(numbers.length - ids.length, idsAtOnce)
    for (const id of await run.services.store.write((tx) => takeIds(tx, table, count))) ids.push(id)
  }
  inward.know(table, newIdsOf(numbers, ids))
}

function linesOf(run: Restoring, table: string): AsyncGenerator<Line> {
  return readRecords(run.source, factsIn(table), lineRecord)
}

/** @returns how many rows were left out */
async function restoreTable(run: Restoring, table: ArchivedTable, inward: Inward): Promise<number> {
  let left = 0
  let batch: Line[] = []
  const storing = table === partyTable ? storeParties(run, inward) : storeRows(run, table, inward)
  const store = async (): Promise<void> => {
    const lines = batch
    const rows = await inward.turn((swap) => lines.map((line) => readyRow(line, table, swap)))
    left += await storing.store(rows)
    batch = []
  }
  for await (const line of linesOf(run, table.table)) {
    batch.push(line)
    if (batch.length >= batchLines) await store()
  }
  if (batch.length > 0) await store()
  return left + (await storing.end())
}

function readyRow(line: Line, table: ArchivedTable, swap: Swap): ReadyRow {
  const where = `${factsIn(table.table)}: ${line.id}`
  const row = turned(line, table, swap, where)
  const hanging = new Map<HangingTable, readonly FactRow[]>()
  for (const one of table.hanging ?? []) {
    const rows = line[one.table] ?? []
    if (!Array.isArray(rows) || rows.length > mostHanging || !rows.every(isRecord))
      throw new TransferError(`${where} ${one.table} is no list, or is too long`)
    hanging.set(
      one,
      rows.flatMap((item: FactRow) => {
        const read = turned(item, one, swap, where)
        return read ? [read] : []
      }),
    )
  }
  return { number: line.id, row, hanging }
}

/** Undefined for a row that names what is not here. @throws TransferError for one that cannot be */
function turned(
  row: FactRow,
  { columns, left = {} }: { readonly columns: ColumnSet; readonly left?: FactRow },
  swap: Swap,
  where: string,
): FactRow | undefined {
  const read: [string, unknown][] = []
  for (const [name, column] of Object.entries(columns)) {
    const value = located(`${where} ${name}`, () => column(row[name], swap, row))
    if (value === undefined) return undefined
    read.push([name, value])
  }
  return { ...Object.fromEntries(read), ...left }
}

function located<T>(where: string, turn: () => T): T {
  try {
    return turn()
  } catch (error) {
    if (error instanceof TransferError) throw new TransferError(`${where} ${error.message}.`)
    throw error
  }
}
