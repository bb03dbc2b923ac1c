import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ended, Machine } from './programs.ts'
import type { Account } from './server.ts'

/** A pair of vdirsyncer: a folder of files (side a) and the account on the server (side b). */
export interface Pair {
  readonly name: string
  readonly type: 'caldav' | 'carddav'
  /** Names of collections, or `from a` / `from b`. */
  readonly collections: readonly string[]
  readonly conflict?: 'a wins' | 'b wins'
  readonly metadata?: readonly ('color' | 'displayname')[]
  /** Address to start from; the server's root by default. */
  readonly url?: string
  readonly isReadOnly?: boolean
}

/** vdirsyncer as one person has set it up. */
export interface Vdirsyncer {
  /** Local folder of a pair; its collections are folders inside. */
  folder(pair: string, collection?: string): string
  /** Runs discovery and says yes to every collection it offers to make. */
  discover(): Promise<Ended>
  /** Synchronises; throws unless all went well. */
  sync(...options: readonly string[]): Promise<Ended>
  /** As `sync`, for what is expected to fail. */
  trySync(...options: readonly string[]): Promise<Ended>
  metasync(): Promise<Ended>
  files(pair: string, collection: string): Promise<string[]>
  read(pair: string, collection: string, file: string): Promise<string>
  write(pair: string, collection: string, file: string, text: string): Promise<void>
}

const itemExtension = { caldav: '.ics', carddav: '.vcf' }

/** Writes vdirsyncer's configuration into the machine's home and gives the program. */
export async function setUpVdirsyncer(
  machine: Machine,
  account: Account,
  pairs: readonly Pair[],
): Promise<Vdirsyncer> {
  const folder = (pair: string, collection = '') => join(machine.home, 'pim', pair, collection)
  const configFile = join(machine.home, 'vdirsyncer.conf')
  const status = join(machine.home, 'vdirsyncer-status')
  for (const pair of pairs) await mkdir(folder(pair.name), { recursive: true })
  const sections = pairs.map((pair) => pairSections(pair, account, folder(pair.name)))
  await writeFile(configFile, [`[general]\nstatus_path = "${status}"\n`, ...sections].join('\n'))
  const command = (...args: readonly string[]) => ['-c', configFile, ...args]
  return {
    folder,
    discover: () => machine.must('vdirsyncer', command('discover'), { input: 'y\n'.repeat(20) }),
    sync: (...options) => machine.must('vdirsyncer', command('sync', ...options)),
    trySync: (...options) => machine.run('vdirsyncer', command('sync', ...options)),
    metasync: () => machine.must('vdirsyncer', command('metasync')),
    files: async (pair, collection) => {
      const names = await readdir(folder(pair, collection))
      return names
        .filter((name) => !name.startsWith('.') && name !== 'color' && name !== 'displayname')
        .sort()
    },
    read: (pair, collection, file) => readFile(join(folder(pair, collection), file), 'utf8'),
    write: async (pair, collection, file, text) => {
      await mkdir(folder(pair, collection), { recursive: true })
      await writeFile(join(folder(pair, collection), file), text)
    },
  }
}

function pairSections(pair: Pair, account: Account, folder: string): string {
  const lines = [
    `[pair ${pair.name}]`,
    `a = "${pair.name}_files"`,
    `b = "${pair.name}_server"`,
    `collections = ${JSON.stringify(pair.collections)}`,
    ...(pair.conflict === undefined ? [] : [`conflict_resolution = "${pair.conflict}"`]),
    ...(pair.metadata === undefined ? [] : [`metadata = ${JSON.stringify(pair.metadata)}`]),
    '',
    `[storage ${pair.name}_files]`,
    'type = "filesystem"',
    `path = "${folder}"`,
    `fileext = "${itemExtension[pair.type]}"`,
    '',
    `[storage ${pair.name}_server]`,
    `type = "${pair.type}"`,
    `url = "${pair.url ?? `${account.url}/`}"`,
    `username = "${account.user}"`,
    `password = "${account.password}"`,
    ...(pair.isReadOnly === true ? ['read_only = true'] : []),
  ]
  return `${lines.join('\n')}\n`
}
