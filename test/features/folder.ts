import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'

/** A folder of its own for each test. */
export interface TestFolder {
  readonly path: string
  /** Writes a file, with the folders above it. @returns its path */
  write(name: string, content: string | Uint8Array): string
  /** The files below a path in the folder, with their octets, by name. */
  files(below?: string): Map<string, Buffer>
}

export function useFolder(): TestFolder {
  let path = ''
  beforeEach(() => {
    path = mkdtempSync(join(tmpdir(), 'farley-files-'))
  })
  afterEach(() => rmSync(path, { recursive: true, force: true }))
  return {
    get path() {
      return path
    },
    write: (name, content) => {
      const file = join(path, name)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, content)
      return file
    },
    files: (below = '') => {
      const root = join(path, below)
      const entries = readdirSync(root, { recursive: true, withFileTypes: true })
      const files = entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
      return new Map(files.sort().map((file) => [file.slice(root.length + 1), readFileSync(file)]))
    },
  }
}
