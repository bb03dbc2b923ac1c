import type { ObjectId } from '../../../../storage/ids.ts'
import type { FactRow } from '../../../../storage/people/fact-tables.ts'
import { forgetForsaken } from '../../../../storage/people/placements.ts'
import {
  changeFact,
  findFactBy,
  giveCard,
  holdersOfCards,
  insertFact,
} from '../../../../storage/restored/fact-rows.ts'
import type { Writer } from '../../../../storage/store.ts'
import { findActivities, partiesOfActivities } from '../../../../storage/timeline/activities.ts'
import { indexValues } from '../../fields/follow-values.ts'
import { indexNote } from '../../search/note-document.ts'
import type { Restoring } from '../restore/staged.ts'
import type { Inward } from './swap-in.ts'
import { type ArchivedTable, type HangingTable, partyTable } from './tables.ts'

/** A row of the archive with what hangs on it, ready to be written. */
export interface ReadyRow {
  /** What it is called in the archive. */
  readonly number: number
  /** Undefined where it names what is not here. */
  readonly row: FactRow | undefined
  readonly hanging: ReadonlyMap<HangingTable, readonly FactRow[]>
}

/** What writes the rows of a table. Both answer how many were left out. */
export interface Storing {
  store(rows: readonly ReadyRow[]): Promise<number>
  /** What had to wait for others. */
  end(): Promise<number>
}

export function storeRows(run: Restoring, table: ArchivedTable, inward: Inward): Storing {
  const ids = inward.idsOf(table.table)
  const isCircle = circles(table)
  return {
    store: async (rows) => {
      const wanted = rows.filter(({ row }) => row !== undefined && !isCircle(row))
      const stored = await run.services.store.write(async (tx) => {
        const here = new Map<number, number>()
        for (const one of wanted) {
          const id = await storeRow(tx, table, one, ids.of(one.number))
          if (id !== undefined) here.set(one.number, id)
        }
        if (table.table === 'activities') await indexNotes(tx, [...here.values()])
        return here
      })
      for (const { number } of rows) ids.settle(number, stored.get(number))
      return rows.length - stored.size
    },
    end: async () => 0,
  }
}

/** @returns its id, that of a row that is here already too; undefined where it cannot be here */
async function storeRow(
  tx: Writer,
  table: ArchivedTable,
  { row, hanging }: ReadyRow,
  id: number | undefined,
): Promise<number | undefined> {
  const needed = [...hanging].find(([one]) => one.table === table.needs)?.[1]
  if (row === undefined || id === undefined || needed?.length === 0) return undefined
  const { known } = table
  const same = known && (await findFactBy(tx, table.table, known.by, row[known.by]))
  if (known && same) {
    const isSame = (known.same ?? []).every((column) => same[column] === row[column])
    if (!isSame) return undefined
    if (table.givesWay?.(same)) await changeFact(tx, table.table, Number(same.id), row)
  } else if (!(await insertFact(tx, table.table, { id, ...row }))) return undefined
  const own = same ? Number(same.id) : id
  await storeHanging(tx, hanging, own)
  return own
}

async function storeHanging(tx: Writer, hanging: ReadyRow['hanging'], id: number): Promise<void> {
  for (const [{ table, on }, rows] of hanging)
    for (const row of rows) await insertFact(tx, table, { [on]: id, ...row })
}

async function indexNotes(tx: Writer, ids: readonly number[]): Promise<void> {
  const about = await partiesOfActivities(tx, ids)
  for (const [id, row] of await findActivities(tx, ids)) await indexNote(tx, row, about.get(id) ?? [])
}

/** Whether a row closes a circle, with those before it. */
function circles({ noCircle }: ArchivedTable): (row: FactRow | undefined) => boolean {
  const next = new Map<unknown, unknown[]>()
  return (row) => {
    if (!noCircle || !row) return false
    const [from, to] = noCircle.map((column) => row[column])
    const seen = new Set<unknown>([to])
    for (const one of seen) for (const other of next.get(one) ?? []) seen.add(other)
    if (seen.has(from)) return true
    next.set(from, [...(next.get(from) ?? []), to])
    return false
  }
}

/** A party that can be made. */
interface ReadyParty extends ReadyRow {
  readonly id: number
  readonly row: FactRow
}

/**
 * People come with their cards, which were of people that they made up themselves: those go. Who was merged into another
 * comes after him. Who has neither card nor survivor here is not here.
 */
export function storeParties(run: Restoring, inward: Inward): Storing {
  const ids = inward.idsOf('parties')
  const waiting: ReadyParty[] = []
  const here = new Set<number>()
  const write = async (parties: readonly ReadyParty[]): Promise<void> => {
    await run.services.store.write((tx) => writeParties(tx, parties))
    for (const { id } of parties) here.add(id)
  }
  return {
    store: async (rows) => {
      const placed: ReadyParty[] = []
      const merged: ReadyParty[] = []
      for (const { number, row, hanging } of rows) {
        const id = ids.of(number)
        const isPlaced = row?.merged_into === null && cardsOf(hanging).length > 0
        if (row && id !== undefined && isPlaced) placed.push({ number, id, row, hanging })
        else if (row && id !== undefined && row.merged_into !== null)
          merged.push({ number, id, row, hanging })
        else ids.settle(number, undefined)
      }
      await write(placed)
      waiting.push(...merged)
      return rows.length - placed.length - merged.length
    },
    end: async () => {
      let rest = waiting.splice(0)
      for (let before = 0; rest.length !== before; ) {
        before = rest.length
        await write(rest.filter(({ row }) => here.has(Number(row.merged_into))))
        rest = rest.filter(({ id }) => !here.has(id))
      }
      for (const { number } of rest) ids.settle(number, undefined)
      return rest.length
    },
  }
}

const cardsOf = (hanging: ReadyRow['hanging']): readonly FactRow[] => rowsOf(hanging, 'placements')

function rowsOf(hanging: ReadyRow['hanging'], wanted: string): readonly FactRow[] {
  return [...hanging].find(([{ table }]) => table === wanted)?.[1] ?? []
}

/** What the cards had made of themselves goes. */
async function writeParties(tx: Writer, parties: readonly ReadyParty[]): Promise<void> {
  const cards = parties.flatMap(({ hanging }) => cardsOf(hanging).map((card) => card.object_id as ObjectId))
  const made = await holdersOfCards(tx, cards)
  for (const { id, row, hanging } of parties) {
    await insertFact(tx, partyTable.table, { id, ...row })
    for (const { object_id, removed_at } of cardsOf(hanging))
      await giveCard(tx, object_id as ObjectId, id, removed_at as number | null)
    await storeHanging(tx, new Map([...hanging].filter(([{ table }]) => table !== 'placements')), id)
  }
  await forgetForsaken(tx, made)
  const isValued = ({ hanging }: ReadyParty) => rowsOf(hanging, 'custom_values').length > 0
  const valued = parties.filter(isValued).flatMap(({ hanging }) => cardsOf(hanging))
  await indexValues(
    tx,
    valued.map((card) => card.object_id as ObjectId),
  )
}
