import { describe, expect, it } from 'vitest'
import { listHeldEdits } from '../../storage/held/held-edits.ts'
import { deviceOf } from './devices.ts'
import { card, event } from './objects.ts'
import { type Account, useServer } from './server.ts'
import { postShare, remove } from './sharing.ts'
import { masked, sharedWith, takeFrom } from './virtual/masked.ts'

interface Held {
  readonly id: number
  readonly collection: string
  readonly name: string
  readonly device: string | null
  readonly status: number
  readonly reason: string
  readonly storedEtag: string | null
}

async function heldOf(account: Account): Promise<readonly Held[]> {
  const answer = await account.get('/api/held')
  expect(answer.status).toBe(200)
  return JSON.parse(answer.text).held
}

function apply(account: Account, { id }: Held, body: object = {}) {
  return account.request('POST', `/api/held/${id}/apply`, {
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  })
}

describe('RFC 9110 §13.1.1 an edit that was refused with 412 is held for its owner', () => {
  const server = useServer()

  it('with what it would change, and merges a card with what is there now', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const path = `${alice.contacts}u.vcf`
    const first = card('u', 'Ann Doe', ['TEL:1', 'CATEGORIES:VIP'])
    const { etag = '' } = (await alice.put(path, first)).headers
    await alice.put(path, first.replace('TEL:1', 'TEL:1\r\nROLE:Chair'))
    const refused = await phone.put(path, card('u', 'Ann Doe', ['TEL:2']), { 'If-Match': etag })
    expect(refused.status).toBe(412)
    const [edit, ...others] = await heldOf(alice)
    expect(others).toEqual([])
    if (!edit) throw new Error('Nothing is held.')
    expect(edit).toMatchObject({ name: 'u.vcf', collection: 'contacts', device: 'apple', status: 412 })
    expect(edit.reason).toBe('precondition-failed')
    const shown = JSON.parse((await alice.get(`/api/held/${edit.id}`)).text)
    expect(shown.text).toBe(card('u', 'Ann Doe', ['TEL:2']))
    expect(shown.differences).toContainEqual({ property: 'VCARD/TEL', stored: 'TEL:1', held: 'TEL:2' })
    expect((await apply(alice, edit, { ifMatch: '"old"' })).status).toBe(412)
    const applied = await apply(alice, edit, { ifMatch: edit.storedEtag })
    expect(JSON.parse(applied.text)).toMatchObject({ kind: 'updated' })
    expect((await alice.get(path)).text).toBe(first.replace('TEL:1', 'TEL:2\r\nROLE:Chair'))
    expect(await heldOf(alice)).toEqual([])
  })

  it('and takes the place of an event, unless that was rescheduled since', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}e.ics`
    const mine = event('e', ['DTSTART:20260115T100000Z', 'LOCATION:mine'])
    const { etag = '' } = (await alice.put(path, event('e', ['DTSTART:20260115T100000Z', 'LOCATION:one'])))
      .headers
    await alice.put(path, event('e', ['DTSTART:20260115T100000Z', 'LOCATION:two', 'SEQUENCE:2']))
    expect((await alice.put(path, mine, { 'If-Match': etag })).status).toBe(412)
    const [edit] = await heldOf(alice)
    if (!edit) throw new Error('Nothing is held.')
    const shown = JSON.parse((await alice.get(`/api/held/${edit.id}`)).text)
    expect(shown.differences).toContainEqual({
      property: 'VCALENDAR/VEVENT/LOCATION',
      stored: 'LOCATION:two',
      held: 'LOCATION:mine',
    })
    expect((await apply(alice, edit)).status).toBe(409)
    expect((await apply(alice, edit, { replace: true })).status).toBe(200)
    expect((await alice.get(path)).text).toBe(mine)
  })

  it('once only, not when it is what is there, and not when it was refused for want of rights', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const path = `${alice.contacts}u.vcf`
    await alice.put(path, card('u'))
    const fresh = { 'If-None-Match': '*' }
    expect((await alice.put(path, card('u'), fresh)).status).toBe(412)
    expect(await heldOf(alice)).toEqual([])
    for (let time = 0; time < 3; time += 1) {
      expect((await alice.put(path, card('u', 'Other One'), fresh)).status).toBe(412)
    }
    expect(await heldOf(alice)).toHaveLength(1)
    expect((await bob.put(path, card('v'), { 'If-Match': '"x"' })).status).toBe(403)
    expect(await heldOf(bob)).toEqual([])
  })

  it('and comes back where the object was deleted meanwhile', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}u.vcf`
    const { etag = '' } = (await alice.put(path, card('u'))).headers
    await alice.delete(path)
    expect((await alice.put(path, card('u', 'Ann Edited'), { 'If-Match': etag })).status).toBe(412)
    const [edit] = await heldOf(alice)
    if (!edit) throw new Error('Nothing is held.')
    expect(edit.storedEtag).toBeNull()
    expect(JSON.parse((await apply(alice, edit)).text)).toMatchObject({ kind: 'created' })
    expect((await alice.get(path)).text).toBe(card('u', 'Ann Edited'))
  })
})

describe('RFC 6352 §6.3.2.1, RFC 4791 §5.3.2.1 an edit that a rule refused is held', () => {
  const server = useServer()

  it('under the name of the precondition, is not applied while the rule holds, and can be dropped', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('u'))
    expect((await alice.put(`${alice.contacts}b.vcf`, card('u', 'Twin Two'))).status).toBe(403)
    expect((await alice.put(`${alice.contacts}c.vcf`, 'rubbish')).status).toBe(403)
    expect((await alice.put(`${alice.calendar}d.ics`, 'rubbish')).status).toBe(403)
    const held = await heldOf(alice)
    expect(held.map(({ reason }) => reason)).toEqual([
      'valid-calendar-data',
      'valid-address-data',
      'carddav:no-uid-conflict',
    ])
    for (const edit of held) {
      expect((await apply(alice, edit)).status).toBe(403)
      expect((await alice.get(`/api/held/${edit.id}`)).status).toBe(200)
    }
    await alice.delete(`${alice.contacts}a.vcf`)
    const [, , twin] = held
    if (twin) expect((await apply(alice, twin)).status).toBe(200)
    for (const { id } of held.slice(0, 2)) expect((await alice.delete(`/api/held/${id}`)).status).toBe(204)
    expect((await alice.delete(`/api/held/${held[0]?.id}`)).status).toBe(404)
    expect(await heldOf(alice)).toEqual([])
  })

  it('is nobody else’s to see, apply or drop, and a card of no known base wants to be replaced', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const path = `${alice.contacts}u.vcf`
    await alice.put(path, card('u'))
    await alice.put(path, card('u', 'New Name'), { 'If-None-Match': '*' })
    const [edit] = await heldOf(alice)
    if (!edit) throw new Error('Nothing is held.')
    expect((await bob.get(`/api/held/${edit.id}`)).status).toBe(404)
    expect((await apply(bob, edit)).status).toBe(404)
    expect((await bob.delete(`/api/held/${edit.id}`)).status).toBe(404)
    expect((await apply(alice, edit)).status).toBe(409)
    expect((await apply(alice, edit, { replace: true })).status).toBe(200)
    expect((await alice.get(path)).text).toBe(card('u', 'New Name'))
  })

  it('says what applying it changes, or why it needs to be said that it replaces what is there', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'apple')
    const path = `${alice.contacts}u.vcf`
    const first = card('u', 'Ann Doe', ['TEL:1'])
    const { etag = '' } = (await alice.put(path, first)).headers
    await alice.put(path, first.replace('TEL:1', 'TEL:1\r\nROLE:Chair'))
    await phone.put(path, card('u', 'Ann Doe', ['TEL:2']), { 'If-Match': etag })
    const [edit] = await heldOf(alice)
    if (!edit) throw new Error('Nothing is held.')
    const shown = async () => JSON.parse((await alice.get(`/api/held/${edit.id}`)).text).outcome
    // ROLE stays: the device did not know of it, and so did not take it away.
    expect(await shown()).toEqual({
      kind: 'changes',
      changes: [{ property: 'VCARD/TEL', stored: 'TEL:1', held: 'TEL:2' }],
    })
    await phone.put(path, card('u', 'Ann Doe', ['TEL:3']), { 'If-Match': '"never"' })
    const [unknown] = await heldOf(alice)
    const other = JSON.parse((await alice.get(`/api/held/${unknown?.id}`)).text).outcome
    expect(other).toMatchObject({ kind: 'conflict', reason: expect.stringContaining('replace') })
    await alice.delete(path)
    expect((await apply(alice, edit, { ifMatch: edit.storedEtag })).status).toBe(412)
    expect((await apply(alice, edit, { ifMatch: null })).status).toBe(200)
    expect((await alice.get(path)).text).toContain('TEL:2')
    if (unknown) expect((await apply(alice, unknown, { ifMatch: null, replace: true })).status).toBe(412)
  })

  it('is put back after it was discarded or applied, for as long as it is kept', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const path = `${alice.contacts}u.vcf`
    await alice.put(path, card('u'))
    await alice.put(path, card('u', 'Refused'), { 'If-Match': '"x"' })
    const [edit] = await heldOf(alice)
    if (!edit) throw new Error('Nothing is held.')
    const at = `/api/held/${edit.id}`
    const settled = async () => JSON.parse((await alice.get('/api/held?state=settled')).text).held
    for (const settle of [
      async () => (await alice.delete(at)).status,
      async () => (await apply(alice, edit, { replace: true, ifMatch: edit.storedEtag })).status,
    ]) {
      expect((await alice.request('POST', `${at}/restore`)).status).toBe(404)
      expect([200, 204]).toContain(await settle())
      expect(await heldOf(alice)).toEqual([])
      expect(await settled()).toMatchObject([{ id: edit.id, settledAs: expect.any(String) }])
      expect((await alice.get(at)).status).toBe(404)
      expect((await apply(alice, edit)).status).toBe(404)
      expect((await bob.request('POST', `${at}/restore`)).status).toBe(404)
      expect((await alice.request('POST', `${at}/restore`)).status).toBe(200)
      expect(await settled()).toEqual([])
      expect(await heldOf(alice)).toMatchObject([{ id: edit.id, settledAs: null }])
    }
  })

  it('of a sharee whose rights are gone is neither applied nor compared', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const json = { 'Content-Type': 'application/json' }
    const wanted = JSON.stringify({ collection: 'contacts', with: bob.name, access: 'read-write' })
    const share = JSON.parse(
      (await alice.request('POST', '/api/shares', { headers: json, body: wanted })).text,
    )
    const path = `${alice.contacts}u.vcf`
    await alice.put(path, card('u'))
    expect((await bob.put(path, card('u', 'By Bob'), { 'If-Match': '"x"' })).status).toBe(412)
    const [edit] = await heldOf(bob)
    if (!edit) throw new Error('Nothing is held.')
    expect((await alice.delete(`/api/shares/${share.id}`)).status).toBe(204)
    expect(JSON.parse((await bob.get(`/api/held/${edit.id}`)).text).differences).toBeUndefined()
    expect((await apply(bob, edit, { replace: true })).status).toBe(403)
    expect((await alice.get(path)).text).toBe(card('u'))
  })
})

describe('design, rights: a mask holds for what was refused before it was given', () => {
  const server = useServer()

  it('nothing of what is hidden by now is told, and none of it is written over', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const book = await sharedWith(alice, bob)
    const whole = card('u', 'Ann Doe', ['TEL:1', 'NOTE:Quillfeather'])
    await alice.put(`${alice.contacts}u.vcf`, whole)
    const sent = card('u', 'Ann Edited', ['TEL:2'])
    expect((await bob.put(`${book}u.vcf`, sent, { 'If-Match': '"x"' })).status).toBe(412)
    const [edit] = await heldOf(bob)
    if (!edit) throw new Error('Nothing is held.')
    const mask = await masked(server, { hide: ['NOTE'] }, bob)
    const at = `/api/held/${edit.id}`
    const told = [(await bob.get('/api/held')).text, (await bob.get(at)).text]
    expect(told.join()).not.toContain('Quillfeather')
    expect(told.join()).not.toContain(String(edit.storedEtag?.slice(1, -1)))
    expect((await apply(bob, edit, { replace: true })).status).toBe(403)
    expect((await alice.get(`${alice.contacts}u.vcf`)).text).toBe(whole)
    await takeFrom(server, mask, bob)
    expect((await bob.get(at)).text).toContain('Quillfeather')
  })

  it('nothing of what is there is told to who may not read it by now', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const book = await sharedWith(alice, bob)
    await alice.put(`${alice.contacts}u.vcf`, card('u'))
    await bob.put(`${book}u.vcf`, card('u', 'By Bob'), { 'If-Match': '"x"' })
    expect((await heldOf(bob))[0]?.storedEtag).not.toBeNull()
    await postShare(alice, alice.contacts, remove(bob.principal))
    const before = (await bob.get('/api/held')).text
    await alice.put(`${alice.contacts}u.vcf`, card('u', 'Changed since'))
    expect((await bob.get('/api/held')).text).toBe(before)
    await alice.delete(`${alice.contacts}u.vcf`)
    expect((await bob.get('/api/held')).text).toBe(before)
  })
})

describe('held edits are bounded (design, law 10)', () => {
  const server = useServer({ limits: { heldEdits: 3, heldEditBytes: 2_000 } })

  it('by their number and by their octets; the oldest go first', async () => {
    const alice = await server.account()
    for (const name of ['a', 'b', 'c', 'd'])
      await alice.put(`${alice.contacts}${name}.vcf`, `rubbish ${name}`)
    expect((await heldOf(alice)).map(({ name }) => name)).toEqual(['d.vcf', 'c.vcf', 'b.vcf'])
    await alice.put(`${alice.contacts}e.vcf`, 'x'.repeat(1_995))
    expect((await heldOf(alice)).map(({ name }) => name)).toEqual(['e.vcf'])
    await alice.put(`${alice.contacts}f.vcf`, 'x'.repeat(2_001))
    expect((await heldOf(alice)).map(({ name }) => name)).toEqual(['e.vcf'])
  })

  it('those that are settled go before any that is open', async () => {
    const alice = await server.account()
    const put = (name: string) => alice.put(`${alice.contacts}${name}.vcf`, `rubbish ${name}`)
    await put('a')
    for (const name of ['b', 'c', 'd', 'e']) {
      await put(name)
      const edit = (await heldOf(alice)).find((one) => one.name === `${name}.vcf`)
      expect((await alice.delete(`/api/held/${edit?.id}`)).status).toBe(204)
    }
    expect((await heldOf(alice)).map(({ name }) => name)).toEqual(['a.vcf'])
  })

  it('by their age', async () => {
    const { purge } = await import('../../src/jobs/purge.ts')
    const { findAccount } = await import('../../src/features/accounts/accounts.ts')
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, 'rubbish')
    const { store } = server.services
    const { id } = await store.read((reader) => findAccount(reader, alice.name))
    const held = () => store.read((reader) => listHeldEdits(reader, id))
    server.clock.now += 89 * 86_400_000
    await purge.run(server.services, AbortSignal.timeout(60_000), '')
    expect(await held()).toHaveLength(1)
    server.clock.now += 2 * 86_400_000
    await purge.run(server.services, AbortSignal.timeout(60_000), '')
    expect(await held()).toEqual([])
  })
})
