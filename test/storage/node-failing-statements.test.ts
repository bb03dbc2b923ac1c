import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { deleteNode, moveNode, restoreNode } from '../../storage/nodes/node-writes.ts'
import { type FilesHome, findTrashedNode, listTrashedNodes, top } from '../../storage/nodes/nodes.ts'
import { emptyTrash } from '../../storage/purge.ts'
import type { Store, Writer } from '../../storage/store.ts'
import { openTestStore, type TestStore } from '../store.ts'
import { at, make, makeFilesHome, write } from './nodes-world.ts'
import { expectWhole, origin } from './world.ts'

class BrokenDisk extends Error {}

let world: TestStore
let store: Store
/** The statement that fails, counted from 1; 0 for none. */
let failing = 0
let statements = 0
beforeAll(async () => {
  const beforeStatement = () => {
    statements += 1
    if (statements === failing) throw new BrokenDisk()
  }
  world = await openTestStore({ beforeStatement })
  store = world.store
})
afterEach(() => expectWhole(store))
afterAll(() => world[Symbol.asyncDispose]())

interface Homes {
  readonly home: FilesHome
  readonly other: FilesHome
}

const writes: Record<string, (tx: Writer, homes: Homes) => Promise<unknown>> = {
  'making a folder': (tx, { home }) => make(tx, home, 'new/'),
  'putting a new file': (tx, { home }) => make(tx, home, 'a/new'),
  'putting a file again': (tx, { home }) => write(tx, home, 'a/b/c', 'other'),
  'putting under a name that was deleted': (tx, { home }) => make(tx, home, 'gone'),
  'deleting a folder': async (tx, { home }) => deleteNode(tx, home, await at(tx, home, 'a'), origin),
  'moving a folder to another home': async (tx, { home, other }) =>
    moveNode(tx, home, await at(tx, home, 'a'), { home: other, parentId: top, name: 'a' }, origin),
  'moving a file onto another': async (tx, { home }) => {
    const replaced = await at(tx, home, 'd')
    const to = { home, parentId: top, name: 'd' }
    return await moveNode(tx, home, await at(tx, home, 'a/b/c'), to, origin, replaced)
  },
  'restoring a folder': async (tx, { home }) => {
    const [trashed] = await listTrashedNodes(tx, home.principalId, { limit: 1 })
    const node = trashed && (await findTrashedNode(tx, trashed.id))
    if (!node) throw new Error('the trash is empty')
    return await restoreNode(tx, node, { home, parentId: top, name: 'gone' }, origin)
  },
  'emptying the trash': (tx, { home }) => emptyTrash(tx, home.principalId),
}

/** Everything the homes have, as the tables say. */
async function contents({ home, other }: Homes): Promise<unknown> {
  const queries = [
    'SELECT * FROM nodes WHERE home_id IN ($1, $2)',
    'SELECT r.* FROM node_revisions r JOIN homes h ON h.principal_id = r.principal_id WHERE h.id IN ($1, $2)',
    'SELECT * FROM node_tombstones WHERE home_id IN ($1, $2)',
    'SELECT f.* FROM feeds f JOIN homes h ON h.feed_id = f.id WHERE h.id IN ($1, $2)',
  ]
  const found: unknown[] = []
  for (const query of queries) {
    const rows = await store.read(({ sql }) => sql.all(query, [home.id, other.id]))
    found.push(rows.map((row) => JSON.stringify(row)).toSorted())
  }
  return found
}

async function prepare(): Promise<Homes> {
  const homes = { home: await makeFilesHome(store), other: await makeFilesHome(store) }
  const { home } = homes
  await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'd', 'gone/', 'gone/e'))
  await store.write(async (tx) => deleteNode(tx, home, await at(tx, home, 'gone'), origin))
  return homes
}

describe.each(Object.entries(writes))('%s', (_name, change) => {
  it('leaves all as it was when any of its statements fails', async () => {
    const homes = await prepare()
    const before = await contents(homes)
    for (let nth = 1; ; nth += 1) {
      statements = 0
      failing = nth
      const outcome = await store
        .write((tx) => change(tx, homes))
        .then(
          () => 'done',
          (error: unknown) => error,
        )
      failing = 0
      if (outcome === 'done') {
        expect(nth).toBeGreaterThan(3)
        expect(await contents(homes)).not.toEqual(before)
        return
      }
      expect(outcome).toBeInstanceOf(BrokenDisk)
      expect(await contents(homes)).toEqual(before)
    }
  })
})
