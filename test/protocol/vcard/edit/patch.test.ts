import { describe, expect, it } from 'vitest'
import { replaceUid } from '../../../../protocol/text/replace-uid.ts'
import { patchCard } from '../../../../protocol/vcard/edit/patch.ts'

const card = (...lines: string[]): string =>
  [
    'BEGIN:VCARD',
    'VERSION:3.0',
    'UID:u',
    'FN:Ada Lovelace',
    'N:Lovelace;Ada;;;',
    ...lines,
    'END:VCARD',
    '',
  ].join('\r\n')
const odd = 'X-ODD;a=b:\\q\r\n  kept'

describe('a card is patched with what a table says (law 6)', () => {
  it('nothing new changes nothing, not an octet', () => {
    const stored = card(odd, 'item7.TEL;type=CELL;type=pref:+44 (20) 1', 'EMAIL;TYPE=WORK:Ada@Example.org')
    expect(patchCard(stored, card('TEL;TYPE=CELL:+44 20 1', 'EMAIL;TYPE=INTERNET:ada@example.org'))).toBe(
      stored,
    )
  })

  it('adds what is missing at its end, and keeps all the rest byte for byte', () => {
    const stored = card(odd, 'TEL;TYPE=HOME:1')
    expect(patchCard(stored, card('TEL;TYPE=CELL:2', 'NOTE:n'))).toBe(
      card(odd, 'TEL;TYPE=HOME:1', 'TEL;TYPE=CELL:2', 'NOTE:n'),
    )
  })

  it('gives the one line of the same types another value, with its group and parameters', () => {
    const stored = card('item7.TEL;TYPE=CELL;X-P=1:1', 'item7.X-ABLabel:Mine', 'TEL;TYPE=WORK:2')
    const incoming = card('item1.TEL;TYPE=CELL:3', 'item1.X-ABLabel:Mine', 'TEL;TYPE=WORK:2')
    expect(patchCard(stored, incoming)).toBe(stored.replace('X-P=1:1', 'X-P=1:3'))
  })

  it('adds where several lines have the same types: none of them is known to be meant', () => {
    const stored = card('TEL;TYPE=CELL:1', 'TEL;TYPE=CELL:2')
    expect(patchCard(stored, card('TEL;TYPE=CELL:3'))).toBe(
      card('TEL;TYPE=CELL:1', 'TEL;TYPE=CELL:2', 'TEL;TYPE=CELL:3'),
    )
  })

  it('brings labels together, and gives labelled lines a group of their own', () => {
    const stored = card('CATEGORIES:Friends,Work', 'item1.URL:http://a')
    const incoming = card('CATEGORIES:work,VIP', 'item1.TEL:1', 'item1.X-ABLabel:Boat')
    expect(patchCard(stored, incoming)).toBe(
      card('CATEGORIES:Friends,Work,VIP', 'item1.URL:http://a', 'item2.TEL:1', 'item2.X-ABLabel:Boat'),
    )
  })

  it('leaves alone what was changed here since, where the source says what it said before', () => {
    const before = card('TEL;TYPE=CELL:1', 'TITLE:Clerk')
    const here = card('TEL;TYPE=CELL:99', 'TITLE:Clerk')
    expect(patchCard(here, before, before)).toBe(here)
    expect(patchCard(here, card('TEL;TYPE=CELL:1', 'TITLE:Boss'), before)).toBe(
      card('TEL;TYPE=CELL:99', 'TITLE:Boss'),
    )
  })

  it('does not give a card a name to show that is made of the same parts', () => {
    const stored = card().replace('FN:Ada Lovelace', 'FN:Countess Ada')
    expect(patchCard(stored, card())).toBe(stored)
    const married = card().replace('N:Lovelace', 'N:King').replace('FN:Ada Lovelace', 'FN:Ada King')
    expect(patchCard(stored, married)).toBe(married)
  })

  it('in the version of the card that is there (RFC 6350)', () => {
    const stored = card('BDAY:18151210').replace('VERSION:3.0', 'VERSION:4.0')
    const patched = patchCard(stored, card('BDAY:1815-12-10', 'X-GENDER:Female', 'TEL;TYPE=CELL:1'))
    expect(patched).toContain('VERSION:4.0')
    expect(patched.startsWith(stored.slice(0, stored.indexOf('END:VCARD')))).toBe(true)
    expect(patched).toMatch(/TEL;TYPE=cell:1/i)
  })
})

describe('an object under another UID', () => {
  it('has it in all of its components, and nothing else is changed', () => {
    const event = (uid: string) =>
      `BEGIN:VEVENT\r\nUID:${uid}\r\nBEGIN:VALARM\r\nUID:alarm\r\nEND:VALARM\r\nEND:VEVENT\r\n`
    expect(replaceUid(event('a\\,b') + event('a\\,b'), 'a,b', 'c')).toBe(event('c') + event('c'))
  })
})
