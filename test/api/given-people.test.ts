import { describe, expect, it } from 'vitest'
import { scanPending } from '../../src/features/duplicates/duplicates.ts'
import { purge } from '../../src/jobs/purge.ts'
import { putCard } from '../dav/birthdays/birthdays.ts'
import { type Account, useServer } from '../dav/server.ts'
import { copyOf } from '../dav/virtual/books.ts'
import { partyAt } from '../features/people/merge-world.ts'
import { call } from './json.ts'

const server = useServer({ retention: { trashDays: 1, revisionDays: 400 } })
const dayMs = 86_400_000

async function two() {
  return { owner: await server.account(), viewer: await server.account(), other: await server.account() }
}

/** Shares somebody by the path of his card. @returns whom */
async function share(owner: Account, path: string, viewer: { readonly name: string }, more: object = {}) {
  const party = await partyAt(server, path)
  const what = { kind: 'person', party }
  const made = await call(owner, 'POST', '/grants', { what, with: viewer.name, ...more })
  expect(made.status, made.text).toBe(201)
  return party
}

const acme = ['X-ABSHOWAS:COMPANY', 'ORG:Acme']
const edit = async (owner: Account, path: string, from: string, to: string): Promise<void> => {
  server.clock.now += 1_000
  const { text } = await owner.get(path)
  expect((await owner.put(path, text.replace(from, to))).status).toBe(204)
}

const changes = (items: readonly { readonly summary?: string; readonly author: string | null }[]) =>
  items.map(({ summary, author }) => [summary, author])

describe('people whom another shares', () => {
  it('are among the people of a company that is seen, with the roles they have, as far as masks let', async () => {
    const { owner, viewer, other } = await two()
    const company = await putCard(owner, 'acme', acme, 'Acme')
    const jane = await putCard(owner, 'jane', ['ORG:Acme', 'TITLE:Chief'])
    await putCard(owner, 'joe', ['ORG:Acme'], 'Joe Doe')
    const hidden = { masks: [{ hide: ['ORG'] }] }
    const ids = [await share(owner, company, viewer), await share(owner, jane, viewer)]
    for (const path of [company, jane]) await share(owner, path, other, hidden)
    await call(owner, 'PATCH', `/parties/${ids[1]}`, { roles: ['wizard'] })
    const people = async (account: Account) =>
      (await call(account, 'GET', `/parties/${ids[0]}/people`)).json.items.map(
        ({ person, membership }: { person: { name: string }; membership: { title: string } }) => [
          ...[person.name, membership.title],
        ],
      )
    const names = async (account: Account) =>
      (await call(account, 'GET', '/party-roles')).json.roles.flatMap(
        ({ role, isOwn }: { role: string; isOwn: boolean }) => (isOwn ? role : []),
      )
    expect(await people(owner)).toEqual([
      ['Jane Doe', 'Chief'],
      ['Joe Doe', ''],
    ])
    expect(await people(viewer)).toEqual([['Jane Doe', 'Chief']])
    expect(await people(other)).toEqual([])
    const note = { kind: 'note', html: '<p>met</p>', visibility: 'public', parties: [ids[1]] }
    expect((await call(owner, 'POST', '/activities', note)).status).toBe(201)
    const notes = async (account: Account) => {
      const { items } = (await call(account, 'GET', `/parties/${ids[0]}/timeline`)).json
      return items.filter(({ kind }: { kind: string }) => kind === 'note').length
    }
    expect([await notes(owner), await notes(viewer), await notes(other)]).toEqual([1, 1, 0])
    expect([await names(viewer), await names(await server.account())]).toEqual([['wizard'], []])
  })

  it('may be the same as one’s own, by what is seen of them', async () => {
    const { owner, viewer, other } = await two()
    const jane = await putCard(owner, 'jane', ['TEL:+49 30 1234567', 'EMAIL:jane@acme.example'])
    for (const account of [viewer, other])
      await putCard(account, 'janet', ['TEL:+49 30 1234567', 'EMAIL:jane@acme.example'], 'Jane Doe')
    await share(owner, jane, viewer)
    await share(owner, jane, other, { masks: [{ hide: ['TEL', 'EMAIL'] }] })
    await scanPending(server.services, new AbortController().signal)
    const pairs = async (account: Account) => (await call(account, 'GET', '/duplicates')).json.items.length
    expect([await pairs(viewer), await pairs(owner)]).toEqual([1, 0])
    const seen = (await call(other, 'GET', '/duplicates')).text
    for (const secret of ['1234567', 'acme.example']) expect(seen).not.toContain(secret)
    const [pair] = (await call(viewer, 'GET', '/duplicates')).json.items
    expect((await call(viewer, 'POST', `/duplicates/${pair.id}/not-same`)).status).toBe(204)
    expect(await pairs(viewer)).toBe(0)
  })

  it('have a history as far as they are shown: since then, without what masks hide, with who it was', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', ['NOTE:secret', 'TEL:1'])
    await edit(owner, jane, 'TEL:1', 'TEL:2')
    server.clock.now += 1_000
    const party = await share(owner, jane, viewer, { masks: [{ hide: ['NOTE'] }] })
    await edit(owner, jane, 'TEL:2', 'TEL:3')
    await edit(owner, jane, 'NOTE:secret', 'NOTE:more secret')
    const copy = (await call(viewer, 'GET', `/parties/${party}`)).json.cards[0].id
    const history = (await call(viewer, 'GET', `/objects/${copy}/history`)).json
    expect(changes(history.items)).toEqual([
      ['', owner.name],
      ['phone changed', owner.name],
      ['', owner.name],
    ])
    const [, changed, first] = history.items
    const state = await call(viewer, 'GET', `/objects/${copy}/history/${changed.revision}`)
    expect(state.json).toMatchObject({ collection: changed.collection, etag: null })
    expect(state.json.text).toContain('TEL:3')
    for (const { revision } of history.items) {
      for (const end of ['', '/octets'])
        expect(
          (await viewer.request('GET', `/api/objects/${copy}/history/${revision}${end}`)).text,
        ).not.toContain('secret')
    }
    const all = (await call(owner, 'GET', `/parties/${party}/history`)).json.items
    const before = all
      .map(({ revision }: { revision: number }) => revision)
      .filter((id: number) => id < first.revision)
    expect(before).toHaveLength(1)
    expect((await call(viewer, 'GET', `/objects/${copy}/history/${before[0]}`)).status).toBe(404)
    const { items } = (await call(viewer, 'GET', `/parties/${party}/history`)).json
    expect(changes(items)).toEqual(changes(history.items))
    expect(items.every(({ object }: { object: number }) => object === copy)).toBe(true)
    const restored = await call(viewer, 'POST', `/objects/${copy}/restore`, { revision: first.revision })
    expect(restored.status).toBe(403)
    const mine = (await call(owner, 'GET', `/parties/${party}`)).json.cards[0].id
    expect((await call(viewer, 'GET', `/objects/${mine}/history`)).status).toBe(404)
    expect(await copyOf(viewer, `${viewer.books}${(await received(viewer))[0]}/`, 'Jane Doe')).toBeTruthy()
  })

  it('leave no empty book behind when they are gone for good', async () => {
    const { owner, viewer } = await two()
    const jane = await putCard(owner, 'jane', [])
    await share(owner, jane, viewer)
    const [name] = await received(viewer)
    expect((await owner.delete(jane)).status).toBe(204)
    await purge.run(server.services, new AbortController().signal, '')
    expect(await received(viewer)).toEqual([name])
    server.clock.now += 3 * dayMs
    await purge.run(server.services, new AbortController().signal, '')
    expect(await received(viewer)).toEqual([])
    expect((await viewer.get(`${viewer.books}${name}/`)).status).toBe(404)
    expect((await call(owner, 'GET', '/grants')).json.items).toEqual([])
  })
})

async function received(viewer: Account): Promise<string[]> {
  return (await call(viewer, 'GET', '/grants/received')).json.books.map(({ name }: { name: string }) => name)
}
