import { stat } from 'node:fs/promises'
import type { z } from 'zod'
import { TransferError } from '../../transfer/transfer-error.ts'
import { folderSource } from './folder-source.ts'
import { zipSource } from './zip-source.ts'

/** An archive to read from. Its paths are normalised (NFC): a Mac may have written them in another form. */
export interface ArchiveSource extends AsyncDisposable {
  /** Every file there is. */
  paths(): AsyncIterable<string>
  has(path: string): Promise<boolean>
  /**
   * The octets of a file, a piece at a time.
   * @throws TransferError when there is no such file, or it cannot be read
   */
  read(path: string): AsyncIterable<Uint8Array>
}

/** @param path  of a folder, or of a ZIP file @throws TransferError */
export async function openArchive(path: string): Promise<ArchiveSource> {
  const found = await stat(path).catch(() => undefined)
  if (!found) throw new TransferError(`There is nothing at ${path}.`)
  return inside(found.isDirectory() ? folderSource(path) : await zipSource(path))
}

/** Whatever the records of an archive name is of the archive: nothing else is read, or stored as somebody's. */
function inside(source: ArchiveSource): ArchiveSource {
  return {
    ...source,
    has: async (path) => isInside(path) && (await source.has(path)),
    read: (path) => {
      if (isInside(path)) return source.read(path)
      throw new TransferError(`The archive names a file outside of it: ${path}`)
    },
  }
}

/** Whether a path stays inside the archive. */
export function isInside(path: string): boolean {
  const names = path.split('/')
  return !/[\\\0]/.test(path) && names.every((name) => name !== '' && name !== '.' && name !== '..')
}

/** What systems leave in folders that they show. */
export function isLitter(path: string): boolean {
  return /(?:^|\/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\._[^/]*)$|^__MACOSX\//.test(path)
}

/** All of a file. @throws TransferError when it is longer than any that is read at once */
export async function readWhole(source: ArchiveSource, path: string, mostBytes: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of source.read(path)) {
    size += piece.length
    if (size > mostBytes) throw new TransferError(`${path} is too long.`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** Octets of a line of JSON, or of a small file of it, at most. */
const mostJsonBytes = 33_554_432

/** A file of JSON. @throws TransferError when it is not what it should be */
export async function readRecord<T extends z.ZodType>(
  source: ArchiveSource,
  path: string,
  schema: T,
): Promise<z.output<T>> {
  const text = (await readWhole(source, path, mostJsonBytes)).toString('utf8')
  return parseRecord(text, path, schema)
}

/** The lines of a file of JSON, one after another. @throws TransferError for one that is not what it should be */
export async function* readRecords<T extends z.ZodType>(
  source: ArchiveSource,
  path: string,
  schema: T,
  onPiece: (piece: Uint8Array) => void = () => {},
): AsyncGenerator<z.output<T>> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let text = ''
  let number = 0
  for await (const piece of source.read(path)) {
    onPiece(piece)
    text += decoder.decode(piece, { stream: true })
    const lines = text.split('\n')
    text = lines.pop() ?? ''
    if (text.length > mostJsonBytes) throw new TransferError(`${path} has a line that is too long.`)
    for (const line of lines) yield parseRecord(line, `${path}:${(number += 1)}`, schema)
  }
  if (text !== '') yield parseRecord(text, `${path}:${number + 1}`, schema)
}

function parseRecord<T extends z.ZodType>(text: string, where: string, schema: T): z.output<T> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new TransferError(`${where} is not JSON.`)
  }
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  throw new TransferError(`${where}: ${issue?.path.join('.') || 'it'} ${issue?.message ?? 'cannot be read'}`)
}
