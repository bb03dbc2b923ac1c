import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createHttp, type Server } from 'node:http'
import { createServer as createHttps } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { startMigration, stopMigrations } from '../../src/features/migration/api/background.ts'
import { reachable } from '../../src/outbound/networks.ts'
import type { Services } from '../../src/services.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { useDistorted } from '../features/distorted.ts'
import { hrefsIn } from '../features/moves.ts'
import { call } from './json.ts'

const server = useServer({
  migration: { privateNetworks: '127.0.0.0/8', followMs: 50, retryMs: 1, tries: 3, lookBytes: 6_000 },
})
const guarded = useServer()
const odd = useDistorted(
  () => server.url,
  () => 'correct horse',
)

const from = (there: Account, url = server.url) => ({ url, user: there.name, password: there.password })

interface Found {
  readonly url: string
  readonly kind: string
  readonly title: string
  readonly count: number | null
  readonly bytes: number | null
  readonly left: string | null
  readonly into: { readonly name: string } | null
  readonly before: string | null
}

async function look(here: Account, wanted: object): Promise<readonly Found[]> {
  const { status, json, text } = await call(here, 'POST', '/migrations/discover', wanted)
  expect([status, text]).toEqual([200, text])
  return json.collections
}

/** Asks until the migration is as it should be. */
async function until(account: Account, id: number, isIt: (shown: Shown) => boolean): Promise<Shown> {
  for (let round = 0; round < 1_000; round += 1) {
    const { json } = await call(account, 'GET', `/migrations/${id}`)
    if (isIt(json)) return json
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error('It does not come to that.')
}

interface Shown {
  readonly id: number
  readonly state: string
  readonly isActive: boolean
  readonly isPaused: boolean
  readonly needsPassword: boolean
  readonly progress: { readonly done: number; readonly total: number } | null
  readonly counts: Readonly<Record<string, number>>
}

/** An account with two books, a calendar and a list of tasks. */
async function peopled(): Promise<Account> {
  const there = await server.account()
  for (let n = 0; n < 3; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
  await there.put(`${there.calendar}e.ics`, event('e'))
  const set =
    '<d:set><d:prop><d:resourcetype><d:collection/><c:addressbook/></d:resourcetype><d:displayname>Suppliers</d:displayname></d:prop></d:set>'
  const made = await there.request('MKCOL', `${there.books}suppliers/`, {
    headers: { 'Content-Type': 'application/xml' },
    body: `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav">${set}</d:mkcol>`,
  })
  expect(made.status).toBe(201)
  await there.put(`${there.books}suppliers/s.vcf`, card('s'))
  return there
}

describe('POST /api/migrations/discover', () => {
  it('tells what is there, how much, and where it would go; nothing is stored', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const found = await look(here, from(there))
    const contacts = found.find(({ url }) => url.endsWith(there.contacts))
    expect(contacts).toMatchObject({ kind: 'addressbook', count: 3, left: null, into: { name: 'contacts' } })
    expect(contacts?.bytes).toBeGreaterThan(100)
    expect(found.find(({ title }) => title === 'Suppliers')).toMatchObject({ count: 1, into: null })
    expect(found.filter(({ kind }) => kind === 'calendar').length).toBeGreaterThan(0)
    expect((await call(here, 'GET', '/migrations')).json.migrations).toEqual([])
  })

  it('counts nothing where a listing is longer than is looked at', async () => {
    const [there, here] = [await server.account(), await server.account()]
    for (let n = 0; n < 60; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
    const found = await look(here, from(there))
    expect(found.find(({ kind }) => kind === 'addressbook')).toMatchObject({ count: null, bytes: null })
  })

  it('says why some of it is left out unless it is wanted', async () => {
    const [there, here] = [await peopled(), await server.account()]
    odd.distortion = {
      after: (answer) => {
        const text = answer.body.toString()
        const shared = '<cs:shared xmlns:cs="http://calendarserver.org/ns/"/>'
        if (answer.status === 207)
          answer.body = Buffer.from(text.replaceAll(/<card:addressbook\/>/g, `<card:addressbook/>${shared}`))
      },
    }
    const found = await look(here, from(there, odd.url.href))
    expect(found.find(({ kind }) => kind === 'addressbook')).toMatchObject({ left: 'shared', into: null })
    expect(found.find(({ kind }) => kind === 'calendar')).toMatchObject({ left: null })
  })
})

describe('what is said of a server that gives nothing', () => {
  const servers: Server[] = []
  let [tls, plain] = ['', '']
  const listen = async (made: Server): Promise<number> => {
    servers.push(made)
    await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
    return (made.address() as AddressInfo).port
  }
  beforeAll(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'farley-look-'))
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const self = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=localhost', '-days', '2']
    execFileSync('openssl', [...self, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    const options = { key: readFileSync(key), cert: readFileSync(cert) }
    tls = `https://127.0.0.1:${await listen(createHttps(options, (_, response) => response.end()))}`
    rmSync(folder, { recursive: true })
    const web = createHttp((request, response) => {
      response.statusCode = request.method === 'GET' ? 200 : 405
      response.end('<html>A page of something else</html>')
    })
    plain = `http://127.0.0.1:${await listen(web)}`
  })
  afterAll(() => {
    for (const one of servers) {
      one.closeAllConnections()
      one.close()
    }
  })

  it('names the password, the address, the certificate, TLS, or that no DAV is there', async () => {
    const [there, here] = [await server.account(), await server.account()]
    const said = async (wanted: object) => {
      const { status, json } = await call(here, 'POST', '/migrations/discover', wanted)
      return [status, json.reason, json.detail]
    }
    const host = (url: string) => new URL(url).host
    expect(await said({ ...from(there), password: 'wrong' })).toEqual([
      ...[422, 'password', `${host(server.url)} refuses the user name or the password.`],
    ])
    expect(await said(from(there, 'https://nowhere.invalid'))).toEqual([
      ...[422, 'address', expect.stringContaining('no server is known by the name nowhere.invalid')],
    ])
    expect(await said(from(there, 'http://127.0.0.1:9'))).toEqual([
      ...[422, 'unreachable', expect.stringContaining('ECONNREFUSED')],
    ])
    expect(await said(from(there, tls))).toEqual([
      ...[422, 'certificate', expect.stringContaining('its certificate cannot be trusted')],
    ])
    expect(await said(from(there, plain.replace('http', 'https')))).toEqual([
      ...[422, 'tls', expect.stringContaining('does not speak TLS there')],
    ])
    expect(await said(from(there, plain))).toEqual([
      422,
      'no-dav',
      `${host(plain)} answers, but there is no CalDAV or CardDAV server at this address.`,
    ])
    expect((await said({ ...from(there), url: server.url.replace('//', '//u:p@') }))[0]).toBe(422)
  })

  it('reaches public addresses only', async () => {
    const [there, here] = [await server.account(), await guarded.account()]
    const { status, json } = await call(here, 'POST', '/migrations/discover', from(there))
    expect([status, json.reason]).toEqual([422, 'private'])
    expect(json.detail).toMatch(/not at a public address/)
  })
})

describe('what is taken', () => {
  it('is what was chosen, into what was chosen; the next look knows where it went', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const found = await look(here, from(there))
    const url = (end: string) => found.find((one) => one.url.endsWith(end))?.url
    const [suppliers, contacts] = [url('/suppliers/'), url(there.contacts)]
    const { status, json } = await call(here, 'POST', '/migrations', {
      ...from(there),
      collections: [
        { url: suppliers, into: 'contacts' },
        { url: contacts, title: 'Old friends' },
      ],
    })
    expect(status).toBe(202)
    const done = await until(here, json.id, ({ state }) => state === 'finished')
    expect(done.counts).toMatchObject({ found: 4, copied: 4 })
    expect(await hrefsIn(here, here.contacts)).toEqual([`${here.contacts}s.vcf`])
    const { books } = (await call(here, 'GET', '/books')).json
    expect(books.map(({ title }: { title: string }) => title)).toContain('Old friends')
    expect(await hrefsIn(here, here.calendar)).toEqual([])
    const again = await look(here, from(there))
    expect(again.find((one) => one.url === suppliers)).toMatchObject({
      before: 'there',
      into: { name: 'contacts' },
    })
    await until(here, json.id, ({ isActive }) => !isActive)
    await call(here, 'POST', `/migrations/${json.id}/undo`)
    await until(here, json.id, ({ state, isActive }) => state === 'undone' && !isActive)
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })
})

describe('a process that ends as a migration begins', () => {
  it('has what was asked for remembered: what goes on takes no more than was chosen', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const url = (await look(here, from(there))).find((one) => one.url.endsWith('/suppliers/'))?.url ?? ''
    const { store, settings } = server.services
    let writes = 0
    const services: Services = {
      ...server.services,
      store: {
        ...store,
        read: (fn) => store.read(fn),
        write: async (fn) => {
          const written = await store.write(fn)
          // The first write is that which makes its batch.
          writes += 1
          if (writes === 1) void stopMigrations(services)
          return written
        },
      },
    }
    const account = await store.read((reader) => findAccount(reader, here.name))
    const id = await startMigration(services, account, {
      ...{ url: new URL(server.url), user: there.name, password: there.password },
      choices: [{ url, title: 'Suppliers' }],
      mayReach: reachable(settings.migration.privateNetworks),
    })
    await stopMigrations(services)
    const { password } = there
    expect((await call(here, 'POST', `/migrations/${id}/go-on`, { password })).status).toBe(202)
    const done = await until(here, id, ({ state }) => state === 'finished')
    expect(done.counts).toMatchObject({ found: 1, copied: 1 })
    expect(await hrefsIn(here, here.contacts)).toEqual([])
  })
})

describe('pausing', () => {
  it('goes on where it was, without the password; after it is given up, only with it', async () => {
    const [there, here] = [await server.account(), await server.account()]
    for (let n = 0; n < 120; n += 1) await there.put(`${there.contacts}c${n}.vcf`, card(`c${n}`))
    // So slow that it is caught on its way.
    odd.distortion = { after: (answer) => slowly(answer.body) }
    const { json } = await call(here, 'POST', '/migrations', from(there, odd.url.href))
    const { id } = json
    await until(here, id, ({ counts }) => (counts.copied ?? 0) >= 24)
    const paused = (await call(here, 'POST', `/migrations/${id}/pause`)).json as Shown
    expect(paused).toMatchObject({ isActive: false, isPaused: true, needsPassword: false, state: 'running' })
    const { copied = 0 } = paused.counts
    expect(copied).toBeLessThan(120)
    const reads = odd.seen.filter((line) => /^GET .*\.vcf/.test(line)).length
    await call(here, 'POST', `/migrations/${id}/pause`)
    const on = await call(here, 'POST', `/migrations/${id}/go-on`, {})
    expect(on).toMatchObject({ status: 202, json: { isActive: true, isPaused: false } })
    const done = await until(here, id, ({ state }) => state === 'finished')
    expect(done.counts).toMatchObject({ found: 120, copied: 120, identical: 120 })
    // What was stored is not read once more.
    const more = odd.seen.filter((line) => /^GET .*\.vcf/.test(line)).length - reads
    expect(more).toBeLessThanOrEqual(120 - copied)
    await until(here, id, ({ isActive }) => !isActive)
    expect((await call(here, 'POST', `/migrations/${id}/go-on`, {})).status).toBe(409)
  })

  it('what follows is paused too, and goes on with what came meanwhile, as it was chosen', async () => {
    const [there, here] = [await peopled(), await server.account()]
    const found = await look(here, from(there))
    const url = found.find((one) => one.url.endsWith('/suppliers/'))?.url
    const wanted = { ...from(there), follow: true, collections: [{ url, title: 'Suppliers' }] }
    const { id } = (await call(here, 'POST', '/migrations', wanted)).json
    await until(here, id, ({ counts }) => counts.identical === 1)
    const paused = (await call(here, 'POST', `/migrations/${id}/pause`)).json
    expect(paused).toMatchObject({ isPaused: true, follow: true, isActive: false })
    await there.put(`${there.books}suppliers/late.vcf`, card('late'))
    expect((await call(here, 'GET', `/migrations/${id}`)).json.counts.found).toBe(1)
    await call(here, 'POST', `/migrations/${id}/go-on`, {})
    await until(here, id, ({ counts }) => counts.identical === 2)
    await call(here, 'POST', `/migrations/${id}/pause`)
    const stopped = await call(here, 'POST', `/migrations/${id}/stop`)
    expect(stopped.json).toMatchObject({ isPaused: false, needsPassword: true, state: 'finished' })
    expect((await call(here, 'POST', `/migrations/${id}/go-on`, {})).status).toBe(409)
    await there.put(`${there.books}suppliers/later.vcf`, card('later'))
    const { password } = there
    expect((await call(here, 'POST', `/migrations/${id}/go-on`, { password })).status).toBe(202)
    await until(here, id, ({ counts }) => counts.identical === 3)
    expect(await hrefsIn(here, here.contacts)).toEqual([])
    await call(here, 'POST', `/migrations/${id}/stop`)
  })
})

/** Takes a moment over each object. */
function slowly(body: Buffer): void {
  if (!body.includes('BEGIN:VCARD')) return
  const until = Date.now() + 5
  while (Date.now() < until);
}
