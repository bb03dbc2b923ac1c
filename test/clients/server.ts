import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { must, newName } from './programs.ts'

/** What a person types into a client: the server's address without a path, and the credentials. */
export interface Account {
  readonly url: string
  readonly user: string
  readonly password: string
}

/** A server to point real clients at. */
export interface ClientServer {
  readonly url: string
  /** Farley seeds new accounts and has one account a test; a server given by the environment has one in all. */
  readonly isFarley: boolean
  /** A new account with an app password (Farley), or the one of the environment. */
  account(): Promise<Account>
  /** Runs a command of Farley's beside the running server. @returns what it printed */
  farley(...words: readonly string[]): Promise<string>
  stop(): Promise<void>
}

const mainFile = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url))
const readyMs = 30_000
const drainMs = 15_000

/**
 * Starts Farley as a stranger would, on a free port with a data folder of its own; or, when
 * FARLEY_TEST_URL is set, uses that server with FARLEY_TEST_USER and FARLEY_TEST_PASSWORD.
 * @param settings  for Farley, as environment variables
 * @throws Error when Farley does not say `listening on` in time
 */
export async function startServer(settings: Readonly<Record<string, string>> = {}): Promise<ClientServer> {
  const url = process.env.FARLEY_TEST_URL
  return url === undefined ? startFarley(settings) : givenServer(url)
}

function givenServer(url: string): ClientServer {
  const user = process.env.FARLEY_TEST_USER
  const password = process.env.FARLEY_TEST_PASSWORD
  if (user === undefined || password === undefined) {
    throw new Error('FARLEY_TEST_URL needs FARLEY_TEST_USER and FARLEY_TEST_PASSWORD')
  }
  const account = { url: url.replace(/\/+$/, ''), user, password }
  const farley = () => Promise.reject(new Error('only Farley has commands'))
  return {
    url: account.url,
    isFarley: false,
    account: async () => account,
    farley,
    stop: async () => undefined,
  }
}

async function startFarley(settings: Readonly<Record<string, string>>): Promise<ClientServer> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'farley-clients-'))
  const child = spawn(process.execPath, [mainFile, 'serve', '--port', '0', '--data', dataFolder], {
    env: { ...serverEnvironment(), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const log: string[] = []
  child.stderr.on('data', (piece: Buffer) => log.push(piece.toString()))
  try {
    const url = await listening(child, log)
    return {
      url,
      isFarley: true,
      account: () => addAccount(url, commandLine(dataFolder)),
      farley: (...words) => commandLine(dataFolder)(words),
      stop: async () => {
        const code = await terminate(child)
        await rm(dataFolder, { recursive: true, force: true })
        if (code !== 0) throw new Error(`Farley ended with ${code}, not 0, after SIGTERM:\n${log.join('')}`)
      },
    }
  } catch (error) {
    await terminate(child)
    await rm(dataFolder, { recursive: true, force: true })
    throw error
  }
}

/** The server reads FARLEY_* as settings and refuses unknown ones: what steers the tests is not for it. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  for (const name of Object.keys(environment)) {
    if (name.startsWith('FARLEY_TEST_')) delete environment[name]
  }
  return environment
}

async function listening(child: ChildProcess, log: string[]): Promise<string> {
  const { stdout } = child
  if (stdout === null) throw new Error('the server has no stdout')
  return new Promise((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`${why}:\n${log.join('')}`))
    }
    const timer = setTimeout(() => fail(`Farley was not listening after ${readyMs} ms`), readyMs)
    child.once('error', (error) => fail(`Farley did not start (${error.message})`))
    child.once('exit', (code) => fail(`Farley ended with ${code} before listening`))
    createInterface({ input: stdout }).on('line', (line) => {
      log.push(`${line}\n`)
      const url = /^listening on (http:\/\/\S+?)\/?$/.exec(line)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
  })
}

async function terminate(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  return new Promise((resolve) => {
    const timer = setTimeout(() => child.kill('SIGKILL'), drainMs)
    child.once('exit', (code) => {
      clearTimeout(timer)
      resolve(code)
    })
    child.kill('SIGTERM')
  })
}

type CommandLine = (words: readonly string[], input?: string) => Promise<string>

function commandLine(dataFolder: string): CommandLine {
  return async (words, input) => {
    const options = { env: serverEnvironment(), ...(input === undefined ? {} : { input }) }
    return (await must(process.execPath, [mainFile, ...words, '--data', dataFolder], options)).stdout
  }
}

async function addAccount(url: string, farley: CommandLine): Promise<Account> {
  const user = newName('alice')
  await farley(['user', 'add', user, '--password-stdin'], 'a long account password')
  const printed = await farley(['app-password', 'add', user, '--label', 'real client'])
  const password = printed.trim().split(/\s+/).at(-1)
  if (password === undefined || password === '') throw new Error(`no app password in: ${printed}`)
  return { url, user, password }
}
