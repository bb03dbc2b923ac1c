import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How a program ended and what it said. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Options of {@link run}; `timeoutMs` ends the program with SIGKILL. */
export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  readonly timeoutMs?: number
}

/** A person's machine: a home folder nobody else uses, and programs that run in it. */
export interface Machine {
  readonly home: string
  readonly env: NodeJS.ProcessEnv
  run(program: string, args: readonly string[], options?: RunOptions): Promise<Ended>
  /** As `run`; throws when the program does not end with 0. */
  must(program: string, args: readonly string[], options?: RunOptions): Promise<Ended>
  remove(): Promise<void>
}

const secondsToLive = 60

/** Debian's interpreter, which sees Debian's python3-* packages; another first on PATH would not. */
export const python = '/usr/bin/python3'

/** A word not used before, good as user name, collection name and UID. */
export function newName(stem: string): string {
  return `${stem}-${randomBytes(5).toString('hex')}`
}

/**
 * Runs a program to its end. A program that is not installed is an error, never a skip.
 * @throws Error when it cannot be started or outlives its time
 */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env ?? process.env, stdio: 'pipe' })
    const timeoutMs = options.timeoutMs ?? secondsToLive * 1000
    let stdout = ''
    let stderr = ''
    let late = false
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece
    })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => {
      stderr += piece
    })
    child.once('error', (error) => {
      clearTimeout(timer)
      reject(new Error(`${program} cannot be run: ${error.message}`))
    })
    child.once('close', (code) => {
      clearTimeout(timer)
      if (late)
        reject(new Error(`${program} ${args.join(' ')} took over ${timeoutMs} ms\n${stdout}${stderr}`))
      else resolve({ code, stdout, stderr })
    })
    // A program that ends without reading its input closes the pipe; how it ended says more than EPIPE.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/**
 * Runs a program that has to succeed.
 * @throws Error with all it said when it ends with anything but 0
 */
export async function must(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Ended> {
  const ended = await run(program, args, options)
  if (ended.code === 0) return ended
  throw new Error(
    `${program} ${args.join(' ')} ended with ${ended.code}\n--- stdout\n${ended.stdout}\n--- stderr\n${ended.stderr}`,
  )
}

/** A new machine: an empty home, a fixed time zone and language, nothing of the caller's environment. */
export async function newMachine(): Promise<Machine> {
  const home = await mkdtemp(join(tmpdir(), 'farley-home-'))
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    XDG_DATA_HOME: join(home, '.local/share'),
    XDG_CACHE_HOME: join(home, '.cache'),
    LANG: 'C.UTF-8',
    TZ: 'Europe/Berlin',
    NO_PROXY: '*',
    no_proxy: '*',
    PYTHONWARNINGS: 'ignore',
    PYTHONDONTWRITEBYTECODE: '1',
  }
  for (const folder of [env.XDG_CONFIG_HOME, env.XDG_DATA_HOME, env.XDG_CACHE_HOME]) {
    if (folder !== undefined) await mkdir(folder, { recursive: true })
  }
  return {
    home,
    env,
    run: (program, args, options) => run(program, args, { env, ...options }),
    must: (program, args, options) => must(program, args, { env, ...options }),
    remove: () => rm(home, { recursive: true, force: true }),
  }
}

/**
 * Runs one of the Python scripts beside this file and reads the JSON it prints.
 * @param input  given to the script as JSON on its standard input
 */
export async function runPython(
  machine: Machine,
  script: string,
  scenario: string,
  input: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  const file = fileURLToPath(new URL(script, import.meta.url))
  const ended = await machine.must(python, [file, scenario], { input: JSON.stringify(input) })
  return JSON.parse(ended.stdout)
}
