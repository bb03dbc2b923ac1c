import { beforeAll, describe, expect, it } from 'vitest'
import { findAccount } from '../../src/features/accounts/accounts.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { createClient } from '../dav/client.ts'
import { card, event } from '../dav/objects.ts'
import { type Account, useServer } from '../dav/server.ts'
import { idOf } from '../features/history/world.ts'
import { call } from './json.ts'

const server = useServer({ limits: { xmlDepth: 64 } })
beforeAll(() => {
  server.settings.publicUrl = server.url
})

const form = { 'Content-Type': 'application/json' }

async function device(account: Account, kind: string) {
  const { json } = await call(account, 'POST', '/devices', { label: 'Jane & Co <Phone>', kind })
  const client = createClient(server.url, { name: account.name, password: json.password })
  return { id: json.id as number, password: json.password as string, client }
}

describe('the API: a device is set up', () => {
  it('by a profile for contacts and calendars, which asks for the password', async () => {
    const alice = await server.account({ name: 'alice&co' })
    const { id, password } = await device(alice, 'apple')
    const { status, headers, text } = await alice.request('GET', `/api/devices/${id}/profile`)
    expect([status, headers['content-type']]).toEqual([200, 'application/x-apple-aspen-config'])
    const { hostname, port } = new URL(server.url)
    for (const kind of ['CardDAV', 'CalDAV']) {
      expect(text).toContain(`<key>${kind}HostName</key><string>${hostname}</string>`)
      expect(text).toContain(`<key>${kind}Port</key><integer>${port}</integer>`)
      expect(text).toContain(`<key>${kind}UseSSL</key><false/>`)
      expect(text).toContain(`<key>${kind}PrincipalURL</key><string>${alice.principal}</string>`)
      expect(text).toContain(`<key>${kind}Username</key><string>alice&amp;co</string>`)
      expect(text).toContain(`<string>com.apple.${kind.toLowerCase()}.account</string>`)
    }
    expect(text).toContain('Jane &amp; Co &lt;Phone&gt;')
    expect(text).not.toContain('Password')
    expect(text).not.toContain(password)
    const uuids = [...text.matchAll(/PayloadUUID<\/key><string>([^<]*)/g)].map((match) => match[1])
    expect(new Set(uuids).size).toBe(3)
    expect((await alice.request('GET', `/api/devices/${id}/profile`)).text).toBe(text)
    const bob = await server.account()
    expect((await bob.request('GET', `/api/devices/${id}/profile`)).status).toBe(404)
  })

  it('by a link that gives the password once, and keeps it sealed until then', async () => {
    const alice = await server.account()
    const { id, password } = await device(alice, 'apple')
    const path = `/devices/${id}/setup-link`
    expect((await call(alice, 'POST', path, { password: 'aaaa-bbbb' })).status).toBe(422)
    const { json, status } = await call(alice, 'POST', path, { password })
    expect(status).toBe(201)
    const [, secret = ''] = /^http:\/\/127\.0\.0\.1:\d+\/setup#apple\.([\w-]{43})$/.exec(json.url) ?? []
    const rows = await server.services.store.read(({ sql }) => sql.all('SELECT * FROM setup_links', []))
    for (const hidden of [password, password.replaceAll('-', ''), secret])
      expect(JSON.stringify(rows)).not.toContain(hidden)
    const url = `${server.url}/setup/${secret}/farley.mobileconfig`
    const first = await fetch(url, { headers: { Accept: 'text/html' } })
    expect([first.status, first.headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(first.headers.get('content-type')).toBe('application/x-apple-aspen-config')
    expect(await first.text()).toContain(`<key>CalDAVPassword</key><string>${password}</string>`)
    expect((await fetch(url, { headers: { Accept: 'text/html' } })).status).toBe(404)
    const body = JSON.stringify({ secret })
    expect((await fetch(`${server.url}/api/setup`, { method: 'POST', headers: form, body })).status).toBe(404)
  })

  it('by a page, which is told all that a client asks for; a later link voids the one before, and time all', async () => {
    const alice = await server.account()
    const { id, password } = await device(alice, 'davx5')
    const link = async () => (await call(alice, 'POST', `/devices/${id}/setup-link`, { password })).json.url
    const fetchSetup = (url: string) => {
      const body = JSON.stringify({ secret: url.split('.').at(-1) })
      return fetch(`${server.url}/api/setup`, { method: 'POST', headers: form, body })
    }
    const [before, after] = [await link(), await link()]
    expect((await fetchSetup(before)).status).toBe(404)
    expect(await (await fetchSetup(after)).json()).toEqual({
      ...{ name: alice.name, password, label: 'Jane & Co <Phone>', kind: 'davx5' },
      // It knows no port in such an address.
      ...{ address: server.url, davx5: null },
    })
    const late = await link()
    server.clock.now += server.settings.auth.setupLinkMinutes * 60_000
    expect((await fetchSetup(late)).status).toBe(404)
    const revoked = await link()
    await call(alice, 'DELETE', `/devices/${id}`)
    expect((await fetchSetup(revoked)).status).toBe(404)
  })

  it('and the connection is tried as a client makes it', async () => {
    const alice = await server.account()
    const { id, password, client } = await device(alice, 'kde')
    const lastUsed = async () => (await call(alice, 'GET', `/devices/${id}`)).json.lastUsedAt
    const { json } = await call(alice, 'POST', '/devices/test', { password })
    expect(json.steps.map(({ step, ok }: { step: string; ok: boolean }) => [step, ok])).toEqual(
      [
        ...['address', 'secure', 'reach', 'caldav', 'carddav', 'challenge', 'sign-in', 'calendars', 'books'],
      ].map((step) => [step, true]),
    )
    const wrong = (await call(alice, 'POST', '/devices/test', { password: 'wrong' })).json.steps.at(-1)
    expect(wrong).toEqual({ step: 'sign-in', ok: false, detail: 'HTTP 401' })
    // The device itself was not here yet.
    expect(await lastUsed()).toBeNull()
    await client.request('PROPFIND', alice.calendar, { headers: { Depth: '0' } })
    await expect.poll(lastUsed).not.toBeNull()
    try {
      server.settings.publicUrl = 'http://127.0.0.1:9'
      const closed = (await call(alice, 'POST', '/devices/test', {})).json.steps.at(-1)
      expect(closed).toEqual({ step: 'reach', ok: false, detail: 'ECONNREFUSED' })
      server.settings.publicUrl = ''
      server.settings.port = Number(new URL(server.url).port)
      const [here] = (await call(alice, 'POST', '/devices/test', {})).json.steps
      expect(here).toEqual({ step: 'address', ok: true, detail: server.url })
      server.settings.port = 0
      const none = (await call(alice, 'POST', '/devices/test', {})).json.steps
      expect(none).toEqual([{ step: 'address', ok: false, detail: null }])
    } finally {
      server.settings.publicUrl = server.url
    }
  })
})

describe('the API: why is this event not on my phone', () => {
  const served = async (account: Account, object: number, deviceId: number) =>
    (await call(account, 'GET', `/objects/${object}/served?device=${deviceId}`)).json

  it('since it has not asked, has what it was before, or asks for another time', async () => {
    const alice = await server.account()
    const { id, client } = await device(alice, 'davx5')
    const path = `${alice.calendar}a.ics`
    await alice.put(path, event('a'))
    const object = await idOf(server, path)
    expect((await served(alice, object, id)).state).toBe('never-asked')
    const first = await client.sync(alice.calendar, '')
    await client.sync(alice.calendar, first.syncToken ?? '')
    await expect.poll(async () => (await served(alice, object, id)).state).toBe('current')
    await alice.put(path, event('a', ['SUMMARY:Moved']))
    const older = await served(alice, object, id)
    expect(older).toMatchObject({ state: 'older', wrote: null, refusals: [] })
    expect(older.has.revision).toBeGreaterThan(0)
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    expect((await served(alice, await idOf(server, `${alice.calendar}b.ics`), id)).state).toBe('not-yet')
    const state = (await call(alice, 'GET', `/devices/${id}`)).json
    expect(state.collections).toMatchObject([{ kind: 'calendar', behind: 2, from: null, until: null }])
  })

  it('of each device, and why: never used, left aside, not heard of since, or heard of and not asked', async () => {
    const alice = await server.account()
    const { id, client } = await device(alice, 'davx5')
    const path = `${alice.calendar}a.ics`
    await alice.put(path, event('a'))
    const object = await idOf(server, path)
    const all = async () => (await call(alice, 'GET', `/objects/${object}/devices`)).json
    const why = async () => (await all()).devices[0].served.why
    expect(await all()).toMatchObject({
      object: { id: object, kind: 'event', title: 'Event a', collection: { kind: 'calendar' } },
      devices: [{ device: { id }, served: { state: 'never-asked', why: 'unused' } }],
    })
    const first = await client.sync(alice.contacts, '')
    await expect.poll(why).toBe('not-chosen')
    await client.sync(alice.calendar, (await client.sync(alice.calendar, '')).syncToken ?? '')
    await expect.poll(why).toBe(null)
    await alice.put(path, event('a', ['SUMMARY:Moved']))
    expect(await why()).toBe('silent')
    server.clock.now += 3_600_000
    await client.sync(alice.contacts, first.syncToken ?? '')
    await expect.poll(why).toBe('skipped')
  })

  it('is told to who runs the place by a number, a UID or a file name, without what it says', async () => {
    const [alice, root] = [await server.account(), await server.account()]
    const { store } = server.services
    await store.write(async (tx) => makeAdministrator(tx, await findAccount(tx, root.name)))
    const { id, client } = await device(alice, 'davx5')
    const path = `${alice.calendar}a.ics`
    await alice.put(path, event('the-uid'))
    const number = await idOf(server, path)
    await client.sync(alice.calendar, (await client.sync(alice.calendar, '')).syncToken ?? '')
    const at = `/all-devices/${id}`
    await expect
      .poll(async () => (await call(root, 'GET', at)).json)
      .toMatchObject({ account: alice.name, collections: [{ kind: 'calendar', behind: 0 }], refusals: [] })
    for (const text of [number, 'the-uid', 'a.ics']) {
      const found = await call(root, 'GET', `${at}/served?object=${text}`)
      expect(found.json).toMatchObject({ object: { id: number, title: null }, served: { state: 'current' } })
      expect(found.text).not.toContain('Event the-uid')
    }
    expect((await call(root, 'GET', `${at}/served?object=nothing`)).status).toBe(404)
    const ofRoot = `${root.calendar}b.ics`
    await root.put(ofRoot, event('b'))
    expect((await call(root, 'GET', `${at}/served?object=${await idOf(server, ofRoot)}`)).status).toBe(404)
    expect((await call(root, 'GET', '/all-devices/987654321')).status).toBe(404)
    for (const asked of [at, `${at}/served?object=${number}`])
      expect((await call(alice, 'GET', asked)).status).toBe(403)
  })

  it('and a phone that asks for a time says so', async () => {
    const alice = await server.account()
    const { id, client } = await device(alice, 'davx5')
    const path = `${alice.calendar}a.ics`
    await alice.put(path, event('a'))
    const object = await idOf(server, path)
    const ask = (start: string) =>
      client.request('REPORT', alice.calendar, {
        headers: { Depth: '1', 'Content-Type': 'application/xml' },
        body: `<c:calendar-query xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:prop><d:getetag/></d:prop>
          <c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="${start}"/>
          </c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`,
      })
    expect((await ask('20990101T000000Z')).status).toBe(207)
    await expect.poll(async () => (await served(alice, object, id)).state).toBe('outside')
    expect(await served(alice, object, id)).toMatchObject({ from: '2099-01-01T00:00:00.000Z', until: null })
    expect((await ask('20000101T000000Z')).status).toBe(207)
    await expect.poll(async () => (await served(alice, object, id)).state).toBe('current')
  })

  it('and what it wrote in vain is told; others learn nothing', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const { id, client } = await device(alice, 'other')
    const path = `${alice.contacts}a.vcf`
    const { headers } = await client.put(path, card('a'))
    await alice.put(path, card('a', 'Otherwise'))
    expect((await client.put(path, card('a', 'Mine'), { 'If-Match': headers.etag ?? '' })).status).toBe(412)
    const object = await idOf(server, path)
    await expect.poll(async () => (await served(alice, object, id)).refusals).toMatchObject([{ status: 412 }])
    expect((await call(alice, 'GET', `/devices/${id}`)).json.refusals).toMatchObject([{ name: 'a.vcf' }])
    const theirs = await device(bob, 'other')
    expect((await call(bob, 'GET', `/objects/${object}/served?device=${theirs.id}`)).status).toBe(404)
    expect((await call(bob, 'GET', `/objects/${object}/served?device=${id}`)).status).toBe(404)
  })
})
