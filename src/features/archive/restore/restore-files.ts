import type { HomeRow } from '../../../../storage/homes.ts'
import type { NodeId } from '../../../../storage/ids.ts'
import { createFile, createFolder, type FileContent } from '../../../../storage/nodes/node-writes.ts'
import { top } from '../../../../storage/nodes/nodes.ts'
import type { Writer } from '../../../../storage/store.ts'
import { receiveFile } from '../../documents/receive.ts'
import { TransferError } from '../../transfer/transfer-error.ts'
import { type NodeRecord, nodeRecord } from '../format.ts'
import { readRecords } from '../read/archive-source.ts'
import { describedIn } from '../write/write-files.ts'
import { type NodesByPath, restoreFileHistory, restoreFileTrash } from './restore-file-history.ts'
import { hasFile, origin, type Restoring, type Staged, setProperties } from './staged.ts'

/** Nodes of one write at most, so that others can write in between. */
const batchNodes = 100
export const unlimited = { fileBytes: Number.POSITIVE_INFINITY, roomBytes: Number.POSITIVE_INFINITY }

interface ReadyNode {
  readonly record: NodeRecord
  /** Undefined for a folder. */
  readonly content: FileContent | undefined
}

/** Brings the documents of a home back; who may see them is said later. @throws TransferError */
export async function restoreFiles(
  run: Restoring,
  staged: Staged,
  home: HomeRow,
  folder: string,
): Promise<void> {
  const account = staged.folder
  const nodes: NodesByPath = new Map()
  const hasHistory = await hasFile(run, `${account}/files-history.jsonl`)
  const folders = new Map<string, NodeId>([['', top]])
  let batch: ReadyNode[] = []
  const store = async (): Promise<void> => {
    const made = await run.services.store.write((tx) => storeNodes(tx, home, folders, batch))
    for (const { record, id } of made) {
      if (record.kind === 'folder') folders.set(record.path, id)
      if (hasHistory) nodes.set(`files/${record.path}`, id)
      if (record.isNamed) run.places.nodes.set(`${folder}/${record.path}`, id)
      const { path, aces, links } = record
      if (aces.length + links.length > 0) staged.nodes.push({ id, path, aces, links })
      run.counted()
    }
    staged.documents += made.length
    batch = []
  }
  for await (const record of readRecords(run.source, describedIn(folder), nodeRecord)) {
    const content =
      record.kind === 'file' ? await contentOf(run, record, `${folder}/${record.path}`) : undefined
    if (record.kind === 'file' && !content) continue
    batch.push({ record, content })
    if (batch.length >= batchNodes) await store()
  }
  if (batch.length > 0) await store()
  if (!hasHistory) return
  await restoreFileTrash(run, home, account, nodes)
  await restoreFileHistory(run, home, account, nodes)
}

/** Undefined for a file that is missing, which is said. */
export async function contentOf(
  run: Restoring,
  { mediaType }: NodeRecord,
  path: string,
): Promise<FileContent | undefined> {
  try {
    return { ...(await receiveFile(run.services, run.source.read(path), unlimited)), mediaType }
  } catch (error) {
    if (!(error instanceof TransferError) || !run.broken.has(path)) throw error
    run.leftOut(path, error.message)
    return undefined
  }
}

/** It may run twice: what is known of folders is not changed here. @throws TransferError for a file in no folder */
export async function storeNodes(
  tx: Writer,
  home: HomeRow,
  folders: ReadonlyMap<string, NodeId>,
  batch: readonly ReadyNode[],
): Promise<{ readonly record: NodeRecord; readonly id: NodeId }[]> {
  const known = new Map(folders)
  const made: { record: NodeRecord; id: NodeId }[] = []
  for (const { record, content } of batch) {
    const slash = record.path.lastIndexOf('/')
    const parentId = known.get(record.path.slice(0, Math.max(slash, 0)))
    if (parentId === undefined) throw new TransferError(`${record.path} lies in no folder.`)
    const { resourceId, createdAt, modifiedAt } = record
    const place = { home, parentId, name: record.name ?? record.path.slice(slash + 1) }
    const node = { place, resourceId, origin, createdAt, modifiedAt }
    const { id } = content ? await createFile(tx, { ...node, content }) : await createFolder(tx, node)
    if (!content) known.set(record.path, id)
    await setProperties(tx, { kind: 'node', id }, record.properties)
    made.push({ record, id })
  }
  return made
}
