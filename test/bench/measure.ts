import type { Operation } from './operation.ts'
import { processorMs } from './process-tree.ts'

/** The figures of one operation. */
export interface Figures {
  /** Processor time of the server's process tree per operation; undefined without its pid. */
  readonly cpuMs: number | undefined
  readonly medianMs: number
  readonly p95Ms: number
  readonly perSecond: number
  readonly count: number
}

/** Figures, or the reason why the answer was wrong and has none. */
export type Outcome =
  | { readonly kind: 'measured'; readonly figures: Figures }
  | { readonly kind: 'wrong'; readonly reason: string }

/** When to stop repeating. */
export interface Effort {
  /** Processor time that makes a figure firm against ticks of 10 ms. */
  readonly cpuMs: number
  /** Wall time at which an operation is stopped whatever it used. */
  readonly wallMs: number
}

/** Repeats an operation until the effort is spent; an error of any kind makes the row wrong. */
export async function measure(
  operation: Operation,
  pids: readonly number[],
  effort: Effort,
): Promise<Outcome> {
  let outcome: Outcome
  try {
    await operation.before?.()
    outcome = { kind: 'measured', figures: await repeat(operation, pids, effort) }
  } catch (error) {
    outcome = { kind: 'wrong', reason: reasonOf(error) }
  }
  try {
    await operation.after?.()
  } catch (error) {
    if (outcome.kind === 'measured') outcome = { kind: 'wrong', reason: reasonOf(error) }
  }
  return outcome
}

async function repeat(operation: Operation, pids: readonly number[], effort: Effort): Promise<Figures> {
  const latencies: number[] = []
  const most = operation.most ?? 100_000
  let index = 0
  const run = async (isOver: () => boolean): Promise<void> => {
    const worker = async (): Promise<void> => {
      while (index < most && !isOver()) latencies.push(await operation.once(index++))
    }
    await Promise.all(Array.from({ length: operation.width }, worker))
  }

  let cpuBefore = processorMs(pids)
  let startedAt = performance.now()
  // Every server may warm up: just-in-time compilers, caches, a pool of processes.
  const warmedUp = (): boolean => latencies.length >= 100 || performance.now() - startedAt > 500
  await run(warmedUp)
  if (performance.now() - startedAt < 1000) {
    latencies.length = 0
    cpuBefore = processorMs(pids)
    startedAt = performance.now()
  }
  await run(stopAfter(pids, effort, cpuBefore, startedAt))

  const wallMs = performance.now() - startedAt
  const cpuMs = processorMs(pids) - cpuBefore
  const sorted = latencies.toSorted((one, other) => one - other)
  return {
    cpuMs: pids.length === 0 ? undefined : cpuMs / sorted.length,
    medianMs: quantile(sorted, 0.5),
    p95Ms: quantile(sorted, 0.95),
    perSecond: (sorted.length * 1000) / wallMs,
    count: sorted.length,
  }
}

/** Reads the processor time ten times a second at most: reading costs time too. */
function stopAfter(
  pids: readonly number[],
  effort: Effort,
  cpuBefore: number,
  startedAt: number,
): () => boolean {
  let readAt = startedAt
  let isOver = false
  return () => {
    const now = performance.now()
    if (isOver || now - readAt < 100) return isOver
    readAt = now
    const isEnough =
      pids.length === 0 ? now - startedAt > 1000 : processorMs(pids) - cpuBefore >= effort.cpuMs
    isOver = isEnough || now - startedAt > effort.wallMs
    return isOver
  }
}

/** The value below which a share of a sorted list lies. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' ').slice(0, 300)
}
