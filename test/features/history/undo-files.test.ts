import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import type { Client } from '../../dav/client.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { call } from './world.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 100_000 } })

const at = (ms: number): string => new Date(ms).toISOString()
const tick = (): number => (server.clock.now += 1_000)

async function world() {
  const alice = await server.account()
  const phone = await deviceOf(server, alice, 'other')
  const laptop = await deviceOf(server, alice, 'other')
  const put = (path: string, text: string, by: Client = alice) => by.put(`${alice.files}${path}`, text)
  const make = (path: string, by: Client = alice) => by.request('MKCOL', `${alice.files}${path}`)
  const move = (from: string, to: string, by: Client = phone, action = 'MOVE') =>
    by.request(action, `${alice.files}${from}`, { headers: { Destination: `${alice.files}${to}` } })
  const remove = (path: string, by: Client = phone) => by.delete(`${alice.files}${path}`)
  return { alice, phone, laptop, put, make, move, remove }
}

async function undo(alice: Account, { id }: Pick<Device, 'id'>, from: number) {
  const answer = await call(alice, 'POST', '/history/undo', { device: id, from: at(from) })
  expect([answer.status, answer.text]).toEqual([202, answer.text])
  return finished(alice, answer.json.id)
}

async function finished(alice: Account, id: number) {
  const job = await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${id}`)
  expect(job?.kind).toBe('over')
  const { json } = await call(alice, 'GET', `/history/undos/${id}`)
  const { items } = (await call(alice, 'GET', `/history/undos/${id}/items?limit=200`)).json
  return { id, state: json.state, counts: json.counts, items }
}

const trial = async (alice: Account, { id }: Pick<Device, 'id'>, from: number) =>
  (await call(alice, 'POST', '/history/undo', { device: id, from: at(from), dryRun: true })).json

/** What lives below the home of somebody's files: texts by path, and folders. */
async function treeOf({ name, files, get }: Account): Promise<Record<string, string>> {
  const rows = await server.services.store.read(({ sql }) =>
    sql.all<{ path: string; kind: string }>(
      `WITH RECURSIVE walk (id, path, kind) AS (
         SELECT n.id, n.name, n.kind FROM nodes n JOIN principals p ON p.id = n.principal_id
           WHERE p.name = $1 AND n.parent_id = 0 AND n.deleted_root IS NULL
         UNION ALL SELECT n.id, walk.path || '/' || n.name, n.kind FROM walk
           JOIN nodes n ON n.parent_id = walk.id AND n.deleted_root IS NULL)
       SELECT path, kind FROM walk ORDER BY path`,
      [name],
    ),
  )
  const tree: Record<string, string> = {}
  for (const { path, kind } of rows)
    tree[path] = kind === 'folder' ? '/' : (await get(`${files}${encodeURI(path)}`)).text
  return tree
}

const trashOf = async (alice: Account): Promise<string[]> =>
  (await call(alice, 'GET', '/trash?kind=file')).json.items.map(({ name }: { name: string }) => name)

describe('undoing what one device did to folders and files', () => {
  it('takes away what it made, and brings back what it deleted, overwrote, renamed and moved', async () => {
    const { alice, phone, put, make, move, remove } = await world()
    await make('Offers')
    await make('Offers/2026')
    for (const name of ['deleted', 'changed', 'renamed', 'moved', 'replaced', 'replacing'])
      await put(`Offers/2026/${name}.txt`, `before ${name}`)
    await alice.request('PROPPATCH', `${alice.files}Offers/2026/deleted.txt`, {
      headers: { 'Content-Type': 'text/xml' },
      body: '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><note xmlns="urn:x">kept</note></d:prop></d:set></d:propertyupdate>',
    })
    const [before, { token }] = [await treeOf(alice), await alice.syncAll(`${alice.files}Offers/2026/`, '')]
    const from = tick()
    await make('New', phone)
    await put('New/one.txt', 'one', phone)
    await put('New/one.txt', 'one again', phone)
    await put('New/two.txt', 'two', phone)
    await remove('Offers/2026/deleted.txt')
    await put('Offers/2026/changed.txt', 'after', phone)
    await put('Offers/2026/changed.txt', 'after that', phone)
    await move('Offers/2026/renamed.txt', 'Offers/2026/other.txt')
    await move('Offers/2026/moved.txt', 'New/moved.txt')
    await move('Offers/2026/replacing.txt', 'Offers/2026/replaced.txt')
    await move('Offers', 'New/Offers')
    const after = await treeOf(alice)
    tick()
    const tried = await trial(alice, phone, from)
    const counts = { created: 2, updated: 5, removed: 3, unchanged: 0, skipped: 0 }
    expect(tried.counts).toEqual(counts)
    expect(
      tried.items.map(({ name, component }: Record<string, string>) => [name, component]),
    ).toContainEqual(['changed.txt', 'FILE'])
    expect(await treeOf(alice)).toEqual(after)
    const done = await undo(alice, phone, from)
    expect([done.state, done.counts]).toEqual(['finished', counts])
    expect(await treeOf(alice)).toEqual(before)
    expect(await trashOf(alice)).toEqual(['New'])
    const kept = await alice.propfind(`${alice.files}Offers/2026/deleted.txt`, 0, ['{urn:x}note'])
    expect(kept.responses[0]?.text('{urn:x}note')).toBe('kept')
    const synced = await alice.syncAll(`${alice.files}Offers/2026/`, token)
    expect(synced.changed.some((path) => path.endsWith('/changed.txt'))).toBe(true)
    // What was new is in the trash as it was at last.
    const restored = (await call(alice, 'GET', '/trash?kind=file')).json.items[0].id
    await call(alice, 'POST', `/trash/${restored}/restore`)
    expect(await treeOf(alice)).toMatchObject({ 'New/one.txt': 'one again', 'New/two.txt': 'two' })
  })

  it('leaves what somebody has changed since, and tells it by name, when tried and when done', async () => {
    const { alice, phone, laptop, put, make, move, remove } = await world()
    for (const name of ['same', 'elsewhere', 'gone', 'taken', 'away']) await put(`${name}.txt`, 'before')
    const from = tick()
    await put('same.txt', 'wrong', phone)
    await put('elsewhere.txt', 'wrong', phone)
    await move('elsewhere.txt', 'away-from-it.txt')
    await put('gone.txt', 'wrong', phone)
    await move('taken.txt', 'free.txt')
    await remove('away.txt')
    await make('Made', phone)
    tick()
    await put('same.txt', 'better', laptop)
    await put('away-from-it.txt', 'better', laptop)
    await remove('gone.txt', laptop)
    await put('taken.txt', 'another', laptop)
    await put('away.txt', 'another', laptop)
    await put('Made/mine.txt', 'mine', laptop)
    const tried = await trial(alice, phone, from)
    const { counts, items } = await undo(alice, phone, from)
    expect(counts).toEqual({ created: 0, updated: 1, removed: 0, unchanged: 0, skipped: 5 })
    expect(tried.counts).toEqual(counts)
    const notes = Object.fromEntries(
      items.map((item: { name: string; note: string }) => [item.name, item.note]),
    )
    expect(notes).toEqual({
      'same.txt': 'Somebody else has changed it since.',
      'elsewhere.txt': 'Somebody else has changed it since.',
      'gone.txt': 'Somebody else has deleted it since.',
      'free.txt': 'There is something of the name "taken.txt" here already.',
      'away.txt': 'There is another "away.txt" now: rename or delete that one first.',
      Made: 'Somebody else has put something into it.',
    })
    expect(
      Object.fromEntries(tried.items.map((one: { name: string; note: string }) => [one.name, one.note])),
    ).toEqual(notes)
    expect(await treeOf(alice)).toEqual({
      ...{ 'same.txt': 'better', 'elsewhere.txt': 'better', 'taken.txt': 'another', 'away.txt': 'another' },
      ...{ 'free.txt': 'before', Made: '/', 'Made/mine.txt': 'mine' },
    })
  })

  it('gives a file that was saved by way of a new one its former content and history', async () => {
    const { alice, phone, put, move } = await world()
    await put('letter.odt', 'first')
    await put('letter.odt', 'second')
    const from = tick()
    for (const text of ['third', 'fourth']) {
      await put('~letter.tmp', text, phone)
      await move('~letter.tmp', 'letter.odt')
    }
    tick()
    await undo(alice, phone, from)
    expect(await treeOf(alice)).toEqual({ 'letter.odt': 'second' })
    const { items } = (await call(alice, 'GET', `/files/${await idOf(alice, 'letter.odt')}/versions`)).json
    expect(items.map(({ size }: { size: number }) => size)).toEqual([6, 5])
  })

  it('holds the quota: what has no room stays in the trash', async () => {
    const { alice, phone, put, remove } = await world()
    await put('large.bin', 'x'.repeat(600))
    const from = tick()
    await remove('large.bin')
    tick()
    await server.services.store.write(({ sql }) =>
      sql.run(
        'UPDATE quotas SET limit_bytes = used_bytes + 500 WHERE principal_id IN (SELECT id FROM principals WHERE name = $1)',
        [alice.name],
      ),
    )
    const { counts, items } = await undo(alice, phone, from)
    expect(counts).toMatchObject({ created: 0, skipped: 1 })
    expect(items[0].note).toMatch(/octets/)
    expect(await treeOf(alice)).toEqual({})
  })

  it('goes on where it was stopped', async () => {
    const { alice, phone, put, make, move } = await world()
    await make('In')
    for (let n = 0; n < 30; n += 1) await put(`In/${n}.txt`, `before ${n}`)
    const before = await treeOf(alice)
    const from = tick()
    await make('Out', phone)
    for (let n = 0; n < 30; n += 1) {
      await move(`In/${n}.txt`, `Out/${29 - n}.txt`)
      await put(`Out/${29 - n}.txt`, `after ${n}`, phone)
    }
    tick()
    const { json } = await call(alice, 'POST', '/history/undo', { device: phone.id, from: at(from) })
    const stop = new AbortController()
    const store = {
      ...server.services.store,
      write: async <T>(work: Parameters<typeof server.services.store.write<T>>[0]) => {
        const value = await server.services.store.write(work)
        if (typeof value === 'boolean' && Object.keys(await optionsOf(json.id)).includes('files'))
          stop.abort()
        return value
      },
    }
    await runNextJob({ ...server.services, store }, jobs, stop.signal, `undo-changes:${json.id}`)
    expect(await treeOf(alice)).not.toEqual(before)
    expect((await call(alice, 'GET', `/history/undos/${json.id}`)).json.state).toBe('running')
    const done = await finished(alice, json.id)
    expect([done.state, done.counts.updated, done.counts.removed]).toEqual(['finished', 30, 1])
    expect(await treeOf(alice)).toEqual(before)
  })

  it('of another takes back only what it did to what is mine', async () => {
    const { phone, put } = await world()
    const bob = await server.account()
    await put('mine.txt', 'mine')
    const from = tick()
    await put('mine.txt', 'wrong', phone)
    const asked = { device: phone.id, from: at(from), dryRun: true }
    expect((await call(bob, 'POST', '/history/undo', asked)).status).toBe(404)
  })

  it('undoes what one request over the API did', async () => {
    const { alice, put } = await world()
    await put('a.txt', 'a')
    const answer = await call(alice, 'PATCH', `/files/${await idOf(alice, 'a.txt')}`, { name: 'b.txt' })
    expect(await treeOf(alice)).toEqual({ 'b.txt': 'a' })
    const request = String(answer.headers['farley-request'])
    const undone = await call(alice, 'POST', '/history/undo', { request })
    expect([undone.status, undone.json.counts.updated]).toEqual([200, 1])
    expect(undone.json.items[0]).toMatchObject({ name: 'a.txt', component: 'FILE', outcome: 'updated' })
    expect(await treeOf(alice)).toEqual({ 'a.txt': 'a' })
  })
})

async function optionsOf(id: number): Promise<object> {
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ options: string }>('SELECT options FROM batches WHERE id = $1', [id]),
  )
  return JSON.parse(row?.options ?? '{}')
}

async function idOf(alice: Account, name: string): Promise<number> {
  const row = await server.services.store.read(({ sql }) =>
    sql.first<{ id: number }>(
      `SELECT n.id FROM nodes n JOIN principals p ON p.id = n.principal_id
       WHERE p.name = $1 AND n.name = $2 AND n.deleted_root IS NULL`,
      [alice.name, name],
    ),
  )
  return row?.id ?? 0
}

const names = ['a', 'b', 'c'] as const
const path = fc
  .array(fc.constantFrom(...names), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join('/'))
const edit = fc.oneof(
  fc.record({ act: fc.constant('put' as const), path, text: fc.constantFrom('1', '2', '3') }),
  fc.record({ act: fc.constant('make' as const), path }),
  fc.record({ act: fc.constant('delete' as const), path }),
  fc.record({ act: fc.constantFrom('MOVE' as const, 'COPY' as const), path, to: path }),
)
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never

describe('undoing all that a device did, whatever that was', () => {
  it('is the identity on the tree, and undoing that leads back to what it did', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(edit, { minLength: 3, maxLength: 12 }),
        fc.array(edit, { minLength: 3, maxLength: 25 }),
        async (first, second) => {
          const { alice, phone, put, make, move, remove } = await world()
          const run = async (edits: readonly Edit[], by: Client): Promise<void> => {
            for (const one of edits) {
              if (one.act === 'put') await put(one.path, one.text, by)
              else if (one.act === 'make') await make(one.path, by)
              else if (one.act === 'delete') await remove(one.path, by)
              else await move(one.path, one.to, by, one.act)
            }
          }
          await run(first, alice)
          const before = await treeOf(alice)
          const from = tick()
          await run(second, phone)
          const after = await treeOf(alice)
          tick()
          const tried = await trial(alice, phone, from)
          expect(await treeOf(alice)).toEqual(after)
          const done = await undo(alice, phone, from)
          expect(await treeOf(alice)).toEqual(before)
          expect([done.counts.skipped, done.counts]).toEqual([0, tried.counts])
          tick()
          const again = await call(alice, 'POST', `/history/undos/${done.id}/undo`)
          await finished(alice, again.json.id)
          expect(await treeOf(alice)).toEqual(after)
        },
      ),
      { numRuns: 15 },
    )
  }, 120_000)
})
