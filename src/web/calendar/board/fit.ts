import { byTime, byWeight, type Placed } from './placed.ts'

/** The days of a sheet, in rows of so many. */
export interface Grid {
  readonly from: number
  readonly count: number
  readonly inRow: number
}

/** How many events a day has room for: where all of them are shown, and where a link to the others stands below. */
export interface Room {
  readonly full: number
  readonly capped: number
}

/** What is drawn, in the order of its lines, and how many of each day are not. */
export interface Fit {
  readonly shown: readonly Placed[]
  readonly hidden: ReadonlyMap<number, number>
}

/**
 * As much of each day as there is room for: what takes many days first. Something is shown on all of its days, or on none of
 * them; the lines are those on which FullCalendar puts what it is given in this order.
 */
export function fitDays(items: readonly Placed[], grid: Grid, room: Room): Fit {
  const here = items.filter(({ first, last }) => last >= grid.from && first < grid.from + grid.count)
  here.sort(byWeight)
  const counts = new Array<number>(grid.count).fill(0)
  for (const item of here) eachDay(item, grid, (day) => addTo(counts, day))
  const caps = counts.map((count) => (count > room.full ? room.capped : room.full))
  for (;;) {
    const fit = fitUnder(here, grid, caps)
    const tight = [...fit.hidden.keys()].filter((day) => caps[day - grid.from] !== room.capped)
    if (tight.length === 0 || room.capped === room.full) return fit
    // Where something did not fit after all, the link needs its line.
    for (const day of tight) caps[day - grid.from] = room.capped
  }
}

function fitUnder(items: readonly Placed[], grid: Grid, caps: readonly number[]): Fit {
  const taken = new Array<number>(grid.count).fill(0)
  const hidden = new Map<number, number>()
  const shown: Placed[] = []
  for (const item of items) {
    const lines = linesOf(item, grid, taken, caps)
    if (lines) {
      shown.push(item)
      for (const { day, line } of lines) taken[day] = (taken[day] ?? 0) | (1 << line)
    } else eachDay(item, grid, (day) => hidden.set(day + grid.from, (hidden.get(day + grid.from) ?? 0) + 1))
  }
  return { shown, hidden }
}

/** The first line that is free on all days of each of its rows; undefined where there is none. */
function linesOf(item: Placed, grid: Grid, taken: readonly number[], caps: readonly number[]) {
  const lines: { day: number; line: number }[] = []
  const first = Math.max(item.first - grid.from, 0)
  const last = Math.min(item.last - grid.from, grid.count - 1)
  for (let begin = first; begin <= last; ) {
    const end = Math.min(last, begin - (begin % grid.inRow) + grid.inRow - 1)
    let mask = 0
    let cap = mostLines
    for (let day = begin; day <= end; day += 1) {
      mask |= taken[day] ?? 0
      cap = Math.min(cap, caps[day] ?? 0)
    }
    const line = Math.log2(~mask & -~mask)
    if (!(line < cap)) return undefined
    for (let day = begin; day <= end; day += 1) lines.push({ day, line })
    begin = end + 1
  }
  return lines
}

/** Lines are the bits of a number. */
const mostLines = 30

function eachDay({ first, last }: Placed, { from, count }: Grid, act: (day: number) => void): void {
  for (let day = Math.max(first - from, 0); day <= Math.min(last - from, count - 1); day += 1) act(day)
}

function addTo(counts: number[], day: number): void {
  counts[day] = (counts[day] ?? 0) + 1
}

/** What lasts a moment is drawn as high as this. */
const leastMs = 20 * 60_000

/**
 * Of what lies between the hours no more than so many side by side, and on the whole sheet about so many: where there are more,
 * fewer of them stand side by side.
 */
export function fitHours(items: readonly Placed[], grid: Grid, room: { columns: number; most: number }): Fit {
  const here = items.filter(({ first, last }) => last >= grid.from && first < grid.from + grid.count)
  here.sort(byTime)
  for (let columns = room.columns; ; columns -= 1) {
    const fit = fitColumns(here, grid, columns)
    if (columns <= 1 || fit.shown.length <= room.most) return fit
  }
}

function fitColumns(items: readonly Placed[], grid: Grid, columns: number): Fit {
  const hidden = new Map<number, number>()
  const shown: Placed[] = []
  const busyUntil = new Array<number>(columns).fill(Number.NEGATIVE_INFINITY)
  for (const item of items) {
    const column = busyUntil.findIndex((until) => until <= item.from)
    if (column < 0) {
      eachDay(item, grid, (day) => hidden.set(day + grid.from, (hidden.get(day + grid.from) ?? 0) + 1))
      continue
    }
    busyUntil[column] = Math.max(item.to, item.from + leastMs)
    shown.push(item)
  }
  return { shown, hidden }
}

/** What two of them show and hide together. */
export function bothOf(one: Fit, other: Fit): Fit {
  const hidden = new Map(one.hidden)
  for (const [day, count] of other.hidden) hidden.set(day, (hidden.get(day) ?? 0) + count)
  return { shown: [...one.shown, ...other.shown], hidden }
}
