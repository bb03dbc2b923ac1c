import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { placementsByObject } from '../../../storage/people/parties.ts'
import { type Device, deviceOf } from '../../dav/devices.ts'
import { card, event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { call, idOf, uniqueName } from './world.ts'

const server = useServer()
const shares = useShares(server)

const at = (ms: number): string => new Date(ms).toISOString()

/** Undoes what a device did since a moment, and waits for it. */
async function undo(alice: Account, device: Pick<Device, 'id'>, from: number) {
  const answer = await call(alice, 'POST', '/history/undo', { device: device.id, from: at(from) })
  expect(answer.status).toBe(202)
  return finished(alice, answer.json.id)
}

async function finished(alice: Account, id: number) {
  const job = await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${id}`)
  expect(job?.kind).toBe('over')
  const { json } = await call(alice, 'GET', `/history/undos/${id}`)
  const { items } = (await call(alice, 'GET', `/history/undos/${id}/items`)).json
  return { id, state: json.state, counts: json.counts, items }
}

async function undoAgain(alice: Account, id: number) {
  const answer = await call(alice, 'POST', `/history/undos/${id}/undo`)
  expect(answer.status).toBe(202)
  return finished(alice, answer.json.id)
}

/** What is in a collection: texts by path. */
async function stateOf(alice: Account, collection = alice.contacts): Promise<Record<string, string>> {
  const { changed } = await alice.syncAll(collection, '')
  const found: Record<string, string> = {}
  for (const path of changed.toSorted()) found[path] = (await alice.get(path)).text
  return found
}

async function world() {
  const alice = await server.account()
  const phone = await deviceOf(server, alice, 'other')
  const laptop = await deviceOf(server, alice, 'other')
  const pathOf = (): string => `${alice.contacts}${uniqueName('vcf')}`
  return { alice, phone, laptop, pathOf }
}
const tick = (): number => (server.clock.now += 1_000)

describe('undoing what one device did', () => {
  it('takes away what it made, brings back what it deleted, changed and moved, under name and UID', async () => {
    const { alice, phone, pathOf } = await world()
    const [made, deleted, changed, moved] = [pathOf(), pathOf(), pathOf(), pathOf()]
    for (const path of [deleted, changed, moved]) await alice.put(path, card(path, 'Before Was'))
    const before = await stateOf(alice)
    const { token } = await alice.syncAll(alice.contacts, '')
    const from = tick()
    await phone.put(made, card(made))
    await phone.delete(deleted)
    await phone.put(changed, card(changed, 'After Is'))
    await phone.request('MOVE', moved, { headers: { Destination: `${alice.contacts}${uniqueName('vcf')}` } })
    tick()
    const dry = await call(alice, 'POST', '/history/undo', { device: phone.id, from: at(from), dryRun: true })
    const counts = { created: 1, updated: 2, removed: 1, unchanged: 0, skipped: 0 }
    expect([dry.status, dry.json.counts]).toEqual([200, counts])
    expect(dry.json.items).toHaveLength(4)
    const done = await undo(alice, phone, from)
    expect([done.state, done.counts]).toEqual(['finished', counts])
    expect(await stateOf(alice)).toEqual(before)
    const synced = await alice.syncAll(alice.contacts, token)
    expect(synced.changed.toSorted()).toEqual([deleted, changed, moved].toSorted())
  })

  it('leaves what others have done since, and tells what it could not undo', async () => {
    const { alice, phone, laptop, pathOf } = await world()
    const [elsewhere, same, made] = [pathOf(), pathOf(), pathOf()]
    for (const path of [elsewhere, same]) await alice.put(path, card(path, 'A B', ['TEL:1']))
    const from = tick()
    await phone.put(elsewhere, card(elsewhere, 'A B', ['TEL:2']))
    await phone.put(same, card(same, 'Wrong Name', ['TEL:1']))
    await phone.put(made, card(made))
    tick()
    await laptop.put(elsewhere, card(elsewhere, 'A B', ['TEL:2', 'EMAIL:a@x']))
    await laptop.put(same, card(same, 'Better Name', ['TEL:1']))
    await laptop.put(made, card(made, 'Kept Doe'))
    const { counts, items } = await undo(alice, phone, from)
    expect(counts).toEqual({ created: 0, updated: 1, removed: 0, unchanged: 0, skipped: 2 })
    expect((await alice.get(elsewhere)).text).toBe(card(elsewhere, 'A B', ['TEL:1', 'EMAIL:a@x']))
    expect((await alice.get(same)).text).toBe(card(same, 'Better Name', ['TEL:1']))
    expect((await alice.get(made)).text).toBe(card(made, 'Kept Doe'))
    const notes = Object.fromEntries(
      items.map((item: { name: string; note: string }) => [item.name, item.note]),
    )
    expect(notes[same.split('/').at(-1) ?? '']).toBe(
      'Left as it is, since somebody else has changed it: name.',
    )
    expect(notes[made.split('/').at(-1) ?? '']).toBe('Somebody else has changed it since.')
  })

  it('leads back through what others did between its own changes', async () => {
    const { alice, phone, laptop } = await world()
    const path = `${alice.calendar}${uniqueName('ics')}`
    const times = 'DTSTART:20260115T100000Z'
    await alice.put(path, event(path, [times]))
    const from = tick()
    await phone.put(path, event(path, [times, 'LOCATION:Wrong']))
    await laptop.put(path, event(path, [times, 'LOCATION:Wrong', 'DESCRIPTION:mine']))
    await phone.put(path, event(path, [times, 'LOCATION:Worse', 'DESCRIPTION:mine', 'PRIORITY:1']))
    await undo(alice, phone, from)
    expect((await alice.get(path)).text).toBe(event(path, [times, 'DESCRIPTION:mine']))
  })

  it('is itself undone: everything is as it was before it', async () => {
    const { alice, phone, pathOf } = await world()
    const [made, deleted, changed] = [pathOf(), pathOf(), pathOf()]
    for (const path of [deleted, changed]) await alice.put(path, card(path, 'Before Was'))
    const from = tick()
    await phone.put(made, card(made))
    await phone.delete(deleted)
    await phone.put(changed, card(changed, 'After Is'))
    const after = await stateOf(alice)
    const { id } = await undo(alice, phone, from)
    tick()
    const again = await undoAgain(alice, id)
    expect(again.counts).toMatchObject({ created: 1, updated: 1, removed: 1 })
    expect(await stateOf(alice)).toEqual(after)
    expect((await call(alice, 'GET', '/history/undos')).json.items).toMatchObject([
      { id: again.id, state: 'finished', undo: id, device: null },
      { id, state: 'undone', device: phone.id, undo: null },
    ])
    expect((await call(alice, 'POST', `/history/undos/${id}/undo`)).status).toBe(409)
    expect((await call(alice, 'GET', '/imports')).json.imports).toEqual([])
  })

  it('brings back what is in the way of itself: a name and a UID that the device gave to something new', async () => {
    const { alice, phone, pathOf } = await world()
    const [path, other] = [pathOf(), pathOf()]
    await alice.put(path, card('twin', 'Old One'))
    await alice.put(other, card('other', 'Overwritten'))
    const before = await stateOf(alice)
    const from = tick()
    await phone.delete(path)
    await phone.put(`${path}x`, card('twin', 'New One'))
    await phone.request('MOVE', `${path}x`, { headers: { Destination: other } })
    await undo(alice, phone, from)
    expect(await stateOf(alice)).toEqual(before)
  })

  it('is for the devices of the account, and for what others have done to what is its own', async () => {
    const [alice, bob, carol] = [await server.account(), await server.account(), await server.account()]
    const bobs = await deviceOf(server, bob, 'other')
    await shares.share(alice.contacts, bob, 'read-write')
    const [shared = ''] = (await shares.accept(bob)).filter((path) => path.includes('addressbooks'))
    const name = uniqueName('vcf')
    const path = `${alice.contacts}${name}`
    await alice.put(path, card('s', 'Before Was'))
    const own = `${bob.contacts}${uniqueName('vcf')}`
    const from = tick()
    expect((await bobs.put(`${shared}${name}`, card('s', 'After Is'))).status).toBe(204)
    await bobs.put(own, card('own'))
    const asked = { device: bobs.id, from: at(from) }
    expect((await call(carol, 'POST', '/history/undo', asked)).status).toBe(404)
    const { counts, id } = await undo(alice, bobs, from)
    expect(counts).toMatchObject({ updated: 1, removed: 0 })
    expect((await alice.get(path)).text).toContain('FN:Before Was')
    expect((await bob.get(own)).status).toBe(200)
    expect((await call(carol, 'GET', `/history/undos/${id}`)).status).toBe(404)
    await shares.unshare(alice.contacts, bob)
    expect((await undo(bob, bobs, from)).counts).toMatchObject({ removed: 1, updated: 0 })
  })

  it('brings back facts beside cards, and whole collections', async () => {
    const { alice, phone, pathOf } = await world()
    const path = pathOf()
    await alice.put(path, card(path))
    const object = await idOf(server, path)
    const placed = await server.services.store.read((reader) => placementsByObject(reader, [object]))
    const party = `/parties/${placed.get(object)?.partyId}`
    const rolesOf = async () => (await call(alice, 'GET', party)).json.roles
    await call(alice, 'PATCH', party, { roles: ['lead'] })
    const second = `${alice.calendars}second/`
    await alice.request('MKCALENDAR', second)
    await alice.put(`${second}e.ics`, event('e'))
    const before = [await rolesOf(), await stateOf(alice, second)]
    const from = tick()
    expect((await call(phone, 'PATCH', party, { roles: ['customer'] })).status).toBe(200)
    expect((await phone.delete(second)).status).toBe(204)
    const dry = await call(alice, 'POST', '/history/undo', { device: phone.id, from: at(from), dryRun: true })
    const { id, counts, items } = await undo(alice, phone, from)
    expect(items.map(({ outcome, note }: { outcome: string; note: string }) => [outcome, note])).toEqual(
      items.map(({ outcome }: { outcome: string }) => [outcome, '']),
    )
    expect(dry.json.counts).toEqual(counts)
    expect([await rolesOf(), await stateOf(alice, second)]).toEqual(before)
    tick()
    await undoAgain(alice, id)
    expect(await rolesOf()).toEqual(['customer'])
  })

  /** One step of a device: what it does to which of some cards. */
  const step = fc.record({
    who: fc.constantFrom('phone', 'laptop'),
    card: fc.nat(3),
    act: fc.constantFrom('put', 'put', 'put', 'delete'),
    value: fc.nat(99),
  })

  it('leaves what another did, however both have taken turns, and again undone gives back what there was', async () => {
    const property = fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 12 }), async (steps) => {
      const { alice, phone, laptop, pathOf } = await world()
      const paths = Array.from({ length: 4 }, pathOf)
      // Each device has lines of its own in each card; what it puts keeps those of the other.
      const lines = paths.map(() => ({ phone: '', laptop: '' }))
      const exists = paths.map((_, n) => n < 2)
      const textOf = (n: number): string => {
        const { phone: one, laptop: other } = lines[n] ?? { phone: '', laptop: '' }
        return card(`${paths[n]}`, 'Fix Name', [one, other].filter(Boolean))
      }
      for (const [n, path] of paths.entries()) if (exists[n]) await alice.put(path, textOf(n))
      const from = tick()
      const touched = paths.map(() => new Set<string>())
      for (const { who, card: n, act, value } of steps) {
        const device = who === 'phone' ? phone : laptop
        const [path = '', own] = [paths[n], lines[n]]
        if (!own) continue
        if (act === 'delete' && exists[n]) {
          // Only the phone deletes what nobody else has changed: the rest is for the examples above.
          if (who !== 'phone' || touched[n]?.has('laptop')) continue
          await device.delete(path)
          exists[n] = false
        } else if (act === 'put') {
          if (!exists[n] && (who !== 'phone' || touched[n]?.has('deleted'))) continue
          own[who] = `X-${who.toUpperCase()}:${value}`
          await device.put(path, textOf(n))
          exists[n] = true
        }
        touched[n]?.add(act === 'delete' ? 'deleted' : who)
        tick()
      }
      const after = await stateOf(alice)
      const { id } = await undo(alice, phone, from)
      const undone = await stateOf(alice)
      for (const [n, path] of paths.entries()) {
        const theirs = (after[path] ?? '').split('\r\n').filter((line) => line.startsWith('X-LAPTOP'))
        for (const line of theirs) expect(undone[path]?.split('\r\n'), path).toContain(line)
        if (n < 2 && exists[n]) expect(undone[path], path).not.toContain('X-PHONE')
        if (n < 2) expect(undone[path]).toBeDefined()
      }
      tick()
      await undoAgain(alice, id)
      const sorted = (state: Record<string, string>) =>
        Object.entries(state).map(([path, text]) => [path, text.split('\r\n').sort()])
      expect(sorted(await stateOf(alice))).toEqual(sorted(after))
    })
    await fc.assert(property, { numRuns: 20 })
  })
})
