import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Fill } from './world.ts'

/** A started server with one account. */
export interface Server {
  readonly name: string
  readonly url: string
  readonly user: string
  readonly password: string
  /** Roots of its process tree. */
  readonly pids: readonly number[]
  readonly fill: Fill
  readonly stop: () => Promise<void>
}

/** Exit status of a peer's script that leaves filling to PUT. */
const cannotFill = 3

/** The project's folder, seen from dist/test/bench. */
const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Starts a peer with its script in test/peers.
 * @param folder  where it keeps its data
 * @throws Error when the script fails
 */
export function startPeer(name: string, folder: string): Server {
  const run = (...words: string[]): { status: number | null; stdout: string; stderr: string } => {
    const env = { ...process.env, PEERS_DIR: folder }
    return spawnSync('bash', [`${root}test/peers/${name}.sh`, ...words], { env, encoding: 'utf8' })
  }
  const script = (...words: string[]): string => {
    const { status, stdout, stderr } = run(...words)
    if (status !== 0) throw new Error(`${name}.sh ${words.join(' ')}: ${stderr}`)
    return stdout
  }
  script('start')
  const access = new Map(script('url').split('\n').map(keyAndValue))
  return {
    name,
    url: access.get('URL') ?? '',
    user: access.get('USER') ?? '',
    password: access.get('PASSWORD') ?? '',
    pids: (access.get('PID') ?? '').split(',').map(Number),
    fill: (path, items) => {
      const files = join(folder, 'fill')
      mkdirSync(files)
      for (const item of items) writeFileSync(join(files, item.name), item.body)
      const { status, stderr } = run('fill', path, files)
      rmSync(files, { recursive: true })
      if (status !== 0 && status !== cannotFill) throw new Error(`${name}.sh fill: ${stderr}`)
      return status === 0
    },
    stop: async () => void script('stop'),
  }
}

/**
 * Starts the built Farley on a free port, with its default settings and an account.
 * @param environment  settings that are others
 */
export async function startFarley(
  folder: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Server> {
  const env = { ...process.env, ...environment }
  const main = `${root}dist/src/main.js`
  const [user, password] = ['alice', 'a password of the bench']
  const add = [main, 'user', 'add', user, '--password-stdin', '--data', folder]
  const added = spawnSync(process.execPath, add, { input: `${password}\n`, encoding: 'utf8', env })
  if (added.status !== 0) throw new Error(`farley user add: ${added.stderr || added.stdout}`)
  const serve = [main, 'serve', '--port', '0', '--data', folder]
  const child = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'ignore'], env })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || !child.kill('SIGTERM')) return
    await once(child, 'exit')
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (http:\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout.resume()
    return { name: 'farley', url, user, password, pids: [child.pid ?? 0], fill: () => false, stop }
  }
  throw new Error('farley serve ended before it listened')
}

function keyAndValue(line: string): [string, string] {
  const sign = line.indexOf('=')
  return [line.slice(0, sign), line.slice(sign + 1)]
}
