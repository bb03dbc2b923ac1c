import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../protocol/vcard/card.ts'
import { type CardPiece, splitCards } from '../../../protocol/vcard/split.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import { almostCard, cardBody } from './arbitraries.ts'
import { fixture } from './files.ts'

fc.configureGlobal({ seed: 6350 })

const newUid = (slice: string) => `made-${slice.length}`
const split = (text: string) => [...splitCards(text, newUid)]
const rangesOf = (piece: CardPiece) => (piece.kind === 'object' ? piece.source : [piece])
const told = (text: string) =>
  split(text).map((piece) => (piece.kind === 'object' ? piece.uid : piece.reason))

describe('RFC 6350 §3.3 a file of several vCards', () => {
  it('is taken apart; what is no card of version 3.0 or 4.0 is refused with its reason', () => {
    const text = fixture('several.vcf')
    const pieces = split(text)
    expect(told(text)).toEqual([
      'one',
      'made-53',
      'This is not part of a vCard.',
      'vCard version 2.1 is not stored; 3.0 and 4.0 are.',
      'The vCard does not end.',
      'last',
    ])
    const [one, , words, , open] = pieces.map((piece) => rangesOf(piece)[0])
    expect(text.slice(one?.start, one?.end)).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:One\r\nUID:one\r\nEND:VCARD\r\n',
    )
    expect(text.slice(words?.start, words?.end)).toBe('some words between\r\n')
    expect(text.slice(open?.start, open?.end)).toBe('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Never ends\r\n')
  })

  it('gives a UID to a card without one, before its END, and says so', () => {
    const slice = 'BEGIN:VCARD\nVERSION:4.0\nFN:x\nEND:VCARD\n'
    expect(split(slice)).toEqual([
      {
        kind: 'object',
        uid: 'made-39',
        text: 'BEGIN:VCARD\nVERSION:4.0\nFN:x\nUID:made-39\nEND:VCARD\n',
        source: [{ start: 0, end: 39 }],
        notes: ['It had no UID and was given made-39.'],
      },
    ])
  })

  it.each(['\r\n', '\n', '\r', '\r\r\n'])('ends the new line with %j as the others', (end) => {
    const [piece] = splitCards(['BEGIN:VCARD', 'VERSION:4.0', 'END:VCARD', ''].join(end), () => '1')
    expect(piece).toMatchObject({ text: ['BEGIN:VCARD', 'VERSION:4.0', 'UID:1', 'END:VCARD', ''].join(end) })
  })

  it('finds the cards of a file of mixed character sets by its octets', () => {
    const zoe = 'BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Zoë\nEND:VCARD\n'
    const bytes = Buffer.concat([Buffer.from(zoe), Buffer.from(zoe, 'latin1'), Buffer.from(zoe)])
    const pieces = split(bytes.toString('latin1'))
    const octets = pieces.map((piece) => Buffer.from(piece.kind === 'object' ? piece.text : '', 'latin1'))
    expect(octets).toEqual([Buffer.from(zoe), Buffer.from(zoe, 'latin1'), Buffer.from(zoe)])
  })

  it('leaves the agent of a person inside', () => {
    const text = fixture('agent.vcf')
    expect(split(text)).toMatchObject([{ kind: 'object', uid: 'agent-outer', text }])
  })

  it('does not begin a card at an agent that stands outside', () => {
    const inner = 'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:1\r\nEND:VCARD\r\n'
    expect(told(`AGENT:\r\n${inner}`)).toEqual(['This is not part of a vCard.', '1'])
  })

  it('takes the cards after one that does not end, and refuses an END too many', () => {
    const whole = (uid: string) => `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${uid}\r\nEND:VCARD\r\n`
    expect(told(`BEGIN:VCARD\r\nFN:x\r\n${whole('1')}${whole('2')}END:VCARD\r\n${whole('3')}`)).toEqual([
      'The vCard does not end.',
      '1',
      '2',
      'This is not part of a vCard.',
      '3',
    ])
  })

  it('finds nothing in an empty file', () => {
    expect(split('')).toEqual([])
    expect(split('\ufeff\r\n \r\n')).toEqual([])
  })

  it('takes every card of a file of valid ones', () => {
    fc.assert(
      fc.property(fc.array(cardBody, { maxLength: 4 }), (bodies) => {
        const pieces = split(bodies.join('\r\n'))
        expect(pieces).toHaveLength(bodies.length)
        pieces.forEach((piece, index) => {
          const body = bodies[index] ?? ''
          if (piece.kind === 'object' && piece.notes.length === 0) expect(piece.text).toBe(body)
          else if (piece.kind === 'refused') expect(piece.reason).toBe('The vCard has two UIDs.')
        })
      }),
    )
  })
})

describe('hostile text', () => {
  it('is taken or refused, every character once and in order, and what is taken is valid', () => {
    fc.assert(
      fc.property(fc.array(almostCard, { maxLength: 4 }), (texts) => {
        const text = texts.join('\r\n')
        let at = 0
        for (const piece of split(text)) {
          for (const range of rangesOf(piece)) {
            expect(text.slice(at, range.start).trim()).toBe('')
            expect(range.end).toBeGreaterThan(range.start)
            at = range.end
          }
          if (piece.kind !== 'object') continue
          expect(validateCard(piece.text).uid).toBe(piece.uid)
          const source = piece.source.map(({ start, end }) => text.slice(start, end)).join('')
          expect(readCard(piece.text).lines.length - readCard(source).lines.length).toBe(piece.notes.length)
        }
        expect(text.slice(at).trim()).toBe('')
      }),
      { numRuns: 1000 },
    )
  })

  it('takes time in proportion to its length', () => {
    for (const text of [
      'BEGIN:VCARD\n'.repeat(50_000),
      'END:VCARD\n'.repeat(50_000),
      'AGENT:\nBEGIN:VCARD\n'.repeat(50_000),
      `${'BEGIN:VCARD\nAGENT:\n'.repeat(20_000)}${'END:VCARD\n'.repeat(20_000)}`,
      'BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n'.repeat(20_000),
    ]) {
      const from = performance.now()
      expect(split(text).length).toBeGreaterThan(0)
      expect(performance.now() - from).toBeLessThan(4000)
    }
  })
})
