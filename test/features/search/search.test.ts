import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { foldText } from '../../../src/features/search/words.ts'
import { packSearchJob } from '../../../src/jobs/sqlite/pack-search.ts'
import { packSearch } from '../../../storage/search/pack.ts'
import { settleEvery } from '../../../storage/search/settle.ts'
import { event } from '../../dav/objects.ts'
import { useServer } from '../../dav/server.ts'
import { addCards, find, named, settle, titles } from './search-world.ts'

const server = useServer()

const people = [
  named('Jonathan', 'Müller', 'EMAIL:jm@firma.example', 'TEL:+49 171 5551234', 'ORG:Östwerk GmbH'),
  named('John', 'Doe', 'TEL:0171 555 99 88', 'CATEGORIES:Press'),
  named('Иван', 'Чайковский'),
  named('Γεώργιος', 'Παπαδόπουλος'),
  named('Maria', 'Papadopoulos', 'NOTE:Met at the harbour festival'),
  named('Sinéad', "O'Connor", 'NICKNAME:Shin'),
  named('太郎', '山田'),
  named('Zoë', 'Smith-Jones'),
  ['FN:Nordlicht Reederei', 'N:;;;;', 'ORG:Nordlicht Reederei', 'X-ABSHOWAS:COMPANY'],
]

const [jonathan, john, ivan, georgios, maria, sinead, taro, zoe] = [
  'Jonathan Müller',
  'John Doe',
  'Иван Чайковский',
  'Γεώργιος Παπαδόπουλος',
  'Maria Papadopoulos',
  "Sinéad O'Connor",
  '太郎 山田',
  'Zoë Smith-Jones',
]

const looked: readonly (readonly [what: string, text: string, first: string])[] = [
  ['a letter', 'z', zoe],
  ['two letters', 'co', sinead],
  ['a begun name', 'papad', maria],
  ['a part of a name', 'nath', jonathan],
  ['another case', 'JONATHAN', jonathan],
  ['no accents', 'muller', jonathan],
  ['accents that are not there', 'dóe', john],
  ['two letters for one', 'mueller', jonathan],
  ['both names', 'doe john', john],
  ['begun names', 'mül jon', jonathan],
  ['a part over two words', 'hn do', john],
  ['a name without its apostrophe', 'oconnor', sinead],
  ['the later part of a double name', 'jones', zoe],
  ['a nickname', 'shin', sinead],
  ['a mail address', 'jm@firma', jonathan],
  ['a company', 'ostwerk', jonathan],
  ['a company itself', 'reederei', 'Nordlicht Reederei'],
  ['a label', 'press', john],
  ['a word of a note', 'harbour', maria],
  ['initials', 'jd', john],
  ['spaced initials', 'j d', john],
  ['two letters changed round', 'jonahtan', jonathan],
  ['a letter missing', 'jonatan', jonathan],
  ['a wrong first letter', 'xonathan', jonathan],
  ['a mistake beside a right word', 'maria papadopuolos', maria],
  ['a number as it is called at home', '0171 5551234', jonathan],
  ['a number with its country', '+49171555-1234', jonathan],
  ['a number with a foreign prefix', '0049 171 5551234', jonathan],
  ['a number that is kept as it is called at home', '+49 171 55599', john],
  ['the end of a number', '51234', jonathan],
  ['a part of a number', '715551', jonathan],
  ['its own letters', 'чайк', ivan],
  ['Latin letters', 'chaikovsk', ivan],
  ['Latin letters of libraries', 'cajkovskij', ivan],
  ['Latin letters with a mistake', 'chaikovksy', ivan],
  ['Greek letters', 'παπαδοπουλ', georgios],
  ['Greek letters for a Latin name', 'Μαρία Παπαδόπουλος', maria],
  ['Latin letters for a Greek name', 'georgios', georgios],
  ['one letter of a name without spaces', '田', taro],
]

describe('people are found', () => {
  it.each([
    ['before', false],
    ['after', true],
  ] as const)('%s the index has them', async (_, settled) => {
    const account = await server.account()
    await addCards(account, people)
    if (settled) await settle(server)
    for (const [what, text, first] of looked) {
      expect((await titles(server, account, text))[0], `${what}: ${text}`).toBe(first)
    }
    for (const nothing of ['', '   ', '---', 'qqqq', '987654', "'"])
      expect(await find(server, account, nothing)).toEqual([])
  })

  it('the better, the more of what they are called it is', async () => {
    const account = await server.account()
    const order = ['Berg', 'Bergmann', 'Anna Berg', 'Anna Bergdorf', 'Lindberg', 'Burg']
    await addCards(
      account,
      order.toReversed().map((name) => [`FN:${name}`, 'N:;;;;']),
    )
    await addCards(account, [
      ['FN:Mail', 'N:;;;;', 'EMAIL:berg@x.example'],
      ['FN:Firm', 'N:;;;;', 'ORG:Berg'],
      ['FN:Note', 'N:;;;;', 'NOTE:Berg'],
    ])
    await settle(server)
    const found = await titles(server, account, 'berg')
    expect(found.filter((title) => order.includes(title))).toEqual(order)
    expect(found.slice(0, 3)).toEqual(['Berg', 'Firm', 'Note'])
    expect(found.indexOf('Bergmann')).toBeLessThan(found.indexOf('Mail'))
  })

  it('as they are now, whatever waits for the index', async () => {
    const account = await server.account()
    const cards = Array.from({ length: settleEvery + 5 }, (_, at) => named(`Given${at}`, 'Family'))
    const paths = await addCards(account, cards)
    const [first = '', second = '', last = ''] = [paths[0], paths[1], paths.at(-1)]
    const card = (name: string, path: string) =>
      `BEGIN:VCARD\r\nVERSION:3.0\r\nUID:${path.split('/').at(-1)?.slice(0, -4)}\r\nFN:${name}\r\nN:;;;;\r\nEND:VCARD\r\n`
    await account.put(first, card('Renamed', first))
    await account.put(last, card('Renewed', last))
    await account.delete(second)
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      expect(await titles(server, account, 'given0 family')).toEqual([])
      expect(await titles(server, account, 'given1 family')).not.toContain('Given1 Family')
      expect(await titles(server, account, 'rene')).toEqual(
        ['Renewed', 'Renamed'].filter((name) => name.startsWith('Rene')),
      )
      expect(await titles(server, account, 'renamed')).toEqual(['Renamed'])
    }
  })

  it('by every part of what they are called, as a plain look at all of them finds them', async () => {
    const letters = fc.constantFrom(...'aäbeéßnлιΛ ')
    const name = fc
      .string({ unit: letters, minLength: 1, maxLength: 10 })
      .filter((text) => /\p{L}/u.test(text))
    await fc.assert(
      fc.asyncProperty(
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        async (names, settled) => {
          const account = await server.account()
          await addCards(
            account,
            names.map((text) => [`FN:${text}`, 'N:;;;;']),
          )
          if (settled) await settle(server)
          const folded = names.map((text) => foldText(text))
          for (const text of folded) {
            for (const part of partsOf(text)) {
              const found = new Set(await titles(server, account, part))
              for (const [at, other] of folded.entries()) {
                const isFound = found.has((names[at] ?? '').trim())
                if (isPart(other, part)) expect(isFound, `${part} in ${other}`).toBe(true)
              }
            }
          }
        },
      ),
      { numRuns: 12 },
    )
  })
})

describe('an index that was brought in bit by bit, and of which much is gone', () => {
  it('is in one part when it is packed, and finds as before', async () => {
    const account = await server.account()
    const paths = await addCards(
      account,
      Array.from({ length: 6 }, (_, n) => named(`Packrat${n}`, 'Bundle')),
    )
    await settle(server)
    for (const path of paths.slice(1)) await account.request('DELETE', path)
    await addCards(account, [named('Another', 'Bundle')])
    await settle(server)
    const { store } = server.services
    await packSearchJob.run(server.services, new AbortController().signal, '')
    expect(await titles(server, account, 'bundle')).toHaveLength(2)
    const again = await store.write((tx) => packSearch(tx, true))
    expect(again).toBe(false)
    const parts = await store.read(async ({ sql }) =>
      sql.dialect === 'sqlite'
        ? await sql.first<{ count: number }>('SELECT count(DISTINCT segid) AS count FROM search_grams_idx')
        : { count: 1 },
    )
    expect(parts?.count).toBe(1)
  })
})

/** Begins of words, and longer parts. */
function partsOf(text: string): Set<string> {
  const parts = new Set<string>()
  for (const word of text.split(' ')) for (let to = 1; to <= word.length; to++) parts.add(word.slice(0, to))
  for (let from = 0; from + 3 <= text.length; from++) parts.add(text.slice(from, from + 3).trim())
  parts.add(text)
  return new Set([...parts].filter((part) => /\p{L}/u.test(part)))
}

/** Whether a part is long enough to be found anywhere, or a word begins with it. */
function isPart(text: string, part: string): boolean {
  return part.length >= 3 ? text.includes(part) : text.split(' ').some((word) => word.startsWith(part))
}

describe('events are found', () => {
  it('by what they are called, where they are, who comes and what is said of them', async () => {
    const account = await server.account()
    const lines = [
      'LOCATION:Elbphilharmonie',
      'DESCRIPTION:Bring the brass',
      'ATTENDEE;CN=Ümit Yılmaz:mailto:u@x.example',
    ]
    const body = event('concert', lines)
      .replace(/SUMMARY:.*\r\n/, '')
      .replace('END:VEVENT', 'SUMMARY:Spring concert\r\nEND:VEVENT')
    expect((await account.put(`${account.calendar}c.ics`, body)).status).toBe(201)
    await settle(server)
    for (const text of ['spring', 'concert', 'phil', 'brass', 'umit', 'u@x.ex', 'sprnig'])
      expect(await titles(server, account, text), text).toEqual(['Spring concert'])
    expect(await titles(server, account, 'spring', { kinds: ['person'] })).toEqual([])
  })
})
