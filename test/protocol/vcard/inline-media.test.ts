import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../protocol/vcard/card.ts'
import { inlineMedia } from '../../../protocol/vcard/inline-media.ts'
import { splitCards } from '../../../protocol/vcard/split.ts'
import { cardParts } from '../../../src/features/contacts/card-parts.ts'
import { fillBody, fillText } from '../../../storage/media/body-media.ts'
import { foldBase64 } from '../../../storage/media/folding.ts'
import type { BodyParts } from '../../../storage/media/parts.ts'
import { cardFiles } from './files.ts'

const large = Buffer.alloc(5_000, 'not really a photo ')

/** What is taken out of a card, and what comes back. */
function taken(text: string): {
  readonly parts: BodyParts | undefined
  readonly back: (string | undefined)[]
} {
  const body = Buffer.from(text)
  const media = readCard(text).lines.flatMap((line) => inlineMedia(text, line) ?? [])
  const parts = cardParts(body, text, media)
  if (!parts) return { parts, back: [text, text] }
  const fillings = parts.media.map(({ position, bytes, folding }) => ({
    position,
    text: foldBase64(bytes, folding),
  }))
  const mediaBytes = parts.media.reduce((sum, { textBytes }) => sum + textBytes, 0)
  const row = { id: 1, bytes: parts.rest, mediaBytes }
  return { parts, back: [fillBody(row, fillings)?.toString(), fillText(row, fillings)] }
}

function card(line: string): string {
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Zoë\r\n${line}NOTE:ÿ after\r\nEND:VCARD\r\n`
}

const base64 = large.toString('base64')

describe('RFC 2426 §3.1.4, RFC 6350 §6.2.4 files in a card', () => {
  it.each([
    ['ENCODING=b', 'PHOTO;ENCODING=b;TYPE=JPEG:', ''],
    ['BASE64', 'PHOTO;ENCODING=BASE64;TYPE=JPEG:', ''],
    ['a bare parameter', 'LOGO;BASE64:', ''],
    ['a group', 'item1.PHOTO;ENCODING=b:', ''],
    ['a data: URI', 'PHOTO:data:image/jpeg;base64,', ''],
    ['an escaped data: URI', 'KEY;VALUE=uri:data:application/pgp-keys\\;base64\\,', ''],
    ['a data: URI that is folded', 'PHOTO;X-P="a:b":data:image/jp\r\n eg;bas\r\n e64,\r\n ', ''],
    [
      'a fold in its parameters',
      'PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&671&671&Nh68TA==;\r\n ENCODING=b:',
      '',
    ],
    ['a value that begins on the next line (Outlook)', 'PHOTO;ENCODING=b:\r\n ', '\r\n '],
    ['nothing that says so', 'SOUND:', ''],
  ])('are found with %s', (_, head, tail) => {
    for (const value of [base64, foldBase64(large, { firstWidth: 31, nextWidth: 74, fold: '\r\n ' })]) {
      const text = card(`${head}${value}${tail}\r\n`)
      const { parts, back } = taken(text)
      expect(parts?.media.map(({ bytes }) => bytes.equals(large))).toEqual([true])
      expect(parts?.rest.toString()).toBe(card(`${head}${tail}\r\n`))
      expect(back).toEqual([text, text])
    }
  })

  it.each([
    ['an address', `PHOTO:https://example.com/${'a'.repeat(4_000)}.jpg\r\n`],
    ['another property', `NOTE:${base64}\r\n`],
    ['a quotation that does not end', `PHOTO;X="a:${base64}\r\n`],
    ['text that is no base64', `KEY:${'ö'.repeat(3_000)}\r\n`],
    ['nothing', 'PHOTO;ENCODING=b:\r\n'],
  ])('are not found in %s', (_, line) => {
    expect(taken(card(line)).parts).toBeUndefined()
  })

  it('are put back octet for octet, however they were folded (law 1)', () => {
    const line = fc
      .record({
        head: fc.constantFrom(
          'PHOTO;ENCODING=b;TYPE=JPEG:',
          'KEY:',
          'PHOTO:data:image/png;base64,',
          'NOTE:ß',
        ),
        bytes: fc.uint8Array({ minLength: 0, maxLength: 6_000 }),
        firstWidth: fc.integer({ min: 1, max: 80 }),
        nextWidth: fc.integer({ min: 1, max: 80 }),
        fold: fc.constantFrom('\r\n ', '\n ', '\r\n\t', '\n  '),
        damage: fc.option(fc.nat(), { freq: 4 }),
      })
      .map(({ head, bytes, damage, ...folding }) => {
        const folded = foldBase64(Buffer.from(bytes), folding)
        const at = damage === null ? folded.length : damage % (folded.length + 1)
        return `${head}${folded.slice(0, at)}${damage === null ? '' : 'é'}${folded.slice(at)}\r\n`
      })
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        const text = card(lines.join(''))
        expect(taken(text).back).toEqual([text, text])
      }),
      { numRuns: 300 },
    )
  })

  it.each(cardFiles())('of $name come back as they were', ({ text }) => {
    for (const piece of splitCards(text, () => 'made')) {
      if (piece.kind === 'refused') continue
      expect(taken(piece.text).back).toEqual([piece.text, piece.text])
    }
  })
})
