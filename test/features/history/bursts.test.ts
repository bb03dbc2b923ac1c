import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { card, event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { call, uniqueName } from './world.ts'

const server = useServer({ bursts: { objects: 5, percent: 20, windowMs: 600_000 } })
const shares = useShares(server)

/** A book with so many cards, and a device. */
async function filled(count: number): Promise<{ alice: Account; phone: Device; paths: string[] }> {
  const alice = await server.account()
  const paths = Array.from({ length: count }, () => `${alice.contacts}${uniqueName('vcf')}`)
  for (const path of paths) await alice.put(path, card(path, 'Before Was'))
  server.clock.now += 3_600_000
  return { alice, phone: await deviceOf(server, alice, 'other'), paths }
}

const burstsOf = async (alice: Account) => (await call(alice, 'GET', '/bursts')).json.items
const inShort = async (alice: Account) =>
  (await burstsOf(alice)).map((one: { deleted: number; changed: number }) => [one.deleted, one.changed])

describe('design §5 a mass delete or rewrite by one device', () => {
  it('is taken, told to the owner, and undone with one request', async () => {
    const { alice, phone, paths } = await filled(20)
    const before = (await alice.syncAll(alice.contacts, '')).changed.toSorted()
    for (const [at, path] of paths.slice(0, 12).entries()) {
      server.clock.now += 1_000
      expect((await phone.delete(path)).status).toBe(204)
      expect(await inShort(alice)).toEqual(at < 5 ? [] : [[at + 1, 0]])
    }
    const [burst] = await burstsOf(alice)
    expect(burst).toMatchObject({
      ...{ device: { id: phone.id, label: 'other' }, author: alice.name, collection: 'Contacts' },
      ...{ verdict: null, undo: null },
    })
    const told = await server.services.store.read(({ sql }) =>
      sql.all(`SELECT principal_id AS owner FROM events WHERE kind = 'burst-noticed' AND ref_id = $1`, [
        burst.id,
      ]),
    )
    expect(told).toHaveLength(1)
    const undone = await call(alice, 'POST', `/bursts/${burst.id}/undo`)
    expect([undone.status, undone.json.verdict]).toEqual([202, 'undone'])
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${undone.json.undo}`)
    expect((await alice.syncAll(alice.contacts, '')).changed.toSorted()).toEqual(before)
    expect((await call(alice, 'POST', `/bursts/${burst.id}/undo`)).status).toBe(409)
  })

  it('counts objects, not writes, and not what the device has made itself', async () => {
    const { alice, phone, paths } = await filled(10)
    const [path = ''] = paths
    for (let n = 0; n < 30; n += 1) await phone.put(path, card(path, `Name ${n}`))
    for (let n = 0; n < 10; n += 1) {
      const own = `${alice.contacts}${uniqueName('vcf')}`
      await phone.put(own, card(own))
      await phone.put(own, card(own, 'Other Name'))
    }
    expect(await inShort(alice)).toEqual([])
  })

  it('needs its part of the collection, and its time', async () => {
    const { alice, phone, paths } = await filled(40)
    for (const path of paths.slice(0, 8)) await phone.put(path, card(path, 'After Is'))
    expect(await inShort(alice)).toEqual([])
    const slow = await filled(10)
    for (const path of slow.paths) {
      server.clock.now += 200_000
      await slow.phone.put(path, card(path, 'After Is'))
    }
    expect(await inShort(slow.alice)).toEqual([])
  })

  it('is noticed across the ends of the times that are counted', async () => {
    const { alice, phone, paths } = await filled(20)
    const put = async (some: readonly string[]) => {
      for (const path of some) await phone.put(path, card(path, 'After Is'))
    }
    await put(paths.slice(0, 1))
    server.clock.now += 500_000
    await put(paths.slice(1, 4))
    server.clock.now += 150_000
    await put(paths.slice(4, 7))
    expect(await inShort(alice)).toEqual([[0, 6]])
  })

  it('is the deletion of a whole collection too, which comes back with all that it held', async () => {
    const alice = await server.account()
    const phone = await deviceOf(server, alice, 'other')
    const second = `${alice.calendars}second/`
    await alice.request('MKCALENDAR', second)
    for (let n = 0; n < 6; n += 1) await alice.put(`${second}${n}.ics`, event(`e${n}`))
    expect((await phone.delete(second)).status).toBe(204)
    expect(await inShort(alice)).toEqual([[6, 0]])
    const [{ id }] = await burstsOf(alice)
    const { json } = await call(alice, 'POST', `/bursts/${id}/undo`)
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${json.undo}`)
    expect((await alice.syncAll(second, '')).changed).toHaveLength(6)
  })

  it('of somebody else in a shared book is told to its owner, and by nobody else seen', async () => {
    const { alice, paths } = await filled(8)
    const bob = await server.account()
    const theirs = await deviceOf(server, bob, 'other')
    await shares.share(alice.contacts, bob, 'read-write')
    const [shared = ''] = (await shares.accept(bob)).filter((path) => path.includes('addressbooks'))
    for (const path of paths) await theirs.delete(`${shared}${path.split('/').at(-1)}`)
    expect(await inShort(alice)).toEqual([[8, 0]])
    expect(await inShort(bob)).toEqual([])
    const [{ id }] = await burstsOf(alice)
    expect((await call(bob, 'POST', `/bursts/${id}/keep`)).status).toBe(404)
    expect((await call(alice, 'POST', `/bursts/${id}/keep`)).json.verdict).toBe('kept')
  })
})
