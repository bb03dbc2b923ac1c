import { inflateSync } from 'node:zlib'

/** What stands on the pages of a PDF as Chromium writes it. */
export interface Paper {
  readonly pages: number
  /** Without the gaps, which on paper are but places. */
  readonly text: string
}

/** Reads a PDF of Chromium: its objects stand by themselves, and each font says which signs its glyphs are. */
export function readPdf(octets: Buffer): Paper {
  const objects = objectsOf(octets)
  const pages = [...objects.values()].filter(({ head }) => /\/Type\s*\/Page\b/.test(head))
  const text = pages.map(({ head }) => {
    const fonts = fontsOf(objects, head)
    const contents = refsIn(/\/Contents\s*(\[[^\]]*\]|\d+ 0 R)/.exec(head)?.[1] ?? '')
    return contents.map((id) => wordsOf(objects.get(id)?.stream ?? '', fonts)).join('')
  })
  return { pages: pages.length, text: text.join('\n') }
}

interface PdfObject {
  readonly head: string
  readonly stream: string
}

/** By the number of each glyph. */
type Signs = ReadonlyMap<number, string>

function objectsOf(octets: Buffer): ReadonlyMap<string, PdfObject> {
  const file = octets.toString('latin1')
  const objects = new Map<string, PdfObject>()
  for (const { 0: begin, 1: id = '', index } of file.matchAll(/(?<=^|[\r\n])(\d+) 0 obj\b/g)) {
    const from = index + begin.length
    const whole = file.slice(from, file.indexOf('endobj', from))
    const at = /stream\r?\n/.exec(whole)
    const head = at ? whole.slice(0, at.index) : whole
    const length = Number(/\/Length (\d+)/.exec(head)?.[1] ?? 0)
    const start = from + (at ? at.index + at[0].length : 0)
    const packed = octets.subarray(start, start + length)
    const isPacked = head.includes('/FlateDecode') && !head.includes('/Subtype /Image')
    const stream = at ? (isPacked ? inflateSync(packed) : packed).toString('latin1') : ''
    objects.set(id, { head, stream })
  }
  return objects
}

function refsIn(text: string): readonly string[] {
  return [...text.matchAll(/(\d+) 0 R/g)].map(([, id = '']) => id)
}

function fontsOf(objects: ReadonlyMap<string, PdfObject>, page: string): ReadonlyMap<string, Signs> {
  const list = /\/Font\s*<<([^>]*)>>/.exec(page)?.[1] ?? ''
  return new Map(
    [...list.matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name = '', id = '']) => {
      const font = objects.get(id)?.head ?? ''
      const [map = ''] = refsIn(/\/ToUnicode \d+ 0 R/.exec(font)?.[0] ?? '')
      return [name, signsOf(objects.get(map)?.stream ?? '')]
    }),
  )
}

function signsOf(cmap: string): Signs {
  const signs = new Map<number, string>()
  for (const [, list = ''] of cmap.matchAll(/beginbfchar([\s\S]*?)endbfchar/g))
    for (const [, glyph = '', sign = ''] of list.matchAll(/<(\w+)>\s*<(\w+)>/g))
      signs.set(Number.parseInt(glyph, 16), utf16(sign))
  for (const [, list = ''] of cmap.matchAll(/beginbfrange([\s\S]*?)endbfrange/g))
    for (const [, from = '', to = '', sign = ''] of list.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [first, last] = [Number.parseInt(from, 16), Number.parseInt(to, 16)]
      for (let glyph = first; glyph <= last; glyph += 1)
        signs.set(glyph, String.fromCodePoint((utf16(sign).codePointAt(0) ?? 0) + glyph - first))
    }
  return signs
}

function utf16(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le')
}

function wordsOf(content: string, fonts: ReadonlyMap<string, Signs>): string {
  let signs: Signs = new Map()
  let words = ''
  for (const [, font, glyphs = ''] of content.matchAll(/\/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>/g)) {
    if (font !== undefined) signs = fonts.get(font) ?? new Map()
    for (const [glyph] of glyphs.matchAll(/.{4}/g)) words += signs.get(Number.parseInt(glyph, 16)) ?? ''
  }
  return words.replaceAll(/\s/g, '')
}
