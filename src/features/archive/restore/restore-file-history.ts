import type { HomeRow } from '../../../../storage/homes.ts'
import type { BlobId, NodeId } from '../../../../storage/ids.ts'
import { deleteNode } from '../../../../storage/nodes/node-writes.ts'
import { findNodeById, type NodeRow, top } from '../../../../storage/nodes/nodes.ts'
import {
  type KeptNodeState,
  replaceNodeHistory,
  settleTrashed,
} from '../../../../storage/restored/node-history.ts'
import { receiveFile } from '../../documents/receive.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type NodeHistoryRecord, type NodeRecord, nodeHistoryRecord, nodeRecord } from '../format.ts'
import { readRecords } from '../read/archive-source.ts'
import { contentOf, storeNodes, unlimited } from './restore-files.ts'
import { authorOf, hasFile, origin, type Restoring } from './staged.ts'

/** Where documents are by what they are called in the archive: `files/a.txt`. */
export type NodesByPath = Map<string, NodeId>

/**
 * Takes again to the trash what was in it: each is made under a name that nothing else has, deleted, and then called what it
 * was called, in the folder that it was in.
 */
export async function restoreFileTrash(
  run: Restoring,
  home: HomeRow,
  account: string,
  nodes: NodesByPath,
): Promise<void> {
  const folder = `${account}/files-trash`
  if (!(await hasFile(run, `${folder}.jsonl`))) return
  let root: { readonly record: NodeRecord; readonly id: NodeId } | undefined
  const folders = new Map<string, NodeId>([['', top]])
  const settle = async (): Promise<void> => {
    if (!root) return
    const { record, id } = root
    const from = record.from === '' ? top : (nodes.get(`files/${record.from}`) ?? -1)
    await run.services.store.write(async (tx) => {
      const made = await findNodeById(tx, id)
      if (!made) throw new Error('The node is gone.')
      await deleteNode({ ...tx, now: record.deletedAt ?? tx.now }, home, made, origin)
      await settleTrashed(tx, made, { parentId: from, name: record.name ?? record.path })
    })
  }
  for await (const record of readRecords(run.source, `${folder}.jsonl`, nodeRecord)) {
    const isRoot = record.deletedAt !== undefined
    if (isRoot) await settle()
    const content =
      record.kind === 'file' ? await contentOf(run, record, `${folder}/${record.path}`) : undefined
    if (record.kind === 'file' && !content) {
      if (isRoot) root = undefined
      continue
    }
    const placed = isRoot ? { ...record, name: `restoring-${run.services.newId()}` } : record
    const [made] = await run.services.store.write((tx) =>
      storeNodes(tx, home, folders, [{ record: placed, content }]),
    )
    if (!made) continue
    if (record.kind === 'folder') folders.set(record.path, made.id)
    if (isRoot) root = { record, id: made.id }
    if (record.isNamed) run.places.nodes.set(`${folder}/${record.path}`, made.id)
    nodes.set(`files-trash/${record.path}`, made.id)
    run.counted()
  }
  await settle()
}

/** Gives folders and files the states they had. */
export async function restoreFileHistory(
  run: Restoring,
  { principalId }: HomeRow,
  account: string,
  nodes: NodesByPath,
): Promise<void> {
  const path = `${account}/files-history.jsonl`
  if (!(await hasFile(run, path))) return
  for await (const record of readRecords(run.source, path, nodeHistoryRecord)) {
    const id = nodes.get(record.path)
    if (id === undefined) continue
    const blobs = await blobsOf(run, account, record)
    const isFitting = await run.services.store.write(async (tx) => {
      const node = await tx.sql.first<
        Pick<NodeRow, 'id' | 'parentId' | 'change' | 'etag' | 'name' | 'blobId'>
      >(
        'SELECT id, parent_id AS "parentId", change, etag, name, blob_id AS "blobId" FROM nodes WHERE id = $1',
        [id],
      )
      const last = record.states.at(-1)
      if (!node || !last || last.etag !== node.etag || last.name !== node.name) return false
      const states = record.states.map(({ file, isPresent, author, ...state }): KeptNodeState => {
        const blobId = isPresent ? node.blobId : file === null ? null : (blobs.get(file) ?? null)
        return { ...state, blobId, authorId: authorOf(run, author) }
      })
      await replaceNodeHistory(tx, { ...node, principalId }, states)
      return true
    })
    if (!isFitting) run.leftOut(path, `the history of ${record.path}`)
  }
}

/** Takes older octets in. Those that are missing are known to be. */
async function blobsOf(run: Restoring, account: string, { states }: NodeHistoryRecord) {
  const blobs = new Map<string, BlobId>()
  for (const { file } of states) {
    if (file === null || blobs.has(file)) continue
    try {
      const { blobId } = await receiveFile(run.services, run.source.read(`${account}/${file}`), unlimited)
      blobs.set(file, blobId)
    } catch (error) {
      if (!(error instanceof TransferError) || !run.broken.has(`${account}/${file}`)) throw error
      run.leftOut(`${account}/${file}`, error.message)
    }
  }
  return blobs
}
