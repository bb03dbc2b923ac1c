import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { defaults } from '../../config/defaults.ts'
import { Refusal } from '../../protocol/dav/preconditions.ts'
import { decodeText } from '../../protocol/text/decode.ts'
import { type PreparedObject, prepareObject } from '../../src/features/objects.ts'

/** A file of the corpus. */
export interface CorpusFile {
  readonly path: string
  /** Its path in the folder, for people. */
  readonly name: string
  readonly kind: 'calendar' | 'addressbook'
  readonly bytes: Buffer
}

/** A check that did not hold; the message says which. */
export class CheckError extends Error {
  override name = 'CheckError'
}

/** @throws CheckError */
export function check(holds: boolean, message: string): asserts holds {
  if (!holds) throw new CheckError(message)
}

/** Every .vcf and .ics file below a folder, in the order of their names. */
export function corpusFiles(folder: string): CorpusFile[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && /\.(vcf|ics)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
  return paths.sort().map((path) => ({
    path,
    name: relative(folder, path),
    kind: /\.vcf$/i.test(path) ? 'addressbook' : 'calendar',
    bytes: readFileSync(path),
  }))
}

/** Every table and directory below a folder, by path, in the order of their names. */
export function corpusTables(folder: string): { readonly path: string; readonly name: string }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(csv|tsv|ldif|vcs)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((path) => ({ path, name: relative(folder, path) }))
}

/** What a calendar of this server takes. */
const stored = ['VCARD', 'VEVENT', 'VTODO', 'VJOURNAL']

/** The object that a file is, as it stands; undefined where it is none, or several. */
export function oneObject({ kind, bytes }: CorpusFile): PreparedObject | undefined {
  try {
    const object = prepareObject(kind, bytes, defaults, Date.now())
    return stored.includes(object.component) ? object : undefined
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** The text of a file that has one: of others each octet is a character. */
export function textOf(bytes: Buffer): string {
  try {
    return decodeText(bytes).text
  } catch {
    return bytes.toString('latin1')
  }
}
