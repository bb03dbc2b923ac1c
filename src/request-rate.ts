import { refuseStatus } from '../protocol/dav/preconditions.ts'

const minuteMs = 60_000
/** Askers that are remembered at most. */
const mostRemembered = 10_000

/** Counts a request of somebody. @throws refusal 429 beyond `limit` in a minute */
export type CountRequest = (asker: string, limit: number) => void

/** How often each may ask, counted by this process. */
export function createRequestRate(now: () => number): CountRequest {
  const counts = new Map<string, { readonly since: number; count: number }>()
  return (asker, limit) => {
    const at = now()
    const known = counts.get(asker)
    const current = known && at - known.since < minuteMs ? known : { since: at, count: 0 }
    current.count += 1
    counts.delete(asker)
    counts.set(asker, current)
    for (const oldest of counts.keys()) {
      if (counts.size <= mostRemembered) break
      counts.delete(oldest)
    }
    if (current.count <= limit) return
    const seconds = Math.ceil((current.since + minuteMs - at) / 1000)
    throw refuseStatus(429, 'Too many requests; wait a minute.', { 'Retry-After': String(seconds) })
  }
}
