import { describe, expect, it } from 'vitest'
import { undoBatch } from '../../src/features/batches/undo.ts'
import { goOnWithImport, type ImportOptions, importFiles } from '../../src/features/transfer/import.ts'
import { findImport } from '../../src/features/transfer/open-import.ts'
import { TransferError } from '../../src/features/transfer/transfer-error.ts'
import { purge } from '../../src/jobs/purge.ts'
import { findBatchById } from '../../storage/batches/batches.ts'
import { addItems, listItems } from '../../storage/batches/items.ts'
import { listCollections } from '../../storage/collections.ts'
import type { BatchId } from '../../storage/ids.ts'
import { removePrincipal } from '../../storage/purge.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { collect, importAll, inShort, rowOf } from './world.ts'

const server = useServer()
const folder = useFolder()

async function imported(
  alice: Account,
  paths: readonly string[],
  options: ImportOptions = {},
): Promise<BatchId> {
  let id: BatchId = 0
  await importAll(server, alice, paths, { ...options, onBatch: (batch) => (id = batch) })
  return id
}

async function batchOf(alice: Account, id: BatchId) {
  return findImport(server.services, await rowOf(server, alice), id)
}

async function undo(alice: Account, id: BatchId, isForced = false) {
  return collect(undoBatch(server.services, await batchOf(alice, id), { isForced }))
}

const manyCards = (count: number, fn = 'Jane Doe'): string =>
  Array.from({ length: count }, (_, n) => card(`c${n}`, fn)).join('')

describe('an import is a batch', () => {
  it('remembers what came from where, and what became of each item', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}c1.vcf`, card('c1', 'Old Name'))
    const file = folder.write('a.vcf', `${card('c0')}${card('c1')}${card('c1', 'Twin Doe')}`)
    const id = await imported(alice, [file], { into: 'contacts' })
    const batch = await batchOf(alice, id)
    expect(batch).toMatchObject({ state: 'finished', kind: 'import', created: 1, updated: 1, refused: 1 })
    expect(JSON.parse(batch.source)).toEqual({
      files: [{ path: file, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }],
    })
    const items = await server.services.store.read((reader) => listItems(reader, id, { limit: 10 }))
    expect(items).toMatchObject([
      { number: 1, place: `${file}:1`, outcome: 'created', name: 'c0.vcf', uid: 'c0', beforeEtag: null },
      { number: 2, place: `${file}:7`, outcome: 'updated', name: 'c1.vcf', beforeEtag: expect.any(String) },
      { number: 3, place: `${file}:13`, outcome: 'refused', note: `Its UID c1 came before, in ${file}:7.` },
    ])
  })

  it('in a trial stores nothing and tells the same', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}c1.vcf`, card('c1', 'Old Name'))
    const before = await alice.syncAll(alice.contacts, '')
    const file = folder.write('a.vcf', `${card('c0')}${card('c1')}${card('c1', 'Twin Doe')}`)
    const trial = inShort(await importAll(server, alice, [file], { isTrial: true }))
    expect((await alice.syncAll(alice.contacts, before.token)).changed).toEqual([])
    expect(inShort(await importAll(server, alice, [file]))).toEqual(trial)
  })

  it('is forgotten after the time of revisions (law 4)', async () => {
    const alice = await server.account()
    const id = await imported(alice, [folder.write('a.vcf', manyCards(3))])
    const days = server.settings.retention.revisionDays
    const begun = server.clock.now
    const purged = async (after: number) => {
      server.clock.now = begun + after * 86_400_000
      await purge.run(server.services, new AbortController().signal, '')
      return server.services.store.read((reader) => listItems(reader, id, { limit: 10 }))
    }
    expect(await purged(days - 1)).toHaveLength(3)
    expect(await purged(days + 1)).toHaveLength(0)
    await expect(batchOf(alice, id)).rejects.toThrow(TransferError)
    server.clock.now = begun
  })

  it('goes with its account', async () => {
    const alice = await server.account()
    const id = await imported(alice, [folder.write('a.vcf', manyCards(3))])
    const { store } = server.services
    const row = await rowOf(server, alice)
    await store.write((tx) => removePrincipal(tx, row.id))
    expect(await store.read((reader) => listItems(reader, id, { limit: 10 }))).toEqual([])
    expect(await store.read((reader) => findBatchById(reader, id))).toBeUndefined()
  })
})

describe('an import that was stopped', () => {
  it('goes on where it was, and ends as if it had not been', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const file = folder.write('a.vcf', manyCards(180) + card('c3', 'Twin Doe'))
    let id: BatchId = 0
    const running = importFiles(server.services, await rowOf(server, alice), [file], {
      onBatch: (batch) => (id = batch),
    })
    for await (const outcome of running) if (outcome.line > 60 * 6) break
    expect(await batchOf(alice, id)).toMatchObject({ state: 'running', created: 100, reached: '100' })
    const rest = await collect(
      goOnWithImport(server.services, await rowOf(server, alice), await batchOf(alice, id)),
    )
    expect(rest).toHaveLength(81)
    const whole = await imported(bob, [file])
    const counts = { state: 'finished', created: 180, refused: 1, reached: '181' }
    expect(await batchOf(alice, id)).toMatchObject(counts)
    expect(await batchOf(bob, whole)).toMatchObject(counts)
    const again = goOnWithImport(server.services, await rowOf(server, alice), await batchOf(alice, id))
    await expect(collect(again)).rejects.toThrow(/is finished/)
  })

  it('does not go on with files that are not what they were, nor beside another', async () => {
    const alice = await server.account()
    const row = await rowOf(server, alice)
    const file = folder.write('a.vcf', manyCards(120))
    let id: BatchId = 0
    const running = importFiles(server.services, row, [file], { onBatch: (batch) => (id = batch) })
    await running.next()
    folder.write('a.vcf', manyCards(119))
    const changed = goOnWithImport(server.services, row, await batchOf(alice, id))
    await expect(collect(changed)).rejects.toThrow(/is not what it was/)
    folder.write('a.vcf', manyCards(120))
    await collect(goOnWithImport(server.services, row, await batchOf(alice, id)))
    await expect(collect(running)).rejects.toThrow(/no longer ours/)
    expect(await batchOf(alice, id)).toMatchObject({ state: 'finished', created: 120 })
  })
})

describe('an import is undone as a whole', () => {
  it('what it made goes to the trash, what it updated gets its octets back, and clients see it', async () => {
    const alice = await server.account()
    const before = card('c1', 'Old Name', ['X-ODD;a=b:kept'])
    await alice.put(`${alice.contacts}mine.vcf`, before)
    const { headers } = await alice.get(`${alice.contacts}mine.vcf`)
    const files = [folder.write('a.vcf', manyCards(130)), folder.write('b.ics', event('e'))]
    const id = await imported(alice, files)
    const { token } = await alice.syncAll(alice.contacts, '')
    expect(await undo(alice, id)).toEqual([])
    const after = await alice.syncAll(alice.contacts, token)
    expect([after.changed.length, after.removed.length]).toEqual([1, 129])
    const restored = await alice.get(`${alice.contacts}mine.vcf`)
    expect(restored.text).toBe(before)
    expect(restored.headers.etag).toBe(headers.etag)
    expect((await alice.get(`${alice.calendar}e.ics`)).status).toBe(404)
    expect(await batchOf(alice, id)).toMatchObject({ state: 'undone', undone: 131, kept: 0 })
    const trash = await server.services.store.read(({ sql }) =>
      sql.all("SELECT origin FROM revisions WHERE kind = 'deleted' AND name = 'e.ics'"),
    )
    expect(trash).toEqual([{ origin: 'restore' }])
  })

  it('what was changed since stays and is told, unless it is forced', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}c1.vcf`, card('c1', 'Old Name'))
    await alice.put(`${alice.contacts}c2.vcf`, card('c2', 'Old Name'))
    const file = folder.write('a.vcf', manyCards(4))
    const id = await imported(alice, [file])
    await alice.put(`${alice.contacts}c0.vcf`, card('c0', 'By Phone'))
    await alice.put(`${alice.contacts}c1.vcf`, card('c1', 'By Phone'))
    await alice.delete(`${alice.contacts}c2.vcf`)
    expect(await undo(alice, id)).toEqual([
      { place: `${file}:13`, name: 'c2.vcf', reason: 'It was deleted since.' },
      { place: `${file}:7`, name: 'c1.vcf', reason: 'It was changed since.' },
      { place: `${file}:1`, name: 'c0.vcf', reason: 'It was changed since.' },
    ])
    expect((await alice.get(`${alice.contacts}c1.vcf`)).text).toContain('By Phone')
    expect(await undo(alice, id)).toEqual([])
    expect(await undo(alice, id, true)).toMatchObject([{ name: 'c2.vcf' }])
    expect((await alice.get(`${alice.contacts}c1.vcf`)).text).toContain('Old Name')
    expect((await alice.get(`${alice.contacts}c0.vcf`)).status).toBe(404)
    expect(await batchOf(alice, id)).toMatchObject({ state: 'undone', undone: 3, kept: 1 })
  })

  it('also after it was stopped, and the undoing too', async () => {
    const alice = await server.account()
    const row = await rowOf(server, alice)
    const file = folder.write('a.vcf', manyCards(170))
    let id: BatchId = 0
    const running = importFiles(server.services, row, [file], { onBatch: (batch) => (id = batch) })
    for await (const outcome of running) if (outcome.line > 120 * 6) break
    const stopping = new AbortController()
    const onProgress = () => stopping.abort()
    const { signal } = stopping
    await collect(undoBatch(server.services, await batchOf(alice, id), { onProgress, signal }))
    expect(await batchOf(alice, id)).toMatchObject({ state: 'undoing', created: 150, undone: 50 })
    expect(await undo(alice, id)).toEqual([])
    expect((await alice.syncAll(alice.contacts, '')).changed).toEqual([])
    expect(await batchOf(alice, id)).toMatchObject({ state: 'undone', undone: 150 })
    const again = goOnWithImport(server.services, row, await batchOf(alice, id))
    await expect(collect(again)).rejects.toThrow(/is undone/)
  })

  it('a collection that the batch made goes when it is empty', async () => {
    const alice = await server.account()
    const path = `${alice.books}made/`
    const body =
      '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook xmlns:c="urn:ietf:params:xml:ns:carddav"/></d:resourcetype></d:prop></d:set></d:mkcol>'
    expect((await alice.request('MKCOL', path, { body })).status).toBe(201)
    const id = await imported(alice, [folder.write('a.vcf', manyCards(2))], { into: 'contacts' })
    const { store } = server.services
    await store.write(async (tx) => {
      const home = await tx.sql.first<{ id: number }>(
        "SELECT c.home_id AS id FROM collections c WHERE c.name = 'made' ORDER BY c.id DESC LIMIT 1",
      )
      const made = (await listCollections(tx, home?.id ?? 0)).find(({ name }) => name === 'made')
      await addItems(tx, id, [
        { number: 9, place: 'made', outcome: 'created', collectionId: made?.id ?? 0, name: 'made' },
      ])
    })
    await alice.put(`${path}x.vcf`, card('x'))
    expect(await undo(alice, id)).toMatchObject([{ reason: 'There are other things in it now.' }])
    await alice.delete(`${path}x.vcf`)
    expect(await undo(alice, id, true)).toEqual([])
    expect((await alice.get(path)).status).toBe(404)
  })
})
