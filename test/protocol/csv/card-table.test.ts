import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cellsOfCard, headerOf, mostColumns, noCounts, rowOf } from '../../../protocol/csv/card-table.ts'
import { guarded, unguarded } from '../../../protocol/csv/formulas.ts'
import { writeRow } from '../../../protocol/csv/write-row.ts'
import { card } from '../../dav/objects.ts'

/** A card as a record of the cells that are not empty. */
function row(text: string, counts: Partial<ReturnType<typeof noCounts>> = {}): Record<string, string> {
  const cells = cellsOfCard(text)
  const all = { ...noCounts(), ...counts }
  const names = headerOf(all)
  return Object.fromEntries(rowOf(cells, all).flatMap((cell, at) => (cell === '' ? [] : [[names[at], cell]])))
}

describe('OWASP CSV injection', () => {
  it.each(['=1+1', '+cmd|x', '-1+1', '@SUM(A1)', '\t=1', '\r=1', '＝1', "'=1", "''@x", '+1(HYPERLINK("x"))'])(
    'a cell %j is no formula, and comes back',
    (cell) => {
      expect(guarded(cell)).toBe(`'${cell}`)
      expect(unguarded(guarded(cell))).toBe(cell)
    },
  )

  it.each(['+49 30 123-45', '+1 (555) 010.0', 'a=b', "O'Neill", "'quoted'", '1-2', ''])(
    'a cell %j stays as it is',
    (cell) => {
      expect(guarded(cell)).toBe(cell)
      expect(unguarded(cell)).toBe(cell)
    },
  )

  it('gives back whatever was guarded', () => {
    const texts = fc.string({ unit: fc.constantFrom("'", '=', '+', '-', '@', '\t', '1', ' ', 'a', '(', '"') })
    fc.assert(fc.property(texts, (text) => unguarded(guarded(text)) === text))
  })
})

describe('RFC 4180 §2 rows', () => {
  it('quotes separators, quotes, line ends and blanks at the ends, and nothing else', () => {
    expect(writeRow(['a', 'b,c', 'd"e', 'f\ng', ' h', '', '=i,j'])).toBe(
      `a,"b,c","d""e","f\ng"," h",,"'=i,j"\r\n`,
    )
  })
})

describe('a card as a row with the columns of Google Contacts', () => {
  it('has names, organization, dates, labels and notes', () => {
    const text = card('u1', 'Ada Lovelace', [
      'N:Lovelace;Ada;King;Lady;PhD',
      'NICKNAME:Countess',
      'X-PHONETIC-FIRST-NAME:Ayda',
      'ORG:Analytical\\, Ltd;Engines;Cards',
      'TITLE:Mathematician',
      'BDAY:1815-12-10',
      'X-ANNIVERSARY:1835-07-08',
      'item1.X-ABDATE:1843-09-01',
      'item1.X-ABLABEL:Notes published',
      'CATEGORIES:Friends,a\\,b',
      'NOTE:first\\nsecond',
    ]).replace('N:Lovelace;Ada;;;\r\n', '')
    expect(row(text, { event: 2 })).toEqual({
      'First Name': 'Ada',
      'Middle Name': 'King',
      'Last Name': 'Lovelace',
      'Phonetic First Name': 'Ayda',
      'Name Prefix': 'Lady',
      'Name Suffix': 'PhD',
      Nickname: 'Countess',
      'Organization Name': 'Analytical, Ltd',
      'Organization Department': 'Engines, Cards',
      'Organization Title': 'Mathematician',
      Birthday: '1815-12-10',
      'Event 1 - Label': 'Anniversary',
      'Event 1 - Value': '1835-07-08',
      'Event 2 - Label': 'Notes published',
      'Event 2 - Value': '1843-09-01',
      Labels: 'Friends ::: a,b',
      Notes: 'first\nsecond',
      'Display Name': 'Ada Lovelace',
      UID: 'u1',
    })
  })

  it('has labels in the words of Google, or of the user, and the preferred one marked', () => {
    const text = card('u2', 'Jane Doe', [
      'TEL;TYPE=CELL:+49 170 1',
      'TEL;TYPE=WORK,FAX:+49 30 2',
      'item1.TEL;TYPE=PREF:3',
      'item1.X-ABLABEL:Boat',
      'item2.EMAIL:j@example.org',
      'item2.X-ABLABEL:_$!<Other>!$_',
      'ADR;TYPE=HOME:;;1 A St;Town;;12345;Country',
      'item3.URL:https://example.org/',
      'item3.X-ABLABEL:_$!<HomePage>!$_',
      'item4.X-ABRELATEDNAMES:John',
      'item4.X-ABLABEL:_$!<Spouse>!$_',
    ])
    expect(row(text, { phone: 3, email: 1, address: 1, website: 1, relation: 1 })).toMatchObject({
      'Phone 1 - Label': 'Mobile',
      'Phone 1 - Value': '+49 170 1',
      'Phone 2 - Label': 'Work Fax',
      'Phone 3 - Label': '* Boat',
      'E-mail 1 - Label': 'Other',
      'Address 1 - Label': 'Home',
      'Address 1 - Street': '1 A St',
      'Address 1 - Formatted': '1 A St\n12345 Town\nCountry',
      'Website 1 - Value': 'https://example.org/',
      'Relation 1 - Label': 'Spouse',
      'Relation 1 - Value': 'John',
    })
  })

  it('has the formatted name where there is no other, and a date without a year (IOS, Android)', () => {
    const named = card('u3', 'Madonna', ['BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29']).replace(
      /N:;Madonna;;;\r\n/,
      '',
    )
    expect(row(named)).toMatchObject({ 'First Name': 'Madonna', Birthday: '--02-29' })
    const firm = card('u4', 'Firm', ['ORG:Firm']).replace(/N:;Firm;;;\r\n/, 'N:;;;;\r\n')
    expect(row(firm)).toEqual({ 'Organization Name': 'Firm', 'Display Name': 'Firm', UID: 'u4' })
  })

  it('joins to the last columns what is over', () => {
    const mails = Array.from({ length: mostColumns + 2 }, (_, n) => `EMAIL;TYPE=HOME:${n}@example.org`)
    const { [`E-mail ${mostColumns} - Value`]: last } = row(card('u5', 'Jane Doe', mails), {
      email: mostColumns,
    })
    expect(last).toBe('19@example.org ::: 20@example.org ::: 21@example.org')
  })
})
