import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { copyDeadProperties, setDeadProperty } from '../../storage/dead-properties.ts'
import { feedState } from '../../storage/feeds.ts'
import { listNodeRevisions } from '../../storage/nodes/node-revisions.ts'
import { deleteNode, moveNode, restoreNode } from '../../storage/nodes/node-writes.ts'
import {
  findNode,
  findNodePath,
  findTrashedNode,
  foldersAbove,
  homeTotals,
  listNodes,
  listTrashedNodes,
  subtreeDepth,
  subtreeTotals,
  top,
} from '../../storage/nodes/nodes.ts'
import { removePrincipal } from '../../storage/purge.ts'
import type { Store } from '../../storage/store.ts'
import { dialect, openTestStore, type TestStore } from '../store.ts'
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

describe('folders and files', () => {
  it('are found along their path, as far as there is something', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c'))
    const names = async (path: string) =>
      (await store.read((reader) => findNodePath(reader, home.id, path.split('/')))).map(({ name }) => name)
    expect(await names('a/b/c')).toEqual(['a', 'b', 'c'])
    expect(await names('a/b/x')).toEqual(['a', 'b'])
    expect(await names('a/x/c')).toEqual(['a'])
    expect(await names('b')).toEqual([])
    expect(await store.read((reader) => findNodePath(reader, home.id, []))).toEqual([])
    const file = await store.read(async (reader) => (await findNodePath(reader, home.id, ['a', 'b', 'c']))[2])
    if (!file) throw new Error('the file is not there')
    const above = await store.read((reader) => foldersAbove(reader, file))
    expect(above.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  it('have names that are compared after normalisation, and shown as they were written (FND-05)', async () => {
    const home = await makeFilesHome(store)
    const [nfc, nfd] = ['ü.txt'.normalize('NFC'), 'ü.txt'.normalize('NFD')]
    await store.write((tx) => make(tx, home, nfd))
    const found = await store.read((reader) => findNode(reader, home.id, top, nfc))
    expect(found?.name).toBe(nfd)
    await expect(store.write((tx) => make(tx, home, nfc))).rejects.toThrow()
  })

  it('are listed in pages by name, none left out', async () => {
    const home = await makeFilesHome(store)
    const names = Array.from({ length: 25 }, (_, n) => `n${n}`)
    await store.write((tx) => make(tx, home, ...names))
    const seen: string[] = []
    for await (const page of listNodes(store, home.id, top, { pageSize: 7 })) {
      expect(page.length).toBeLessThanOrEqual(7)
      seen.push(...page.map(({ name }) => name))
    }
    expect(seen).toEqual(names.toSorted())
  })

  it('are counted with what lies below them', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'a/d', 'e'))
    await store.write(async (tx) => {
      const folder = await at(tx, home, 'a')
      expect(await subtreeTotals(tx, folder)).toEqual({ nodes: 4, bytes: 'a/b/c'.length + 'a/d'.length })
      expect(await subtreeDepth(tx, folder)).toBe(2)
      expect(await subtreeTotals(tx, await at(tx, home, 'e'))).toEqual({ nodes: 1, bytes: 1 })
      expect(await homeTotals(tx, home.id)).toEqual({ nodes: 5, bytes: 9 })
    })
  })

  it('keep the octets they had as revisions; the same octets again change nothing', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a'))
    const before = await store.read((reader) => feedState(reader, home.feedId))
    await store.write((tx) => write(tx, home, 'a', 'a'))
    expect(await store.read((reader) => feedState(reader, home.feedId))).toEqual(before)
    const file = await store.write((tx) => write(tx, home, 'a', 'other'))
    const revisions = await store.read((reader) => listNodeRevisions(reader, file.id))
    expect(revisions.map(({ kind, size }) => [kind, size])).toEqual([
      ['updated', 5],
      ['created', 1],
    ])
  })

  it('go with their account', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b', 'c'))
    await store.write(async (tx) => {
      const node = await at(tx, home, 'c')
      await setDeadProperty(tx, { kind: 'node', id: node.id }, { name: '{x}y', xml: '<y xmlns="x"/>' })
      await deleteNode(tx, home, await at(tx, home, 'a'), origin)
    })
    await store.write((tx) => removePrincipal(tx, home.principalId))
    const left = await store.read(({ sql }) => sql.all('SELECT id FROM nodes WHERE home_id = $1', [home.id]))
    expect(left).toEqual([])
  })
})

describe('moving', () => {
  it('takes along what lies below, its properties and its history', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'x/'))
    const before = await store.write(async (tx) => {
      const node = await at(tx, home, 'a/b')
      await setDeadProperty(tx, { kind: 'node', id: node.id }, { name: '{x}y', xml: '<y xmlns="x"/>' })
      return node
    })
    const moved = await store.write(async (tx) => {
      const { id: parentId } = await at(tx, home, 'x')
      return await moveNode(tx, home, before, { home, parentId, name: 'y' }, origin)
    })
    expect(moved).toMatchObject({ id: before.id, resourceId: before.resourceId, name: 'y' })
    expect(await treeOf(store, home)).toEqual(['a/', 'x/', 'x/y/', 'x/y/c'])
  })

  it('into another home makes all of it that account’s', async () => {
    const [from, to] = [await makeFilesHome(store), await makeFilesHome(store)]
    await store.write((tx) => make(tx, from, 'a/', 'a/b/', 'a/b/c', 'd'))
    await store.write(async (tx) =>
      moveNode(tx, from, await at(tx, from, 'a'), { home: to, parentId: top, name: 'e' }, origin),
    )
    await store.write(async (tx) =>
      moveNode(tx, to, await at(tx, to, 'e/b'), { home: from, parentId: top, name: 'b' }, origin),
    )
    expect(await treeOf(store, from)).toEqual(['b/', 'b/c', 'd'])
    expect(await treeOf(store, to)).toEqual(['e/'])
  })

  it('a file onto another keeps the history of both', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a', 'temporary'))
    await store.write((tx) => write(tx, home, 'a', 'second'))
    const moved = await store.write(async (tx) => {
      const replaced = await at(tx, home, 'a')
      const file = await at(tx, home, 'temporary')
      return await moveNode(tx, home, file, { home, parentId: top, name: 'a' }, origin, replaced)
    })
    expect(await treeOf(store, home)).toEqual(['a'])
    const revisions = await store.read((reader) => listNodeRevisions(reader, moved.id))
    expect(revisions.map(({ kind, size }) => [kind, size])).toEqual([
      ['moved', 9],
      ['replaced', 6],
      ['updated', 6],
      ['created', 9],
      ['created', 1],
    ])
  })
})

describe('deleting', () => {
  it('takes a folder into the trash whole, and its name can be used again', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'd'))
    await store.write(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    expect(await treeOf(store, home)).toEqual(['d'])
    await store.write((tx) => make(tx, home, 'a/', 'a/b'))
    expect(await treeOf(store, home)).toEqual(['a/', 'a/b', 'd'])
    const trash = await store.read((reader) => listTrashedNodes(reader, home.principalId, { limit: 9 }))
    expect(trash.map(({ name, kind }) => [name, kind])).toEqual([['a', 'folder']])
  })

  it('and restoring bring back all that went together, and nothing that went alone', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b/', 'a/b/c', 'a/d'))
    await store.write(async (tx) => deleteNode(tx, home, await at(tx, home, 'a/d'), origin))
    const { id } = await store.write((tx) => at(tx, home, 'a'))
    await store.write(async (tx) => deleteNode(tx, home, await at(tx, home, 'a'), origin))
    expect(await treeOf(store, home)).toEqual([])
    await store.write(async (tx) => {
      const node = await findTrashedNode(tx, id)
      if (!node) throw new Error('the folder is not in the trash')
      await restoreNode(tx, node, { home, parentId: top, name: 'z' }, origin)
    })
    expect(await treeOf(store, home)).toEqual(['z/', 'z/b/', 'z/b/c'])
    const trash = await store.read((reader) => listTrashedNodes(reader, home.principalId, { limit: 9 }))
    expect(trash.map(({ name }) => name)).toEqual(['d'])
  })

  it('lists the trash in pages, the latest first', async () => {
    const home = await makeFilesHome(store)
    const names = ['a', 'b', 'c', 'd', 'e']
    await store.write((tx) => make(tx, home, ...names))
    for (const name of names) {
      if (name !== 'c') world.clock.now += 1_000
      await store.write(async (tx) => deleteNode(tx, home, await at(tx, home, name), origin))
    }
    const seen: string[] = []
    for (let before: { deletedAt: number; id: number } | undefined; ; ) {
      const page = await store.read((reader) =>
        listTrashedNodes(reader, home.principalId, { before, limit: 2 }),
      )
      seen.push(...page.map(({ name }) => name))
      before = page.at(-1)
      if (page.length < 2) break
    }
    expect(seen).toEqual(names.toReversed())
  })
})

describe('octets', () => {
  it('are shared by files that have the same', async () => {
    const [one, two] = await store.write(async (tx) => [
      await contentOf(tx, 'same'),
      await contentOf(tx, 'same'),
    ])
    expect(one.blobId).toBe(two.blobId)
  })

  it('of a copy are those of its original, and its properties too', async () => {
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a', 'b'))
    await store.write(async (tx) => {
      const [a, b] = [await at(tx, home, 'a'), await at(tx, home, 'b')]
      await setDeadProperty(tx, { kind: 'node', id: a.id }, { name: '{x}y', xml: '<y xmlns="x"/>' })
      await copyDeadProperties(tx, { kind: 'node', id: a.id }, { kind: 'node', id: b.id })
    })
    const rows = await store.read(({ sql }) =>
      sql.all("SELECT name FROM dead_properties WHERE target_kind = 'node' AND name = '{x}y'"),
    )
    expect(rows.length).toBeGreaterThanOrEqual(2)
  })
})

describe('a home with many nodes', () => {
  it('answers for one of them without looking at the others', async () => {
    if (dialect !== 'sqlite') return
    const home = await makeFilesHome(store)
    await store.write((tx) => make(tx, home, 'a/', 'a/b'))
    const plans: string[] = []
    const explaining = {
      sql: {
        dialect: 'sqlite' as const,
        all: async <T>(text: string, params?: readonly unknown[]) => {
          const rows = await store.read(({ sql }) =>
            sql.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, params),
          )
          plans.push(...rows.map(({ detail }) => detail))
          return [] as T[]
        },
        first: async <T>(text: string, params?: readonly unknown[]) => {
          await explaining.sql.all(text, params)
          return { change: 1, nodes: 1, bytes: 1, id: 1, name: 'c' } as T
        },
        run: async (text: string, params?: readonly unknown[]) => {
          await explaining.sql.all(text, params)
          return 1
        },
      },
      now: 0,
      afterCommit: () => {},
      feedChanged: () => {},
      followed: new Set<number>(),
      touched: new Map(),
      touchedParties: new Set<number>(),
      madeParties: new Set<number>(),
      deviceChanges: new Map(),
      touchedTasks: new Map(),
      touchedNodes: new Set<number>(),
      touchedCalendars: new Set<number>(),
      renamedLabels: new Set<never>(),
      wakes: new Set<'events'>(),
    }
    const node = await store.write((tx) => at(tx, home, 'a'))
    await findNodePath(explaining, home.id, ['a', 'b'])
    await foldersAbove(explaining, node)
    await subtreeTotals(explaining, node)
    await subtreeDepth(explaining, node)
    await foldersAbove(explaining, { ...node, parentId: node.id })
    await deleteNode(explaining, home, node, origin)
    const to = { home, parentId: top, name: 'c' }
    await moveNode(explaining, home, node, to, origin)
    expect(plans.length).toBeGreaterThan(20)
    expect(plans.filter((plan) => /^SCAN (n|nodes|p)\b/.test(plan))).toEqual([])
  })
})
