import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { familiar } from './polite.ts'

const root = new URL('../../src/web/', import.meta.url).pathname
const languages = ['en', 'de', 'fr', 'es', 'nl', 'ru', 'el'] as const
const plural = /_(zero|one|two|few|many|other)$/
type Catalogue = { readonly [key: string]: string | Catalogue }

/** What the server tells has catalogues of its own: test/web/refusals. */
const parts = readdirSync(root).filter((name) => name !== 'refusals' && existsSync(join(root, name, 'texts')))

function textsOf(part: string, language: string): Map<string, string> {
  const texts = new Map<string, string>()
  const add = (catalogue: Catalogue, prefix: string): void => {
    for (const [key, value] of Object.entries(catalogue))
      if (typeof value === 'string') texts.set(prefix + key, value)
      else add(value, `${prefix}${key}.`)
  }
  add(JSON.parse(readFileSync(join(root, part, 'texts', `${language}.json`), 'utf8')) as Catalogue, '')
  return texts
}

/** `{{name}}` and `<1>` of a text, in order of the alphabet. */
function holesOf(text: string): string[] {
  return [...text.matchAll(/\{\{.*?\}\}|<\/?\w+\/?>/g)].map(([hole]) => hole).toSorted()
}

function sourceOf(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )
  return files.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
}

const baseOf = (key: string): string => key.replace(plural, '')

describe.each(parts)('the texts of %s', (part) => {
  const english = textsOf(part, 'en')
  const bases = new Set([...english.keys()].map(baseOf))

  it.each(languages)('are whole in %s', (language) => {
    const texts = textsOf(part, language)
    expect(new Set([...texts.keys()].map(baseOf))).toEqual(bases)
    for (const [key, text] of texts) {
      expect(text.trim(), key).not.toBe('')
      // "One contact" needs no number, all others say it.
      if (/_(zero|one|two)$/.test(key)) continue
      const same = english.get(key) ?? english.get(`${baseOf(key)}_other`) ?? ''
      expect(holesOf(text), key).toEqual(holesOf(same))
    }
    const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions()
    for (const key of [...texts.keys()].filter((one) => plural.test(one)))
      for (const category of pluralCategories)
        expect(texts.has(`${baseOf(key)}_${category}`), `${baseOf(key)}_${category}`).toBe(true)
  })

  it.each(Object.entries(familiar))('are polite in %s', (language, words) => {
    for (const [key, text] of textsOf(part, language)) expect(text, key).not.toMatch(words)
  })

  it('are those that its pages ask for', () => {
    const source = sourceOf(join(root, part))
    const shared = new Set([...textsOf('ui', 'en').keys()].map(baseOf))
    for (const [, key = ''] of source.matchAll(/\bt\(\s*'([^':]+)'/g))
      expect(bases.has(key) || shared.has(key), key).toBe(true)
  })

  it('are all shown somewhere', () => {
    const source = part === 'ui' ? sourceOf(root) : sourceOf(join(root, part))
    const literals = new Set([...source.matchAll(/['"`]([\w.-]+)['"`]/g)].map(([, text]) => text))
    const prefixes = [...source.matchAll(/`([\w.-]+[.])\$\{/g)].map(([, text = '']) => text)
    for (const key of bases) {
      const isShown = literals.has(key) || prefixes.some((prefix) => key.startsWith(prefix))
      expect(isShown, `${part}: ${key} is shown nowhere`).toBe(true)
    }
  })
})

describe('a page', () => {
  // What stands between tags is held by the linter (noJsxLiterals).
  const spoken =
    /\b(?:aria-label|title|placeholder|alt|label|description|text|summary)="([^"]*\p{L}{2}[^"]*)"/gu
  const said = /\btell\w+\(\s*['"`]([^'"`]*)/g
  const pages = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.tsx?$/.test(name),
  )

  it('says nothing in its attributes and messages that no catalogue has', () => {
    const found = pages.flatMap((name) => {
      const source = readFileSync(join(root, name), 'utf8')
      return [...source.matchAll(spoken), ...source.matchAll(said)].map(([, text]) => `${name}: ${text}`)
    })
    expect(found).toEqual(['calendar/settings/subscribe-dialog.tsx: https://'])
  })
})
