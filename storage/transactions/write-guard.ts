import { AsyncLocalStorage } from 'node:async_hooks'
import { NestedWriteError } from '../errors.ts'

/** Knows whether the running code belongs to the callback of a write that has not ended. */
export interface WriteGuard {
  /** @throws NestedWriteError inside a write */
  outside<T>(fn: () => Promise<T>): Promise<T>
  inside<T>(fn: () => Promise<T>): Promise<T>
}

/** A write that waits for another one which waits for it would stop all writing: it is refused instead. */
export function writeGuard(): WriteGuard {
  const current = new AsyncLocalStorage<{ open: boolean }>()
  return {
    outside: async (fn) => {
      if (current.getStore()?.open === true) throw new NestedWriteError()
      return await fn()
    },
    inside: async (fn) => {
      const write = { open: true }
      try {
        return await current.run(write, fn)
      } finally {
        write.open = false
      }
    },
  }
}
