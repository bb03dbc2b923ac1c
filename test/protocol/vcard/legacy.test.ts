import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unescapeText } from '../../../protocol/text/content-lines.ts'
import { convertCard } from '../../../protocol/vcard/convert.ts'
import { convertLegacyCard } from '../../../protocol/vcard/legacy.ts'
import { validateCard } from '../../../protocol/vcard/validate.ts'
import { complaintsAbout } from './convert/complaints.ts'

fc.configureGlobal({ seed: 21 })

/** Lines in UTF-8, or octets as they are where they are given so. */
function card(...lines: (string | Buffer)[]): string {
  const all = ['BEGIN:VCARD', 'VERSION:2.1', ...lines, 'END:VCARD', '']
  return all.map((line) => Buffer.from(line).toString('latin1')).join('\r\n')
}

/** The lines of the 3.0 card but for the frame, and for names that the lines did not have. */
function converted(source: string, charset?: string): string[] {
  const text = convertLegacyCard(source, charset).text.replace(/\r\n /g, '')
  const isOwn = (name: string) => new RegExp(`^${name}[;:]`, 'm').test(source)
  const frame = ['BEGIN', 'END', 'VERSION', ...(isOwn('FN') ? [] : ['FN']), ...(isOwn('N') ? [] : ['N'])]
  return text.split('\r\n').filter((line) => line !== '' && !frame.includes(/^\w*/.exec(line)?.[0] ?? ''))
}

describe('vCard 2.1 §2.1 to 3.0', () => {
  it.each<[string, string, string[], string[]]>([
    ['bare types', '§2.4.1', ['TEL;WORK;VOICE;PREF:1'], ['TEL;TYPE=WORK,VOICE,PREF:1']],
    ['types of both kinds', '§2.4.1', ['TEL;TYPE=WORK;CELL:1'], ['TEL;TYPE=WORK,CELL:1']],
    ['names in lower case', '§2.1.1', ['tel;type=cell:1'], ['TEL;TYPE=cell:1']],
    ['groups', '§2.1.2', ['A.TEL:1', 'A.NOTE:x'], ['A.TEL:1', 'A.NOTE:x']],
    [
      'quoted-printable with soft line breaks',
      '§2.1.3',
      ['NOTE;ENCODING=QUOTED-PRINTABLE:Now=0D=0Athe time =', 'for all, =', '=C3=A9'],
      ['NOTE:Now\\nthe time for all\\, é'],
    ],
    [
      'structured quoted-printable, semicolons of its own escaped',
      '§2.2.2',
      ['N;ENCODING=QUOTED-PRINTABLE:O=3BNeil;Ann;;;', 'FN:x'],
      ['N:O\\;Neil;Ann;;;', 'FN:x'],
    ],
    ['commas that are no list', '§2.5.5', ['ORG:Company, The;R\\;D'], ['ORG:Company\\, The;R\\;D']],
    ['lists', '§2.8', ['CATEGORIES:a,b'], ['CATEGORIES:a,b']],
    [
      'base64',
      '§2.2.4',
      ['PHOTO;ENCODING=BASE64;JPEG:/9j/', ' 4AAQ', '', 'TEL:1'],
      ['PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ', 'TEL:1'],
    ],
    [
      'base64 that is not folded',
      '§2.2.4',
      ['KEY;X509;BASE64:', 'VGhl', 'cmU='],
      ['KEY;ENCODING=b;TYPE=X509:VGhlcmU='],
    ],
    [
      'a photo elsewhere',
      '§2.2.4',
      ['PHOTO;VALUE=URL;GIF:http://a/b.gif'],
      ['PHOTO;VALUE=uri;TYPE=GIF:http://a/b.gif'],
    ],
    ['folds, which keep their blank', '§2.1.3', ['NOTE:one', ' two'], ['NOTE:one two']],
    ['a position with a comma', '§2.4.2', ['GEO:35.65,139.69'], ['GEO:35.65;139.69']],
    ['language', '§2.1.5', ['N;LANGUAGE=de:M;M', 'FN:x'], ['N;LANGUAGE=de:M;M', 'FN:x']],
    [
      'an agent',
      '§2.5.4',
      ['FN:y', 'AGENT:', 'BEGIN:VCARD', 'VERSION:2.1', 'FN:Susan', 'TEL;HOME:1', 'END:VCARD'],
      [
        'FN:y',
        'AGENT:BEGIN:VCARD\\nVERSION:3.0\\nN:\\;Susan\\;\\;\\;\\nFN:Susan\\nTEL\\;TYPE=HOME:1\\nEND:VCARD\\n',
      ],
    ],
    [
      'Japanese readings of a name',
      'IrMC 1.1',
      ['SOUND;X-IRMC-N:ando;roido;;;'],
      ['X-PHONETIC-LAST-NAME:ando', 'X-PHONETIC-FIRST-NAME:roido'],
    ],
    [
      'what Android writes',
      'of its own',
      [
        'X-ANDROID-CUSTOM:vnd.android.cursor.item/nickname;Nick;1;;;;;;;;;;;;;',
        'X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;1999-07-10;1;;;;;;;;;;;;;',
        'X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Jane;14;;;;;;;;;;;;;',
        'X-ANDROID-CUSTOM:vnd.example/other;x',
      ],
      [
        'NICKNAME:Nick',
        'X-ANNIVERSARY:1999-07-10',
        'legacy3.X-ABRELATEDNAMES:Jane',
        'legacy3.X-ABLabel:_$!<Spouse>!$_',
        'X-ANDROID-CUSTOM:vnd.example/other\\;x',
      ],
    ],
  ])('%s (%s)', (_, __, lines, expected) => {
    expect(converted(card(...lines))).toEqual(expected)
  })

  it('character sets that lines name, that the file has, and that nobody knows (§2.1.4)', () => {
    const sjis = Buffer.from('88c093a13b838d83438368', 'hex')
    expect(converted(card('FN:x', Buffer.concat([Buffer.from('N;CHARSET=SHIFT_JIS:'), sjis])))).toEqual([
      'FN:x',
      'N:安藤;ロイド',
    ])
    const latin = Buffer.concat([Buffer.from('NOTE:caf'), Buffer.from([0xe9])])
    expect(converted(card(latin))).toEqual(['NOTE:café'])
    expect(converted(card(latin), 'windows-1251')).toEqual(['NOTE:cafй'])
    expect(converted(card('NOTE;CHARSET=Murks;QUOTED-PRINTABLE:M=F6'))).toEqual(['NOTE:Mö'])
    expect(converted(card('NOTE;CHARSET=Windows-1251;QUOTED-PRINTABLE:=CA=E8=BF=E2'))).toEqual(['NOTE:Київ'])
  })

  it('gives a card the names that 3.0 must have, of the best there is', () => {
    expect(convertLegacyCard(card('EMAIL;PREF:a@b')).text).toBe(
      'BEGIN:VCARD\r\nVERSION:3.0\r\nN:;a@b;;;\r\nFN:a@b\r\nEMAIL;TYPE=PREF:a@b\r\nEND:VCARD\r\n',
    )
  })

  it('tells what it left out', () => {
    const { text, notes } = convertLegacyCard(card('FN:x', 'rubbish', 'URL;QUOTED-PRINTABLE:a=0Cb'))
    expect(text).toContain('URL:ab\r\n')
    expect(notes).toEqual(['A line could not be read: rubbish', 'Control characters were left out of URL.'])
  })

  it('takes agents of agents of agents as they are', () => {
    const deep = 50_000
    const lines = [
      ...Array<string>(deep).fill('AGENT:\r\nBEGIN:VCARD'),
      ...Array<string>(deep).fill('END:VCARD'),
    ]
    expect(convertLegacyCard(card(...lines)).text.length).toBeGreaterThan(deep)
  })
})

const folder = process.env.FARLEY_TEST_CORPUS
const files = folder
  ? readdirSync(join(folder, 'legacy'), { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.vcf$/i.test(name),
    )
  : []

describe.skipIf(files.length === 0)('vCard 2.1 as people have it', () => {
  it.each(files)('%s becomes 3.0 that is valid, and 4.0', (name) => {
    const source = readFileSync(join(folder ?? '', 'legacy', name)).toString('latin1')
    for (const [block] of source.matchAll(/BEGIN:VCARD[\s\S]*?VERSION:2\.1[\s\S]*?END:VCARD/gi)) {
      const { text } = convertLegacyCard(block)
      expect(validateCard(text).version).toBe('3.0')
      expect(complaintsAbout(convertCard(text, '4.0'))).toEqual([])
      const plain = unescapeText(text.replace(/\r\n /g, ''))
      for (const [, number] of block.matchAll(/^TEL[^:]*:([^=]+?)\r?$/gm)) expect(plain).toContain(number)
    }
  })
})

describe('hostile text', () => {
  it('is a card that can be stored, whatever it was', () => {
    const piece = fc.constantFrom(
      ...[
        'NOTE',
        'TEL',
        'N',
        'PHOTO',
        'AGENT:',
        ';QUOTED-PRINTABLE',
        ';BASE64',
        ';CHARSET=utf-16',
        ':',
        '=',
        '=E9',
      ],
      ...['\r\n', '\n ', 'BEGIN:VCARD', 'END:VCARD', ';', ',', '\\', 'VERSION:2.1', 'FN:x'],
    )
    const source = fc.array(fc.oneof(piece, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 30 })
    fc.assert(
      fc.property(source, (pieces) => {
        const text = `BEGIN:VCARD\r\n${pieces.join('')}\r\nEND:VCARD\r\n`
        const { text: made } = convertLegacyCard(Buffer.from(text).toString('latin1'))
        expect(() => validateCard(made.replace(/^UID.*(?:\r\n .*)*\r\n/gm, ''))).not.toThrow()
      }),
      { numRuns: 1000 },
    )
  })
})
