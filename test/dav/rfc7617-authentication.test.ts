import { networkInterfaces } from 'node:os'
import bcrypt from 'bcrypt'
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { hashPassword } from '../../src/auth/password.ts'
import { createAppPassword, findAccount } from '../../src/features/accounts/accounts.ts'
import { listAppPasswords, revokeAppPassword } from '../../storage/credentials.ts'
import { setPassword } from '../../storage/principals.ts'
import { openStore } from '../../storage/store.ts'
import { createClient, propfindBody } from './client.ts'
import { basic, listen } from './listen.ts'
import { card } from './objects.ts'
import { type Account, type TestServer, useServer } from './server.ts'

// Passed through and counted: the hash is what a request must not cost.
const hashed = vi.spyOn(bcrypt, 'compare')
afterAll(() => hashed.mockRestore())

const challenge = 'Basic realm="Farley", charset="UTF-8"'
const body = propfindBody([dav('current-user-principal')])

async function statusWith(server: TestServer, authorization: string, headers: Record<string, string> = {}) {
  const stranger = createClient(server.url)
  const all = { Authorization: authorization, Depth: '0', ...headers }
  return (await stranger.request('PROPFIND', '/dav/', { headers: all, body })).status
}

async function device(server: TestServer, owner: Account, scope: 'read' | 'write' = 'write') {
  const { store } = server.services
  const { id, secret } = await store.write(async (tx) =>
    createAppPassword(tx, await findAccount(tx, owner.name), { label: 'Pixel 9', scope }),
  )
  return { id, secret, client: createClient(server.url, { name: owner.name, password: secret }) }
}

describe('RFC 7617 §2 the challenge', () => {
  const server = useServer()
  const methods = 'OPTIONS GET HEAD PROPFIND PROPPATCH REPORT PUT DELETE MKCALENDAR MKCOL COPY MOVE POST LOCK'

  it('is 401 with one constant challenge for every method and path, there or not (MIN-02, IOS-02, TBC-10, GOA-03)', async () => {
    const alice = await server.account()
    const stranger = createClient(server.url)
    const paths = [
      '/',
      '/dav/',
      alice.principal,
      alice.calendar,
      `${alice.calendar}none.ics`,
      '/dav/calendars/nobody/',
    ]
    for (const path of [...paths, '/calendar/dav/someone/user/', '/nowhere']) {
      for (const method of methods.split(' ')) {
        const answer = await stranger.request(method, path)
        expect(answer.status, `${method} ${path}`).toBe(401)
        expect(answer.headers['www-authenticate']).toBe(challenge)
      }
    }
  })

  it('answers a wrong password and an unknown user alike, there or not (behaviours: 401 vs 403)', async () => {
    const alice = await server.account()
    const wrong = createClient(server.url, { name: alice.name, password: 'wrong' })
    const unknown = createClient(server.url, { name: 'nobody', password: 'wrong' })
    for (const client of [wrong, unknown]) {
      for (const path of [alice.calendar, `${alice.calendar}none.ics`, '/dav/none/']) {
        const answer = await client.get(path)
        expect([answer.status, answer.headers['www-authenticate'], answer.text]).toEqual([
          401,
          challenge,
          'A user name and password are needed.\n',
        ])
      }
    }
  })

  it('takes other schemes and broken credentials for none', async () => {
    for (const value of ['Bearer abc', 'Bearer', 'Digest username="a"', 'Basic', 'Basic !!!', 'Basic YWJj']) {
      expect(await statusWith(server, value), value).toBe(401)
    }
  })
})

describe('RFC 7617 §2.1 names and passwords', () => {
  const server = useServer()

  it('accepts credentials with the first request, whatever the case of scheme and name', async () => {
    const alice = await server.account({ name: 'Alice.Case' })
    expect(await statusWith(server, basic('alice.case', alice.password))).toBe(207)
    expect(await statusWith(server, basic('ALICE.Case', alice.password).replace('Basic', 'BASIC'))).toBe(207)
    expect(await statusWith(server, basic('alice.case', alice.password.toUpperCase()))).toBe(401)
  })

  it('reads names and passwords as UTF-8, composed or not, and as Latin-1 where they are not UTF-8', async () => {
    const zoe = await server.account({ name: 'zoë' })
    expect(await statusWith(server, basic('zoë', zoe.password))).toBe(207)
    expect(await statusWith(server, basic('zoe\u0308', zoe.password))).toBe(207)
    expect(await statusWith(server, basic('zoë', zoe.password, 'latin1'))).toBe(207)
    const { store } = server.services
    const hash = await hashPassword('pässwört: mit Doppelpunkt', 4)
    await store.write(async (tx) => setPassword(tx, (await findAccount(tx, 'zoë')).id, hash))
    expect(await statusWith(server, basic('zoë', 'pässwört: mit Doppelpunkt'))).toBe(207)
  })

  it('takes a name literally, then percent-decoded once and no further (IOS-05)', async () => {
    const { password } = await server.account({ name: 'ann@example.org' })
    expect(await statusWith(server, basic('ann@example.org', password))).toBe(207)
    expect(await statusWith(server, basic('ann%40example.org', password))).toBe(207)
    expect(await statusWith(server, basic('ann%2540example.org', password))).toBe(401)
    expect(await statusWith(server, basic('ann%zz', password))).toBe(401)
  })
})

describe('app passwords', () => {
  const server = useServer()

  it('sign in with and without their hyphens, beside the account’s own password (issue 4)', async () => {
    const alice = await server.account()
    const { secret, client } = await device(server, alice)
    expect((await client.propfind('/dav/', 0, [dav('resourcetype')])).status).toBe(207)
    expect(await statusWith(server, basic(alice.name, secret.replaceAll('-', '')))).toBe(207)
    expect(await statusWith(server, basic(alice.name, alice.password))).toBe(207)
    expect(await statusWith(server, basic((await server.account()).name, secret))).toBe(401)
  })

  it('remember their last use', async () => {
    const alice = await server.account()
    const { client } = await device(server, alice)
    await client.propfind('/dav/', 0, [dav('resourcetype')])
    const { store } = server.services
    const rows = await store.read(async (reader) =>
      listAppPasswords(reader, (await findAccount(reader, alice.name)).id),
    )
    await vi.waitFor(async () => {
      const again = await store.read((reader) =>
        listAppPasswords(reader, rows[0]?.principalId ?? (0 as never)),
      )
      expect(again[0]?.lastUsedAt).toBe(server.clock.now)
    })
  })

  it('of scope read read everything and change nothing (RFC 3744 §7.1.1)', async () => {
    const alice = await server.account()
    const { client } = await device(server, alice, 'read')
    const path = `${alice.contacts}a.vcf`
    await alice.put(path, card('a'))
    expect((await client.get(path)).text).toBe(card('a'))
    expect((await client.sync(alice.contacts, '')).hrefs).toEqual([path])
    const set = (await client.propfind(alice.contacts, 0, [dav('current-user-privilege-set')])).of(
      alice.contacts,
    )
    expect(JSON.stringify(set.element)).not.toContain('write')
    const destination = { Destination: `${alice.contacts}b.vcf` }
    const update =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x:a xmlns:x="urn:x"/></d:prop></d:set></d:propertyupdate>'
    const attempts = [
      ['PUT', path, 'write-content', { body: card('a', 'New Name') }],
      ['PUT', `${alice.contacts}c.vcf`, 'write-content', { body: card('c') }],
      ['DELETE', path, 'unbind', {}],
      ['DELETE', alice.contacts, 'unbind', {}],
      ['COPY', path, 'bind', { headers: destination }],
      ['MOVE', path, 'unbind', { headers: destination }],
      ['COPY', alice.contacts, 'bind', { headers: { Destination: `${alice.books}b/` } }],
      ['MOVE', alice.contacts, 'unbind', { headers: { Destination: `${alice.books}b/` } }],
      ['MKCOL', `${alice.books}b/`, 'bind', {}],
      ['MKCALENDAR', `${alice.calendars}b/`, 'bind', {}],
      ['PROPPATCH', alice.contacts, 'write-properties', { body: update }],
    ] as const
    for (const [method, href, privilege, options] of attempts) {
      const answer = await client.request(method, href, options)
      expect(answer.status, `${method} ${href}`).toBe(403)
      expect(answer.text).toContain(`<d:need-privileges><d:resource>`)
      expect(answer.text).toContain(`<d:privilege><d:${privilege}/></d:privilege>`)
    }
    expect((await alice.sync(alice.contacts, '')).hrefs).toEqual([path])
    expect((await alice.get(path)).text).toBe(card('a'))
  })
})

describe('revocation', () => {
  const server = useServer()

  it('of an app password holds for the very next request, and for that device alone (issue 4)', async () => {
    const alice = await server.account()
    const lost = await device(server, alice)
    const kept = await device(server, alice)
    const { store } = server.services
    expect((await lost.client.get(alice.contacts)).status).toBe(200)
    expect((await kept.client.get(alice.contacts)).status).toBe(200)
    await store.write(async (tx) => revokeAppPassword(tx, (await findAccount(tx, alice.name)).id, lost.id))
    expect((await lost.client.get(alice.contacts)).status).toBe(401)
    expect((await kept.client.get(alice.contacts)).status).toBe(200)
    expect((await alice.get(alice.contacts)).status).toBe(200)
  })

  it('by another process holds at once: a second store on the same database', async () => {
    const alice = await server.account()
    const { client, id } = await device(server, alice)
    expect((await client.get(alice.contacts)).status).toBe(200)
    const { database, dataDirectory } = server
    const settings = { now: () => server.clock.now, newId: server.services.newId, migrate: false }
    await using cli = await openStore({ database, dataDirectory, ...settings })
    await cli.write(async (tx) => revokeAppPassword(tx, (await findAccount(tx, alice.name)).id, id))
    expect((await client.get(alice.contacts)).status).toBe(401)
    const hash = await hashPassword('a new one', 4)
    expect((await alice.get(alice.contacts)).status).toBe(200)
    await cli.write(async (tx) => setPassword(tx, (await findAccount(tx, alice.name)).id, hash))
    expect((await alice.get(alice.contacts)).status).toBe(401)
    expect(await statusWith(server, basic(alice.name, 'a new one'))).toBe(207)
  })
})

describe('what a request costs', () => {
  const server = useServer()
  beforeEach(() => void hashed.mockClear())

  it('is no bcrypt once a pair is verified, over many and parallel requests', async () => {
    const alice = await server.account()
    await Promise.all(Array.from({ length: 8 }, () => alice.get(alice.contacts)))
    for (let n = 0; n < 20; n += 1) await alice.get(alice.contacts)
    expect(hashed).toHaveBeenCalledTimes(1)
  })

  it('is none at all for app passwords', async () => {
    const { client } = await device(server, await server.account())
    expect((await client.propfind('/dav/', 0, [dav('owner')])).status).toBe(207)
    expect(hashed).not.toHaveBeenCalled()
  })

  it('is one for a wrong pair that a device keeps sending', async () => {
    const alice = await server.account()
    for (let n = 0; n < 20; n += 1) expect(await statusWith(server, basic(alice.name, 'outdated'))).toBe(401)
    expect(hashed).toHaveBeenCalledTimes(1)
  })

  it('is one again when the memory is too old', async () => {
    const alice = await server.account()
    await alice.get(alice.contacts)
    server.clock.now += server.settings.auth.cacheMs + 1
    expect((await alice.get(alice.contacts)).status).toBe(200)
    expect(hashed).toHaveBeenCalledTimes(2)
  })

  it('is the same for an unknown user, so that names cannot be told by time', async () => {
    expect(await statusWith(server, basic('nobody', 'something'))).toBe(401)
    expect(hashed).toHaveBeenCalledTimes(1)
  })
})

describe('RFC 6585 §4 throttling of wrong passwords', () => {
  const server = useServer({ auth: { failures: 3 }, proxy: { trusted: '127.0.0.1' } })
  const from = (address: string) => ({ 'X-Forwarded-For': address, 'X-Forwarded-Proto': 'https' })
  const guess = async (name: string, address: string) => {
    for (const word of ['a', 'b', 'c']) await statusWith(server, basic(name, word), from(address))
  }

  it('answers 429 with Retry-After, for one account from one address (MIN-05)', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await guess(alice.name, '192.0.2.1')
    const blocked = await createClient(server.url).request('PROPFIND', '/dav/', {
      headers: { ...from('192.0.2.1'), Authorization: basic(alice.name, alice.password) },
    })
    expect(blocked.status).toBe(429)
    expect(Number(blocked.headers['retry-after'])).toBe(server.settings.auth.blockMs / 1000)
    expect(await statusWith(server, basic(alice.name, alice.password), from('192.0.2.2'))).toBe(207)
    expect(await statusWith(server, basic(bob.name, bob.password), from('192.0.2.1'))).toBe(207)
    server.clock.now += server.settings.auth.blockMs
    expect(await statusWith(server, basic(alice.name, alice.password), from('192.0.2.1'))).toBe(207)
  })

  it('counts guesses that are made all at once, and lets none slip by', async () => {
    const alice = await server.account()
    const words = Array.from({ length: 20 }, (_, n) => `guess ${n}`)
    const all = [...words, alice.password]
    const home = from('192.0.2.60')
    const seen = await Promise.all(all.map((word) => statusWith(server, basic(alice.name, word), home)))
    expect(seen.filter((status) => status === 401).length).toBeLessThanOrEqual(server.settings.auth.failures)
    expect(seen.filter((status) => status === 429).length).toBeGreaterThan(0)
  })

  it('leaves out devices that are known, or have an app password (issue 4)', async () => {
    const alice = await server.account()
    const { secret } = await device(server, alice)
    const home = from('192.0.2.10')
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
    await guess(alice.name, '192.0.2.10')
    expect(await statusWith(server, basic(alice.name, 'd'), home)).toBe(429)
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
    expect(await statusWith(server, basic(alice.name, secret), home)).toBe(207)
  })

  it('counts the same wrong pair once: a device with an outdated password does not lock its owner out', async () => {
    const alice = await server.account()
    const home = from('192.0.2.20')
    for (let n = 0; n < 10; n += 1)
      expect(await statusWith(server, basic(alice.name, 'outdated'), home)).toBe(401)
    expect(await statusWith(server, basic(alice.name, 'another'), home)).toBe(401)
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
  })

  it('never counts requests without credentials (MIN-03)', async () => {
    const alice = await server.account()
    const home = from('192.0.2.30')
    const stranger = createClient(server.url)
    for (let n = 0; n < 10; n += 1) {
      expect((await stranger.request('PROPFIND', '/dav/', { headers: home })).status).toBe(401)
      expect(await statusWith(server, 'Bearer x', home)).toBe(401)
    }
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
  })

  it('forgets failures after a right password, and after their window', async () => {
    const alice = await server.account()
    const home = from('192.0.2.40')
    const two = async (a: string, b: string) => {
      expect(await statusWith(server, basic(alice.name, a), home)).toBe(401)
      expect(await statusWith(server, basic(alice.name, b), home)).toBe(401)
    }
    await two('a', 'b')
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
    await two('c', 'd')
    server.clock.now += server.settings.auth.failureWindowMs + 1
    await two('e', 'f')
    expect(await statusWith(server, basic(alice.name, alice.password), home)).toBe(207)
  })

  it('throttles by the address that the declared proxy saw, not by one the client made up', async () => {
    const alice = await server.account()
    for (const [n, word] of ['a', 'b', 'c'].entries()) {
      await statusWith(server, basic(alice.name, word), from(`198.51.100.${n}, 192.0.2.50`))
    }
    expect(await statusWith(server, basic(alice.name, 'd'), from('198.51.100.9, 192.0.2.50'))).toBe(429)
  })
})

const outside = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === 'IPv4')?.address

describe('passwords over open lines', () => {
  const server = useServer({ proxy: { trusted: '127.0.0.1' } })

  it.skipIf(outside === undefined)(
    'are refused to a peer on the network, which is not even asked for one',
    async () => {
      const { name, password } = await server.account()
      const url = await listen(server.services, undefined, outside)
      for (const client of [createClient(url, { name, password }), createClient(url)]) {
        const answer = await client.request('PROPFIND', '/dav/', { body })
        expect([answer.status, answer.headers['www-authenticate']]).toEqual([403, undefined])
        expect((await client.get('/.well-known/caldav')).status).toBe(301)
        const claims = { 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Proto': 'https' }
        expect((await client.request('PROPFIND', '/dav/', { headers: claims, body })).status).toBe(403)
      }
    },
  )
  const sent = (name: string, password: string, headers: Record<string, string>) =>
    statusWith(server, basic(name, password), headers)

  it('are refused where the declared proxy was spoken to by plain HTTP, right or wrong (issue 4)', async () => {
    const { name, password } = await server.account()
    const plain = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'http' }
    expect(await sent(name, password, plain)).toBe(403)
    expect(await sent(name, 'wrong', plain)).toBe(403)
    expect(await sent(name, password, { 'X-Forwarded-For': '192.0.2.1' })).toBe(403)
    expect(await sent(name, password, { Forwarded: 'for=192.0.2.1;proto=https' })).toBe(403)
    expect(await sent(name, password, { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': 'https' })).toBe(
      207,
    )
  })

  it('are accepted on loopback', async () => {
    const { name, password } = await server.account()
    expect(await sent(name, password, {})).toBe(207)
  })

  it('are refused where a proxy forwards that is not declared, whatever it says of itself', async () => {
    const { services } = server
    const settings = { ...services.settings, proxy: { trusted: '192.0.2.99' } }
    const url = await listen({ ...services, settings })
    const { name, password } = await server.account()
    for (const scheme of ['http', 'https']) {
      const claims = { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': scheme }
      const headers = { Authorization: basic(name, password), ...claims }
      expect((await createClient(url).request('PROPFIND', '/dav/', { headers })).status).toBe(403)
    }
  })
})
