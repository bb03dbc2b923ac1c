import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeJCard } from '../../../protocol/vcard/jcard.ts'
import { splitCards } from '../../../protocol/vcard/split.ts'
import { cardFiles } from './files.ts'

/** What becomes of lines of a 4.0 card. */
function properties(...lines: string[]): unknown[] {
  const text = ['BEGIN:VCARD', 'VERSION:4.0', 'FN:F', ...lines, 'END:VCARD', ''].join('\r\n')
  return writeJCard(text)[1].slice(2)
}

describe('RFC 7095 §3 jCard', () => {
  it('is an array of "vcard" and its properties, version first (§3.2)', () => {
    expect(writeJCard('BEGIN:VCARD\r\nVERSION:4.0\r\nFN:F\r\nEND:VCARD\r\n')).toEqual([
      'vcard',
      [
        ['version', {}, 'text', '4.0'],
        ['fn', {}, 'text', 'F'],
      ],
    ])
  })

  it('is always 4.0: a 3.0 card is converted', () => {
    const text = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:F;;;;\r\nFN:F\r\nTEL;TYPE=home;TYPE=pref:1\r\nEND:VCARD\r\n'
    expect(writeJCard(text)[1]).toEqual([
      ['version', {}, 'text', '4.0'],
      ['n', {}, 'text', ['F', '', '', '', '']],
      ['fn', {}, 'text', 'F'],
      ['tel', { type: 'home', pref: '1' }, 'text', '1'],
    ])
  })

  it('values that are lists, structures, and structures of lists (§3.3.1)', () => {
    expect(
      properties('NICKNAME:Jim,Jimmie\\, J', 'ORG:ABC\\, Inc.', 'ORG:A;B', 'N:P;J;Q,R;;', 'GENDER:M;Fellow'),
    ).toEqual([
      ['nickname', {}, 'text', 'Jim', 'Jimmie, J'],
      ['org', {}, 'text', 'ABC, Inc.'],
      ['org', {}, 'text', ['A', 'B']],
      ['n', {}, 'text', ['P', 'J', ['Q', 'R'], '', '']],
      ['gender', {}, 'text', ['M', 'Fellow']],
    ])
  })

  it('parameters in lower case, several values as a list, the group among them, VALUE as the type (§3.4)', () => {
    expect(properties('item1.TEL;VALUE=uri;TYPE="voice",home;PREF=1:tel:+1-2', 'UID:urn:uuid:1')).toEqual([
      ['tel', { type: ['voice', 'home'], pref: '1', group: 'item1' }, 'uri', 'tel:+1-2'],
      ['uid', {}, 'uri', 'urn:uuid:1'],
    ])
    expect(properties('UID:1')).toEqual([['uid', {}, 'text', '1']])
  })

  it.each([
    ['19850412', '1985-04-12'],
    ['1985-04', '1985-04'],
    ['1985', '1985'],
    ['--0412', '--04-12'],
    ['---12', '---12'],
    ['19850412T232050', '1985-04-12T23:20:50'],
    ['--0412T2320', '--04-12T23:20'],
    ['20090808T1430-0500', '2009-08-08T14:30-05:00'],
    ['T10', 'T10'],
    ['T-2200', 'T-22:00'],
    ['T102200Z', 'T10:22:00Z'],
  ])('dates and times: %s as %s (§3.5)', (value, expected) => {
    expect(properties(`BDAY:${value}`)).toEqual([['bday', {}, 'date-and-or-time', expected]])
  })

  it('types of every kind, and properties that nobody knows, as they are (§3.5, §5.1)', () => {
    expect(
      properties(
        'TZ;VALUE=utc-offset:-0500',
        'X-ON;VALUE=boolean:TRUE',
        'X-N;VALUE=integer:1,2',
        'X-F;VALUE=float:1.5',
        'X-T;VALUE=time:102200',
        'LANG:fr',
        'REV:19951031T222710Z',
        'X-OWN:a\\,b;c',
        'X-OWN;VALUE=text:a\\,b',
      ),
    ).toEqual([
      ['tz', {}, 'utc-offset', '-05:00'],
      ['x-on', {}, 'boolean', true],
      ['x-n', {}, 'integer', 1, 2],
      ['x-f', {}, 'float', 1.5],
      ['x-t', {}, 'time', '10:22:00'],
      ['lang', {}, 'language-tag', 'fr'],
      ['rev', {}, 'timestamp', '1995-10-31T22:27:10Z'],
      ['x-own', {}, 'unknown', 'a\\,b;c'],
      ['x-own', {}, 'text', 'a,b'],
    ])
  })
})

const folder = process.env.FARLEY_TEST_CORPUS
const expected = ['vcard', 'vcard_author'].map((name) => join(folder ?? '', 'expected/ical.js', name))

describe.skipIf(!folder || !existsSync(`${expected[0]}.json`))('jCard of real cards', () => {
  it.each(expected)('%s is what another program makes of it', (path) => {
    const [, own] = writeJCard(readFileSync(`${path}.vcf`, 'utf8'))
    const [, theirs] = JSON.parse(readFileSync(`${path}.json`, 'utf8'))
    expect(own.map((property) => JSON.stringify(property)).sort()).toEqual(
      theirs.map((property: unknown) => JSON.stringify(property)).sort(),
    )
  })

  it.each(cardFiles())('$name has a property for every line', ({ text }) => {
    for (const piece of splitCards(text, () => 'made')) {
      if (piece.kind !== 'object') continue
      const [name, all] = writeJCard(piece.text)
      expect([name, all[0]?.[3]]).toEqual(['vcard', '4.0'])
      for (const [, , type, ...values] of all)
        expect([typeof type, values.length > 0]).toEqual(['string', true])
    }
  })
})
