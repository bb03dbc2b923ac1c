import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs } from '../../src/jobs/runner.ts'
import { deviceOf } from '../dav/devices.ts'
import { calendar, card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { placedAt } from '../features/people/sessions.ts'
import { useShares } from '../features/shares.ts'
import { call } from './json.ts'

const server = useServer()
const shares = useShares(server)
const dayMs = 86_400_000

const remind = async (): Promise<void> => {
  await server.services.store.write(({ sql }) =>
    sql.run("INSERT INTO jobs (key, next_at) VALUES ('keep-in-touch', 0) ON CONFLICT (key) DO NOTHING"),
  )
  expect(
    await runNextJob(server.services, jobs, new AbortController().signal, 'keep-in-touch'),
  ).toMatchObject({
    kind: 'done',
  })
}

/** Somebody whom an account wants to be in touch with every ten days. */
const begun = async () => {
  const alice = await server.account()
  const href = `${alice.contacts}jane.vcf`
  await alice.put(href, card('jane', 'Jane Doe', ['EMAIL:jane@example.org']))
  const { partyId: id } = await placedAt(server, href)
  const set = await call(alice, 'PUT', `/parties/${id}/cadence`, { everyDays: 10 })
  expect([set.status, set.json.isDue]).toEqual([200, false])
  return { alice, id, path: `/parties/${id}/cadence` }
}

const tasksOf = async (account: Account): Promise<readonly string[]> =>
  (await account.sync(account.tasks, '')).hrefs

describe('keeping in touch', () => {
  it('is no error where nobody has said how often', async () => {
    const { alice, path } = await begun()
    expect((await call(alice, 'DELETE', path)).status).toBe(204)
    const none = await alice.request('GET', `/api${path}`)
    expect([none.status, none.text]).toEqual([204, ''])
  })

  it('counts from the last real contact: a call, or a meeting that took place, and no note', async () => {
    const { alice, id, path } = await begun()
    server.clock.now += 5 * dayMs
    await call(alice, 'POST', '/activities', { kind: 'note', parties: [id], html: 'thought of her' })
    expect((await call(alice, 'GET', path)).json.lastAt).toBeNull()
    await call(alice, 'POST', '/activities', { kind: 'call', parties: [id] })
    const called = (await call(alice, 'GET', path)).json
    expect(Date.parse(called.dueAt) - server.clock.now).toBe(10 * dayMs)
    server.clock.now += 3 * dayMs
    const day = (days: number): string =>
      new Date(server.clock.now + days * dayMs).toISOString().slice(0, 10).replaceAll('-', '')
    const meeting = (uid: string, days: number): string =>
      calendar([
        ...['BEGIN:VEVENT', `UID:${uid}`, 'DTSTAMP:20260101T000000Z', `DTSTART;VALUE=DATE:${day(days)}`],
        ...['ATTENDEE:mailto:JANE@example.org', 'END:VEVENT'],
      ])
    await alice.put(`${alice.calendar}m.ics`, meeting('m', -2))
    await alice.put(`${alice.calendar}n.ics`, meeting('n', 2))
    const met = (await call(alice, 'GET', path)).json
    expect(Date.parse(met.lastAt)).toBeGreaterThan(Date.parse(called.lastAt))
    expect(Date.parse(met.lastAt)).toBeLessThanOrEqual(server.clock.now)
    expect((await call(alice, 'GET', '/cadences')).json.items).toMatchObject([
      { party: id, name: 'Jane Doe' },
    ])
  })

  it('makes one task when it is due, which completed on the phone logs a touch', async () => {
    const { alice, id, path } = await begun()
    await remind()
    expect(await tasksOf(alice)).toEqual([])
    server.clock.now += 11 * dayMs
    await remind()
    await remind()
    const [task = '', ...others] = await tasksOf(alice)
    expect(others).toEqual([])
    const phone = await deviceOf(server, alice, 'davx5')
    const { text, headers } = await phone.get(task)
    expect(text).toContain('SUMMARY:Keep in touch: Jane Doe')
    server.clock.now += 3_600_000
    const done = text.replace('STATUS:NEEDS-ACTION', 'STATUS:COMPLETED')
    const put = await phone.request('PUT', task, {
      headers: { 'Content-Type': 'text/calendar', 'If-Match': String(headers.etag) },
      body: done,
    })
    expect(put.status).toBe(204)
    const after = (await call(alice, 'GET', path)).json
    expect([Date.parse(after.lastAt), after.task, after.isDue]).toEqual([server.clock.now, null, false])
    const { json } = await call(alice, 'GET', `/parties/${id}/timeline`)
    expect(json.items.map(({ kind }: { kind: string }) => kind)).toContain('touch')
    await remind()
    expect(await tasksOf(alice)).toEqual([task])
  })

  it('completes the task where a contact has made it needless, and touches nothing else of it', async () => {
    const { alice, id, path } = await begun()
    server.clock.now += 11 * dayMs
    await remind()
    const [task = ''] = await tasksOf(alice)
    const { text } = await alice.get(task)
    const edited = text.replace('STATUS:NEEDS-ACTION', 'X-MINE:kept\r\nSTATUS:IN-PROCESS\r\nPRIORITY:1')
    await alice.put(task, edited)
    server.clock.now += dayMs
    await call(alice, 'POST', '/activities', { kind: 'visit', parties: [id] })
    await remind()
    const closed = (await alice.get(task)).text
    expect(closed).toMatch(/STATUS:COMPLETED\r\nCOMPLETED:\d{8}T\d{6}Z\r\nPERCENT-COMPLETE:100\r\n/)
    expect(closed.replace(/(?:STATUS|COMPLETED|PERCENT-COMPLETE):.*\r\n/g, '')).toBe(
      edited.replace('STATUS:IN-PROCESS\r\n', ''),
    )
    expect((await call(alice, 'GET', path)).json.task).toBeNull()
    const { json } = await call(alice, 'GET', `/parties/${id}/timeline`)
    expect(json.items.filter(({ kind }: { kind: string }) => kind === 'touch')).toEqual([])
  })

  it('is put off where the task is thrown away', async () => {
    const { alice, path } = await begun()
    server.clock.now += 11 * dayMs
    await remind()
    const [task = ''] = await tasksOf(alice)
    await alice.delete(task)
    const { json } = await call(alice, 'GET', path)
    expect([json.task, json.isDue, json.lastAt]).toEqual([null, false, null])
    await remind()
    expect(await tasksOf(alice)).toEqual([])
  })

  it('is everybody’s own', async () => {
    const { path } = await begun()
    const bob = await server.account()
    expect((await call(bob, 'GET', path)).status).toBe(404)
    expect((await call(bob, 'PUT', path, { everyDays: 3 })).status).toBe(404)
  })

  it('that was ended or changed comes back with its task, by the request and from the history of the person', async () => {
    const { alice, id, path } = await begun()
    server.clock.now += 11 * dayMs
    await remind()
    const [task = ''] = await tasksOf(alice)
    const before = (await call(alice, 'GET', path)).json
    const ended = await call(alice, 'DELETE', path)
    const undone = await call(alice, 'POST', '/history/undo', { request: ended.headers['farley-request'] })
    expect([undone.status, (await call(alice, 'GET', path)).json]).toEqual([200, before])
    server.clock.now += dayMs
    expect((await call(alice, 'PUT', path, { everyDays: 30 })).status).toBe(200)
    const [first] = (await call(alice, 'GET', `/parties/${id}/history`)).json.items
    const changes = [{ part: 'everyDays', from: { text: '10' }, to: { text: '30' } }]
    expect(first).toMatchObject({ fact: 'cadence', summary: { how: 'changed', changes } })
    expect((await call(alice, 'POST', `/parties/${id}/history/${first.revision}/restore`)).status).toBe(204)
    expect((await call(alice, 'GET', path)).json).toMatchObject({ everyDays: 10, task: before.task })
    await remind()
    expect(await tasksOf(alice)).toEqual([task])
  })

  it('has a history for whoever may only look, which nobody else is shown, and ends with the request that began it', async () => {
    const { alice, id, path } = await begun()
    const bob = await server.account()
    await shares.share(alice.contacts, bob, 'read')
    await shares.accept(bob)
    const facts = async (account: Account) =>
      (await call(account, 'GET', `/parties/${id}/history`)).json.items.filter(
        ({ type }: { type: string }) => type === 'fact',
      )
    expect(await facts(bob)).toEqual([])
    const set = await call(bob, 'PUT', path, { everyDays: 3 })
    const [{ revision }, ...others] = await facts(bob)
    expect([others, (await facts(alice)).length]).toEqual([[], 1])
    expect((await call(alice, 'POST', `/parties/${id}/history/${revision}/restore`)).status).toBe(404)
    const request = set.headers['farley-request']
    expect((await call(alice, 'POST', '/history/undo', { request })).status).toBe(404)
    expect((await call(bob, 'POST', '/history/undo', { request })).json.counts.updated).toBe(1)
    expect([(await call(bob, 'GET', path)).status, (await call(alice, 'GET', path)).status]).toEqual([
      204, 200,
    ])
  })
})
