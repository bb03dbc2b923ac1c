import { describe, expect, it } from 'vitest'
import { mergeRules } from '../../protocol/vcard/merge/rules.ts'
import { mergeCard } from '../../protocol/vcard/merge.ts'
import { hasMoreLines, serveCard } from '../../src/features/devices/serve.ts'
import { readStoredCard } from '../../src/features/photos/stored-photos.ts'
import type { KeptMedia } from '../../storage/media/parted-bodies.ts'

/** As many milliseconds as something takes. */
function spent(run: () => unknown): number {
  const start = performance.now()
  run()
  return performance.now() - start
}

describe('the lines of a card are counted whatever ends them', () => {
  it.each(['\r\n', '\n', '\r', '\r\r\n'])('%j', (end) => {
    const text = `${['BEGIN:VCARD', 'A:b', ' c', 'A:c', 'END:VCARD'].join(end)}${end}`
    expect([3, 4].map((most) => hasMoreLines(text, most))).toEqual([true, false])
  })
})

describe('a card of thousands of photos that are kept beside it', () => {
  it('is read in one go, with each photo where it belongs', () => {
    const count = 3_000
    const line = 'PHOTO;ENCODING=b:\r\n'
    const head = `BEGIN:VCARD\r\nVERSION:3.0\r\nFN:ä\r\n${'X-A:b\r\n'.repeat(20_000)}`
    const bytes = Buffer.from(`${head}${line.repeat(count)}END:VCARD\r\n`)
    const first = Buffer.byteLength(head) + line.length - 2
    const media = Array.from({ length: count }, (_, nth) => keptAt(first + nth * line.length))
    expect(spent(() => readStoredCard({ bytes, media }))).toBeLessThan(5_000)
    const { text, photos, media: placed } = readStoredCard({ bytes, media })
    expect(photos).toHaveLength(count)
    expect(placed.every(({ at }) => text.slice(at - 2, at + 2) === 'b:\r\n')).toBe(true)
  })
})

function keptAt(position: number): KeptMedia {
  const folding = { firstWidth: 4_000, nextWidth: 0, fold: '' }
  return {
    mediaId: 1 as KeptMedia['mediaId'],
    position,
    folding,
    hash: 'x',
    size: 3_000,
    head: Buffer.alloc(16),
  }
}

describe('a card of thousands of anniversaries that are not sent back', () => {
  it.each(mergeRules)('is merged in good time for $kind', (rules) => {
    const dates = Array.from({ length: 4_000 }, (_, nth) => `${1_000 + (nth % 999)}-01-${10 + (nth % 20)}`)
    const named = (name: string) => dates.map((date) => `${name}:${date}`)
    const stored = cardOf(named('X-EVOLUTION-ANNIVERSARY'))
    for (const lines of [named('ANNIVERSARY'), ['ANNIVERSARY:2010-01-01']])
      expect(spent(() => mergeCard({ stored, served: stored, sent: cardOf(lines), rules }))).toBeLessThan(
        5_000,
      )
  })
})

describe('a line of tens of thousands of parameters', () => {
  const parameters = Array.from({ length: 60_000 }, (_, nth) => `;A${nth}=v`).join('')
  const text = cardOf([`SOCIALPROFILE;VALUE=text${parameters}:x`]).replace('VERSION:3.0', 'VERSION:4.0')

  it('is given as it is, in whatever version the card is wanted', () => {
    const card = { text, version: '4.0', uid: 'u' }
    let given: string | undefined
    expect(spent(() => (given = serveCard(card, { form: '3.0', maxLines: 50_000 })))).toBeLessThan(5_000)
    expect(given).toBe(text)
  })

  it.each(mergeRules)('is stored as it is sent by $kind', (rules) => {
    const sent = text.replaceAll('=v', '=w')
    let stored: unknown
    expect(spent(() => (stored = mergeCard({ stored: text, served: text, sent, rules }).text))).toBeLessThan(
      5_000,
    )
    expect(stored).toBe(sent)
  })
})

function cardOf(lines: readonly string[]): string {
  return `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:u\r\nFN:S\r\nN:S;;;;\r\n${lines.join('\r\n')}\r\nEND:VCARD\r\n`
}
