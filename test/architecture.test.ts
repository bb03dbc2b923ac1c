import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { factTables } from '../storage/people/fact-tables.ts'
import { entities } from '../storage/schema.ts'
import { quietExamples, quietRoutes } from './api/quiet/examples.ts'
import { apiFaces, facesWithoutCards, shownRoutes } from './features/masks/api-faces.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = ['protocol', 'storage', 'src', 'config'].flatMap((folder) => filesUnder(join(root, folder)))
const tests = filesUnder(join(root, 'test'))

/** Lines of one file: a parser's state machine may be longer where chopping it would hide it. */
const maxLines = 400
const maxTestLines = 500
const maxFunctionLines = 60

/** Folders that are flat tables of like things. */
const flat = new Set(
  'storage storage/migrations storage/tables src/dav/properties src/dav/reports protocol/ical protocol/dav'.split(
    ' ',
  ),
)

describe('the arrows of imports', () => {
  it('protocol/ is pure: it imports nothing of ours outside itself, and no I/O', () => {
    const allowed = new Set(['fast-xml-parser'])
    for (const file of filesUnder(join(root, 'protocol'))) {
      for (const target of importsOf(file)) {
        if (target.startsWith('.')) expect(place(file, target), file).toMatch(/^protocol\//)
        else expect(allowed.has(target), `${relative(root, file)} imports ${target}`).toBe(true)
      }
      const text = readFileSync(file, 'utf8')
      expect(text, file).not.toMatch(/\bDate\.now\(|\bnew Date\(\)|Math\.random\(|\bawait\b/)
    }
  })

  it('protocol/dav does not import protocol/ical or protocol/vcard but for their filter types', () => {
    for (const file of filesUnder(join(root, 'protocol/dav'))) {
      for (const target of importsOf(file).filter((target) => /\/(ical|vcard)\//.test(target))) {
        expect(target, file).toMatch(/filter-types\.ts$/)
      }
    }
  })

  it('storage/ imports nothing of ours outside itself', () => {
    for (const file of filesUnder(join(root, 'storage'))) {
      for (const target of importsOf(file).filter((target) => target.startsWith('.'))) {
        expect(place(file, target), file).toMatch(/^storage\//)
      }
    }
  })

  it('one file names the database drivers', () => {
    const naming = sources.filter((file) =>
      /from 'typeorm'|from 'pg'|from 'better-sqlite3'/.test(readFileSync(file, 'utf8')),
    )
    const allowed = /^storage\/(database|columns|schema|migrations\/.*|migrate)\.ts$/
    for (const file of naming) expect(relative(root, file)).toMatch(allowed)
  })

  it('features never see Koa, nor the faces that call them', () => {
    for (const file of filesUnder(join(root, 'src/features'))) {
      for (const target of importsOf(file)) {
        expect(target, file).not.toBe('koa')
        if (target.startsWith('.')) expect(place(file, target), file).not.toMatch(/^src\/(dav|cli|jobs)\//)
      }
    }
  })

  it('the web app sees the schemas of features alone, and as types', () => {
    for (const file of filesUnder(join(root, 'src/web'))) {
      const text = readFileSync(file, 'utf8')
      for (const target of importsOf(file).filter((one) => one.startsWith('.'))) {
        const at = place(file, target)
        if (at.startsWith('src/web/')) continue
        expect(at, file).toMatch(/^src\/.*schema\.ts$/)
        expect(text, file).toMatch(new RegExp(`import type [^;]*?from '${target}'`))
      }
    }
  })

  it('nothing imports the tests', () => {
    for (const file of sources) {
      for (const target of importsOf(file).filter((target) => target.startsWith('.'))) {
        expect(place(file, target), file).not.toMatch(/^test\//)
      }
    }
  })
})

describe('methods of WebDAV', () => {
  it('that write ask what is locked', () => {
    const own = /\/(lock|unlock)\.ts$/
    for (const file of filesUnder(join(root, 'src/dav/methods')).filter((path) => !own.test(path))) {
      const text = readFileSync(file, 'utf8')
      if (/store\.write\(/.test(text)) expect(text, relative(root, file)).toMatch(/checkLocks\(/)
    }
  })
})

describe('tables of facts', () => {
  it('that name somebody say what becomes of them in a merge', () => {
    // Where somebody's cards are, and who may be whom, a merge treats by itself.
    const own = ['parties', 'placements', 'duplicate_pairs', 'merges']
    const known = new Set([...factTables.map(({ table }) => table), ...own])
    const naming = entities('sqlite').filter(({ options: { foreignKeys = [] } }) =>
      foreignKeys.some(({ target }) => target === 'parties'),
    )
    for (const { options } of naming) expect(known.has(options.name), options.name).toBe(true)
  })
})

describe('routes of facts', () => {
  it('have an example each, which is sent to see that no client notices it (law 5, test/api/quiet)', () => {
    expect(Object.keys(quietExamples).sort()).toEqual([...quietRoutes].sort())
  })
})

describe('routes that show something', () => {
  it('are asked under a mask, or show nothing of cards (test/features/masks/api-faces.ts)', () => {
    expect([...Object.keys(apiFaces), ...facesWithoutCards].sort()).toEqual([...shownRoutes].sort())
  })
})

describe('the sizes', () => {
  it('of files', () => {
    for (const file of sources) expect(linesOf(file), relative(root, file)).toBeLessThanOrEqual(maxLines)
    for (const file of tests) expect(linesOf(file), relative(root, file)).toBeLessThanOrEqual(maxTestLines)
  })

  it('of functions', () => {
    for (const file of sources) {
      for (const { name, lines } of functionsOf(file)) {
        expect(lines, `${relative(root, file)}: ${name}`).toBeLessThanOrEqual(maxFunctionLines)
      }
    }
  })

  it('of folders', () => {
    const counts = new Map<string, number>()
    for (const file of sources) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
    for (const [folder, count] of counts) {
      const name = relative(root, folder)
      expect(count, name).toBeLessThanOrEqual(flat.has(name) ? 60 : 18)
      expect(name.split('/').length, name).toBeLessThanOrEqual(4)
    }
  })
})

describe('the style', () => {
  it('has no any, no default exports, no enums, no decorators, and says nothing of later', () => {
    // The configurations of vitest and Vite have to be default exports.
    for (const file of sources.filter((path) => !/(?:vitest\.\S*config|vite\.config)\.ts$/.test(path))) {
      const text = readFileSync(file, 'utf8')
      expect(text, relative(root, file)).not.toMatch(
        /:\s*any\b(?! )|<any>|as any\b|^export default|^(export )?enum |^\s*@[A-Z]\w+\(|(?:\/\/|\*) *(?:TODO|FIXME)\b/m,
      )
    }
  })
})

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
}

function importsOf(file: string): string[] {
  const text = readFileSync(file, 'utf8')
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\b[^'"\n;]*?(?:\{[^}]*\}[^'"\n]*?)?from '([^']+)'|import\('([^']+)'\)/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? '')
}

/** The path of an import, from the root. */
function place(file: string, target: string): string {
  return relative(root, resolve(dirname(file), target))
}

function linesOf(file: string): number {
  return readFileSync(file, 'utf8').split('\n').length - 1
}

/** Top-level functions, by the brace that closes them in the first column. */
function functionsOf(file: string): { name: string; lines: number }[] {
  const found: { name: string; lines: number }[] = []
  const lines = readFileSync(file, 'utf8').split('\n')
  lines.forEach((line, at) => {
    const name = /^(?:export )?(?:async )?function\*? (\w+)/.exec(line)?.[1]
    if (name === undefined) return
    const end = lines.findIndex((later, index) => index > at && later === '}')
    found.push({ name, lines: end - at + 1 })
  })
  return found
}
