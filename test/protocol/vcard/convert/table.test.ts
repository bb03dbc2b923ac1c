import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { namesOfFourOnly } from '../../../../protocol/vcard/convert/parameters.ts'
import { conversions } from '../../../../protocol/vcard/convert/table.ts'
import { convertCard } from '../../../../protocol/vcard/convert.ts'
import { documentOf } from './document.ts'

/** A card of those lines, with FN and N unless it is they that matter. */
function card(version: '3.0' | '4.0', lines: readonly string[]): string {
  const own = new Set(lines.map((line) => /^[^:;]*/.exec(line)?.[0]))
  const names = own.has('FN') || own.has('N') ? [] : ['FN:F', 'N:;F;;;']
  return `${['BEGIN:VCARD', `VERSION:${version}`, ...names, ...lines, 'END:VCARD'].join('\r\n')}\r\n`
}

function unfolded(text: string): string[] {
  return text.replace(/\r\n[ \t]/g, '').split('\r\n')
}

describe.each(conversions.filter(({ examples }) => examples.length > 0))('$rfc $about', ({ examples }) => {
  it.each(examples)('$three.0 and $four.0', ({ three, four, only }) => {
    const [older, newer] = [card('3.0', three), card('4.0', four)]
    if (only !== 'to 3.0') expect(unfolded(convertCard(older, '4.0'))).toEqual(unfolded(newer))
    if (only !== 'to 4.0') expect(unfolded(convertCard(newer, '3.0'))).toEqual(unfolded(older))
  })
})

describe('the table of conversions', () => {
  it('is what its document says', async () => {
    const path = new URL('../../../../protocol/vcard/convert/README.md', import.meta.url)
    await expect(documentOf(conversions)).toMatchFileSnapshot(path.pathname)
  })

  it('leaves no parameter of 4.0 in the 3.0 of its own examples', () => {
    for (const { four } of conversions.flatMap(({ examples }) => examples)) {
      const names = readCard(convertCard(card('4.0', four), '3.0')).lines.flatMap(({ parameters }) =>
        parameters.map(({ name }) => name),
      )
      expect(names.filter((name) => namesOfFourOnly.includes(name))).toEqual([])
    }
  })
})
