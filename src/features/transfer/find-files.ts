import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describedIn } from '../archive/write/write-files.ts'
import { otherKind, unknownFormat } from './read/other-kinds.ts'

/** What a file to import is written in. */
export type FileFormat = 'cards' | 'calendar' | 'table' | 'directory'

/** A file to import, or one that cannot be. */
export type FoundFile =
  | { readonly path: string; readonly format: FileFormat; readonly bytes: number }
  | { readonly path: string; readonly refused: string }

const endings = '.vcf, .ics, .vcs, .csv, .tsv or .ldif'

/**
 * The files of these files and folders that can be imported, in the order of their names; folders are gone through whole.
 * A file that is named is also known by its content.
 */
export function findFiles(paths: readonly string[]): FoundFile[] {
  return paths.flatMap((path): FoundFile[] => {
    try {
      const status = statSync(path)
      if (!status.isDirectory()) return [given(path, status.isFile(), status.size)]
      const found = inFolder(path)
      return found.length > 0 ? found : [{ path, refused: `There is no ${endings} file in this folder.` }]
    } catch (error) {
      return [{ path, refused: systemReason(error) }]
    }
  })
}

/** The system's own words for a file that cannot be read. @throws any other error */
export function systemReason(error: unknown): string {
  if (error instanceof Error && 'syscall' in error) return `It cannot be read: ${error.message}.`
  throw error
}

function given(path: string, isFile: boolean, bytes: number): FoundFile {
  if (!isFile) return { path, refused: 'It is neither a file nor a folder.' }
  const head = headOf(path)
  const refused = otherKind(head)
  if (refused !== undefined) return { path, refused }
  const format = formatOf(path) ?? sniffed(head)
  return format ? { path, format: actualFormat(head, format), bytes } : { path, refused: unknownFormat }
}

/** Links to folders are not followed: they may lead in circles. The documents of an export are no objects. */
function inFolder(folder: string): FoundFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry): FoundFile[] => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return existsSync(describedIn(path)) ? [] : inFolder(path)
    const format = formatOf(entry.name)
    if (!format) return []
    try {
      const status = statSync(path)
      if (!status.isFile()) return []
      const head = headOf(path)
      const refused = otherKind(head)
      return [
        refused === undefined
          ? { path, format: actualFormat(head, format), bytes: status.size }
          : { path, refused },
      ]
    } catch (error) {
      return [{ path, refused: systemReason(error) }]
    }
  })
}

const formats: readonly (readonly [RegExp, FileFormat])[] = [
  [/\.(?:vcf|vcard)$/i, 'cards'],
  [/\.(?:ics|ical|icalendar|vcs|ifb)$/i, 'calendar'],
  [/\.(?:csv|tsv|tab)$/i, 'table'],
  [/\.(?:ldif|ldi)$/i, 'directory'],
]

function formatOf(path: string): FileFormat | undefined {
  return formats.find(([ending]) => ending.test(path))?.[1]
}

/** Calendars are found under the names of cards, and the other way round. */
function actualFormat(head: string, format: FileFormat): FileFormat {
  const found = sniffed(head)
  return found === 'cards' || found === 'calendar' ? found : format
}

const sniffedBytes = 4_096

/** What the beginning of a file says it is, in UTF-16 too. */
function sniffed(head: string): FileFormat | undefined {
  const text = head.replace(/\0|^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)/g, '')
  if (/^\s*BEGIN:\s*VCALENDAR\s*$/im.test(text)) return 'calendar'
  if (/^\s*BEGIN:\s*VCARD\s*$/im.test(text)) return 'cards'
  return /^(?:version:\s*1\s*$|dn::?\s)/im.test(text) ? 'directory' : undefined
}

/** A character an octet. */
function headOf(path: string): string {
  try {
    const file = openSync(path, 'r')
    try {
      const bytes = Buffer.alloc(sniffedBytes)
      return bytes.toString('latin1', 0, readSync(file, bytes))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    systemReason(error)
    return ''
  }
}
