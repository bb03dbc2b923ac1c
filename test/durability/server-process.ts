import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Client, createClient } from '../dav/client.ts'

/** The first account's tree. */
export const contacts = '/dav/addressbooks/admin/contacts/'

/** A data folder of its own; it goes when it is disposed of. */
export interface DataFolder extends Disposable {
  readonly path: string
  readonly database: string
  /** The first account's password, once a server has made it. */
  password: string
}

export function makeDataFolder(): DataFolder {
  const path = mkdtempSync(join(tmpdir(), 'farley-durability-'))
  return {
    path,
    database: join(path, 'farley.sqlite'),
    password: '',
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** A server in a process of its own, as it is installed. */
export interface ServerProcess extends AsyncDisposable {
  readonly url: string
  /** Of the server itself, also where a tracer stands between. */
  readonly pid: number
  /** Speaks for the first account. */
  readonly client: Client
  /** As when the power goes. */
  kill(): Promise<void>
  /** As an administrator does. @returns the exit code */
  stop(): Promise<number | null>
}

/** @param under  a program and its arguments, under which the server runs */
export async function startServer(folder: DataFolder, under: readonly string[] = []): Promise<ServerProcess> {
  const main = process.env.FARLEY_TEST_MAIN
  if (main === undefined) throw new Error('The server was not compiled: FARLEY_TEST_MAIN is not set.')
  const [program = '', ...args] = [...under, process.execPath, main]
  const env = { PATH: process.env.PATH ?? '', FARLEY_AUTH_BCRYPT_COST: '4', FARLEY_LOG_LEVEL: 'warn' }
  const child = spawn(program, [...args, 'serve', '--port', '0', '--data', folder.path], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const { url, password } = await started(child)
  if (password !== undefined) folder.password = password
  const pid = under.length === 0 ? (child.pid ?? 0) : childOf(child.pid ?? 0)
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    if (child.exitCode === null && child.signalCode === null) process.kill(pid, signal)
    return ended
  }
  return {
    url,
    pid,
    client: createClient(url, { name: 'admin', password: folder.password }),
    kill: async () => {
      await end('SIGKILL')
    },
    stop: () => end('SIGTERM'),
    [Symbol.asyncDispose]: async () => {
      await end('SIGKILL')
    },
  }
}

async function started(child: ChildProcess): Promise<{ url: string; password: string | undefined }> {
  const { stdout, stderr } = child
  if (!stdout || !stderr) throw new Error('The server has no output.')
  let errors = ''
  stderr.on('data', (piece: Buffer) => {
    errors += piece.toString()
  })
  let password: string | undefined
  for await (const line of createInterface({ input: stdout })) {
    password ??= /^ {2}password {2}(\S+)$/.exec(line)?.[1]
    const url = /^listening on (http:\/\/\S+)$/.exec(line)?.[1]
    if (url === undefined) continue
    stdout.resume()
    return { url, password }
  }
  throw new Error(`The server ended before it listened: ${errors}`)
}

function childOf(pid: number): number {
  const [first] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return Number(first)
}
