import { openClient } from './http-client.ts'
import { type Effort, measure, type Outcome } from './measure.ts'
import type { Operation } from './operation.ts'
import { allOperations } from './operations/index.ts'
import { memoryBytes } from './process-tree.ts'
import { type Fill, prepareWorld, removeWorld } from './world.ts'

/** What to measure. */
export interface BenchOptions {
  readonly url: string
  readonly user: string
  readonly password: string
  /** Contacts, and events. */
  readonly items: number
  /** Roots of the server's process tree; without them there is no processor time. */
  readonly pids: readonly number[]
  /** Names of operations, all when empty. */
  readonly only: readonly string[]
  /** Leaves the collections, and uses those an earlier run left. */
  readonly keep: boolean
  readonly effort: Effort
  /** A faster way than PUT to fill the collections. */
  readonly fill?: Fill
  /** Told each result as it comes. */
  readonly onRow?: (row: Row) => void
}

/** An operation and what came of it. */
export type Row = Pick<Operation, 'name' | 'title'> & { readonly outcome: Outcome }

/** The whole of one run. */
export interface BenchResult {
  readonly url: string
  readonly items: number
  readonly measuredAt: string
  readonly rows: readonly Row[]
  /** Proportional set size of the process tree after everything, in MiB. */
  readonly memoryMiB: number | undefined
}

/** Fills the server, measures every operation, removes what it made. */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  const { url, user, password, items, pids, only, keep, effort } = options
  const base = new URL(url)
  const client = openClient(base, user, password, 32)
  try {
    const world = await prepareWorld(client, base, items, keep, options.fill)
    const rows: Row[] = []
    for (const operation of allOperations(world)) {
      if (only.length > 0 && !only.includes(operation.name)) continue
      const row = {
        name: operation.name,
        title: operation.title,
        outcome: await measure(operation, pids, effort),
      }
      options.onRow?.(row)
      rows.push(row)
    }
    const memoryMiB = pids.length === 0 ? undefined : memoryBytes(pids) / 1024 ** 2
    if (!keep) await removeWorld(world)
    return { url, items, measuredAt: new Date().toISOString(), rows, memoryMiB }
  } finally {
    client.close()
  }
}
