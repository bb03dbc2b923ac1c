import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { BodyId, ObjectId } from '../../../storage/ids.ts'
import { keptApartBytes } from '../../../storage/media/parts.ts'
import { findObject, readBodies, readBody, readTexts } from '../../../storage/objects.ts'
import { emptyTrash, forgetHistory } from '../../../storage/purge.ts'
import type { Store, Writer } from '../../../storage/store.ts'
import { deleteObject } from '../../../storage/write-path.ts'
import { openTestStore, type TestStore } from '../../store.ts'
import { expectWhole, makeAccount, origin, putText } from '../world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const photo = (seed: string): Buffer => Buffer.alloc(keptApartBytes * 3, `photo ${seed} `)

/** Puts a card with photos, which are kept beside it. */
async function putPhotos(
  tx: Writer,
  book: CollectionRow,
  name: string,
  note: string,
  photos: readonly Buffer[],
) {
  let text = `é${note}\r\n`
  const ranges = photos.map((bytes) => {
    const start = Buffer.byteLength(text)
    text += bytes.toString('base64')
    const range = { start, end: Buffer.byteLength(text) }
    text += '\r\n'
    return range
  })
  await putText(tx, book, name, text, { media: ranges })
  return text
}

const bodyOf = async (book: CollectionRow, name: string): Promise<BodyId> => {
  const row = await store.read((reader) => findObject(reader, book.id, name))
  if (!row) throw new Error(`${name} is gone.`)
  return row.bodyId
}
const kept = async (): Promise<number> => {
  const rows = await store.read(({ sql }) =>
    sql.all<{ count: number }>('SELECT count(*) AS count FROM media'),
  )
  return rows[0]?.count ?? 0
}

describe('media', () => {
  it('are kept once, and read back with the bodies that have them (law 1)', async () => {
    const { book, id } = await makeAccount(store)
    const before = await kept()
    const texts = await store.write(async (tx) => [
      await putPhotos(tx, book, 'a.vcf', 'one', [photo('1'), photo('2'), photo('1')]),
      await putPhotos(tx, book, 'b.vcf', 'two', [photo('2')]),
      await putPhotos(tx, book, 'c.vcf', 'none', []),
    ])
    expect(await kept()).toBe(before + 2)
    const ids = [await bodyOf(book, 'a.vcf'), await bodyOf(book, 'b.vcf'), await bodyOf(book, 'c.vcf')]
    const bodies = await store.read((reader) => readBodies(reader, ids))
    expect(ids.map((body) => bodies.get(body)?.toString())).toEqual(texts)
    const read = await store.read((reader) => readTexts(reader, ids))
    expect(ids.map((body) => read.get(body))).toEqual(texts)
    const bare = await store.read((reader) => readTexts(reader, ids, { withMedia: false }))
    expect(ids.map((body) => bare.get(body))).toEqual(['éone\r\n\r\n\r\n\r\n', 'étwo\r\n\r\n', 'énone\r\n'])
    await remove(book, ['a.vcf', 'b.vcf', 'c.vcf'])
    await store.write((tx) => emptyTrash(tx, id))
    expect(await kept()).toBe(before)
  })

  it('go with the last body that had them', async () => {
    const { book, id } = await makeAccount(store)
    const other = await makeAccount(store)
    const before = await kept()
    await store.write((tx) => putPhotos(tx, book, 'a.vcf', 'one', [photo('3')]))
    await store.write((tx) => putPhotos(tx, book, 'a.vcf', 'other', [photo('4')]))
    const text = await store.write((tx) => putPhotos(tx, other.book, 'x.vcf', 'mine', [photo('4')]))
    expect(await kept()).toBe(before + 2)
    const row = await store.read((reader) => findObject(reader, book.id, 'a.vcf'))
    await store.write((tx) => forgetHistory(tx, [row?.id ?? (0 as ObjectId)]))
    expect(await kept()).toBe(before + 1)
    await remove(book, ['a.vcf'])
    await store.write((tx) => emptyTrash(tx, id))
    expect(await kept()).toBe(before + 1)
    const body = await bodyOf(other.book, 'x.vcf')
    expect((await store.read((reader) => readBody(reader, body)))?.toString()).toBe(text)
  })

  it('are whole or gone where the same photo is stored beside a purge', async () => {
    const [one, two] = [await makeAccount(store), await makeAccount(store)]
    for (let round = 0; round < 25; round += 1) {
      const photos = [photo(`a${round}`), photo(`b${round}`)]
      await store.write((tx) => putPhotos(tx, one.book, 'a.vcf', 'one', photos))
      await remove(one.book, ['a.vcf'])
      const [text] = await Promise.all([
        store.write((tx) => putPhotos(tx, two.book, `${round}.vcf`, 'two', [...photos].reverse())),
        store.write((tx) => emptyTrash(tx, one.id)),
        store.write((tx) => putPhotos(tx, one.book, `${round}.vcf`, 'three', photos)),
      ])
      const body = await bodyOf(two.book, `${round}.vcf`)
      expect((await store.read((reader) => readBody(reader, body)))?.toString()).toBe(text)
    }
  })

  it('that are lost take the body along rather than serve half of it', async () => {
    const { book } = await makeAccount(store)
    const text = await store.write((tx) => putPhotos(tx, book, 'a.vcf', 'one', [photo('5'), photo('6')]))
    const id = await bodyOf(book, 'a.vcf')
    const purged = async (reader: Parameters<Parameters<Store['read']>[0]>[0]) => {
      const { sql } = reader
      const all: typeof sql.all = async (statement, params) => {
        const rows = await sql.all<never>(statement, params)
        return statement.includes('FROM media') ? rows.slice(1) : rows
      }
      return readBodies({ sql: { ...sql, all } }, [id])
    }
    expect((await store.read(purged)).size).toBe(0)
    expect((await store.read((reader) => readBodies(reader, [id]))).get(id)?.toString()).toBe(text)
  })
})

async function remove(book: CollectionRow, names: readonly string[]): Promise<void> {
  await store.write(async (tx) => {
    for (const name of names) {
      const row = await findObject(tx, book.id, name)
      if (row) await deleteObject(tx, book, row, origin)
    }
  })
}
