import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Catalogue } from '../../../src/web/refusals/say.ts'
import { familiar } from '../polite.ts'
import { faultsOfZod } from './faults.ts'
import { leftOut, pieces } from './left-out.ts'
import { root, sourceFiles, toldSentences } from './told.ts'

const languages = ['en', 'de', 'fr', 'es', 'nl', 'ru', 'el'] as const

function catalogueOf(language: string): Catalogue {
  const path = join(root, 'src/web/refusals/texts', `${language}.json`)
  return JSON.parse(readFileSync(path, 'utf8')) as Catalogue
}

/** What varies in a sentence; how a size is said is no matter. */
function holesOf(text: string): string[] {
  return [...text.matchAll(/\{\w+(?::size)?\}/g)].map(([hole]) => hole.replace(':size', '')).toSorted()
}

const english = catalogueOf('en')
const told = toldSentences()

describe('what the server can tell', () => {
  it.each(languages.filter((one) => one !== 'en'))(
    'is said in %s, with all that varies, and nothing else is',
    (language) => {
      const { sentences } = catalogueOf(language)
      const known = new Set([...told.keys(), ...faultsOfZod])
      const missing = [...known].filter((sentence) => !Object.hasOwn(sentences, sentence))
      expect(missing.map((sentence) => `${told.get(sentence)}: ${sentence}`)).toEqual([])
      expect(Object.keys(sentences).filter((sentence) => !known.has(sentence))).toEqual([])
      for (const sentence of told.keys())
        expect(holesOf(sentences[sentence] ?? ''), sentence).toEqual(holesOf(sentence))
    },
  )

  it('is said in English as it is, but for sizes and what zod writes', () => {
    const others = new Set(faultsOfZod)
    for (const [sentence, said] of Object.entries(english.sentences)) {
      if (others.delete(sentence)) continue
      expect(told.has(sentence), sentence).toBe(true)
      expect(said.replaceAll(':size}', '}'), sentence).toBe(sentence.replaceAll('} octets', '}'))
    }
    expect([...others]).toEqual([])
    for (const sentence of told.keys())
      if (/\} octets/.test(sentence)) expect(english.sentences, sentence).toHaveProperty([sentence])
  })

  it.each(languages)('has a sentence for each status and a name for each field in %s', (language) => {
    const { statuses, fields, both, sentences } = catalogueOf(language)
    expect(Object.keys(statuses)).toEqual(Object.keys(english.statuses))
    expect(Object.keys(fields)).toEqual(Object.keys(english.fields))
    expect(holesOf(both)).toEqual(language === 'en' ? ['{told}'] : ['{said}', '{told}'])
    for (const sentence of faultsOfZod) {
      const holes = holesOf(sentence)
      for (const hole of holesOf(sentences[sentence] ?? '')) expect(holes, sentence).toContain(hole)
    }
    for (const text of [...Object.values({ ...statuses, ...fields, ...sentences }), both])
      expect(text.trim()).not.toBe('')
  })

  it.each(Object.entries(familiar))('is said politely in %s', (language, words) => {
    const { statuses, sentences } = catalogueOf(language)
    for (const text of Object.values({ ...statuses, ...sentences })) expect(text).not.toMatch(words)
  })

  it('is looked for everywhere but where there still is something to leave out', () => {
    const paths = sourceFiles()
    for (const [place] of leftOut)
      expect(
        paths.some((path) => path.startsWith(place)),
        place,
      ).toBe(true)
  })

  it('has no pieces that nobody writes any more', () => {
    const source = sourceFiles()
      .map((path) => readFileSync(join(root, path), 'utf8'))
      .join('\n')
    // An article is put before what a principal is called.
    for (const piece of pieces.map((one) => one.replace(/^an? /, '')))
      for (const fixed of piece.split(/\{\w+\}/)) expect(source.includes(fixed), piece).toBe(true)
  })
})
