import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../protocol/vcard/card.ts'
import { selectAddressData } from '../../../protocol/vcard/partial.ts'
import { cardBody } from './arbitraries.ts'
import { fixture } from './files.ts'

fc.configureGlobal({ seed: 6352 })

const named = (props: readonly string[], novalue = false) =>
  props.map((name) => ({ name: name.toUpperCase(), novalue }))

const select = (text: string, ...props: string[]) => selectAddressData(text, readCard(text), named(props))

describe('RFC 6352 §10.4.2 properties asked for by name', () => {
  it('returns those lines as the client wrote them, folds and all', () => {
    expect(select(fixture('apple-person.vcf'), 'FN', 'NOTE')).toBe(
      [
        'BEGIN:VCARD',
        'VERSION:3.0',
        'FN:Dr. Åsa Maria Lindqvist',
        'NOTE:Träffades på mässan i Göteborg\\; ring efter lunch\\nFrågar om pris\\, leve',
        ' rans och service.',
        'END:VCARD',
        '',
      ].join('\r\n'),
    )
  })

  it('means every group by a bare name, and one group by its prefix', () => {
    const text = fixture('apple-person.vcf')
    expect(select(text, 'email')).toContain('item1.EMAIL;type=INTERNET:lab@example.org\r\n')
    expect(select(text, 'email')).toContain('\r\nEMAIL;type=INTERNET;type=HOME')
    expect(select(text, 'ITEM1.EMAIL', 'item1.X-ABLabel').match(/EMAIL|X-ABLabel/g)).toEqual([
      'EMAIL',
      'X-ABLabel',
    ])
  })

  it('keeps VERSION in its place and returns the frame alone for names the card has not', () => {
    expect(select('BEGIN:VCARD\nFN:x\nVERSION:3.0\nEND:VCARD', 'FN')).toBe(
      'BEGIN:VCARD\nFN:x\nVERSION:3.0\nEND:VCARD',
    )
    expect(select('BEGIN:VCARD\nFN:x\nVERSION:3.0\nEND:VCARD', 'TEL')).toBe(
      'BEGIN:VCARD\nVERSION:3.0\nEND:VCARD',
    )
    expect(select('BEGIN:VCARD\nFN:x\nVERSION:3.0\nEND:VCARD')).toBe('BEGIN:VCARD\nVERSION:3.0\nEND:VCARD')
  })

  it('leaves out unreadable lines and the cards of agents', () => {
    expect(select(fixture('agent.vcf'), 'UID')).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nUID:agent-outer\r\nEND:VCARD\r\n',
    )
    expect(select('BEGIN:VCARD\nrubbish\nEND:VCARD\n', 'FN')).toBe('BEGIN:VCARD\nEND:VCARD\n')
  })

  it('without the value: group, name, parameters and the colon', () => {
    const text =
      'BEGIN:VCARD\r\nVERSION:3.0\r\nitem1.EMAIL;TYPE=HO\r\n ME,WORK;X-A="b:c\r\n ":a@exam\r\n ple.org\r\nFN:x\r\nNOTE:\r\nEND:VCARD\r\n'
    const bare = (...names: string[]) => selectAddressData(text, readCard(text), named(names, true))
    const framed = (...lines: string[]) =>
      ['BEGIN:VCARD', 'VERSION:3.0', ...lines, 'END:VCARD', ''].join('\r\n')
    expect(bare('EMAIL')).toBe(framed('item1.EMAIL;TYPE=HOME,WORK;X-A="b:c":'))
    expect(bare('item1.email', 'fn', 'note')).toBe(
      framed('item1.EMAIL;TYPE=HOME,WORK;X-A="b:c":', 'FN:', 'NOTE:'),
    )
    expect(bare('VERSION')).toBe(framed())
    const both = [...named(['FN']), ...named(['FN', 'NOTE'], true)]
    expect(selectAddressData(text, readCard(text), both)).toBe(framed('FN:x', 'NOTE:'))
  })

  it('is again a card, with exactly the properties asked for', () => {
    fc.assert(
      fc.property(cardBody, fc.subarray(['FN', 'N', 'EMAIL', 'TEL', 'NOTE', 'X-OWN']), (text, props) => {
        const names = readCard(select(text, ...props)).lines.map((line) => line.name)
        const expected = readCard(text).lines.map((line) => line.name)
        expect(names).toEqual(expected.filter((name) => name === 'VERSION' || props.includes(name)))
      }),
    )
  })

  it('is the card itself when every property is asked for', () => {
    fc.assert(
      fc.property(cardBody, (text) => {
        fc.pre(readCard(text).broken.length === 0)
        expect(select(text, ...readCard(text).lines.map((line) => line.name))).toBe(text)
      }),
    )
  })
})
