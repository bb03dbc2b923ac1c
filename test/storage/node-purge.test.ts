import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { claimBlob, findBlob, forgetBlob, knownHashes, unusedBlobs } from '../../storage/blobs/blob-rows.ts'
import { feedState } from '../../storage/feeds.ts'
import { purgeNodes } from '../../storage/nodes/node-purge.ts'
import { listNodeRevisions } from '../../storage/nodes/node-revisions.ts'
import { deleteNode, restoreNode } from '../../storage/nodes/node-writes.ts'
import { type FilesHome, findTrashedNode, listTrashedNodes, top } from '../../storage/nodes/nodes.ts'
import { emptyTrash } from '../../storage/purge.ts'
import { StorageBusyError, type Store } from '../../storage/store.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { at, contentOf, make, makeFilesHome, treeOf, write } from './nodes-world.ts'
import { expectWhole, origin } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const hour = 3_600_000
const never = { revisionsBefore: 0, keepRevisions: 10, trashBefore: 0, tombstonesBefore: 0, batch: 100 }
const remove = (home: FilesHome, path: string) =>
  store.write(async (tx) => deleteNode(tx, home, await at(tx, home, path), origin))
const trashOf = (home: FilesHome) =>
  store.read((reader) => listTrashedNodes(reader, home.principalId, { limit: 99 }))

describe('purging', () => {
  it('takes what has been in the trash for its time, in batches, and nothing else', async () => {
    const home = await makeFilesHome(store)
    const below = Array.from({ length: 30 }, (_, n) => `old/n${n}`)
    await store.write((tx) => make(tx, home, 'old/', ...below, 'new', 'live'))
    await remove(home, 'old')
    world.clock.now += hour
    await remove(home, 'new')
    const trashBefore = world.clock.now
    const batches: number[] = []
    for (let more = true; more; ) {
      const counts = await store.write((tx) => purgeNodes(tx, { ...never, trashBefore, batch: 12 }))
      batches.push(counts.nodes)
      more = counts.more
    }
    expect(batches.reduce((sum, count) => sum + count)).toBe(31)
    expect(Math.max(...batches)).toBeLessThanOrEqual(12)
    expect((await trashOf(home)).map(({ name }) => name)).toEqual(['new'])
    expect(await treeOf(store, home)).toEqual(['live'])
  })

  it('that has begun cannot be undone half-way', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b', 'a/c', 'a/d'))
    const { id } = await store.write((tx) => at(tx, home, 'a'))
    await remove(home, 'a')
    const node = await store.read((reader) => findTrashedNode(reader, id))
    if (!node) throw new Error('the folder is not in the trash')
    const trashBefore = world.clock.now + 1
    await store.write((tx) => purgeNodes(tx, { ...never, trashBefore, batch: 2 }))
    expect(await trashOf(home)).toEqual([])
    const to = { home, parentId: top, name: 'a' }
    await expect(store.write((tx) => restoreNode(tx, node, to, origin))).rejects.toThrow(StorageBusyError)
    expect(await treeOf(store, home)).toEqual([])
  })

  it('keeps the last revisions of a file, however old', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a'))
    for (let n = 0; n < 14; n += 1) await store.write((tx) => write(tx, home, 'a', `state ${n}`))
    const { id } = await store.write((tx) => at(tx, home, 'a'))
    const revisionsBefore = world.clock.now + 1
    const counts = await store.write((tx) => purgeNodes(tx, { ...never, revisionsBefore }))
    expect(counts.revisions).toBe(5)
    expect((await store.read((reader) => listNodeRevisions(reader, id))).length).toBe(10)
  })

  it('of tombstones makes the tokens invalid that would need them', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a', 'b'))
    await remove(home, 'a')
    const gone = await store.read((reader) => feedState(reader, home.feedId))
    world.clock.now += hour
    await remove(home, 'b')
    const counts = await store.write((tx) => purgeNodes(tx, { ...never, tombstonesBefore: world.clock.now }))
    expect(counts.tombstones).toBeGreaterThanOrEqual(1)
    const after = await store.read((reader) => feedState(reader, home.feedId))
    expect(after?.floor).toBe(gone?.change)
  })

  it('by hand empties the trash of one account', async () => {
    const [one, other] = [await makeFilesHome(store), await makeFilesHome(store)]
    for (const home of [one, other]) {
      await store.write((tx) => make(tx, home, 'a/', 'a/b'))
      await remove(home, 'a')
    }
    expect((await store.write((tx) => emptyTrash(tx, one.principalId))).removed).toBe(2)
    expect(await trashOf(one)).toEqual([])
    expect((await trashOf(other)).length).toBe(1)
  })
})

describe('blobs', () => {
  const unused = async (before: number): Promise<string[]> => {
    const hashes: string[] = []
    for (let after: number | undefined = 0; after !== undefined; ) {
      const from: number = after
      const page = await store.read((reader) => unusedBlobs(reader, { after: from, before, batch: 3 }))
      hashes.push(...page.unused.map(({ hash }) => hash))
      after = page.next
    }
    return hashes
  }
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')

  it('are unused when neither a file nor a revision refers to them, and nobody has claimed them lately', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'kept', 'deleted', 'changed'))
    await store.write((tx) => contentOf(tx, 'abandoned'))
    await store.write((tx) => write(tx, home, 'changed', 'changed since'))
    await remove(home, 'deleted')
    world.clock.now += hour
    await store.write((tx) => contentOf(tx, 'just claimed'))
    const found = await unused(world.clock.now)
    expect(found).toContain(hashOf('abandoned'))
    for (const text of ['kept', 'deleted', 'changed', 'changed since', 'just claimed']) {
      expect(found).not.toContain(hashOf(text))
    }
    await store.write((tx) => emptyTrash(tx, home.principalId))
    expect(await unused(world.clock.now)).toContain(hashOf('deleted'))
  })

  it('are forgotten only while they are unused', async () => {
    const home = await makeFilesHome(store)
    const { blobId } = await store.write((tx) => contentOf(tx, 'forgotten?'))
    world.clock.now += hour
    const before = world.clock.now
    await store.write((tx) => claimBlob(tx, { hash: hashOf('forgotten?'), size: 10 }))
    expect(await store.write((tx) => forgetBlob(tx, blobId, before))).toBe(false)
    expect(await store.write((tx) => forgetBlob(tx, blobId, before + 1))).toBe(true)
    expect(await store.read((reader) => findBlob(reader, blobId))).toBeUndefined()
    expect(await store.read((reader) => knownHashes(reader, [hashOf('forgotten?')]))).toEqual(new Set())
    await store.write((tx) => make(tx, home, 'used'))
    const file = await store.write((tx) => at(tx, home, 'used'))
    expect(await store.write((tx) => forgetBlob(tx, file.blobId ?? 0, before + hour))).toBe(false)
  })
})
