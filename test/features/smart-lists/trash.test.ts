import { describe, expect, it } from 'vitest'
import { removeGroup } from '../../../src/features/accounts/groups.ts'
import { call } from '../../api/json.ts'
import { putCard } from '../../dav/birthdays/birthdays.ts'
import { group, join } from '../../dav/directory.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { namesIn } from '../../dav/virtual/books.ts'

const server = useServer()
const lyon = { field: 'city', op: 'is', text: 'Lyon' }

async function makeList(owner: Account, name: string): Promise<number> {
  return (await call(owner, 'POST', '/lists', { name, description: 'd', color: '#00aa00', filter: lyon }))
    .json.id
}

function share(owner: Account, list: number, viewer: { readonly name: string }, more: object = {}) {
  return call(owner, 'POST', '/grants', { what: { kind: 'list', list }, with: viewer.name, ...more })
}

interface Received {
  readonly name: string
  readonly displayName: string
}

async function received(viewer: Account): Promise<readonly Received[]> {
  return (await call(viewer, 'GET', '/grants/received')).json.books
}

const trashOf = async (owner: Account) => (await call(owner, 'GET', '/trash?kind=list')).json.items
const back = (owner: Account, list: number) => call(owner, 'POST', `/trash/l${list}/restore`)

/** Jane is in Lyon, and in a list that is shared with one by name and with a group of two. */
async function world() {
  const [owner, one, two, three] = [
    ...[await server.account(), await server.account(), await server.account(), await server.account()],
  ] as [Account, Account, Account, Account]
  await putCard(owner, 'jane', ['ADR:;;1 rue X;Lyon;;69001;France', 'NOTE:hush'])
  const team = await group(server, `team${Math.random()}`)
  for (const { name } of [two, three]) await join(server, team.name, name)
  const list = await makeList(owner, 'In Lyon')
  await share(owner, list, one, { access: 'read-write', masks: [{ hide: ['NOTE'] }], name: 'Friends' })
  await share(owner, list, team)
  return { owner, one, two, three, team, list }
}

describe('a list that is removed', () => {
  it('comes back whole: itself, whom it was shared with, and how they have its book', async () => {
    const { owner, one, two, three, list } = await world()
    const own = (await call(owner, 'POST', `/lists/${list}/book`)).json.name
    const before = {
      list: (await call(owner, 'GET', `/lists/${list}`)).json,
      grants: (await call(owner, 'GET', '/grants')).json.items,
      books: await Promise.all([one, two].map(received)),
    }
    const path = `${two.books}${before.books[1]?.[0]?.name}/`
    await two.request('PROPPATCH', path, {
      body: '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>My way</d:displayname></d:prop></d:set></d:propertyupdate>',
    })
    const [declined] = await received(three)
    expect((await three.delete(`${three.books}${declined?.name}/`)).status).toBe(204)

    expect((await call(owner, 'DELETE', `/lists/${list}`)).status).toBe(204)
    for (const each of [one, two]) expect(await received(each)).toEqual([])
    expect((await call(owner, 'GET', `/lists/${list}`)).status).toBe(404)
    expect((await call(owner, 'GET', '/grants')).json.items).toEqual([])
    expect((await owner.get(`${owner.books}${own}/`)).status).toBe(404)
    expect(await trashOf(owner)).toMatchObject([{ id: `l${list}`, kind: 'list', title: 'In Lyon' }])
    expect(await trashOf(one)).toEqual([])

    const answer = await back(owner, list)
    expect([answer.status, answer.json]).toEqual([200, { name: 'In Lyon', place: '' }])
    const { name, description, color, filter, id } = before.list
    const now = (await call(owner, 'GET', `/lists/${list}`)).json
    expect(now).toMatchObject({ id, name, description, color, filter, book: { name: own } })
    const said = (grants: readonly Record<string, unknown>[]) =>
      grants.map(({ what, with: whom, access, masks, name }) => ({ what, whom, access, masks, name }))
    expect(said((await call(owner, 'GET', '/grants')).json.items)).toEqual(said(before.grants))
    expect((await received(one)).map(({ name, displayName }) => [name, displayName])).toEqual(
      before.books[0]?.map(({ name, displayName }) => [name, displayName]),
    )
    expect((await received(two)).map(({ displayName }) => displayName)).toEqual(['My way'])
    expect(await received(three)).toEqual([])
    expect(await namesIn(two, path)).toEqual(['Jane Doe'])
    expect(await namesIn(owner, `${owner.books}${own}/`)).toEqual(['Jane Doe'])
    expect(await namesIn(one, `${one.books}${before.books[0]?.[0]?.name}/`)).toEqual(['Jane Doe'])
    expect(await trashOf(owner)).toEqual([])
    expect((await back(owner, list)).status).toBe(404)
  })

  it('stays in the trash of whoever had it, unseen by others, while another has its name', async () => {
    const { owner, one, list } = await world()
    await call(owner, 'DELETE', `/lists/${list}`)
    const other = await makeList(owner, 'In Lyon')
    expect((await back(one, list)).status).toBe(404)
    const refused = await back(owner, list)
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      expect.stringContaining('another list "In Lyon"'),
    ])
    await call(owner, 'PATCH', `/lists/${other}`, { name: 'Other' })
    expect((await back(owner, list)).status).toBe(200)
    expect(await received(one)).toHaveLength(1)
  })

  it('is shared again with those only who are still there', async () => {
    const { owner, one, team, list } = await world()
    await call(owner, 'DELETE', `/lists/${list}`)
    const sharing = { ...server.services, origin: { kind: 'web', requestId: 'r' } } as const
    await server.services.store.write((tx) => removeGroup(tx, team.name, sharing))
    expect((await back(owner, list)).status).toBe(200)
    expect((await call(owner, 'GET', '/grants')).json.items).toHaveLength(1)
    expect(await received(one)).toHaveLength(1)
  })

  it('is gone for good when it is taken out of the trash, by itself or with all', async () => {
    const { owner, one, list } = await world()
    const second = await makeList(owner, 'Second')
    for (const id of [list, second]) await call(owner, 'DELETE', `/lists/${id}`)
    expect((await call(one, 'DELETE', `/trash/l${list}`)).status).toBe(404)
    expect((await call(owner, 'DELETE', `/trash/l${list}`)).json).toEqual({ removed: 1 })
    expect((await back(owner, list)).status).toBe(404)
    expect((await call(owner, 'DELETE', '/trash')).json.removed).toBeGreaterThanOrEqual(1)
    expect((await back(owner, second)).status).toBe(404)
  })
})
