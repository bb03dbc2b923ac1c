import { createHash, randomUUID } from 'node:crypto'
import { type FileHandle, mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { translateError } from '../errors.ts'

/** Octets in a file of their own, synced to disk. */
export interface StagedFile {
  readonly path: string
  readonly hash: string
  readonly size: number
}

/** A folder in which octets are gathered and hashed before they have a name. */
export interface Staging {
  stage(octets: AsyncIterable<Uint8Array>): Promise<StagedFile>
  sweep(before: number): Promise<void>
}

/** For its owner's eyes only. */
const mode = { folder: 0o700, file: 0o600 } as const

export function staging(folder: string): Staging {
  return {
    stage: async (octets) => {
      await mkdir(folder, { recursive: true, mode: mode.folder })
      const path = join(folder, randomUUID())
      try {
        const file = await open(path, 'wx', mode.file)
        try {
          return { path, ...(await fill(file, octets)) }
        } finally {
          await file.close()
        }
      } catch (error) {
        await rm(path, { force: true })
        throw translateError(error)
      }
    },
    sweep: async (before) => {
      for (const name of await namesIn(folder)) {
        const path = join(folder, name)
        const found = await stat(path).catch(() => undefined)
        if (found && found.mtimeMs < before) await rm(path, { force: true })
      }
    },
  }
}

async function fill(
  file: FileHandle,
  octets: AsyncIterable<Uint8Array>,
): Promise<{ hash: string; size: number }> {
  const hash = createHash('sha256')
  let size = 0
  for await (const piece of octets) {
    hash.update(piece)
    await writeWhole(file, piece)
    size += piece.byteLength
  }
  await file.sync()
  return { hash: hash.digest('hex'), size }
}

/** A write may take a part only. */
async function writeWhole(file: FileHandle, piece: Uint8Array): Promise<void> {
  for (let at = 0; at < piece.byteLength; ) {
    const { bytesWritten } = await file.write(piece, at, piece.byteLength - at)
    at += bytesWritten
  }
}

/** What a folder holds; nothing where there is no folder. */
export async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}
