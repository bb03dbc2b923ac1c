import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { calendar, card, event, lines } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { importAll, inShort, namesOf } from './world.ts'

const server = useServer()
const folder = useFolder()

/** What is stored under the names of an import, in its order, unfolded. */
async function textsOf(alice: Account, names: readonly string[], collection = alice.contacts) {
  const texts: string[] = []
  for (const name of names) {
    const { text } = await alice.get(`${collection}${name}`)
    texts.push(text.replace(/\r\n /g, ''))
  }
  return texts
}

async function revisionsOf(name: string) {
  return server.services.store.read(({ sql }) =>
    sql.all<{ kind: string; bytes: Buffer }>(
      'SELECT r.kind, b.bytes FROM revisions r JOIN bodies b ON b.id = r.body_id WHERE r.name = $1 ORDER BY r.id',
      [name],
    ),
  )
}

describe('vCard 2.1 (versit)', () => {
  const old = lines([
    'BEGIN:VCARD',
    'VERSION:2.1',
    'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=B6rg',
    'TEL;CELL;PREF:+49 1',
    'NOTE;ENCODING=QUOTED-PRINTABLE:one=0D=0A=',
    'two',
    'END:VCARD',
  ])

  it('is stored as 3.0, and what came is its first revision', async () => {
    const alice = await server.account()
    const outcomes = await importAll(server, alice, [folder.write('a.vcf', card('one') + old + card('two'))])
    expect(outcomes).toMatchObject([
      { kind: 'created', line: 1, notes: [] },
      { kind: 'created', line: 7, notes: ['converted from vCard 2.1', 'uid added'] },
      { kind: 'created', line: 14 },
    ])
    const name = namesOf(outcomes)[1] ?? ''
    const [text] = await textsOf(alice, [name])
    expect(text).toContain('VERSION:3.0\r\nFN:Jörg Müller\r\nN:Müller;Jörg\r\nTEL;TYPE=CELL,PREF:+49 1')
    expect((await revisionsOf(name)).map(({ kind, bytes }) => [kind, bytes.toString()])).toEqual([
      ['created', old],
      ['updated', expect.stringContaining('VERSION:3.0')],
    ])
    expect(inShort(await importAll(server, alice, [folder.write('a.vcf', old)]))).toEqual([
      `unchanged contacts/${name}`,
    ])
  })
})

describe('vCalendar 1.0 (versit)', () => {
  it('is stored as iCalendar, each component alone, and what came is its first revision', async () => {
    const alice = await server.account()
    const text = lines([
      'BEGIN:VCALENDAR',
      'VERSION:1.0',
      'BEGIN:VEVENT',
      'UID:old',
      'DTSTART:19980101T100000Z',
      'RRULE:W1 TH #3',
      'SUMMARY;ENCODING=QUOTED-PRINTABLE:Caf=E9',
      'END:VEVENT',
      'BEGIN:VTODO',
      'SUMMARY:task',
      'END:VTODO',
      'END:VCALENDAR',
    ])
    const outcomes = await importAll(server, alice, [folder.write('a.vcs', text)])
    expect(outcomes).toMatchObject([
      { kind: 'created', line: 3, collection: 'calendar', uid: 'old' },
      { kind: 'created', line: 9, collection: 'tasks' },
    ])
    const [stored] = await textsOf(alice, ['old.ics'], alice.calendar)
    expect(stored).toContain('RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=3\r\nSUMMARY:Café')
    const [first] = await revisionsOf('old.ics')
    expect(first?.bytes.toString('latin1')).toContain('RRULE:W1 TH #3')
    const again = await importAll(server, alice, [folder.write('a.vcs', text)])
    expect(again.map(({ kind }) => kind)).toEqual(['unchanged', 'unchanged'])
  })
})

describe('tables (RFC 4180)', () => {
  const header = 'First Name,Last Name,E-mail Address,Mobile Phone,Notes'

  it('become cards, each row one, with the line it begins in', async () => {
    const alice = await server.account()
    const text = `${header}\r\nAda,Lovelace,ada@example.org,1,"two\r\nlines"\r\n\r\n,,,,only a note\r\nBob,,,2,\r\n`
    const outcomes = await importAll(server, alice, [folder.write('a.csv', text)])
    expect(outcomes).toMatchObject([
      { kind: 'created', line: 2 },
      { kind: 'refused', line: 5, reason: 'There is no name, address or number in this row.' },
      { kind: 'created', line: 6 },
    ])
    const [ada] = await textsOf(alice, namesOf(outcomes))
    expect(ada).toContain('FN:Ada Lovelace\r\nN:Lovelace;Ada;;;\r\n')
    expect(ada).toContain('NOTE:two\\nlines')
  })

  it('again change nothing; revised, only the rows that were revised, and what was changed here stays (law 6)', async () => {
    const alice = await server.account()
    const rows = ['Ada,Lovelace,ada@example.org,1,n', 'Bob,Kent,bob@example.org,2,', 'Cy,Dee,,3,']
    const file = folder.write('a.csv', [header, ...rows].join('\n'))
    const names = namesOf(await importAll(server, alice, [file]))
    const adaPath = `${alice.contacts}${names[0]}`
    const mine = (await alice.get(adaPath)).text.replace('TEL;TYPE=CELL:1', 'TEL;TYPE=CELL:99\r\nX-MINE:kept')
    expect((await alice.put(adaPath, mine)).status).toBe(204)
    const { token } = await alice.syncAll(alice.contacts, '')
    expect((await importAll(server, alice, [file])).map(({ kind }) => kind)).toEqual(
      Array(3).fill('unchanged'),
    )
    expect((await alice.syncAll(alice.contacts, token)).changed).toEqual([])
    rows[0] = 'Ada,Lovelace,ada@example.org,1,revised'
    rows[2] = 'Cy,Dee,,3,revised'
    const revised = await importAll(server, alice, [folder.write('a.csv', [header, ...rows].join('\n'))])
    expect(revised.map(({ kind }) => kind)).toEqual(['updated', 'unchanged', 'updated'])
    expect((await alice.get(adaPath)).text).toBe(mine.replace('NOTE:n', 'NOTE:revised'))
  })

  it('tell rows that share a name and a number apart, and pass over the very same', async () => {
    const alice = await server.account()
    const text = `${header}\nAda,L,,1,a\nAda,L,,1,b\nAda,L,,1,a\n`
    const file = folder.write('a.csv', text)
    const outcomes = await importAll(server, alice, [file])
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'created', 'skipped'])
    expect((await importAll(server, alice, [file])).map(({ kind }) => kind)).toEqual([
      'unchanged',
      'unchanged',
      'skipped',
    ])
  })

  it('keep a row by its number, whatever else of it is revised', async () => {
    const alice = await server.account()
    const write = (name: string) =>
      folder.write('a.csv', `id,name,email\n7,${name},a@example.org\n8,Bob,b@example.org\n`)
    const [first] = namesOf(await importAll(server, alice, [write('Ada')]))
    expect(inShort(await importAll(server, alice, [write('Ada King')]))[0]).toBe(`updated contacts/${first}`)
    expect((await alice.get(`${alice.contacts}${first}`)).text).toContain('FN:Ada King')
  })

  it('may have semicolons, any character set that is found out or given, and a preamble', async () => {
    const alice = await server.account()
    const german = 'Vorname;Nachname;Straße privat\r\nJörg;Müller;Öder Weg\r\n'
    const wide = Buffer.from(`\ufeff${german.replaceAll(';', '\t')}`, 'utf16le')
    const cyrillic = Buffer.from(`Имя,Фамилия\nПётр,Петров\n`.split('').map(koi8).join(''), 'latin1')
    const files = [
      folder.write('1.csv', Buffer.from(german, 'latin1')),
      folder.write('2.csv', `\ufeff${german}`),
      folder.write('3.csv', wide),
    ]
    const outcomes = await importAll(server, alice, files)
    expect(outcomes.map(({ kind }) => kind)).toEqual(['created', 'unchanged', 'unchanged'])
    expect(outcomes[0]).toMatchObject({ notes: ['read as windows-1252'] })
    const russian = await importAll(server, alice, [folder.write('4.csv', cyrillic)], { charset: 'koi8-r' })
    expect((await textsOf(alice, namesOf(russian)))[0]).toContain('FN:Пётр Петров')
    await expect(importAll(server, alice, files, { charset: 'klingon' })).rejects.toThrow(
      /no character set "klingon"/,
    )
  })

  it('are mapped as it is given, by name or number', async () => {
    const alice = await server.account()
    const plain = folder.write('a.csv', 'Ada;1\nBob;2\n')
    expect(inShort(await importAll(server, alice, [plain]))).toEqual([
      expect.stringMatching(/^refused 0 No row says what the columns are/),
    ])
    const columns = { '1': 'FN', '2': 'TEL;cell' }
    const names = namesOf(await importAll(server, alice, [plain], { columns }))
    expect((await textsOf(alice, names)).map((text) => /TEL.*/.exec(text)?.[0])).toEqual([
      'TEL;TYPE=CELL:1',
      'TEL;TYPE=CELL:2',
    ])
    const wrong = await importAll(server, alice, [folder.write('b.csv', `${header}\nAda,,,,\n`)], {
      columns: { Nowhere: 'FN' },
    })
    expect(inShort(wrong)).toEqual(['refused 0 There is no column "Nowhere".'])
  })
})

/** A character of KOI8-R as Latin-1 has the same octet. */
function koi8(character: string): string {
  const decoder = new TextDecoder('koi8-r')
  for (let octet = 0; octet < 256; octet += 1) {
    if (decoder.decode(Uint8Array.of(octet)) === character) return String.fromCharCode(octet)
  }
  return '?'
}

describe('directories (RFC 2849)', () => {
  it('become cards of people and groups; a revised entry is patched', async () => {
    const alice = await server.account()
    const ldif = (title: string) =>
      lines([
        'dn: cn=crew,ou=people',
        'objectclass: groupOfNames',
        'cn: crew',
        'member: cn=Ada,ou=people',
        '',
        'dn: ou=people',
        'objectclass: organizationalUnit',
        '',
        'dn: cn=Ada, ou=People',
        'objectclass: inetOrgPerson',
        'cn: Ada',
        'sn: Lovelace',
        `title: ${title}`,
        'mobile: 1',
      ])
    const file = folder.write('a.ldif', ldif('Clerk'))
    const outcomes = await importAll(server, alice, [file])
    expect(outcomes).toMatchObject([
      { kind: 'created', line: 1 },
      { kind: 'skipped', line: 6, reason: 'It is neither a person nor a group.' },
      { kind: 'created', line: 9 },
    ])
    const [group = '', , person = ''] = namesOf(outcomes)
    const [text] = await textsOf(alice, [group])
    expect(text).toContain(`X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:${person.replace('.vcf', '')}`)
    const again = await importAll(server, alice, [folder.write('a.ldif', ldif('Boss'))])
    expect(again.map(({ kind }) => kind)).toEqual(['unchanged', 'skipped', 'updated'])
    expect((await textsOf(alice, [person]))[0]).toContain('TITLE:Boss')
  })
})

describe('other character sets of cards and calendars', () => {
  it('are found out, declared in the card, or given, and stored as UTF-8', async () => {
    const alice = await server.account()
    const latin = Buffer.from(card('latin', 'Zoë Doe'), 'latin1')
    const declared = Buffer.from(
      card('declared', 'Zo\u00f7 Doe').replace('FN:', 'FN;CHARSET=windows-1251:'),
      'latin1',
    )
    const ics = Buffer.from(event('e', ['DTSTART:20260115T100000Z', 'LOCATION:Zoë']), 'latin1')
    const outcomes = await importAll(server, alice, [
      folder.write('1.vcf', latin),
      folder.write('2.vcf', declared),
      folder.write('3.ics', ics),
    ])
    expect(outcomes).toMatchObject([
      { kind: 'created', notes: ['read as windows-1252'] },
      { kind: 'created', notes: ['read as windows-1251'] },
      { kind: 'created', notes: ['read as windows-1252'] },
    ])
    const [first, second] = await textsOf(alice, ['latin.vcf', 'declared.vcf'])
    expect(first).toContain('FN:Zoë Doe')
    expect(second).toContain('Zoч Doe')
    expect((await textsOf(alice, ['e.ics'], alice.calendar))[0]).toContain('LOCATION:Zoë')
  })
})

describe('files under other names', () => {
  it('are known by what is in them', async () => {
    const alice = await server.account()
    const files = [
      folder.write('a.txt', card('one')),
      folder.write('b.vcf', calendar(['BEGIN:VEVENT', 'UID:two', 'DTSTART:20260101T000000Z', 'END:VEVENT'])),
      folder.write('c', 'dn: cn=Ada\nobjectclass: person\ncn: Ada\n'),
    ]
    const outcomes = await importAll(server, alice, files)
    expect(outcomes.map((one) => ('collection' in one ? one.collection : one.kind))).toEqual([
      'contacts',
      'calendar',
      'contacts',
    ])
    expect(readFileSync(files[0] ?? '', 'utf8')).toBe(card('one'))
  })
})
