import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBatchById } from '../../storage/batches/batches.ts'
import { openStore } from '../../storage/store.ts'
import { contacts, type DataFolder, makeDataFolder, startServer } from './server-process.ts'

/** What an import may take at most, in MiB, beyond what one of a tenth of its rows takes. */
const mostMib = 96
const [few, many] = [2_000, 20_000]

const folders: DataFolder[] = []
let small: string
beforeAll(async () => {
  small = join((await newFolder()).path, 'few.csv')
  writeFileSync(small, table(few))
}, 60_000)
afterAll(() => {
  for (const folder of folders) folder[Symbol.dispose]()
})

/** A data folder with its first account. */
async function newFolder(): Promise<DataFolder> {
  const folder = makeDataFolder()
  folders.push(folder)
  await (await startServer(folder)).stop()
  return folder
}

function table(rows: number): string {
  const lines = Array.from(
    { length: rows },
    (_, n) => `Given ${n},Family ${n % 977},p${n}@example.org,+49 171 ${1_000_000 + n}\n`,
  )
  return `First Name,Last Name,E-mail Address,Mobile Phone\n${lines.join('')}`
}

function farley(folder: DataFolder, ...words: string[]): ChildProcess {
  const main = process.env.FARLEY_TEST_MAIN ?? ''
  return spawn(process.execPath, [main, ...words, '--data', folder.path], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

async function outputOf(child: ChildProcess): Promise<string> {
  let output = ''
  child.stdout?.on('data', (piece: Buffer) => (output += piece.toString()))
  await new Promise((resolve) => child.once('close', resolve))
  return output
}

/** Runs an import to its end. @returns the most it took, in MiB */
async function peakOf(folder: DataFolder, file: string): Promise<number> {
  const child = farley(folder, 'import', 'admin', file, '--quiet', '--match', 'email')
  let peak = 0
  const done = outputOf(child)
  const timer = setInterval(() => {
    peak = Math.max(peak, mostMibOf(child.pid ?? 0))
  }, 100)
  expect(await done).toMatch(/^\d+ taken, 0 updated, 0 unchanged, 0 refused/)
  clearInterval(timer)
  return peak
}

function mostMibOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024
  } catch {
    return 0
  }
}

describe('an import of any length', () => {
  it(`takes no more memory for ${many} rows than for ${few}`, { timeout: 600_000 }, async () => {
    const folder = await newFolder()
    const file = join(folder.path, 'many.csv')
    writeFileSync(file, table(many))
    const before = await peakOf(await newFolder(), small)
    const after = await peakOf(folder, file)
    expect(after - before, `${before} MiB, then ${after} MiB`).toBeLessThan(mostMib)
  })
})

describe('an import that is killed (kill -9)', () => {
  it('goes on where it was, and ends as one that was not', { timeout: 300_000 }, async () => {
    const [killed, whole] = [await newFolder(), await newFolder()]
    const child = farley(killed, 'import', 'admin', small, '--quiet')
    const ended = outputOf(child)
    await countOf(killed, 500)
    child.kill('SIGKILL')
    await ended
    const stopped = await countOf(killed, 0)
    expect(stopped).toBeGreaterThanOrEqual(500)
    expect(stopped % 50).toBe(0)
    expect(stopped).toBeLessThan(few)
    expect(await outputOf(farley(killed, 'import', 'list', 'admin'))).toMatch(
      new RegExp(`running\t${stopped} taken`),
    )
    expect(await outputOf(farley(killed, 'import', 'admin', '--resume', '1', '--quiet'))).toMatch(
      new RegExp(`^${few - stopped} taken, 0 updated, 0 unchanged, 0 refused`),
    )
    await outputOf(farley(whole, 'import', 'admin', small, '--quiet'))
    expect(await etagsOf(killed)).toEqual(await etagsOf(whole))
    expect(await outputOf(farley(killed, 'import', 'undo', 'admin', '1'))).toBe(`${few} undone, 0 kept\n`)
    expect(await etagsOf(killed)).toEqual([])
  })
})

/** Waits until its first import has stored so many. @returns how many it has */
async function countOf(folder: DataFolder, atLeast: number): Promise<number> {
  const database = { kind: 'sqlite', path: folder.database } as const
  const options = { database, dataDirectory: folder.path, now: Date.now, newId: randomUUID, migrate: false }
  await using store = await openStore(options)
  for (let waits = 0; ; waits += 1) {
    const created = (await store.read((reader) => findBatchById(reader, 1)))?.created ?? 0
    if (created >= atLeast || waits > 3_000) return created
    await wait(20)
  }
}

async function etagsOf(folder: DataFolder): Promise<string[]> {
  await using server = await startServer(folder)
  const answer = await server.client.propfind(contacts, 1, ['{DAV:}getetag'])
  return answer.responses
    .flatMap(({ href, text }) => (href === contacts ? [] : `${href} ${text('{DAV:}getetag')}`))
    .toSorted()
}
