/** What the rows of a table are called in an archive that is written: one, two, three, in the order of their ids. */
export interface Ranks {
  /** Undefined for a row that is not in the archive. */
  of(id: number): number | undefined
  /** The same; a row that is gone has a number of its own, behind those that are there. */
  former(id: number): number
}

/** @param ids  ascending */
export function ranksOf(ids: readonly number[]): Ranks {
  const gone = new Map<number, number>()
  const of = (id: number): number | undefined => {
    const at = placeIn(ids, id)
    return ids[at] === id ? at + 1 : undefined
  }
  return {
    of,
    former: (id) => {
      const known = of(id) ?? gone.get(id)
      if (known !== undefined) return known
      gone.set(id, ids.length + gone.size + 1)
      return ids.length + gone.size
    },
  }
}

/** The ids that the rows of a table get, by their numbers in an archive that is read. */
export interface NewIds {
  /** Undefined for a row that is not in the archive, or was left out. */
  of(number: number): number | undefined
  /** The same; a row that is gone has an id too, which nothing else gets. Undefined while it has none. */
  former(number: number): number | undefined
  /** The row is in the archive, and has another id, or none. */
  settle(number: number, id: number | undefined): void
  /** Gives an id to a row that is gone. */
  remember(number: number, id: number): void
}

/** @param numbers  ascending @param ids  of each */
export function newIdsOf(numbers: readonly number[], ids: readonly number[]): NewIds {
  const settled = [...ids] as (number | undefined)[]
  const gone = new Map<number, number>()
  const placeOf = (number: number): number | undefined => {
    const at = placeIn(numbers, number)
    return numbers[at] === number ? at : undefined
  }
  const of = (number: number): number | undefined => {
    const at = placeOf(number)
    return at === undefined ? undefined : settled[at]
  }
  return {
    of,
    former: (number) => {
      const at = placeOf(number)
      return at === undefined ? gone.get(number) : (settled[at] ?? ids[at])
    },
    settle: (number, id) => {
      const at = placeOf(number)
      if (at !== undefined) settled[at] = id
    },
    remember: (number, id) => void gone.set(number, id),
  }
}

/** Where a number is in an ascending list, or would be. */
function placeIn(list: readonly number[], wanted: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle] ?? 0) < wanted) low = middle + 1
    else high = middle
  }
  return low
}
