import { readdirSync, readFileSync } from 'node:fs'

interface ProcessStat {
  readonly parent: number
  /** utime, stime, cutime and cstime in clock ticks. */
  readonly ticks: number
}

/** Linux counts 100 ticks a second on every architecture Node runs on. */
const tickMs = 10

/**
 * Processor time so far of processes and all their descendants, user and system, those of children
 * already reaped included, in milliseconds. A single reading may be short of one tick a process.
 * @see proc(5), /proc/PID/stat
 */
export function processorMs(roots: readonly number[]): number {
  const stats = readStats()
  let ticks = 0
  for (const pid of treeOf(roots, stats)) ticks += stats.get(pid)?.ticks ?? 0
  return ticks * tickMs
}

/** Proportional set size of processes and all their descendants, in bytes. */
export function memoryBytes(roots: readonly number[]): number {
  let kibibytes = 0
  for (const pid of treeOf(roots, readStats())) {
    const rollup = readOptional(`/proc/${pid}/smaps_rollup`)
    kibibytes += Number(/^Pss:\s+(\d+) kB/m.exec(rollup ?? '')?.[1] ?? 0)
  }
  return kibibytes * 1024
}

function treeOf(roots: readonly number[], stats: ReadonlyMap<number, ProcessStat>): Set<number> {
  const tree = new Set(roots.filter((pid) => stats.has(pid)))
  for (let size = -1; size !== tree.size; ) {
    size = tree.size
    for (const [pid, stat] of stats) if (tree.has(stat.parent)) tree.add(pid)
  }
  return tree
}

function readStats(): Map<number, ProcessStat> {
  const stats = new Map<number, ProcessStat>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const line = readOptional(`/proc/${entry}/stat`)
    if (line === undefined) continue
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    stats.set(Number(entry), { parent: Number(fields[1]), ticks })
  }
  return stats
}

/** A process may end between the listing and the reading. */
function readOptional(path: string): string | undefined {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return undefined
  }
}
