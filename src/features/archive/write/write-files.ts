import { type BlobRow, findBlobs } from '../../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../../storage/blobs/blob-store.ts'
import { deadProperties, targetKey } from '../../../../storage/dead-properties.ts'
import type { HomeRow } from '../../../../storage/homes.ts'
import type { NodeId } from '../../../../storage/ids.ts'
import { type FolderLinkRow, linksOfNodes } from '../../../../storage/nodes/folder-links.ts'
import { listNodes, type NodeRow, top } from '../../../../storage/nodes/nodes.ts'
import { listTrashedIn, listTrashRoots } from '../../../../storage/restored/node-history.ts'
import { documentNamer } from '../../transfer/names.ts'
import { type ArchiveFile, createSpool, type Entries, type Spool, timeText } from '../entries.ts'
import { acesOf } from './describe.ts'
import type { Run } from './run.ts'
import { type FileHistoryWriter, fileHistoryWriter } from './write-file-history.ts'

/** A run through documents: those that live in a home, or those of the trash. */
interface FilesRun extends Run {
  readonly folder: string
  readonly described: Spool
  /** Where living folders are in the archive, to say where something was before it went to the trash. */
  readonly folders: Map<NodeId, string>
  readonly states: FileHistoryWriter | undefined
  /** What lies in a folder; one that went to the trash did so with a root. */
  below(folder: NodeRow, root: NodeId): Pages
}

type Pages = AsyncGenerator<readonly (NodeRow & { readonly deletedAt?: number })[]>

/**
 * Folders and files as they lie, with the time of their last change. Beside the folder comes a file with a line of JSON for
 * each. What cannot be read or written stays behind, and the rest goes on. With history what is in the trash comes beside,
 * and the older states of all.
 * @param account  the folder of the account
 */
export async function* filesEntries(run: Run, home: HomeRow, account: string): Entries {
  const { store } = run.services
  const states = run.history ? fileHistoryWriter(run, account) : undefined
  const folders = new Map<NodeId, string>([[top, '']])
  const of = { states, folders }
  yield* treeEntries(
    { ...run, ...of, below: (folder) => listNodes(store, home.id, folder.id) },
    `${account}/files`,
    listNodes(store, home.id, top),
  )
  if (!states) return
  const trash = {
    ...run,
    ...of,
    below: (folder: NodeRow, root: NodeId) => listTrashedIn(store, root, folder.id),
  }
  yield* treeEntries(trash, `${account}/${trashFolder}`, listTrashRoots(store, home.principalId))
  yield* states.end()
}

/** Where the documents of the trash are. */
const trashFolder = 'files-trash'

async function* treeEntries(
  given: Omit<FilesRun, 'folder' | 'described'>,
  folder: string,
  pages: Pages,
): Entries {
  const described = createSpool()
  let written = 0
  const count = (what: Parameters<Run['count']>[0]): void => {
    written += 1
    given.count(what)
  }
  yield { kind: 'folder', path: folder }
  yield* inside({ ...given, count, folder, described }, pages, '')
  yield described.file(describedIn(folder), given.now)
  if (written > 0) given.written(folder, written)
}

/** The file with what is said of the files in a folder. */
export const describedIn = (folder: string): string => `${folder}.jsonl`

/** @param path  of the folder that is there, below that of the run; empty, or with a slash at its end */
async function* inside(run: FilesRun, pages: Pages, path: string, root?: NodeId): Entries {
  const { store } = run.services
  const nameOf = documentNamer()
  for await (const page of pages) {
    const { blobs, properties, aces, links } = await store.read(async (reader) => ({
      blobs: await findBlobs(
        reader,
        page.flatMap(({ blobId }) => blobId ?? []),
      ),
      properties: await deadProperties(reader, page.map(targetOf)),
      aces: await acesOf(reader, page.map(targetOf)),
      links: await linksOfNodes(
        reader,
        page.map(({ id }) => id),
      ),
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
      const isNamed = run.places.namedNodes.has(node.id)
      const hanging = {
        ...{ properties: properties.get(key) ?? [], aces: aces.get(key) ?? [] },
        ...{ links: (links.get(node.id) ?? []).map(linkOf), isNamed },
      }
      run.described.add(lineOf(node, at, hanging, run.folders))
      run.count('documents')
      if (isNamed) run.places.nodes.set(node.id, `${run.folder}/${at}`)
      if (run.states) yield* run.states.of(new Map([[node, `${run.folder.replace(/^[^/]*\//, '')}/${at}`]]))
      if (node.kind === 'file') continue
      if (node.deletedAt === undefined && root === undefined) run.folders.set(node.id, at)
      const top = root ?? node.id
      yield* inside(
        run,
        run.below(node, top),
        `${at}/`,
        isDeleted(node) || root !== undefined ? top : undefined,
      )
    }
  }
}

/** Whether it was taken to the trash itself. */
const isDeleted = ({ deletedAt }: { readonly deletedAt?: number }): boolean => deletedAt !== undefined

const targetOf = ({ id }: NodeRow) => ({ kind: 'node', id }) as const

function linkOf({ createdAt, expiresAt }: FolderLinkRow) {
  return { createdAt: timeText(createdAt), expiresAt: expiresAt === null ? null : timeText(expiresAt) }
}

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
  { name, kind, mediaType, resourceId, createdAt, modifiedAt, ...node }: NodeRow & { deletedAt?: number },
  path: string,
  hanging: {
    readonly properties: readonly unknown[]
    readonly aces: readonly unknown[]
    readonly links: readonly unknown[]
    readonly isNamed: boolean
  },
  folders: FilesRun['folders'],
) {
  const { deletedAt, parentId } = node
  const { properties, aces, links, isNamed } = hanging
  const was =
    deletedAt === undefined ? {} : { deletedAt: timeText(deletedAt), from: folders.get(parentId) ?? null }
  return {
    path,
    ...was,
    ...(name === path.slice(path.lastIndexOf('/') + 1) ? {} : { name }),
    kind,
    mediaType,
    resourceId,
    createdAt: timeText(createdAt),
    modifiedAt: timeText(modifiedAt),
    ...(properties.length > 0 ? { properties } : {}),
    ...(aces.length > 0 ? { aces } : {}),
    ...(links.length > 0 ? { links } : {}),
    ...(isNamed ? { isNamed } : {}),
  }
}
