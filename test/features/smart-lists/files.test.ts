import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { namesIn } from '../../dav/virtual/books.ts'
import { sharedWith } from '../../dav/virtual/masked.ts'
import { person } from '../facts/world.ts'

const server = useServer()

/** A file of an account, by its id. */
async function file(account: Account, name: string): Promise<number> {
  const { status } = await account.request('PUT', `${account.files}${encodeURIComponent(name)}`, {
    body: 'x',
  })
  expect(status).toBe(201)
  const homes = (await call(account, 'GET', '/file-homes')).json.items
  const { items } = (await call(account, 'GET', `/file-homes/${homes[0].id}/children`)).json
  return items.find((item: { name: string }) => item.name === name).id
}

/** Three people, two of them with a contract. */
async function contracts() {
  const alice = await server.account()
  const label = `Contract ${Math.random().toString(36).slice(2)}`
  const { key } = (await call(alice, 'POST', '/fields', { label, type: 'file' })).json
  for (const [name, contract] of [
    ['Ann', 'Zürich lease.pdf'],
    ['Bob', 'a-offer.pdf'],
    ['Cid', undefined],
  ] as const) {
    const party = await person(alice, name)
    if (contract === undefined) continue
    const set = await call(alice, 'PATCH', `/parties/${party}/fields`, {
      [key]: { id: await file(alice, contract) },
    })
    expect(set.status, set.text).toBe(200)
  }
  return { alice, key }
}

const query = async (account: Account, asked: object): Promise<string[]> => {
  const { status, json, text } = await call(account, 'POST', '/parties/query', asked)
  expect(status, text).toBe(200)
  return json.items.map(({ name }: { name: string }) => name)
}

describe('a field of files', () => {
  it('is asked by the names of the files, and people are sorted by them', async () => {
    const { alice, key } = await contracts()
    const asked = (op: string, value?: string) =>
      query(alice, { filter: { field: 'custom', key, op, value } })
    expect(await asked('known')).toEqual(['Ann', 'Bob'])
    expect(await asked('contains', 'ZURICH')).toEqual(['Ann'])
    expect(await asked('begins', 'a-')).toEqual(['Bob'])
    expect(await asked('is', 'a-offer.pdf')).toEqual(['Bob'])
    expect(await asked('contains', 'nothing')).toEqual([])
    expect(await query(alice, { order: `field:${key}` })).toEqual(['Bob', 'Ann', 'Cid'])
    expect(await query(alice, { order: `-field:${key}`, limit: 1 })).toEqual(['Ann'])
    const first = (await call(alice, 'POST', '/parties/query', { order: `field:${key}`, limit: 1 })).json
    const next = { order: `field:${key}`, limit: 2, cursor: first.next }
    expect(await query(alice, next)).toEqual(['Ann', 'Cid'])
    const wrong = await call(alice, 'POST', '/parties/query', {
      filter: { field: 'custom', key, op: 'at-least', value: 'a' },
    })
    expect(wrong.status).toBe(422)
  })

  it('tells nothing of files that are not read', async () => {
    const { alice, key } = await contracts()
    const bob = await server.account()
    await sharedWith(alice, bob, 'read')
    expect(await query(bob, { filter: { field: 'custom', key, op: 'contains', value: 'offer' } })).toEqual([])
    expect(await query(bob, { order: `field:${key}` })).toEqual(['Ann', 'Bob', 'Cid'])
  })

  it('is followed in the books of lists when a file is renamed or deleted', async () => {
    const { alice, key } = await contracts()
    const filter = { field: 'custom', key, op: 'contains', value: 'offer' }
    const { id } = (await call(alice, 'POST', '/lists', { name: 'Offers', filter })).json
    const { name } = (await call(alice, 'POST', `/lists/${id}/book`)).json
    const book = `${alice.books}${name}/`
    expect(await namesIn(alice, book)).toEqual(['Bob'])
    const to = { headers: { Destination: `${alice.files}signed.pdf` } }
    expect((await alice.request('MOVE', `${alice.files}a-offer.pdf`, to)).status).toBe(201)
    expect(await namesIn(alice, book)).toEqual([])
    const back = { headers: { Destination: `${alice.files}offer.pdf` } }
    expect((await alice.request('MOVE', `${alice.files}signed.pdf`, back)).status).toBe(201)
    expect(await namesIn(alice, book)).toEqual(['Bob'])
    expect((await alice.delete(`${alice.files}offer.pdf`)).status).toBe(204)
    expect(await namesIn(alice, book)).toEqual([])
  })
})
