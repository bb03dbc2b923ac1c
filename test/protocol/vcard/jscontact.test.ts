import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeJsContact } from '../../../protocol/vcard/jscontact.ts'
import { splitCards } from '../../../protocol/vcard/split.ts'
import { cardFiles } from './files.ts'

function contact(...lines: string[]): Record<string, unknown> {
  const own = lines.some((line) => /^FN[;:]/.test(line)) ? [] : ['FN:']
  const text = ['BEGIN:VCARD', 'VERSION:4.0', ...own, ...lines, 'END:VCARD', ''].join('\r\n')
  const { '@type': type, version, uid, ...others } = writeJsContact(text, 'made')
  expect([type, version, typeof uid]).toEqual(['Card', '1.0', 'string'])
  return others
}

describe('RFC 9555 §2.1 the Card', () => {
  const frame = (...lines: string[]) =>
    ['BEGIN:VCARD', 'VERSION:3.0', 'N:F;;;;', 'FN:F', ...lines, 'END:VCARD', ''].join('\r\n')

  it('has the UID of the card, or one that is given (§2.1.1)', () => {
    expect(writeJsContact(frame('UID:1'), 'made').uid).toBe('1')
    expect(writeJsContact(frame(), 'made')).toEqual({
      '@type': 'Card',
      version: '1.0',
      uid: 'made',
      name: { full: 'F', components: [{ kind: 'surname', value: 'F' }] },
    })
  })

  it('of a 3.0 card, which Apple has written', () => {
    const lines = [
      'item1.TEL;type=pref:1',
      'item1.X-ABLabel:_$!<HomeFax>!$_',
      'BDAY;X-APPLE-OMIT-YEAR=1604:1604-02-29',
      'item2.X-ABRELATEDNAMES:Jane',
      'item2.X-ABLabel:_$!<Spouse>!$_',
      'PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ',
      'X-ABShowAs:COMPANY',
    ]
    expect(writeJsContact(frame(...lines), 'made')).toMatchObject({
      kind: 'org',
      phones: { k1: { number: '1', pref: 1, label: 'HomeFax', vCardParams: { group: 'item1' } } },
      anniversaries: { k1: { kind: 'birth', date: { '@type': 'PartialDate', month: 2, day: 29 } } },
      relatedTo: { Jane: { relation: { spouse: true } } },
      media: { k1: { kind: 'photo', uri: 'data:image/jpeg;base64,/9j/4AAQ' } },
      vCardProps: [['x-abshowas', {}, 'unknown', 'COMPANY']],
    })
  })

  it('entries have the id of PROP-ID, or the next (§2.1.2)', () => {
    expect(contact('EMAIL:a@b', 'EMAIL;PROP-ID=k2:c@d', 'EMAIL:e@f')).toEqual({
      emails: { k1: { address: 'a@b' }, k2: { address: 'c@d' }, k3: { address: 'e@f' } },
    })
  })

  it('alternatives of another language are localizations (§2.3.1)', () => {
    const lines = ['TITLE;ALTID=1;LANGUAGE=fr:Patron', 'TITLE;ALTID=1;LANGUAGE=en:Boss', 'TITLE;ALTID=1:Chef']
    expect(contact(...lines)).toEqual({
      titles: {
        k1: { kind: 'title', name: 'Patron', vCardParams: { altid: '1', language: 'fr' } },
        k2: { kind: 'title', name: 'Chef', vCardParams: { altid: '1' } },
      },
      localizations: {
        en: { 'titles/k1': { kind: 'title', name: 'Boss', vCardParams: { altid: '1', language: 'en' } } },
      },
    })
  })

  it('birth and death have a place (RFC 6474)', () => {
    expect(
      contact(
        'BDAY:19531015T231000Z',
        'BIRTHPLACE:Québec',
        'DEATHPLACE;VALUE=uri:geo:46,-72',
        'DEATHDATE:1996',
      ),
    ).toEqual({
      anniversaries: {
        k1: {
          kind: 'birth',
          date: { '@type': 'Timestamp', utc: '1953-10-15T23:10:00Z' },
          place: { full: 'Québec' },
        },
        k2: {
          kind: 'death',
          place: { coordinates: 'geo:46,-72' },
          date: { '@type': 'PartialDate', year: 1996 },
        },
      },
    })
  })

  it('what it has no property for is kept as it was (§2.15)', () => {
    expect(
      contact('GENDER:O;intersex', 'BDAY;VALUE=text:circa 1800', 'FN:A', 'FN:B', 'EMAIL;X-P=1:a@b'),
    ).toEqual({
      name: { full: 'A' },
      emails: { k1: { address: 'a@b', vCardParams: { 'x-p': '1' } } },
      vCardProps: [
        ['gender', {}, 'text', ['O', 'intersex']],
        ['bday', {}, 'text', 'circa 1800'],
        ['fn', {}, 'text', 'B'],
      ],
    })
  })

  it('names that mean something to programs mean nothing in it', () => {
    const made = contact(
      'N;ALTID=1:A',
      'N;ALTID=1;LANGUAGE=__proto__:B',
      'RELATED;VALUE=text:__proto__',
      'JSPROP;JSPTR=__proto__:{"x":1}',
    )
    expect(JSON.stringify(made)).toContain('"__proto__":{"relation":{}}')
    expect('x' in {}).toBe(false)
    expect('name' in {}).toBe(false)
  })

  it('a card that somebody made large', () => {
    const lines = Array.from({ length: 20_000 }, (_, at) => [
      `EMAIL:a${at}@b`,
      `g${at}.ORG:O`,
      `g${at}.TITLE:T`,
      'X-A:1',
    ]).flat()
    expect(Object.keys(contact(...lines).titles ?? {})).toHaveLength(20_000)
  })
})

const folder = join(process.env.FARLEY_TEST_CORPUS ?? '', 'expected/calcard/jscontact')
const blocks = existsSync(folder)
  ? readdirSync(folder).flatMap((name) =>
      readFileSync(join(folder, name), 'utf8')
        .split(/^> test /m)
        .slice(1),
    )
  : []

/** Blocks in which the other program differs from RFC 9555, or has its own way with what the RFC leaves open. */
const differing = [
  /SOCIALPROFILE\nSOCIALPROFILE;SERVICE-TYPE=Mastodon:https:\/\/example.com\/@foo\nSOCIALPROFILE:/,
  /^RFC9554 PRONOUNS/,
  /^RFC9554 N ALTID/,
  /ADR with GEO and TZ/,
  /^RFC9555 (?:GEO TZ|UID)/,
]

describe.skipIf(blocks.length === 0)('RFC 9555 as another program has it', () => {
  const cases = blocks.flatMap((block): [string, string[], unknown][] => {
    const [head = '', json = ''] = block.split(/^> convert\n/m)
    const [name = '', ...lines] = head.trimEnd().split('\n')
    if (!/^[A-Z-]+[;:]|^item|^group/.test(lines[0] ?? '') || differing.some((some) => some.test(block)))
      return []
    const { vCard: _, ...expected } = JSON.parse(`{${json}}`)
    return [[name, lines, expected]]
  })

  it.each(cases)('%s', (_, lines, expected) => {
    const made = JSON.parse(JSON.stringify(contact(...lines)), (name, value) => {
      if (name === 'vCardParams' || name === 'vCardProps') return undefined
      return value
    })
    expect(made).toEqual(expected)
  })
})

describe('JSContact of real cards', () => {
  it.each(cardFiles())('$name', ({ text }) => {
    for (const piece of splitCards(text, () => 'made')) {
      if (piece.kind !== 'object') continue
      const made = writeJsContact(piece.text, piece.uid)
      expect(JSON.parse(JSON.stringify(made)).uid).toBe(piece.uid)
    }
  })
})
