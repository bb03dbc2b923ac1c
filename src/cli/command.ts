import type { Settings } from '../../config/defaults.ts'
import { openServices } from '../compose.ts'
import type { Services } from '../services.ts'

/** One command of the command line. */
export interface Command {
  /** The words that call it: `['user', 'add']`. */
  readonly words: readonly string[]
  /** What follows them, for --help. */
  readonly usage: string
  readonly summary: string
  readonly options: Readonly<Record<string, Option>>
  /** @returns the exit code; 0 without one */
  run(invocation: Invocation): Promise<number | undefined>
}

export interface Option {
  readonly type: 'string' | 'boolean'
  readonly help: string
  /** Whether it may be given several times. */
  readonly multiple?: boolean
}

/** A command with what was given to it. */
export interface Invocation {
  readonly settings: Settings
  readonly positionals: readonly string[]
  readonly values: Readonly<Record<string, string | boolean | readonly (string | boolean)[] | undefined>>
  readonly print: (line: string) => void
}

/** The command was called in a way it cannot be; the message says how. Exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** The n-th word after the command. @throws UsageError */
export function positional({ positionals }: Invocation, at: number, what: string): string {
  const value = positionals[at]
  if (value === undefined || value === '') throw new UsageError(`Missing: ${what}.`)
  return value
}

/** The text of an option, where it was given. */
export function text({ values }: Invocation, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

/** The texts of an option that may be given several times. */
export function texts({ values }: Invocation, name: string): string[] {
  return [values[name] ?? []].flat().filter((value) => typeof value === 'string')
}

/** The moment of an option, where it was given. @throws UsageError */
export function timeIn(invocation: Invocation, option: string): number | undefined {
  const word = text(invocation, option)
  const time = word === undefined ? undefined : Date.parse(word)
  if (Number.isNaN(time)) throw new UsageError(`--${option} takes a time such as 2026-05-01T09:00Z.`)
  return time
}

/** Text of clients and files as one cell of a line: no control characters, which could steer a terminal. */
export function plain(cell: string): string {
  return cell.replace(/\p{Cc}+/gu, ' ')
}

/** Cells as one line; those that are empty at its end are left out. */
export function lineOf(cells: readonly string[]): string {
  return cells.map(plain).join('\t').trimEnd()
}

/** Runs with the stores open, and closes them whatever happens. */
export async function withServices<T>(
  settings: Settings,
  use: (services: Services) => Promise<T>,
): Promise<T> {
  const services = await openServices(settings)
  try {
    return await use(services)
  } finally {
    await services.store[Symbol.asyncDispose]()
    await services.blobs.close()
  }
}

/** All of standard input, without the line end that closes it. */
export async function readStandardInput(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}
