import { describe, expect, it } from 'vitest'
import { runNextJob } from '../../../src/jobs/run-job.ts'
import { jobs } from '../../../src/jobs/runner.ts'
import { ensureJob } from '../../../storage/upkeep/jobs.ts'
import { call } from '../../api/json.ts'
import { calendar, card } from '../../dav/objects.ts'
import { type Account, useServer } from '../../dav/server.ts'
import { placedAt } from '../people/sessions.ts'
import { eraser } from './eraser.ts'

const server = useServer()
const dayMs = 86_400_000

async function made(account: Account, method: string, path: string, body?: unknown) {
  const answer = await call(account, method, path, body)
  expect([path, answer.status < 300, answer.text]).toEqual([path, true, answer.text])
  return answer.json
}

async function known(account: Account, uid: string, book = account.contacts): Promise<number> {
  const href = `${book}${nameOf(uid)}`
  expect((await account.put(href, card(uid, uid, [`EMAIL:${uid}@example.org`]))).status).toBe(201)
  return (await placedAt(server, href)).partyId
}

/** As devices name resources: it tells nobody who it is. */
const nameOf = (uid: string): string => `${Buffer.from(uid).toString('hex')}.vcf`

const day = (fromNow: number): string =>
  new Date(server.clock.now + fromNow * dayMs).toISOString().slice(0, 10)

async function meeting(account: Account, uid: string, who: string, onDay: string, extra: string[] = []) {
  const at = onDay.replaceAll('-', '')
  const lines = ['BEGIN:VEVENT', `UID:${uid}`, `DTSTAMP:${at}T000000Z`, `DTSTART:${at}T100000Z`]
  const ends = [`DTEND:${at}T110000Z`, 'SUMMARY:Lunch', `ATTENDEE:mailto:${who}@example.org`, ...extra]
  const text = calendar([...lines, ...ends, 'END:VEVENT'])
  expect((await account.put(`${account.calendar}${uid}.ics`, text)).status).toBe(201)
}

async function runRules(): Promise<void> {
  await server.services.store.write((tx) => ensureJob(tx, 'retention', 0))
  await server.services.store.write(({ sql }) =>
    sql.run("UPDATE jobs SET next_at = 0 WHERE key = 'retention'"),
  )
  const outcome = await runNextJob(server.services, jobs, new AbortController().signal, 'retention')
  expect(outcome).toMatchObject({ kind: 'done' })
}

async function previewed(account: Account, rule: { readonly id: number }) {
  const { count, items } = await made(account, 'GET', `/retention/${rule.id}/preview`)
  return { count, ids: items.map(({ id }: { id: number }) => id) }
}

const isThere = async (account: Account, id: number): Promise<boolean> =>
  (await call(account, 'GET', `/parties/${id}`)).status === 200

describe('people whom nobody has touched', () => {
  it('go as the preview said, and nobody with whom anything has happened or will', async () => {
    const [alice, bob] = [await eraser(server), await server.account()]
    const forgotten = [await known(alice, 'old-1'), await known(alice, 'old-2')]
    const names = ['called', 'edited', 'met', 'meets', 'weekly', 'todo', 'agreed', 'wanted', 'noted-by-bob']
    const kept: Record<string, number> = {}
    for (const name of names) kept[name] = await known(alice, name)
    await meeting(alice, 'e-meets', 'meets', day(250))
    await meeting(alice, 'e-weekly', 'weekly', day(-10), ['RRULE:FREQ=WEEKLY'])
    await meeting(alice, 'e-met', 'met', day(150))
    await meeting(alice, 'e-long-ago', 'old-1', day(-10))
    await made(alice, 'POST', `/parties/${kept.todo}/tasks`, { summary: 'Call back' })
    await made(alice, 'POST', `/parties/${kept.agreed}/consents`, {
      ...{ channel: 'mail', state: 'given', expires: day(900) },
    })
    await made(alice, 'PUT', `/parties/${kept.wanted}/cadence`, { everyDays: 900 })
    await made(alice, 'POST', `/parties/${forgotten[1]}/consents`, {
      ...{ channel: 'mail', state: 'given', expires: day(10) },
    })
    const foreign = await known(bob, 'of-bob')
    server.clock.now += 200 * dayMs
    const young = await known(alice, 'young')
    await made(alice, 'POST', '/activities', { kind: 'call', parties: [kept.called], html: 'hello' })
    const href = alice.contacts + nameOf('edited')
    await alice.put(href, card('edited', 'Edited Now', ['TEL:1']))
    await made(alice, 'PATCH', `/parties/${kept['noted-by-bob']}`, { roles: ['customer'] })
    const rule = await made(alice, 'POST', '/retention', { kind: 'untouched', days: 100 })
    expect(rule).toMatchObject({ action: 'suggest', by: alice.name, role: null, book: null })
    expect(await previewed(alice, rule)).toEqual({ count: 2, ids: forgotten })
    await runRules()
    expect(await isThere(alice, forgotten[0] ?? 0)).toBe(true)
    expect((await made(alice, 'GET', '/retention/log')).items[0]).toMatchObject({
      ...{ rule: rule.id, action: 'suggest', found: 2, done: 0 },
    })
    await made(alice, 'PATCH', `/retention/${rule.id}`, { action: 'apply' })
    const { token } = await alice.syncAll(alice.contacts, '')
    await runRules()
    for (const id of forgotten) expect(await isThere(alice, id)).toBe(false)
    for (const [name, id] of Object.entries({ ...kept, young }))
      expect([name, await isThere(alice, id)]).toEqual([name, true])
    expect(await isThere(bob, foreign)).toBe(true)
    expect((await alice.syncAll(alice.contacts, token)).removed).toHaveLength(2)
    expect(await previewed(alice, rule)).toEqual({ count: 0, ids: [] })
    const log = await call(alice, 'GET', '/retention/log')
    expect(log.json.items[0]).toMatchObject({ action: 'apply', found: 2, done: 2 })
    expect(log.text).not.toMatch(/old-|example\.org/)
    const proofs = (await made(alice, 'GET', '/erasures')).items
    expect(proofs).toMatchObject([
      { reason: 'retention', by: alice.name, isGenuine: true },
      { reason: 'retention', by: alice.name, isGenuine: true },
    ])
    await made(alice, 'DELETE', `/retention/${rule.id}`)
  }, 60_000)

  it('go by role and book only where the rule says so', async () => {
    const alice = await eraser(server)
    const [customer, other] = [await known(alice, 'cust'), await known(alice, 'other')]
    await made(alice, 'PATCH', `/parties/${customer}`, { roles: ['customer'] })
    const party = await made(alice, 'GET', `/parties/${customer}`)
    server.clock.now += 60 * dayMs
    const by = async (rule: object): Promise<readonly number[]> => {
      const one = await made(alice, 'POST', '/retention', { kind: 'untouched', days: 30, ...rule })
      const { ids } = await previewed(alice, one)
      await made(alice, 'DELETE', `/retention/${one.id}`)
      return ids
    }
    expect(await by({ role: 'customer' })).toEqual([customer])
    expect(await by({ role: 'supplier' })).toEqual([])
    expect(await by({ book: party.cards[0].book.id })).toEqual([customer, other])
    const unknown = { kind: 'untouched', days: 30, book: 987654321 }
    expect((await call(alice, 'POST', '/retention', unknown)).status).toBe(422)
  })
})

describe('notes, calls and consents', () => {
  it('go when they are old, and those that are wanted stay', async () => {
    const alice = await eraser(server)
    const id = await known(alice, 'noted')
    const note = { kind: 'note', parties: [id], html: 'x' }
    const old = await made(alice, 'POST', '/activities', note)
    const visit = await made(alice, 'POST', '/activities', { ...note, kind: 'visit' })
    const consents = `/parties/${id}/consents`
    const over = await made(alice, 'POST', consents, { channel: 'mail', state: 'given', expires: day(5) })
    const no = await made(alice, 'POST', consents, { channel: 'post', state: 'refused' })
    const yes = await made(alice, 'POST', consents, { channel: 'phone', state: 'given' })
    server.clock.now += 100 * dayMs
    const young = await made(alice, 'POST', '/activities', note)
    const rules = []
    for (const kind of ['activities', 'consents'])
      rules.push(await made(alice, 'POST', '/retention', { kind, days: 50, action: 'apply' }))
    expect(await previewed(alice, rules[0])).toEqual({ count: 1, ids: [old.id] })
    expect(await previewed(alice, rules[1])).toEqual({ count: 1, ids: [over.id] })
    await runRules()
    const left = async (one: { id: number }) => (await call(alice, 'GET', `/activities/${one.id}`)).status
    expect([await left(old), await left(visit), await left(young)]).toEqual([404, 200, 200])
    const { items } = await made(alice, 'GET', consents)
    expect(items.map((one: { id: number }) => one.id)).toEqual([no.id, yes.id])
    for (const rule of rules) await made(alice, 'DELETE', `/retention/${rule.id}`)
  })
})

describe('rules', () => {
  it('are for those who may erase, and made by those who run the place', async () => {
    const [alice, bob] = [await eraser(server), await server.account()]
    const body = { kind: 'untouched', days: 365 }
    const rule = await call(alice, 'POST', '/retention', body)
    expect([rule.status, rule.headers.etag]).toEqual([201, '"1"'])
    const { id } = rule.json
    const asked = [id, 987654321].flatMap((one) => [`/retention/${one}`, `/retention/${one}/preview`])
    for (const path of [...asked, '/retention', '/retention/log'])
      expect([path, (await call(bob, 'GET', path)).status]).toEqual([path, 403])
    expect((await call(bob, 'POST', '/retention', body)).status).toBe(403)
    const path = `/retention/${id}`
    const stale = await call(alice, 'PATCH', path, { days: 90 }, { 'If-Match': '"7"' })
    expect(stale.status).toBe(412)
    const changed = await call(alice, 'PATCH', path, { days: 90 }, { 'If-Match': '"1"' })
    expect([changed.status, changed.headers.etag, changed.json.days]).toEqual([200, '"2"', 90])
    expect((await call(alice, 'PATCH', path, { days: 1 })).status).toBe(422)
    expect((await call(alice, 'DELETE', path, undefined, { 'If-Match': '"1"' })).status).toBe(412)
    expect((await call(alice, 'DELETE', path)).status).toBe(204)
    expect((await call(alice, 'GET', path)).status).toBe(404)
  })

  it('take away only what whoever stands for them may, and name nobody whom the caller does not see', async () => {
    const [alice, other] = [await eraser(server), await eraser(server)]
    const id = await known(alice, 'mine')
    server.clock.now += 60 * dayMs
    const body = { kind: 'untouched', days: 30 }
    const [mine, theirs] = [
      await made(alice, 'POST', '/retention', body),
      await made(other, 'POST', '/retention', { ...body, action: 'apply' }),
    ]
    expect(await previewed(alice, mine)).toEqual({ count: 1, ids: [id] })
    expect(await previewed(other, mine)).toEqual({ count: 1, ids: [] })
    expect(await previewed(other, theirs)).toEqual({ count: 0, ids: [] })
    await runRules()
    expect(await isThere(alice, id)).toBe(true)
    for (const rule of [mine, theirs]) await made(alice, 'DELETE', `/retention/${rule.id}`)
  })
})
