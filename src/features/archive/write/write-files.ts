import { type BlobRow, findBlobs } from '../../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../../storage/blobs/blob-store.ts'
import { deadProperties, targetKey } from '../../../../storage/dead-properties.ts'
import type { HomeId, NodeId } from '../../../../storage/ids.ts'
import { listNodes, type NodeRow, top } from '../../../../storage/nodes/nodes.ts'
import { documentNamer } from '../../transfer/names.ts'
import { type ArchiveFile, createSpool, type Entries, type Spool, timeText } from '../entries.ts'
import { acesOf } from './describe.ts'
import type { Run } from './run.ts'

/** A run through the documents of one home. */
interface FilesRun extends Run {
  readonly homeId: HomeId
  readonly folder: string
  readonly described: Spool
}

/**
 * Folders and files as they lie, with the time of their last change. Beside the folder comes a file with a line of JSON for
 * each. What cannot be read or written stays behind, and the rest goes on.
 */
export async function* filesEntries(run: Run, homeId: HomeId, folder: string): Entries {
  const described = createSpool()
  let written = 0
  const count = (what: Parameters<Run['count']>[0]): void => {
    written += 1
    run.count(what)
  }
  yield { kind: 'folder', path: folder }
  yield* inside({ ...run, count, homeId, folder, described }, top, '')
  yield described.file(describedIn(folder), run.now)
  run.written(folder, written)
}

/** The file with what is said of the files in a folder. */
export const describedIn = (folder: string): string => `${folder}.jsonl`

/** @param path  of the folder that is there, below that of the run; empty, or with a slash at its end */
async function* inside(run: FilesRun, id: NodeId, path: string): Entries {
  const { store } = run.services
  const nameOf = documentNamer()
  for await (const page of listNodes(store, run.homeId, id)) {
    const { blobs, properties, aces } = await store.read(async (reader) => ({
      blobs: await findBlobs(
        reader,
        page.flatMap(({ blobId }) => blobId ?? []),
      ),
      properties: await deadProperties(reader, page.map(targetOf)),
      aces: await acesOf(reader, page.map(targetOf)),
    }))
    for (const node of page) {
      const at = path + nameOf(node.name)
      let refused: string | undefined
      const unwritable = (reason: string): void => {
        refused = reason
      }
      const octets = await octetsOf(run, node, blobs).catch((error: unknown) => {
        if (!(error instanceof BlobMissingError)) throw error
        refused = error.message
      })
      if (octets) yield { ...entryOf(node, `${run.folder}/${at}`, octets), unwritable }
      if (refused !== undefined) {
        run.leftOut(`${run.folder}/${at}`, refused)
        continue
      }
      const key = targetKey(targetOf(node))
      run.described.add(
        lineOf(node, at, { properties: properties.get(key) ?? [], aces: aces.get(key) ?? [] }),
      )
      run.count('documents')
      if (node.kind === 'folder') yield* inside(run, node.id, `${at}/`)
    }
  }
}

const targetOf = ({ id }: NodeRow) => ({ kind: 'node', id }) as const

/** Those of a folder are none. @throws BlobMissingError */
async function octetsOf(
  { services }: Run,
  { size, blobId }: NodeRow,
  blobs: ReadonlyMap<number, BlobRow>,
): Promise<ArchiveFile['octets']> {
  const hash = blobId === null ? undefined : blobs.get(blobId)?.hash
  return size === 0 || hash === undefined ? Buffer.alloc(0) : await services.blobs.read(hash)
}

function entryOf({ kind, size, modifiedAt }: NodeRow, path: string, octets: ArchiveFile['octets']) {
  if (kind === 'folder') return { kind, path }
  return { kind, path, octets, size, modifiedAt }
}

function lineOf(
  { name, kind, mediaType, resourceId, createdAt, modifiedAt }: NodeRow,
  path: string,
  { properties, aces }: { readonly properties: readonly unknown[]; readonly aces: readonly unknown[] },
) {
  return {
    path,
    ...(name === path.slice(path.lastIndexOf('/') + 1) ? {} : { name }),
    kind,
    mediaType,
    resourceId,
    createdAt: timeText(createdAt),
    modifiedAt: timeText(modifiedAt),
    ...(properties.length > 0 ? { properties } : {}),
    ...(aces.length > 0 ? { aces } : {}),
  }
}
