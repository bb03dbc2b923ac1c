import { describe, expect, it } from 'vitest'
import { card } from '../objects.ts'
import { useServer } from '../server.ts'
import {
  byCategories,
  byGroups,
  categoriesOf,
  type Device,
  device,
  etagOf,
  group,
  listed,
  propertyOf,
  sync,
} from './devices.ts'

const server = useServer()

/** Two people and an Apple device, a DAVx5 and an unknown client of one account. */
async function world(): Promise<{ phone: Device; droid: Device; other: Device }> {
  const alice = await server.account()
  const [phone, droid, other] = [
    await device(server, alice, 'apple'),
    await device(server, alice, 'davx5'),
    await device(server, alice, 'other'),
  ]
  return { phone, droid, other }
}

/** The condition of who has a card as it is. */
async function current(one: Device, uid: string): Promise<Record<string, string>> {
  return { 'If-Match': (await etagOf(one, `${uid}.vcf`)) ?? '' }
}

const friends = (name: string): string => `CATEGORIES:${name}`

describe('ABK-07, DVX-10 lists between an iPhone and DAVx5', () => {
  it('a category of DAVx5 is a group card on the iPhone, and nowhere else', async () => {
    const { phone, droid, other } = await world()
    const sent = card('ann', 'Ann Abel', [friends('Friends')])
    const put = await droid.put(`${droid.book}ann.vcf`, sent)
    expect([put.status, typeof put.headers.etag]).toEqual([201, 'string'])
    expect((await droid.get(`${droid.book}ann.vcf`)).text).toBe(sent)
    const seen = await listed(phone)
    expect(byGroups(seen)).toEqual(['Friends: ann'])
    expect([...seen.values()].flatMap(({ text }) => categoriesOf(text))).toEqual([])
    expect((await phone.get(`${phone.book}ann.vcf`)).text).toBe(card('ann', 'Ann Abel'))
    for (const without of [droid, other]) {
      const known = await listed(without)
      expect([...known.keys()]).toEqual([`${without.book}ann.vcf`])
      expect(byCategories(known)).toEqual(['Friends: ann'])
    }
  })

  it('a group of the iPhone is CATEGORIES on DAVx5, whether it comes before or after its members', async () => {
    const { phone, droid, other } = await world()
    await phone.put(`${phone.book}ann.vcf`, card('ann', 'Ann Abel'))
    const team = await phone.put(
      `${phone.book}g.vcf`,
      group('g', 'Team\\, north', ['ann', 'urn-less', 'bob']),
    )
    expect([team.status, typeof team.headers.etag]).toEqual([201, 'string'])
    const bob = card('urn:uuid:bob', 'Bob Bell')
    const put = await phone.put(`${phone.book}bob.vcf`, bob)
    expect([put.status, put.headers.etag]).toEqual([201, await etagOf(phone, 'bob.vcf')])
    expect((await phone.get(`${phone.book}bob.vcf`)).text).toBe(bob)
    expect(byCategories(await listed(droid))).toEqual(['Team, north: ann bob'])
    expect((await listed(droid)).has(`${droid.book}g.vcf`)).toBe(false)
    expect((await listed(other)).has(`${other.book}g.vcf`)).toBe(true)
    expect((await phone.get(`${phone.book}g.vcf`)).text).toBe(
      group('g', 'Team\\, north', ['ann', 'urn-less', 'bob']),
    )
  })

  it('members and names that change on the one side change on the other, and a group may be empty', async () => {
    const { phone, droid } = await world()
    for (const uid of ['ann', 'bob']) await phone.put(`${phone.book}${uid}.vcf`, card(uid))
    await phone.put(`${phone.book}g.vcf`, group('g', 'Team', ['ann']))
    await droid.put(`${droid.book}bob.vcf`, card('bob', 'Jane Doe', [friends('Team')]))
    expect(byGroups(await listed(phone))).toEqual(['Team: ann bob'])
    await phone.put(`${phone.book}g.vcf`, group('g', 'Crew', ['ann', 'bob']), await current(phone, 'g'))
    expect(byCategories(await listed(droid))).toEqual(['Crew: ann bob'])
    for (const uid of ['ann', 'bob'])
      await droid.put(`${droid.book}${uid}.vcf`, card(uid), await current(droid, uid))
    expect(byGroups(await listed(phone))).toEqual([])
    expect((await phone.get(`${phone.book}g.vcf`)).text).toBe(group('g', 'Crew', []))
    await phone.put(`${phone.book}g.vcf`, group('g', 'Crew', ['bob']), await current(phone, 'g'))
    expect(byCategories(await listed(droid))).toEqual(['Crew: bob'])
    await phone.delete(`${phone.book}g.vcf`)
    expect(byCategories(await listed(droid))).toEqual([])
    expect((await droid.get(`${droid.book}bob.vcf`)).text).toBe(card('bob'))
  })

  it('a group that the server made goes with its last member, unless a client has touched it', async () => {
    const { phone, droid } = await world()
    await droid.put(`${droid.book}ann.vcf`, card('ann', 'A B', [friends('One,Two')]))
    expect(byGroups(await listed(phone))).toEqual(['One: ann', 'Two: ann'])
    const two = [...(await listed(phone))].find(([, { text }]) => propertyOf(text, 'FN') === 'Two')
    const renamed = two?.[1].text.replaceAll('Two', 'Second') ?? ''
    expect((await phone.put(two?.[0] ?? '', renamed)).status).toBe(204)
    expect(byCategories(await listed(droid))).toEqual(['One: ann', 'Second: ann'])
    await droid.delete(`${droid.book}ann.vcf`)
    expect([...(await listed(phone)).keys()]).toEqual([two?.[0]])
  })
})

describe('issue 4: no ETag changes when nothing a device sees has changed', () => {
  it('a category changes no person on the iPhone, and a group no card of DAVx5 that keeps its CATEGORIES', async () => {
    const { phone, droid } = await world()
    await phone.put(`${phone.book}ann.vcf`, card('ann'))
    for (const one of [phone, droid]) await sync(one)
    const before = await etagOf(phone, 'ann.vcf')
    await droid.put(`${droid.book}ann.vcf`, card('ann', 'Jane Doe', [friends('Team')]))
    expect(await etagOf(phone, 'ann.vcf')).toBe(before)
    const told = await sync(phone)
    expect(told.changed).toHaveLength(1)
    expect(told.changed).not.toContain('ann.vcf')
    await sync(droid)
    const href = [...phone.known].find(([, { text }]) => /KIND:group/.test(text))?.[0] ?? ''
    const touched = phone.known.get(href)?.text.replace('END:VCARD', 'NOTE:ours\r\nEND:VCARD') ?? ''
    expect((await phone.put(href, touched)).status).toBe(204)
    expect(await sync(droid)).toEqual({ changed: [], removed: [] })
    expect((await phone.put(`${phone.book}ann.vcf`, card('ann'), { 'If-Match': before ?? '' })).status).toBe(
      204,
    )
    expect(await sync(droid)).toEqual({ changed: [], removed: [] })
  })

  it('what the iPhone sends of a person keeps the CATEGORIES that it does not see, as they were written', async () => {
    const { phone, droid } = await world()
    const written = ['item1.CATEGORIES;LANGUAGE=en:One,T\\,wo', 'CATEGORIES:', 'NOTE:x', 'categories:Three']
    await droid.put(`${droid.book}ann.vcf`, card('ann', 'Ann Abel', written))
    const next = card('ann', 'Ann Bell', ['NOTE:x'])
    const put = await phone.put(`${phone.book}ann.vcf`, next)
    expect(put.headers.etag).toBe(await etagOf(phone, 'ann.vcf'))
    expect((await phone.get(`${phone.book}ann.vcf`)).text).toBe(next)
    const { text } = await droid.get(`${droid.book}ann.vcf`)
    expect(text).toBe(
      card('ann', 'Ann Bell', [
        'NOTE:x',
        'item1.CATEGORIES;LANGUAGE=en:One,T\\,wo',
        'CATEGORIES:',
        'categories:Three',
      ]),
    )
  })

  it('RFC 6578: a device whose kind is another one starts afresh, as Thunderbird does on 400 (TBA-02)', async () => {
    const { phone, droid } = await world()
    await droid.put(`${droid.book}ann.vcf`, card('ann', 'Ann Abel', [friends('Team')]))
    await sync(droid)
    await expect(phone.sync(phone.book, droid.token)).rejects.toThrow(/403.*valid-sync-token/s)
    const agent = { 'User-Agent': 'Mozilla/5.0 Gecko/20100101 Thunderbird/140.0' }
    const answer = await phone.request('REPORT', phone.book, {
      headers: { ...agent, 'Content-Type': 'application/xml' },
      body: `<d:sync-collection xmlns:d="DAV:"><d:sync-token>${droid.token}</d:sync-token><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>`,
    })
    expect(answer.status).toBe(400)
  })

  it('a token from before there were lists goes on for every kind of device', async () => {
    const { phone, droid, other } = await world()
    await other.put(`${other.book}ann.vcf`, card('ann'))
    for (const one of [phone, droid, other]) await sync(one)
    expect(new Set([phone.token, droid.token, other.token]).size).toBe(1)
    await phone.put(`${phone.book}g.vcf`, group('g', 'Team', ['ann']))
    expect(await sync(phone)).toEqual({ changed: ['g.vcf'], removed: [] })
    expect(await sync(droid)).toEqual({ changed: ['ann.vcf'], removed: [] })
    expect(await sync(other)).toEqual({ changed: ['ann.vcf', 'g.vcf'], removed: [] })
    expect(new Set([phone.token, droid.token, other.token]).size).toBe(3)
  })
})
