import { createHash } from 'node:crypto'
import { claimBlob } from '../../storage/blobs/blob-rows.ts'
import type { HomeId, NodeId } from '../../storage/ids.ts'
import { createFile, createFolder, type FileContent, updateFile } from '../../storage/nodes/node-writes.ts'
import { type FilesHome, findNodePath, type NodeRow, top } from '../../storage/nodes/nodes.ts'
import { createPrincipal } from '../../storage/principals.ts'
import type { Store, Writer } from '../../storage/store.ts'
import { origin } from './world.ts'

let accounts = 0
let resources = 0

/** An account's home of files. */
export function makeFilesHome(store: Store): Promise<FilesHome> {
  const name = `files${++accounts}`
  return store.write(async (tx) => {
    const { id, filesHomeId } = await createPrincipal(tx, { name, segment: name, displayName: name })
    return { id: filesHomeId, principalId: id, feedId: await feedOf(tx, filesHomeId) }
  })
}

async function feedOf(tx: Writer, id: HomeId): Promise<number> {
  const row = await tx.sql.first<{ feedId: number }>('SELECT feed_id AS "feedId" FROM homes WHERE id = $1', [
    id,
  ])
  if (row === undefined) throw new Error('there is no such home')
  return row.feedId
}

/** Rows that say that this text is stored. */
export async function contentOf(tx: Writer, text: string): Promise<FileContent> {
  const hash = createHash('sha256').update(text).digest('hex')
  const size = Buffer.byteLength(text)
  return {
    blobId: await claimBlob(tx, { hash, size }),
    size,
    etag: `"${hash.slice(0, 32)}"`,
    mediaType: null,
  }
}

/** Makes folders (`a/b/`) and files (`a/b/c`) with their path as content; folders around them are there already. */
export async function make(tx: Writer, home: FilesHome, ...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const isFolder = path.endsWith('/')
    const names = path.split('/').filter(Boolean)
    const name = names.at(-1) ?? ''
    const place = { home, parentId: await folderId(tx, home, names.slice(0, -1)), name }
    const made = { place, resourceId: `resource-${++resources}`, origin }
    if (isFolder) await createFolder(tx, made)
    else await createFile(tx, { ...made, content: await contentOf(tx, path) })
  }
}

async function folderId(tx: Writer, home: FilesHome, names: readonly string[]): Promise<NodeId> {
  if (names.length === 0) return top
  return (await at(tx, home, names.join('/'))).id
}

/** The node at a path, which is there. */
export async function at(tx: Writer, home: FilesHome, path: string): Promise<NodeRow> {
  const names = path.split('/').filter(Boolean)
  const nodes = await findNodePath(tx, home.id, names)
  const node = nodes[names.length - 1]
  if (node === undefined) throw new Error(`${path} is not there`)
  return node
}

/** Gives the file at a path other content. */
export async function write(tx: Writer, home: FilesHome, path: string, text: string): Promise<NodeRow> {
  return await updateFile(tx, home, await at(tx, home, path), await contentOf(tx, text), origin)
}

/** All that lives in a home, as paths. */
export async function treeOf(store: Store, home: FilesHome): Promise<string[]> {
  const rows = await store.read(({ sql }) =>
    sql.all<Pick<NodeRow, 'id' | 'parentId' | 'name' | 'kind'>>(
      'SELECT id, parent_id AS "parentId", name, kind FROM nodes WHERE home_id = $1 AND deleted_root IS NULL',
      [home.id],
    ),
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  const pathOf = ({ parentId, name }: Pick<NodeRow, 'parentId' | 'name'>): string => {
    const parent = byId.get(parentId)
    return parent === undefined ? name : `${pathOf(parent)}/${name}`
  }
  return rows.map((row) => pathOf(row) + (row.kind === 'folder' ? '/' : '')).toSorted()
}
