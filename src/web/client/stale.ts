import type { Query } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { isPassing } from './api.ts'

type Asked = Query<unknown, unknown, unknown>

/** What is shown as it was known, since it could not be read again, and why. */
const stale = new Map<Asked, unknown>()
let reasons: readonly unknown[] = []
const listeners = new Set<() => void>()

/**
 * What is known stays on the page where reading it again failed, with all that somebody has begun to write there. What is refused
 * for good, as to whoever may not see it any more, is not kept.
 */
export function keepKnown(error: unknown, query: Asked): void {
  if (query.state.data === undefined || !isPassing(error)) {
    noteRead(query)
    return
  }
  query.setState({ status: 'success', error: null, isInvalidated: true })
  // More of a list is asked for where it ends, and said to have failed there.
  if (query.state.fetchMeta?.fetchMore) return
  stale.set(query, error)
  tell()
}

/** It was read, or is nothing that is kept: it is not old any more. */
export function noteRead(query: Asked): void {
  if (stale.delete(query)) tell()
}

/** Why something that is known could not be read again, each reason once; nothing where all is as new as it can be. */
export function useStale(): readonly unknown[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => reasons,
  )
}

/** Asks for all of it once more. */
export function readStaleAgain(): void {
  for (const query of stale.keys()) void query.fetch().catch(() => undefined)
}

/** Somebody looks at something else. */
export function noteLooked(): void {
  if (stale.size > 0) tell()
}

function tell(): void {
  const shown = [...stale].filter(([query]) => query.isActive())
  reasons = [...new Map(shown.map(([, error]) => [String(error), error])).values()]
  for (const listener of listeners) listener()
}
