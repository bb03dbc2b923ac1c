import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { masked, sharedWith } from '../dav/virtual/masked.ts'
import { addCards, named, settle } from '../features/search/search-world.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer({ people: { country: '49' } })
const shares = useShares(server)

async function search(account: Pick<Account, 'request'>, text: string, more = '') {
  const { status, json } = await call(account, 'GET', `/search?q=${encodeURIComponent(text)}${more}`)
  expect(status, JSON.stringify(json)).toBe(200)
  return json.items
}

const titles = async (...asked: Parameters<typeof search>): Promise<string[]> =>
  (await search(...asked)).map(({ title }: { title: string }) => title)

async function lookUp(account: Account, query: string) {
  const { status, json } = await call(account, 'GET', `/lookup?${query}`)
  expect(status).toBe(200)
  return json.items
}

describe('the API: search', () => {
  it('says who it is, and what was found where', async () => {
    const alice = await server.account()
    await addCards(alice, [
      named('Jürgen', 'Großmann', 'ORG:Nordlicht', 'NOTE:Knows the history of the old mill.'),
    ])
    const [{ partyId, cardId, ...found }] = await search(alice, 'grossm')
    expect(found).toMatchObject({ kind: 'person', title: 'Jürgen Großmann', eventId: null })
    expect(found.match).toMatchObject({ field: 'name', text: 'Großmann Jürgen', marks: [[0, 5]] })
    expect((await call(alice, 'GET', `/parties/${partyId}`)).json.name).toBe('Jürgen Großmann')
    expect((await call(alice, 'GET', `/cards/${cardId}`)).status).toBe(200)
    const [{ match }] = await search(alice, 'history')
    expect(match.field).toBe('note')
    expect(match.text.slice(...match.marks[0])).toBe('history')
  })

  it('tells people of one name apart, by job and company, an address or a number', async () => {
    const alice = await server.account()
    await addCards(alice, [
      named('Ida', 'Twin', 'ORG:Brandt;Sales', 'TITLE:Buyer', 'EMAIL:ida@brandt.example'),
      named('Ida', 'Twin', 'TEL:+49 30 1', 'EMAIL:ida@home.example'),
      named('Ida', 'Twin'),
    ])
    const found: readonly { about: string | null }[] = await search(alice, 'ida twin')
    expect(new Set(found.map(({ about }) => about))).toEqual(
      new Set(['Buyer · Brandt Sales', 'ida@home.example', null]),
    )
  })

  it('finds nothing that the caller does not read, and all that he does', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await addCards(alice, [named('Zacharias', 'Quill')])
    const body = event('party', ['LOCATION:Secretsville'])
    expect((await alice.put(`${alice.calendar}p.ics`, body)).status).toBe(201)
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      expect(await search(bob, 'zacharias')).toEqual([])
      expect(await search(bob, 'secretsville')).toEqual([])
    }
    await shares.share(alice.contacts, bob, 'read')
    expect(await search(bob, 'zacharias')).toEqual([])
    await shares.share(alice.calendar, bob, 'free-busy')
    await shares.accept(bob)
    expect(await titles(bob, 'zacharias')).toEqual(['Zacharias Quill'])
    expect(await search(bob, 'secretsville')).toEqual([])
    await shares.share(alice.calendar, bob, 'read')
    expect(await search(bob, 'secretsville')).toHaveLength(1)
    expect(await search(bob, 'secretsville', '&kinds=person,org')).toEqual([])
    await shares.unshare(alice.contacts, bob)
    await shares.unshare(alice.calendar, bob)
    expect(await search(bob, 'zacharias')).toEqual([])
    expect(await search(bob, 'secretsville')).toEqual([])
  })

  it('follows a card to the trash, and to another book, and shows one person once', async () => {
    const alice = await server.account()
    const [path = ''] = await addCards(alice, [named('Wilhelmina', 'Ott')])
    await settle(server)
    const other = `${alice.books}other/`
    expect(
      (await alice.request('MKCOL', other, { headers: { 'Content-Type': 'application/xml' }, body: book }))
        .status,
    ).toBe(201)
    const Destination = `${other}w.vcf`
    expect((await alice.request('COPY', path, { headers: { Destination } })).status).toBe(201)
    expect(await titles(alice, 'wilhelmina')).toEqual(['Wilhelmina Ott'])
    await alice.delete(path)
    expect(await titles(alice, 'wilhelmina')).toEqual(['Wilhelmina Ott'])
    expect((await alice.request('MOVE', Destination, { headers: { Destination: path } })).status).toBe(201)
    expect(await titles(alice, 'wilhelmina')).toEqual(['Wilhelmina Ott'])
    await alice.delete(path)
    expect(await search(alice, 'wilhelmina')).toEqual([])
    await settle(server)
    expect(await search(alice, 'wilhelmina')).toEqual([])
  })

  it('nor by what a mask hides', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await addCards(alice, [
      named('Theodora', 'Vance', 'TEL;TYPE=home:+49 170 5550199', 'NOTE:Strictly between us'),
    ])
    await masked(server, { hide: ['TEL;TYPE=home', 'NOTE'] }, bob)
    await sharedWith(alice, bob)
    const [found] = await search(bob, 'theodora')
    expect(found).toMatchObject({ title: 'Theodora Vance', cardId: null })
    expect(await search(bob, 'strictly')).toEqual([])
    expect(await search(bob, '5550199')).toEqual([])
    expect([found.about, (await search(alice, 'theodora'))[0].about]).toEqual([null, '+49 170 5550199'])
    expect(await lookUp(bob, 'number=01705550199')).toEqual([])
    expect(await titles(alice, '5550199')).toEqual(['Theodora Vance'])
  })

  it('with a token for people has no events', async () => {
    const alice = await server.account()
    await addCards(alice, [named('Spring', 'Field')])
    await alice.put(`${alice.calendar}s.ics`, event('s', ['LOCATION:Springfield']))
    expect(await search(alice, 'spring')).toHaveLength(2)
    const { json } = await call(alice, 'POST', '/tokens', { label: 'x', scopes: ['people:read'] })
    const { request } = createClient(server.url)
    const program: Pick<Account, 'request'> = {
      request: (method, path) =>
        request(method, path, { headers: { Authorization: `Bearer ${json.token}` } }),
    }
    expect(await titles(program, 'spring')).toEqual(['Spring Field'])
  })

  it('finds notes, for those who may see them and somebody they are about', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await addCards(alice, [named('Nora', 'Noted')])
    const [{ partyId }] = await search(alice, 'nora')
    const write = async (html: string, visibility: string) =>
      (await call(alice, 'POST', '/activities', { kind: 'note', parties: [partyId], html, visibility })).json
        .id
    const shown = await write('<p>Likes rhubarb cake</p>', 'public')
    await write('<p>Rhubarb allergy, between us</p>', 'private')
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      expect(await titles(alice, 'rhubarb')).toEqual(['Rhubarb allergy, between us', 'Likes rhubarb cake'])
      expect(await search(bob, 'rhubarb')).toEqual([])
    }
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const [found, ...more] = await search(bob, 'rhubarb')
    expect(more).toEqual([])
    expect(found).toMatchObject({
      kind: 'note',
      partyId,
      activityId: shown,
      cardId: null,
      collectionId: null,
    })
    expect((await call(alice, 'DELETE', `/activities/${shown}`)).status).toBe(204)
    expect(await search(bob, 'rhubarb')).toEqual([])
    const { json } = await call(alice, 'GET', `/parties/${partyId}/history`)
    const restore = `/parties/${partyId}/history/${json.items[0].revision}/restore`
    expect((await call(alice, 'POST', restore)).status).toBeLessThan(300)
    expect(await titles(bob, 'rhubarb')).toEqual(['Likes rhubarb cake'])
  })

  it('refuses what is no search', async () => {
    const alice = await server.account()
    for (const query of ['', '?q=', '?q=a&kinds=cats', '?q=a&limit=0', `?q=${'a'.repeat(201)}`])
      expect((await call(alice, 'GET', `/search${query}`)).status, query).toBe(422)
    for (const query of ['', '?number=1', '?number=1234567&mail=a@b.c'])
      expect((await call(alice, 'GET', `/lookup${query}`)).status, query).toBe(422)
  })
})

const book =
  '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>'

describe('the API: who calls', () => {
  it('is known by the same number, however it is written', async () => {
    const alice = await server.account()
    await addCards(alice, [
      named('Ada', 'Local', 'TEL:0171 555 1234', 'ORG:Engines'),
      named('Ben', 'Abroad', 'TEL:+44 20 7946 0958'),
      named('Cid', 'Italian', 'TEL:+39 06 6982 1234'),
      named('Dee', 'Short', 'TEL:5551234'),
    ])
    const cases: readonly (readonly [string, readonly (readonly [string, boolean])[]])[] = [
      [
        '+491715551234',
        [
          ['Ada Local', true],
          ['Dee Short', false],
        ],
      ],
      [
        '0049171 5551234',
        [
          ['Ada Local', true],
          ['Dee Short', false],
        ],
      ],
      [
        '0171/5551234',
        [
          ['Ada Local', true],
          ['Dee Short', false],
        ],
      ],
      ['+431715551234', [['Dee Short', false]]],
      ['+442079460958', [['Ben Abroad', true]]],
      ['020 7946 0958', []],
      ['+390669821234', [['Cid Italian', true]]],
      ['9460958', [['Ben Abroad', false]]],
      ['460958', []],
      ['+4917155512345', []],
    ]
    for (const settled of [false, true]) {
      if (settled) await settle(server)
      for (const [number, expected] of cases) {
        const items = await lookUp(alice, `number=${encodeURIComponent(number)}`)
        const known = items.map(({ name, isExact }: { name: string; isExact: boolean }) => [name, isExact])
        expect(known, number).toEqual(expected)
      }
    }
    const [ada] = await lookUp(alice, 'number=01715551234')
    expect(ada).toMatchObject({ kind: 'person', company: 'Engines', text: '0171 555 1234' })
    expect(ada.partyId).toEqual(expect.any(Number))
  })

  it('or who writes, by the same address', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await addCards(alice, [
      named('Eve', 'Mail', 'EMAIL:Eve.Mail@Example.org'),
      named('Eve', 'Other', 'EMAIL:eve.mail@example.org.au'),
    ])
    expect(
      (await lookUp(alice, 'mail=eve.mail@example.org')).map(({ name }: { name: string }) => name),
    ).toEqual(['Eve Mail'])
    expect(await lookUp(alice, 'mail=mail@example.org')).toEqual([])
    expect(await lookUp(bob, 'mail=eve.mail@example.org')).toEqual([])
  })
})
