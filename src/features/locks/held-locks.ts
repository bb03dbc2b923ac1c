import type { PrincipalId } from '../../../storage/ids.ts'
import { type LockQuery, type LockRow, pathsAround } from '../../../storage/locks.ts'

/** Locks that were looked up, by what they hold on. @see RFC 4918 §6, §7 */
export interface HeldLocks {
  /** The locks rooted at a path. */
  own(path: string): readonly LockRow[]
  /** The locks rooted around a path that hold on all below, and so on it. */
  around(path: string): readonly LockRow[]
  /** The locks that hold on a path: its own, then those around it that hold on all below. */
  on(path: string): readonly LockRow[]
  /** Each path below this one that has a lock of its own. */
  below(path: string): readonly string[]
}

export function heldLocks(rows: readonly LockRow[]): HeldLocks {
  if (rows.length === 0) return noLocks
  const byPath = new Map<string, LockRow[]>()
  for (const row of rows) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row])
  const own = (path: string): readonly LockRow[] => byPath.get(path) ?? []
  const around = (path: string): readonly LockRow[] =>
    pathsAround(path).flatMap((one) => own(one).filter(({ deep }) => deep === 1))
  return {
    own,
    around,
    on: (path) => [...own(path), ...around(path)],
    below: (path) => [...byPath.keys()].filter((one) => one !== path && one.startsWith(path)),
  }
}

const noLocks: HeldLocks = { own: () => [], around: () => [], on: () => [], below: () => [] }

/** What a change does at a path. */
export interface Touched {
  readonly path: string
  /** What is there is changed, comes to the collection around it where nothing was, or goes from it. */
  readonly act: 'change' | 'make' | 'remove'
  /** With all that is below. */
  readonly isWhole?: boolean
}

/** The locks to look up for changes. */
export function locksTouched(touched: readonly Touched[]): LockQuery {
  const on = new Set(touched.flatMap(({ path }) => [path, ...pathsAround(path)]))
  return { on: [...on], below: touched.flatMap(({ path, isWhole }) => (isWhole ? [path] : [])) }
}

/**
 * The locks that stand against changes: wherever something locked is touched, one of the locks there must be the
 * caller's own and its token submitted. A collection's lock guards which members it has.
 * @see RFC 4918 §6.4, §7.4–7.5
 */
export function obstacles(
  held: HeldLocks,
  touched: readonly Touched[],
  submitted: ReadonlySet<string>,
  principalId: PrincipalId,
): readonly LockRow[] {
  const places = touched.flatMap(({ path, act, isWhole }) => {
    const collection = act === 'change' ? [] : pathsAround(path).slice(-1).map(held.on)
    if (act === 'make') return [held.around(path), ...collection]
    return [held.on(path), ...collection, ...(isWhole ? held.below(path).map(held.on) : [])]
  })
  const against = places.flatMap((locks) => {
    const isOpen = locks.some((lock) => lock.principalId === principalId && submitted.has(lock.token))
    return isOpen ? [] : locks
  })
  return [...new Set(against)]
}
