import { findBlobs } from '../../../../storage/blobs/blob-rows.ts'
import { BlobMissingError } from '../../../../storage/blobs/blob-store.ts'
import type { BlobId } from '../../../../storage/ids.ts'
import type { NodeRevisionRow } from '../../../../storage/nodes/node-revisions.ts'
import type { NodeRow } from '../../../../storage/nodes/nodes.ts'
import { listNodeStates } from '../../../../storage/restored/node-history.ts'
import { documentNamer } from '../../transfer/names.ts'
import { createSpool, type Entries, timeText } from '../entries.ts'
import { whosOf } from './describe.ts'
import type { Run } from './run.ts'

/** The history of documents: older octets as files, and a line of JSON for each folder and file. */
export interface FileHistoryWriter {
  /** @param nodes  with what they are called in the archive: `files/a.txt`, or `files-trash/a.txt` */
  of(nodes: ReadonlyMap<NodeRow, string>): Entries
  /** The lines. */
  end(): Entries
}

/** @param folder  of the account */
export function fileHistoryWriter(run: Run, folder: string): FileHistoryWriter {
  const lines = createSpool()
  const nameOf = documentNamer()
  return {
    of: async function* (nodes) {
      const { store, blobs } = run.services
      const { states, authors, known } = await store.read(async (reader) => {
        const found = await listNodeStates(
          reader,
          [...nodes.keys()].map(({ id }) => id),
        )
        const all = [...found.values()].flat()
        return {
          states: found,
          authors: await whosOf(
            reader,
            all.flatMap(({ authorId }) => authorId ?? []),
          ),
          known: await findBlobs(reader, [...new Set(all.flatMap(({ blobId }) => blobId ?? []))]),
        }
      })
      for (const [node, path] of nodes) {
        const own = states.get(node.id) ?? []
        const files = new Map<BlobId, string>()
        for (const state of own) {
          const hash = known.get(state.blobId ?? 0)?.hash
          if (state.blobId === null || state.blobId === node.blobId || files.has(state.blobId)) continue
          const octets = await octetsOf(blobs, hash, state.size)
          const file = `files-history/${nameOf(state.name)}`
          if (!octets) {
            run.leftOut(`${folder}/${file}`, 'Its octets are missing from the blob store.')
            continue
          }
          files.set(state.blobId, file)
          yield { kind: 'file', path: `${folder}/${file}`, octets, size: state.size, modifiedAt: state.at }
        }
        const described = own.map((state) => ({
          ...stateOf(state),
          author: state.authorId === null ? null : (authors.get(state.authorId) ?? null),
          file: state.blobId === null ? null : (files.get(state.blobId) ?? null),
          isPresent: state.blobId !== null && state.blobId === node.blobId,
        }))
        lines.add({ path, states: described })
      }
    },
    end: async function* () {
      yield lines.file(`${folder}/files-history.jsonl`, run.now)
    },
  }
}

/** Undefined where they are missing. */
async function octetsOf(blobs: Run['services']['blobs'], hash: string | undefined, size: number) {
  if (size === 0) return Buffer.alloc(0)
  if (hash === undefined) return undefined
  try {
    return await blobs.read(hash)
  } catch (error) {
    if (error instanceof BlobMissingError) return undefined
    throw error
  }
}

function stateOf({ kind, name, size, mediaType, etag, at, origin, clientKind, requestId }: NodeRevisionRow) {
  return { kind, name, size, mediaType, etag, at: timeText(at), origin, clientKind, requestId }
}
