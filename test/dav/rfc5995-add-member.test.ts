import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { child, textOf } from '../../protocol/dav/xml-read.ts'
import { type Answer, type Client, type Headers, preconditionsOf } from './client.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const post = (client: Client, path: string, body: string, headers: Headers = {}): Promise<Answer> =>
  client.request('POST', path, { headers, body })

const text = { 'Content-Type': 'text/calendar; charset=utf-8' }

describe('RFC 5995 §3.2 POST to a collection', () => {
  const server = useServer()

  it('makes a member under a name of its own: 201, Location and ETag (behaviours)', async () => {
    const alice = await server.account()
    const cases = [
      [alice.calendar, event('a'), text, /\.ics$/],
      [alice.contacts, card('a'), { 'Content-Type': 'text/vcard' }, /\.vcf$/],
      [alice.calendar.slice(0, -1), event('b'), {}, /\.ics$/],
    ] as const
    for (const [path, body, headers, ending] of cases) {
      const answer = await post(alice, path, body, headers)
      expect([answer.status, answer.text]).toEqual([201, ''])
      const location = String(answer.headers.location)
      expect(location.startsWith(path)).toBe(true)
      expect(location).toMatch(ending)
      const got = await alice.get(location)
      expect([got.text, got.headers.etag]).toEqual([body, answer.headers.etag])
    }
    expect((await alice.sync(alice.calendar, '')).hrefs).toHaveLength(2)
  })

  it('never the same name twice, and what comes is in the sync', async () => {
    const alice = await server.account()
    const token = (await alice.sync(alice.calendar, '')).syncToken ?? ''
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((uid) => post(alice, alice.calendar, event(uid), text)),
    )
    const locations = answers.map(({ headers }) => String(headers.location))
    expect(new Set(locations).size).toBe(4)
    expect((await alice.sync(alice.calendar, token)).hrefs.toSorted()).toEqual(locations.toSorted())
  })

  it('obeys what PUT obeys', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const refused = async (path: string, body: string, headers?: Headers) => {
      const answer = await post(alice, path, body, headers)
      return [answer.status, ...preconditionsOf(answer)]
    }
    expect(await refused(alice.calendar, event('a'))).toEqual([403, caldav('no-uid-conflict')])
    expect(await refused(alice.tasks, event('b'))).toEqual([403, caldav('supported-calendar-component')])
    expect(await refused(alice.calendar, 'x')).toEqual([403, caldav('valid-calendar-data')])
    expect(await refused(alice.calendar, card('x'), { 'Content-Type': 'text/vcard' })).toEqual([
      403,
      caldav('supported-calendar-data'),
    ])
    expect(await refused(alice.contacts, event('x'), text)).toEqual([403, carddav('supported-address-data')])
    expect(await refused(alice.calendar, event('b'), { 'Content-Range': 'bytes 0-1/2' })).toEqual([400])
    expect((await alice.sync(alice.calendar, '')).hrefs).toEqual([`${alice.calendar}a.ics`])
  })

  it('judges conditions against the collection', async () => {
    const alice = await server.account()
    const etag = String((await alice.get(alice.calendar)).headers.etag)
    const token = (await alice.sync(alice.calendar, '')).syncToken
    expect((await post(alice, alice.calendar, event('a'), { ...text, 'If-Match': '"x"' })).status).toBe(412)
    expect((await post(alice, alice.calendar, event('a'), { ...text, 'If-None-Match': '*' })).status).toBe(
      412,
    )
    expect((await post(alice, alice.calendar, event('a'), { ...text, 'If-Match': etag })).status).toBe(201)
    expect((await post(alice, alice.calendar, event('b'), { ...text, If: `(<${token}>)` })).status).toBe(412)
  })

  it('gives what was stored to those who prefer it (RFC 8144 §3.1)', async () => {
    const alice = await server.account()
    const answer = await post(alice, alice.calendar, event('a'), { ...text, Prefer: 'return=representation' })
    expect([answer.status, answer.text]).toEqual([201, event('a')])
    expect(answer.headers['content-location']).toBe(answer.headers.location)
    expect(answer.headers['preference-applied']).toBe('return=representation')
  })

  it('is 405 elsewhere, 404 where nothing is, and Allow says where it works', async () => {
    const alice = await server.account()
    const member = `${alice.calendar}a.ics`
    await alice.put(member, event('a'))
    for (const path of ['/', '/dav/', alice.principal, member]) {
      const answer = await post(alice, path, event('b'), text)
      expect(answer.status, path).toBe(405)
      expect(answer.headers.allow, path).not.toContain('POST')
    }
    for (const home of [alice.calendars, alice.books])
      expect((await post(alice, home, event('b'), text)).status, home).toBe(415)
    expect((await post(alice, `${alice.calendars}none/`, event('b'), text)).status).toBe(404)
    for (const path of [alice.calendar, alice.contacts]) {
      expect((await alice.request('OPTIONS', path)).headers.allow, path).toContain('POST')
    }
  })

  it('needs bind, and nobody adds to what is another’s', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const answer = await post(bob, alice.calendar, event('a'), text)
    expect([answer.status, ...preconditionsOf(answer)]).toEqual([403, dav('need-privileges')])
    expect((await alice.sync(alice.calendar, '')).hrefs).toEqual([])
  })
})

describe('RFC 5995 §3.3 DAV:add-member', () => {
  const server = useServer()
  const add = dav('add-member')

  it('is the collection itself, on calendars and books and nowhere else', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    for (const path of [alice.calendar, alice.tasks, alice.contacts]) {
      const found = (await alice.propfind(path, 0, [add])).of(path).props.get(add)
      const href = found && child(found, dav('href'))
      expect(href && textOf(href)).toBe(path)
    }
    for (const path of ['/dav/', alice.principal, alice.calendars, alice.books, `${alice.calendar}a.ics`]) {
      expect((await alice.propfind(path, 0, [add])).of(path).namesWith(404), path).toEqual([add])
    }
  })

  it('is not on books for Apple’s agents, who are known by how they begin (ABK-06)', async () => {
    const alice = await server.account()
    const shown = async (path: string, agent: string): Promise<boolean> =>
      (await alice.propfind(path, 0, [add], { 'User-Agent': agent })).of(path).props.has(add)
    const apple = [
      'iOS/18.5 (22F76) dataaccessd/1.0',
      'macOS/26.2 (25C56) AddressBookCore/2677',
      'Mac OS X/10.12.6 (16G29) AddressBook/1756',
      'Mac+OS+X/10.14 (18A391) AddressBook/2452',
      'DAVKit/3.0.6 (661); AddressBook/6.1',
    ]
    for (const agent of apple) {
      expect([await shown(alice.contacts, agent), await shown(alice.calendar, agent)], agent).toEqual([
        false,
        true,
      ])
    }
    const others = [
      'CardDAV-Sync (Android) (like iOS/5.0.1 (9A405) dataaccessd/1.0) gzip',
      'DAVx5/4.4 (macOSish)',
    ]
    for (const agent of others) expect(await shown(alice.contacts, agent), agent).toBe(true)
  })
})
