import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { runNextJob } from '../../src/jobs/run-job.ts'
import { jobs, startJobs } from '../../src/jobs/runner.ts'
import { hasUnsettled } from '../../storage/events/position.ts'
import { ensureJob } from '../../storage/upkeep/jobs.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'
import { type Received, useReceiver } from './receiver.ts'

const server = useServer({ webhooks: { privateNetworks: '127.0.0.0/8', answerMs: 1_000, perAccount: 3 } })
const receiver = useReceiver()

const dayMs = 86_400_000
const soon = { timeout: 20_000 }

/** Runs the job once what was written is final. */
async function send(signal = new AbortController().signal): Promise<void> {
  const { store } = server.services
  await expect.poll(() => store.read(hasUnsettled), soon).toBe(false)
  await store.write((tx) => ensureJob(tx, 'outbox', server.clock.now))
  await runNextJob(server.services, jobs, signal, 'outbox')
}

/** An account with a webhook that is told of cards. */
async function told(wish: object = { kinds: ['object-put', 'object-deleted'] }) {
  const account = await server.account()
  const path = receiver.path()
  const made = await call(account, 'POST', '/webhooks', { url: receiver.url + path, ...wish })
  expect(made.status).toBe(201)
  const secret: string = made.json.secret
  const id: number = made.json.id
  const deliveries = async (query = '') =>
    (await call(account, 'GET', `/webhooks/${id}/deliveries${query}`)).json.items
  return { account, path, id, secret, deliveries, got: () => receiver.at(path) }
}

const putCard = (account: Account, name: string) => account.put(`${account.contacts}${name}.vcf`, card(name))

/** As a receiver verifies it. @see Standard Webhooks, "Verifying webhook authenticity" */
function isSigned({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const wanted = `v1,${createHmac('sha256', key).update(text).digest('base64')}`
  return String(headers['webhook-signature']).split(' ').includes(wanted)
}

describe('a webhook', () => {
  it('is told what happened and where, signed, and nothing of what is in it', async () => {
    const { account, secret, got, deliveries } = await told()
    await putCard(account, 'a')
    await send()
    const [first] = got()
    if (!first) throw new Error('Nothing arrived.')
    expect(isSigned(first, secret)).toBe(true)
    expect(isSigned({ ...first, body: `${first.body} ` }, secret)).toBe(false)
    expect(first.headers['webhook-timestamp']).toBe(String(Math.floor(server.clock.now / 1_000)))
    expect(first.headers['content-type']).toBe('application/json')
    const href = `${account.contacts}a.vcf`
    expect(JSON.parse(first.body)).toMatchObject({
      type: 'object-put',
      timestamp: new Date(server.clock.now).toISOString(),
      data: { kind: 'object-put', object: { href }, party: { id: expect.any(Number) } },
    })
    expect(first.body).not.toContain('Jane')
    expect(await deliveries()).toMatchObject([
      { state: 'sent', attempts: 1, answerStatus: 200, answer: 'thanks', kind: 'object-put', error: null },
    ])
    await send()
    expect(got()).toHaveLength(1)
  })

  it('is tried again later and later for about a day, under the same id, and then given up until it is replayed', async () => {
    const { account, path, id, got, deliveries } = await told()
    receiver.answer(path, (_, answer) => answer.writeHead(500).end('x'.repeat(5_000)))
    await putCard(account, 'a')
    const begun = server.clock.now
    await send()
    const pauses: number[] = []
    for (let attempt = 1; attempt < 9; attempt += 1) {
      const [one] = await deliveries()
      expect(one).toMatchObject({ state: 'waiting', attempts: attempt, answerStatus: 500 })
      expect(one.answer).toHaveLength(1_000)
      pauses.push(Date.parse(one.nextAt) - server.clock.now)
      await send()
      expect(got()).toHaveLength(attempt)
      server.clock.now = Date.parse(one.nextAt)
      await send()
    }
    expect(pauses[0]).toBeLessThan(20_000)
    expect(server.clock.now - begun).toBeGreaterThan(15 * 3_600_000)
    expect(server.clock.now - begun).toBeLessThan(30 * 3_600_000)
    const [dead] = await deliveries()
    expect(dead).toMatchObject({ state: 'dead', attempts: 9, nextAt: null, error: 'The answer was 500.' })
    expect(new Set(got().map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(new Set(got().map(({ body }) => body)).size).toBe(1)
    receiver.answer(path, undefined)
    const since = new Date(begun).toISOString()
    expect((await call(account, 'POST', `/webhooks/${id}/replay`, { since })).json).toEqual({ replayed: 1 })
    await send()
    expect((await deliveries())[0]).toMatchObject({ state: 'sent', attempts: 1 })
    const again = await call(account, 'POST', `/webhooks/${id}/deliveries/${dead.id}/replay`)
    expect(again.json).toMatchObject({ state: 'waiting', message: dead.message })
    await send()
    expect(got().at(-1)?.headers['webhook-id']).toBe(dead.message)
    expect(await deliveries('?state=dead')).toEqual([])
  })

  it('has its answer waited for, its Retry-After heeded and its redirects not followed', async () => {
    const slow = await told()
    receiver.answer(slow.path, () => {})
    const busy = await told()
    receiver.answer(busy.path, (_, answer) => answer.writeHead(503, { 'Retry-After': '7200' }).end())
    const moved = await told()
    const elsewhere = receiver.path()
    receiver.answer(moved.path, (_, answer) => answer.writeHead(307, { Location: elsewhere }).end())
    for (const { account } of [slow, busy, moved]) await putCard(account, 'a')
    await send()
    const first = async ({ deliveries }: typeof slow) => (await deliveries())[0]
    expect((await first(slow)).error).toBe('There was no answer for 1 seconds.')
    expect(Date.parse((await first(busy)).nextAt) - server.clock.now).toBeGreaterThanOrEqual(7_200_000)
    expect(await first(moved)).toMatchObject({ state: 'waiting', answerStatus: 307 })
    expect(receiver.at(elsewhere)).toEqual([])
  })

  it('is told each event once, though the server is killed between any two statements', async () => {
    const { account, got, deliveries } = await told()
    for (let n = 0; n < 5; n += 1) await putCard(account, `${n}`)
    const { store } = server.services
    const whole = store.write
    let left = 0
    const broken = new Error('killed')
    Object.assign(store, {
      write: (fn: Parameters<typeof whole>[0]) => {
        left -= 1
        return left < 0 ? Promise.reject(broken) : whole(fn)
      },
    })
    try {
      for (left = 0; left <= 4; ) {
        const until = left
        await expect.poll(() => store.read(hasUnsettled), soon).toBe(false)
        await whole((tx) => ensureJob(tx, 'outbox', server.clock.now))
        const stopping = new AbortController()
        setTimeout(() => stopping.abort(), 300)
        await runNextJob(server.services, jobs, stopping.signal, 'outbox').catch(() => {})
        // Whoever was killed holds the job until its lease is over.
        server.clock.now += 600_000
        left = until + 1
      }
    } finally {
      Object.assign(store, { write: whole })
    }
    await send()
    const all = await deliveries()
    expect(all.map(({ state }: { state: string }) => state)).toEqual(Array.from({ length: 5 }, () => 'sent'))
    expect(new Set(got().map(({ headers }) => headers['webhook-id'])).size).toBe(5)
  })

  it('is told only the kinds, collections and people that it is for', async () => {
    const { account, id, got } = await told({ kinds: ['object-deleted'] })
    await putCard(account, 'a')
    await account.delete(`${account.contacts}a.vcf`)
    await send()
    expect(got().map(({ body }) => JSON.parse(body).type)).toEqual(['object-deleted'])
    const { json } = await call(account, 'GET', '/changes')
    const collections = [999_999]
    const changed = await call(account, 'PATCH', `/webhooks/${id}`, { kinds: null, collections })
    expect(changed.json).toMatchObject({ kinds: null, collections })
    await putCard(account, 'b')
    await send()
    expect(got()).toHaveLength(1)
    expect(json.reset).toBe(false)
  })

  it('is not told what its owner may not read any more when it leaves', async () => {
    const { account, path, got, deliveries } = await told()
    const alice = await server.account()
    const share = await call(alice, 'POST', '/shares', {
      ...{ collection: 'calendar', with: account.name, access: 'read' },
    })
    const { json } = await call(account, 'GET', '/invites')
    await call(account, 'POST', `/invites/${json.invites[0].id}/accept`)
    receiver.answer(path, (_, answer) => answer.writeHead(500).end())
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await send()
    expect(got()).toHaveLength(1)
    await call(alice, 'DELETE', `/shares/${share.json.id}`)
    receiver.answer(path, undefined)
    server.clock.now += 60_000
    await send()
    expect(got()).toHaveLength(1)
    expect(await deliveries()).toMatchObject([
      { state: 'dropped', error: expect.stringMatching(/may not read/) },
    ])
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    await send()
    expect(await deliveries()).toHaveLength(1)
  })

  it('signs with two secrets for a day after it was given another', async () => {
    const { account, id, secret, got } = await told()
    const rotated = await call(account, 'POST', `/webhooks/${id}/rotate`)
    await putCard(account, 'a')
    await send()
    const [both] = got()
    expect([secret, rotated.json.secret].map((one) => both && isSigned(both, one))).toEqual([true, true])
    server.clock.now += dayMs + 1
    await putCard(account, 'b')
    await send()
    const last = got().at(-1)
    expect([secret, rotated.json.secret].map((one) => last && isSigned(last, one))).toEqual([false, true])
  })

  it('is switched off after days without success, or when it says that it is gone, and its owner is told', async () => {
    const { account, path, id, deliveries } = await told()
    const { json } = await call(account, 'GET', '/changes')
    receiver.answer(path, (_, answer) => answer.writeHead(410).end())
    await putCard(account, 'a')
    await send()
    const off = await call(account, 'GET', `/webhooks/${id}`)
    expect(off.json).toMatchObject({ active: false, disabledReason: 'The answer was 410.' })
    const about = { kind: 'webhook', id }
    await expect
      .poll(
        async () =>
          (
            await call(
              account,
              'GET',
              `/changes?kind=webhook-disabled&after=${encodeURIComponent(json.next)}`,
            )
          ).json.changes,
        soon,
      )
      .toMatchObject([{ kind: 'webhook-disabled', about }])
    await putCard(account, 'missed')
    receiver.answer(path, (_, answer) => answer.writeHead(500).end())
    await expect.poll(() => server.services.store.read(hasUnsettled), soon).toBe(false)
    await call(account, 'PATCH', `/webhooks/${id}`, { active: true })
    for (let day = 0; day < 7; day += 1) {
      await putCard(account, `day-${day}`)
      await send()
      server.clock.now += dayMs
    }
    const long = await call(account, 'GET', `/webhooks/${id}`)
    expect(long.json).toMatchObject({ active: false, disabledReason: expect.stringMatching(/for days/) })
    const kinds = (await deliveries()).map(({ state }: { state: string }) => state)
    expect(kinds).toContain('dead')
    const { id: principalId } = await server.services.store.read((reader) =>
      findAccount(reader, account.name),
    )
    const missed = await server.services.store.read(({ sql }) =>
      sql.all('SELECT 1 FROM outbox WHERE principal_id = $1 AND payload LIKE $2', [principalId, '%missed%']),
    )
    expect(missed).toEqual([])
  })

  it('is told within a moment where the server runs its jobs', async () => {
    const { account, got } = await told()
    const running = startJobs(server.services)
    try {
      // The usual look at the outbox comes a minute after the start, by a clock that stands still here.
      await putCard(account, 'a')
      await expect.poll(got, soon).toHaveLength(1)
      await putCard(account, 'b')
      await expect.poll(got, soon).toHaveLength(2)
    } finally {
      await running.stop()
    }
  })

  it('does not keep the others waiting when it is slow', async () => {
    const slow = await told()
    let open = 0
    receiver.answer(slow.path, (_, answer) => {
      open += 1
      setTimeout(() => answer.end(), 400)
    })
    const quick = await told()
    for (let n = 0; n < 3; n += 1) await putCard(slow.account, `${n}`)
    const sending = send()
    await expect.poll(() => open, soon).toBe(1)
    await putCard(quick.account, 'a')
    await expect.poll(quick.got, soon).toHaveLength(1)
    await sending
    expect(slow.got()).toHaveLength(3)
  })

  it('is the account’s own, changed by version, and so many there are', async () => {
    const { account, id } = await told()
    const stranger = await server.account()
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/rotate'],
      ['GET', '/deliveries'],
      ['POST', '/deliveries/1/replay'],
    ] as const) {
      const body = method === 'PATCH' ? {} : undefined
      expect((await call(stranger, method, `/webhooks/${id}${path}`, body)).status).toBe(404)
    }
    const read = await call(account, 'GET', `/webhooks/${id}`)
    expect(JSON.stringify(read.json)).not.toContain('whsec_')
    const old = { 'If-Match': '"0"' }
    expect((await call(account, 'PATCH', `/webhooks/${id}`, { description: 'x' }, old)).status).toBe(412)
    const now = { 'If-Match': String(read.headers.etag) }
    expect((await call(account, 'PATCH', `/webhooks/${id}`, { description: 'x' }, now)).json.version).toBe(2)
    const make = (url: string) => call(account, 'POST', '/webhooks', { url })
    for (const url of ['ftp://a.example', 'http://10.0.0.1/', 'http://[::1]/', 'https://u:p@a.example/', 'x'])
      expect((await make(url)).status, url).toBe(422)
    expect([(await make('https://a.example/')).status, (await make('https://a.example/')).status]).toEqual([
      201, 201,
    ])
    expect((await make('https://a.example/')).status).toBe(422)
    const { json } = await call(account, 'POST', '/tokens', { label: 'p', scopes: ['account:write'] })
    const bearer = await fetch(`${server.url}/api/webhooks`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${json.token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ url: 'https://a.example/' }),
    })
    expect(bearer.status).toBe(403)
    expect((await call(account, 'DELETE', `/webhooks/${id}`)).status).toBe(204)
    expect((await call(account, 'GET', '/webhooks')).json.webhooks).toHaveLength(2)
  })
})
