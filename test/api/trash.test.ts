import { describe, expect, it } from 'vitest'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { type Client, createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { sharedWith } from '../dav/virtual/masked.ts'
import { call } from './json.ts'

const server = useServer()

/** A phone of somebody's: it has the password of a device. */
async function phoneOf({ name }: Account): Promise<Client> {
  const { secret } = await server.services.store.write(async (tx) =>
    createAppPassword(tx, await findAccount(tx, name), { label: 'phone', scope: 'write' }),
  )
  return createClient(server.url, { name, password: secret })
}

const trash = async (account: Account, query = '') => (await call(account, 'GET', `/trash${query}`)).json
const titles = (page: { items: { title: string; name: string }[] }): string[] =>
  page.items.map(({ title, name }) => title || name)

/** Cards, an event, a task, a file and a book, deleted one after the other. */
async function deleted(): Promise<Account> {
  const alice = await server.account()
  const book = `${alice.books}friends/`
  const file = alice.books.replace('addressbooks', 'files').replace(/[^/]+\/$/, (name) => name)
  expect(file).toContain('/files/')
  await alice.request('MKCOL', book, {
    body: '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><a:addressbook xmlns:a="urn:ietf:params:xml:ns:carddav"/></d:resourcetype></d:prop></d:set></d:mkcol>',
  })
  await alice.put(`${book}in.vcf`, card('in', 'In Side'))
  const paths = [
    [`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe')],
    [`${alice.contacts}zoe.vcf`, card('zoe', 'Zoë Berg')],
    [`${alice.calendar}tea.ics`, event('tea')],
    [`${file}plan.txt`, 'a plan'],
  ] as const
  for (const [path, text] of paths) {
    expect((await alice.put(path, text)).status).toBe(201)
    server.clock.now += 1_000
    expect((await alice.delete(path)).status).toBe(204)
  }
  server.clock.now += 1_000
  expect((await alice.delete(book)).status).toBe(204)
  return alice
}

describe('the API: the trash', () => {
  it('has everything that was deleted, the latest first, in pages, by kind and by words', async () => {
    const alice = await deleted()
    const all = await trash(alice)
    expect(titles(all)).toEqual(['friends', 'plan.txt', 'Event tea', 'Zoë Berg', 'Jane Doe'])
    expect(all.items.map(({ kind }: { kind: string }) => kind)).toEqual([
      ...['collection', 'file', 'event', 'card', 'card'],
    ])
    expect(all.items[4]).toMatchObject({ name: 'jane.vcf', place: 'Contacts', component: 'VCARD' })
    const found: string[] = []
    let next = ''
    for (let pages = 0; pages < 9 && next !== null; pages += 1) {
      const page = await trash(alice, `?limit=2${next && `&cursor=${next}`}`)
      found.push(...titles(page))
      next = page.next
    }
    expect(found).toEqual(titles(all))
    expect(titles(await trash(alice, '?kind=card'))).toEqual(['Zoë Berg', 'Jane Doe'])
    expect(titles(await trash(alice, '?q=zoe'))).toEqual(['Zoë Berg'])
    expect(titles(await trash(alice, '?kind=task'))).toEqual([])
    const one = await trash(alice, '?kind=card&limit=1')
    expect(titles(await trash(alice, `?kind=card&limit=1&cursor=${one.next}`))).toEqual(['Jane Doe'])
  })

  it('gives back what is asked for, under its name, and that is undone like any change', async () => {
    const alice = await deleted()
    for (const { id, name } of (await trash(alice)).items) {
      const { status, json } = await call(alice, 'POST', `/trash/${id}/restore`)
      expect([status, json.name]).toEqual([200, name])
    }
    expect((await alice.get(`${alice.books}friends/in.vcf`)).text).toBe(card('in', 'In Side'))
    expect(await trash(alice)).toEqual({ items: [], next: null })
    await alice.delete(`${alice.contacts}jane.vcf`)
    const [{ id }] = (await trash(alice)).items
    const restored = await call(alice, 'POST', `/trash/${id}/restore`)
    const request = restored.headers['farley-request']
    expect((await call(alice, 'POST', '/history/undo', { request })).json.counts.removed).toBe(1)
    expect(titles(await trash(alice))).toEqual(['Jane Doe'])
  })

  it('says why something stays in it', async () => {
    const alice = await deleted()
    await alice.put(`${alice.contacts}jane.vcf`, card('other', 'Jane Roe'))
    const jane = (await trash(alice, '?q=jane')).items[0]
    const { status, json } = await call(alice, 'POST', `/trash/${jane.id}/restore`)
    expect([status, json.detail]).toEqual([409, 'There is another object "jane.vcf" in "contacts" now.'])
    expect((await alice.get(`${alice.contacts}jane.vcf`)).text).toContain('Jane Roe')
  })

  it('is left for good by one thing, or by all', async () => {
    const alice = await deleted()
    for (const [at, kind] of [
      [0, 'collection'],
      [0, 'file'],
      [1, 'card'],
    ] as const) {
      const { items } = await trash(alice)
      expect(items[at].kind).toMatch(at === 1 ? 'card' : kind)
      const gone = await call(alice, 'DELETE', `/trash/${items[at].id}`)
      expect([gone.status, gone.json.removed]).toEqual([200, 1])
      for (const method of ['DELETE', 'POST'])
        expect(
          (await call(alice, method, `/trash/${items[at].id}${method === 'POST' ? '/restore' : ''}`)).status,
        ).toBe(404)
    }
    expect(titles(await trash(alice))).toEqual(['Event tea', 'Jane Doe'])
    expect((await call(alice, 'DELETE', '/trash')).json).toEqual({ removed: 2 })
    expect(await trash(alice)).toEqual({ items: [], next: null })
  })

  it('is not left for good by the password of a device: whoever finds a phone destroys nothing', async () => {
    const alice = await deleted()
    const phone = await phoneOf(alice)
    const [{ id }] = (await trash(alice)).items
    for (const path of ['/trash', `/trash/${id}`])
      expect([path, (await call(phone, 'DELETE', path)).status]).toEqual([path, 403])
    expect((await trash(alice)).items).toHaveLength(5)
    expect((await call(phone, 'POST', `/trash/${id}/restore`)).status).toBe(200)
  })

  it('is nobody else’s: what I deleted of another’s is in his', async () => {
    const [alice, bob] = [await deleted(), await server.account()]
    await alice.put(`${alice.contacts}ann.vcf`, card('ann', 'Ann Lee'))
    await bob.delete(`${await sharedWith(alice, bob)}ann.vcf`)
    expect(titles(await trash(alice, '?q=ann'))).toEqual(['Ann Lee'])
    expect((await trash(bob)).items).toEqual([])
    for (const { id } of (await trash(alice)).items) {
      expect((await call(bob, 'DELETE', `/trash/${id}`)).status).toBe(404)
      expect((await call(bob, 'POST', `/trash/${id}/restore`)).status).toBe(404)
    }
    expect((await trash(alice)).items).toHaveLength(6)
  })
})
