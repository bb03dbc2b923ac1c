import { setImmediate as nextTurn } from 'node:timers/promises'

/**
 * Lets other requests run when work without waiting has gone on for some time. The function is called between two
 * items, and what it gives, if anything, is awaited: most items cost nothing, and a hostile one a few milliseconds.
 */
export function createPause(afterMs = 10): () => Promise<void> | undefined {
  let since = performance.now()
  return () => {
    if (performance.now() - since < afterMs) return undefined
    return nextTurn().then(() => {
      since = performance.now()
    })
  }
}

/** How many items one write takes next. */
export interface Stride {
  readonly size: () => number
  /** Said after each write. @param startedAt  by `performance.now()`, once it is its turn to write */
  readonly took: (startedAt: number, count: number) => void
}

/** The span that others wait for one write of a long work. */
const aimMs = 120
/** A small one costs more than it spares. */
const fewest = 10

/** Makes the writes of a long work as large as lets others wait only for a moment, on this machine and with these items. */
export function createStride(most: number): Stride {
  let size = Math.min(most, 25)
  return {
    size: () => size,
    took: (startedAt, count) => {
      if (count === 0) return
      const fitting = Math.floor((count * aimMs) / Math.max(1, performance.now() - startedAt))
      size = Math.max(Math.min(fewest, most), Math.min(fitting, size * 2, most))
    },
  }
}
