import { describe, expect, it } from 'vitest'
import { dav } from '../../../protocol/dav/names.ts'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import type { Sql } from '../../../storage/database.ts'
import { call } from '../../api/json.ts'
import { card } from '../objects.ts'
import { type Account, useServer } from '../server.ts'
import { byCategories, device, group, listed } from './devices.ts'

const server = useServer({ api: { peopleAtOnce: 5 }, limits: { undoneAtOnce: 5 } })

/** The statements that something takes. */
async function statementsOf(run: () => Promise<unknown>): Promise<string[]> {
  const { store } = server.services
  const counted: string[] = []
  const [read, write] = [store.read, store.write]
  const watched = <T extends { readonly sql: Sql }>(inside: T): T => ({
    ...inside,
    sql: new Proxy(inside.sql, {
      get: (sql, name) => {
        const found = Reflect.get(sql, name)
        if (typeof found !== 'function') return found
        return (text: string, params?: readonly unknown[]) => {
          counted.push(text)
          return found.call(sql, text, params)
        }
      },
    }),
  })
  Object.assign(store, {
    read: (fn: (reader: never) => Promise<unknown>) => read((reader) => fn(watched(reader) as never)),
    write: (fn: (tx: never) => Promise<unknown>) =>
      write((tx) => {
        const { sql } = watched(tx)
        return fn(Object.create(tx, { sql: { value: sql } }) as never)
      }),
  })
  try {
    await run()
  } finally {
    Object.assign(store, { read, write })
  }
  return counted
}

const aboutLists = (texts: readonly string[]): string[] =>
  texts.filter((text) => /list_faces|list_members|card_labels/.test(text))

async function fill(account: Account, count: number, lines: readonly string[] = []): Promise<void> {
  for (let at = 0; at < count; at += 1)
    await account.put(`${account.contacts}c${at}.vcf`, card(`c${at}`, 'Jane Doe', lines))
}

const second = {
  headers: { 'Content-Type': 'application/xml' },
  body: '<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/><addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>',
}

async function work(key: string): Promise<void> {
  const job = await runNextJob(server.services, jobs, new AbortController().signal, key)
  expect(job?.kind).toBe('over')
}

/** The people in each book by their octets, and whom its group cards name. */
async function stateOf(account: Account): Promise<unknown> {
  const books = [account.contacts, `${account.books}second/`]
  return Promise.all(
    books.map(async (path) => {
      const { changed } = await account.syncAll(path, '')
      const texts = await Promise.all(changed.map(async (one) => (await account.get(one)).text))
      const [groups, people] = [
        texts.filter((text) => /KIND:group/i.test(text)),
        texts.filter((text) => !/KIND:group/i.test(text)),
      ]
      return [people.sort(), groups.map((text) => (text.match(/MEMBER:.*/g) ?? []).sort())]
    }),
  )
}

/** How often the server has written cards by its own rule. */
async function ruleWrites({ name }: Account): Promise<number> {
  const text = `SELECT count(*) AS n FROM revisions r JOIN principals p ON p.id = r.principal_id
    WHERE p.name = $1 AND r.origin = 'rule'`
  return Number((await server.services.store.read(({ sql }) => sql.first<{ n: number }>(text, [name])))?.n)
}

async function idsOf(account: Account): Promise<number[]> {
  const { items } = (await call(account, 'GET', '/parties?limit=100')).json
  return items.map(({ id }: { readonly id: number }) => id)
}

describe('what lists cost', () => {
  it('a book that has had none is read and written without a statement about them', async () => {
    const alice = await server.account()
    await fill(alice, 3)
    const texts = await statementsOf(async () => {
      await alice.put(`${alice.contacts}new.vcf`, card('new'))
      await alice.put(`${alice.contacts}new.vcf`, card('new', 'Jane Roe'))
      await alice.propfind(alice.contacts, 1, [dav('getetag')])
      await alice.sync(alice.contacts, '')
      await alice.get(`${alice.contacts}new.vcf`)
      await alice.delete(`${alice.contacts}new.vcf`)
    })
    expect(texts.length).toBeGreaterThan(20)
    expect(aboutLists(texts)).toEqual([])
  })

  it('a listing and a sync take the same statements for few cards and for many', async () => {
    const [few, many] = [await server.account(), await server.account()]
    await fill(few, 3, ['CATEGORIES:A'])
    await fill(many, 60, ['CATEGORIES:A'])
    for (const kind of ['apple', 'davx5', 'other'] as const) {
      const counts: number[] = []
      for (const account of [few, many]) {
        const one = await device(server, account, kind)
        await one.propfind(one.book, 1, [dav('getetag')])
        const texts = await statementsOf(async () => {
          await one.propfind(one.book, 1, [dav('getetag')])
          await one.sync(one.book, '')
        })
        counts.push(texts.length)
      }
      expect(counts[1], kind).toBe(counts[0])
    }
  })

  it('a group card is written once for many who get its label, go to another book, or come back', async () => {
    const alice = await server.account()
    await fill(alice, 15)
    expect((await alice.request('MKCOL', `${alice.books}second/`, second)).status).toBe(201)
    const { books } = (await call(alice, 'GET', '/books')).json
    const book = books.find(({ name }: { readonly name: string }) => name === 'second').id
    const everybody = { filter: { all: [] } }
    for (const action of [{ do: 'label', add: ['All'] }, { do: 'move', book }, { do: 'delete' }]) {
      const before = await stateOf(alice)
      const writes = await ruleWrites(alice)
      const done = (await call(alice, 'POST', '/parties/bulk', { ...everybody, action })).json
      await work(`bulk-people:${done.id}`)
      const { counts } = (await call(alice, 'GET', `/parties/bulk/${done.id}`)).json
      expect(counts).toMatchObject({ skipped: 0, unchanged: 0 })
      expect(await stateOf(alice)).not.toEqual(before)
      const undo = (await call(alice, 'POST', '/history/undo', { request: done.request })).json
      await work(`undo-changes:${undo.id}`)
      expect((await call(alice, 'GET', `/history/undos/${undo.id}`)).json.counts.skipped).toBe(0)
      expect(await stateOf(alice)).toEqual(before)
      expect((await ruleWrites(alice)) - writes, action.do).toBeLessThan(8)
      if (action.do === 'label') await call(alice, 'POST', '/labels/All/people', { add: await idsOf(alice) })
    }
  })

  it('a group of 2,000 is renamed in one write', async () => {
    const alice = await server.account()
    const [phone, droid] = [await device(server, alice, 'apple'), await device(server, alice, 'davx5')]
    const { store, settings } = server.services
    const { findTree } = await import('../../../storage/collections.ts')
    const { prepareObject } = await import('../../../src/features/objects.ts')
    const { storeObject } = await import('../../../src/features/store-object.ts')
    const tree = await store.read((reader) => findTree(reader, alice.segment, 'addressbooks', 'contacts'))
    const collection = tree?.collection
    if (!collection) throw new Error('There is no book.')
    const uids = Array.from({ length: 2_000 }, (_, at) => `u${at}`)
    await store.write(async (tx) => {
      for (const uid of uids) {
        const object = prepareObject('addressbook', Buffer.from(card(uid)), settings, tx.now)
        const request = {
          collection,
          name: `${uid}.vcf`,
          object,
          existing: undefined,
          hrefOf: () => undefined,
        }
        await storeObject(tx, { ...request, origin: { kind: 'import' } }, settings)
      }
    })
    const times: number[] = []
    for (const name of ['Everybody', 'All']) {
      const started = performance.now()
      const { headers } = await phone.get(`${phone.book}g.vcf`)
      const condition: Record<string, string> = headers.etag === undefined ? {} : { 'If-Match': headers.etag }
      const put = await phone.put(`${phone.book}g.vcf`, group('g', name, uids), condition)
      times.push(performance.now() - started)
      expect([201, 204]).toContain(put.status)
    }
    if (process.env.TIMES !== undefined) console.info('made and renamed, in ms', times.map(Math.round))
    expect(byCategories(await listed(droid))).toEqual([`All: ${uids.toSorted().join(' ')}`])
  }, 120_000)
})
