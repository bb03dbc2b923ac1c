import { constants, createReadStream } from 'node:fs'
import { access, open, opendir } from 'node:fs/promises'
import { join } from 'node:path'
import { TransferError } from '../../transfer/transfer-error.ts'
import type { ArchiveSource } from './archive-source.ts'

/** An archive that is a folder. Links are not followed: they may lead out of it. */
export function folderSource(folder: string): ArchiveSource {
  return {
    paths: () => filesBelow(folder, ''),
    has: (path) =>
      access(join(folder, path)).then(
        () => true,
        () => false,
      ),
    read: (path) => readFile(join(folder, path), path),
    [Symbol.asyncDispose]: async () => {},
  }
}

async function* filesBelow(folder: string, path: string): AsyncGenerator<string> {
  for await (const entry of await opendir(join(folder, path))) {
    const at = path + entry.name
    if (entry.isDirectory()) yield* filesBelow(folder, `${at}/`)
    else yield at.normalize('NFC')
  }
}

async function* readFile(file: string, path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      throw new TransferError(`${path} cannot be read: ${error.message}.`)
    },
  )
  try {
    if (!(await handle.stat()).isFile()) throw new TransferError(`${path} is not a file.`)
    yield* createReadStream('', { fd: handle, autoClose: false }) as AsyncIterable<Buffer>
  } finally {
    await handle.close()
  }
}
