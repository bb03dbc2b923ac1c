import { z } from 'zod'
import type { ObjectId, PrincipalId } from '../../../../storage/ids.ts'
import { findObjectsByNames } from '../../../../storage/objects.ts'
import { findPrincipalByName } from '../../../../storage/principals.ts'
import { bodiesOfStates, takeIds } from '../../../../storage/restored/fact-rows.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { who as whoSchema } from '../format.ts'
import { deadKey, keyOfWho, type Restoring } from '../restore/staged.ts'
import type { Swap } from './columns.ts'
import { type NewIds, newIdsOf } from './numbers.ts'

/** What turns what stands for rows in an archive into their new ids. */
export interface Inward {
  /** The rows of a table that are in the archive, with the ids they get. */
  know(table: string, ids: NewIds): void
  idsOf(table: string): NewIds
  /**
   * Turns rows. They are gone through twice: what they name is looked up in between, at once for all.
   * @param turn  without effect beside its answer
   * @throws TransferError
   */
  turn<T>(turn: (swap: Swap) => T): Promise<T>
}

const objectAt = z.union([
  z.object({ in: z.string(), name: z.string() }),
  z.object({ in: z.string(), trash: z.int() }),
])
type ObjectAt = z.output<typeof objectAt>

export function createInward(run: Restoring): Inward {
  const tables = new Map<string, NewIds>()
  const idsOf = (table: string): NewIds => {
    const known = tables.get(table) ?? newIdsOf([], [])
    tables.set(table, known)
    return known
  }
  return {
    know: (table, ids) => void tables.set(table, ids),
    idsOf,
    turn: async (turn) => {
      const wanted: Wanted = { objects: new Map(), former: new Map(), names: new Set() }
      turn(wanting(wanted))
      await remember(run, wanted, idsOf)
      const objects = await objectsOf(run, [...wanted.objects.values()])
      const bodies = await run.services.store.read((reader) => bodiesOfStates(reader, [...objects.values()]))
      const colleagues = await colleaguesOf(run, wanted.names)
      const who = (value: unknown) => run.people.get(keyOfWho(read(whoSchema, value)))
      const object = (value: unknown) => objects.get(keyOf(read(objectAt, value)))
      return turn({
        isOut: false,
        row: (table, value) => idsOf(table).of(numberOf(value)),
        former: (table, value) => idsOf(table).former(numberOf(value)),
        who,
        anybody: (value) => who(value) ?? colleagues.get(keyOfWho(read(whoSchema, value))),
        object,
        body: (of, etag) => {
          const id = object(of)
          return id === undefined ? undefined : bodies.get(id)?.find((one) => one.etag === etag)?.bodyId
        },
        node: (value) => run.places.nodes.get(read(z.string(), value)),
        book: (value) => run.places.books.get(read(z.string(), value)),
      })
    },
  }
}

interface Wanted {
  readonly objects: Map<string, ObjectAt>
  /** Numbers of rows that may be gone, by table. */
  readonly former: Map<string, Set<number>>
  /** Of those who may be here already. */
  readonly names: Set<string>
}

/** Notes what is named. @throws TransferError for what names nothing */
function wanting({ objects, former, names }: Wanted): Swap {
  const there = () => 0
  return {
    isOut: false,
    row: there,
    former: (table, value) => {
      const known = former.get(table) ?? new Set()
      former.set(table, known.add(numberOf(value)))
      return 0
    },
    who: there,
    anybody: (value) => {
      names.add(read(whoSchema, value).name)
      return 0
    },
    object: (value) => {
      const at = read(objectAt, value)
      objects.set(keyOf(at), at)
      return 0
    },
    body: there,
    node: there,
    book: there,
  }
}

/** Rows that are gone get ids that nothing else has: what is remembered of them can be brought back. */
async function remember(
  { services: { store } }: Restoring,
  { former }: Wanted,
  idsOf: (table: string) => NewIds,
): Promise<void> {
  for (const [table, numbers] of former) {
    const ids = idsOf(table)
    const unknown = [...numbers].filter((number) => ids.former(number) === undefined)
    if (unknown.length === 0) continue
    const taken = await store.write((tx) => takeIds(tx, table, unknown.length))
    for (const [nth, number] of unknown.entries()) ids.remember(number, taken[nth] ?? 0)
  }
}

async function colleaguesOf(
  { services: { store } }: Restoring,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, PrincipalId>> {
  const found = new Map<string, PrincipalId>()
  await store.read(async (reader) => {
    for (const name of names) {
      const row = await findPrincipalByName(reader, name)
      if (row) found.set(keyOfWho(row), row.id)
    }
  })
  return found
}

async function objectsOf(
  { services: { store }, places }: Restoring,
  wanted: readonly ObjectAt[],
): Promise<ReadonlyMap<string, ObjectId>> {
  const found = new Map<string, ObjectId>()
  const names = new Map<string, string[]>()
  for (const at of wanted) {
    if ('name' in at) names.set(at.in, [...(names.get(at.in) ?? []), at.name])
    else {
      const id = places.dead.get(deadKey(at.in, at.trash))
      if (id !== undefined) found.set(keyOf(at), id)
    }
  }
  for (const [folder, called] of names) {
    const collection = places.books.get(folder)
    if (collection === undefined) continue
    const rows = await store.read((reader) => findObjectsByNames(reader, collection, called))
    for (const { id, name } of rows) found.set(keyOf({ in: folder, name }), id)
  }
  return found
}

const keyOf = (at: ObjectAt): string => ('name' in at ? `= ${at.name}\0${at.in}` : deadKey(at.in, at.trash))

/** @throws TransferError */
function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const found = schema.safeParse(value)
  if (found.success) return found.data
  throw new TransferError('names nothing')
}

function numberOf(value: unknown): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new TransferError('names no row')
}
