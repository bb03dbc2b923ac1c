import { describe, expect, it } from 'vitest'
import { createClient } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer()

describe('the API: devices', () => {
  it('get a password that is shown once and works at once, and lose it at once', async () => {
    const alice = await server.account()
    const made = await call(alice, 'POST', '/devices', { label: 'Pixel 9', kind: 'davx5', isReadOnly: true })
    expect([made.status, made.headers.location]).toEqual([201, `/api/devices/${made.json.id}`])
    expect(made.json).toMatchObject({ label: 'Pixel 9', kind: 'davx5', merge: 'auto', isReadOnly: true })
    const phone = createClient(server.url, { name: alice.name, password: made.json.password })
    expect((await phone.sync(alice.contacts, '')).status).toBe(207)
    expect((await phone.put(`${alice.contacts}a.vcf`, card('a'))).status).toBe(403)
    const { json, text } = await call(alice, 'GET', '/devices')
    expect(text).toContain('Pixel 9')
    expect(json.devices.map(({ id }: { id: number }) => id)).toContain(made.json.id)
    expect(JSON.stringify(json)).not.toContain(made.json.password)
    expect((await call(phone, 'POST', '/devices', { label: 'Another' })).status).toBe(403)
    expect((await call(alice, 'DELETE', `/devices/${made.json.id}`)).status).toBe(204)
    expect((await phone.request('OPTIONS', alice.contacts)).status).toBe(401)
    expect((await call(alice, 'GET', `/devices/${made.json.id}`)).status).toBe(404)
  })

  it('say how far they have come with each collection that they sync', async () => {
    const alice = await server.account()
    const { json } = await call(alice, 'POST', '/devices', { label: 'Laptop', kind: 'thunderbird' })
    const laptop = createClient(server.url, { name: alice.name, password: json.password })
    const { syncToken = '' } = await laptop.sync(alice.contacts, '')
    await laptop.sync(alice.contacts, syncToken)
    const state = async () => (await call(alice, 'GET', `/devices/${json.id}`)).json.collections
    await expect.poll(state).toMatchObject([{ kind: 'addressbook', behind: 0 }])
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.contacts}b.vcf`, card('b'))
    expect(await state()).toMatchObject([{ kind: 'addressbook', behind: 2 }])
  })

  it('are said to be of another kind; those of others are not there', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { json } = await call(alice, 'POST', '/devices', { label: 'Phone' })
    const at = `/devices/${json.id}`
    const { headers } = await call(alice, 'GET', at)
    const patched = await call(
      alice,
      'PATCH',
      at,
      { kind: 'apple', merge: 'off' },
      { 'If-Match': headers.etag ?? '' },
    )
    expect(patched.json).toMatchObject({ kind: 'apple', merge: 'off' })
    for (const method of ['GET', 'DELETE']) expect((await call(bob, method, at)).status).toBe(404)
    expect((await call(bob, 'PATCH', at, { kind: 'kde' })).status).toBe(404)
    expect((await call(alice, 'PATCH', at, { kind: 'fridge' })).status).toBe(422)
  })
})
