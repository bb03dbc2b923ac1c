import type { BenchResult } from './bench.ts'
import { figure } from './report.ts'

/** The runs of one server, a run a round. */
export interface Runs {
  readonly name: string
  readonly rounds: readonly BenchResult[]
}

/** Median of a row over the rounds; wrong when any round was, absent when no round measured it. */
type Cell = number | 'wrong' | undefined

const own = 'farley'

/** Values nearer to each other than a tenth are a tie. */
const tie = 1.1

/**
 * A Markdown table of medians over the rounds: processor milliseconds per operation, a row each, and
 * memory. The least of a row and what ties with it are bold; Farley's standing is the last column
 * (alone: no other server answers right).
 */
export function comparisonTable(servers: readonly Runs[]): string {
  const hasOwn = servers.some(({ name }) => name === own)
  const heads = ['CPU ms per operation', ...servers.map(({ name }) => name), ...(hasOwn ? [own] : [])]
  if (hasOwn) heads[heads.length - 1] = 'standing'
  const lines = [heads, heads.map((_, at) => (at === 0 ? '---' : '--:'))]
  for (const { name, title } of servers[0]?.rounds[0]?.rows ?? []) {
    lines.push(row(title, servers, (result) => cpuOf(result, name), hasOwn))
  }
  lines.push(row('memory, MiB', servers, ({ memoryMiB }) => memoryMiB, hasOwn))
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function row(
  title: string,
  servers: readonly Runs[],
  cellOf: (result: BenchResult) => Cell,
  hasOwn: boolean,
): string[] {
  const cells = servers.map(({ rounds }) => medianCell(rounds.map(cellOf)))
  const least = Math.min(...cells.filter((cell) => typeof cell === 'number'))
  const written = cells.map((cell) => {
    if (typeof cell !== 'number') return cell ?? '–'
    return cell <= least * tie ? `**${figure(cell)}**` : figure(cell)
  })
  return [title, ...written, ...(hasOwn ? [standing(servers, cells)] : [])]
}

function standing(servers: readonly Runs[], cells: readonly Cell[]): string {
  const mine = cells[servers.findIndex(({ name }) => name === own)]
  if (typeof mine !== 'number') return mine ?? '–'
  const others = cells.filter((cell, at) => typeof cell === 'number' && servers[at]?.name !== own)
  const best = Math.min(...others.filter((cell) => typeof cell === 'number'))
  if (best === Number.POSITIVE_INFINITY) return 'alone'
  if (mine > best * tie) return 'behind'
  return mine * tie < best ? 'ahead' : 'tie'
}

function medianCell(values: readonly Cell[]): Cell {
  if (values.includes('wrong')) return 'wrong'
  const numbers = values.filter((value) => typeof value === 'number').sort((one, other) => one - other)
  const middle = numbers.length / 2
  const [low, high] = [numbers[Math.ceil(middle) - 1], numbers[Math.floor(middle)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

function cpuOf({ rows }: BenchResult, name: string): Cell {
  const outcome = rows.find((candidate) => candidate.name === name)?.outcome
  if (outcome === undefined) return undefined
  return outcome.kind === 'wrong' ? 'wrong' : outcome.figures.cpuMs
}
