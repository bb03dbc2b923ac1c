import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Dav, davFor } from './dav.ts'
import { must, run } from './programs.ts'
import type { Account } from './server.ts'

/** Another server that accounts are moved in from. */
export interface Peer {
  readonly name: string
  /** Where its homes are, for the user `alice`. */
  readonly books: string
  readonly calendars: string
  /** What a person gives as its address, behind its host and port. */
  readonly address: string
}

export const peers: readonly Peer[] = [
  { name: 'radicale', address: '', books: '/alice/', calendars: '/alice/' },
  { name: 'xandikos', address: '', books: '/alice/contacts/', calendars: '/alice/calendars/' },
  {
    name: 'cyrus',
    address: '',
    books: '/dav/addressbooks/user/alice/',
    calendars: '/dav/calendars/user/alice/',
  },
  {
    name: 'davical',
    address: 'caldav.php/alice/',
    books: '/caldav.php/alice/',
    calendars: '/caldav.php/alice/',
  },
]

export interface RunningPeer {
  readonly account: Account
  readonly dav: Dav
  stop(): Promise<void>
}

/** Starts a peer by its script in test/peers, on ports that nothing else has; it needs its Debian packages, and root. */
export async function startPeer({ name }: Peer): Promise<RunningPeer> {
  const folder = await mkdtemp(join(tmpdir(), `farley-${name}-`))
  await chmod(folder, 0o755)
  const port = 20_000 + Math.floor(Math.random() * 4_000) * 4
  const env = { ...process.env, PEERS_DIR: folder, [`${name.toUpperCase()}_PORT`]: String(port) }
  const script = fileURLToPath(new URL(`../peers/${name}.sh`, import.meta.url))
  const asRoot = process.getuid?.() === 0 ? ['bash'] : ['sudo', '-E', 'bash']
  const [program = '', ...before] = asRoot
  const stop = async (): Promise<void> => {
    await run(program, [...before, script, 'stop'], { env })
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await must(program, [...before, script, 'start'], { env })
    const { stdout } = await must(program, [...before, script, 'url'], { env })
    const said = new Map(stdout.split('\n').map((line) => line.split('=', 2) as [string, string]))
    const account = {
      url: said.get('URL') ?? '',
      user: said.get('USER') ?? '',
      password: said.get('PASSWORD') ?? '',
    }
    return { account, dav: davFor(account), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
