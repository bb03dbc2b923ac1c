import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { idOf, party } from './world.ts'

const server = useServer()
const today = () => new Date(server.clock.now).toISOString().slice(0, 10)

function card(version: '3.0' | '4.0', fn: string, ...lines: string[]): string {
  const uid = fn.split(' ')[0]?.toLowerCase()
  return ['BEGIN:VCARD', `VERSION:${version}`, `UID:${uid}`, `FN:${fn}`, ...lines, 'END:VCARD', ''].join(
    '\r\n',
  )
}

const hrefOf = ({ contacts }: Account, text: string) => `${contacts}${/UID:(\S+)/.exec(text)?.[1]}.vcf`

async function write(by: Account | Device, account: Account, text: string) {
  const href = hrefOf(account, text)
  const before = await by.get(href)
  const match = before.status === 200 ? { 'If-Match': before.headers.etag ?? '' } : {}
  expect([201, 204]).toContain((await by.put(href, text, match)).status)
}

/** Ann and Leo, each with a card, and a relation between them that the API has made. */
async function related(version: '3.0' | '4.0', type: string) {
  const alice = await server.account()
  for (const name of ['Ann Doe', 'Leo Maria Roe'])
    await write(alice, alice, card(version, name, 'X-CUSTOMER:42'))
  const [ann, leo] = [await idOf(alice, 'Ann Doe'), await idOf(alice, 'Leo Maria Roe')]
  const made = await call(alice, 'POST', `/parties/${ann}/relations`, { type, other: leo })
  expect(made.status).toBe(201)
  const stored = async (name: 'ann' | 'leo') => (await alice.get(`${alice.contacts}${name}.vcf`)).text
  const relationsOf = async (id: number) => (await party(alice, id)).relations
  return { alice, ann, leo, id: made.json.id, stored, relationsOf }
}

describe('design §5 relation ↔ RELATED, X-ABRELATEDNAMES: from beside to card', () => {
  it('writes the name as text into both cards, in each one’s dialect', async () => {
    const three = await related('3.0', 'child')
    expect(await three.stored('ann')).toBe(
      card(
        '3.0',
        'Ann Doe',
        'X-CUSTOMER:42',
        'item1.X-ABRELATEDNAMES:Leo Maria Roe',
        'item1.X-ABLabel:_$!<Child>!$_',
      ),
    )
    expect(await three.stored('leo')).toContain('X-ABRELATEDNAMES:Ann Doe\r\nitem1.X-ABLabel:_$!<Parent>!$_')
    const four = await related('4.0', 'mother')
    expect(await four.stored('ann')).toMatch(/RELATED;TYPE=mother,parent;VALUE=text:Leo Maria Roe/)
    expect(await four.stored('leo')).toMatch(/RELATED;TYPE=child;VALUE=text:Ann Doe/)
    await call(four.alice, 'PATCH', `/parties/${four.ann}/relations/${four.id}`, {
      type: 'Piano teacher',
      inverse: 'Pupil',
    })
    expect(await four.stored('ann')).toMatch(/item1\.X-ABLabel:Piano teacher/)
    expect(await four.relationsOf(four.ann)).toMatchObject([
      { type: 'Piano teacher', inverse: 'Pupil', until: null },
    ])
    await call(four.alice, 'DELETE', `/parties/${four.leo}/relations/${four.id}`)
    expect(await four.stored('ann')).toBe(card('4.0', 'Ann Doe', 'X-CUSTOMER:42'))
    expect(await four.stored('leo')).toBe(card('4.0', 'Leo Maria Roe', 'X-CUSTOMER:42'))
    expect(await four.relationsOf(four.ann)).toEqual([])
  })

  it('ends on a day: then no card has it, and it comes back where the day is taken away', async () => {
    const { alice, ann, id, stored, relationsOf, leo } = await related('3.0', 'spouse')
    const before = [await stored('ann'), await stored('leo')]
    await call(alice, 'PATCH', `/parties/${ann}/relations/${id}`, { until: '2020' })
    expect([await stored('ann'), await stored('leo')].join()).not.toMatch(/RELATED/)
    await call(alice, 'PATCH', `/parties/${leo}/relations/${id}`, { until: null })
    expect([await stored('ann'), await stored('leo')]).toEqual(before)
    expect(await relationsOf(ann)).toHaveLength(1)
  })
})

describe('design §5 relation ↔ RELATED, X-ABRELATEDNAMES: from card to beside', () => {
  it('a line that nobody touched keeps the relation, whatever else a device changes', async () => {
    const { alice, ann, leo, relationsOf } = await related('4.0', 'friend')
    const before = await relationsOf(ann)
    const davx5 = await deviceOf(server, alice, 'davx5')
    // DAVx5 writes text only, and its own order of parameters.
    await write(
      davx5,
      alice,
      card('4.0', 'Ann Doe', 'TEL:+1 555', 'RELATED;TYPE=friend;VALUE=text:Leo Maria Roe'),
    )
    const phone = await deviceOf(server, alice, 'apple')
    // Apple's programs that know nothing of it send none: the protective merge keeps it.
    await write(
      phone,
      alice,
      card(
        '3.0',
        'Ann Doe',
        'TEL:+1 666',
        'item1.X-ABRELATEDNAMES:Leo Maria Roe',
        'item1.X-ABLabel:_$!<Friend>!$_',
      ),
    )
    expect(await relationsOf(ann)).toEqual(before)
    expect(await relationsOf(leo)).toHaveLength(1)
  })

  it('a text that still means the other keeps it', async () => {
    const { alice, ann, leo, relationsOf } = await related('4.0', 'friend')
    const davx5 = await deviceOf(server, alice, 'davx5')
    await write(davx5, alice, card('4.0', 'Ann Doe', 'RELATED;VALUE=text;TYPE=friend:Leo Roe'))
    expect(await relationsOf(ann)).toMatchObject([{ type: 'friend', other: { id: leo }, until: null }])
    await write(davx5, alice, card('4.0', 'Ann Doe', 'RELATED;VALUE=text;TYPE=spouse:Leo Roe'))
    expect(await relationsOf(leo)).toMatchObject([{ type: 'spouse', other: { id: ann }, until: null }])
    expect((await alice.get(`${alice.contacts}leo.vcf`)).text).toMatch(/TYPE=spouse;VALUE=text:Ann Doe/)
  })

  it('any other text ends it, and is a relation with a name only, with a suggestion', async () => {
    const { alice, ann, leo, relationsOf, stored } = await related('4.0', 'friend')
    await write(alice, alice, card('4.0', 'Zoe Poe'))
    const zoe = await idOf(alice, 'Zoe Poe')
    const davx5 = await deviceOf(server, alice, 'davx5')
    await write(davx5, alice, card('4.0', 'Ann Doe', 'RELATED;VALUE=text;TYPE=friend:Zoe Poe'))
    expect(await relationsOf(ann)).toMatchObject([
      { other: { id: leo }, until: today() },
      { other: null, name: 'Zoe Poe', until: null },
    ])
    expect(await stored('leo')).not.toMatch(/RELATED/)
    const { json } = await call(alice, 'GET', '/suggestions')
    expect(json.items).toMatchObject([
      { kind: 'relation', name: 'Zoe Poe', type: 'friend', candidates: [{ id: zoe }] },
    ])
    expect((await call(alice, 'GET', `/suggestions?party=${ann}`)).json.items).toEqual(json.items)
    expect((await call(alice, 'GET', `/suggestions?party=${zoe}`)).json.items).toEqual([])
    expect((await call(alice, 'POST', `/suggestions/${json.items[0].id}/accept`, {})).status).toBe(204)
    expect((await relationsOf(ann)).at(-1)).toMatchObject({ other: { id: zoe } })
    expect(await relationsOf(zoe)).toMatchObject([{ type: 'friend', other: { id: ann } }])
    expect((await alice.get(`${alice.contacts}zoe.vcf`)).text).toMatch(/TYPE=friend;VALUE=text:Ann Doe/)
    expect(await stored('ann')).toMatch(/TYPE=friend:Zoe Poe/)
  })

  it('a line that is gone ends it on both sides; written again today it goes on; the history brings it back too', async () => {
    const { alice, ann, leo, relationsOf, stored } = await related('3.0', 'spouse')
    const phone = await deviceOf(server, alice, 'apple')
    const before = [await stored('ann'), await stored('leo')]
    await write(phone, alice, card('3.0', 'Ann Doe'))
    expect(await relationsOf(ann)).toMatchObject([{ other: { id: leo }, until: today() }])
    expect([await stored('ann'), await stored('leo')].join()).not.toMatch(/RELATED/)
    await write(
      phone,
      alice,
      card('3.0', 'Ann Doe', 'item1.X-ABRELATEDNAMES:Leo Maria Roe', 'item1.X-ABLabel:_$!<Spouse>!$_'),
    )
    expect(await relationsOf(leo)).toMatchObject([{ other: { id: ann }, until: null }])
    expect(await stored('leo')).toBe(before[1])
    await write(phone, alice, card('3.0', 'Ann Doe'))
    const { json } = await call(alice, 'GET', `/parties/${ann}/history`)
    const ended = json.items.find(({ fact }: { fact?: string }) => fact === 'relation')
    expect((await call(alice, 'POST', `/parties/${ann}/history/${ended.revision}/restore`)).status).toBe(204)
    expect(await relationsOf(ann)).toMatchObject([{ other: { id: leo }, until: null }])
    expect(await stored('leo')).toBe(before[1])
  })

  it('a URI that is the UID of somebody is a relation to him', async () => {
    const alice = await server.account()
    await write(alice, alice, card('4.0', 'Leo Roe'))
    await write(
      alice,
      alice,
      card('4.0', 'Ann Doe', 'RELATED;TYPE=friend:urn:uuid:leo', 'RELATED;TYPE=met:urn:uuid:none'),
    )
    const [ann, leo] = [await idOf(alice, 'Ann Doe'), await idOf(alice, 'Leo Roe')]
    expect((await party(alice, ann)).relations).toMatchObject([{ type: 'friend', other: { id: leo } }])
    const davx5 = await deviceOf(server, alice, 'davx5')
    await write(
      davx5,
      alice,
      card('4.0', 'Ann Doe', 'RELATED;TYPE=friend;VALUE=text:Leo Roe', 'RELATED;TYPE=met:urn:uuid:none'),
    )
    expect((await party(alice, ann)).relations).toMatchObject([
      { type: 'friend', other: { id: leo }, until: null },
    ])
  })
})
