import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll } from 'vitest'

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** What is served by, where it is not `serve`. */
  readonly command?: string
}

/** The command line, compiled as it is installed, with a data folder of its own for the tests of one file. */
export interface Program {
  readonly data: string
  /** Runs `farley …words --data DIR` to its end, without any setting of the surroundings. */
  run(words: readonly string[], options?: RunOptions): Promise<Ended>
  /** The same, expecting exit code 0. @returns the lines on standard output */
  must(words: readonly string[], options?: RunOptions): Promise<string[]>
  /** The same at a terminal, where each question, once it stands there, is answered by a line. @returns all that stood on the screen */
  atTerminal(
    words: readonly string[],
    answers: readonly (readonly [question: string, answer: string])[],
  ): Promise<{ readonly code: number | null; readonly screen: string }>
  serve(words?: readonly string[], options?: RunOptions): Promise<Serving>
  /** Begins a command that lasts. */
  start(words: readonly string[], options?: RunOptions): Lasting
}

/** A command that is running. */
export interface Lasting {
  /** Waits until what it has printed matches. @throws when it ends before */
  until(pattern: RegExp): Promise<void>
  kill(signal: NodeJS.Signals): void
  /** The exit code; null after a signal that it did not take. */
  readonly ended: Promise<number | null>
}

export interface Serving {
  readonly url: string
  /** What it printed until it listened. */
  readonly lines: readonly string[]
  /** Ends it by a signal. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>
  /** All that it wrote to standard error, once it has ended. */
  readonly errors: Promise<string>
}

export function useProgram(): Program {
  let data = ''
  const children = new Set<Child>()
  beforeAll(() => {
    data = mkdtempSync(join(tmpdir(), 'farley-cli-'))
  })
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL')
    rmSync(data, { recursive: true, force: true })
  })

  const start = (
    words: readonly string[],
    { env = {}, cwd = data }: RunOptions,
    isTerminal = false,
  ): Child => {
    const args = [process.execPath, process.env.FARLEY_TEST_MAIN ?? '', ...words]
    if (words.length > 0 && !words.includes('--data')) args.push('--data', data)
    const surroundings = { PATH: process.env.PATH ?? '', FARLEY_AUTH_BCRYPT_COST: '4', ...env }
    const line = args.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
    const [program = '', ...rest] = isTerminal ? ['script', '-qec', line, '/dev/null'] : args
    const child = spawn(program, rest, { cwd, env: surroundings, stdio: ['pipe', 'pipe', 'pipe'] })
    children.add(child)
    child.once('close', () => children.delete(child))
    return child
  }

  const run: Program['run'] = async (words, options = {}) => {
    const child = start(words, options)
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    const [stdout, stderr] = [textOf(child.stdout), textOf(child.stderr)]
    const code = await codeOf(child)
    return { code, stdout: await stdout, stderr: await stderr }
  }

  return {
    get data() {
      return data
    },
    run,
    must: async (words, options) => {
      const { code, stdout, stderr } = await run(words, options)
      if (code !== 0) throw new Error(`farley ${words.join(' ')} ended with ${code}: ${stderr}${stdout}`)
      return stdout.split('\n').filter((line) => line !== '')
    },
    atTerminal: async (words, answers) => {
      const child = start(words, {}, true)
      const code = codeOf(child)
      let screen = ''
      let told = 0
      for await (const chunk of child.stdout) {
        screen += String(chunk)
        const [question = '', answer = ''] = answers[told] ?? []
        if (told === answers.length || !screen.endsWith(question)) continue
        child.stdin.write(`${answer}\r`)
        told += 1
      }
      return { code: await code, screen }
    },
    start: (words, options = {}) => {
      const child = start(words, options)
      child.stdin.on('error', () => {})
      child.stdin.end(options.input ?? '')
      let printed = ''
      let hasEnded = false
      child.stdout.on('data', (chunk: Buffer) => {
        printed += chunk.toString()
      })
      child.stderr.resume()
      const ended = codeOf(child).finally(() => {
        hasEnded = true
      })
      return {
        ended,
        kill: (signal) => void child.kill(signal),
        until: async (pattern) => {
          while (!pattern.test(printed)) {
            if (hasEnded) throw new Error(`farley ${words.join(' ')} ended with: ${printed}`)
            await wait(20)
          }
        },
      }
    },
    serve: async (words = [], options = {}) => {
      const child = start([options.command ?? 'serve', '--port', '0', ...words], options)
      const ended = codeOf(child)
      const errors = textOf(child.stderr)
      const lines: string[] = []
      for await (const line of createInterface({ input: child.stdout })) {
        lines.push(line)
        const url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1]
        if (url === undefined) continue
        child.stdout.resume()
        const stop = (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
          child.kill(signal)
          return ended
        }
        return { url, lines, stop, errors }
      }
      throw new Error(`farley serve ended before it listened: ${await errors}`)
    },
  }
}

type Child = ChildProcessByStdio<Writable, Readable, Readable>

function codeOf(child: Child): Promise<number | null> {
  return new Promise((resolve) => child.once('close', resolve))
}

async function textOf(stream: Readable): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Uint8Array))
  return Buffer.concat(chunks).toString('utf8')
}
