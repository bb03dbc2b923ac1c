import { describe, expect, it } from 'vitest'
import { removeAccount } from '../../../src/features/accounts/accounts.ts'
import { call } from '../../api/json.ts'
import { putCard } from '../../dav/birthdays/birthdays.ts'
import { group, join, leave } from '../../dav/directory.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { copyOf, namesIn } from '../../dav/virtual/books.ts'
import { masked, sharedWith } from '../../dav/virtual/masked.ts'
import { idOf } from '../facts/world.ts'

const server = useServer()
const inLyon = ['ADR:;;1 rue X;Lyon;;69001;France']
const lyon = { field: 'city', op: 'is', text: 'Lyon' }
const hush = { field: 'note', op: 'contains', text: 'hush' }

async function two() {
  return { owner: await server.account(), viewer: await server.account() }
}

async function makeList(owner: Account, filter: object, name = 'Mine'): Promise<number> {
  const { status, json, text } = await call(owner, 'POST', '/lists', { name, filter })
  expect([status, text]).toEqual([201, text])
  return json.id
}

function share(owner: Account, list: number, viewer: { readonly name: string }, more: object = {}) {
  return call(owner, 'POST', '/grants', { what: { kind: 'list', list }, with: viewer.name, ...more })
}

/** The books that somebody has of others, by what they are called, with their paths. */
async function received(viewer: Account): Promise<Record<string, string>> {
  const { json } = await call(viewer, 'GET', '/grants/received')
  const books: readonly { name: string; displayName: string }[] = json.books
  return Object.fromEntries(books.map(({ name, displayName }) => [displayName, `${viewer.books}${name}/`]))
}

async function onlyBook(viewer: Account): Promise<string> {
  const [path, ...others] = Object.values(await received(viewer))
  expect(others).toEqual([])
  return path ?? ''
}

describe('a smart list that is shared', () => {
  it('is a book of the receiver that follows cards and the filter by ordinary sync, until the list is removed', async () => {
    const { owner, viewer } = await two()
    await putCard(owner, 'jane', inLyon)
    const joe = await putCard(owner, 'joe', [], 'Joe Doe')
    await putCard(owner, 'jim', ['NOTE:hush'], 'Jim Doe')
    const list = await makeList(owner, lyon, 'In Lyon')
    const made = await share(owner, list, viewer)
    expect([made.status, made.json.what]).toEqual([201, { kind: 'list', list }])
    expect((await call(owner, 'GET', `/grants/${made.json.id}`)).json).toEqual(made.json)
    const path = await onlyBook(viewer)
    expect(Object.keys(await received(viewer))).toEqual([`In Lyon (${owner.name})`])
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe'])
    const { token } = await viewer.syncAll(path, '')
    await owner.put(joe, card('joe', 'Joe Doe', inLyon))
    const joined = await viewer.syncAll(path, token)
    expect([joined.changed.length, joined.removed.length]).toEqual([1, 0])
    await call(owner, 'PATCH', `/lists/${list}`, { filter: hush, name: 'Hush' })
    const other = await viewer.syncAll(path, joined.token)
    expect([other.changed.length, other.removed.length]).toEqual([1, 2])
    expect([await namesIn(viewer, path), await received(viewer)]).toEqual([
      ['Jim Doe'],
      { [`Hush (${owner.name})`]: path },
    ])
    const home = (await viewer.syncAll(viewer.books, '')).token
    expect((await call(owner, 'DELETE', `/lists/${list}`)).status).toBe(204)
    const after = await viewer.syncAll(viewer.books, home)
    expect(after.removed.some((href) => href.startsWith(path))).toBe(true)
    expect([(await viewer.get(path)).status, await received(viewer)]).toEqual([404, {}])
    expect((await call(owner, 'GET', '/grants')).json.items).toEqual([])
  })

  it('is read, or written to the cards of the giver behind the masks, and taken back', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [...inLyon, 'NOTE:Hush', 'X-OWN:kept'])
    const list = await makeList(owner, lyon)
    const made = await share(owner, list, viewer, { masks: [{ hide: ['NOTE'] }], name: 'Friends' })
    const path = (await received(viewer)).Friends ?? ''
    const copy = await copyOf(viewer, path, 'Jane Doe')
    const edited = card('jane', 'Jane Roe', [...inLyon, 'X-OWN:kept'])
    expect((await viewer.put(copy, edited)).status).toBe(403)
    const patched = await call(owner, 'PATCH', `/grants/${made.json.id}`, { access: 'read-write' })
    expect([patched.status, await onlyBook(viewer)]).toEqual([200, path])
    expect((await viewer.put(copy, edited)).status).toBe(204)
    const { text } = await owner.get(jane)
    for (const line of ['FN:Jane Roe', 'NOTE:Hush', 'X-OWN:kept']) expect(text.split('\r\n')).toContain(line)
    expect((await viewer.get(copy)).text).not.toContain('Hush')
    expect((await viewer.delete(copy)).status).toBe(403)
    expect((await call(owner, 'DELETE', `/grants/${made.json.id}`)).status).toBe(204)
    expect([(await viewer.get(copy)).status, await received(viewer)]).toEqual([404, {}])
    expect((await call(owner, 'GET', `/lists/${list}`)).status).toBe(200)
  })

  it('has its people in the API of the receiver, found and looked up, until it is taken back', async () => {
    const { owner, viewer } = await two()
    await putCard(owner, 'jane', inLyon)
    await putCard(owner, 'joe', [], 'Joe Doe')
    const party = await idOf(owner, 'Jane Doe')
    const made = await share(owner, await makeList(owner, lyon), viewer)
    const people = async () =>
      (await call(viewer, 'GET', '/parties')).json.items.map(({ name }: { name: string }) => name)
    expect(await people()).toEqual(['Jane Doe'])
    expect((await call(viewer, 'GET', `/parties/${party}`)).json.cards).toMatchObject([{ mayWrite: false }])
    expect((await call(viewer, 'GET', '/search?q=jane')).json.items).toMatchObject([{ partyId: party }])
    expect((await call(viewer, 'GET', '/search?q=joe')).json.items).toEqual([])
    await call(owner, 'DELETE', `/grants/${made.json.id}`)
    expect((await call(viewer, 'GET', `/parties/${party}`)).status).toBe(404)
    expect([await people(), (await call(viewer, 'GET', '/search?q=jane')).json.items]).toEqual([[], []])
  })

  it('is had by whoever is in a group, for as long, and is beside the book that the giver has of it', async () => {
    const { owner, viewer } = await two()
    await putCard(owner, 'jane', inLyon)
    const list = await makeList(owner, lyon)
    const own = (await call(owner, 'POST', `/lists/${list}/book`)).json
    const team = await group(server, `team${Math.random()}`)
    await join(server, team.name, viewer.name)
    expect((await share(owner, list, team)).status).toBe(201)
    const path = await onlyBook(viewer)
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe'])
    expect((await call(owner, 'GET', `/lists/${list}`)).json.book).toEqual(own)
    expect((await call(owner, 'DELETE', `/lists/${list}/book`)).status).toBe(204)
    expect(await namesIn(viewer, path)).toEqual(['Jane Doe'])
    await leave(server, team.name, viewer.name)
    expect([(await viewer.get(path)).status, await received(viewer)]).toEqual([404, {}])
  })

  it('is gone with the account that gives it', async () => {
    const { owner, viewer } = await two()
    await putCard(owner, 'jane', inLyon)
    await share(owner, await makeList(owner, lyon), viewer)
    const path = await onlyBook(viewer)
    const { store } = server.services
    await store.write((tx) => removeAccount(tx, owner.name, { purge: true }, server.services))
    expect([(await viewer.get(path)).status, await received(viewer)]).toEqual([404, {}])
  })
})

describe('what is not told by a list that is shared', () => {
  it('cards that the giver only reads are not shared on, nor told by who is in it', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    await putCard(third, 'jim', inLyon, 'Jim Doe')
    await sharedWith(third, owner)
    await putCard(owner, 'jane', inLyon)
    const list = await makeList(owner, lyon)
    const members = (await call(owner, 'GET', `/lists/${list}/members`)).json.items
    expect(members.map(({ name }: { name: string }) => name)).toEqual(['Jane Doe', 'Jim Doe'])
    await share(owner, list, viewer, { access: 'read-write' })
    expect(await namesIn(viewer, await onlyBook(viewer))).toEqual(['Jane Doe'])
  })

  it('nobody is in it by what masks hide, be they of the grant or of the receiver', async () => {
    const { owner, viewer } = await two()
    const other = await server.account()
    await putCard(owner, 'jane', ['NOTE:hush'])
    await putCard(owner, 'joe', ['NOTE:hush', ...inLyon], 'Joe Doe')
    await masked(server, { hide: ['NOTE'] }, other)
    const list = await makeList(owner, { any: [hush, lyon] })
    await share(owner, list, viewer, { masks: [{ hide: ['NOTE'] }] })
    await share(owner, list, other)
    for (const one of [viewer, other]) expect(await namesIn(one, await onlyBook(one))).toEqual(['Joe Doe'])
    const plain = await server.account()
    await share(owner, list, plain)
    expect(await namesIn(plain, await onlyBook(plain))).toEqual(['Jane Doe', 'Joe Doe'])
  })

  it('a list of another is as one that is not there', async () => {
    const { owner, viewer } = await two()
    const third = await server.account()
    const list = await makeList(owner, lyon)
    await share(owner, list, viewer, { access: 'read-write' })
    for (const one of [viewer, third]) {
      const answers = [await share(one, list, owner), await share(one, 999_999, owner)]
      expect(answers.map(({ status }) => status)).toEqual([422, 422])
      expect(answers[0]?.json.detail).toBe(answers[1]?.json.detail.replace('999999', String(list)))
      expect((await call(one, 'GET', `/lists/${list}`)).status).toBe(404)
      expect((await call(one, 'DELETE', `/lists/${list}`)).status).toBe(404)
    }
  })
})
