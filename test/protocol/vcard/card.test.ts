import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { cardProperty, readCard } from '../../../protocol/vcard/card.ts'
import { almostCard, cardBody } from './arbitraries.ts'
import { fixture } from './files.ts'

fc.configureGlobal({ seed: 6350 })

const card = (...lines: string[]) => ['BEGIN:VCARD', ...lines, 'END:VCARD', ''].join('\r\n')

function refusal(text: string): string {
  try {
    readCard(text)
  } catch (error) {
    if (error instanceof InvalidObjectError && error.precondition === 'valid-address-data')
      return error.message
    throw error
  }
  return 'accepted'
}

describe('RFC 6350 §6.1.1–6.1.2 one card is framed by BEGIN and END', () => {
  it('reads the lines between them and where they stand', () => {
    const text = card('VERSION:4.0', 'item1.TEL:1')
    const read = readCard(text)
    expect(read.version).toBe('4.0')
    expect(read.lines.map(({ group, name, value }) => [group, name, value])).toEqual([
      [undefined, 'VERSION', '4.0'],
      ['item1', 'TEL', '1'],
    ])
    expect(text.slice(read.begin.start, read.begin.end)).toBe('BEGIN:VCARD\r\n')
    expect(text.slice(read.finish.start, read.finish.end)).toBe('END:VCARD\r\n')
    expect([read.start, read.end]).toEqual([0, text.length])
  })

  it('takes them in any case, with blanks behind and blank lines about', () => {
    const text = '\r\n\r\nbegin:vcard\r\nversion:3.0\r\nend:vCard  \r\n\r\n'
    const read = readCard(text)
    expect(read.version).toBe('3.0')
    expect(text.slice(read.start, read.end)).toBe('begin:vcard\r\nversion:3.0\r\nend:vCard  \r\n')
  })

  it('does without VERSION and without properties', () => {
    expect(readCard(card())).toMatchObject({ version: undefined, lines: [], broken: [] })
  })

  it('keeps unreadable lines apart', () => {
    const read = readCard(card('VERSION:3.0', 'rubbish', 'FN:x'))
    expect(read.broken.map((line) => line.broken)).toEqual(['rubbish'])
    expect(read.lines.map((line) => line.name)).toEqual(['VERSION', 'FN'])
  })

  it.each([
    ['', 'The text is empty.'],
    ['\r\n \r\n', 'The text is empty.'],
    ['FN:x\r\n', 'The text does not begin with BEGIN:VCARD.'],
    ['BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n', 'The text does not begin with BEGIN:VCARD.'],
    [`rubbish\r\n${card()}`, 'The text does not begin with BEGIN:VCARD.'],
    ['END:VCARD\r\n', 'The text does not begin with BEGIN:VCARD.'],
    ['BEGIN:VCARD\r\nFN:x\r\n', 'END:VCARD is missing.'],
    [`${card()}rubbish`, 'There is text after END:VCARD.'],
    [`${card()}END:VCARD`, 'There is text after END:VCARD.'],
    [card() + card(), 'There is more than one vCard.'],
    [card('BEGIN:VCARD', 'END:VCARD'), 'A vCard begins before the one before it has ended.'],
    [card('BEGIN:VEVENT', 'END:VEVENT'), 'BEGIN:VEVENT inside a vCard.'],
    [card('END:VEVENT'), 'END:VEVENT without its BEGIN.'],
  ])('refuses %j', (text, message) => {
    expect(refusal(text)).toBe(message)
  })
})

describe('RFC 2426 §3.5.4 the card of an agent stands inside', () => {
  it('passes over its lines', () => {
    const read = readCard(fixture('agent.vcf'))
    expect(read.lines.map((line) => line.name)).toEqual(['VERSION', 'FN', 'N', 'AGENT', 'UID', 'TEL'])
    expect(cardProperty(read.lines, 'UID')?.value).toBe('agent-outer')
  })

  it('also when it begins on the line of AGENT itself, or holds another', () => {
    const inner = ['AGENT:BEGIN:VCARD', 'FN:a', 'AGENT:', 'BEGIN:VCARD', 'FN:b', 'END:VCARD', 'END:VCARD']
    expect(readCard(card('VERSION:3.0', ...inner, 'FN:c')).lines.map((line) => line.value)).toEqual([
      '3.0',
      'BEGIN:VCARD',
      'c',
    ])
  })

  it('leaves an escaped one in its value', () => {
    const read = readCard(card('VERSION:3.0', 'AGENT:BEGIN:VCARD\\nFN:Susan\\nEND:VCARD\\n', 'FN:c'))
    expect(read.lines).toHaveLength(3)
  })

  it('refuses one that does not end', () => {
    expect(refusal(card('AGENT:', 'BEGIN:VCARD', 'FN:b'))).toBe('END:VCARD is missing.')
  })
})

describe('hostile text', () => {
  it('reads every card that was written, whole', () => {
    fc.assert(
      fc.property(cardBody, (text) => {
        const read = readCard(text)
        const slices = [read.begin, ...[...read.lines, ...read.broken].sort(byStart), read.finish]
        expect(slices.map(({ start, end }) => text.slice(start, end)).join('')).toBe(text)
      }),
    )
  })

  it('throws nothing but its refusal', () => {
    fc.assert(
      fc.property(fc.oneof(almostCard, fc.string({ unit: 'binary' })), (text) => {
        expect(typeof refusal(text)).toBe('string')
      }),
      { numRuns: 500 },
    )
  })
})

function byStart(one: { start: number }, other: { start: number }): number {
  return one.start - other.start
}
