import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { translateError } from '../errors.ts'
import { BlobMissingError, type BlobStore } from './blob-store.ts'
import { namesIn, staging } from './staging.ts'

/** Octets as files: `ab/cd/abcd…` under the folder, and `staging/` for those that are on their way in. */
export function fileBlobs(folder: string): BlobStore {
  const { stage, sweep } = staging(join(folder, 'staging'))
  const pathOf = (hash: string) => join(folder, hash.slice(0, 2), hash.slice(2, 4), hash)
  return {
    stage: async (octets) => {
      const { path, hash, size } = await stage(octets)
      return {
        hash,
        size,
        place: () => place(path, pathOf(hash), size),
        discard: () => rm(path, { force: true }),
      }
    },
    read: async (hash, range) => {
      const file = await open(pathOf(hash), 'r').catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new BlobMissingError(hash) : error
      })
      return file.createReadStream(range === undefined ? {} : { start: range.first, end: range.last })
    },
    remove: (hash) => rm(pathOf(hash), { force: true }),
    list: (prefix) => listUnder(join(folder, prefix)),
    sweepStagings: sweep,
    close: async () => {},
  }
}

/** What is in place is synced with its folder all the same: whoever put it there may not have come so far. */
async function place(from: string, to: string, size: number): Promise<void> {
  try {
    const there = await stat(to).catch(() => undefined)
    if (there?.size !== size) await moveInto(from, to)
    await syncFolder(dirname(to))
  } catch (error) {
    throw translateError(error)
  }
}

async function moveInto(from: string, to: string): Promise<void> {
  const folder = dirname(to)
  const made = await mkdir(folder, { recursive: true, mode: 0o700 })
  await rename(from, to)
  if (made === undefined) return
  // New folders are only as durable as the entries they have in those above.
  await syncFolder(dirname(folder))
  await syncFolder(dirname(dirname(folder)))
  await syncFolder(dirname(dirname(dirname(folder))))
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function* listUnder(folder: string): AsyncGenerator<string> {
  for (const inner of await namesIn(folder)) yield* await namesIn(join(folder, inner))
}
