/** Where a bar is drawn: standard error, so that standard output stays for what scripts read. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  write(text: string): unknown
}

/** A bar that a person at a terminal sees; elsewhere nothing is written. */
export interface Progress {
  update(done: number, total: number): void
  /** Takes the bar away, so that a line can be printed; the next update brings it back. */
  clear(): void
}

const redrawMs = 100
const longest = 40

/** @param now  epoch milliseconds, for not drawing more often than can be seen */
export function createProgress(
  label: string,
  stream: ProgressStream = process.stderr,
  now: () => number = Date.now,
): Progress {
  if (stream.isTTY !== true) return { update: () => {}, clear: () => {} }
  let drawnAt = Number.NEGATIVE_INFINITY
  let isShown = false
  return {
    update: (done, total) => {
      if (now() - drawnAt < redrawMs) return
      drawnAt = now()
      isShown = true
      stream.write(`\r${bar(label, done, total, stream.columns ?? 80)}\u001b[K`)
    },
    clear: () => {
      if (isShown) stream.write('\r\u001b[K')
      isShown = false
      drawnAt = Number.NEGATIVE_INFINITY
    },
  }
}

function bar(label: string, done: number, total: number, columns: number): string {
  const share = total > 0 ? Math.min(done / total, 1) : 0
  const width = Math.max(Math.min(longest, columns - label.length - 10), 0)
  const full = Math.round(share * width)
  const percent = `${Math.floor(share * 100)}`.padStart(3)
  return `${label} [${'#'.repeat(full)}${'.'.repeat(width - full)}] ${percent} %`
}
