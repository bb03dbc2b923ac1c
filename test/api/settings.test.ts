import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Settings } from '../../config/defaults.ts'
import { changeable } from '../../src/features/admin/settings/changeable.ts'
import { followSettings, readSettings } from '../../src/features/admin/settings/follow.ts'
import { faultOf } from '../../src/features/admin/settings/stored.ts'
import { makeAdministrator } from '../../src/features/team/team-roles.ts'
import { createHttpServer } from '../../src/http.ts'
import { findPrincipalByName } from '../../storage/principals.ts'
import { openStore } from '../../storage/store.ts'
import { ensureJob, findJob } from '../../storage/upkeep/jobs.ts'
import { storeSetting } from '../../storage/upkeep/settings.ts'
import { createClient } from '../dav/client.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ retention: { settingChanges: 5 } })
const soon = { timeout: 20_000 }

/** Another process on the same database, which has started with the same settings. */
async function anotherNode(settings: Settings) {
  const { database, dataDirectory, clock, services } = server
  const store = await openStore({ database, dataDirectory, now: () => clock.now, newId: randomUUID })
  const other = { ...services, store, settings }
  await readSettings(other)
  const following = followSettings(other)
  const http = createHttpServer(other, undefined)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    settings,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
      await following.stop()
      await store[Symbol.asyncDispose]()
    },
  }
}

describe('settings that are changed while the server runs', () => {
  let alice: Account
  /** What a process starts with. */
  let start: Settings
  const put = (key: string, value: unknown, etag?: string) =>
    call(alice, 'PUT', `/settings/${key}`, { value }, etag === undefined ? {} : { 'If-Match': etag })
  const drop = (key: string) => call(alice, 'DELETE', `/settings/${key}`)
  const get = (key: string) => call(alice, 'GET', `/settings/${key}`)
  beforeAll(async () => {
    const { store, settings } = server.services
    start = structuredClone(settings)
    start.events.pollMs = 100
    alice = await server.account()
    const found = await store.read((reader) => findPrincipalByName(reader, alice.name))
    if (!found) throw new Error('There is such an account.')
    await store.write((tx) => makeAdministrator(tx, found))
  })

  it('count at once, say who changed them, and go back to what the server started with', async () => {
    expect((await get('limits.collectionsPerHome')).json).toMatchObject({
      ...{ value: 250, default: 250, from: 'default', fixed: null, by: null, changedAt: null },
      change: { kind: 'number', least: 1, most: 10_000, choices: null },
    })
    const changed = await put('limits.collectionsPerHome', 2)
    expect([changed.status, changed.json]).toMatchObject([200, { value: 2, from: 'page', by: alice.name }])
    const bob = await server.account()
    const refused = await bob.request('MKCALENDAR', `${bob.calendars}third/`)
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('max-collections')])
    const back = await drop('limits.collectionsPerHome')
    expect([back.status, back.json]).toMatchObject([200, { value: 250, from: 'default', by: null }])
    expect((await bob.request('MKCALENDAR', `${bob.calendars}third/`)).status).toBe(201)
  })

  it('are not overwritten where somebody else has changed them since', async () => {
    const { headers } = await get('bursts.objects')
    expect((await put('bursts.objects', 30, headers.etag)).status).toBe(200)
    const late = await put('bursts.objects', 40, headers.etag)
    expect(late.status).toBe(412)
    expect((await get('bursts.objects')).json.value).toBe(30)
    const taken = await call(alice, 'DELETE', '/settings/bursts.objects', undefined, {
      'If-Match': headers.etag ?? '',
    })
    expect(taken.status).toBe(412)
    expect((await drop('bursts.objects')).status).toBe(200)
  })

  it('are judged as in the settings file, and by what keeps the place usable', async () => {
    const wrong: readonly (readonly [string, unknown])[] = [
      ['retention.trashDays', 0],
      ['retention.trashDays', 1.5],
      ['retention.trashDays', 'soon'],
      ['limits.apiRequestsPerMinute', 1],
      ['limits.quotaBytes', -1],
      ['directory.visibility', 'some'],
      ['directory.bookName', ' '],
      ['directory.bookName', 'two\nlines'],
      ['directory.addressBook', 'perhaps'],
      ['accounts.timeZone', 'Europe/Atlantis'],
      ['accounts.language', 'no such language'],
      ['people.country', 'Germany'],
    ]
    for (const [key, value] of wrong) expect([key, (await put(key, value)).status]).toEqual([key, 422])
    expect((await put('people.country', '49')).json.value).toBe('49')
    expect((await drop('people.country')).json.value).toBe('')
    expect((await put('no.such', 1)).status).toBe(404)
    for (const [key] of changeable) {
      const { default: usual, value } = (await get(key)).json
      expect([key, value, faultOf(key, usual)]).toEqual([key, usual, undefined])
    }
  })

  it('are not changed here where they keep the place safe, or are for the file alone', async () => {
    const { settings } = (await call(alice, 'GET', '/settings')).json
    const of = (wanted: string) => settings.find(({ key }: { key: string }) => key === wanted)
    for (const key of ['auth.failures', 'proxy.trusted', 'migration.privateNetworks', 'api.corsOrigins']) {
      expect(of(key)).toMatchObject({ change: null, fixed: 'safety' })
      expect([key, (await put(key, '1')).status]).toEqual([key, 409])
    }
    expect(of('port')).toMatchObject({ change: null, fixed: 'file' })
    expect((await put('port', 1)).status).toBe(409)
  })

  it('are told: who has changed what, so many at most', async () => {
    for (const value of [11, 12, 13]) await put('limits.publicLinks', value)
    await put('limits.publicLinks', 13)
    await drop('limits.publicLinks')
    const { items, next } = (await call(alice, 'GET', '/settings/log?limit=4')).json
    const told = { key: 'limits.publicLinks', by: alice.name }
    expect(items).toMatchObject([
      { ...told, before: 13, after: null },
      { ...told, before: 12, after: 13 },
      { ...told, before: 11, after: 12 },
      { ...told, before: null, after: 11 },
    ])
    const rest = (await call(alice, 'GET', `/settings/log?limit=4&cursor=${next}`)).json
    expect([rest.items.length, rest.next]).toEqual([1, null])
    const bob = await server.account()
    for (const path of ['/settings', '/settings/log', '/settings/limits.publicLinks'])
      expect((await call(bob, 'GET', path)).status).toBe(403)
    expect((await call(bob, 'PUT', '/settings/limits.publicLinks', { value: 1 })).status).toBe(403)
  })

  it('are taken up by every other process', async () => {
    await put('retention.trashDays', 30)
    await using other = await anotherNode(start)
    expect(other.settings.retention.trashDays).toBe(30)
    expect((await put('limits.collectionsPerHome', 2)).status).toBe(200)
    await expect.poll(() => other.settings.limits.collectionsPerHome, soon).toBe(2)
    const bob = await server.account()
    const there = createClient(other.url, { name: bob.name, password: bob.password })
    expect((await there.request('MKCALENDAR', `${bob.calendars}third/`)).status).toBe(403)
    const root = createClient(other.url, { name: alice.name, password: alice.password })
    expect((await call(root, 'DELETE', '/settings/limits.collectionsPerHome')).status).toBe(200)
    // Here nobody follows; what is stored is what is shown, and changed.
    expect((await get('limits.collectionsPerHome')).json.value).toBe(250)
    await drop('retention.trashDays')
    await expect.poll(() => other.settings.retention.trashDays, soon).toBe(90)
  })

  it('count for what comes after: new accounts have their language, and a job makes birthdays anew', async () => {
    const { store } = server.services
    await put('accounts.language', 'DE-at')
    await put('accounts.timeZone', 'Europe/Vienna')
    const bob = await server.account()
    expect((await call(bob, 'GET', '/account')).json).toMatchObject({
      ...{ language: 'de-AT', timeZone: 'Europe/Vienna' },
    })
    for (const key of ['accounts.language', 'accounts.timeZone']) await drop(key)
    await store.write((tx) => ensureJob(tx, 'birthdays', tx.now + 1_000_000))
    await put('birthdays.language', 'fr')
    expect((await store.read((reader) => findJob(reader, 'birthdays')))?.nextAt).toBe(server.clock.now)
    await drop('birthdays.language')
  })

  it('are passed over where what is stored is none, as after a step back to an older version', async () => {
    const { store, settings } = server.services
    const found = await store.read((reader) => findPrincipalByName(reader, alice.name))
    const rows = [
      ['limits.publicLinks', '"many"'],
      ['limits.sharees', 'no JSON'],
      ['auth.failures', '1000000'],
      ['no.such', '1'],
    ] as const
    await store.write(async (tx) => {
      for (const [key, value] of rows) await storeSetting(tx, { key, value, authorId: found?.id ?? 0 })
    })
    await readSettings(server.services)
    expect(settings.limits.publicLinks).toBe(250)
    expect(settings.auth.failures).toBe(10)
    expect((await get('limits.sharees')).json).toMatchObject({ value: 100, from: 'default' })
    expect((await put('limits.sharees', 7)).json).toMatchObject({ value: 7, from: 'page' })
    for (const key of ['limits.publicLinks', 'limits.sharees']) expect((await drop(key)).status).toBe(200)
  })
})
