import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../../protocol/vcard/card.ts'
import { valueKey } from '../../../../protocol/vcard/unite/fields.ts'
import { compareCards, uniteCards } from '../../../../protocol/vcard/unite/unite.ts'
import { lines } from '../../../dav/objects.ts'
import { madeCard } from '../merge/cards.ts'

const card = (...extra: readonly string[]): string =>
  lines(['BEGIN:VCARD', 'VERSION:3.0', ...extra, 'END:VCARD'])

const survivor = card(
  'UID:s',
  'FN:Anna Meier',
  'N:Meier;Anna;;;',
  'TEL;TYPE=CELL,pref:+49 171 1234567',
  'item1.EMAIL:anna@lyra.example',
  'item1.X-ABLabel:Labor',
  'CATEGORIES:Friends',
  'NOTE:Likes tea.',
  'X-OWN:kept',
  'X-ODD;X-P=1:as',
  '  it was',
)
const loser = card(
  'UID:l',
  'FN:A. Meier',
  'N:Meier;A.;;;',
  'TEL;TYPE=HOME,pref:030 7654321',
  'TEL;TYPE=CELL:0171/1234567',
  'item1.EMAIL:anna@home.example',
  'item1.X-ABLabel:Garden',
  'CATEGORIES:friends,Berlin',
  'NOTE:Met in 2019.',
  'BDAY:1980-02-29',
  'X-OTHER;X-P=2:kept too',
)

describe('two cards of one person', () => {
  const united = uniteCards({ survivor, loser })

  it('become the survivor’s with what only the other has, the rest byte for byte (law 6)', () => {
    expect(united.split('\r\n')).toEqual([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'UID:s',
      'FN:Anna Meier',
      'N:Meier;Anna;;;',
      'TEL;TYPE=CELL,pref:+49 171 1234567',
      'TEL;TYPE=HOME:030 7654321',
      'item1.EMAIL:anna@lyra.example',
      'item1.X-ABLabel:Labor',
      'item2.EMAIL:anna@home.example',
      'item2.X-ABLabel:Garden',
      'CATEGORIES:Friends,Berlin',
      'NOTE:Likes tea.\\n\\nMet in 2019.',
      'X-OWN:kept',
      'X-ODD;X-P=1:as',
      '  it was',
      'BDAY:1980-02-29',
      'X-OTHER;X-P=2:kept too',
      'END:VCARD',
      '',
    ])
  })

  it('are told field by field, with what is proposed', () => {
    const fields = new Map(compareCards({ survivor, loser }).map((field) => [field.name, field]))
    expect(fields.has('UID')).toBe(false)
    expect(fields.get('FN')).toMatchObject({ isSame: false, proposed: 'survivor' })
    expect(fields.get('BDAY')).toMatchObject({ survivor: [], proposed: 'loser' })
    expect(fields.get('TEL')).toMatchObject({ isSame: false, proposed: 'both' })
    expect(fields.get('X-OWN')).toMatchObject({ proposed: 'both', loser: [] })
  })

  it('take the values that were chosen', () => {
    const text = uniteCards(
      { survivor, loser },
      new Map([
        ['FN', 'loser'],
        ['TEL', 'loser'],
        ['EMAIL', 'survivor'],
        ['CATEGORIES', 'loser'],
        ['NOTE', 'loser'],
        ['X-OWN', 'loser'],
      ]),
    )
    const found = text.split('\r\n').filter((line) => /FN|TEL|EMAIL|Label|CATEG|NOTE|X-OWN/.test(line))
    expect(found).toEqual([
      'FN:A. Meier',
      'TEL;TYPE=CELL,pref:+49 171 1234567',
      'TEL;TYPE=HOME,pref:030 7654321',
      'item1.EMAIL:anna@lyra.example',
      'item1.X-ABLabel:Labor',
      'CATEGORIES:friends,Berlin',
      'NOTE:Met in 2019.',
    ])
  })

  it('of two versions become one of the survivor’s', () => {
    const other = loser.replace('VERSION:3.0', 'VERSION:4.0').replace('1980-02-29', '--0229')
    expect(uniteCards({ survivor, loser: other })).toContain('BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29')
  })
})

describe('any two cards', () => {
  const pairs = fc.record({ survivor: madeCard, loser: madeCard }).map(({ survivor, loser }) => ({
    survivor: survivor.text,
    loser: loser.text,
  }))

  it('keep all that either says, and the same again changes nothing', () => {
    fc.assert(
      fc.property(pairs, ({ survivor, loser }) => {
        const united = uniteCards({ survivor, loser })
        readCard(united)
        for (const { form, survivor: has, loser: had, name } of compareCards({ survivor: united, loser })) {
          if (form !== 'some') continue
          const keys = new Set(has.map(valueKey))
          for (const one of had) expect(keys.has(valueKey(one)), `${name} ${valueKey(one)}`).toBe(true)
        }
        expect(uniteCards({ survivor: united, loser })).toBe(united)
        expect(uniteCards({ survivor, loser: survivor })).toBe(survivor)
      }),
      { numRuns: 60, seed: 24 },
    )
  })

  it('leave the lines of the survivor as they were but its lists and its note', () => {
    fc.assert(
      fc.property(pairs, ({ survivor, loser }) => {
        const kept = new Set(uniteCards({ survivor, loser }).split(/\r?\n/))
        for (const line of survivor.split(/\r?\n/)) {
          if (!/^(?:NOTE|CATEGORIES|NICKNAME)/.test(line)) expect(kept.has(line), line).toBe(true)
        }
      }),
      { numRuns: 60, seed: 24 },
    )
  })
})
