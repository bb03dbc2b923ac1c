import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { company, idOf, party } from './world.ts'

const server = useServer()
const today = () => new Date(server.clock.now).toISOString().slice(0, 10)

function card(version: '3.0' | '4.0', ...lines: string[]): string {
  const all = [
    'BEGIN:VCARD',
    `VERSION:${version}`,
    'UID:u',
    'FN:Ann Doe',
    'N:Doe;Ann;;;',
    ...lines,
    'END:VCARD',
    '',
  ]
  return all.join('\r\n')
}

/** Somebody writes the card of Ann, on what he was last given. */
async function write(by: Account | Device, { contacts }: Account, text: string) {
  const before = await by.get(`${contacts}u.vcf`)
  const match = before.status === 200 ? { 'If-Match': before.headers.etag ?? '' } : {}
  const answer = await by.put(`${contacts}u.vcf`, text, match)
  expect([201, 204]).toContain(answer.status)
}

const jobsOf = async (account: Account) => (await party(account, await idOf(account, 'Ann Doe'))).memberships
const suggested = async (account: Account) => (await call(account, 'GET', '/suggestions')).json.items
const stored = async (account: Account) => (await account.get(`${account.contacts}u.vcf`)).text

describe('design §5 primary job ↔ ORG/TITLE/ROLE: from card to beside', () => {
  it('an iPhone that writes another ORG ends the old job today and begins the new one, with the organisation of that name', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const [acme, globex] = [await company(alice, 'ACME'), await company(alice, 'Globex')]
    await write(alice, alice, card('4.0', 'ORG:Acme;Lab', 'TITLE:Engineer', 'X-CUSTOMER:42'))
    expect(await jobsOf(alice)).toMatchObject([
      {
        organisation: { id: acme },
        title: 'Engineer',
        department: 'Lab',
        isPrimary: true,
        from: null,
        until: null,
      },
    ])
    await write(phone, alice, card('3.0', 'ORG:Globex;Lab', 'TITLE:Engineer'))
    expect(await jobsOf(alice)).toMatchObject([
      { organisation: { id: acme }, isPrimary: false, until: today() },
      { organisation: { id: globex }, title: 'Engineer', isPrimary: true, from: today(), until: null },
    ])
    expect(await suggested(alice)).toEqual([])
    await write(phone, alice, card('3.0', 'ORG:Acme;Lab', 'TITLE:Engineer'))
    expect(await jobsOf(alice)).toMatchObject([
      { organisation: { id: acme }, isPrimary: true, until: null },
      { organisation: { id: globex }, isPrimary: false, until: today() },
    ])
  })

  it('a name that nobody has, or several have, stays as text with a suggestion; nobody is made', async () => {
    const alice = await server.account()
    await write(alice, alice, card('3.0', 'ORG:Acme'))
    await write(alice, alice, card('3.0', 'ORG:Initech'))
    expect((await jobsOf(alice)).at(-1)).toMatchObject({ organisation: null, organisationName: 'Initech' })
    expect(await suggested(alice)).toMatchObject([{ kind: 'employer', name: 'Initech', candidates: [] }])
    expect((await call(alice, 'GET', '/parties?kind=org')).json.items).toEqual([])
    const twins = [
      await company(alice, 'Twin', ['EMAIL:a@one.example']),
      await (async () => {
        await alice.put(
          `${alice.contacts}t.vcf`,
          card('3.0', 'KIND:org').replace('UID:u', 'UID:t').replace('FN:Ann Doe', 'FN:TWIN'),
        )
        return idOf(alice, 'TWIN')
      })(),
    ]
    await write(alice, alice, card('3.0', 'ORG:Twin'))
    const [question] = await suggested(alice)
    expect(question.candidates.map(({ id }: { id: number }) => id).sort()).toEqual(twins.sort())
    const refused = await call(alice, 'POST', `/suggestions/${question.id}/accept`, {})
    expect(refused.status).toBe(422)
    const taken = await call(alice, 'POST', `/suggestions/${question.id}/accept`, { party: twins[1] })
    expect(taken.status).toBe(204)
    expect((await jobsOf(alice)).at(-1)).toMatchObject({
      organisation: { id: twins[1] },
      organisationName: 'Twin',
    })
  })

  it('a suggestion can make the organisation, or be left', async () => {
    const alice = await server.account()
    await write(alice, alice, card('3.0', 'ORG:Acme'))
    await write(alice, alice, card('3.0', 'ORG:Initech'))
    const before = await stored(alice)
    const [{ id }] = await suggested(alice)
    expect((await call(alice, 'POST', `/suggestions/${id}/accept`, { create: true })).status).toBe(204)
    expect((await jobsOf(alice)).at(-1)).toMatchObject({ organisation: { name: 'Initech', kind: 'org' } })
    expect(await stored(alice)).toBe(before)
    await write(alice, alice, card('3.0', 'ORG:Hooli'))
    const [other] = await suggested(alice)
    expect((await call(alice, 'POST', `/suggestions/${other.id}/dismiss`)).status).toBe(204)
    expect(await suggested(alice)).toEqual([])
    expect((await call(alice, 'POST', `/suggestions/${other.id}/accept`, { create: true })).status).toBe(404)
    const left = (await call(alice, 'GET', '/suggestions?state=dismissed')).json.items
    expect(left).toEqual([other])
    const mallory = await server.account()
    expect((await call(mallory, 'GET', '/suggestions?state=dismissed')).json.items).toEqual([])
    const path = `/suggestions/${other.id}/dismiss`
    expect([
      (await call(mallory, 'DELETE', path)).status,
      (await call(alice, 'DELETE', path)).status,
    ]).toEqual([404, 204])
    expect([await suggested(alice), (await call(alice, 'DELETE', path)).status]).toEqual([[other], 404])
  })

  it('finds the organisation by mail domain where the names begin alike', async () => {
    const alice = await server.account()
    const acme = await company(alice, 'Acme Industries GmbH', ['EMAIL:info@acme.example'])
    await write(alice, alice, card('3.0', 'ORG:Acme', 'EMAIL:ann@acme.example'))
    expect(await jobsOf(alice)).toMatchObject([{ organisation: { id: acme }, organisationName: 'Acme' }])
    await write(alice, alice, card('3.0', 'ORG:Initech', 'EMAIL:ann@acme.example'))
    expect((await jobsOf(alice)).at(-1)).toMatchObject({ organisation: null })
    expect(await suggested(alice)).toMatchObject([{ candidates: [{ id: acme }] }])
  })

  it('a title or a role alone changes the job that there is', async () => {
    const alice = await server.account()
    const davx5 = await deviceOf(server, alice, 'davx5')
    await write(davx5, alice, card('4.0', 'ORG:Acme', 'TITLE:Engineer'))
    await write(davx5, alice, card('4.0', 'ORG:Acme', 'TITLE:Head', 'ROLE:Lead'))
    expect(await jobsOf(alice)).toMatchObject([{ title: 'Head', role: 'Lead', isPrimary: true, until: null }])
    await write(davx5, alice, card('4.0', 'TITLE:Head'))
    expect(await jobsOf(alice)).toMatchObject([
      { organisationName: 'Acme', isPrimary: false, until: today() },
      { organisationName: '', title: 'Head', isPrimary: true },
    ])
  })

  it('what only the card told of becomes a job that is over', async () => {
    const alice = await server.account()
    await write(alice, alice, card('3.0', 'ORG:Acme'))
    await server.services.store.write((tx) => tx.sql.run('DELETE FROM memberships'))
    await write(alice, alice, card('3.0', 'ORG:Globex'))
    expect(await jobsOf(alice)).toMatchObject([
      { organisationName: 'Acme', until: today() },
      { organisationName: 'Globex', isPrimary: true },
    ])
  })

  it('a card that comes back out of the trash, or is copied, says nothing against what is known', async () => {
    const alice = await server.account()
    await write(alice, alice, card('3.0', 'ORG:Acme'))
    const before = await jobsOf(alice)
    await alice.delete(`${alice.contacts}u.vcf`)
    await write(alice, alice, card('3.0', 'ORG:Stale'))
    expect(await jobsOf(alice)).toEqual(before)
  })
})

describe('design §5 primary job ↔ ORG/TITLE/ROLE: from beside to card', () => {
  it('patches those lines, keeps further units and all else, and is no news to the other side', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const globex = await company(alice, 'Globex')
    await write(
      alice,
      alice,
      card('3.0', 'ORG:Acme;Lab;Room 5', 'TITLE:Engineer', 'item1.URL:x', 'item1.X-ABLabel:Shop'),
    )
    const ann = await idOf(alice, 'Ann Doe')
    const [job] = await jobsOf(alice)
    const token = (await phone.sync(alice.contacts, '')).syncToken ?? ''
    await call(alice, 'PATCH', `/parties/${ann}/memberships/${job.id}`, {
      title: 'Chief',
      department: 'Board',
    })
    expect(await stored(alice)).toBe(
      card('3.0', 'ORG:Acme;Board;Room 5', 'TITLE:Chief', 'item1.URL:x', 'item1.X-ABLabel:Shop'),
    )
    expect((await phone.syncAll(alice.contacts, token)).changed).toHaveLength(1)
    const made = await call(alice, 'POST', `/parties/${ann}/memberships`, {
      organisation: globex,
      title: 'CEO',
      isPrimary: true,
    })
    expect(made.status).toBe(201)
    expect(await stored(alice)).toContain('ORG:Globex;Board;Room 5\r\nTITLE:CEO')
    expect(await jobsOf(alice)).toMatchObject([
      { title: 'Chief', isPrimary: false, until: null },
      { title: 'CEO', isPrimary: true, organisation: { id: globex } },
    ])
    await call(alice, 'PATCH', `/parties/${ann}/memberships/${made.json.id}`, { until: today() })
    expect(await stored(alice)).not.toMatch(/ORG|TITLE/)
    expect(await jobsOf(alice)).toHaveLength(2)
  })

  it('leaves the cards as they are where something else is changed', async () => {
    const alice = await server.account()
    await write(alice, alice, card('3.0', 'ORG:Acme', 'TITLE:Engineer'))
    const ann = await idOf(alice, 'Ann Doe')
    const etag = (await alice.get(`${alice.contacts}u.vcf`)).headers.etag
    await call(alice, 'POST', `/parties/${ann}/memberships`, { organisationName: 'Club', title: 'Treasurer' })
    await call(alice, 'PATCH', `/parties/${ann}/memberships/${(await jobsOf(alice))[0].id}`, { from: '2020' })
    expect((await alice.get(`${alice.contacts}u.vcf`)).headers.etag).toBe(etag)
  })
})
