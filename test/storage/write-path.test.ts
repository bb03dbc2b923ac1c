import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CollectionRow } from '../../storage/collections.ts'
import { findObject, findObjectById, findObjectByUid, readBody } from '../../storage/objects.ts'
import { findRevision, listRevisions, listTrash } from '../../storage/revisions.ts'
import type { Reader, Store, Writer } from '../../storage/store.ts'
import { deleteObject, moveObject, replaceIndex, restoreObject } from '../../storage/write-path.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { type Account, eventIndex, expectWhole, makeAccount, origin, putText } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const put = (book: CollectionRow, name: string, text: string, options = {}) =>
  store.write((tx) => putText(tx, book, name, text, options))
const find = (book: CollectionRow, name: string) => store.read((reader) => findObject(reader, book.id, name))
const mustFind = async (reader: Reader, book: CollectionRow, name: string) => {
  const row = await findObject(reader, book.id, name)
  if (row === undefined) throw new Error(`${name} is not there`)
  return row
}
const remove = (book: CollectionRow, name: string) =>
  store.write(async (tx) => deleteObject(tx, book, await mustFind(tx, book, name), origin))
const textOf = async (book: CollectionRow, name: string) => {
  const row = await find(book, name)
  return row && (await store.read((reader) => readBody(reader, row.bodyId)))?.toString()
}
const tombstones = (book: CollectionRow) =>
  store.read(({ sql }) =>
    sql.all<{ name: string; change: number }>(
      'SELECT name, change FROM tombstones WHERE collection_id = $1 ORDER BY change',
      [book.id],
    ),
  )

describe('putting a member', () => {
  it('stores the octets and counts the feed on', async () => {
    const { book } = await makeAccount(store)
    const first = await put(book, 'a.vcf', 'one')
    const second = await put(book, 'a.vcf', 'two')
    expect(first).toMatchObject({ kind: 'created', change: 1 })
    expect(second).toMatchObject({ kind: 'updated', change: 2, objectId: first.objectId })
    expect(await textOf(book, 'a.vcf')).toBe('two')
  })

  it('changes nothing when the octets are the same', async () => {
    const { book } = await makeAccount(store)
    const first = await put(book, 'a.vcf', 'one')
    const again = await put(book, 'a.vcf', 'one')
    expect(again).toEqual({ ...first, kind: 'unchanged' })
    expect(await store.read((reader) => listRevisions(reader, first.objectId))).toHaveLength(1)
  })

  it('keeps every octet, whatever it is', async () => {
    const { book } = await makeAccount(store)
    const text = '\ufeff\u0000\r\n\n\t😀\ud7ff \u2028"\'$1?'
    await put(book, 'odd.vcf', text, { index: {} })
    expect(await textOf(book, 'odd.vcf')).toBe(text)
  })

  it('leaves a revision of every state, with who and what', async () => {
    const { id, book } = await makeAccount(store)
    const by = { kind: 'web', authorId: id, deviceId: 7, clientKind: 'phone', requestId: 'r1' } as const
    const { objectId } = await put(book, 'a.vcf', 'one')
    await put(book, 'a.vcf', 'two', { origin: by })
    const [last, first] = await store.read((reader) => listRevisions(reader, objectId))
    expect(first).toMatchObject({ kind: 'created', origin: 'client', change: 1, deviceId: null })
    expect(last).toMatchObject({
      kind: 'updated',
      origin: 'web',
      authorId: id,
      deviceId: 7,
      clientKind: 'phone',
      requestId: 'r1',
    })
    const old = first?.bodyId
    expect(old && (await store.read((reader) => readBody(reader, old)))?.toString()).toBe('one')
  })

  it('refuses a UID that lives already, and takes it when that member is gone', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one', { uid: 'same' })
    await expect(put(book, 'b.vcf', 'two', { uid: 'same' })).rejects.toThrow()
    expect(await store.read((reader) => findObjectByUid(reader, book.id, 'same'))).toMatchObject({
      name: 'a.vcf',
    })
    await remove(book, 'a.vcf')
    await put(book, 'b.vcf', 'two', { uid: 'same' })
    expect(await find(book, 'b.vcf')).toMatchObject({ uid: 'same' })
  })

  it('takes a very long UID, and knows it again', async () => {
    const { book } = await makeAccount(store)
    const uid = Array.from({ length: 2_000 }, (_, n) => n).join('-')
    await put(book, 'a.vcf', 'one', { uid })
    expect(await store.read((reader) => findObjectByUid(reader, book.id, uid))).toMatchObject({
      name: 'a.vcf',
    })
    await expect(put(book, 'b.vcf', 'two', { uid })).rejects.toThrow()
  })

  it('takes any number of members without a UID', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one', { uid: null })
    await put(book, 'b.vcf', 'one', { uid: null })
    expect(await find(book, 'b.vcf')).toMatchObject({ uid: null })
  })

  it('orders by change number, whatever the clock does', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one')
    world.clock.now -= 86_400_000 * 400
    const second = await put(book, 'a.vcf', 'two')
    world.clock.now += 86_400_000 * 400
    const [last] = await store.read((reader) => listRevisions(reader, second.objectId))
    expect(second.change).toBe(2)
    expect(last).toMatchObject({ kind: 'updated', change: 2 })
  })
})

describe('deleting a member', () => {
  it('leaves a tombstone and the octets in the trash', async () => {
    const { id, book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one')
    expect(await remove(book, 'a.vcf')).toEqual({ change: 2 })
    expect(await tombstones(book)).toEqual([{ name: 'a.vcf', change: 2 }])
    const [deleted] = await store.read((reader) => listTrash(reader, id, { limit: 10 }))
    expect(deleted).toMatchObject({ kind: 'deleted', name: 'a.vcf', change: 2 })
    const bodyId = deleted?.bodyId
    expect(bodyId && (await store.read((reader) => readBody(reader, bodyId)))?.toString()).toBe('one')
  })

  it('frees the name, whose tombstone goes when it lives again', async () => {
    const { book } = await makeAccount(store)
    const first = await put(book, 'a.vcf', 'one')
    await remove(book, 'a.vcf')
    const second = await put(book, 'a.vcf', 'two')
    expect(second).toMatchObject({ kind: 'created', change: 3 })
    expect(second.objectId).not.toBe(first.objectId)
    expect(await tombstones(book)).toEqual([])
  })
})

describe('moving a member', () => {
  const move = (from: CollectionRow, name: string, to: CollectionRow, newName: string) =>
    store.write(async (tx) => {
      const replaced = await findObject(tx, to.id, newName)
      return moveObject(tx, from, await mustFind(tx, from, name), to, newName, origin, replaced)
    })

  it('to another name keeps id and ETag, with a number each for the old name and the new', async () => {
    const { book } = await makeAccount(store)
    const made = await put(book, 'a.vcf', 'one')
    expect(await move(book, 'a.vcf', book, 'b.vcf')).toEqual({ change: 3, etag: made.etag })
    expect(await tombstones(book)).toEqual([{ name: 'a.vcf', change: 2 }])
    expect(await find(book, 'b.vcf')).toMatchObject({ id: made.objectId, etag: made.etag, change: 3 })
  })

  it('to another collection takes the index rows along', async () => {
    const { calendar: from } = await makeAccount(store)
    const { calendar: to } = await makeAccount(store)
    const { objectId } = await put(from, 'a.ics', 'one', { index: eventIndex([[0, 1]]) })
    await move(from, 'a.ics', to, 'a.ics')
    expect(await tombstones(from)).toEqual([{ name: 'a.ics', change: 2 }])
    expect(await find(to, 'a.ics')).toMatchObject({ id: objectId, collectionId: to.id, change: 1 })
  })

  it('onto another member sends that one to the trash', async () => {
    const { id, book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one')
    await put(book, 'b.vcf', 'two')
    await move(book, 'a.vcf', book, 'b.vcf')
    expect(await textOf(book, 'b.vcf')).toBe('one')
    const trash = await store.read((reader) => listTrash(reader, id, { limit: 10 }))
    expect(trash).toMatchObject([{ name: 'b.vcf', kind: 'deleted' }])
  })

  it('and back leaves no tombstone of the name it has', async () => {
    const { book } = await makeAccount(store)
    await put(book, 'a.vcf', 'one')
    await move(book, 'a.vcf', book, 'b.vcf')
    await move(book, 'b.vcf', book, 'a.vcf')
    expect(await tombstones(book)).toMatchObject([{ name: 'b.vcf' }])
  })
})

const restoring = async (tx: Writer, account: Account, name: string) => {
  const [newest] = await listTrash(tx, account.id, { limit: 1 })
  const revision = newest && (await findRevision(tx, newest.id))
  if (revision === undefined) throw new Error('the trash is empty')
  const existing = await findObject(tx, account.book.id, name)
  const { component, uid } = revision
  const index = { contact: [{ kind: 'fn', value: 'x', folded: 'x' }] }
  const fields = { component, uid, size: 3, index, origin: { kind: 'restore' } as const }
  return restoreObject(tx, { revision, collection: account.book, name, existing, ...fields })
}

describe('restoring a member', () => {
  it('brings back octets, ETag and id, and empties the trash of it', async () => {
    const account = await makeAccount(store)
    const made = await put(account.book, 'a.vcf', 'one')
    await remove(account.book, 'a.vcf')
    const restored = await store.write((tx) => restoring(tx, account, 'a.vcf'))
    expect(restored).toEqual({ kind: 'created', objectId: made.objectId, change: 3, etag: made.etag })
    expect(await textOf(account.book, 'a.vcf')).toBe('one')
    expect(await store.read((reader) => listTrash(reader, account.id, { limit: 10 }))).toEqual([])
  })

  it('can overwrite what has taken the name since', async () => {
    const account = await makeAccount(store)
    await put(account.book, 'a.vcf', 'one')
    await remove(account.book, 'a.vcf')
    await put(account.book, 'a.vcf', 'two')
    expect(await store.write((tx) => restoring(tx, account, 'a.vcf'))).toMatchObject({
      kind: 'updated',
      change: 4,
    })
    expect(await textOf(account.book, 'a.vcf')).toBe('one')
  })
})

describe('indexing a member anew', () => {
  it('touches neither number nor ETag nor revisions', async () => {
    const { calendar } = await makeAccount(store)
    const { objectId } = await put(calendar, 'a.ics', 'one', { index: eventIndex([[0, 1]]) })
    const before = await store.read((reader) => findObjectById(reader, objectId))
    await store.write(async (tx) => {
      await replaceIndex(
        tx,
        await mustFind(tx, calendar, 'a.ics'),
        eventIndex([
          [5, 6],
          [7, 8],
        ]),
      )
    })
    expect(await store.read((reader) => findObjectById(reader, objectId))).toEqual(before)
    const rows = await store.read(({ sql }) =>
      sql.all('SELECT start_at AS start FROM calendar_instances WHERE object_id = $1 ORDER BY start_at', [
        objectId,
      ]),
    )
    expect(rows).toEqual([{ start: 5 }, { start: 7 }])
  })
})
