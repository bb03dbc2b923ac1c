import type { Writer } from '../../storage/store.ts'
import type { Services } from '../services.ts'

const touchEveryMs = 300_000
/** So many whose last use is remembered at most. */
const mostRemembered = 10_000

/**
 * Writes the last use of a token or a session, every few minutes at most, and never waited for.
 * @param what  for the log
 */
export function createLastUse<Id extends number>(
  { store, log, now }: Pick<Services, 'store' | 'log' | 'now'>,
  what: string,
  write: (tx: Writer, id: Id, at: number) => Promise<void>,
): (id: Id) => void {
  const touched = new Map<Id, number>()
  return (id) => {
    const at = now()
    if ((touched.get(id) ?? 0) > at - touchEveryMs) return
    if (touched.size >= mostRemembered) touched.clear()
    touched.set(id, at)
    store
      .write((tx) => write(tx, id, at))
      .catch((error: unknown) => log.warn({ err: error }, `the last use of a ${what} was not written`))
  }
}
