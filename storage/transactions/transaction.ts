import type { Sql } from '../database.ts'
import type { Topic } from '../events/signals.ts'
import type { CollectionId, FeedId, NodeId, ObjectId, PartyId } from '../ids.ts'
import type { DeviceChange, RenamedLabel, TouchedCard, TouchedTask, Writer } from '../store.ts'

/** A callback's view of its transaction, and what it left to be done. */
export interface Transaction {
  readonly tx: Writer
  readonly afterCommit: readonly (() => void)[]
  readonly hasChangedFeed: boolean
  /** Statements after this are refused: they would fall into somebody else's transaction. */
  end(): void
}

/** Wraps a connection for the time of one callback. */
export function transaction(
  sql: Sql,
  now: number,
  beforeStatement: ((sql: string) => void) | undefined,
): Transaction {
  const afterCommit: (() => void)[] = []
  let hasChangedFeed = false
  let isOver = false
  const check = (text: string): void => {
    if (isOver) throw new Error('The transaction is over: a statement was not awaited.')
    beforeStatement?.(text)
  }
  // Every promise more is paid for with each statement.
  const checked = <T>(text: string, ask: () => Promise<T>): Promise<T> => {
    try {
      check(text)
      return ask()
    } catch (error) {
      return Promise.reject(error)
    }
  }
  return {
    tx: {
      sql: {
        dialect: sql.dialect,
        all: <T>(text: string, params?: readonly unknown[]) => checked(text, () => sql.all<T>(text, params)),
        first: <T>(text: string, params?: readonly unknown[]) =>
          checked(text, () => sql.first<T>(text, params)),
        run: (text, params) => checked(text, () => sql.run(text, params)),
      },
      now,
      ...nothingNoted(),
      afterCommit: (fn) => {
        afterCommit.push(fn)
      },
      feedChanged: () => {
        hasChangedFeed = true
      },
    },
    afterCommit,
    get hasChangedFeed() {
      return hasChangedFeed
    },
    end: () => {
      isOver = true
    },
  }
}

/** Runs what was left for after the commit; one that throws stops neither the others nor the reply. */
export function runAfterCommit(callbacks: readonly (() => void)[]): void {
  for (const callback of callbacks) {
    try {
      callback()
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error))
    }
  }
}

/** What a write has done so far, for what is done before its commit and after it. */
function nothingNoted() {
  return {
    followed: new Set<FeedId>(),
    touched: new Map<ObjectId, TouchedCard>(),
    touchedParties: new Set<PartyId>(),
    madeParties: new Set<PartyId>(),
    deviceChanges: new Map<string, DeviceChange>(),
    touchedTasks: new Map<ObjectId, TouchedTask>(),
    touchedNodes: new Set<NodeId>(),
    touchedCalendars: new Set<CollectionId>(),
    renamedLabels: new Set<RenamedLabel>(),
    wakes: new Set<Topic>(),
  }
}
