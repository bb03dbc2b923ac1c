import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import type { Client } from '../../dav/client.ts'
import { deviceOf } from '../../dav/devices.ts'
import { event } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { useShares } from '../shares.ts'
import { call } from './world.ts'

const server = useServer()
const shares = useShares(server)

const at = (ms: number): string => new Date(ms).toISOString()
const tick = (): number => (server.clock.now += 1_000)

const names = {
  title: '<d:displayname xmlns:d="DAV:">',
  color: '<a:calendar-color xmlns:a="http://apple.com/ns/ical/">',
  description: '<c:calendar-description xmlns:c="urn:ietf:params:xml:ns:caldav">',
}

/** PROPPATCH as clients send it. */
function patch(client: Client, path: string, set: Partial<Record<keyof typeof names, string>>) {
  const props = Object.entries(set).map(([name, value]) => {
    const open = names[name as keyof typeof names]
    return `${open}${value}</${open.slice(1).split(' ')[0]}>`
  })
  return client.request('PROPPATCH', path, {
    headers: { 'Content-Type': 'text/xml' },
    body: `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop>${props.join('')}</d:prop></d:set></d:propertyupdate>`,
  })
}

async function world() {
  const alice = await server.account()
  const phone = await deviceOf(server, alice, 'other')
  const laptop = await deviceOf(server, alice, 'other')
  const { calendars } = (await call(alice, 'GET', '/calendars')).json
  const { id } = calendars.find(({ components }: { components: string[] }) => components?.[0] === 'VEVENT')
  await patch(alice, alice.calendar, { title: 'Work', color: '#112233FF' })
  const shown = async () => {
    const { title, color, description } = (await call(alice, 'GET', `/calendars/${id}`)).json
    return { title, color: color?.toLowerCase().slice(0, 7), description }
  }
  const history = async (by: Client = alice) => call(by, 'GET', `/collections/${id}/history`)
  return { alice, phone, laptop, id, shown, history }
}

async function undo(alice: Account, device: number, from: number) {
  const { json } = await call(alice, 'POST', '/history/undo', { device, from: at(from) })
  const job = await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${json.id}`)
  expect(job?.kind).toBe('over')
  const { counts } = (await call(alice, 'GET', `/history/undos/${json.id}`)).json
  const { items } = (await call(alice, 'GET', `/history/undos/${json.id}/items`)).json
  return { id: json.id, counts, items }
}

describe('what a calendar was called, and how it looked', () => {
  it('is told with who changed it, by which device, and what it was', async () => {
    const { alice, phone, history } = await world()
    await patch(phone, alice.calendar, { title: 'Wrong', color: '#445566FF' })
    const { status, json } = await history()
    expect(status).toBe(200)
    expect(json.items[0]).toMatchObject({
      origin: 'client',
      device: { id: phone.id },
      changes: [
        { property: 'title', before: 'Work', after: 'Wrong' },
        { property: 'color', before: expect.any(String), after: expect.any(String) },
      ],
    })
    const before = (await call(alice, 'GET', `/collections/${json.items[0].id}/history?limit=1`)).status
    expect(before).toBe(404)
    const first = (await call(alice, 'GET', `${await pathOf(alice)}?limit=1`)).json
    expect(first.items).toHaveLength(1)
    const next = await call(alice, 'GET', `${await pathOf(alice)}?limit=1&cursor=${first.next}`)
    expect(next.json.items[0].changes[0]).toMatchObject({ property: 'title', after: 'Work' })
  })

  it('comes back by a change, for whoever may write it; to others nothing is there', async () => {
    const { alice, phone, id, shown, history } = await world()
    const [bob, mallory] = [await server.account(), await server.account()]
    await shares.share(alice.calendar, bob, 'read')
    await patch(phone, alice.calendar, { title: 'Wrong' })
    const { revision } = (await history()).json.items[0]
    const path = `/collections/${id}/history/${revision}/restore`
    expect([(await history(bob)).status, (await call(bob, 'POST', path)).status]).toEqual([200, 403])
    expect([(await history(mallory)).status, (await call(mallory, 'POST', path)).status]).toEqual([404, 404])
    expect((await call(alice, 'POST', path)).status).toBe(204)
    expect((await shown()).title).toBe('Work')
    expect((await history()).json.items[0].origin).toBe('restore')
  })

  it('is as before when what the device did is undone, but for what somebody has changed since', async () => {
    const { alice, phone, laptop, shown } = await world()
    const before = await shown()
    const home = await alice.syncAll(alice.calendars, '')
    const from = tick()
    await patch(phone, alice.calendar, { title: 'Wrong', color: '#445566FF' })
    await patch(phone, alice.calendar, { title: 'Wronger', description: 'what' })
    tick()
    const asked = { device: phone.id, from: at(from), dryRun: true }
    const tried = (await call(alice, 'POST', '/history/undo', asked)).json
    expect([tried.counts.updated, tried.items[0].name]).toEqual([1, 'Wronger'])
    const done = await undo(alice, phone.id, from)
    expect([done.counts.updated, await shown()]).toEqual([1, before])
    expect((await alice.syncAll(alice.calendars, home.token)).token).not.toBe(home.token)
    tick()
    const again = (await call(alice, 'POST', `/history/undos/${done.id}/undo`)).json
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${again.id}`)
    expect(await shown()).toEqual({ title: 'Wronger', color: '#445566', description: 'what' })

    const later = tick()
    await patch(phone, alice.calendar, { title: 'Bad', color: '#778899FF' })
    await patch(laptop, alice.calendar, { title: 'Better' })
    tick()
    const { items } = await undo(alice, phone.id, later)
    expect(await shown()).toMatchObject({ title: 'Better', color: '#445566' })
    expect(items[0].note).toBe('Left as it is, since somebody else has changed it: name.')
  })

  it('is undone with the request that changed it, and with the deletion of all of it', async () => {
    const { alice, phone, id, shown } = await world()
    const answer = await call(alice, 'PATCH', `/calendars/${id}`, { title: 'Renamed' })
    const request = String(answer.headers['farley-request'])
    const undone = await call(alice, 'POST', '/history/undo', { request })
    expect([undone.status, undone.json.counts.updated]).toEqual([200, 1])
    expect((await shown()).title).toBe('Work')
    const second = `${alice.calendars}second/`
    await alice.request('MKCALENDAR', second)
    await patch(alice, second, { title: 'Second' })
    const from = tick()
    await patch(phone, second, { title: 'Wrong' })
    expect((await phone.delete(second)).status).toBe(204)
    tick()
    expect((await undo(alice, phone.id, from)).counts).toMatchObject({ created: 1, updated: 1 })
    const { calendars } = (await call(alice, 'GET', '/calendars')).json
    expect(calendars.map(({ title }: { title: string }) => title)).toContain('Second')
  })

  it('goes with what is in it when the device made it, comes back again, and stays where others have put more', async () => {
    const { alice, phone } = await world()
    const [own, shared] = [`${alice.calendars}own/`, `${alice.calendars}shared/`]
    const from = tick()
    for (const path of [own, shared]) {
      expect((await phone.request('MKCALENDAR', path)).status).toBe(201)
      await phone.put(`${path}e.ics`, event(path.split('/').at(-2) ?? ''))
    }
    await alice.put(`${shared}hers.ics`, event('hers'))
    const text = (await alice.get(`${own}e.ics`)).text
    tick()
    const { id, counts, items } = await undo(alice, phone.id, from)
    expect(counts).toMatchObject({ removed: 3, skipped: 1 })
    expect(items.filter(({ note }: { note: string }) => note !== '')).toMatchObject([
      { name: 'shared', note: 'Somebody else has changed it since.' },
    ])
    expect((await alice.get(`${own}e.ics`)).status).toBe(404)
    expect((await alice.get(`${shared}hers.ics`)).status).toBe(200)
    tick()
    const again = (await call(alice, 'POST', `/history/undos/${id}/undo`)).json
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${again.id}`)
    expect((await alice.get(`${own}e.ics`)).text).toBe(text)
    expect((await alice.get(`${shared}e.ics`)).status).toBe(200)
  })

  it('has what clients made up there back, with what they took away, and tells nobody else of it', async () => {
    const { alice, phone, history, id } = await world()
    const bob = await server.account()
    await shares.share(alice.calendar, bob, 'read-write')
    const [bobs = ''] = await shares.accept(bob)
    await kept(alice, alice.calendar, { a: 'one', b: 'two' })
    const from = tick()
    await kept(phone, alice.calendar, { a: 'wrong', b: undefined, c: 'new' })
    expect(await keptAt(alice, alice.calendar)).toEqual({ a: 'wrong', c: 'new' })
    tick()
    expect((await history()).json.items[0]).toMatchObject({
      isOwn: false,
      changes: [{ property: 'other', name: '{urn:x}a', before: expect.stringContaining('one') }, {}, {}],
    })
    expect(JSON.stringify((await history(bob)).json)).not.toContain('urn:x')
    const { revision } = (await history()).json.items[0]
    const path = `/collections/${id}/history/${revision}/restore`
    expect((await call(bob, 'POST', path)).status).toBe(404)
    const { id: undo1, counts } = await undo(alice, phone.id, from)
    expect([counts.updated, await keptAt(alice, alice.calendar)]).toEqual([1, { a: 'one', b: 'two' }])
    tick()
    const again = (await call(alice, 'POST', `/history/undos/${undo1}/undo`)).json
    await runNextJob(server.services, jobs, new AbortController().signal, `undo-changes:${again.id}`)
    expect(await keptAt(alice, alice.calendar)).toEqual({ a: 'wrong', c: 'new' })
    expect((await call(alice, 'POST', path)).status).toBe(204)
    expect([await keptAt(alice, alice.calendar), await keptAt(bob, bobs)]).toEqual([
      { a: 'one', b: 'two' },
      {},
    ])
  })

  it('is what a sharee has of his own too: his name, his colour, his address, which nobody else is told', async () => {
    const { alice, id, shown, history } = await world()
    const bob = await server.account()
    const tablet = await deviceOf(server, bob, 'other')
    await shares.share(alice.calendar, bob, 'read')
    const [path = ''] = await shares.accept(bob)
    const other = `${bob.calendars}elsewhere/`
    const bobs = async () => {
      const { title, color } = (await call(bob, 'GET', `/calendars/${id}`)).json
      return { title, color }
    }
    await patch(bob, path, { title: 'Hers' })
    await kept(bob, path, { a: 'one' })
    const [hers, his] = [await shown(), await bobs()]
    const from = tick()
    await patch(tablet, path, { title: 'Wrong', color: '#445566FF' })
    await kept(tablet, path, { a: 'wrong' })
    expect(
      (await tablet.request('MOVE', path, { headers: { Destination: server.url + other } })).status,
    ).toBe(201)
    tick()
    expect((await history(bob)).json.items[0]).toMatchObject({
      isOwn: true,
      changes: [{ property: 'address' }],
    })
    expect(JSON.stringify((await history()).json)).not.toContain('Wrong')
    expect((await call(alice, 'POST', '/history/undo', { device: tablet.id, from: at(from) })).status).toBe(
      404,
    )
    const done = await undo(bob, tablet.id, from)
    expect([done.counts, await bobs(), await shown()]).toMatchObject([{ updated: 1, skipped: 0 }, his, hers])
    expect([await keptAt(bob, path), (await bob.request('PROPFIND', other)).status]).toEqual([
      { a: 'one' },
      404,
    ])
    const changes = (await history(bob)).json.items
    const named = changes.find(
      ({ changes: [one] }: { changes: [{ after: string }] }) => one.after === 'Wrong',
    )
    expect((await call(bob, 'POST', `/collections/${id}/history/${named.revision}/restore`)).status).toBe(204)
    expect((await call(alice, 'POST', `/collections/${id}/history/${named.revision}/restore`)).status).toBe(
      404,
    )
  })

  it('is at the address that it had before a device moved it, unless another is there', async () => {
    const { alice, phone } = await world()
    const [one, two, other] = ['one', 'two', 'other'].map((name) => `${alice.calendars}${name}/`) as [
      string,
      string,
      string,
    ]
    await alice.request('MKCALENDAR', one)
    await alice.request('MKCALENDAR', two)
    await alice.put(`${one}e.ics`, event('e'))
    const moved = (from: string, to: string) =>
      phone.request('MOVE', from, { headers: { Destination: server.url + to } })
    const from = tick()
    expect((await moved(one, other)).status).toBe(201)
    expect((await moved(two, one)).status).toBe(201)
    tick()
    const tried = { device: phone.id, from: at(from), dryRun: true }
    expect((await call(alice, 'POST', '/history/undo', tried)).json.counts.updated).toBe(2)
    expect((await undo(alice, phone.id, from)).counts).toMatchObject({ updated: 2, skipped: 0 })
    expect((await alice.get(`${one}e.ics`)).status).toBe(200)
    expect([
      (await alice.request('PROPFIND', two)).status,
      (await alice.request('PROPFIND', other)).status,
    ]).toEqual([207, 404])
    const later = tick()
    await moved(one, other)
    await alice.request('MKCALENDAR', one)
    tick()
    const { items } = await undo(alice, phone.id, later)
    expect(items).toMatchObject([{ outcome: 'skipped', note: 'There is something at this address already.' }])
    expect((await alice.get(`${other}e.ics`)).status).toBe(200)
  })
})

/** Sets properties of no standard, and takes away those without a value. */
async function kept(client: Client, path: string, values: Readonly<Record<string, string | undefined>>) {
  const of = (isSet: boolean): string =>
    Object.entries(values)
      .filter(([, value]) => (value !== undefined) === isSet)
      .map(([name, value = '']) => `<${name} xmlns="urn:x">${value}</${name}>`)
      .join('')
  const part = (action: string, props: string): string =>
    props && `<d:${action}><d:prop>${props}</d:prop></d:${action}>`
  const body = `<d:propertyupdate xmlns:d="DAV:">${part('set', of(true))}${part('remove', of(false))}</d:propertyupdate>`
  expect(
    (await client.request('PROPPATCH', path, { headers: { 'Content-Type': 'text/xml' }, body })).status,
  ).toBe(207)
}

async function keptAt(client: Client, path: string): Promise<Record<string, string>> {
  const body = '<d:propfind xmlns:d="DAV:"><d:allprop/></d:propfind>'
  const { text } = await client.request('PROPFIND', path, { headers: { Depth: '0' }, body })
  return Object.fromEntries(
    [...text.matchAll(/<\w+:(\w+) xmlns:\w+="urn:x">(\w+)</g)].map(([, name = '', value = '']) => [
      name,
      value,
    ]),
  )
}

/** The history of the first calendar of events. */
async function pathOf(alice: Account): Promise<string> {
  const { calendars } = (await call(alice, 'GET', '/calendars')).json
  const { id } = calendars.find(({ components }: { components: string[] }) => components?.[0] === 'VEVENT')
  return `/collections/${id}/history`
}
