import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { merge, partyAt, stateOf, undo } from '../features/people/merge-world.ts'
import type { Client } from './client.ts'
import { deviceOf } from './devices.ts'
import { card } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer()

const anna = ['TEL;TYPE=CELL:+49 171 1234567']
const other = ['EMAIL:anna@x.example', 'TEL;TYPE=HOME:030 7654321', 'X-OTHER:too']

/** A phone that has two cards of one person, who are made one in the web. */
async function merged(kind: 'davx5' | 'apple' | undefined = 'davx5') {
  const alice = await server.account()
  const phone = kind ? await deviceOf(server, alice, kind) : alice
  const [first, second] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
  await alice.put(first, card('a', 'Anna Meier', anna))
  const had = card('b', 'A. Meier', other)
  await alice.put(second, had)
  const token = (await phone.sync(alice.contacts, '')).syncToken ?? ''
  const etag = String((await phone.get(second)).headers.etag)
  const { id } = await merge(alice, await partyAt(server, first), await partyAt(server, second))
  return { alice, phone, first, second, had, etag, token, id }
}

/** What a device is told has changed since, by name. */
async function told(
  phone: Pick<Client, 'sync'>,
  path: string,
  token: string,
): Promise<Record<string, number>> {
  const { responses } = await phone.sync(path, token)
  return Object.fromEntries(
    responses.map(({ href, status }) => [href.split('/').at(-1) ?? '', status ?? 200]),
  )
}

const cardsOf = async (alice: Account): Promise<string[]> =>
  (await alice.propfind(alice.contacts, 1, [dav('getetag')])).hrefs.filter((href) => href.endsWith('.vcf'))

describe('RFC 6352 §6.3.2 a phone that still has the card of somebody who was merged into another', () => {
  it('is told that it is gone, and of the survivor’s', async () => {
    const { alice, phone, second, token } = await merged()
    expect(await told(phone, alice.contacts, token)).toEqual({ 'a.vcf': 200, 'b.vcf': 404 })
    expect((await phone.get(second)).status).toBe(404)
  })

  for (const condition of ['If-Match', 'If-None-Match', undefined] as const) {
    it(`edits the survivor's card with what it has changed (${condition ?? 'no condition'}), and has no zombie`, async () => {
      const { alice, phone, first, second, had, etag, token } = await merged()
      const edited = had.replace('TEL;TYPE=HOME:030 7654321', 'TEL;TYPE=HOME:030 1111111')
      const headers: Record<string, string> =
        condition === undefined ? {} : { [condition]: condition === 'If-Match' ? etag : '*' }
      const answer = await phone.put(second, edited, headers)
      expect(answer.status).toBe(condition === 'If-Match' ? 204 : 201)
      expect(answer.headers.etag).toBeUndefined()
      const { text } = await alice.get(first)
      expect(text).toContain('030 1111111')
      expect(text).not.toContain('030 7654321')
      for (const line of ['UID:a', 'FN:Anna Meier', 'X-OTHER:too', '+49 171 1234567'])
        expect(text).toContain(line)
      expect(await cardsOf(alice)).toEqual([first])
      expect(await told(phone, alice.contacts, token)).toEqual({ 'a.vcf': 200, 'b.vcf': 404 })
    })
  }

  it('is told again that the name is gone, though it knew before, so that it does not keep what it put', async () => {
    const { alice, phone, second, had } = await merged()
    const token = (await phone.sync(alice.contacts, '')).syncToken ?? ''
    expect((await phone.put(second, had, { 'If-None-Match': '*' })).status).toBe(201)
    expect(await told(phone, alice.contacts, token)).toEqual({ 'b.vcf': 404 })
    const elsewhere = `${alice.contacts}new-name.vcf`
    expect((await phone.put(elsewhere, had, { 'If-None-Match': '*' })).status).toBe(201)
    expect(await told(phone, alice.contacts, token)).toEqual({ 'b.vcf': 404, 'new-name.vcf': 404 })
    expect(await cardsOf(alice)).toHaveLength(1)
  })

  it('is refused with an entity tag that the card has never had', async () => {
    const { phone, second, had } = await merged()
    expect((await phone.put(second, had, { 'If-Match': '"never"' })).status).toBe(412)
  })

  it('deletes nothing of the survivor', async () => {
    const { alice, phone, first, second, etag } = await merged()
    const before = await alice.get(first)
    expect((await phone.request('DELETE', second, { headers: { 'If-Match': etag } })).status).toBe(404)
    expect((await phone.request('DELETE', second)).status).toBe(404)
    expect((await alice.get(first)).headers.etag).toBe(before.headers.etag)
  })

  it('may give the name to somebody else', async () => {
    const { alice, phone, first, second } = await merged()
    expect((await phone.put(second, card('c', 'Paul Roth'), { 'If-None-Match': '*' })).status).toBe(201)
    expect(await cardsOf(alice)).toEqual([first, second].sort())
    expect(await partyAt(server, second)).not.toBe(await partyAt(server, first))
  })

  it('adds it to the survivor’s by POST too (RFC 5995)', async () => {
    const { alice, first, had } = await merged(undefined)
    const answer = await alice.request('POST', `${alice.contacts}?add-member`, {
      headers: { 'Content-Type': 'text/vcard' },
      body: had.replace('END:VCARD', 'NOTE:added\r\nEND:VCARD'),
    })
    expect([answer.status, answer.headers.location]).toEqual([201, first])
    expect((await alice.get(first)).text).toContain('NOTE:added')
    expect(await cardsOf(alice)).toEqual([first])
  })

  it('goes on after the merge is undone, as if there had been none', async () => {
    const { alice, phone, first, second, had, token, id } = await merged()
    const was = await alice.get(first)
    await phone.put(second, had.replace('END:VCARD', 'NOTE:of the phone\r\nEND:VCARD'))
    expect(await undo(alice, id)).toEqual({ status: 200, left: [] })
    expect(await told(phone, alice.contacts, token)).toEqual({ 'a.vcf': 200, 'b.vcf': 200 })
    const back = await phone.get(second)
    const kept = card('a', 'Anna Meier', [...anna, 'NOTE:of the phone'])
    expect([(await alice.get(first)).text, was.text.includes('anna@x.example')]).toEqual([kept, true])
    await phone.put(second, back.text.replace('030 7654321', '030 2222222'))
    expect((await alice.get(second)).text).toContain('030 2222222')
    expect((await alice.get(first)).text).not.toContain('030 2222222')
    expect(await stateOf(server, alice)).toMatchObject({ aliases: [] })
  })
})
