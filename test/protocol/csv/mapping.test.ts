import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { foldHeader, languages } from '../../../protocol/csv/headers/index.ts'
import { findHeader, mappingProblems, suggestMapping } from '../../../protocol/csv/mapping.ts'
import { readTarget, targetComponents, writeTarget } from '../../../protocol/csv/target.ts'

const targetsOf = (header: readonly string[], given = {}): (string | undefined)[] =>
  suggestMapping(header, given).columns.map(({ target, isLeftOut }) =>
    isLeftOut ? '-' : target && writeTarget(target),
  )
const rows = (...all: string[]) => all.map((text, at) => ({ fields: text.split(','), line: at + 1 }))

describe('the names of columns', () => {
  for (const [language, names] of Object.entries(languages)) {
    it(`in ${language} stand for targets that can be read, each for one`, () => {
      const seen = new Map<string, string>()
      for (const [target, all] of Object.entries(names)) {
        if (target !== '-' && target !== 'TITLE_OR_PREFIX') expect(readTarget(target), target).toBeDefined()
        for (const name of all.split('|')) {
          const folded = foldHeader(name)
          expect(folded, name).not.toBe('')
          expect(seen.get(folded) ?? target, `${name} in ${language}`).toBe(target)
          seen.set(folded, target)
        }
      }
      expect(seen.size).toBeGreaterThan(70)
    })
  }

  it('are found whatever their case, accents and punctuation', () => {
    expect(
      targetsOf(['first_name', 'LastName', 'E-MAIL ADDRESS', 'Strasse (privat)', 'Quite unknown']),
    ).toEqual(['N.given', 'N', 'EMAIL', 'ADR;home', undefined])
  })

  it('of Outlook: a title is the form of address where the job has a column of its own', () => {
    expect(targetsOf(['Title', 'First Name', 'Job Title'])).toEqual(['N.prefix', 'N.given', 'TITLE'])
    expect(targetsOf(['title', 'name', 'org'])).toEqual(['TITLE', 'FN', 'ORG'])
    expect(targetsOf(['Titel', 'Vorname', 'Position'])).toEqual(['N.prefix', 'N.given', 'TITLE'])
  })

  it('of Thunderbird in German: a birthday beside its month is the day of it', () => {
    expect(targetsOf(['Vorname', 'Geburtsjahr', 'Geburtsmonat', 'Geburtstag'])).toEqual([
      'N.given',
      'BDAY.year',
      'BDAY.month',
      'BDAY.day',
    ])
    expect(targetsOf(['Vorname', 'Nachname', 'Geburtstag'])).toEqual(['N.given', 'N', 'BDAY'])
  })

  it('of Google, old and new, belong together by their numbers', () => {
    const header = [
      'E-mail 2 - Type',
      'E-mail 2 - Value',
      'Phone 1 - Label',
      'Address 1 - City',
      'Event 1 - Value',
    ]
    expect(targetsOf(header)).toEqual(['EMAIL.label#2', 'EMAIL#2', 'TEL.label', 'ADR.city', 'DATE'])
    expect(targetsOf(['Organization Name', 'Labels', 'Phonetic Last Name'])).toEqual([
      'ORG',
      'CATEGORIES',
      'PHONETIC.family',
    ])
  })

  it('give way to what is given, by name or by number', () => {
    const given = { Mobil: 'TEL;work', '1': 'N.family', Foo: '-' }
    expect(targetsOf(['Name', 'Mobil', 'Foo'], given)).toEqual(['N', 'TEL;work', '-'])
    expect(mappingProblems({ Nowhere: 'FN', '9': 'FN', Name: 'WHAT' }, ['Name'])).toEqual([
      'There is no column "9".',
      'There is no column "Nowhere".',
      '"WHAT" is no target of a column.',
    ])
  })
})

describe('the row that names the columns', () => {
  it('stands behind the notes of LinkedIn', () => {
    const found = findHeader(
      rows(
        'Notes:',
        'When exporting your connection data, you may notice that some of the email addresses are missing.',
        'First Name,Last Name,URL,Email Address,Company,Position,Connected On',
        'Ada,Lovelace,https://www.linkedin.com/in/ada,ada@example.org,Analytical,Programmer,01 Jan 2024',
      ),
    )
    expect(found?.at).toBe(2)
    expect(found?.mapping.columns.at(-1)).toMatchObject({ header: 'Connected On', target: undefined })
  })

  it('stands behind sep= of a spreadsheet', () => {
    expect(findHeader(rows('sep=', 'Name,Email', 'A,a@example.org'))?.at).toBe(1)
  })

  it('is found among many that are called as nobody calls them, where three are known', () => {
    const others = Array.from({ length: 57 }, (_, at) => `Own column ${at}`)
    const values = others.map((_, at) => `v${at}`)
    const found = findHeader(
      rows(
        ['First Name', 'Last Name', 'Email', ...others].join(),
        ['A', 'B', 'a@example.org', ...values].join(),
      ),
    )
    expect(found).toMatchObject({ at: 0, mapping: { known: 3 } })
  })

  it('is none where the first row is a person', () => {
    expect(findHeader(rows('1,1,1,1,1@host.invalid', '2,2,2,2,2@host.invalid'))).toBeUndefined()
    expect(findHeader(rows('x1,x2,x3,x4', 'Name,Email,,', 'a,b,c,d'))).toBeUndefined()
  })
})

describe('the targets of columns', () => {
  it('are written as they are read, and the README names each with its components', () => {
    const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')
    const section = /^## Import$.*?^## /ms.exec(readme)?.[0] ?? ''
    for (const [property, components] of Object.entries(targetComponents)) {
      expect(section).toContain(`\`${property}\``)
      for (const component of components) {
        const text = `${property}.${component};home#2`
        const target = readTarget(text)
        expect(readTarget(target ? writeTarget(target) : ''), text).toEqual(target)
        expect(section).toContain(`\`${component}\``)
      }
    }
    for (const wrong of ['', 'WHAT', 'TEL.city', 'TEL;', 'TEL#', 'TEL;home;work'])
      expect(readTarget(wrong)).toBeUndefined()
  })
})
