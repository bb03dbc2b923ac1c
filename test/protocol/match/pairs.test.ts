import { describe, expect, it } from 'vitest'
import { matchKeys } from '../../../protocol/match/keys.ts'
import { type Level, type Score, scorePair } from '../../../protocol/match/score.ts'
import { type Traits, traitsOf } from '../../../protocol/match/traits.ts'
import { readCard } from '../../../protocol/vcard/card.ts'

/** A card of lines, with a name to show where none is given. */
function traits(...lines: readonly string[]): Traits {
  const named = lines.some((line) => /^(?:FN|N)[:;]/.test(line)) ? lines : ['FN:', ...lines]
  return traitsOf(readCard(['BEGIN:VCARD', 'VERSION:3.0', ...named, 'END:VCARD', ''].join('\r\n')))
}

const score = (one: readonly string[], other: readonly string[]): Score =>
  scorePair(traits(...one), traits(...other))

function shareKey(one: readonly string[], other: readonly string[]): boolean {
  const keys = new Set(matchKeys(traits(...one)))
  return matchKeys(traits(...other)).some((key) => keys.has(key))
}

const anna = ['FN:Anna Meier', 'N:Meier;Anna;;;']

describe('cards of one person', () => {
  const pairs: readonly (readonly [string, readonly string[], readonly string[], Level])[] = [
    ['the same name and number', [...anna, 'TEL:+49 30 1234567'], [...anna, 'TEL:030/1234567'], 'same'],
    [
      'the same name and mail',
      [...anna, 'EMAIL:anna@a.example'],
      ['FN:Anna Meier', 'EMAIL:Anna@A.example'],
      'same',
    ],
    ['the name alone', anna, ['FN:Anna Meier'], 'maybe'],
    [
      'the words in another order',
      ['FN:Meier, Anna', 'TEL:030 1234567'],
      [...anna, 'TEL:0301234567'],
      'same',
    ],
    ['a title', ['FN:Dr. Anna Meier', 'TEL:030 1234567'], [...anna, 'TEL:0301234567'], 'same'],
    [
      'accents and umlauts',
      ['FN:Jürgen Müller', 'ORG:Lyra'],
      ['FN:Juergen Mueller', 'ORG:Lyra GmbH'],
      'likely',
    ],
    [
      'a nickname',
      ['FN:Bill Gardner', 'EMAIL:bill@gardner.example'],
      ['FN:William Gardner', 'EMAIL:bill@gardner.example'],
      'same',
    ],
    [
      'Cyrillic and a transliteration',
      ['FN:Юрий Чайковский', 'N:Чайковский;Юрий;;;', 'TEL:+7 495 1234567'],
      ['FN:Yuri Chaikovsky', 'TEL:+74951234567'],
      'likely',
    ],
    [
      'Greek and a transliteration',
      ['FN:Γιώργος Παπαδόπουλος', 'TEL:+30 21 0123 4567'],
      ['FN:Giorgos Papadopoulos', 'TEL:+302101234567'],
      'same',
    ],
    [
      'a typing error and a number',
      ['FN:Anna Meyer', 'TEL:030 1234567'],
      [...anna, 'TEL:0301234567'],
      'likely',
    ],
    [
      'an initial and the company',
      ['FN:A. Meier', 'ORG:Lyra', 'TEL:030 1234567'],
      [...anna, 'ORG:Lyra AG', 'TEL:0301234567'],
      'likely',
    ],
    [
      'a middle name and a birthday',
      ['FN:Anna Maria Meier', 'BDAY:1980-02-29'],
      [...anna, 'BDAY:19800229'],
      'likely',
    ],
    ['a mail address and no name', ['EMAIL:anna@a.example'], [...anna, 'EMAIL:anna@a.example'], 'likely'],
    [
      'a number and no name',
      ['FN:+49 30 1234567', 'TEL:+49301234567'],
      [...anna, 'TEL:030 1234567'],
      'maybe',
    ],
    [
      'a new job, and the number taken along',
      [...anna, 'ORG:Lyra', 'EMAIL:anna@lyra.example', 'TEL:0171 7654321'],
      [...anna, 'ORG:Vega', 'EMAIL:a.meier@vega.example', 'TEL:+49 171 7654321'],
      'likely',
    ],
    [
      'a name without spaces',
      ['FN:山田太郎', 'TEL:03-1234-5678'],
      ['N:山田;太郎;;;', 'TEL:+81 3-1234-5678'],
      'same',
    ],
  ]
  for (const [what, one, other, level] of pairs) {
    it(`are found by ${what}, and share a key`, () => {
      expect(score(one, other).level, JSON.stringify(score(one, other))).toBe(level)
      expect(score(other, one)).toEqual({ ...score(one, other), reasons: swapped(score(one, other)) })
      expect(shareKey(one, other)).toBe(true)
    })
  }
})

/** The reasons, with their values the other way round. */
function swapped({ reasons }: Score): Score['reasons'] {
  return reasons.map((reason) => ({ ...reason, values: [reason.values[1], reason.values[0]] }))
}

describe('cards of different people', () => {
  const pairs: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['homonyms with birthdays', [...anna, 'BDAY:1980-02-29'], [...anna, 'BDAY:1955-07-01']],
    [
      'homonyms with birthdays who work for the same company',
      [...anna, 'BDAY:1980-02-29', 'ORG:Lyra'],
      [...anna, 'BDAY:1955-07-01', 'ORG:Lyra'],
    ],
    [
      'homonyms of other companies, numbers and addresses',
      [...anna, 'ORG:Lyra', 'EMAIL:anna@lyra.example', 'TEL:030 1234567'],
      [...anna, 'ORG:Vega', 'EMAIL:am@vega.example', 'TEL:089 7654321'],
    ],
    [
      'a family with one telephone, one mailbox and one house',
      [...anna, 'TEL:030 1234567', 'EMAIL:meier@home.example', 'ADR:;;Ahornweg 1;Berlin;;10115;'],
      [
        'FN:Peter Meier',
        'N:Meier;Peter;;;',
        'TEL:0301234567',
        'EMAIL:meier@home.example',
        'ADR:;;Ahornweg 1;Berlin;;10115;',
      ],
    ],
    [
      'colleagues with the switchboard',
      [...anna, 'TEL:030 1234567', 'ORG:Lyra'],
      ['FN:Paul Roth', 'TEL:030 1234567', 'ORG:Lyra'],
    ],
    [
      'colleagues with the address of their desk',
      [...anna, 'EMAIL:info@lyra.example', 'ORG:Lyra'],
      ['FN:Paul Roth', 'EMAIL:info@lyra.example', 'ORG:Lyra'],
    ],
    [
      'father and son',
      ['FN:John Doe Sr.', 'TEL:030 1234567', 'ADR:;;1 Main St;Boston;;02101;'],
      ['FN:John Doe Jr.', 'TEL:030 1234567', 'ADR:;;1 Main St;Boston;;02101;'],
    ],
    [
      'a person and the company',
      ['FN:Lyra', 'ORG:Lyra', 'TEL:0301234567'],
      [...anna, 'ORG:Lyra', 'TEL:0301234567'],
    ],
    ['the same given name', ['FN:Anna Roth'], ['FN:Anna Meier']],
    ['a word of a name', ['FN:Anna'], ['FN:Anna']],
  ]
  for (const [what, one, other] of pairs) {
    it(`are not taken for one: ${what}`, () => {
      expect(score(one, other).level, JSON.stringify(score(one, other))).toBeUndefined()
    })
  }
})

describe('companies', () => {
  const org = (name: string, ...rest: readonly string[]): string[] => [
    `FN:${name}`,
    `ORG:${name}`,
    'X-ABShowAs:COMPANY',
    ...rest,
  ]

  it('are one without their legal form, by their number and their desk address', () => {
    expect(score(org('Lyra GmbH'), org('LYRA Gmbh & Co. KG')).level).toBe('maybe')
    const one = org('Lyra GmbH', 'EMAIL:info@lyra.example', 'TEL:030 1234567')
    const other = org('Lyra', 'EMAIL:info@lyra.example', 'TEL:+49301234567')
    expect(score(one, other).level).toBe('same')
    expect(shareKey(one, other)).toBe(true)
  })

  it('are not one by the first word of their name', () => {
    expect(score(org('Lyra Systems'), org('Lyra Logistics')).level).toBeUndefined()
    expect(score(org('Nova'), org('Novartis')).level).toBeUndefined()
  })
})

describe('the explanation', () => {
  it('names what speaks for and against, heaviest first, with both values as they stand', () => {
    const { reasons } = score(
      ['FN:Bill Gardner', 'EMAIL:bill@gardner.example', 'ORG:Lyra'],
      ['FN:William Gardner', 'EMAIL:Bill@Gardner.example', 'ORG:Vega'],
    )
    expect(reasons.map(({ feature, found }) => `${feature} ${found}`)).toEqual([
      'mail same',
      'name variant',
      'company other',
    ])
    expect(reasons[1]?.values).toEqual(['Bill Gardner', 'William Gardner'])
    expect(reasons[2]?.weight).toBeLessThan(0)
  })

  it('says that a number is a family’s', () => {
    const { reasons } = score([...anna, 'TEL:030 1234567'], ['FN:Peter Meier', 'TEL:0301234567'])
    expect(reasons.find(({ feature }) => feature === 'phone')?.found).toBe('family')
  })
})
