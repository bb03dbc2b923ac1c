import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { TransferError } from '../../src/features/transfer/transfer-error.ts'
import { calendar, card, event, lines, todo } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { useFolder } from './folder.ts'
import { importAll, inShort, namesOf } from './world.ts'

const server = useServer({ limits: { bodyBytes: 400_000 } })
const folder = useFolder()

const vevent = (uid: string, ...extra: string[]) => [
  'BEGIN:VEVENT',
  `UID:${uid}`,
  'DTSTART:20260115T100000Z',
  ...extra,
  'END:VEVENT',
]

describe('where an import puts things', () => {
  it('events into the default calendar, tasks into the task list, cards into the book', async () => {
    const alice = await server.account()
    folder.write('many.ics', calendar([...vevent('one'), 'BEGIN:VTODO', 'UID:two', 'END:VTODO']))
    folder.write('deep/er/CARD.VCF', card('three'))
    folder.write('notes.txt', 'not for us')
    expect(inShort(await importAll(server, alice, [folder.path]))).toEqual([
      'created contacts/three.vcf',
      'created calendar/one.ics',
      'created tasks/two.ics',
    ])
    expect((await alice.get(`${alice.contacts}three.vcf`)).text).toBe(card('three'))
  })

  it('everything into the collection that is named, if that takes it', async () => {
    const alice = await server.account()
    const files = [folder.write('a.ics', todo('a')), folder.write('b.ics', event('b'))]
    expect(inShort(await importAll(server, alice, files, { into: 'tasks' }))).toEqual([
      'created tasks/a.ics',
      'refused 1 The collection "tasks" is not one that takes VEVENT.',
    ])
    await expect(importAll(server, alice, files, { into: 'nowhere' })).rejects.toThrow(TransferError)
  })

  it('refuses what no collection takes', async () => {
    const alice = await server.account()
    const file = folder.write('a.ics', calendar(['BEGIN:VJOURNAL', 'UID:j', 'END:VJOURNAL']))
    expect(inShort(await importAll(server, alice, [file]))).toEqual([
      'refused 1 No collection of the account takes VJOURNAL.',
    ])
  })
})

describe('what an import stores', () => {
  it('a file that is one object octet for octet, also in UTF-16', async () => {
    const alice = await server.account()
    const odd = event('one').replace('PRODID', 'X-ODD;a=b:\\q\r\n kept\r\nPRODID')
    const wide = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(event('wide'), 'utf16le')])
    const marked = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(card('marked', 'Žofie Ø'))])
    const files = [folder.write('1.ics', odd), folder.write('2.ics', wide), folder.write('3.vcf', marked)]
    expect((await importAll(server, alice, files)).map(({ kind }) => kind)).toEqual(Array(3).fill('created'))
    expect((await alice.get(`${alice.calendar}one.ics`)).text).toBe(odd)
    expect((await alice.get(`${alice.calendar}wide.ics`)).body).toEqual(wide)
    expect((await alice.get(`${alice.contacts}marked.vcf`)).body).toEqual(marked)
  })

  it('of a file of several objects each one with slices of the file (RFC 4791 §4.1)', async () => {
    const alice = await server.account()
    const zone = ['BEGIN:VTIMEZONE', 'TZID:Böhmen', 'END:VTIMEZONE']
    const master = vevent('série', 'RRULE:FREQ=DAILY', 'SUMMARY;X=1:Schön\r\n  gefaltet')
    const override = vevent('série', 'RECURRENCE-ID;TZID=Böhmen:20260116T100000')
    const text = calendar([...zone, ...override, ...vevent('other'), ...master])
    const outcomes = await importAll(server, alice, [folder.write('all.ics', text)])
    expect(outcomes).toMatchObject([{ line: 7, uid: 'série', notes: [] }, { line: 12 }])
    const stored = await alice.get(`${alice.calendar}${namesOf(outcomes)[0]}`)
    expect(stored.text).toBe(calendar([...zone, ...override, ...master]))
  })

  it('without METHOD, and with a UID from the octets where there is none, and says so', async () => {
    const alice = await server.account()
    const bare = card('x').replace('UID:x\r\n', '')
    const invitation = calendar(['METHOD:REQUEST', ...vevent('invited')])
    const nameless = calendar(vevent('x')).replace('UID:x\r\n', '')
    const files = [
      folder.write('1.vcf', bare),
      folder.write('2.ics', invitation),
      folder.write('3.ics', nameless),
    ]
    const first = await importAll(server, alice, files)
    expect(first).toMatchObject([
      { kind: 'created', notes: ['uid added'] },
      { kind: 'created', notes: ['method removed'] },
      { kind: 'created', notes: ['uid added'] },
    ])
    const [one] = first
    const uid = one && 'uid' in one ? one.uid : ''
    expect((await alice.get(`${alice.contacts}${uid}.vcf`)).text).toBe(
      bare.replace('END:VCARD', `UID:${uid}\r\nEND:VCARD`),
    )
    expect((await importAll(server, alice, files)).map(({ kind }) => kind)).toEqual(
      Array(3).fill('unchanged'),
    )
  })

  it('under names made of the UID, safe and never over another object', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}taken.vcf`, card('someone-else'))
    const uids = ['taken', 'a/b ö', '..', 'x'.repeat(300)]
    const file = folder.write('a.vcf', uids.map((uid) => card(uid)).join(''))
    const names = namesOf(await importAll(server, alice, [file]))
    expect(names[0]).toMatch(/^taken-[0-9a-f]{12}\.vcf$/)
    expect(names[1]).toBe('a_b_.vcf')
    expect(names[2]).toMatch(/^_-[0-9a-f]{12}\.vcf$/)
    expect(names[3]).toMatch(/^x{150}-[0-9a-f]{12}\.vcf$/)
    expect((await alice.get(`${alice.contacts}taken.vcf`)).text).toBe(card('someone-else'))
  })
})

describe('importing again', () => {
  it('changes nothing: no number, no revision', async () => {
    const alice = await server.account()
    folder.write('cards.vcf', card('one') + card('two') + card('x').replace('UID:x\r\n', ''))
    folder.write('events.ics', calendar([...vevent('a'), ...vevent('b', 'RRULE:FREQ=DAILY')]))
    await importAll(server, alice, [folder.path])
    const state = async () => ({
      tokens: [
        (await alice.propfind(alice.contacts, 0, [dav('sync-token')]))
          .of(alice.contacts)
          .text(dav('sync-token')),
        (await alice.propfind(alice.calendar, 0, [dav('sync-token')]))
          .of(alice.calendar)
          .text(dav('sync-token')),
      ],
      revisions: await server.services.store.read(({ sql }) =>
        sql.all('SELECT count(*) AS n FROM revisions'),
      ),
    })
    const before = await state()
    const again = await importAll(server, alice, [folder.path])
    expect(again.map(({ kind }) => kind)).toEqual(Array(5).fill('unchanged'))
    expect(await state()).toEqual(before)
  })

  it('with other octets updates the object of that UID under the name it has', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}mine.vcf`, card('one', 'Old Name'))
    const outcomes = await importAll(server, alice, [folder.write('a.vcf', card('one', 'New Name'))])
    expect(inShort(outcomes)).toEqual(['updated contacts/mine.vcf'])
    expect((await alice.get(`${alice.contacts}mine.vcf`)).text).toContain('New Name')
    const origins = await server.services.store.read(({ sql }) =>
      sql.all("SELECT origin FROM revisions WHERE name = 'mine.vcf' ORDER BY id"),
    )
    expect(origins).toEqual([{ origin: 'client' }, { origin: 'import' }])
  })

  it('refuses the second of two objects of one UID, so that it settles', async () => {
    const alice = await server.account()
    const file = folder.write('a.vcf', card('one', 'First Name') + card('one', 'Second Name') + card('two'))
    const [, second] = inShort(await importAll(server, alice, [file]))
    expect(second).toBe(`refused 7 Its UID one came before, in ${file}:1.`)
    expect(inShort(await importAll(server, alice, [file]))).toEqual([
      'unchanged contacts/one.vcf',
      second,
      'unchanged contacts/two.vcf',
    ])
  })
})

describe('what an import refuses, naming the line', () => {
  it('broken cards and other versions; the rest is taken', async () => {
    const alice = await server.account()
    const broken = card('two').replace('UID:two', 'UID:two\r\nUID:three')
    const old = lines(['BEGIN:VCARD', 'VERSION:5.0', 'N:Old', 'END:VCARD'])
    const cut = lines(['BEGIN:VCARD', 'VERSION:3.0', 'FN:Cut'])
    const parts = [card('good'), broken, old, cut, card('also')].map((part) => Buffer.from(part))
    expect(inShort(await importAll(server, alice, [folder.write('a.vcf', Buffer.concat(parts))]))).toEqual([
      'created contacts/good.vcf',
      'refused 7 The vCard has two UIDs.',
      'refused 14 vCard version 5.0 is not stored; 3.0 and 4.0 are.',
      'refused 18 The vCard does not end.',
      'created contacts/also.vcf',
    ])
  })

  it('broken components; the rest is taken', async () => {
    const alice = await server.account()
    const text = calendar([
      ...vevent('good'),
      ...vevent('rule', 'RRULE:FREQ=NEVER'),
      'BEGIN:VEVENT',
      'UID:cut',
      ...vevent('also', 'SUMMARY:Zo\u00eb'),
    ])
    const outcomes = await importAll(server, alice, [
      folder.write('a.ics', text),
      folder.write('b.ics', Buffer.from(text.replaceAll('UID:', 'UID:b-'), 'latin1')),
    ])
    expect(inShort(outcomes)).toEqual([
      'refused 13 The VEVENT is cut short.',
      'created calendar/good.ics',
      expect.stringMatching(/^refused 8 An RRULE cannot be read/),
      'created calendar/also.ics',
      'refused 13 The VEVENT is cut short.',
      'created calendar/b-good.ics',
      expect.stringMatching(/^refused 8 An RRULE cannot be read/),
      'created calendar/b-also.ics',
    ])
  })

  it('what is too large, wherever it stands', async () => {
    const alice = await server.account()
    const note = `NOTE:${'long '.repeat(90_000)}`
    const file = folder.write('a.vcf', card('one') + card('big', 'Big One', [note]) + card('two'))
    const events = calendar([...vevent('a'), ...vevent('big', `DESCRIPTION:${note}`), ...vevent('b')])
    expect(inShort(await importAll(server, alice, [file, folder.write('a.ics', events)]))).toEqual([
      'created contacts/one.vcf',
      'refused 7 It has more than 400000 octets.',
      'created contacts/two.vcf',
      'created calendar/a.ics',
      'refused 8 It has more than 400000 octets.',
      'created calendar/b.ics',
    ])
  })

  it('files that are not there, of other kinds, or empty folders', async () => {
    const alice = await server.account()
    const gone = join(folder.path, 'gone.vcf')
    const other = folder.write('a.txt', 'name,mail')
    const empty = join(folder.write('sub/readme.txt', ''), '..')
    const outcomes = await importAll(server, alice, [gone, other, empty])
    expect(outcomes).toMatchObject([
      { file: gone, kind: 'refused', line: 0, reason: expect.stringContaining('ENOENT') },
      { file: other, kind: 'refused', reason: expect.stringMatching(/^Its name does not end in \.vcf/) },
      {
        file: empty,
        kind: 'refused',
        reason: expect.stringMatching(/^There is no \.vcf.* file in this folder/),
      },
    ])
  })
})

describe('large files', () => {
  it('are read a stretch at a time, with the right lines, and batches of writes', async () => {
    const alice = await server.account()
    const long = 'x'.repeat(70).concat('\r\n ').repeat(200)
    const cards = Array.from({ length: 120 }, (_, n) => card(`c${n}`, `Name ${n}`, [`NOTE:${long}`]))
    const events = Array.from({ length: 150 }, (_, n) => vevent(`e${n}`, `DESCRIPTION:${long}`)).flat()
    cards[100] = cards[100]?.replace('VERSION:3.0', 'VERSION:9') ?? ''
    const files = [folder.write('a.vcf', cards.join('')), folder.write('b.ics', calendar(events))]
    const steps: number[] = []
    const options = { onProgress: (read: number, total: number) => steps.push(read / total) }
    const outcomes = await importAll(server, alice, files, options)
    expect(outcomes).toHaveLength(270)
    const line = 1 + 100 * (cards[0]?.split('\r\n').length ?? 1) - 100
    expect(outcomes.filter(({ kind }) => kind === 'refused')).toMatchObject([{ line, file: files[0] }])
    expect(outcomes.at(-1)).toMatchObject({ kind: 'created', line: 4 + 149 * 205, file: files[1] })
    expect(steps.length).toBeGreaterThan(4)
    expect(steps.at(-1)).toBe(1)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect((await alice.get(`${alice.contacts}c7.vcf`)).text).toBe(cards[7])
  })

  it('may have been joined, each part with its byte order mark', async () => {
    const alice = await server.account()
    const mark = '\ufeff'
    const files = [
      folder.write('a.vcf', [card('one'), card('two')].map((text) => mark + text).join('')),
      folder.write('b.ics', [event('one'), event('two')].map((text) => mark + text).join('')),
    ]
    expect(inShort(await importAll(server, alice, files))).toEqual([
      'created contacts/one.vcf',
      'created contacts/two.vcf',
      'created calendar/one.ics',
      'created calendar/two.ics',
    ])
  })
})
