import { describe, expect, it } from 'vitest'
import { followBooksJob } from '../../src/jobs/follow-books.ts'
import { setAccountTraits } from '../../storage/principals.ts'
import { setQuota } from '../../storage/quotas.ts'
import { card, event } from '../dav/objects.ts'
import { useServer } from '../dav/server.ts'
import { rowOf } from '../features/world.ts'
import { call } from './json.ts'

const server = useServer()

describe('the API: one’s own account', () => {
  it('has a language, a time zone and limits', async () => {
    const alice = await server.account({ email: 'a@example.org' })
    const { json, headers } = await call(alice, 'GET', '/account')
    expect(json).toMatchObject({ name: alice.name, email: 'a@example.org', language: null, timeZone: null })
    const { quotaBytes: bytes, apiRequestsPerMinute: requestsPerMinute } = server.settings.limits
    expect(json.limits).toEqual({ bytes, requestsPerMinute })
    const changed = await call(alice, 'PATCH', '/account', { language: 'pt-br', timeZone: 'Europe/Lisbon' })
    expect(changed.json).toMatchObject({ language: 'pt-BR', timeZone: 'Europe/Lisbon' })
    expect(changed.headers.etag).not.toBe(headers.etag)
    const back = await call(alice, 'PATCH', '/account', { language: null })
    expect(back.json).toMatchObject({ language: null, timeZone: 'Europe/Lisbon' })
    expect((await call(alice, 'GET', '/account')).json).toEqual(back.json)
  })

  it('says how much it keeps, and may', async () => {
    const alice = await server.account()
    const storage = async () => (await call(alice, 'GET', '/account/storage')).json
    const { quotaBytes: limitBytes } = server.settings.limits
    expect(await storage()).toEqual({ usedBytes: 0, limitBytes })
    const text = card('a', 'Jane')
    await alice.put(`${alice.contacts}a.vcf`, text)
    expect(await storage()).toEqual({ usedBytes: Buffer.byteLength(text), limitBytes })
    await server.services.store.write(async (tx) => setQuota(tx, (await rowOf(server, alice)).id, 7))
    expect(await storage()).toEqual({ usedBytes: Buffer.byteLength(text), limitBytes: 7 })
  })

  it('takes no language or zone that is none, and nothing else', async () => {
    const alice = await server.account()
    const refused = { language: '!', timeZone: 'Europe/Atlantis', requestsPerMinute: 9 }
    for (const [name, value] of Object.entries(refused)) {
      const { status, json } = await call(alice, 'PATCH', '/account', { [name]: value })
      expect(status).toBe(422)
      expect(json.errors).toHaveLength(1)
      if (name !== 'requestsPerMinute') expect(json.errors[0].pointer).toBe(`/${name}`)
    }
  })

  it('changes no entity tag, ctag or token when it is changed (law 5)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const names = ['{DAV:}getetag', '{DAV:}sync-token', '{http://calendarserver.org/ns/}getctag']
    const seen = async (): Promise<string[]> =>
      Promise.all(
        [alice.principal, alice.calendars, alice.calendar, alice.books].map(
          async (path) =>
            (await alice.request('PROPFIND', path, { headers: { Depth: '1' }, body: propfind(names) })).text,
        ),
      )
    const before = await seen()
    expect((await call(alice, 'PATCH', '/account', { language: 'de' })).status).toBe(200)
    expect(await seen()).toEqual(before)
  })
})

describe('the language of an account', () => {
  it('is that of its birthdays: where it has words of its own, and made anew by a job', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a', 'Jane Doe', ['BDAY:1980-03-22']))
    const { json } = await call(alice, 'POST', '/birthdays', {})
    const calendar = `${alice.calendars}${json.calendar.name}/`
    const title = async (): Promise<string> => (await alice.get(calendar)).text
    expect(await title()).toContain('Jane Doe: birthday')
    for (const [language, word] of [
      ['de-AT', 'Geburtstag'],
      ['ja', 'birthday'],
    ] as const) {
      await call(alice, 'PATCH', '/account', { language })
      const jobs = await server.services.store.read(({ sql }) =>
        sql.all<{ key: string }>('SELECT key FROM jobs WHERE key = $1', [followBooksJob.kind]),
      )
      expect(jobs).toHaveLength(1)
      await followBooksJob.run(server.services, new AbortController().signal, '')
      expect(await title()).toContain(`Jane Doe: ${word}`)
    }
  })
})

describe('the API: conditions (RFC 9110 §13.1)', () => {
  it('answers 304 without a body to an If-None-Match that still holds', async () => {
    const alice = await server.account()
    const { etag = '' } = (await call(alice, 'GET', '/account')).headers
    const same = await call(alice, 'GET', '/account', undefined, { 'If-None-Match': `W/"x", ${etag}` })
    expect([same.status, same.text, same.headers.etag]).toEqual([304, '', etag])
    await call(alice, 'PATCH', '/account', { language: 'de' })
    const other = await call(alice, 'GET', '/account', undefined, { 'If-None-Match': etag })
    expect([other.status, other.json.language]).toEqual([200, 'de'])
  })

  it('refuses a change with an If-Match of an older state, and changes nothing', async () => {
    const alice = await server.account()
    const { etag = '' } = (await call(alice, 'GET', '/account')).headers
    const first = await call(alice, 'PATCH', '/account', { language: 'de' }, { 'If-Match': etag })
    expect(first.status).toBe(200)
    const second = await call(alice, 'PATCH', '/account', { language: 'fr' }, { 'If-Match': etag })
    expect([second.status, second.headers.etag]).toEqual([412, first.headers.etag])
    expect((await call(alice, 'GET', '/account')).json.language).toBe('de')
  })
})

describe('the API: conditions on what counts no versions itself', () => {
  it('hold by what GET of the same address shows', async () => {
    const alice = await server.account()
    const { etag = '' } = (await call(alice, 'GET', '/directory')).headers
    expect(etag).toMatch(/^"[0-9a-f]{32}"$/)
    const same = await call(alice, 'GET', '/directory', undefined, { 'If-None-Match': etag })
    expect([same.status, same.text]).toEqual([304, ''])
    const older = { 'If-Match': '"0"' }
    const refused = await call(alice, 'PATCH', '/directory', { shown: false }, older)
    expect([refused.status, refused.headers.etag]).toEqual([412, etag])
    expect((await call(alice, 'GET', '/directory')).headers.etag).toBe(etag)
    expect((await call(alice, 'PATCH', '/directory', { shown: false }, { 'If-Match': etag })).status).toBe(
      200,
    )
  })

  it('are refused where nothing is shown, instead of being passed over', async () => {
    const alice = await server.account()
    const wish = { current: alice.password, password: 'another one of eighteen' }
    const refused = await call(alice, 'PUT', '/account/password', wish, { 'If-Match': '"1"' })
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining('no ETag')])
    expect((await call(alice, 'GET', '/account')).status).toBe(200)
  })

  it('let one of several at a time through', async () => {
    const alice = await server.account()
    const { etag = '' } = (await call(alice, 'GET', '/account')).headers
    const change = (language: string) => call(alice, 'PATCH', '/account', { language }, { 'If-Match': etag })
    const statuses = (await Promise.all(['de', 'fr', 'it', 'es'].map(change))).map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 412, 412, 412])
  })
})

describe('the API: how often one may ask', () => {
  it('is a limit of the account, and starts anew after a minute', async () => {
    const alice = await server.account()
    const { id } = await rowOf(server, alice)
    await server.services.store.write((tx) => setAccountTraits(tx, id, { requestLimit: 3 }))
    const statuses = async (count: number): Promise<number[]> => {
      const found: number[] = []
      for (let at = 0; at < count; at++) found.push((await call(alice, 'GET', '/account')).status)
      return found
    }
    expect(await statuses(4)).toEqual([200, 200, 200, 429])
    const { headers, json } = await call(alice, 'GET', '/account')
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(json).toMatchObject({ type: 'about:blank', title: 'Too Many Requests', status: 429 })
    expect((await call(await server.account(), 'GET', '/account')).status).toBe(200)
    server.clock.now += 60_000
    expect(await statuses(1)).toEqual([200])
  })
})

function propfind(names: readonly string[]): string {
  const props = names.map((name) => {
    const [, space, local] = /^\{(.*)\}(.*)$/.exec(name) ?? []
    return `<x:${local} xmlns:x="${space}"/>`
  })
  return `<propfind xmlns="DAV:"><prop>${props.join('')}</prop></propfind>`
}
