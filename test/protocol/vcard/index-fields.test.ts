import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCard } from '../../../protocol/vcard/card.ts'
import { patchCard } from '../../../protocol/vcard/edit/patch.ts'
import {
  contactIndex,
  contactRowsLimit,
  contactSummary,
  contactTextLimit,
} from '../../../protocol/vcard/index-fields.ts'
import { cardBody } from './arbitraries.ts'
import { fixture } from './files.ts'

fc.configureGlobal({ seed: 6350 })

const halfCharacter = /[\ud800-\udfff]/u

const card = (...lines: string[]) => readCard(['BEGIN:VCARD', ...lines, 'END:VCARD'].join('\r\n'))
const rowsOf = (...lines: string[]) => contactIndex(card(...lines)).rows
const phone = (value: string) =>
  rowsOf(`TEL:${value}`)
    .filter((row) => row.kind === 'phone')
    .map((row) => row.text)

describe('RFC 6350 §6 what is searched of a card', () => {
  it('has one row for each name, address, number, organisation, label and note', () => {
    const { summary, rows } = contactIndex(readCard(fixture('apple-person.vcf')))
    expect(summary).toEqual({ fn: 'Dr. Åsa Maria Lindqvist', kind: 'individual' })
    expect(rows.map(({ kind, folded }) => [kind, folded])).toEqual([
      ['n', 'lindqvist;asa;maria;dr.;'],
      ['fn', 'dr. asa maria lindqvist'],
      ['org', 'nordljus ab;forskning;'],
      ['title', 'forskare'],
      ['email', 'asa@example.com'],
      ['email', 'lab@example.org'],
      ['tel', '+46 70 123 45 67'],
      ['phone', '+46701234567'],
      ['tel', '08-765 43 21'],
      ['phone', '087654321'],
      ['adr', ';;bjorkvagen 3;umea;;903 30;sverige'],
      ['city', 'umea'],
      ['postcode', '903 30'],
      ['country', 'sverige'],
      ['birthday', '05-01'],
      ['note', 'traffades pa massan i goteborg; ring efter lunch\nfragar om pris, leverans och service.'],
      ['category', 'kunder,massa'],
      ['uid', '3e2c55a0-0000-4000-8000-5d1f6f2a7b10'],
    ])
    expect(rows[0]?.text).toBe('Lindqvist;Åsa;Maria;Dr.;')
  })

  it('has the day of a birthday, folded without its year, and whether there is a photo', () => {
    const rows = (...lines: string[]) =>
      rowsOf(...lines).map(({ kind, folded, text }) => [kind, folded, text])
    expect(rows('BDAY:19800517', 'BDAY:1990-01-01')).toEqual([['birthday', '05-17', '1980-05-17']])
    expect(rows('BDAY:--0229')).toEqual([['birthday', '02-29', '--02-29']])
    expect(rows('BDAY;X-APPLE-OMIT-YEAR=1604:1604-05-17')).toEqual([['birthday', '05-17', '--05-17']])
    expect(rows('BDAY:1980-05-17T00:00:00Z')).toEqual([['birthday', '05-17', '1980-05-17']])
    expect(rows('PHOTO;ENCODING=b:AAAA', 'PHOTO:x')).toEqual([['photo', '', '']])
  })

  it('has no rows for empty values and other properties', () => {
    expect(rowsOf('VERSION:3.0', 'FN:', 'BDAY:soon', 'X-OWN:x')).toEqual([])
  })

  it.each([
    ['+1 (650) 555-1212', '+16505551212'],
    ['(+44) 20 7946 0018', '+442079460018'],
    ['0650 555 1212', '06505551212'],
    ['tel:+1-404-555-1212', '+14045551212'],
    ['tel:+46-90-555-01-02\\;ext=7', '+46905550102'],
    ['+1-404-555-1212,,123#', '+14045551212'],
    ['404 555 1212 ext. 12', '4045551212'],
    ['404 555 1212 x12', '4045551212'],
    ['404 555 1212p34', '4045551212'],
    ['phone 404 555', '404555'],
  ])('reads the number of %s', (value, digits) => {
    expect(phone(value)).toEqual([digits])
  })

  it.each(['', 'unknown', '11', 'sip:ada@example.com'])('takes %j for no number', (value) => {
    expect(phone(value)).toEqual([])
  })

  it('is bounded, and says so', () => {
    const many = rowsOf(...Array.from({ length: 5000 }, (_, index) => `EMAIL:${index}@example.com`))
    expect(many).toHaveLength(contactRowsLimit + 1)
    expect(many.at(-1)).toEqual({ kind: 'inexact', folded: '', text: '' })
    const long = rowsOf(`NOTE:${'x'.repeat(contactTextLimit - 1)}😀😀`)
    expect(long.map(({ kind, text }) => [kind, text.length])).toEqual([
      ['note', contactTextLimit - 1],
      ['inexact', 0],
    ])
    expect(rowsOf(`NOTE:${'x'.repeat(contactTextLimit)}`)).toHaveLength(1)
  })

  it('never throws and never has half a character', () => {
    fc.assert(
      fc.property(cardBody, (body) => {
        for (const row of contactIndex(readCard(body)).rows) {
          expect(halfCharacter.test(row.text)).toBe(false)
          expect(halfCharacter.test(row.folded)).toBe(false)
        }
      }),
    )
  })
})

describe('RFC 6350 §6.2.1 the name to show', () => {
  it.each([
    [['FN:', 'FN: Ada\\, Countess '], 'Ada, Countess'],
    [['N:Lovelace;Ada;;;'], 'Ada Lovelace'],
    [['N:Lovelace'], 'Lovelace'],
    [['N:a\\;b;c;;;'], 'c a;b'],
    [['N:;;;;', 'ORG:Engines\\, Ltd.;'], 'Engines, Ltd.'],
    [['TEL:1', 'EMAIL:ada@example.com'], 'ada@example.com'],
    [['NOTE:x'], ''],
  ])('of %j is %s', (lines, fn) => {
    expect(contactSummary(card(...lines)).fn).toBe(fn)
  })

  it('is found however many semicolons stand in it, where looking from each of them takes hours', () => {
    const many = `x${';'.repeat(1_000_000)}y`
    expect(contactSummary(card(`ORG:${many}`)).fn.slice(0, 3)).toBe('x;;')
    const text = (end: string): string => `BEGIN:VCARD\r\nVERSION:3.0\r\nORG:${many}${end}\r\nEND:VCARD\r\n`
    expect(patchCard(text(''), text('z')).includes(';yz')).toBe(true)
  })
})

describe('RFC 6350 §6.1.4 persons, groups and organisations', () => {
  it.each([
    ['apple-group.vcf', 'group'],
    ['apple-company.vcf', 'org'],
    ['thunderbird.vcf', 'individual'],
  ])('%s is a %s', (name, kind) => {
    expect(contactSummary(readCard(fixture(name))).kind).toBe(kind)
  })

  it.each([
    ['KIND:group', 'group'],
    ['kind: Org', 'org'],
    ['KIND:individual', 'individual'],
    ['KIND:location', 'individual'],
    ['X-ABShowAs:PERSON', 'individual'],
  ])('%s is a %s', (line, kind) => {
    expect(contactSummary(card(line)).kind).toBe(kind)
  })
})
