import { describe, expect, it } from 'vitest'
import { removeAccount } from '../../src/features/accounts/accounts.ts'
import { putCard } from '../dav/birthdays/birthdays.ts'
import { syncBody } from '../dav/client.ts'
import { group, join, leave } from '../dav/directory.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { copyOf, namesIn } from '../dav/virtual/books.ts'
import { partyAt } from '../features/people/merge-world.ts'
import { call } from './json.ts'

const server = useServer()

async function two() {
  return { owner: await server.account(), viewer: await server.account() }
}

/** Shares somebody by the path of his card. @returns the answer */
async function share(owner: Account, path: string, viewer: { readonly name: string }, more: object = {}) {
  const what = { kind: 'person', party: await partyAt(server, path) }
  return call(owner, 'POST', '/grants', { what, with: viewer.name, ...more })
}

/** The books that somebody has of others, by what they are called, with their paths. */
async function received(viewer: Account): Promise<Record<string, string>> {
  const { json } = await call(viewer, 'GET', '/grants/received')
  return Object.fromEntries(
    json.books.map(({ name, displayName }: { name: string; displayName: string }) => [
      displayName,
      `${viewer.books}${name}/`,
    ]),
  )
}

async function onlyBook(viewer: Account): Promise<string> {
  const [path, ...others] = Object.values(await received(viewer))
  expect(others).toEqual([])
  return path ?? ''
}

describe('what somebody shares', () => {
  it('is asked for by what it is and with whom, and of others there is nothing', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    const jane = await putCard(owner, 'jane', ['CATEGORIES:Choir'])
    await share(owner, jane, viewer)
    await share(owner, jane, third)
    await share(owner, await putCard(owner, 'joe', [], 'Joe Doe'), viewer)
    const list = await call(owner, 'POST', '/lists', { name: 'All', filter: { all: [] } })
    for (const what of [
      { kind: 'label', label: 'Choir' },
      { kind: 'label', label: 'Choir', book: 'contacts' },
      { kind: 'list', list: list.json.id },
      { kind: 'book', book: 'contacts' },
    ])
      expect((await call(owner, 'POST', '/grants', { what, with: viewer.name })).status).toBe(201)
    const found = async (query: string, by = owner) => {
      const { json } = await call(by, 'GET', `/grants?${query}`)
      return json.items.map(({ what, with: who }: { what: { kind: string }; with: { name: string } }) => [
        what.kind,
        who.name === viewer.name ? 'viewer' : 'third',
      ])
    }
    const party = await partyAt(server, jane)
    expect(await found(`party=${party}`)).toEqual([
      ['person', 'viewer'],
      ['person', 'third'],
    ])
    expect(await found(`party=${party}&with=${third.name}`)).toEqual([['person', 'third']])
    expect(await found(`with=${third.name}`)).toEqual([['person', 'third']])
    expect(await found('label=Choir')).toHaveLength(2)
    expect(await found('label=Choir&book=contacts')).toEqual([['label', 'viewer']])
    expect(await found(`list=${list.json.id}`)).toEqual([['list', 'viewer']])
    expect(await found('kind=book&book=contacts')).toEqual([['book', 'viewer']])
    expect(await found('kind=person')).toHaveLength(3)
    for (const query of ['with=nobody', 'book=none', 'label=None', 'list=99999'])
      expect(await found(query), query).toEqual([])
    expect(await found(`party=${party}`, viewer)).toEqual([])
    const { json } = await call(owner, 'GET', '/grants?kind=person&limit=1')
    expect(await found(`kind=person&limit=5&cursor=${json.next}`)).toHaveLength(2)
  })
})

describe('one person that is shared', () => {
  it('is in a book of his own at the receiver, with the others of the same giver, and is gone when taken back', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', ['NOTE:a'])
    const joe = await putCard(owner, 'joe', [], 'Joe Doe')
    await putCard(owner, 'jim', [], 'Jim Doe')
    const home = (await viewer.syncAll(viewer.books, '')).token
    const first = await share(owner, jane, viewer)
    expect([first.status, first.json]).toMatchObject([201, { access: 'read', with: { name: viewer.name } }])
    const second = await share(owner, joe, viewer)
    const path = await onlyBook(viewer)
    expect(Object.keys(await received(viewer))).toEqual([`Shared by ${owner.name}`])
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe', 'Joe Doe'])
    expect((await viewer.syncAll(viewer.books, home)).changed.some((href) => href.startsWith(path))).toBe(
      true,
    )
    const { token } = await viewer.syncAll(path, '')
    const copy = await copyOf(viewer, path, 'Jane Doe')
    expect((await call(owner, 'DELETE', `/grants/${first.json.id}`)).status).toBe(204)
    expect((await viewer.syncAll(path, token)).removed).toEqual([copy])
    expect((await viewer.get(copy)).status).toBe(404)
    expect((await call(owner, 'DELETE', `/grants/${second.json.id}`)).status).toBe(204)
    expect((await viewer.get(path)).status).toBe(404)
    expect(await received(viewer)).toEqual({})
    expect((await call(owner, 'GET', '/grants')).json.items).toEqual([])
  })

  it('is changed by the receiver where he may, at the source, without what he does not see of it', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', ['NOTE:secret', 'TEL:+1 555 0100', 'X-OWN:kept'])
    const made = await share(owner, jane, viewer, { masks: [{ hide: ['NOTE'] }] })
    const path = await onlyBook(viewer)
    const copy = await copyOf(viewer, path, 'Jane Doe')
    const edited = card('jane', 'Jane Roe', ['TEL:+1 555 0100', 'X-OWN:kept'])
    const refused = await viewer.put(copy, edited)
    expect([refused.status, refused.text.includes('need-privileges')]).toEqual([403, true])
    const patched = await call(owner, 'PATCH', `/grants/${made.json.id}`, { access: 'read-write' })
    expect([patched.status, patched.json.access]).toEqual([200, 'read-write'])
    expect(await onlyBook(viewer)).toBe(path)
    expect((await viewer.put(copy, edited)).status).toBe(204)
    const whole = (await owner.get(jane)).text
    expect([
      whole.includes('FN:Jane Roe'),
      whole.includes('NOTE:secret'),
      whole.includes('X-OWN:kept'),
    ]).toEqual([true, true, true])
    expect((await viewer.get(copy)).text).not.toContain('secret')
    expect((await viewer.delete(copy)).status).toBe(403)
    expect((await viewer.put(`${path}new.vcf`, card('new', 'New'))).status).toBe(403)
    await call(owner, 'PATCH', `/grants/${made.json.id}`, { access: 'read' })
    expect((await viewer.put(copy, card('jane', 'Jane Zoe', []))).status).toBe(403)
  })

  it('keeps its book through a new name, and has another through other masks', async () => {
    const { owner, viewer } = await two()
    const made = await share(owner, await putCard(owner, 'jane', ['NOTE:secret']), viewer)
    const path = await onlyBook(viewer)
    await call(owner, 'PATCH', `/grants/${made.json.id}`, { name: 'From the office' })
    expect(await received(viewer)).toEqual({ 'From the office': path })
    const { token } = await viewer.syncAll(path, '')
    await call(owner, 'PATCH', `/grants/${made.json.id}`, { masks: [{ hide: ['NOTE'] }] })
    const other = await onlyBook(viewer)
    // A phone starts afresh, whatever it has had before.
    const stale = await viewer.request('REPORT', other, { headers: { Depth: '0' }, body: syncBody(token) })
    expect([stale.status, stale.text.includes('valid-sync-token')]).toEqual([403, true])
    expect((await viewer.get(await copyOf(viewer, other, 'Jane Doe'))).text).not.toContain('secret')
    expect((await call(viewer, 'GET', '/grants/received')).text).not.toContain('NOTE')
  })

  it('stays shared when the card moves to another book, and when two become one and two again', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [])
    const twin = await putCard(owner, 'twin', ['NOTE:the other'], 'Jane D.')
    await share(owner, jane, viewer)
    const second = `${owner.books}second/`
    await owner.request('MKCOL', second, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    const moved = `${second}jane.vcf`
    const headers = { Destination: `${server.url}${moved}` }
    expect((await owner.request('MOVE', jane, { headers })).status).toBe(201)
    const path = await onlyBook(viewer)
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe'])
    const [survivor, loser] = [await partyAt(server, twin), await partyAt(server, moved)]
    const asked = `/merges/preview?a=${survivor}&b=${loser}`
    const etag = (await call(owner, 'GET', asked)).headers.etag ?? ''
    const merged = await call(owner, 'POST', '/merges', { survivor, loser }, { 'If-Match': etag })
    expect([merged.status, merged.text]).toEqual([201, merged.text])
    expect(await namesIn(viewer, await onlyBook(viewer))).toEqual(['Jane D.', 'Jane Doe'])
    expect((await call(owner, 'GET', '/grants')).json.items[0].what.party).toBe(survivor)
    expect((await call(owner, 'POST', `/merges/${merged.json.id}/undo`)).status).toBe(200)
    expect(await namesIn(viewer, await onlyBook(viewer))).toEqual(['Jane Doe'])
    expect((await call(owner, 'GET', '/grants')).json.items[0].what.party).toBe(loser)
  })

  it('is never shared on, nor by whoever only reads him', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    const jane = await putCard(owner, 'jane', [])
    await share(owner, jane, viewer, { access: 'read-write' })
    const on = await share(viewer, jane, third)
    expect([403, 422]).toContain(on.status)
    expect((await share(third, jane, viewer)).status).toBe(422)
    const nobody = { what: { kind: 'person', party: 999_999 }, with: viewer.name }
    expect((await call(third, 'POST', '/grants', nobody)).json.detail).toBe(
      'There is nobody with the id 999999.',
    )
  })

  it('is not made again for who has deleted the book, until it is shared anew', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [])
    const joe = await putCard(owner, 'joe', [], 'Joe Doe')
    const made = await share(owner, jane, viewer)
    expect((await viewer.delete(await onlyBook(viewer))).status).toBe(204)
    await call(owner, 'PATCH', `/grants/${made.json.id}`, { access: 'read-write' })
    expect(await received(viewer)).toEqual({})
    await share(owner, joe, viewer, { access: 'read-write' })
    expect(await namesIn(viewer, await onlyBook(viewer))).toEqual(['Jane Doe', 'Joe Doe'])
  })
})

describe('a label that is shared', () => {
  it('has those who have it in any book of the giver, or in the one that is named', async () => {
    const { owner, viewer } = await two()
    const second = `${owner.books}second/`
    await owner.request('MKCOL', second, {
      headers: { 'Content-Type': 'application/xml' },
      body: '<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype></d:prop></d:set></d:mkcol>',
    })
    await putCard(owner, 'jane', ['CATEGORIES:Lyon'])
    await putCard(owner, 'joe', ['CATEGORIES:Lyon'], 'Joe Doe', second)
    const jim = await putCard(owner, 'jim', [], 'Jim Doe', second)
    const all = { what: { kind: 'label', label: 'Lyon' }, with: viewer.name, name: 'All' }
    expect((await call(owner, 'POST', '/grants', all)).status).toBe(201)
    const one = { what: { kind: 'label', label: 'Lyon', book: 'second' }, with: viewer.name }
    expect((await call(owner, 'POST', '/grants', one)).json.what).toEqual({ ...one.what })
    const books = await received(viewer)
    expect(await namesIn(viewer, books.All ?? '')).toEqual(['Jane Doe', 'Joe Doe'])
    const other = books[`Lyon (${owner.name})`] ?? ''
    expect(await namesIn(viewer, other)).toEqual(['Joe Doe'])
    await owner.put(jim, card('jim', 'Jim Doe', ['CATEGORIES:Lyon']))
    expect(await namesIn(viewer, books.All ?? '')).toEqual(['Jane Doe', 'Jim Doe', 'Joe Doe'])
    expect(await namesIn(viewer, other)).toEqual(['Jim Doe', 'Joe Doe'])
    await owner.delete(second)
    expect(await namesIn(viewer, books.All ?? '')).toEqual(['Jane Doe'])
  })
})

describe('what is shared with a group', () => {
  it('is had by whoever is in it, from when he is and for as long', async () => {
    const { owner, viewer } = await two()
    const team = await group(server, `team${Math.random()}`)
    const jane = await putCard(owner, 'jane', [])
    expect((await share(owner, jane, team)).status).toBe(201)
    expect(await received(viewer)).toEqual({})
    await join(server, team.name, viewer.name)
    const path = await onlyBook(viewer)
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe'])
    await leave(server, team.name, viewer.name)
    expect([(await viewer.get(path)).status, await received(viewer)]).toEqual([404, {}])
  })

  it('lets one who is given the same by himself do the most of both', async () => {
    const { owner, viewer } = await two()
    const team = await group(server, `team${Math.random()}`)
    await join(server, team.name, viewer.name)
    const jane = await putCard(owner, 'jane', [])
    const both = await share(owner, jane, team, { access: 'read-write' })
    await share(owner, jane, viewer)
    const path = await onlyBook(viewer)
    const copy = await copyOf(viewer, path, 'Jane Doe')
    expect((await viewer.put(copy, card('jane', 'Jane Roe'))).status).toBe(204)
    await call(owner, 'DELETE', `/grants/${both.json.id}`)
    expect((await viewer.put(copy, card('jane', 'Jane Zoe'))).status).toBe(403)
    expect(await onlyBook(viewer)).toBe(path)
  })
})

describe('an account that is removed', () => {
  it('takes with it what it has given, and what it was given', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    const jane = await putCard(owner, 'jane', [])
    await share(owner, jane, viewer)
    await share(owner, jane, third)
    const path = await onlyBook(viewer)
    const { store } = server.services
    await store.write((tx) => removeAccount(tx, third.name, { purge: true }, server.services))
    expect((await call(owner, 'GET', '/grants')).json.items).toHaveLength(1)
    const home = (await viewer.syncAll(viewer.books, '')).token
    await store.write((tx) => removeAccount(tx, owner.name, { purge: true }, server.services))
    expect((await viewer.get(path)).status).toBe(404)
    expect((await viewer.syncAll(viewer.books, home)).removed.some((href) => href.startsWith(path))).toBe(
      true,
    )
  })
})

describe('RFC 9110 §13 and RFC 9457: grants in the API', () => {
  it('answers for what another gives as for what is not there, and refuses what is no grant', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [])
    const made = await share(owner, jane, viewer)
    for (const id of [made.json.id, 999_999, 'x']) {
      for (const method of ['GET', 'DELETE'])
        expect((await call(viewer, method, `/grants/${id}`)).status).toBe(404)
      expect((await call(viewer, 'PATCH', `/grants/${id}`, { access: 'read' })).status).toBe(404)
    }
    const party = await partyAt(server, jane)
    const what = { kind: 'person', party }
    const refused: readonly [object, number][] = [
      [{ what, with: owner.name }, 403],
      [{ what, with: 'nobody' }, 422],
      [{ what, with: viewer.name, masks: [{ hide: ['FN'] }] }, 422],
      [{ what, with: viewer.name, masks: [{ hide: [] }] }, 422],
      [{ what: { kind: 'label', label: 'x', book: 'none' }, with: viewer.name }, 422],
    ]
    for (const [body, status] of refused)
      expect([body, (await call(owner, 'POST', '/grants', body)).status]).toEqual([body, status])
    const stale = { 'If-Match': '"99"' }
    expect((await call(owner, 'PATCH', `/grants/${made.json.id}`, { name: 'x' }, stale)).status).toBe(412)
    const { headers } = await call(owner, 'GET', `/grants/${made.json.id}`)
    const fresh = { 'If-Match': headers.etag ?? '' }
    expect((await call(owner, 'PATCH', `/grants/${made.json.id}`, { name: 'x' }, fresh)).status).toBe(200)
  })
})

describe('a person that is shared, in the API of the receiver', () => {
  it('is seen, found and looked up as far as he is shown, with what is known of him, until he is taken back', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [
      'TEL;TYPE=home:+49305550177',
      'EMAIL:jane@x.example',
      'NOTE:Hush',
    ])
    await putCard(owner, 'joe', [], 'Joe Doe')
    const party = await partyAt(server, jane)
    const note = (html: string, visibility: string) =>
      call(owner, 'POST', '/activities', { kind: 'note', parties: [party], html, visibility })
    await note('<p>for all</p>', 'public')
    await note('<p>mine alone</p>', 'private')
    const made = await share(owner, jane, viewer, { masks: [{ hide: ['NOTE', 'TEL;TYPE=home'] }] })
    const people = async () =>
      (await call(viewer, 'GET', '/parties')).json.items.map(({ name }: { name: string }) => name)
    expect(await people()).toEqual(['Jane Doe'])
    const shown = await call(viewer, 'GET', `/parties/${party}`)
    expect([shown.status, shown.json.cards]).toMatchObject([200, [{ mayWrite: false }]])
    const timeline = await call(viewer, 'GET', `/parties/${party}/timeline`)
    expect([timeline.text.includes('for all'), timeline.text.includes('mine alone')]).toEqual([true, false])
    const found = await call(viewer, 'GET', '/search?q=jane')
    expect(found.json.items).toMatchObject([{ partyId: party }])
    expect((await call(viewer, 'GET', '/search?q=5550177')).json.items).toEqual([])
    expect((await call(viewer, 'GET', '/lookup?number=%2B49305550177')).text).not.toContain('Jane')
    expect((await call(viewer, 'GET', '/lookup?mail=jane@x.example')).text).toContain('Jane')
    expect((await call(viewer, 'GET', `/parties/${party}/history`)).status).toBe(200)
    expect((await call(viewer, 'GET', '/books')).text).toContain(`Shared by ${owner.name}`)
    expect((await call(viewer, 'PATCH', `/parties/${party}`, { roles: ['lead'] })).status).toBe(403)
    await call(owner, 'DELETE', `/grants/${made.json.id}`)
    expect((await call(viewer, 'GET', `/parties/${party}`)).status).toBe(404)
    expect([await people(), (await call(viewer, 'GET', '/search?q=jane')).json.items]).toEqual([[], []])
  })

  it('is changed there where he may: facts beside the card, and lines of the card behind the masks', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', ['NOTE:Hush', 'X-OWN:kept'])
    const party = await partyAt(server, jane)
    await share(owner, jane, viewer, { access: 'read-write', masks: [{ hide: ['NOTE'] }] })
    expect((await call(viewer, 'PATCH', `/parties/${party}`, { roles: ['lead'] })).status).toBe(200)
    const job = { organisationName: 'Club', title: 'Treasurer', isPrimary: true }
    expect((await call(viewer, 'POST', `/parties/${party}/memberships`, job)).status).toBe(201)
    const { text } = await owner.get(jane)
    for (const line of ['ORG:Club', 'TITLE:Treasurer', 'NOTE:Hush', 'X-OWN:kept'])
      expect(text.split('\r\n')).toContain(line)
    const { json } = await call(viewer, 'GET', `/parties/${party}`)
    const card = await call(viewer, 'GET', `/cards/${json.cards[0].id}`)
    expect([card.status, card.text.includes('Treasurer'), card.text.includes('Hush')]).toEqual([
      200,
      true,
      false,
    ])
  })

  it('is one with the own card of the receiver neither by its UID nor by a merge', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [])
    const party = await partyAt(server, jane)
    const made = await share(owner, jane, viewer, { access: 'read-write' })
    const own = await partyAt(server, await putCard(viewer, 'jane', []))
    expect(own).not.toBe(party)
    const pair = `/merges/preview?a=${own}&b=${party}`
    expect((await call(viewer, 'GET', pair)).status).toBe(403)
    await call(owner, 'DELETE', `/grants/${made.json.id}`)
    expect((await call(viewer, 'GET', pair)).status).toBe(404)
  })
})
