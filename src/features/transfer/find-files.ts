import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { CollectionKind } from '../../../storage/collections.ts'
import { describedIn } from '../archive/write/write-files.ts'

/** A file to import, or one that cannot be. */
export type FoundFile =
  | { readonly path: string; readonly kind: CollectionKind; readonly bytes: number }
  | { readonly path: string; readonly refused: string }

/** The .vcf and .ics files of these files and folders, in the order of their names; folders are gone through whole. */
export function findFiles(paths: readonly string[]): FoundFile[] {
  return paths.flatMap((path): FoundFile[] => {
    try {
      const status = statSync(path)
      if (!status.isDirectory()) return [given(path, status.isFile(), status.size)]
      const found = inFolder(path)
      return found.length > 0 ? found : [{ path, refused: 'There is no .vcf or .ics file in this folder.' }]
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
  const kind = kindOf(path)
  if (!isFile) return { path, refused: 'It is neither a file nor a folder.' }
  return kind ? { path, kind, bytes } : { path, refused: 'Its name ends in neither .vcf nor .ics.' }
}

/** Links to folders are not followed: they may lead in circles. The documents of an export are no objects. */
function inFolder(folder: string): FoundFile[] {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry): FoundFile[] => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return existsSync(describedIn(path)) ? [] : inFolder(path)
    const kind = kindOf(entry.name)
    if (!kind) return []
    try {
      const status = statSync(path)
      return status.isFile() ? [{ path, kind, bytes: status.size }] : []
    } catch (error) {
      return [{ path, refused: systemReason(error) }]
    }
  })
}

function kindOf(path: string): CollectionKind | undefined {
  if (/\.vcf$/i.test(path)) return 'addressbook'
  return /\.ics$/i.test(path) ? 'calendar' : undefined
}
