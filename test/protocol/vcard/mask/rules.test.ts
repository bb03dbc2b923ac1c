import { describe, expect, it } from 'vitest'
import { maskCard } from '../../../../protocol/vcard/mask/mask-card.ts'
import { type Mask, readMask, readMaskRule } from '../../../../protocol/vcard/mask/rules.ts'

function mask(hide: readonly string[], only?: readonly string[]): Mask {
  const read = readMask({ hide, only })
  if ('wrong' in read) throw new Error(`No rule: ${read.wrong}`)
  return read
}

function card(...lines: string[]): string {
  return [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'UID:a',
    'N:Doe;Ann;;;',
    'FN:Ann Doe',
    ...lines,
    'END:VCARD',
    '',
  ].join('\r\n')
}

/** What is left of these lines. */
function seen(rules: readonly string[], ...lines: string[]): string | undefined {
  return maskCard(card(...lines), [mask(rules)])
}

describe('masks of cards', () => {
  it('hide a property by name, by type and by both of two types', () => {
    const lines = ['TEL;TYPE=HOME:1', 'TEL;TYPE=work,cell:2', 'TEL;TYPE=home;TYPE=cell:3', 'NOTE:secret']
    expect(seen(['NOTE'], ...lines)).toBe(card(...lines.slice(0, 3)))
    expect(seen(['TEL;TYPE=home'], ...lines)).toBe(card('TEL;TYPE=work,cell:2', 'NOTE:secret'))
    expect(seen(['TEL;TYPE=cell+home'], ...lines)).toBe(card(...lines.slice(0, 2), 'NOTE:secret'))
    expect(seen(['TEL;TYPE=home|work'], ...lines)).toBe(card('NOTE:secret'))
  })

  it('take a label for a type, bare words of old for types, and mobile for cell', () => {
    const labelled = ['item1.TEL:1', 'item1.X-ABLabel:_$!<Mobile>!$_']
    expect(seen(['TEL;TYPE=cell'], ...labelled)).toBe(card())
    expect(seen(['TEL;TYPE=cell'], 'TEL;CELL:1', 'TEL;TYPE=iPhone:2', 'TEL;TYPE="VOICE,CELL":3')).toBe(card())
    expect(seen(['TEL;TYPE=home+fax'], 'item1.TEL:1', 'item1.X-ABLabel:_$!<HomeFAX>!$_')).toBe(card())
  })

  it('hide by label, and the label with what it labels', () => {
    const lines = ['item1.X-ABDATE:2020-01-01', 'item1.X-ABLabel:First met', 'item2.URL:https://a.example']
    expect(seen(['X-ABDATE;LABEL=first met'], ...lines)).toBe(card('item2.URL:https://a.example'))
    expect(seen(['X-ABDATE;LABEL=other'], ...lines)).toBe(card(...lines))
  })

  it('hide what other programs call the same', () => {
    expect(seen(['BDAY'], 'BDAY:1980-01-01', 'X-ALTBDAY:1980')).toBe(card())
    expect(seen(['ANNIVERSARY'], 'X-ANNIVERSARY:2010-06-12', 'X-EVOLUTION-ANNIVERSARY:2010-06-12')).toBe(
      card(),
    )
    expect(seen(['ADR'], 'item1.ADR:;;1;;;;', 'item1.X-ABADR:us', 'LABEL:1', 'GEO:1;2')).toBe(card())
  })

  it('hide folded lines whole, names that begin alike, and what cannot be looked into', () => {
    expect(seen(['NOTE'], 'NOTE:a', ' b', ' c')).toBe(card())
    expect(seen(['X-*'], 'X-A:1', 'x-b;P=1:2', 'TITLE:x')).toBe(card('TITLE:x'))
    const agent = ['AGENT:', 'BEGIN:VCARD', 'TEL;TYPE=home:9', 'END:VCARD']
    expect(seen(['TEL;TYPE=home'], ...agent, 'TEL;TYPE=home 1', 'JSPROP;JSPTR="a":"9"')).toBe(card())
  })

  it('leave only what is named, and the name', () => {
    const lines = ['ORG:Example', 'TEL;TYPE=work:1', 'TEL:2', 'X-OWN:3']
    expect(maskCard(card(...lines), [mask([], ['ORG', 'TEL;TYPE=work'])])).toBe(
      card('ORG:Example', 'TEL;TYPE=work:1'),
    )
  })

  it('of several hide what any of them does', () => {
    expect(maskCard(card('TEL:1', 'NOTE:2', 'TITLE:3'), [mask(['TEL']), mask([], ['TITLE', 'TEL'])])).toBe(
      card('TITLE:3'),
    )
  })

  it('give the very text where nothing is hidden, and nothing of what cannot be read', () => {
    const text = card('TITLE:x')
    expect(seen(['TEL'], 'TITLE:x')).toBe(text)
    expect(maskCard('BEGIN:VCARD\r\nTEL:1\r\n', [mask(['NOTE'])])).toBeUndefined()
  })

  it('are refused where they are no rules, or hide what no card is without', () => {
    for (const text of ['', 'FN', 'UID', 'TEL;HOME', 'TEL;TYPE=', 'a b', '*'])
      expect(readMaskRule(text)).toBeUndefined()
    expect(readMask({ hide: ['TEL', 'N'] })).toEqual({ wrong: 'N' })
  })
})
