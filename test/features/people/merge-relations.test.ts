import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { merge, partyAt, stateOf, undo } from './merge-world.ts'

const server = useServer()

interface Line {
  readonly type: string
  readonly other: { readonly id: number } | null
}

/** Anna twice, and Zoe, who is a friend of both and the sister of the second. */
async function known(alice: Account) {
  const at = (name: string) => `${alice.contacts}${name}.vcf`
  await alice.put(at('a'), card('a', 'Anna Meier'))
  await alice.put(at('b'), card('b', 'A. Meier', ['EMAIL:anna@x.example']))
  await alice.put(at('z'), card('z', 'Zoe Kern', ['X-OWN:kept']))
  const [a, b, z] = [
    await partyAt(server, at('a')),
    await partyAt(server, at('b')),
    await partyAt(server, at('z')),
  ]
  const knows = async (one: number, type: string, other: number, since?: string) => {
    const made = await call(alice, 'POST', `/parties/${one}/relations`, { type, other, since })
    expect(made.status).toBe(201)
  }
  await knows(a, 'friend', z, '2020')
  await knows(z, 'friend', b, '2010')
  await knows(b, 'sister', z)
  return { a, b, z, zoe: at('z') }
}

const linesOf = async (alice: Account, id: number): Promise<Line[]> =>
  (await call(alice, 'GET', `/parties/${id}`)).json.relations
const namesIn = (text: string) =>
  [...text.matchAll(/X-ABRELATEDNAMES[^:]*:(.*?)\r\n/g)].map(([, name]) => name)

describe('a merge of two who know the same people', () => {
  it('keeps each relation once, since the earlier day, and names the survivor on the others’ cards', async () => {
    const alice = await server.account()
    const { a, b, z, zoe } = await known(alice)
    expect(namesIn((await alice.get(zoe)).text)).toEqual(['Anna Meier', 'A. Meier', 'A. Meier'])
    const etag = (await call(alice, 'GET', `/parties/${z}`)).headers.etag
    await merge(alice, a, b)
    const lines = await linesOf(alice, a)
    expect(lines.map(({ type, other }) => [type, other?.id])).toEqual([
      ['friend', z],
      ['sister', z],
    ])
    expect(lines[0]).toMatchObject({ since: '2010' })
    const { text } = await alice.get(zoe)
    expect(namesIn(text)).toEqual(['Anna Meier', 'Anna Meier'])
    expect(text).toContain('X-OWN:kept')
    const others = await linesOf(alice, z)
    expect(others).toHaveLength(2)
    expect(others.every(({ other }) => other?.id === a)).toBe(true)
    expect((await call(alice, 'GET', `/parties/${z}`)).headers.etag).not.toBe(etag)
  })

  it('is undone to the very rows and octets that there were', async () => {
    const alice = await server.account()
    const { a, b, z, zoe } = await known(alice)
    const before = await stateOf(server, alice)
    const text = (await alice.get(zoe)).text
    const [as, bs, zs] = [await linesOf(alice, a), await linesOf(alice, b), await linesOf(alice, z)]
    const { id } = await merge(alice, a, b)
    const etag = (await call(alice, 'GET', `/parties/${z}`)).headers.etag
    expect((await undo(alice, id)).left).toEqual([])
    expect((await alice.get(zoe)).text).toBe(text)
    expect([await linesOf(alice, a), await linesOf(alice, b), await linesOf(alice, z)]).toEqual([as, bs, zs])
    expect(await stateOf(server, alice)).toEqual(before)
    expect((await call(alice, 'GET', `/parties/${z}`)).headers.etag).not.toBe(etag)
  })

  it('leaves what a third one’s card has said since, when it is undone', async () => {
    const alice = await server.account()
    const { a, b, zoe } = await known(alice)
    const { id } = await merge(alice, a, b)
    const { text } = await alice.get(zoe)
    await alice.put(zoe, text.replace('X-OWN:kept', 'X-OWN:other'))
    await undo(alice, id)
    const after = (await alice.get(zoe)).text
    expect(after).toContain('X-OWN:other')
    expect(namesIn(after).sort()).toEqual(['A. Meier', 'A. Meier', 'Anna Meier'])
  })

  it('asks no more about a name that is known twice, and keeps what is over apart from what goes on', async () => {
    const alice = await server.account()
    const { a, b, z } = await known(alice)
    const [first] = (await linesOf(alice, a)) as (Line & { id: number })[]
    await call(alice, 'PATCH', `/parties/${a}/relations/${first?.id}`, { until: '2021' })
    for (const id of [a, b])
      await call(alice, 'POST', `/parties/${id}/relations`, { type: 'friend', name: 'Kim' })
    await merge(alice, a, b)
    const lines = await linesOf(alice, a)
    expect(lines.filter(({ other }) => other?.id === z)).toHaveLength(3)
    expect(lines.filter(({ other }) => other === null)).toHaveLength(1)
  })
})
