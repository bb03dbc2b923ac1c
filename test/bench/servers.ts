import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** A started server with one account. */
export interface Server {
  readonly name: string
  readonly url: string
  readonly user: string
  readonly password: string
  /** Roots of its process tree. */
  readonly pids: readonly number[]
  readonly stop: () => Promise<void>
}

/** The project's folder, seen from dist/test/bench. */
const root = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * Starts a peer with its script in test/peers.
 * @param folder  where it keeps its data
 * @throws Error when the script fails
 */
export function startPeer(name: string, folder: string): Server {
  const script = (command: string): string => {
    const env = { ...process.env, PEERS_DIR: folder }
    const path = `${root}test/peers/${name}.sh`
    const { status, stdout, stderr } = spawnSync('bash', [path, command], { env, encoding: 'utf8' })
    if (status !== 0) throw new Error(`${name}.sh ${command}: ${stderr}`)
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
    stop: async () => void script('stop'),
  }
}

/** Starts the built Farley on a free port, with its default settings and an account. */
export async function startFarley(folder: string): Promise<Server> {
  const main = `${root}dist/src/main.js`
  const [user, password] = ['alice', 'a password of the bench']
  const add = [main, 'user', 'add', user, '--password-stdin', '--data', folder]
  const added = spawnSync(process.execPath, add, { input: `${password}\n`, encoding: 'utf8' })
  if (added.status !== 0) throw new Error(`farley user add: ${added.stderr || added.stdout}`)
  const serve = [main, 'serve', '--port', '0', '--data', folder]
  const child = spawn(process.execPath, serve, { stdio: ['ignore', 'pipe', 'ignore'] })
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || !child.kill('SIGTERM')) return
    await once(child, 'exit')
  }
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /^listening on (http:\S+)/.exec(line)?.[1]
    if (url === undefined) continue
    child.stdout.resume()
    return { name: 'farley', url, user, password, pids: [child.pid ?? 0], stop }
  }
  throw new Error('farley serve ended before it listened')
}

function keyAndValue(line: string): [string, string] {
  const sign = line.indexOf('=')
  return [line.slice(0, sign), line.slice(sign + 1)]
}
