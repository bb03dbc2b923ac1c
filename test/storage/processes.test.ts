import { type ChildProcess, spawn } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CollectionRow } from '../../storage/collections.ts'
import { countObjects, findObjectsByNames } from '../../storage/objects.ts'
import { type Compiled, compile } from '../compiled.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, putText } from './world.ts'

let program: Compiled
let world: TestStore
beforeAll(async () => {
  program = compile('test/storage/writer-process.ts')
  world = await openTestStore()
})
afterAll(async () => {
  program[Symbol.dispose]()
  await world[Symbol.asyncDispose]()
})

interface Running {
  readonly child: ChildProcess
  /** The names that were answered for, so far. */
  readonly answered: string[]
  readonly ended: Promise<{ code: number | null; errors: string }>
}

function start(collection: CollectionRow, prefix: string, count: number, atOnce: number): Running {
  const { database, dataDirectory } = world
  const task = { database, dataDirectory, collection, prefix, count, atOnce }
  const child = spawn(process.execPath, [program.path, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const answered: string[] = []
  let rest = ''
  child.stdout.on('data', (text: Buffer) => {
    const lines = (rest + text.toString()).split('\n')
    rest = lines.pop() ?? ''
    answered.push(...lines)
  })
  let errors = ''
  child.stderr.on('data', (text: Buffer) => {
    errors += text.toString()
  })
  const ended = new Promise<{ code: number | null; errors: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, errors }))
  })
  return { child, answered, ended }
}

describe('several processes on one database', () => {
  it('all write without an error, beside a process that reads and writes', async () => {
    const { store } = world
    const { book } = await makeAccount(store)
    const others = ['one', 'two'].map((prefix) => start(book, prefix, 300, 5))
    let isOver = false
    const ours = async () => {
      for (let n = 0; !isOver; n++) {
        await store.write((tx) => putText(tx, book, `ours-${n % 10}.vcf`, `card ${n}`))
        await store.read((reader) => countObjects(reader, book.id))
        await new Promise((resolve) => setTimeout(resolve, 1))
      }
    }
    const writing = ours()
    const ends = await Promise.all(others.map((other) => other.ended))
    isOver = true
    await writing
    expect(ends).toEqual(ends.map(() => ({ code: 0, errors: '' })))
    expect(await store.read((reader) => countObjects(reader, book.id))).toBe(610)
    await expectWhole(store)
  })
})

describe('a process that is killed while it writes', () => {
  it('has lost nothing that it had answered for', async () => {
    const { store } = world
    const { book } = await makeAccount(store)
    for (let round = 0; round < 5; round++) {
      const running = start(book, `round-${round}`, 100_000, 1 + round * 4)
      while (running.answered.length === 0 && running.child.exitCode === null) await sleep(5)
      await sleep(20 + round * 31)
      running.child.kill('SIGKILL')
      await running.ended
      expect(running.answered.length).toBeGreaterThan(0)
      const kept = await store.read((reader) => findObjectsByNames(reader, book.id, running.answered))
      expect(kept.map((row) => row.name).toSorted()).toEqual(running.answered.toSorted())
      await expectWhole(store)
    }
  })
})

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
