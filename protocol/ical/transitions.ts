/** The changes of a zone's offset from UTC, in order of time. */
export interface Transitions {
  /** The instants from which the new offset holds. */
  readonly at: readonly number[]
  /** The same as wall times: the first local time that is read with the new offset. */
  readonly wallAt: readonly number[]
  /** Milliseconds east of UTC: before the first change, then after each. */
  readonly offsets: readonly number[]
}

/** A change of offset at an instant. */
export interface OffsetChange {
  readonly at: number
  readonly offset: number
}

/**
 * Orders changes into transitions; of several at one instant the last counts.
 * A local time in a gap, and the first of two equal ones, belong to the offset before the change, so that the new
 * one is read from the change plus the larger of both.
 * @param initial  the offset before the first change
 * @see RFC 5545 §3.3.5
 */
export function readTransitions(initial: number, changes: readonly OffsetChange[]): Transitions {
  const at: number[] = []
  const wallAt: number[] = []
  const offsets = [initial]
  const ordered = changes.map((change, order) => ({ ...change, order }))
  ordered.sort((a, b) => a.at - b.at || a.order - b.order)
  for (const [index, change] of ordered.entries()) {
    const before = offsets.at(-1) ?? initial
    if (change.offset === before || ordered[index + 1]?.at === change.at) continue
    const wall = change.at + Math.max(before, change.offset)
    at.push(change.at)
    wallAt.push(Math.max(wall, wallAt.at(-1) ?? wall))
    offsets.push(change.offset)
  }
  return { at, wallAt, offsets }
}

/** The offset at an instant. */
export function offsetAtUtc({ at, offsets }: Transitions, utc: number): number {
  return offsets[countUntil(at, utc)] ?? 0
}

/** The offset with which a wall time is read. @see RFC 5545 §3.3.5 */
export function offsetAtWall({ wallAt, offsets }: Transitions, wall: number): number {
  return offsets[countUntil(wallAt, wall)] ?? 0
}

/** How many of the ascending times are not after the given one. */
function countUntil(times: readonly number[], time: number): number {
  let low = 0
  let high = times.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) <= time) low = middle + 1
    else high = middle
  }
  return low
}
