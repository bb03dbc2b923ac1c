import { describe, expect, it } from 'vitest'
import { readOccasions } from '../../../protocol/vcard/occasions.ts'
import { lines } from '../../dav/objects.ts'

const three = (...extra: readonly string[]): string =>
  lines(['BEGIN:VCARD', 'VERSION:3.0', 'FN:Jane Doe', 'N:Doe;Jane;;;', ...extra, 'END:VCARD'])
const four = (...extra: readonly string[]): string => three(...extra).replace('3.0', '4.0')

/** Kind, label and date of each, in short. */
const inShort = (text: string): string[] =>
  readOccasions(text).occasions.map(({ kind, label, year, month, day }) =>
    [kind, label, `${year ?? '-'}/${month}/${day}`].filter((part) => part !== '').join(' '),
  )

describe('RFC 6350 §6.2.5 BDAY: a birthday in every spelling', () => {
  const dated: readonly (readonly [string, string])[] = [
    [three('BDAY:1980-03-22'), '1980/3/22'],
    [three('BDAY;VALUE=date:19800322'), '1980/3/22'],
    [three('BDAY;VALUE=DATE-TIME:1953-10-15T23:10:00Z'), '1953/10/15'],
    [three('BDAY:1987-09-27T00:30:00-06:00'), '1987/9/27'],
    [four('BDAY:19800322'), '1980/3/22'],
    [four('BDAY;VALUE=date-and-or-time:19531015T231000Z'), '1953/10/15'],
    [four('BDAY:--0322'), '-/3/22'],
    [four('item1.BDAY:--0322'), '-/3/22'],
    [three('BDAY:--03-22'), '-/3/22'],
    [three('BDAY:1604-03-22'), '-/3/22'],
    [three('BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29'), '-/2/29'],
    [three('BDAY;VALUE=date;X-APPLE-OMIT-YEAR=1900:1900-03-22'), '-/3/22'],
    [three('BDAY:0001-03-22'), '-/3/22'],
    [three('BDAY:2000-02-29'), '2000/2/29'],
  ]
  for (const [card, date] of dated) {
    it(`reads ${card.split('\r\n')[4]} (ABK-07)`, () => {
      expect(inShort(card)).toEqual([`birthday ${date}`])
    })
  }

  it('takes a date without its month or day, a text and another calendar for none', () => {
    for (const line of [
      'BDAY:1985',
      'BDAY:1985-04',
      'BDAY:--04',
      'BDAY:---15',
      'BDAY:',
      'BDAY;VALUE=text:circa 1800',
      'BDAY;CALSCALE=chinese:46800411',
      'BDAY:12/05/1970',
      'BDAY:2001-02-29',
      'BDAY:1980-04-31',
      'BDAY:19801322',
      'BDAY:T102200',
    ]) {
      expect([line, inShort(four(line)), inShort(three(line))]).toEqual([line, [], []])
    }
  })

  it('has one birthday, the first that is a date', () => {
    expect(inShort(four('BDAY;ALTID=1;VALUE=text:in spring', 'BDAY;ALTID=1:19800322'))).toEqual([
      'birthday 1980/3/22',
    ])
  })
})

describe('RFC 6350 §6.2.6 ANNIVERSARY: as each program writes it', () => {
  it('is ANNIVERSARY, X-ANNIVERSARY and the like, or Apple’s labelled date', () => {
    for (const card of [
      four('ANNIVERSARY:20100612'),
      three('X-ANNIVERSARY:2010-06-12'),
      three('X-EVOLUTION-ANNIVERSARY:2010-06-12'),
      three('X-KADDRESSBOOK-X-Anniversary:2010-06-12'),
      three('item1.X-ABDATE;type=pref:2010-06-12', 'item1.X-ABLabel:_$!<Anniversary>!$_'),
      three('item1.X-ABDATE:2010-06-12', 'item1.X-ABLabel:anniversary'),
      three('item1.X-ABDATE:2010-06-12', 'item1.X-ABLabel:_$!<Anniversary>!$_', 'X-ANNIVERSARY:2010-06-12'),
    ]) {
      expect(inShort(card)).toEqual(['anniversary 2010/6/12'])
    }
  })

  it('has other dates with the labels that people gave them, last', () => {
    const card = three(
      'item1.X-ABDATE:2015-01-02',
      'item1.X-ABLabel:First\\, and last',
      'item2.X-ABDATE;X-APPLE-OMIT-YEAR=1604:1604-12-06',
      'item2.X-ABLabel:_$!<Other>!$_',
      'X-ABDATE:2016-01-02',
      'BDAY:1980-03-22',
    )
    expect(inShort(card)).toEqual([
      'birthday 1980/3/22',
      'other First, and last 2015/1/2',
      'other Other -/12/6',
      'other 2016/1/2',
    ])
  })
})

describe('whose day it is', () => {
  it('is FN, else N, else the organisation; a group has no days', () => {
    expect(readOccasions(three('BDAY:1980-03-22')).name).toBe('Jane Doe')
    const org = lines([
      'BEGIN:VCARD',
      'VERSION:3.0',
      'FN:',
      'N:;;;;',
      'ORG:ACME;',
      'BDAY:1980-03-22',
      'END:VCARD',
    ])
    expect(readOccasions(org).name).toBe('ACME')
    expect(inShort(four('KIND:group', 'BDAY:19800322'))).toEqual([])
    expect(inShort(three('X-ADDRESSBOOKSERVER-KIND:group', 'BDAY:1980-03-22'))).toEqual([])
  })
})
