import { describe, expect, it } from 'vitest'
import { useServer } from '../dav/server.ts'
import { company, person } from '../features/facts/world.ts'
import { merge, undo } from '../features/people/merge-world.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)
const dayMs = 86_400_000
const day = (days = 0): string => new Date(server.clock.now + days * dayMs).toISOString().slice(0, 10)

async function begun() {
  const alice = await server.account()
  const id = await person(alice, 'Jane')
  const path = `/parties/${id}/consents`
  const say = (body: unknown) => call(alice, 'POST', path, body)
  const may = async (query: string) => (await call(alice, 'GET', `${path}/answer?${query}`)).json.answer
  return { alice, id, path, say, may }
}

describe('consents', () => {
  it('answer whether somebody may be written to, for a purpose and on a channel: one no is enough', async () => {
    const { alice, path, say, may } = await begun()
    expect(await may('channel=mail&purpose=newsletter')).toBe('unknown')
    const given = await say({ channel: 'Mail', purpose: 'Newsletter', state: 'given', source: 'web form' })
    expect([given.status, given.json]).toMatchObject([
      201,
      { channel: 'mail', purpose: 'Newsletter', on: day(), expires: null, isInForce: true, evidence: null },
    ])
    expect(await may('channel=mail&purpose=newsletter')).toBe('yes')
    expect(await may('channel=phone&purpose=newsletter')).toBe('unknown')
    expect(await may('channel=mail')).toBe('unknown')
    const never = await say({ channel: 'any', purpose: 'NEWSLETTER', state: 'refused' })
    expect(await may('channel=mail&purpose=newsletter')).toBe('no')
    expect((await call(alice, 'DELETE', `${path}/${never.json.id}`)).status).toBe(204)
    expect(await may('channel=mail&purpose=newsletter')).toBe('yes')
    const back = await call(alice, 'PATCH', `${path}/${given.json.id}`, {
      state: 'withdrawn',
      note: 'by phone',
    })
    expect(back.json).toMatchObject({ state: 'withdrawn', source: 'web form', note: 'by phone' })
    expect(await may('channel=mail&purpose=newsletter')).toBe('no')
  })

  it('count while they are in force, and no longer', async () => {
    const { say, may } = await begun()
    await say({ channel: 'fax', state: 'given', on: day(1), expires: day(3) })
    const heard: string[] = []
    for (let days = 0; days < 4; days += 1) {
      heard.push(await may('channel=fax&purpose=offers'))
      server.clock.now += dayMs
    }
    expect(heard).toEqual(['unknown', 'yes', 'yes', 'unknown'])
    expect((await say({ channel: 'sms', state: 'given', on: day(1), expires: day(1) })).status).toBe(422)
  })

  it('are one for a channel and purpose; an If-Match is of the person’s version', async () => {
    const { alice, path, say } = await begun()
    const body = { channel: 'mail', purpose: 'Offers', state: 'given' }
    const { headers, json } = await say(body)
    expect((await say({ ...body, purpose: 'offers', state: 'refused' })).status).toBe(409)
    const list = await call(alice, 'GET', path)
    expect(list.headers.etag).toMatch(new RegExp(`^${headers.etag?.slice(0, -1)}\\.`))
    expect(list.json.items).toHaveLength(1)
    const change = (etag: string) =>
      call(alice, 'PATCH', `${path}/${json.id}`, { source: 'fair' }, { 'If-Match': etag })
    expect((await change('"other"')).status).toBe(412)
    expect((await change(headers.etag ?? '')).status).toBe(200)
  })

  it('are shown to whoever sees the person, changed by whoever may write the card, and are not there for others', async () => {
    const { alice, path, say } = await begun()
    const [bob, carol] = [await server.account(), await server.account()]
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const { json } = await say({ channel: 'mail', state: 'given' })
    expect((await call(bob, 'GET', path)).json.items).toHaveLength(1)
    expect((await call(bob, 'PATCH', `${path}/${json.id}`, { state: 'refused' })).status).toBe(403)
    for (const [method, where] of [
      ['GET', path],
      ['GET', `${path}/answer?channel=mail`],
      ['DELETE', `${path}/${json.id}`],
    ] as const)
      expect((await call(carol, method, where)).status).toBe(404)
  })

  it('name what shows them, to those who read that', async () => {
    const { alice, id, path, say } = await begun()
    const bob = await server.account()
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const note = { kind: 'call', parties: [id], html: 'she said yes', visibility: 'private' }
    const evidence = { kind: 'activity', id: (await call(alice, 'POST', '/activities', note)).json.id }
    expect(
      (await say({ channel: 'mail', state: 'given', evidence: { kind: 'document', id: 9_999 } })).status,
    ).toBe(422)
    expect((await say({ channel: 'mail', state: 'given', evidence })).json.evidence).toEqual(evidence)
    expect((await call(bob, 'GET', path)).json.items).toMatchObject([{ evidence: null }])
  })

  it('stand in the history and on the timeline, and come back', async () => {
    const { alice, id, path, say, may } = await begun()
    const { json } = await say({ channel: 'mail', state: 'given' })
    await call(alice, 'PATCH', `${path}/${json.id}`, { state: 'withdrawn' })
    await call(alice, 'DELETE', `${path}/${json.id}`)
    const { items } = (await call(alice, 'GET', `/parties/${id}/timeline`)).json
    const told = items.filter(({ kind }: { kind: string }) => kind === 'consent')
    expect(told.map(({ title }: { title: string }) => title)).toEqual([
      ...['mail, any: removed', 'mail, any: withdrawn', 'mail, any: given'],
    ])
    const history = (await call(alice, 'GET', `/parties/${id}/history`)).json.items
    const facts = history.filter(({ fact }: { fact?: string }) => fact === 'consent')
    expect(facts).toHaveLength(3)
    for (const [at, answer] of [
      [0, 'no'],
      [1, 'yes'],
      [2, 'unknown'],
    ] as const) {
      const restored = await call(alice, 'POST', `/parties/${id}/history/${facts[at].revision}/restore`)
      expect([restored.status, await may('channel=mail')]).toEqual([restored.status, answer])
    }
  })
})

describe('consents of two who are one', () => {
  it.each([
    [{ state: 'given' }, { state: 'refused', source: 'letter' }, { state: 'refused', source: 'letter' }],
    [{ state: 'withdrawn', note: 'angry' }, { state: 'given' }, { state: 'withdrawn', note: 'angry' }],
    [
      { state: 'given' },
      { state: 'given', expires: '2099-01-01' },
      { state: 'given', expires: '2099-01-01' },
    ],
    [
      { state: 'given', expires: '2098-01-01' },
      { state: 'given' },
      { state: 'given', expires: '2098-01-01' },
    ],
  ])('the stricter one wins, and undoing gives both back: %j, %j', async (mine, theirs, both) => {
    const alice = await server.account()
    const [survivor, loser] = [await company(alice, 'Acme'), await company(alice, 'Acme Ltd')]
    const say = (id: number, body: object) =>
      call(alice, 'POST', `/parties/${id}/consents`, { channel: 'mail', ...body })
    const of = async (id: number) => (await call(alice, 'GET', `/parties/${id}/consents`)).json.items
    await say(survivor, mine)
    await say(loser, theirs)
    await say(loser, { channel: 'phone', state: 'given' })
    const before = [await of(survivor), await of(loser)]
    const { id } = await merge(alice, survivor, loser)
    const merged = await of(survivor)
    expect(merged).toMatchObject([both, { channel: 'phone' }])
    await undo(alice, id)
    expect([await of(survivor), await of(loser)]).toEqual(before)
  })
})
