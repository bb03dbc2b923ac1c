import { createHash } from 'node:crypto'
import { TransferError } from '../../transfer/transfer-error.ts'
import { formatVersion, type Head, headRecord, listedRecord } from '../format.ts'
import { headPath, listPath } from '../manifest.ts'
import { type ArchiveSource, isInside, isLitter, readRecord, readRecords } from './archive-source.ts'

/** A file that is not as the manifest says. */
export interface Problem {
  readonly path: string
  readonly kind: 'missing' | 'changed' | 'surplus'
}

/** An archive whose files have been compared with its manifest. */
export interface Verified {
  readonly head: Head
  readonly problems: readonly Problem[]
}

/**
 * Reads every file of an archive and compares it with the manifest.
 * @param onProgress  told how many octets have been read, of how many
 * @throws TransferError when it is no archive, or one of a later version of the program
 */
export async function verifyArchive(
  source: ArchiveSource,
  onProgress: (bytes: number, total: number) => void = () => {},
): Promise<Verified> {
  const head = await readHead(source)
  const problems: Problem[] = []
  const listed = new Set([headPath, listPath])
  const hash = createHash('sha256')
  let bytes = 0
  const lines = readRecords(source, listPath, listedRecord, (piece) => hash.update(piece))
  for await (const { path, sha256 } of lines) {
    if (!isInside(path)) throw new TransferError(`The manifest names a file outside of the archive: ${path}`)
    listed.add(path)
    const found = await hashOf(source, path)
    if (found?.sha256 !== sha256) problems.push({ path, kind: found ? 'changed' : 'missing' })
    onProgress((bytes += found?.size ?? 0), head.files.bytes)
  }
  if (hash.digest('hex') !== head.files.sha256) problems.push({ path: listPath, kind: 'changed' })
  for await (const path of source.paths()) {
    if (!listed.has(path) && !isLitter(path)) problems.push({ path, kind: 'surplus' })
  }
  return { head, problems }
}

async function readHead(source: ArchiveSource): Promise<Head> {
  const head = await readRecord(source, headPath, headRecord)
  if (head.version <= formatVersion) return head
  throw new TransferError(
    `The archive is of version ${head.version}; this program reads ${formatVersion} at most: use a newer one.`,
  )
}

/** Undefined for a file that is missing, or cannot be read. */
async function hashOf(
  source: ArchiveSource,
  path: string,
): Promise<{ readonly sha256: string; readonly size: number } | undefined> {
  const hash = createHash('sha256')
  let size = 0
  try {
    for await (const piece of source.read(path)) {
      hash.update(piece)
      size += piece.length
    }
  } catch (error) {
    if (error instanceof TransferError) return undefined
    throw error
  }
  return { sha256: hash.digest('hex'), size }
}

const mostNamed = 20

/** What is wrong, for people. */
export function describeProblems(problems: readonly Problem[]): string {
  const named = problems.slice(0, mostNamed).map(({ path, kind }) => `${kind}: ${path}`)
  const more = problems.length > mostNamed ? [`and ${problems.length - mostNamed} more`] : []
  return [...named, ...more].join('\n')
}
