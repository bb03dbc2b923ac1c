import { createWriteStream } from 'node:fs'
import { appendFile, mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { type BlobRow, findBlobs } from '../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../storage/blobs/blob-store.ts'
import { type DeadProperty, deadProperties, targetKey } from '../../../storage/dead-properties.ts'
import type { HomeId, NodeId } from '../../../storage/ids.ts'
import { listNodes, type NodeRow, top } from '../../../storage/nodes/nodes.ts'
import type { Services } from '../../services.ts'
import { documentNamer } from './names.ts'

/** What stays behind, and why. */
export interface LeftOut {
  readonly kind: 'refused'
  /** Where it should be. */
  readonly path: string
  readonly reason: string
}

/** A run: what it reads from, and where it writes what file systems do not keep. */
interface Run {
  readonly services: Pick<Services, 'store' | 'blobs'>
  readonly homeId: HomeId
  readonly folder: string
  readonly counted: () => void
}

/**
 * Writes folders and files out as they lie, with the time of their last change. Beside the folder comes a file with a line
 * of JSON for everything that has more than that. What cannot be written stays behind, and the rest goes on.
 * @param counted  told of everything that is written
 */
export async function* exportFiles(
  services: Run['services'],
  homeId: HomeId,
  folder: string,
  counted: () => void,
): AsyncGenerator<LeftOut> {
  await mkdir(folder, { mode: 0o700 })
  await writeFile(describedIn(folder), '', { mode: 0o600, flag: 'wx' })
  yield* writeInside({ services, homeId, folder, counted }, top, '')
}

/** The file with what is said of the files in a folder. */
export const describedIn = (folder: string): string => `${folder}.jsonl`

/** @param path  of the folder that is there, below that of the run; empty, or with a slash at its end */
async function* writeInside(run: Run, id: NodeId, path: string): AsyncGenerator<LeftOut> {
  const { store } = run.services
  const nameOf = documentNamer()
  for await (const page of listNodes(store, run.homeId, id)) {
    const { blobs, properties } = await store.read(async (reader) => ({
      blobs: await findBlobs(
        reader,
        page.flatMap(({ blobId }) => blobId ?? []),
      ),
      properties: await deadProperties(reader, page.map(targetOf)),
    }))
    for (const node of page) {
      const at = path + nameOf(node.name)
      const reason = await reasonUnwritten(run, node, at, blobs)
      if (reason !== undefined) {
        yield { kind: 'refused', path: join(run.folder, at), reason }
        continue
      }
      const line = lineOf(node, at, properties.get(targetKey(targetOf(node))))
      if (line !== undefined) await appendFile(describedIn(run.folder), line)
      run.counted()
      if (node.kind === 'folder') yield* writeInside(run, node.id, `${at}/`)
    }
  }
}

const targetOf = ({ id }: NodeRow) => ({ kind: 'node', id }) as const

/** Writes a folder or a file. @returns why that could not be */
async function reasonUnwritten(
  run: Run,
  node: NodeRow,
  at: string,
  blobs: ReadonlyMap<number, BlobRow>,
): Promise<string | undefined> {
  const path = join(run.folder, at)
  try {
    if (node.kind === 'folder') await mkdir(path, { mode: 0o700 })
    else await writeOctets(run, node, path, blobs)
    return undefined
  } catch (error) {
    if (error instanceof BlobMissingError) return error.message
    if (isTooLong(error)) return 'Its path is too long for this file system.'
    throw error
  }
}

async function writeOctets(
  { services }: Run,
  { size, blobId, modifiedAt }: NodeRow,
  path: string,
  blobs: ReadonlyMap<number, BlobRow>,
): Promise<void> {
  const hash = blobId === null ? undefined : blobs.get(blobId)?.hash
  const octets = size === 0 || hash === undefined ? [] : await services.blobs.read(hash)
  await pipeline(octets, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  await utimes(path, new Date(modifiedAt), new Date(modifiedAt))
}

const isTooLong = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG'

/** What a file system does not keep; undefined where there is nothing. */
function lineOf(
  { name, mediaType }: NodeRow,
  path: string,
  properties: readonly DeadProperty[] | undefined,
): string | undefined {
  const isNamedSo = name === path.slice(path.lastIndexOf('/') + 1)
  if (isNamedSo && mediaType === null && !properties) return undefined
  const described = {
    path,
    ...(isNamedSo ? {} : { name }),
    ...(mediaType === null ? {} : { mediaType }),
    ...(properties ? { properties } : {}),
  }
  return `${JSON.stringify(described)}\n`
}
