/**
 * How many typing mistakes make one word of another: a letter too much, missing, or wrong, or two neighbours in the wrong order.
 * @param most  mistakes at most
 * @returns undefined for more than that
 */
export function typosBetween(one: string, other: string, most: number): number | undefined {
  if (Math.abs(one.length - other.length) > most) return undefined
  if (one === other) return 0
  const width = other.length + 1
  let beforeLast = new Array<number>(width).fill(0)
  let last = Array.from({ length: width }, (_, at) => at)
  for (let i = 1; i <= one.length; i++) {
    const row = new Array<number>(width).fill(i)
    let least = i
    for (let j = 1; j < width; j++) {
      const cost = mistakes(one, other, i, j, { beforeLast, last, row })
      row[j] = cost
      if (cost < least) least = cost
    }
    if (least > most) return undefined
    beforeLast = last
    last = row
  }
  const found = last[other.length] ?? most + 1
  return found <= most ? found : undefined
}

interface Rows {
  readonly beforeLast: readonly number[]
  readonly last: readonly number[]
  readonly row: readonly number[]
}

/** The optimal string alignment of the first i letters and the first j. */
function mistakes(one: string, other: string, i: number, j: number, { beforeLast, last, row }: Rows): number {
  const a = one.charCodeAt(i - 1)
  const b = other.charCodeAt(j - 1)
  const changed = at(last, j - 1) + (a === b ? 0 : 1)
  const cost = Math.min(changed, at(last, j) + 1, at(row, j - 1) + 1)
  const areSwapped = i > 1 && j > 1 && a === other.charCodeAt(j - 2) && b === one.charCodeAt(i - 2)
  return areSwapped ? Math.min(cost, at(beforeLast, j - 2) + 1) : cost
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}

/** Mistakes that are forgiven in a word of this length: in a short one each makes another word. */
export function forgivenTypos(length: number): number {
  return length < 4 ? 0 : length < 9 ? 1 : 2
}
