import { describe, expect, it } from 'vitest'
import { call } from '../../api/json.ts'
import { card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useFolder } from '../folder.ts'
import { useShares } from '../shares.ts'
import { importAll, inShort } from '../world.ts'
import { addFact, merge, partyAt, stateOf, undo } from './merge-world.ts'

const server = useServer()
const shares = useShares(server)
const folder = useFolder()

/** Two cards of one person in one book. */
async function two(alice: Account) {
  const [first, second] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
  await alice.put(first, card('a', 'Anna Meier', ['TEL;TYPE=CELL:+49 171 1234567', 'X-OWN:kept']))
  await alice.put(second, card('b', 'A. Meier', ['EMAIL:anna@x.example', 'TEL:0171 1234567', 'X-OTHER:too']))
  const [a, b] = [await partyAt(server, first), await partyAt(server, second)]
  return { first, second, a, b }
}

describe('the preview of a merge', () => {
  it('shows field by field what both have, what is proposed, and which cards go', async () => {
    const alice = await server.account()
    const { a, b } = await two(alice)
    const { status, json, headers } = await call(alice, 'GET', `/merges/preview?a=${a}&b=${b}`)
    expect(status).toBe(200)
    expect(headers.etag).toMatch(/^"/)
    expect(json.survivor).toMatchObject({ id: a, name: 'Anna Meier', cards: [{ name: 'a.vcf' }] })
    expect(json.gone).toMatchObject([{ name: 'b.vcf' }])
    expect(json.apart).toEqual([])
    const fields = new Map(json.fields.map((field: { name: string }) => [field.name, field]))
    expect(fields.get('FN')).toMatchObject({
      survivor: [{ value: 'Anna Meier' }],
      loser: [{ value: 'A. Meier' }],
      proposed: 'survivor',
      choices: ['survivor', 'loser', 'both'],
    })
    expect(fields.get('EMAIL')).toMatchObject({ survivor: [], proposed: 'loser' })
    expect(fields.get('TEL')).toMatchObject({ isSame: true })
  })

  it('is refused for one and the same, for a person and an organisation, and where not both are seen', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { a, b } = await two(alice)
    const org = `${alice.contacts}org.vcf`
    await alice.put(org, card('org', 'Lyra', ['ORG:Lyra', 'X-ABShowAs:COMPANY']))
    const c = await partyAt(server, org)
    const preview = async (who: Account, one: number, other: number) =>
      (await call(who, 'GET', `/merges/preview?a=${one}&b=${other}`)).status
    expect(await preview(alice, a, a)).toBe(422)
    expect(await preview(alice, a, c)).toBe(422)
    expect(await preview(alice, a, 999_999)).toBe(404)
    expect(await preview(bob, a, b)).toBe(404)
  })
})

describe('a merge', () => {
  it('makes one card of two, of the survivor’s name and UID, and one person with all that is known of both', async () => {
    const alice = await server.account()
    const { first, second, a, b } = await two(alice)
    await addFact(server, b, 'of the loser')
    const { status, id } = await merge(alice, a, b, { choices: { FN: 'loser' } })
    expect(status).toBe(201)
    const { text } = await alice.get(first)
    for (const line of ['UID:a', 'FN:A. Meier', 'EMAIL:anna@x.example', 'X-OWN:kept', 'X-OTHER:too'])
      expect(text.split('\r\n')).toContain(line)
    expect(text.match(/TEL/g)).toHaveLength(1)
    expect((await alice.get(second)).status).toBe(404)
    const { json } = await call(alice, 'GET', `/merges?party=${b}`)
    expect(json.items).toMatchObject([{ id, survivor: a, loser: b, name: 'A. Meier', undoneAt: null }])
    const timeline = await call(alice, 'GET', `/parties/${a}/timeline`)
    expect(timeline.json.items).toContainEqual(
      expect.objectContaining({ kind: 'merge', title: 'A. Meier', data: { merge: id, isUndone: false } }),
    )
    expect(await stateOf(server, alice)).toMatchObject({
      history: [{ party_id: a, key: 'of the loser' }],
      parties: [{ id: a, merged_into: null }],
      aliases: [{ name: 'b.vcf', uid_key: 'b' }],
    })
  })

  it('is judged by the entity tag of the preview', async () => {
    const alice = await server.account()
    const { first, a, b } = await two(alice)
    const preview = await call(alice, 'GET', `/merges/preview?a=${a}&b=${b}`)
    const etag = String(preview.headers.etag)
    await alice.put(first, card('a', 'Anna Meier', ['NOTE:changed since']))
    const asked = { survivor: a, loser: b }
    expect((await call(alice, 'POST', '/merges', asked, { 'If-Match': etag })).status).toBe(412)
    expect((await call(alice, 'POST', '/merges', asked, { 'If-Match': '"other"' })).status).toBe(412)
    const fresh = await call(alice, 'GET', `/merges/preview?a=${a}&b=${b}`)
    const headers = { 'If-Match': String(fresh.headers.etag) }
    expect((await call(alice, 'POST', '/merges', asked, headers)).status).toBe(201)
  })

  it('leaves cards in different books as they are, unless it is asked to bring them to the same content', async () => {
    const alice = await server.account()
    await alice.request('MKCOL', `${alice.books}other/`, {
      headers: { 'Content-Type': 'application/xml' },
      body: `<mkcol xmlns="DAV:"><set><prop><resourcetype><collection/><addressbook xmlns="urn:ietf:params:xml:ns:carddav"/></resourcetype></prop></set></mkcol>`,
    })
    const there = `${alice.books}other/c.vcf`
    for (const inAllBooks of [false, true]) {
      const { first, a } = await two(alice)
      await alice.put(there, card('c', 'Anna M.', ['EMAIL:c@x.example', 'X-THERE:1']))
      const before = await stateOf(server, alice)
      const c = await partyAt(server, there)
      const preview = (await call(alice, 'GET', `/merges/preview?a=${a}&b=${c}`)).json
      const apart = [{ name: 'a.vcf' }, { name: 'c.vcf', book: 'other' }]
      expect(preview).toMatchObject({
        gone: [],
        apart: expect.arrayContaining(apart.map((one) => expect.objectContaining(one))),
      })
      const { id } = await merge(alice, a, c, { inAllBooks })
      expect(await partyAt(server, there)).toBe(a)
      const [here, other] = [(await alice.get(first)).text, (await alice.get(there)).text]
      expect(here.includes('c@x.example')).toBe(inAllBooks)
      expect(other.includes('+49 171 1234567') && other.includes('FN:Anna Meier')).toBe(inAllBooks)
      expect(other).toContain('UID:c')
      expect(await undo(alice, id)).toEqual({ status: 200, left: [] })
      expect(await stateOf(server, alice)).toEqual(before)
    }
  })

  it('is refused to whoever may not change all of their cards', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { a, b } = await two(alice)
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    expect((await merge(bob, a, b)).status).toBe(403)
  })

  it('of people who were merged before leads on from the first to the last', async () => {
    const alice = await server.account()
    const { a, b } = await two(alice)
    const third = `${alice.contacts}c.vcf`
    await alice.put(third, card('c', 'Anna Meier', ['EMAIL:c@x.example']))
    const c = await partyAt(server, third)
    const one = await merge(alice, b, a)
    const two_ = await merge(alice, c, b)
    expect(two_.status).toBe(201)
    expect((await call(alice, 'GET', `/merges?party=${a}`)).json.items).toMatchObject([{ id: two_.id }])
    expect((await undo(alice, one.id)).status).toBe(409)
    expect((await undo(alice, two_.id)).status).toBe(200)
    expect((await undo(alice, one.id)).status).toBe(200)
    expect((await undo(alice, one.id)).status).toBe(409)
  })
})

describe('an import after a merge', () => {
  it('of what the loser was is passed over, and the reason is told', async () => {
    const alice = await server.account()
    const { first, second, a, b } = await two(alice)
    const file = folder.write('old.vcf', (await alice.get(second)).text)
    await merge(alice, a, b)
    const before = await alice.get(first)
    expect(inShort(await importAll(server, alice, [file]))).toEqual([
      'skipped 1 Whom it describes was merged into another, a.vcf: edit that card.',
    ])
    expect((await alice.get(first)).headers.etag).toBe(before.headers.etag)
    expect(inShort(await importAll(server, alice, [file], { onMatch: 'new' }))).toEqual([
      'created contacts/b.vcf',
    ])
  })
})

describe('undoing a merge after others have changed something', () => {
  it('leaves what was changed since with the survivor, and brings the loser back as he was', async () => {
    const alice = await server.account()
    const { first, second, a, b } = await two(alice)
    const [was, lost] = [(await alice.get(first)).text, await alice.get(second)]
    const { id } = await merge(alice, a, b)
    await addFact(server, a, 'since')
    const united = (await alice.get(first)).text
    await alice.put(first, united.replace('END:VCARD', 'NOTE:since\r\nEND:VCARD'))
    expect(await undo(alice, id)).toEqual({ status: 200, left: [] })
    expect((await alice.get(first)).text).toBe(was.replace('END:VCARD', 'NOTE:since\r\nEND:VCARD'))
    const back = await alice.get(second)
    expect([back.text, back.headers.etag]).toEqual([lost.text, lost.headers.etag])
    expect(await partyAt(server, second)).toBe(b)
    expect(await stateOf(server, alice)).toMatchObject({
      history: [{ party_id: a, key: 'since' }],
      aliases: [],
    })
  })

  it('says what was changed in the very place, and stays so', async () => {
    const alice = await server.account()
    const { first, a, b } = await two(alice)
    const { id } = await merge(alice, a, b, { choices: { FN: 'loser' } })
    const { text } = await alice.get(first)
    await alice.put(first, text.replace('FN:A. Meier', 'FN:Anna Roth'))
    const { left } = await undo(alice, id)
    expect(left).toEqual(['FN was changed since, and stays so.'])
    expect((await alice.get(first)).text).toContain('FN:Anna Roth')
  })

  it('waits while the survivor’s card is in the trash: whom nobody sees, nobody undoes', async () => {
    const alice = await server.account()
    const { first, second, a, b } = await two(alice)
    const { id } = await merge(alice, a, b)
    await alice.delete(first)
    expect((await call(alice, 'POST', `/merges/${id}/undo`)).status).toBe(404)
    expect((await alice.get(second)).status).toBe(404)
  })
})
