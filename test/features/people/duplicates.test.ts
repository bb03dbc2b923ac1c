import { describe, expect, it } from 'vitest'
import { scanPending } from '../../../src/features/duplicates/duplicates.ts'
import { prepareObject } from '../../../src/features/objects.ts'
import { storeObject } from '../../../src/features/store-object.ts'
import { countPending } from '../../../storage/match/match-keys.ts'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'

const server = useServer()
const shares = useShares(server)

const put = (account: Account, uid: string, fn: string, extra: readonly string[] = []) =>
  account.put(`${account.contacts}${uid}.vcf`, card(uid, fn, extra))

async function duplicates(
  account: Account,
  query = '',
): Promise<{ level: string; names: string[]; id: number }[]> {
  const { status, json } = await call(account, 'GET', `/duplicates${query}`)
  expect(status).toBe(200)
  return json.items.map((item: { level: string; id: number; parties: { name: string }[] }) => ({
    level: item.level,
    id: item.id,
    names: item.parties.map(({ name }) => name),
  }))
}

const scan = () => scanPending(server.services, new AbortController().signal)

describe('people who may be one', () => {
  it('are found once the second card is stored, with the reasons, and are none when it says otherwise', async () => {
    const alice = await server.account()
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567'])
    expect(await duplicates(alice)).toEqual([])
    await put(alice, 'b', 'Meier, Anna', ['TEL:030/1234567'])
    const { json } = await call(alice, 'GET', '/duplicates')
    expect(json.items).toMatchObject([
      {
        level: 'same',
        state: 'open',
        parties: [
          { kind: 'person', name: 'Anna Meier' },
          { kind: 'person', name: 'Meier, Anna' },
        ],
        reasons: [
          { feature: 'name', found: 'same', values: ['Anna Meier', 'Meier, Anna'] },
          { feature: 'phone', found: 'same', values: ['+49 30 1234567', '030/1234567'] },
        ],
      },
    ])
    await put(alice, 'b', 'Paul Roth', ['TEL:030 7654321'])
    expect(await duplicates(alice)).toEqual([])
    await put(alice, 'b', 'Anna Meier')
    expect(await duplicates(alice)).toMatchObject([{ level: 'maybe' }])
    await alice.delete(`${alice.contacts}b.vcf`)
    expect(await duplicates(alice)).toEqual([])
  })

  it('who come while others are compared wait for the next time, whatever book they are in', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await scan()
    for (const account of [alice, bob]) await put(account, 'a', 'Anna Meier', ['TEL:+49 30 1234567'])
    const { store } = server.services
    let [looks, came] = [0, 0]
    const busy: typeof store = {
      ...store,
      write: async (fn) => {
        const done = await store.write(fn)
        looks += 1
        if (came < 9) await put(alice, `c${(came += 1)}`, 'Meier, Anna', ['TEL:030/1234567'])
        return done
      },
    }
    // One look for each book, and one that finds no more.
    expect(await scanPending({ store: busy }, new AbortController().signal)).toBe(2)
    expect([looks, await store.read(countPending)]).toEqual([3, 3])
    expect(await scan()).toBe(3)
    expect(await store.read(countPending)).toBe(0)
  })

  it('are looked for again when a card says otherwise who it is of, has been away, or is in another book; not for a note', async () => {
    const alice = await server.account()
    const waiting = () => server.services.store.read(countPending)
    const waits = async (): Promise<boolean> => {
      const is = (await waiting()) > 0
      await scan()
      return is
    }
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567', 'NOTE:1'])
    expect(await waits()).toBe(true)
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567', 'NOTE:2'])
    expect(await waits()).toBe(false)
    await put(alice, 'a', 'Anna Meier', ['TEL:030/1234567', 'NOTE:2'])
    expect(await waits()).toBe(true)
    await alice.delete(`${alice.contacts}a.vcf`)
    await put(alice, 'a', 'Anna Meier', ['TEL:030/1234567', 'NOTE:2'])
    expect(await waits()).toBe(true)
    await call(alice, 'POST', '/duplicates/scan')
    expect(await waits()).toBe(true)
    const other = `${alice.books}other/`
    const kind = '<D:resourcetype><D:collection/><CARD:addressbook/></D:resourcetype>'
    const made = await alice.request('MKCOL', other, {
      headers: { 'Content-Type': 'application/xml' },
      body: `<D:mkcol xmlns:D="DAV:" xmlns:CARD="urn:ietf:params:xml:ns:carddav"><D:set><D:prop>${kind}</D:prop></D:set></D:mkcol>`,
    })
    expect(made.status).toBe(201)
    const headers = { Destination: `${other}a.vcf` }
    expect((await alice.request('MOVE', `${alice.contacts}a.vcf`, { headers })).status).toBe(201)
    expect(await waits()).toBe(true)
  })

  it('are not asked about again once somebody has said that they are two, whatever is found, until he takes it back', async () => {
    const alice = await server.account()
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567'])
    await put(alice, 'b', 'Anna Meier', ['TEL:030/1234567'])
    const [pair] = await duplicates(alice)
    expect((await call(alice, 'POST', `/duplicates/${pair?.id}/not-same`)).status).toBe(204)
    expect(await duplicates(alice)).toEqual([])
    await put(alice, 'b', 'Anna Meier', ['TEL:030/1234567', 'NOTE:again'])
    expect(await duplicates(alice)).toEqual([])
    expect((await call(alice, 'POST', '/duplicates/scan')).json).toEqual({ cards: 2 })
    await scan()
    expect(await duplicates(alice)).toEqual([])
    expect(await duplicates(alice, '?state=not-same')).toMatchObject([{ id: pair?.id }])
    expect((await call(alice, 'DELETE', `/duplicates/${pair?.id}/not-same`)).status).toBe(204)
    expect(await duplicates(alice)).toMatchObject([{ id: pair?.id, level: 'same' }])
  })

  it('come page by page, the likeliest first', async () => {
    const alice = await server.account()
    for (const [at, extra] of [[], ['EMAIL:p@x.example'], ['ORG:Lyra']].entries()) {
      await put(alice, `p${at}`, `Person Number${'abc'.charAt(at)}`, extra)
      await put(alice, `q${at}`, `Person Number${'abc'.charAt(at)}`, extra)
    }
    const all = await call(alice, 'GET', '/duplicates?limit=500')
    const levels = all.json.items.map(({ level }: { level: string }) => level)
    expect(levels.slice(0, 3)).toEqual(['same', 'likely', 'maybe'])
    const first = await call(alice, 'GET', '/duplicates?limit=2')
    const second = await call(alice, 'GET', `/duplicates?limit=2&cursor=${first.json.next}`)
    const ids = (json: { items: { id: number }[] }) => json.items.map(({ id }) => id)
    expect([...ids(first.json), ...ids(second.json)]).toEqual(ids(all.json).slice(0, 4))
  })

  it('are none of another’s business: whoever does not read both is told of nothing', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567'])
    await put(bob, 'b', 'Anna Meier', ['TEL:030/1234567'])
    expect(await duplicates(alice)).toEqual([])
    await put(alice, 'c', 'Anna Meier', ['TEL:030/1234567'])
    const [pair] = await duplicates(alice)
    expect(await duplicates(bob)).toEqual([])
    for (const method of ['POST', 'DELETE'])
      expect((await call(bob, method, `/duplicates/${pair?.id}/not-same`)).status).toBe(404)
    expect((await call(bob, 'POST', '/duplicates/999999/not-same')).status).toBe(404)
  })

  it('are found across a book that is shared, by whoever reads both', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await put(alice, 'a', 'Anna Meier', ['TEL:+49 30 1234567'])
    await put(bob, 'b', 'Anna Meier', ['TEL:030/1234567'])
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    await call(bob, 'POST', '/duplicates/scan')
    await scan()
    expect(await duplicates(bob)).toMatchObject([{ level: 'same' }])
    expect(await duplicates(alice)).toEqual([])
  })
})

describe('many cards of one write', () => {
  it('are compared by the job, each pair once, in batches', async () => {
    const alice = await server.account()
    const cards = Array.from({ length: 150 }, (_, at) => {
      const name = `Given${String.fromCharCode(97 + (at % 25))}${at % 75} Family${at % 75}`
      return card(`bulk-${at}`, name, [`EMAIL:person${at % 75}@x.example`])
    })
    const collection = await shares.at(alice.contacts)
    const { store, settings, now } = server.services
    await store.write(async (tx) => {
      for (const [at, text] of cards.entries()) {
        const object = prepareObject('addressbook', Buffer.from(text), settings, now())
        const request = { collection, name: `bulk-${at}.vcf`, object, existing: undefined }
        await storeObject(tx, { ...request, origin: { kind: 'web' }, hrefOf: (name) => name }, settings)
      }
    })
    expect(await server.services.store.read(countPending)).toBe(150)
    await scan()
    expect(await server.services.store.read(countPending)).toBe(0)
    const { json } = await call(alice, 'GET', '/duplicates?limit=500')
    const same = json.items.filter(({ level }: { level: string }) => level === 'same')
    expect(same).toHaveLength(75)
  })
})
