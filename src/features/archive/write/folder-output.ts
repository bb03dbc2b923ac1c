import { createWriteStream } from 'node:fs'
import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { TransferError } from '../../transfer/transfer-error.ts'
import type { ArchiveFile, Entries } from '../entries.ts'

/**
 * Writes an archive out as a folder, for its owner's eyes only.
 * @throws TransferError when the folder holds something already
 */
export async function writeFolder(entries: Entries, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if ((await readdir(folder)).length > 0) {
    throw new TransferError(`The folder ${folder} is not empty: name another one with --to.`)
  }
  const made = new Set<string>()
  const make = async (path: string): Promise<void> => {
    if (made.has(path)) return
    await mkdir(path, { recursive: true, mode: 0o700 })
    made.add(path)
  }
  for await (const entry of entries) {
    const path = join(folder, entry.path)
    try {
      await make(entry.kind === 'folder' ? path : dirname(path))
      if (entry.kind === 'file') await writeOctets(entry, path)
    } catch (error) {
      if (!entry.unwritable || !isTooLong(error)) throw error
      entry.unwritable('Its path is too long for this file system.')
    }
  }
}

async function writeOctets({ octets, modifiedAt }: ArchiveFile, path: string): Promise<void> {
  if (octets instanceof Uint8Array) await writeFile(path, octets, { mode: 0o600, flag: 'wx' })
  else await pipeline(octets, createWriteStream(path, { mode: 0o600, flags: 'wx' }))
  await utimes(path, new Date(modifiedAt), new Date(modifiedAt))
}

const isTooLong = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENAMETOOLONG'
