import { describe, expect, it } from 'vitest'
import { actingFor } from '../../src/auth/session.ts'
import { changeGroups, changeLabel, changePage } from '../../src/features/labels/change-label.ts'
import { runLabelWork } from '../../src/features/labels/label-work.ts'
import { openFolding } from '../../src/features/lists/lists.ts'
import { prepareObject } from '../../src/features/objects.ts'
import { storeObject } from '../../src/features/store-object.ts'
import { runFilling } from '../../src/features/virtual/virtual.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { findCollectionById, findTree } from '../../storage/collections.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { byCategories, byGroups, device, group, listed, sync } from '../dav/lists/devices.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({
  api: { labelledAtOnce: 2, listedAtOnce: 2, peopleAtOnce: 2 },
  limits: { undoneAtOnce: 3 },
})

/** Puts so many friends, and whoever is given, into the book in one write. */
async function friends(account: Account, count: number, others: readonly string[] = []): Promise<void> {
  const { store, settings } = server.services
  const tree = await store.read((reader) => findTree(reader, account.segment, 'addressbooks', 'contacts'))
  const texts = Array.from({ length: count }, (_, n) => card(`f${n}`, `Friend ${n}`, ['CATEGORIES:friend']))
  await store.write(async (tx) => {
    const folding = openFolding(tx, settings)
    for (const [at, text] of [...texts, ...others].entries()) {
      const collection = tree?.collection && (await findCollectionById(tx, tree.collection.id))
      if (!collection) throw new Error('There is no book.')
      const object = prepareObject('addressbook', Buffer.from(text), settings, tx.now)
      const request = { collection, name: `o${at}.vcf`, object, existing: undefined, hrefOf: () => undefined }
      await storeObject(tx, { ...request, folding, origin: { kind: 'import' } }, settings)
    }
    await folding.finish()
  })
}

/** An account with a phone that knows groups, and one that knows CATEGORIES. */
async function world() {
  const alice = await server.account()
  const [iphone, droid] = [await device(server, alice, 'apple'), await device(server, alice, 'davx5')]
  /** Who is in which list; both phones see the same. */
  const lists = async (): Promise<Record<string, number>> => {
    const said = byCategories(await listed(droid))
    expect(byGroups(await listed(iphone))).toEqual(said)
    return Object.fromEntries(said.map((line) => [line.split(':')[0], line.split(' ').length - 1]))
  }
  /** Every card by its octets, and by its address where a person has it. */
  const state = async (): Promise<string[]> => {
    const groups = [...(await listed(iphone)).values()].filter(({ text }) => /KIND:group/.test(text))
    const people = [...(await listed(droid))].map(([href, { text }]) => `${href} ${text}`)
    return [...people, ...groups.map(({ text }) => membersOf(text))].sort()
  }
  return { alice, iphone, droid, lists, state }
}

/** A group card, whatever its address, and in whatever order its members are. */
const membersOf = (text: string): string =>
  [/^FN:.*$/m.exec(text)?.[0], ...(text.match(/MEMBER:.*/g) ?? []).sort()].join(' ')

async function run(key: string): Promise<void> {
  expect((await runNextJob(server.services, jobs, new AbortController().signal, key))?.kind).toBe('over')
}

async function groupWrites({ name }: Account): Promise<number> {
  const text = `SELECT count(*) AS n FROM revisions r JOIN principals p ON p.id = r.principal_id
    JOIN list_faces f ON f.object_id = r.object_id WHERE p.name = $1 AND f.kind = 'group'`
  return Number((await server.services.store.read(({ sql }) => sql.first<{ n: number }>(text, [name])))?.n)
}

async function waiting(): Promise<string[]> {
  const text = "SELECT key FROM jobs WHERE key LIKE 'settle-lists:%'"
  const rows = await server.services.store.read(({ sql }) => sql.all<{ key: string }>(text))
  return rows.map(({ key }) => key)
}

async function undo(account: Account, request: string): Promise<number> {
  const { status, json, text } = await call(account, 'POST', '/history/undo', { request })
  expect(status, text).toBe(202)
  await run(`undo-changes:${json.id}`)
  const { counts, state } = (await call(account, 'GET', `/history/undos/${json.id}`)).json
  expect([state, counts.skipped]).toEqual(['finished', 0])
  return json.id
}

const begun = async (account: Account, name = 'pal') => {
  const { status, json, headers } = await call(account, 'PATCH', '/labels/friend', { name })
  expect(status).toBe(202)
  expect(headers['farley-request']).toBe(json.work.request)
  return json.work as { readonly id: number; readonly request: string; readonly total: number }
}

describe('a label of many', () => {
  it('is renamed by a job, with its group card written once, undone as a whole, and that too', async () => {
    const { alice, iphone, lists, state } = await world()
    await friends(alice, 5)
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'friend', ['f0', 'f1', 'f2', 'f3', 'f4', 'far']))
    await sync(iphone)
    const [before, writes] = [await state(), await groupWrites(alice)]
    const work = await begun(alice)
    expect(work).toMatchObject({ state: 'running', total: 5, done: 0 })
    expect((await call(alice, 'POST', '/history/undo', { request: work.request })).status).toBe(409)
    await run(`change-label:${work.id}`)
    expect((await call(alice, 'GET', `/parties/bulk/${work.id}`)).json).toMatchObject({
      ...{ state: 'finished', total: 5, done: 5, counts: { changed: 5, skipped: 0 } },
    })
    expect(await lists()).toEqual({ pal: 5 })
    expect((await sync(iphone)).changed).toEqual(['g.vcf'])
    expect((await groupWrites(alice)) - writes).toBe(1)
    const after = await state()
    const id = await undo(alice, work.request)
    expect(await state()).toEqual(before)
    const again = (await call(alice, 'POST', `/history/undos/${id}/undo`)).json
    await run(`undo-changes:${again.id}`)
    expect(await state()).toEqual(after)
    expect((await groupWrites(alice)) - writes).toBe(3)
    expect(await waiting()).toEqual([])
  })

  it('keeps the address of the group card that the server has made; of two one stays, and both come back', async () => {
    const { alice, iphone, lists, state } = await world()
    await friends(alice, 4, [card('c', 'Cy Crew', ['CATEGORIES:crew,friend'])])
    const names = async () =>
      [...(await listed(iphone))].flatMap(([href, { text }]) => (/KIND:group/.test(text) ? href : []))
    const [before, writes] = [await names(), await groupWrites(alice)]
    await run(`change-label:${(await begun(alice)).id}`)
    expect([await lists(), await names()]).toEqual([{ crew: 1, pal: 5 }, before])
    expect((await groupWrites(alice)) - writes).toBe(1)
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'mine', ['f1', 'f3']))
    await run(`change-label:${(await call(alice, 'PATCH', '/labels/pal', { name: 'friend' })).json.work.id}`)
    const apart = await state()
    const merged = await begun(alice, 'mine')
    await run(`change-label:${merged.id}`)
    expect(await lists()).toEqual({ crew: 1, mine: 5 })
    await undo(alice, merged.request)
    expect(await state()).toEqual(apart)
  })

  it('is taken off by a job, and comes back as it was', async () => {
    const { alice, iphone, lists, state } = await world()
    await friends(alice, 4)
    await iphone.put(`${iphone.book}g.vcf`, group('g', 'friend', ['f0', 'f1', 'f2', 'f3']))
    const before = await state()
    const { status, json } = await call(alice, 'DELETE', '/labels/friend')
    expect([status, json.left]).toEqual([202, 4])
    await run(`change-label:${json.work.id}`)
    expect([await lists(), (await iphone.get(`${iphone.book}g.vcf`)).status]).toEqual([{}, 404])
    await undo(alice, json.work.request)
    expect(await state()).toEqual(before)
  })

  it('stays on a card for which there is no room, with the reason, and in a group card of it alone', async () => {
    const { alice, lists } = await world()
    await friends(alice, 4)
    const { store } = server.services
    await store.write(({ sql }) =>
      sql.run(
        `UPDATE quotas SET limit_bytes = used_bytes + 16 WHERE principal_id = (SELECT id FROM principals WHERE name = $1)`,
        [alice.name],
      ),
    )
    const work = await begun(alice, 'companion')
    await run(`change-label:${work.id}`)
    const done = (await call(alice, 'GET', `/parties/bulk/${work.id}`)).json
    expect(done).toMatchObject({ state: 'finished', counts: { changed: 3, skipped: 1 } })
    const { items } = (await call(alice, 'GET', `/parties/bulk/${work.id}/people`)).json
    expect(items).toMatchObject([{ name: 'Friend 3', outcome: 'skipped', note: expect.stringMatching(/./) }])
    expect(await lists()).toEqual({ companion: 3, friend: 1 })
  })
})

/** Stops at its second look, as a process that dies. */
function dyingSoon(): AbortSignal {
  let looks = 0
  return {
    get aborted() {
      looks += 1
      return looks > 1
    },
  } as AbortSignal
}

/** Of more than one page, with the first one done as by a process that has died since. */
async function halfDone() {
  const made = await world()
  await friends(made.alice, 28)
  const work = await begun(made.alice)
  await runLabelWork(server.services, work.id, dyingSoon())
  const key = `change-label:${work.id}`
  expect((await call(made.alice, 'GET', `/parties/bulk/${work.id}`)).json).toMatchObject({
    ...{ state: 'running', done: 25 },
  })
  return { ...made, work, key }
}

describe('a label of many that is renamed half', () => {
  it('is gone on with where it was, while phones write', async () => {
    const { alice, droid, lists, key } = await halfDone()
    await droid.put(`${droid.book}new.vcf`, card('new', 'New One', ['CATEGORIES:friend']))
    const f27 = [...(await listed(droid))].find(([, { text }]) => text.includes('UID:f27\r\n'))
    await droid.put(f27?.[0] ?? '', (f27?.[1].text ?? '').replace('Friend 27', 'Changed'))
    await run(key)
    expect(await lists()).toEqual({ pal: 29 })
    expect((await call(alice, 'GET', '/labels')).json.items).toHaveLength(1)
    expect(await waiting()).toEqual([])
  })

  it('does not come back to whom a phone takes out of the list, or to anybody where it takes the list away', async () => {
    const { iphone, lists, key } = await halfDone()
    const groups = [...(await listed(iphone))].filter(([, { text }]) => /KIND:group/.test(text))
    expect(groups).toHaveLength(1)
    const [href, pal] = groups[0] ?? ['', undefined]
    const without = (pal?.text ?? '').replace(/^.*MEMBER:urn:uuid:(f0|f27)\r\n/gm, '')
    await iphone.put(href, without)
    await run(key)
    expect(await lists()).toEqual({ pal: 26 })
    const other = await halfDone()
    const [gone] = [...(await listed(other.iphone))].filter(([, { text }]) => /KIND:group/.test(text))
    await other.iphone.delete(gone?.[0] ?? '')
    await run(other.key)
    expect(await other.lists()).toEqual({})
    expect(await waiting()).toEqual([])
  })

  it('is two of which each is whole where somebody stops it, and is undone', async () => {
    const { alice, lists, work, key, state } = await halfDone()
    const stopped = await call(alice, 'POST', `/parties/bulk/${work.id}/stop`)
    expect(stopped.json).toMatchObject({ state: 'stopped', done: 25, total: 28 })
    await run(key)
    expect(await lists()).toEqual({ friend: 3, pal: 25 })
    await undo(alice, work.request)
    expect(await lists()).toEqual({ friend: 28 })
    expect((await state()).filter((one) => one.includes('FN:friend '))).toHaveLength(1)
  })

  it('in a request that was cut off is made whole by a job', async () => {
    const { alice, lists } = await world()
    await friends(alice, 3)
    const { store } = server.services
    const by = await requestOf(alice, 'cut-off')
    const wish = { do: 'rename', from: 'friend', to: 'pal' } as const
    await changeGroups(by, wish)
    for (const key of await waiting()) await run(key)
    expect(await lists()).toEqual({ friend: 3 })
    await store.write((tx) => changePage(tx, by, wish, { after: 0, noted: new Set() }))
    for (const key of await waiting()) await run(key)
    expect([await lists(), await waiting()]).toEqual([{ pal: 3 }, []])
  })

  it('in a request does not come back to whom a phone takes out of the list between its writes', async () => {
    const { alice, iphone, lists } = await world()
    await friends(alice, 4)
    const by = await requestOf(alice, 'few')
    let writes = 0
    const store: typeof by.store = {
      ...by.store,
      write: async (fn) => {
        writes += 1
        // The group card has its name, the cards of people not yet.
        if (writes === 2) {
          const [href, pal] = [...(await listed(iphone))].find(([, { text }]) => /FN:pal/.test(text)) ?? ['']
          await iphone.put(href, (pal?.text ?? '').replace(/^.*MEMBER:urn:uuid:f2\r\n/m, ''))
        }
        return by.store.write(fn)
      },
    }
    const done = await changeLabel({ ...by, store }, { do: 'rename', from: 'friend', to: 'pal' })
    expect(done).toEqual({ changed: 3, left: 0 })
    expect([await lists(), await waiting()]).toEqual([{ pal: 3 }, []])
  })
})

/** What a request of somebody works with. */
async function requestOf(account: Account, requestId: string) {
  const { store, settings } = server.services
  const principal = await store.read((reader) => findPrincipalByName(reader, account.name))
  if (!principal) throw new Error('There is no account.')
  const origin = { kind: 'web', authorId: principal.id, requestId } as const
  return { store, settings, session: actingFor(principal, settings), origin }
}

describe('the address book of a list with many people', () => {
  /** One whose filling has begun, with so many people, and how many it has so far. */
  async function filling(count: number) {
    const alice = await server.account()
    await friends(alice, count)
    const filter = { field: 'label', op: 'is', text: 'friend' }
    const { id } = (await call(alice, 'POST', '/lists', { name: 'Friends', filter })).json
    const { status, json } = await call(alice, 'POST', `/lists/${id}/book`)
    expect([status, json.work.state, json.work.total]).toEqual([202, 'running', count])
    const text = 'SELECT count(*) AS n FROM objects WHERE collection_id = $1'
    const copied = async (): Promise<number> => {
      const row = await server.services.store.read(({ sql }) => sql.first<{ n: number }>(text, [json.id]))
      return Number(row?.n)
    }
    const look = async () => (await call(alice, 'GET', `/parties/bulk/${json.work.id}`)).json
    return { alice, path: `/lists/${id}`, work: json.work.id as number, copied, look }
  }

  it('is filled by a job, which is gone on with after a crash, and nobody who looks meanwhile waits for it', async () => {
    const { alice, path, work, copied, look } = await filling(253)
    await runFilling(server.services, work, { aborted: true } as AbortSignal)
    expect([await copied(), await look()]).toMatchObject([250, { state: 'running', done: 250 }])
    const iphone = await device(server, alice, 'apple')
    const home = await iphone.request('PROPFIND', iphone.book.replace(/[^/]+\/$/, ''), {
      headers: { Depth: '1' },
    })
    expect([home.status, home.text.includes('Friends')]).toEqual([207, true])
    expect(await copied()).toBe(250)
    await run(`fill-book:${work}`)
    expect([await copied(), await look()]).toMatchObject([253, { state: 'finished', done: 253 }])
    expect((await call(alice, 'GET', path)).json.book).toMatchObject({ name: expect.any(String) })
  })

  it('goes again where it is stopped', async () => {
    const { alice, path, work, look } = await filling(3)
    await call(alice, 'POST', `/parties/bulk/${work}/stop`)
    await run(`fill-book:${work}`)
    expect(await look()).toMatchObject({ state: 'stopped' })
    expect((await call(alice, 'GET', path)).json.book).toBeNull()
  })
})
