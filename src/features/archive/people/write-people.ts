import type { PartyId, PrincipalId } from '../../../../storage/ids.ts'
import type { FactRow } from '../../../../storage/people/fact-tables.ts'
import type { PrincipalRow } from '../../../../storage/principals.ts'
import {
  listMergedInto,
  listPlacedParties,
  readFacts,
  readHanging,
  searchFacts,
} from '../../../../storage/restored/fact-rows.ts'
import type { Reader } from '../../../../storage/store.ts'
import { createSpool, type Entries } from '../entries.ts'
import type { Run } from '../write/run.ts'
import type { ColumnSet, Swap } from './columns.ts'
import { createOutward, type Outward } from './swap-out.ts'
import { type ArchivedTable, archivedFacts, type HangingTable, partyTable } from './tables.ts'

/** Where what is known of people is in an archive: a file for each table. */
export const factsIn = (table: string): string => `people/${table}.jsonl`

const pageRows = 500
/** Ids of one search. */
const searchedIds = 500

/**
 * What is known of the people in the books of these accounts, beside their cards: a line of JSON for each row. What others
 * keep for themselves is not in it, nor what names people who are not in the archive.
 */
export async function* peopleEntries(
  run: Run,
  principals: readonly PrincipalRow[],
  isWhole: boolean,
): Entries {
  const { store } = run.services
  const exported = new Set(principals.map(({ id }) => id))
  const parties = await store.read((reader) => partiesOf(reader, [...exported], run.history))
  const outward = createOutward(run)
  const wanted = archivedFacts.filter(
    ({ isHistory, isOfInstallation }) => (run.history || !isHistory) && (isWhole || !isOfInstallation),
  )
  const found = new Map<ArchivedTable, readonly number[]>()
  for (const table of wanted) {
    const ids = table === partyTable ? parties : await idsOf(run, table, { parties, exported })
    found.set(table, ids)
    outward.know(table.table, ids)
  }
  for (const [table, ids] of found) yield* tableEntries(run, table, ids, outward)
}

/** By id; with the history those too who were merged into them. */
async function partiesOf(
  reader: Reader,
  owners: readonly PrincipalId[],
  hasHistory: boolean,
): Promise<PartyId[]> {
  const placed = await listPlacedParties(reader, owners, hasHistory)
  const found = new Set(placed)
  for (let next = placed; hasHistory && next.length > 0; ) {
    const merged = await listMergedInto(reader, next)
    next = merged.filter((id) => !found.has(id))
    for (const id of next) found.add(id)
  }
  return [...found].sort(ascending)
}

const ascending = (one: number, other: number): number => one - other

interface Wanted {
  readonly parties: readonly PartyId[]
  readonly exported: ReadonlySet<number>
}

async function idsOf(run: Run, table: ArchivedTable, { parties, exported }: Wanted): Promise<number[]> {
  const { store } = run.services
  const { table: name, by, through, alsoBy = [], look = [], isWanted = () => true } = table
  const known = new Set<number>(parties)
  const ids = new Set<number>()
  const search = { table: name, by, through, look: [...look, ...alsoBy, ...bookColumns(table)] }
  const pages = by === undefined ? [[]] : inPages(parties, searchedIds)
  for (const page of pages) {
    for (const row of await store.read((reader) => searchFacts(reader, search, page))) {
      const isKnown = alsoBy.every((column) => row[column] === null || known.has(Number(row[column])))
      const isHere = bookColumns(table).every(
        (column) => row[column] === null || run.places.books.has(Number(row[column])),
      )
      if (isKnown && isHere && isWanted(row, exported)) ids.add(Number(row.id))
    }
  }
  return [...ids].sort(ascending)
}

/** What is defined for a book is of the archive with that alone. */
function bookColumns({ table }: ArchivedTable): readonly string[] {
  return table === 'custom_fields' ? ['collection_id'] : []
}

function* inPages<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}

/** A file where there is anything. */
async function* tableEntries(
  run: Run,
  table: ArchivedTable,
  ids: readonly number[],
  outward: Outward,
): Entries {
  const lines = createSpool()
  let count = 0
  for (const page of inPages(ids, pageRows)) {
    const written = await run.services.store.read(async (reader) => {
      const rows = await readFacts(reader, table.table, page)
      const hanging = await hangingOn(reader, table, page)
      return outward.turn(reader, (swap) => rows.flatMap((row) => lineOf(row, table, hanging, swap) ?? []))
    })
    for (const line of written) lines.add(line)
    count += written.length
  }
  if (count > 0) yield lines.file(factsIn(table.table), run.now)
}

type Hanging = ReadonlyMap<HangingTable, ReadonlyMap<number, readonly FactRow[]>>

async function hangingOn(
  reader: Reader,
  { hanging = [] }: ArchivedTable,
  ids: readonly number[],
): Promise<Hanging> {
  const found = new Map<HangingTable, ReadonlyMap<number, readonly FactRow[]>>()
  for (const one of hanging) found.set(one, await readHanging(reader, one.table, one.on, ids))
  return found
}

/** Undefined for a row that names what is not in the archive. */
function lineOf(row: FactRow, table: ArchivedTable, hanging: Hanging, swap: Swap): FactRow | undefined {
  const written = turned(row, table.columns, swap)
  if (!written) return undefined
  const more = [...hanging].map(([one, rows]): [string, readonly FactRow[]] => {
    const own = rows.get(Number(row.id)) ?? []
    return [one.table, inOrder(own.flatMap((item): FactRow[] => asList(turned(item, one.columns, swap))))]
  })
  const filled = more.filter(([, rows]) => rows.length > 0)
  return { id: swap.row(table.table, row.id), ...written, ...Object.fromEntries(filled) }
}

function turned(row: FactRow, columns: ColumnSet, swap: Swap): FactRow | undefined {
  const written: [string, unknown][] = []
  for (const [name, column] of Object.entries(columns)) {
    const value = column(row[name], swap, row)
    if (value === undefined) return undefined
    written.push([name, value])
  }
  return Object.fromEntries(written)
}

function asList<T>(item: T | undefined): T[] {
  return item === undefined ? [] : [item]
}

/** In an order that does not depend on ids. */
function inOrder(rows: readonly FactRow[]): FactRow[] {
  const texts = rows.map((row) => [JSON.stringify(row), row] as const)
  return texts.sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)).map(([, row]) => row)
}
