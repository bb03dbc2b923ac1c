import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { deviceOf } from '../../dav/devices.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { company, party, person } from './world.ts'

const server = useServer({ limits: { cardsOfRenamed: 5 } })

/** The card of somebody, and the lines that it is put with, under a name of ours. */
async function put(by: Account, name: string, text: string) {
  const before = await by.get(`${by.contacts}${name}`)
  const match = before.status === 200 ? { 'If-Match': before.headers.etag ?? '' } : {}
  expect([201, 204]).toContain((await by.put(`${by.contacts}${name}`, text, match)).status)
}

const textOf = async (by: Account, name: string) => (await by.get(`${by.contacts}${name}`)).text
const jobsOf = async (account: Account, id: number) => (await party(account, id)).memberships
const suggested = async (account: Account) => (await call(account, 'GET', '/suggestions')).json.items

async function idOf(account: Account, name: string): Promise<number> {
  const { json } = await call(account, 'GET', '/parties?limit=500')
  return json.items.find((one: { name: string }) => one.name === name).id
}

describe('design §5 primary job ↔ ORG/TITLE/ROLE: an organisation that is called otherwise', () => {
  it('has its new name in the cards of its people, with their units and all else, and is linked still', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    await put(alice, 'acme.vcf', card('acme', 'Acme', ['KIND:org']))
    const acme = await idOf(alice, 'Acme')
    await put(alice, 'ann.vcf', card('ann', 'Ann Doe', ['ORG:ACME;Lab;Room 5', 'TITLE:Chief', 'X-OWN:1']))
    await put(alice, 'bob.vcf', card('bob', 'Bob Roe', ['ORG:Globex']))
    const [ann, bob] = [await idOf(alice, 'Ann Doe'), await idOf(alice, 'Bob Roe')]
    const made = await call(alice, 'POST', `/parties/${bob}/memberships`, {
      organisation: acme,
      title: 'Aide',
    })
    expect(made.status).toBe(201)
    const bobs = await textOf(alice, 'bob.vcf')
    const given = await phone.get(`${alice.contacts}acme.vcf`)
    const renamed = given.text.replace('FN:Acme', 'FN:Acme Industries')
    const etag = given.headers.etag ?? ''
    expect((await phone.put(`${alice.contacts}acme.vcf`, renamed, { 'If-Match': etag })).status).toBe(204)
    expect(await textOf(alice, 'ann.vcf')).toBe(
      card('ann', 'Ann Doe', ['ORG:Acme Industries;Lab;Room 5', 'TITLE:Chief', 'X-OWN:1']),
    )
    expect(await jobsOf(alice, ann)).toMatchObject([
      { organisation: { id: acme }, organisationName: 'Acme Industries', department: 'Lab', until: null },
    ])
    expect(await textOf(alice, 'bob.vcf')).toBe(bobs)
    expect((await jobsOf(alice, bob)).at(-1)).toMatchObject({
      organisation: { id: acme },
      organisationName: 'Acme Industries',
      isPrimary: false,
    })
    expect(await suggested(alice)).toEqual([])
  })

  it('leaves the cards of those who call it in their own way', async () => {
    const alice = await server.account()
    await put(
      alice,
      'acme.vcf',
      card('acme', 'Acme Industries GmbH', ['KIND:org', 'EMAIL:info@acme.example']),
    )
    await put(alice, 'ann.vcf', card('ann', 'Ann Doe', ['ORG:Acme', 'EMAIL:ann@acme.example']))
    const before = await textOf(alice, 'ann.vcf')
    await put(alice, 'acme.vcf', card('acme', 'Acme SE', ['KIND:org', 'EMAIL:info@acme.example']))
    expect(await textOf(alice, 'ann.vcf')).toBe(before)
    expect(await jobsOf(alice, await idOf(alice, 'Ann Doe'))).toMatchObject([{ organisationName: 'Acme' }])
  })

  it('with more people than a write may change leaves their cards, and their links', async () => {
    const alice = await server.account()
    await put(alice, 'acme.vcf', card('acme', 'Acme', ['KIND:org']))
    const acme = await idOf(alice, 'Acme')
    for (let at = 0; at < 6; at += 1)
      await put(alice, `p${at}.vcf`, card(`p${at}`, `Person ${at}`, ['ORG:Acme']))
    await put(alice, 'acme.vcf', card('acme', 'Globex', ['KIND:org']))
    expect(await textOf(alice, 'p0.vcf')).toContain('ORG:Acme\r\n')
    const first = await idOf(alice, 'Person 0')
    expect(await jobsOf(alice, first)).toMatchObject([{ organisation: { id: acme, name: 'Globex' } }])
  })
})

describe('design §5 primary job ↔ ORG/TITLE/ROLE: an organisation whose card comes after those of its people', () => {
  it('is linked to them, without a word in any card; who works elsewhere by now is not', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann Doe', ['ORG:Acme;Lab', 'TITLE:Chief'])
    const bob = await person(alice, 'Bob Roe', ['ORG:acme'])
    const eve = await person(alice, 'Eve Poe', ['ORG:Globex'])
    const [job] = await jobsOf(alice, eve)
    await call(alice, 'PATCH', `/parties/${eve}/memberships/${job.id}`, { organisationName: 'Acme' })
    await call(alice, 'PATCH', `/parties/${eve}/memberships/${job.id}`, { until: '2020' })
    const token = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    const acme = await company(alice, 'Acme')
    for (const id of [ann, bob])
      expect(await jobsOf(alice, id)).toMatchObject([{ organisation: { id: acme }, isPrimary: true }])
    expect(await jobsOf(alice, eve)).toMatchObject([{ organisation: null }])
    expect((await alice.syncAll(alice.contacts, token)).changed).toHaveLength(1)
    const { json } = await call(alice, 'GET', `/parties/${acme}/people`)
    expect(json.items.map(({ person: { name } }: { person: { name: string } }) => name)).toEqual([
      'Ann Doe',
      'Bob Roe',
    ])
  })

  it('answers the question that a change of a card has left open', async () => {
    const alice = await server.account()
    await put(alice, 'ann.vcf', card('ann', 'Ann Doe', ['ORG:Acme']))
    await put(alice, 'ann.vcf', card('ann', 'Ann Doe', ['ORG:Initech']))
    expect(await suggested(alice)).toMatchObject([{ kind: 'employer', name: 'Initech', candidates: [] }])
    const initech = await company(alice, 'INITECH')
    expect(await suggested(alice)).toEqual([])
    expect((await jobsOf(alice, await idOf(alice, 'Ann Doe'))).at(-1)).toMatchObject({
      organisation: { id: initech },
    })
  })

  it('is asked about where there are two of that name', async () => {
    const alice = await server.account()
    const ann = await person(alice, 'Ann Doe', ['ORG:Twin'])
    const { store } = server.services
    const first = await company(alice, 'Twin')
    await store.write((tx) => tx.sql.run('UPDATE memberships SET org_id = NULL WHERE party_id = $1', [ann]))
    await put(alice, 'twin.vcf', card('twin', 'TWIN', ['X-ABSHOWAS:COMPANY']))
    const second = await idOf(alice, 'TWIN')
    expect(await jobsOf(alice, ann)).toMatchObject([{ organisation: null }])
    const [question] = await suggested(alice)
    expect(question).toMatchObject({ kind: 'employer', name: 'Twin' })
    expect(question.candidates.map(({ id }: { id: number }) => id).sort()).toEqual([first, second].sort())
  })
})
