import type { BenchResult, Row } from './bench.ts'

const widths = [46, 10, 10, 10, 10, 8]

/** The head of the table printed while a run goes on. */
export function tableHead(): string {
  return line(['operation', 'CPU ms', 'median ms', 'p95 ms', 'per s', 'n'])
}

/** One row of it. */
export function tableRow({ title, outcome }: Row): string {
  if (outcome.kind === 'wrong') return `${line([title, 'wrong'])}  ${outcome.reason}`
  const { cpuMs, medianMs, p95Ms, perSecond, count } = outcome.figures
  return line([title, figure(cpuMs), figure(medianMs), figure(p95Ms), figure(perSecond), String(count)])
}

/** Its foot: memory. */
export function tableFoot({ memoryMiB }: BenchResult): string {
  return line(['memory, MiB (PSS of the process tree)', figure(memoryMiB)])
}

/** Three digits that count; a dash for what was not measured. */
export function figure(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3).replace(/\.?0+$/, '')
}

function line(cells: readonly string[]): string {
  return cells
    .map((cell, at) => (at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0)))
    .join(' ')
}
