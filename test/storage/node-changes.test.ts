import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { feedState } from '../../storage/feeds.ts'
import { nodeChangesSince, rebornFolders } from '../../storage/nodes/node-changes.ts'
import { deleteNode, moveNode, restoreNode, touchNode } from '../../storage/nodes/node-writes.ts'
import { type FilesHome, findTrashedNode, top } from '../../storage/nodes/nodes.ts'
import type { Store, Writer } from '../../storage/store.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { at, make, makeFilesHome, write } from './nodes-world.ts'
import { expectWhole, origin } from './world.ts'

let world: TestStore
let store: Store
beforeAll(async () => {
  world = await openTestStore()
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

const present = async (home: FilesHome): Promise<number> =>
  (await store.read((reader) => feedState(reader, home.feedId)))?.change ?? 0

interface Asked {
  readonly within?: number | ReadonlySet<number>
  readonly limit?: number
  readonly initial?: boolean
  readonly pageSize?: number
}

/** Names of what has changed, those that are gone with a minus, in their order. */
async function changes(home: FilesHome, since: number, asked: Asked = {}): Promise<string[]> {
  const upTo = await present(home)
  const names: string[] = []
  const { initial = false, ...rest } = asked
  for await (const page of nodeChangesSince(store, home.id, { since, upTo, initial, ...rest })) {
    names.push(...page.map((entry) => (entry.entry === 'tombstone' ? `-${entry.name}` : entry.name)))
  }
  return names
}

const change = (write: (tx: Writer) => Promise<unknown>) => store.write(write)

describe('changes in a home of files', () => {
  it('come oldest first, in pages, up to the number that was read first', async () => {
    const home = await makeFilesHome(store)
    const names = Array.from({ length: 12 }, (_, n) => `n${n}`)
    await change((tx) => make(tx, home, ...names))
    await change((tx) => write(tx, home, 'n3', 'other'))
    const order = [...names.filter((name) => name !== 'n3'), 'n3']
    expect(await changes(home, 0, { pageSize: 5, initial: true })).toEqual(order)
    expect(await changes(home, 0, { limit: 3, initial: true })).toEqual(order.slice(0, 3))
    expect(await changes(home, await present(home))).toEqual([])
  })

  it('tell what was deleted, a folder once for all that was in it', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'a/', 'a/b', 'c'))
    const since = await present(home)
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'c'), origin))
    expect(await changes(home, since)).toEqual(['-a', '-c'])
    expect(await changes(home, 0, { initial: true })).toEqual([])
  })

  it('tell a move as gone and come, with all that came along, parents first', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'x/', 'a/', 'a/b/', 'a/b/c', 'd'))
    const since = await present(home)
    await change(async (tx) => {
      const { id: parentId } = await at(tx, home, 'x')
      await moveNode(tx, home, await at(tx, home, 'a'), { home, parentId, name: 'z' }, origin)
    })
    expect(await changes(home, since)).toEqual(['-a', 'z', 'b', 'c'])
  })

  it('tell what came back from the trash', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'a/', 'a/b'))
    const { id } = await store.write((tx) => at(tx, home, 'a'))
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    const since = await present(home)
    await change(async (tx) => {
      const node = await findTrashedNode(tx, id)
      if (node) await restoreNode(tx, node, { home, parentId: top, name: 'a' }, origin)
    })
    expect(await changes(home, since)).toEqual(['a', 'b'])
  })

  it('are those of one folder, or of several, where these are asked for', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'a/d', 'e'))
    const [a, b] = await store.write(async (tx) => [
      (await at(tx, home, 'a')).id,
      (await at(tx, home, 'a/b')).id,
    ])
    expect(await changes(home, 0, { within: a })).toEqual(['b', 'd'])
    expect(await changes(home, 0, { within: new Set([a, b]), pageSize: 2 })).toEqual(['b', 'c', 'd'])
    expect(await changes(home, 0, { within: top })).toEqual(['a', 'e'])
  })

  it('tell of properties too', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'a', 'b'))
    const since = await present(home)
    await change(async (tx) => touchNode(tx, home, await at(tx, home, 'a')))
    expect(await changes(home, since)).toEqual(['a'])
  })

  it('tell a name that is used again as changed only, and that a folder was made anew', async () => {
    const home = await makeFilesHome(store)
    await change((tx) => make(tx, home, 'a/', 'a/gone', 'f'))
    const since = await present(home)
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'f'), origin))
    const between = await present(home)
    await change((tx) => make(tx, home, 'a/', 'f'))
    expect(await changes(home, since)).toEqual(['a', 'f'])
    const reborn = (number: number) => store.read((reader) => rebornFolders(reader, home.id, number))
    expect(await reborn(since)).toEqual(new Set([top]))
    expect(await reborn(between)).toEqual(new Set())
    await change(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    expect(await changes(home, since)).toEqual(['f', '-a'])
  })
})
