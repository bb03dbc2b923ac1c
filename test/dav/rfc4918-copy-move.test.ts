import { describe, expect, it } from 'vitest'
import { caldav, carddav, cs, dav } from '../../protocol/dav/names.ts'
import { listTrash } from '../../storage/revisions.ts'
import { useShares } from '../features/shares.ts'
import { rowOf } from '../features/world.ts'
import { type Answer, type Client, type Headers, preconditionsOf } from './client.ts'
import { card, event, todo } from './objects.ts'
import { type Account, useServer } from './server.ts'

const send = (
  client: Client,
  method: string,
  path: string,
  destination: string,
  headers: Headers = {},
): Promise<Answer> => client.request(method, path, { headers: { Destination: destination, ...headers } })

const refusal = (answer: Answer): unknown[] => [answer.status, ...preconditionsOf(answer)]

async function tokens(client: Client, ...paths: string[]): Promise<(string | undefined)[]> {
  const found: (string | undefined)[] = []
  for (const path of paths)
    found.push((await client.propfind(path, 0, [cs('getctag')])).of(path).text(cs('getctag')))
  return found
}

async function calendarWith(alice: Account, name: string, uids: readonly string[]): Promise<string> {
  const path = `${alice.calendars}${name}/`
  expect((await alice.request('MKCALENDAR', path)).status).toBe(201)
  for (const uid of uids) expect((await alice.put(`${path}${uid}.ics`, event(uid))).status).toBe(201)
  return path
}

const dead = '{urn:example}note'

async function note(client: Client, path: string, text: string): Promise<void> {
  const body = `<d:propertyupdate xmlns:d="DAV:" xmlns:e="urn:example"><d:set><d:prop><e:note>${text}</e:note></d:prop></d:set></d:propertyupdate>`
  expect((await client.request('PROPPATCH', path, { body })).status).toBe(207)
}

const noteOf = async (client: Client, path: string): Promise<string | undefined> =>
  (await client.propfind(path, 0, [dead])).of(path).text(dead)

describe('RFC 4918 §9.9 MOVE of members', () => {
  const server = useServer()

  it('changes an event’s calendar: name, octets, ETag and properties stay (IOS-23, SEQ-06)', async () => {
    const alice = await server.account()
    const other = await calendarWith(alice, 'other', [])
    const from = `${alice.calendar}A1B2.ics`
    const to = `${other}A1B2.ics`
    const etag = (await alice.put(from, event('a'))).headers.etag
    await note(alice, from, 'mine')
    const source = (await alice.sync(alice.calendar, '')).syncToken ?? ''
    const target = (await alice.sync(other, '')).syncToken ?? ''
    const answer = await send(alice, 'MOVE', from, `${server.url}${to}`)
    expect([answer.status, answer.headers.location]).toEqual([201, to])
    expect((await alice.get(from)).status).toBe(404)
    const got = await alice.get(to)
    expect([got.text, got.headers.etag]).toEqual([event('a'), etag])
    expect(await noteOf(alice, to)).toBe('mine')
    const left = await alice.sync(alice.calendar, source)
    expect(left.of(from).status).toBe(404)
    const arrived = await alice.sync(other, target)
    expect(arrived.of(to).text(dav('getetag'))).toBe(etag)
    expect([left.syncToken === source, arrived.syncToken === target]).toEqual([false, false])
  })

  it('renames within a collection', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const token = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    expect((await send(alice, 'MOVE', `${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`)).status).toBe(201)
    const after = await alice.sync(alice.contacts, token)
    expect(after.of(`${alice.contacts}a.vcf`).status).toBe(404)
    expect(after.of(`${alice.contacts}b.vcf`).props.has(dav('getetag'))).toBe(true)
  })

  it('§10.6 keeps what is there with Overwrite: F, and replaces it otherwise (MIN-38)', async () => {
    const alice = await server.account()
    const other = await calendarWith(alice, 'other', ['a', 'b'])
    await alice.put(`${alice.calendar}a.ics`, event('a', ['DTSTART:20270101T000000Z']))
    const before = await tokens(alice, alice.calendar, other)
    const kept = await send(alice, 'MOVE', `${alice.calendar}a.ics`, `${other}a.ics`, { Overwrite: 'F' })
    expect(kept.status).toBe(412)
    const otherUid = await send(alice, 'MOVE', `${alice.calendar}a.ics`, `${other}b.ics`)
    expect(refusal(otherUid), 'RFC 4791 §5.3.2.1').toEqual([403, caldav('no-uid-conflict')])
    expect(await tokens(alice, alice.calendar, other), 'a failed MOVE changes no ctag').toEqual(before)
    const moved = await send(alice, 'MOVE', `${alice.calendar}a.ics`, `${other}a.ics`, { Overwrite: 'T' })
    expect([moved.status, moved.headers.location]).toEqual([204, undefined])
    expect((await alice.get(`${other}a.ics`)).text).toContain('20270101')
    const after = await tokens(alice, alice.calendar, other)
    expect([after[0] === before[0], after[1] === before[1]]).toEqual([false, false])
    expect((await send(alice, 'MOVE', `${other}b.ics`, `${other}c.ics`, { Overwrite: 'X' })).status).toBe(400)
  })

  it('reads the Destination as a path or a URL of whatever host, in any encoding (§10.3, FND-08)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    let at = `${alice.contacts}a.vcf`
    for (const [written, path] of [
      [`https://dav.example.org:8443${alice.contacts}b%2Evcf`, `${alice.contacts}b.vcf`],
      [`${alice.contacts}%C3%A9%20x.vcf`, `${alice.contacts}%C3%A9%20x.vcf`],
      [`${alice.contacts}plain.vcf/`, `${alice.contacts}plain.vcf`],
    ] as const) {
      const answer = await send(alice, 'MOVE', at, written)
      expect([answer.status, answer.headers.location]).toEqual([201, path])
      at = path
    }
    expect((await alice.request('MOVE', at)).status).toBe(400)
    for (const bad of ['relative.vcf', '', `${alice.contacts}%zz`, `${alice.contacts}a%2Fb`, 'http://']) {
      expect((await send(alice, 'MOVE', at, bad)).status, bad).toBeGreaterThanOrEqual(400)
      expect((await send(alice, 'MOVE', at, bad)).status, bad).toBeLessThan(500)
    }
  })

  it('checks what PUT checks: component, kind, UID, place (RFC 4791 §5.3.2.1, MIN-38)', async () => {
    const alice = await server.account()
    const bob = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const other = await calendarWith(alice, 'other', ['a'])
    const from = `${alice.calendar}a.ics`
    const cases = [
      [from, `${alice.tasks}a.ics`, 403, caldav('supported-calendar-component')],
      [from, `${alice.contacts}a.ics`, 403, carddav('supported-address-data')],
      [`${alice.contacts}a.vcf`, `${alice.calendar}a.vcf`, 403, caldav('supported-calendar-data')],
      [from, `${other}b.ics`, 403, caldav('no-uid-conflict')],
      [from, `${bob.calendar}a.ics`, 403, dav('need-privileges')],
    ] as const
    for (const method of ['MOVE', 'COPY']) {
      for (const [path, to, status, name] of cases) {
        expect(refusal(await send(alice, method, path, to)), `${method} ${to}`).toEqual([status, name])
      }
      expect((await send(alice, method, from, `${alice.calendars}none/a.ics`)).status).toBe(409)
      expect((await send(alice, method, from, alice.tasks)).status).toBe(409)
      expect((await send(alice, method, from, from)).status).toBe(403)
      expect((await send(alice, method, `${alice.calendar}none.ics`, `${other}x.ics`)).status).toBe(404)
    }
    expect((await alice.get(from)).text).toBe(event('a'))
  })

  it('obeys conditions on the source (RFC 9110 §13)', async () => {
    const alice = await server.account()
    const other = await calendarWith(alice, 'other', [])
    const from = `${alice.calendar}a.ics`
    const etag = String((await alice.put(from, event('a'))).headers.etag)
    for (const headers of [{ 'If-Match': '"x"' }, { 'If-None-Match': '*' }, { If: '(["x"])' }] as Headers[]) {
      const answer = await send(alice, 'MOVE', from, `${other}a.ics`, headers)
      expect([answer.status, answer.headers.etag]).toEqual([412, etag])
    }
    expect((await send(alice, 'MOVE', from, `${other}a.ics`, { 'If-Match': etag })).status).toBe(201)
  })
})

describe('RFC 4918 §9.9 MOVE to another account', () => {
  const server = useServer()
  const shares = useShares(server)

  it.each(['calendar', 'contacts'] as const)(
    'out of a shared %s: its owner finds it in the trash (law 4)',
    async (name) => {
      const [alice, bob] = [await server.account(), await server.account()]
      const [extension, body] = name === 'calendar' ? ['ics', event('a')] : ['vcf', card('a')]
      const path = `${alice[name]}a.${extension}`
      const { etag } = (await alice.put(path, body)).headers
      await note(alice, path, 'kept')
      await shares.share(alice[name], bob, 'read-write')
      const [mount = ''] = await shares.accept(bob)
      const to = `${bob[name]}b.${extension}`
      const { syncToken = '' } = await alice.sync(alice[name], '')
      expect((await send(bob, 'MOVE', `${mount}a.${extension}`, to)).status).toBe(201)
      const got = await bob.get(to)
      expect([got.text, got.headers.etag, await noteOf(bob, to)]).toEqual([body, etag, 'kept'])
      expect((await alice.sync(alice[name], syncToken)).of(path).status).toBe(404)
      const { id } = await rowOf(server, alice)
      const trash = await server.services.store.read((reader) => listTrash(reader, id, { limit: 10 }))
      expect(trash.map((row) => [row.name, row.origin])).toEqual([[`a.${extension}`, 'move']])
      expect((await send(bob, 'MOVE', to, `${mount}a.${extension}`)).status).toBe(201)
      expect((await alice.get(path)).text).toBe(body)
      expect((await bob.get(to)).status).toBe(404)
    },
  )
})

describe('RFC 4918 §9.8 COPY of members', () => {
  const server = useServer()

  it('copies octets and properties, and leaves the original', async () => {
    const alice = await server.account()
    const other = await calendarWith(alice, 'other', [])
    const from = `${alice.calendar}a.ics`
    await alice.put(from, event('a'))
    await note(alice, from, 'kept')
    const token = (await alice.sync(alice.calendar, '')).syncToken
    const answer = await send(alice, 'COPY', from, `${other}b.ics`)
    expect([answer.status, answer.headers.location]).toEqual([201, `${other}b.ics`])
    for (const path of [from, `${other}b.ics`]) {
      expect((await alice.get(path)).text).toBe(event('a'))
      expect(await noteOf(alice, path)).toBe('kept')
    }
    expect((await alice.sync(alice.calendar, '')).syncToken).toBe(token)
    await note(alice, `${other}b.ics`, 'changed')
    expect(await noteOf(alice, from)).toBe('kept')
  })

  it('is refused within one collection: the UID would be there twice (RFC 4791 §5.3.2.1)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const answer = await send(alice, 'COPY', `${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`)
    expect(refusal(answer)).toEqual([403, carddav('no-uid-conflict')])
    expect(answer.text).toContain(`<d:href>${alice.contacts}a.vcf</d:href>`)
  })

  it('replaces with 204', async () => {
    const alice = await server.account()
    const other = await calendarWith(alice, 'other', ['a'])
    await alice.put(`${alice.calendar}a.ics`, event('a', ['DTSTART:20270101T000000Z']))
    expect((await send(alice, 'COPY', `${alice.calendar}a.ics`, `${other}a.ics`)).status).toBe(204)
    expect((await alice.get(`${other}a.ics`)).text).toContain('20270101')
  })
})

describe('RFC 4918 §9.8.3, §9.9.2 whole collections', () => {
  const server = useServer()

  it('MOVE renames: members, properties, token and resource-id stay (RFC 5842 §3.1)', async () => {
    const alice = await server.account()
    const from = await calendarWith(alice, 'a', ['x', 'y'])
    const to = `${alice.calendars}b/`
    await note(alice, from, 'whole')
    await note(alice, `${from}x.ics`, 'member')
    const names = [dav('resource-id'), dav('sync-token'), dead]
    const before = (await alice.propfind(from, 0, names)).of(from)
    const home = (await alice.sync(alice.calendars, '')).syncToken ?? ''
    const answer = await send(alice, 'MOVE', from, to)
    expect([answer.status, answer.headers.location]).toEqual([201, to])
    const after = (await alice.propfind(to, 0, names)).of(to)
    for (const name of names) expect(after.text(name) ?? after.namesWith(404)).toEqual(before.text(name))
    expect((await alice.propfind(to, 1, [])).hrefs).toEqual([to, `${to}x.ics`, `${to}y.ics`])
    expect(await noteOf(alice, `${to}x.ics`)).toBe('member')
    expect((await alice.get(from)).status).toBe(404)
    const changes = await alice.sync(alice.calendars, home)
    expect(changes.of(from).status).toBe(404)
    expect(changes.of(to).status).toBeUndefined()
  })

  it('COPY copies members and properties; Depth 0 the properties alone', async () => {
    const alice = await server.account()
    const from = await calendarWith(alice, 'a', ['x', 'y'])
    await note(alice, from, 'whole')
    await note(alice, `${from}x.ics`, 'member')
    const deep = `${alice.calendars}deep/`
    const flat = `${alice.calendars}flat/`
    expect((await send(alice, 'COPY', from, deep)).status).toBe(201)
    expect((await send(alice, 'COPY', from, flat, { Depth: '0' })).status).toBe(201)
    expect((await alice.propfind(deep, 1, [])).hrefs).toEqual([deep, `${deep}x.ics`, `${deep}y.ics`])
    expect((await alice.propfind(flat, 1, [])).hrefs).toEqual([flat])
    expect([await noteOf(alice, deep), await noteOf(alice, flat)]).toEqual(['whole', 'whole'])
    expect([await noteOf(alice, `${deep}x.ics`), await noteOf(alice, `${deep}y.ics`)]).toEqual([
      'member',
      undefined,
    ])
    expect((await alice.get(`${deep}x.ics`)).text).toBe(event('x'))
    const [own, copied] = [
      await alice.propfind(from, 0, [dav('resource-id')]),
      await alice.propfind(deep, 0, [dav('resource-id')]),
    ]
    expect(copied.of(deep).text(dav('resource-id'))).not.toBe(own.of(from).text(dav('resource-id')))
  })

  it('refuse Depths that they have not', async () => {
    const alice = await server.account()
    const from = await calendarWith(alice, 'a', [])
    expect((await send(alice, 'COPY', from, `${alice.calendars}b/`, { Depth: '1' })).status).toBe(400)
    expect((await send(alice, 'MOVE', from, `${alice.calendars}b/`, { Depth: '0' })).status).toBe(400)
    expect((await send(alice, 'MOVE', from, `${alice.calendars}b/`, { Depth: 'infinity' })).status).toBe(201)
  })

  it('replace what is there, or keep it with Overwrite: F', async () => {
    const alice = await server.account()
    const from = await calendarWith(alice, 'a', ['x'])
    const to = await calendarWith(alice, 'b', ['y'])
    expect((await send(alice, 'COPY', from, to, { Overwrite: 'F' })).status).toBe(412)
    expect((await send(alice, 'COPY', from, to)).status).toBe(204)
    expect((await alice.propfind(to, 1, [])).hrefs).toEqual([to, `${to}x.ics`])
    expect((await send(alice, 'MOVE', from, to)).status).toBe(204)
    expect((await alice.propfind(alice.calendars, 1, [])).hrefs).toEqual([
      alice.calendars,
      alice.calendar,
      alice.tasks,
      to,
    ])
  })

  it('stay in homes of their kind and out of one another', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const from = await calendarWith(alice, 'a', [])
    await alice.put(`${alice.tasks}t.ics`, todo('t'))
    for (const method of ['COPY', 'MOVE']) {
      expect(refusal(await send(alice, method, from, `${alice.books}a/`))).toEqual([
        403,
        carddav('addressbook-collection-location-ok'),
      ])
      expect(refusal(await send(alice, method, alice.contacts, `${alice.calendars}c/`))).toEqual([
        403,
        caldav('calendar-collection-location-ok'),
      ])
      expect((await send(alice, method, from, `${alice.calendar}a`)).status).toBe(403)
      expect(refusal(await send(alice, method, from, `${bob.calendars}a/`))).toEqual([
        403,
        dav('need-privileges'),
      ])
      expect((await send(alice, method, from, from)).status).toBe(403)
      expect((await send(alice, method, `${alice.calendars}none/`, `${alice.calendars}x/`)).status).toBe(404)
    }
    expect((await alice.propfind(from, 0, [])).status).toBe(207)
  })

  it('move the default calendar with its role: it stays first and needed (design §6)', async () => {
    const alice = await server.account()
    const to = `${alice.calendars}z/`
    expect((await send(alice, 'MOVE', alice.calendar, to)).status).toBe(201)
    expect((await alice.propfind(alice.calendars, 1, [])).hrefs).toEqual([alice.calendars, to, alice.tasks])
    expect(refusal(await alice.delete(to))).toEqual([403, caldav('default-calendar-needed')])
  })
})
