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
