import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { NestedWriteError, type Writer } from '../../storage/store.ts'
import { dialect, openTestStore, type TestStore } from '../store.ts'
import { expectWhole, makeAccount, putText } from './world.ts'

let world: TestStore
let statements: string[] = []
beforeAll(async () => {
  world = await openTestStore({ beforeStatement: (text) => statements.push(text) })
})
afterEach(() => expectWhole(world.store))
afterAll(() => world[Symbol.asyncDispose]())

const insert = (tx: Writer, key: string) =>
  tx.sql.run('INSERT INTO jobs (key, next_at) VALUES ($1, 0)', [key])
const jobs = async (prefix: string) => {
  const rows = await world.store.read(({ sql }) =>
    sql.all<{ key: string }>('SELECT key FROM jobs WHERE key LIKE $1 ORDER BY key', [`${prefix}%`]),
  )
  return rows.map((row) => row.key)
}

describe('a write', () => {
  it('answers with the value of its callback, which readers see from then on', async () => {
    const { store } = world
    const value = await store.write(async (tx) => {
      await insert(tx, 'seen')
      expect(await jobs('seen')).toEqual([])
      return 42
    })
    expect(value).toBe(42)
    expect(await jobs('seen')).toEqual(['seen'])
  })

  it('leaves nothing when its callback throws, and throws the same', async () => {
    const failure = new Error('no')
    const write = world.store.write(async (tx) => {
      await insert(tx, 'thrown')
      throw failure
    })
    await expect(write).rejects.toBe(failure)
    expect(await jobs('thrown')).toEqual([])
  })

  it('is refused inside another one, also by way of other functions', async () => {
    const { store } = world
    const later = async () => {
      await new Promise((resolve) => setImmediate(resolve))
      return store.write((tx) => insert(tx, 'nested'))
    }
    await expect(store.write(later)).rejects.toThrow(NestedWriteError)
    expect(await jobs('nested')).toEqual([])
  })

  it('may be asked for after another one, also by what runs after its commit', async () => {
    const { store } = world
    const second = new Promise<number>((resolve, reject) => {
      void store
        .write(async (tx) =>
          tx.afterCommit(() => store.write((next) => insert(next, 'after')).then(resolve, reject)),
        )
        .catch(reject)
    })
    expect(await second).toBe(1)
  })

  it('refuses a statement that comes after its end', async () => {
    let late: Writer | undefined
    await world.store.write(async (tx) => {
      late = tx
    })
    if (late === undefined) throw new Error('no transaction')
    await expect(insert(late, 'late')).rejects.toThrow(/over/)
    expect(await jobs('late')).toEqual([])
  })

  it('runs what is left for after the commit once it is committed, and not when it is not', async () => {
    const { store } = world
    const ran: string[] = []
    await store.write(async (tx) => {
      tx.afterCommit(() => ran.push('committed'))
      tx.afterCommit(() => {
        throw new Error('one that throws stops nobody')
      })
      tx.afterCommit(() => ran.push('next'))
      expect(ran).toEqual([])
    })
    const failed = store.write(async (tx) => {
      tx.afterCommit(() => ran.push('rolled back'))
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(ran).toEqual(['committed', 'next'])
  })

  it('gives one time to all its rows', async () => {
    const { store, clock } = world
    const seen = await store.write(async (tx) => {
      const before = tx.now
      clock.now += 1_000
      return [before, tx.now]
    })
    expect(seen[0]).toBe(seen[1])
  })

  it('tells the hook of its statements', async () => {
    statements = []
    await world.store.write((tx) => insert(tx, 'hook'))
    expect(statements).toEqual(['INSERT INTO jobs (key, next_at) VALUES ($1, 0)'])
  })
})

describe('writes at once', () => {
  it('all come to their end, those that fail without harm to the others', async () => {
    const { store } = world
    const { book } = await makeAccount(store)
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, n) =>
        store.write(async (tx) => {
          const put = await putText(tx, book, `${n}.vcf`, `card ${n}`)
          if (n % 5 === 0) throw new Error('changed its mind')
          return put.change
        }),
      ),
    )
    const changes = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
    expect(changes.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 48 }, (_, n) => n + 1))
  })

  it('lose no update of each other', async () => {
    const { store } = world
    await store.write((tx) => insert(tx, 'counter'))
    const count = () =>
      store.write((tx) => tx.sql.run("UPDATE jobs SET attempts = attempts + 1 WHERE key = 'counter'"))
    await Promise.all(Array.from({ length: 50 }, count))
    const row = await store.read(({ sql }) =>
      sql.first<{ attempts: number }>("SELECT attempts FROM jobs WHERE key = 'counter'"),
    )
    expect(row?.attempts).toBe(50)
  })

  it.runIf(dialect === 'sqlite')('share a commit', async () => {
    const { store } = world
    const { book } = await makeAccount(store)
    const writes = () =>
      store.read(({ sql }) => sql.first<{ value: string }>("SELECT value FROM meta WHERE key = 'writes'"))
    const before = Number((await writes())?.value)
    await Promise.all(
      Array.from({ length: 64 }, (_, n) => store.write((tx) => putText(tx, book, `${n}.vcf`, `card ${n}`))),
    )
    const commits = Number((await writes())?.value) - before
    expect(commits).toBeGreaterThan(0)
    expect(commits).toBeLessThan(32)
  })

  it.runIf(dialect === 'sqlite')('all fail when their commit does', async () => {
    const { store } = world
    const outcomes = await Promise.allSettled([
      store.write((tx) => insert(tx, 'fate-1')),
      store.write(async (tx) => {
        await tx.sql.run('PRAGMA defer_foreign_keys = ON')
        await tx.sql.run("INSERT INTO homes (principal_id, kind, feed_id) VALUES (999999, 'calendars', 1)")
      }),
      store.write((tx) => insert(tx, 'fate-2')),
    ])
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(await jobs('fate')).toEqual([])
    await store.write((tx) => insert(tx, 'fate-3'))
    expect(await jobs('fate')).toEqual(['fate-3'])
  })
})

describe('a store', () => {
  it('is ready when both connections answer', async () => {
    await world.store.check()
  })

  it('lets the writes under way end before it closes, and takes no more', async () => {
    await using other = await openTestStore()
    const { store } = other
    const writes = Array.from({ length: 10 }, (_, n) => store.write((tx) => insert(tx, `closing-${n}`)))
    const closed = store[Symbol.asyncDispose]()
    expect(await Promise.all(writes)).toEqual(Array.from({ length: 10 }, () => 1))
    await closed
    await expect(store.write((tx) => insert(tx, 'closed'))).rejects.toThrow(/closed/)
  })
})
