import { constants, createReadStream } from 'node:fs'
import { access, open, opendir, realpath } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { TransferError } from '../../transfer/transfer-error.ts'
import type { ArchiveSource } from './archive-source.ts'

/** An archive that is a folder. Links are not followed: they may lead out of it. */
export function folderSource(folder: string): ArchiveSource {
  return {
    paths: () => filesBelow(folder, ''),
    has: (path) =>
      access(join(folder, path)).then(
        () => leadsNowhere(folder, path),
        () => false,
      ),
    read: (path) => readFile(folder, path),
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

/** Whether none of the folders on the way is a link. */
async function leadsNowhere(folder: string, path: string): Promise<boolean> {
  const [top, above] = await Promise.all([realpath(folder), realpath(dirname(join(folder, path)))])
  return above === dirname(join(top, path))
}

async function* readFile(folder: string, path: string): AsyncGenerator<Uint8Array> {
  const file = join(folder, path)
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      throw new TransferError(`${path} cannot be read: ${error.message}.`)
    },
  )
  try {
    if (!(await leadsNowhere(folder, path))) throw new TransferError(`${path} lies behind a link.`)
    if (!(await handle.stat()).isFile()) throw new TransferError(`${path} is not a file.`)
    yield* createReadStream('', { fd: handle, autoClose: false }) as AsyncIterable<Buffer>
  } finally {
    await handle.close()
  }
}
