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
})

/** The history of the first calendar of events. */
async function pathOf(alice: Account): Promise<string> {
  const { calendars } = (await call(alice, 'GET', '/calendars')).json
  const { id } = calendars.find(({ components }: { components: string[] }) => components?.[0] === 'VEVENT')
  return `/collections/${id}/history`
}
