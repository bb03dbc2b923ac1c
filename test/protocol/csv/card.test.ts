import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cardOfRow } from '../../../protocol/csv/card.ts'
import { readTableDate } from '../../../protocol/csv/dates.ts'
import { languages } from '../../../protocol/csv/headers/index.ts'
import { suggestMapping } from '../../../protocol/csv/mapping.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { writeDraft } from '../../../protocol/vcard/edit/draft.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'

/** The lines of the card of a row, without those that every card has. */
function linesOf(row: Readonly<Record<string, string>>): string[] {
  const { draft } = cardOfRow(Object.values(row), suggestMapping(Object.keys(row)))
  const text = writeDraft(draft, 'u').replace(/\r\n /g, '')
  expect(readCard(text).broken).toEqual([])
  return text
    .split('\r\n')
    .filter((line) => line !== '' && !/^(?:BEGIN|END|VERSION|PRODID|UID)[:;]/.test(line))
}

describe('a row as a card', () => {
  it('of Google has labels, several values in one cell, events, relations and own fields', () => {
    expect(
      linesOf({
        'First Name': 'Ada',
        'Last Name': 'King; Lovelace',
        'E-mail 1 - Label': '* Work',
        'E-mail 1 - Value': 'ada@example.org ::: king@example.org',
        'Phone 1 - Label': 'Mobile',
        'Phone 1 - Value': '+44 20 7946 0000',
        'Phone 2 - Label': 'workFax',
        'Phone 2 - Value': '+44 20 7946 0001',
        'Phone 3 - Label': 'Summer house',
        'Phone 3 - Value': '1',
        'Address 1 - Label': 'Home',
        'Address 1 - Formatted': 'all of it',
        'Address 1 - Street': '12 St James’s Sq',
        'Address 1 - City': 'London',
        'Event 1 - Label': 'Anniversary',
        'Event 1 - Value': '1835-07-08',
        'Relation 1 - Label': 'Spouse',
        'Relation 1 - Value': 'William',
        'Custom Field 1 - Label': 'Shoe size',
        'Custom Field 1 - Value': '37',
        Labels: '* myContacts ::: Friends ::: Work',
        Birthday: '--12-10',
      }),
    ).toEqual([
      'FN:Ada King\\; Lovelace',
      'N:King\\; Lovelace;Ada;;;',
      'EMAIL;TYPE=INTERNET,WORK,PREF:ada@example.org',
      'EMAIL;TYPE=INTERNET,WORK,PREF:king@example.org',
      'TEL;TYPE=CELL:+44 20 7946 0000',
      'TEL;TYPE=WORK,FAX:+44 20 7946 0001',
      'item1.TEL:1',
      'item1.X-ABLabel:Summer house',
      'ADR;TYPE=HOME:;;12 St James’s Sq;London;;;',
      'item2.X-ABDATE:1835-07-08',
      'item2.X-ABLabel:_$!<Anniversary>!$_',
      'item3.X-ABRELATEDNAMES:William',
      'item3.X-ABLabel:_$!<Spouse>!$_',
      'X-IMPORTED;X-FIELD=Shoe size:37',
      'CATEGORIES:Friends,Work',
      'BDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10',
    ])
  })

  it('of Outlook in German has its own dates, streets in parts and no empty date', () => {
    expect(
      linesOf({
        Anrede: 'Frau',
        Vorname: 'Jördis',
        Nachname: 'Müller',
        Firma: 'Müller & Co',
        Abteilung: 'Einkauf',
        'Straße geschäftlich': 'Hauptstr. 1',
        'Straße geschäftlich 2': 'Hof',
        'Ort geschäftlich': 'Köln',
        'E-Mail-Adresse': 'j@example.org',
        Geburtstag: '3.2.1980',
        Jahrestag: '0.0.00',
        Kategorien: 'Kunde;VIP',
        Reisekilometer: '7',
      }),
    ).toEqual([
      'FN:Frau Jördis Müller',
      'N:Müller;Jördis;;Frau;',
      'ORG:Müller & Co;Einkauf',
      'ADR;TYPE=WORK:;;Hauptstr. 1\\nHof;Köln;;;',
      'EMAIL;TYPE=INTERNET:j@example.org',
      'BDAY:1980-02-03',
      'CATEGORIES:Kunde,VIP',
    ])
  })

  it('keeps what no column stands for, and a date that cannot be read', () => {
    const row = { Name: 'Ada', 'Points, so far': '12', Birthday: 'in spring' }
    expect(linesOf(row)).toEqual([
      'FN:Ada',
      'N:;Ada;;;',
      'X-IMPORTED;X-FIELD="Points, so far":12',
      'X-IMPORTED;X-FIELD=BDAY:in spring',
    ])
  })

  it('that is a company is shown as one (ABK)', () => {
    expect(linesOf({ Company: 'Acme', Email: 'a@example.org' })).toEqual([
      'FN:Acme',
      'N:;Acme;;;',
      'X-ABShowAs:COMPANY',
      'ORG:Acme',
      'EMAIL;TYPE=INTERNET:a@example.org',
    ])
  })
})

describe('whatever stands in a table', () => {
  const headers = Object.values(languages).flatMap((names) =>
    Object.values(names).flatMap((all) => all.split('|')),
  )
  const google = [
    'E-mail 1 - Label',
    'IM 1 - Service',
    'IM 1 - Value',
    'Website 1 - Value',
    'Event 1 - Value',
  ]
  const piece = fc.constantFrom(
    'a',
    'é',
    '\n',
    '\r\n',
    ';',
    ',',
    ':',
    '"',
    '\\',
    '\0',
    'BEGIN:VCARD',
    'END:VCARD',
    '::: ',
    '1.2.80',
    'http://',
    '^',
    '=',
  )
  const cell = fc.array(piece, { maxLength: 6 }).map((all) => all.join(''))

  it('becomes one whole card that can be stored, and no property of its own (random)', () => {
    const row = fc.dictionary(fc.oneof(fc.constantFrom(...headers, ...google), cell), cell, { maxKeys: 8 })
    fc.assert(
      fc.property(row, (cells) => {
        const { draft } = cardOfRow(Object.values(cells), suggestMapping(Object.keys(cells)))
        const { card } = validateCard(writeDraft(draft, 'u'))
        expect(card.broken).toEqual([])
        const names = draft.lines.map(({ name }) => name)
        for (const { name } of card.lines) {
          if (!/^(?:UID|FN|N|VERSION|PRODID|X-ABLABEL|X-ABSHOWAS)$/.test(name)) expect(names).toContain(name)
        }
        expect(card.lines.filter(({ name }) => name === 'UID')).toHaveLength(1)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('dates of tables', () => {
  it.each([
    ['1980-12-31', false, [1980, 12, 31]],
    ['19801231', false, [1980, 12, 31]],
    ['31.12.1980', false, [1980, 12, 31]],
    ['31.12.80', false, [1980, 12, 31]],
    ['12/31/1980', true, [1980, 12, 31]],
    ['1/2/1980', false, [1980, 1, 2]],
    ['1/2/1980', true, [1980, 2, 1]],
    ['--02-29', false, [undefined, 2, 29]],
    ['1980-12-31T00:00:00Z', false, [1980, 12, 31]],
    ['12/31/1980 12:00:00 AM', false, [1980, 12, 31]],
    ['3.4.', true, [undefined, 4, 3]],
  ])('%s (day first: %s)', (text, isDayFirst, [year, month, day]) => {
    expect(readTableDate(text, isDayFirst)).toEqual({ year, month, day })
  })

  it('that are none are not read', () => {
    for (const text of ['', 'x', '13/13/1980', '1980-00-10', '99'])
      expect(readTableDate(text, true)).toBeUndefined()
  })
})
