import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const web = fileURLToPath(new URL('../../src/web/', import.meta.url))

/** What names a side of the window in place of where lines begin and end. */
const physical = {
  css: [
    /\b(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)\b/,
    /(?:^|[\s;{])(?:left|right)\s*:/,
    /\b(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
    /\bborder-(?:top|bottom)-(?:left|right)-radius\b/,
  ],
  tsx: [
    /\b(?:margin|padding|border|scrollMargin|scrollPadding)(?:Left|Right)\b/,
    /\b(?:ml|mr|pl|pr)=/,
    /\b(?:textAlign|float)\s*:\s*'(?:left|right)'/,
    /\b(?:ta|justify|align)="(?:left|right)"/,
    /\bstyle=\{\{[^}]*\b(?:left|right)\s*:/,
  ],
} as const

function sidesIn(text: string, kind: keyof typeof physical): string[] {
  return text.split('\n').filter((line) => physical[kind].some((pattern) => pattern.test(line)))
}

describe('styles of the web app', () => {
  it('name where lines begin and end, and no side: they hold for languages written from the right', () => {
    const files = readdirSync(web, { recursive: true, encoding: 'utf8' })
    const found = files.flatMap((file) => {
      const kind = /\.(css|tsx)$/.exec(file)?.[1] as keyof typeof physical | undefined
      const lines = kind ? sidesIn(readFileSync(`${web}${file}`, 'utf8'), kind) : []
      return lines.map((line) => `${file}: ${line.trim()}`)
    })
    expect(found).toEqual([])
  })

  it('are found out where they do', () => {
    expect(sidesIn('.a { margin-left: 1px }', 'css')).toHaveLength(1)
    expect(sidesIn('.a {\n  right: 0;\n}', 'css')).toHaveLength(1)
    expect(sidesIn('.a { inset-inline-end: 0; text-align: end }', 'css')).toEqual([])
    expect(sidesIn('<Stack pl="md">', 'tsx')).toHaveLength(1)
    expect(sidesIn('style={{ flex: 1, left: 0 }}', 'tsx')).toHaveLength(1)
    expect(sidesIn('<Stack ps="md" leftSection={one}>', 'tsx')).toEqual([])
  })
})
