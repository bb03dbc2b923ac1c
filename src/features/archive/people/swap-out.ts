import { placesOfObjects } from '../../../../storage/restored/fact-rows.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Who } from '../format.ts'
import { whosOf } from '../write/describe.ts'
import type { ObjectAt, Run } from '../write/run.ts'
import type { Swap } from './columns.ts'
import { type Ranks, ranksOf } from './numbers.ts'

/** What turns ids into what stands for them in an archive. */
export interface Outward {
  /** The rows of a table that are in the archive. @param ids  ascending */
  know(table: string, ids: readonly number[]): void
  /**
   * Turns rows. They are gone through twice: what they name is looked up in between, at once for all.
   * @param turn  without effect beside its answer
   */
  turn<T>(reader: Reader, turn: (swap: Swap) => T): Promise<T>
}

export function createOutward({ places }: Run): Outward {
  const ranks = new Map<string, Ranks>()
  const whos = new Map<number, Who>()
  const ranksIn = (table: string): Ranks => {
    const known = ranks.get(table) ?? ranksOf([])
    ranks.set(table, known)
    return known
  }
  return {
    know: (table, ids) => void ranks.set(table, ranksOf(ids)),
    turn: async (reader, turn) => {
      const wanted = { whos: new Set<number>(), objects: new Set<number>() }
      turn(wanting(wanted))
      const unknown = [...wanted.whos].filter((id) => !whos.has(id))
      for (const [id, who] of await whosOf(reader, unknown)) whos.set(id, who)
      const objects = new Map<number, ObjectAt>()
      for (const { id, collectionId, name } of await placesOfObjects(reader, [...wanted.objects])) {
        const folder = places.books.get(collectionId)
        if (folder !== undefined) objects.set(id, { in: folder, name })
      }
      const object = (id: unknown) => objects.get(Number(id)) ?? places.dead.get(Number(id))
      return turn({
        isOut: true,
        row: (table, id) => ranksIn(table).of(Number(id)),
        former: (table, id) => ranksIn(table).former(Number(id)),
        who: (id) => whos.get(Number(id)),
        anybody: (id) => whos.get(Number(id)),
        object,
        body: (id) => (object(id) ? true : undefined),
        node: (id) => places.nodes.get(Number(id)),
        book: (id) => places.books.get(Number(id)),
      })
    },
  }
}

/** Notes what is named. */
function wanting(wanted: { readonly whos: Set<number>; readonly objects: Set<number> }): Swap {
  const note = (set: Set<number>) => (id: unknown) => {
    set.add(Number(id))
    return 0
  }
  const there = () => 0
  return {
    isOut: true,
    row: there,
    former: there,
    who: note(wanted.whos),
    anybody: note(wanted.whos),
    object: note(wanted.objects),
    body: there,
    node: there,
    book: there,
  }
}
