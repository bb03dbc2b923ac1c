import { describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import type { Answer, Headers } from '../dav/client.ts'
import { card } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({
  auth: { bcryptCost: 4, sessions: 3 },
  proxy: { trusted: '127.0.0.1' },
  events: { recheckMs: 200 },
})
const secretOf = (url: string): string | undefined => url.split(/[#/]/).at(-2)
const dayMs = 86_400_000
const json = { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'same-origin' }

/** A browser as far as signing in goes: it keeps one cookie, and knows one token. */
class Browser {
  cookie = ''
  csrf = ''

  async send(method: string, path: string, body?: unknown, headers: Headers = {}): Promise<Answer> {
    const sent = new Headers({ ...(body === undefined ? {} : json), ...headers })
    if (this.cookie !== '') sent.set('Cookie', this.cookie)
    if (this.csrf !== '' && !sent.has('X-CSRF-Token')) sent.set('X-CSRF-Token', this.csrf)
    const answer = await fetch(`${server.url}${path}`, {
      ...{ method, headers: sent, redirect: 'manual' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const kept = answer.headers.getSetCookie()[0]
    if (kept !== undefined) this.cookie = /Max-Age=0/.test(kept) ? '' : (kept.split(';')[0] ?? '')
    return {
      status: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: Buffer.from(text),
      text,
    }
  }

  async signIn({ name, password }: Pick<Account, 'name' | 'password'>): Promise<Answer> {
    const answer = await this.send('POST', '/api/session', { name, password })
    if (answer.status === 201) this.csrf = JSON.parse(answer.text).csrfToken
    return answer
  }
}

async function signedIn(account: Account): Promise<Browser> {
  const browser = new Browser()
  expect((await browser.signIn(account)).status).toBe(201)
  return browser
}

describe('signing in on the web page', () => {
  it('gives a cookie that scripts and other sites do not get, and says who it is', async () => {
    const alice = await server.account()
    const browser = new Browser()
    const answer = await browser.signIn(alice)
    expect(answer.status).toBe(201)
    expect(answer.headers['set-cookie']).toMatch(
      /^farley=[\w-]{43}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Strict$/,
    )
    expect(JSON.parse(answer.text)).toMatchObject({ account: { name: alice.name } })
    const who = await browser.send('GET', '/api/session')
    expect(JSON.parse(who.text)).toEqual(JSON.parse(answer.text))
  })

  it('sets the Secure cookie of this host alone behind a TLS proxy', async () => {
    const alice = await server.account()
    const answer = await new Browser().send(
      'POST',
      '/api/session',
      { name: alice.name, password: alice.password },
      { 'X-Forwarded-Proto': 'https', 'X-Forwarded-For': '192.0.2.1' },
    )
    expect(answer.status).toBe(201)
    expect(answer.headers['set-cookie']).toMatch(/^__Host-farley=.*; Path=\/; .*; Secure$/)
  })

  it('refuses a wrong password with a challenge that no browser shows a box for', async () => {
    const alice = await server.account()
    const answer = await new Browser().signIn({ name: alice.name, password: 'wrong' })
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Session realm="Farley"')
    expect(JSON.parse(answer.text).detail).toBe('The name or the password is wrong.')
    const none = await new Browser().send('GET', '/api/account', undefined, {
      'Sec-Fetch-Site': 'same-origin',
    })
    expect([none.status, none.headers['www-authenticate']]).toEqual([401, 'Session realm="Farley"'])
    const program = await new Browser().send('GET', '/api/account')
    expect(program.headers['www-authenticate']).toContain('Basic')
  })

  it('is not for the password of a device', async () => {
    const alice = await server.account()
    const { createAppPassword } = await import('../../src/features/accounts/accounts.ts')
    const { secret } = await server.services.store.write(async (tx) =>
      createAppPassword(tx, await findAccount(tx, alice.name), { label: 'Phone', scope: 'write' }),
    )
    expect((await new Browser().signIn({ name: alice.name, password: secret })).status).toBe(403)
  })

  it('counts for the API alone: DAV asks for a password', async () => {
    const browser = await signedIn(await server.account())
    expect((await browser.send('OPTIONS', '/dav/')).status).toBe(401)
  })
})

describe('a change that is made with a session', () => {
  it('has to carry the token that only our page knows', async () => {
    const browser = await signedIn(await server.account())
    const change = (headers: Headers): Promise<Answer> =>
      browser.send('PATCH', '/api/account', { language: 'de' }, headers)
    expect((await change({ 'X-CSRF-Token': '' })).status).toBe(403)
    expect((await change({ 'X-CSRF-Token': 'x'.repeat(32) })).status).toBe(403)
    expect((await change({})).status).toBe(200)
  })

  it('and what a page of another site sends is refused, reading too', async () => {
    const alice = await server.account()
    const browser = await signedIn(alice)
    for (const site of ['cross-site', 'same-site']) {
      const read = await browser.send('GET', '/api/account', undefined, { 'Sec-Fetch-Site': site })
      expect(read.status).toBe(403)
      const { name, password } = alice
      const forced = await new Browser().send(
        'POST',
        '/api/session',
        { name, password },
        { 'Sec-Fetch-Site': site },
      )
      expect(forced.status).toBe(403)
    }
    const { name, password } = alice
    const other = await new Browser().send(
      'POST',
      '/api/session',
      { name, password },
      { 'Sec-Fetch-Site': '', Origin: 'https://evil.example' },
    )
    expect(other.status).toBe(403)
  })
})

describe('a session', () => {
  it('ends by signing out, by being ended from elsewhere, and everywhere at once', async () => {
    const alice = await server.account()
    const [one, two, three] = [await signedIn(alice), await signedIn(alice), await signedIn(alice)]
    const kept = one.cookie
    expect((await one.send('DELETE', '/api/session')).status).toBe(204)
    one.cookie = kept
    expect((await one.send('GET', '/api/account')).status).toBe(401)
    const { sessions } = JSON.parse((await two.send('GET', '/api/sessions')).text)
    expect(sessions).toHaveLength(2)
    const other = sessions.find((session: { isThis: boolean }) => !session.isThis)
    expect((await two.send('DELETE', `/api/sessions/${other.id}`)).status).toBe(204)
    expect((await three.send('GET', '/api/account')).status).toBe(401)
    await signedIn(alice)
    expect(JSON.parse((await two.send('DELETE', '/api/sessions')).text)).toEqual({ count: 1 })
    expect((await two.send('GET', '/api/account')).status).toBe(200)
  })

  it('of another account is not there', async () => {
    const [alice, bob] = [await signedIn(await server.account()), await signedIn(await server.account())]
    const { sessions } = JSON.parse((await alice.send('GET', '/api/sessions')).text)
    expect((await bob.send('DELETE', `/api/sessions/${sessions[0].id}`)).status).toBe(404)
    expect((await alice.send('GET', '/api/account')).status).toBe(200)
  })

  it('gives way to newer ones beyond the limit', async () => {
    const alice = await server.account()
    const first = await signedIn(alice)
    server.clock.now += 1_000
    for (let n = 0; n < 3; n += 1) await signedIn(alice)
    expect((await first.send('GET', '/api/account')).status).toBe(401)
  })

  it('is over after its days, and sooner where nobody comes', async () => {
    const alice = await server.account()
    const [idle, used] = [await signedIn(alice), await signedIn(alice)]
    server.clock.now += 20 * dayMs
    expect((await used.send('GET', '/api/account')).status).toBe(200)
    await expect.poll(async () => lastUses(alice)).toContain(server.clock.now)
    server.clock.now += 20 * dayMs
    expect((await idle.send('GET', '/api/account')).status).toBe(401)
    expect((await used.send('GET', '/api/account')).status).toBe(200)
  })
})

async function lastUses({ name }: Account): Promise<number[]> {
  return server.services.store.read(async (reader) => {
    const rows = await reader.sql.all<{ at: number }>(
      `SELECT s.last_used_at AS at FROM web_sessions s JOIN principals p ON p.id = s.principal_id WHERE p.name = $1`,
      [name],
    )
    return rows.map(({ at }) => Number(at))
  })
}

describe('the password', () => {
  it('is changed with the one of now, and every other browser is signed out', async () => {
    const alice = await server.account()
    const [here, there] = [await signedIn(alice), await signedIn(alice)]
    const wrong = await here.send('PUT', '/api/account/password', { current: 'no', password: 'another one' })
    expect(wrong.status).toBe(422)
    const body = { current: alice.password, password: 'another one' }
    expect((await here.send('PUT', '/api/account/password', body)).status).toBe(204)
    expect((await here.send('GET', '/api/account')).status).toBe(200)
    expect((await there.send('GET', '/api/account')).status).toBe(401)
    expect((await new Browser().signIn(alice)).status).toBe(401)
    expect((await new Browser().signIn({ name: alice.name, password: 'another one' })).status).toBe(201)
  })

  it('is chosen by a link that somebody who administers hands over, once', async () => {
    const [admin, bob] = [await server.account(), await server.account()]
    const { store } = server.services
    await store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, admin.name)))
    expect((await call(bob, 'POST', '/password-links', { name: admin.name })).status).toBe(403)
    const made = await call(admin, 'POST', '/password-links', { name: bob.name })
    expect(made.status).toBe(201)
    const secret = secretOf(made.json.url)
    const signed = await signedIn(bob)
    const choose = (password = 'mine again'): Promise<Answer> =>
      new Browser().send('POST', '/api/password', { secret, password })
    expect((await choose('2short!')).text).toContain('A password has 8 characters at least.')
    expect((await choose()).status).toBe(204)
    expect((await signed.send('GET', '/api/account')).status).toBe(401)
    expect((await new Browser().signIn({ name: bob.name, password: 'mine again' })).status).toBe(201)
    expect((await choose()).status).toBe(404)
  })

  it('the link is void after its time', async () => {
    const admin = await server.account()
    await server.services.store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, admin.name)))
    const made = await call(admin, 'POST', '/password-links', { name: admin.name })
    server.clock.now += 25 * 3_600_000
    const secret = secretOf(made.json.url)
    const late = await new Browser().send('POST', '/api/password', { secret, password: 'mine again' })
    expect(late.status).toBe(404)
  })
})

describe('the API: a stream of a browser', () => {
  it('ends when its session is signed out, and the one of another browser goes on', async () => {
    const alice = await server.account()
    const [one, other] = [new Browser(), new Browser()]
    const streams = []
    for (const browser of [one, other]) {
      await browser.signIn(alice)
      const leaving = new AbortController()
      const { status, body } = await fetch(`${server.url}/api/events`, {
        headers: { Cookie: browser.cookie },
        signal: leaving.signal,
      })
      expect(status).toBe(200)
      const reader = body?.getReader()
      await reader?.read()
      streams.push({ reader, leaving })
    }
    const ended = (async () => {
      while (!(await streams[0]?.reader?.read())?.done);
      return true
    })()
    expect((await one.send('DELETE', '/api/session')).status).toBeLessThan(300)
    expect(await ended).toBe(true)
    const news = streams[1]?.reader?.read()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    expect((await news)?.done).toBe(false)
    streams[1]?.leaving.abort()
  })
})
