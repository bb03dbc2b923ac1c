import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  hasUnsettled,
  isBefore,
  lastPosition,
  logStart,
  logState,
  type Position,
  purgeEvents,
} from '../../storage/events/position.ts'
import { type EventRow, findEvent, readEvents, type Sight } from '../../storage/events/read-events.ts'
import { addEvent, addFactEvent } from '../../storage/events.ts'
import { addParty, addPlacement } from '../../storage/people/placements.ts'
import { openStore, type Store, type Writer } from '../../storage/store.ts'
import { dialect, openTestStore, type TestStore } from '../store.ts'
import { type Account, makeAccount, origin, putText } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterAll(() => world[Symbol.asyncDispose]())

const sightOf = ({ id, book }: Account): Sight => ({ principalId: id, feeds: [], books: [book.id] })

/** All that somebody may read after a position. */
async function readOn(
  sight: Sight,
  after: Position,
  limit = 100,
): Promise<{ rows: EventRow[]; at: Position }> {
  const rows: EventRow[] = []
  for (let at = after; ; ) {
    const page = await store.read((reader) => readEvents(reader, at, sight, { limit }))
    rows.push(...page.events)
    at = page.through
    if (!page.more) return { rows, at }
  }
}

/** What was committed is final after a while: other tests run transactions on the same server. */
async function settled(): Promise<void> {
  await expect.poll(() => store.read(hasUnsettled), { timeout: 20_000 }).toBe(false)
}

/** The end of the log, once it is final: what the accounts of a test did before does not come after it. */
async function endOfLog(): Promise<Position> {
  await settled()
  return store.read(lastPosition)
}

/** All that somebody may read after a position, once it is final. */
async function readAll(sight: Sight, after: Position): Promise<EventRow[]> {
  await settled()
  return (await readOn(sight, after)).rows
}

const put = (tx: Writer, { id, book }: Account, name: string): Promise<void> =>
  addEvent(tx, { principalId: id, feedId: book.feedId, kind: 'object-put', name }, origin)

describe('the log of events', () => {
  it('gives each event once and in one order, however many write at the same time', async () => {
    const account = await makeAccount(store)
    const other = await makeAccount(store)
    const start = await endOfLog()
    let isOver = false
    const writer = async (n: number): Promise<void> => {
      for (let at = 0; at < 12; at += 1) {
        await store.write(async (tx) => {
          await put(tx, at % 3 === 2 ? other : account, `${n}-${at}`)
          if (dialect === 'postgres') await wait(Math.random() * 8)
          await put(tx, account, `${n}-${at}-again`)
        })
      }
    }
    const reader = async (): Promise<string[]> => {
      const names: string[] = []
      for (let after = start; ; ) {
        const wasOver = isOver
        const { rows, at } = await readOn(sightOf(account), after, 7)
        names.push(...rows.map(({ name }) => name ?? ''))
        after = at
        if (wasOver) return names
        await wait(1)
      }
    }
    const reading = [reader(), reader()]
    await Promise.all([1, 2, 3, 4].map(writer))
    await readAll(sightOf(account), start)
    isOver = true
    const [one, two] = await Promise.all(reading)
    const all = (await readAll(sightOf(account), start)).map(({ name }) => name ?? '')
    expect(all.length).toBe(4 * (8 + 12))
    expect(new Set(all).size).toBe(all.length)
    expect(one).toEqual(all)
    expect(two).toEqual(all)
  })

  it('holds back what is committed while a transaction that began before may still add to it', async () => {
    if (dialect !== 'postgres') return
    const account = await makeAccount(store)
    const start = await endOfLog()
    let release = (): void => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    let begun = (): void => {}
    const hasBegun = new Promise<void>((resolve) => {
      begun = resolve
    })
    const slow = store.write(async (tx) => {
      await put(tx, account, 'first')
      begun()
      await held
    })
    await hasBegun
    await store.write((tx) => put(tx, account, 'second'))
    expect((await readOn(sightOf(account), start)).rows).toEqual([])
    expect(await store.read(hasUnsettled)).toBe(true)
    release()
    await slow
    const rows = await readAll(sightOf(account), start)
    expect(rows.map(({ name }) => name)).toEqual(['first', 'second'])
  })

  it('shows what is in a collection to whom it belongs and to whom its feed is shown', async () => {
    const [owner, reader, stranger] = [
      await makeAccount(store),
      await makeAccount(store),
      await makeAccount(store),
    ]
    const start = await endOfLog()
    await store.write((tx) => putText(tx, owner.book, 'a.vcf', 'a'))
    const mine = await readAll(sightOf(owner), start)
    expect(mine).toMatchObject([
      {
        ...{ kind: 'object-put', name: 'a.vcf', home: 'addressbooks', collectionId: owner.book.id },
        collectionName: 'contacts',
      },
    ])
    const shown = { ...sightOf(reader), feeds: [owner.book.feedId] }
    expect(await readAll(shown, start)).toEqual(mine)
    expect(await readAll(sightOf(stranger), start)).toEqual([])
    const [event] = mine
    const found = (sight: Sight) => store.read((tx) => findEvent(tx, event?.id ?? 0, sight))
    expect([await found(shown), await found(sightOf(stranger))]).toEqual([event, undefined])
  })

  it('has facts beside cards, which move no feed', async () => {
    const [one, other] = [await makeAccount(store), await makeAccount(store)]
    const start = await endOfLog()
    const feeds = () => store.read(({ sql }) => sql.all('SELECT id, change FROM feeds ORDER BY id'))
    const before = await feeds()
    await store.write((tx) =>
      addFactEvent(
        tx,
        { kind: 'label-made', readers: [one.id], about: { kind: 'label', id: 7 } },
        { ...origin, requestId: 'r' },
      ),
    )
    expect(await feeds()).toEqual(before)
    expect(await readAll(sightOf(one), start)).toMatchObject([
      { kind: 'label-made', refKind: 'label', refId: 7, requestId: 'r', partyId: null },
    ])
    expect(await readAll(sightOf(other), start)).toEqual([])
    await expect(store.write((tx) => addFactEvent(tx, { kind: 'lost' }, origin))).rejects.toThrow(/Nobody/)
  })

  it('has facts about people for whoever sees these', async () => {
    const [one, other] = [await makeAccount(store), await makeAccount(store)]
    const party = await store.write(async (tx) => {
      const { objectId } = await putText(tx, one.book, 'a.vcf', 'a')
      const id = await addParty(tx)
      const person = { kind: 'person', name: 'A', sortKey: 'a' } as const
      await addPlacement(tx, { objectId, collectionId: one.book.id, uid: null }, id, person)
      return id
    })
    const start = await endOfLog()
    await store.write((tx) => addFactEvent(tx, { kind: 'note-added', parties: [party] }, origin))
    await store.write((tx) =>
      addFactEvent(tx, { kind: 'note-added', parties: [party], readers: [other.id] }, origin),
    )
    const seen = await readAll(sightOf(one), start)
    expect(seen).toMatchObject([{ kind: 'note-added', partyId: party }])
    expect(await readAll({ ...sightOf(other), books: [other.book.id, one.book.id] }, start)).toHaveLength(2)
    expect(await readAll(sightOf(other), start)).toHaveLength(1)
  })

  it('knows what was purged of it', async () => {
    const account = await makeAccount(store)
    world.clock.now += 1_000
    const before = world.clock.now
    const start = await endOfLog()
    world.clock.now += 1_000
    await store.write((tx) => put(tx, account, 'kept'))
    for (let gone = 1; gone > 0; ) gone = await store.write((tx) => purgeEvents(tx, before, 50))
    const { floor } = await store.read(logState)
    expect(isBefore(logStart, floor)).toBe(true)
    expect(isBefore(start, floor)).toBe(false)
    expect((await readAll(sightOf(account), floor)).map(({ name }) => name)).toEqual(['kept'])
    await store.write((tx) => purgeEvents(tx, world.clock.now + 1, 500))
    const end = await store.read(logState)
    expect(await store.read(lastPosition)).toEqual(end.floor)
    expect(isBefore(floor, end.floor)).toBe(true)
  })

  it('is put in order where a dump brought numbers of transactions that are still to come', async () => {
    if (dialect !== 'postgres') return
    const { log } = await store.read(logState)
    const account = await makeAccount(store)
    await store.write(async (tx) => {
      await put(tx, account, 'old')
      await tx.sql.run('UPDATE events SET xact = xact + 1000000000')
    })
    const opened = await openStore({ ...world, now: () => world.clock.now, newId: () => 'renewed' })
    await opened[Symbol.asyncDispose]()
    await store.write((tx) => put(tx, account, 'new'))
    expect((await store.read(logState)).log).toBe(`${log}-renewed`)
    const rows = await readAll(sightOf(account), logStart)
    expect(rows.slice(-2).map(({ name }) => name)).toEqual(['old', 'new'])
  })
})

describe('who listens', () => {
  it('hears of events once they are committed, and of nothing else', async () => {
    const account = await makeAccount(store)
    let heard = 0
    const end = store.signals.listen('events', () => {
      heard += 1
    })
    await store.write((tx) => tx.sql.first('SELECT 1'))
    await expect(
      store.write(async (tx) => {
        await put(tx, account, 'a')
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(heard).toBe(0)
    await store.write((tx) => put(tx, account, 'a'))
    await expect.poll(() => heard).toBe(1)
    end()
    await store.write((tx) => put(tx, account, 'b'))
    expect(heard).toBe(1)
  })

  it('hears on PostgreSQL of what another process writes, also after its connection broke', async () => {
    if (dialect !== 'postgres') return
    const account = await makeAccount(store)
    const other = await openStore({ ...world, now: () => world.clock.now, newId: () => 'id' })
    let heard = 0
    other.signals.listen('events', () => {
      heard += 1
    })
    const listeners = `FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`
    const pids = async (): Promise<number[]> => {
      const rows = await store.read(({ sql }) => sql.all<{ pid: number }>(`SELECT pid ${listeners}`))
      return rows.map(({ pid }) => pid)
    }
    // This store listens by now as well.
    store.signals.listen('events', () => {})()
    await expect.poll(pids).toHaveLength(2)
    const before = await pids()
    await store.write((tx) => put(tx, account, 'a'))
    await expect.poll(() => heard).toBe(1)
    await store.read(({ sql }) => sql.all(`SELECT pg_terminate_backend(pid) ${listeners}`))
    const anew = async () => (await pids()).filter((pid) => !before.includes(pid))
    await expect.poll(anew, { timeout: 10_000 }).toHaveLength(2)
    await store.write((tx) => put(tx, account, 'b'))
    await expect.poll(() => heard).toBe(2)
    await other[Symbol.asyncDispose]()
  })
})
