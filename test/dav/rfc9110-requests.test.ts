import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { multigetBody, preconditionsOf } from './client.ts'
import { card, event, todo } from './objects.ts'
import { useServer } from './server.ts'

const tokens =
  '1, 2, 3, access-control, extended-mkcol, calendar-access, addressbook, calendar-query-extended, calendarserver-sharing, calendar-proxy, calendarserver-principal-property-search, calendarserver-principal-search'

describe('RFC 9110 §9.3.7 OPTIONS', () => {
  const server = useServer()

  it('is 200 without a body and names the classes first, wherever clients ask (MIN-08, IOS-03, DVX-01, GOA-01, EVO-04, TBC-02)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const { principal, calendars, books, calendar, tasks, contacts } = alice
    const places = [
      '/',
      '/dav/',
      '/principals/',
      principal,
      calendars,
      books,
      calendar,
      tasks,
      contacts,
      `${calendar}a.ics`,
    ]
    for (const path of [...places, calendar.slice(0, -1), principal.slice(0, -1)]) {
      const answer = await alice.request('OPTIONS', path, {
        headers: { 'Content-Length': '0', 'Accept-Encoding': 'identity' },
      })
      expect([answer.status, answer.text, answer.headers['content-length']], path).toEqual([200, '', '0'])
      expect(answer.headers['content-type']).toBeUndefined()
      expect(answer.headers.dav, path).toBe(tokens)
      expect(answer.headers.allow, path).toMatch(/^OPTIONS, /)
    }
  })

  it('allows what works, and nothing that does not (law 11)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const allowOf = async (path: string) =>
      (await alice.request('OPTIONS', path)).headers.allow?.split(', ') ?? []
    for (const path of [alice.calendar, alice.contacts]) {
      // Evolution writes where PUT and DELETE stand on the collection.
      expect(await allowOf(path)).toEqual(
        expect.arrayContaining([
          'GET',
          'HEAD',
          'PUT',
          'DELETE',
          'PROPFIND',
          'PROPPATCH',
          'REPORT',
          'COPY',
          'MOVE',
          'LOCK',
          'UNLOCK',
        ]),
      )
    }
    expect(await allowOf(alice.calendars)).toEqual(expect.arrayContaining(['MKCALENDAR', 'MKCOL', 'ACL']))
    for (const path of ['/', alice.principal, alice.calendars, alice.calendar, `${alice.calendar}a.ics`]) {
      const allow = await allowOf(path)
      const locking = path === '/' ? ['LOCK', 'UNLOCK'] : []
      const adding = path === alice.calendar || path === alice.calendars ? [] : ['POST']
      const ruling = path === alice.calendars || path === alice.calendar ? [] : ['ACL']
      for (const method of [...locking, ...adding, ...ruling, 'PATCH']) {
        expect(allow, path).not.toContain(method)
        const answer = await alice.request(method, path)
        expect([answer.status, answer.headers.allow], `${method} ${path}`).toEqual([405, allow.join(', ')])
      }
    }
  })

  it('is 404 where there is nothing (GOA-02)', async () => {
    const alice = await server.account()
    for (const path of [
      '/remote.php/dav',
      '/nothing',
      `${alice.calendar}none.ics`,
      `${alice.calendars}none/`,
      '/dav/none',
    ]) {
      const answer = await alice.request('OPTIONS', path)
      expect([answer.status, answer.headers.dav], path).toEqual([404, undefined])
    }
  })
})

describe('RFC 9110 §9.3.1 GET and HEAD', () => {
  const server = useServer()

  it('give the octets that were PUT, with type, length, date and a strong ETag (IOS-11, DFS-02)', async () => {
    const alice = await server.account()
    const body = card('a', 'Jörg Müller')
    const made = await alice.put(`${alice.contacts}a.vcf`, body)
    const got = await alice.get(`${alice.contacts}a.vcf`)
    const head = await alice.request('HEAD', `${alice.contacts}a.vcf`)
    expect(got.text).toBe(body)
    expect(head.body).toHaveLength(0)
    for (const { status, headers } of [got, head]) {
      expect(status).toBe(200)
      expect(headers.etag).toMatch(/^"[^"]+"$/)
      expect(headers.etag).toBe(made.headers.etag)
      expect(headers['content-type']).toBe('text/vcard; charset=utf-8')
      expect(headers['content-length']).toBe(String(Buffer.byteLength(body)))
      expect(headers['last-modified']).toBe(new Date(server.clock.now).toUTCString())
    }
  })

  it('give a calendar or book as one file, with an ETag that changes with its members (behaviours: webcal)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.put(`${alice.calendar}b.ics`, event('b'))
    const first = await alice.get(alice.calendar)
    expect([first.status, first.headers['content-type']]).toEqual([200, 'text/calendar; charset=utf-8'])
    expect(first.text.match(/BEGIN:VCALENDAR/g)).toHaveLength(1)
    expect(first.text.match(/BEGIN:VEVENT/g)).toHaveLength(2)
    expect(first.headers.etag).toMatch(/^"[^"]+"$/)
    const same = { 'If-None-Match': String(first.headers.etag) }
    const again = await alice.get(alice.calendar, same)
    expect([again.status, again.text, again.headers.etag]).toEqual([304, '', first.headers.etag])
    await alice.delete(`${alice.calendar}b.ics`)
    const changed = await alice.get(alice.calendar, same)
    expect([changed.status, changed.headers.etag === first.headers.etag]).toEqual([200, false])
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    expect((await alice.get(alice.contacts)).text).toBe(card('a'))
    const empty = await alice.get(alice.tasks)
    expect([empty.status, empty.text.startsWith('BEGIN:VCALENDAR\r\n')]).toEqual([200, true])
  })

  it('HEAD of a collection says the same as GET, and no false length', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const [got, head] = [await alice.get(alice.contacts), await alice.request('HEAD', alice.contacts)]
    for (const name of ['etag', 'content-type', 'content-disposition'] as const)
      expect(head.headers[name]).toBe(got.headers[name])
    expect(head.headers['content-length']).toBeUndefined()
    expect((await alice.get(alice.contacts.slice(0, -1))).headers['content-location']).toBe(alice.contacts)
  })

  it('of the folders above is 405 with Allow, of nothing 404', async () => {
    const alice = await server.account()
    for (const path of ['/', '/dav/', alice.principal, alice.calendars]) {
      const answer = await alice.get(path)
      expect(answer.status).toBe(405)
      expect(answer.headers.allow).toContain('PROPFIND')
    }
    expect((await alice.get(`${alice.contacts}none.vcf`)).status).toBe(404)
  })

  it('gives the whole of an object to a Range, which no converted or small body needs (design §6)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const answer = await alice.get(`${alice.contacts}a.vcf`, { Range: 'bytes=0-3' })
    expect([answer.status, answer.text]).toEqual([200, card('a')])
  })
})

describe('RFC 9110 §8.8.3 entity tags', () => {
  const server = useServer()

  it('are the same in PUT, GET, PROPFIND, multiget and sync, strong and quoted (IOS-11, MIN-29)', async () => {
    const alice = await server.account()
    const path = `${alice.tasks}a.ics`
    const etag = (await alice.put(path, todo('a'))).headers.etag
    const seen = [
      (await alice.get(path, { 'Accept-Encoding': 'gzip' })).headers.etag,
      (await alice.propfind(path, 0, [dav('getetag')])).of(path).text(dav('getetag')),
      (await alice.propfind(alice.tasks, 1, [dav('getetag')])).of(path).text(dav('getetag')),
      (await alice.report(alice.tasks, multigetBody('calendar', [path]))).of(path).text(dav('getetag')),
      (await alice.sync(alice.tasks, '')).of(path).text(dav('getetag')),
    ]
    expect(seen).toEqual(seen.map(() => etag))
  })

  it('follow the octets: the same again is no change, other octets are (design §6)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const first = await alice.put(path, card('a'))
    const token = (await alice.sync(alice.contacts, '')).syncToken ?? ''
    const same = await alice.put(path, card('a'))
    expect([same.status, same.headers.etag]).toEqual([204, first.headers.etag])
    expect((await alice.sync(alice.contacts, token)).hrefs).toEqual([])
    const other = await alice.put(path, card('a', 'Jane Roe'))
    expect([other.status, other.headers.etag === first.headers.etag]).toEqual([204, false])
  })

  it('come with every PUT, 201 for new and 204 for replaced, never a Location (EVO-06, PYC-01, MIN-31)', async () => {
    const alice = await server.account()
    for (const status of [201, 204]) {
      const answer = await alice.put(`${alice.contacts}a.vcf`, card('a', `Jane ${status}`))
      expect([answer.status, answer.text]).toEqual([status, ''])
      expect(answer.headers.etag).toMatch(/^"[^"]+"$/)
      expect(answer.headers.location).toBeUndefined()
    }
  })
})

describe('RFC 9110 §13 conditional requests', () => {
  const server = useServer()

  async function stored() {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const etag = String((await alice.put(path, card('a'))).headers.etag)
    return { alice, path, etag }
  }
  const inner = (etag: string): string => etag.slice(1, -1)

  it('§13.1.1 If-Match: strong, lists, *, and what clients and proxies make of it (MIN-31, IOS-11)', async () => {
    const { alice, path, etag } = await stored()
    const good = [etag, `"x", ${etag}`, '*', inner(etag), `"${inner(etag)}-gzip"`, `"${inner(etag)};br"`]
    for (const value of good) {
      expect((await alice.put(path, card('a'), { 'If-Match': value })).status, value).toBe(204)
    }
    for (const value of ['"x"', `W/${etag}`, '', `"${inner(etag).toLowerCase()}-x"`]) {
      for (const method of ['PUT', 'DELETE', 'COPY', 'MOVE', 'PROPPATCH', 'GET']) {
        const headers = { 'If-Match': value, Destination: `${alice.contacts}b.vcf` }
        const body = method === 'PROPPATCH' ? '<d:propertyupdate xmlns:d="DAV:"/>' : card('a', 'Lost Update')
        const answer = await alice.request(method, path, { headers, ...(method === 'GET' ? {} : { body }) })
        expect([answer.status, answer.headers.etag], `${method} ${value}`).toEqual([412, etag])
      }
    }
    expect((await alice.get(path)).text).toBe(card('a'))
  })

  it('§13.1.1 If-Match on what is not there is 412, without an ETag', async () => {
    const { alice } = await stored()
    for (const value of ['*', '"x"']) {
      const answer = await alice.put(`${alice.contacts}none.vcf`, card('n'), { 'If-Match': value })
      expect([answer.status, answer.headers.etag]).toEqual([412, undefined])
    }
    expect((await alice.get(`${alice.contacts}none.vcf`)).status).toBe(404)
  })

  it('§13.1.2 If-None-Match: * makes, and never overwrites', async () => {
    const { alice, path, etag } = await stored()
    const answer = await alice.put(path, card('a', 'Other'), { 'If-None-Match': '*' })
    expect([answer.status, answer.headers.etag]).toEqual([412, etag])
    expect((await alice.put(`${alice.contacts}b.vcf`, card('b'), { 'If-None-Match': '*' })).status).toBe(201)
    expect((await alice.delete(path, { 'If-None-Match': etag })).status).toBe(412)
    expect((await alice.put(path, card('a', 'Other'), { 'If-None-Match': '"x"' })).status).toBe(204)
  })

  it('§13.1.2 If-None-Match on GET and HEAD is 304 with the ETag, compared weakly', async () => {
    const { alice, path, etag } = await stored()
    for (const value of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      for (const method of ['GET', 'HEAD']) {
        const answer = await alice.request(method, path, { headers: { 'If-None-Match': value } })
        expect([answer.status, answer.text, answer.headers.etag]).toEqual([304, '', etag])
      }
    }
    expect((await alice.get(path, { 'If-None-Match': '"x"' })).status).toBe(200)
  })

  it('never tells a first writer from a second by chance: of many at once one makes it', async () => {
    const alice = await server.account()
    const names = Array.from({ length: 8 }, (_, n) => `Jane ${n}`)
    const path = `${alice.contacts}race.vcf`
    const made = await Promise.all(
      names.map((name) => alice.put(path, card('race', name), { 'If-None-Match': '*' })),
    )
    expect(made.map(({ status }) => status).sort()).toEqual([201, 412, 412, 412, 412, 412, 412, 412])
    const etag = String((await alice.get(path)).headers.etag)
    const changed = await Promise.all(
      names.map((name) => alice.put(path, card('race', `${name} 2`), { 'If-Match': etag })),
    )
    expect(changed.filter(({ status }) => status === 204)).toHaveLength(1)
  })

  it('take an empty If-Schedule-Tag-Match for none, and fail another (IOS-12, RFC 6638 §8.3)', async () => {
    const { alice, path, etag } = await stored()
    const empty = { 'If-Schedule-Tag-Match': '', 'If-Match': etag }
    expect((await alice.put(path, card('a'), empty)).status).toBe(204)
    expect((await alice.put(path, card('a', 'X'), { 'If-Schedule-Tag-Match': '"x"' })).status).toBe(412)
  })

  it('hold for whole collections, by the ETag that GET gives', async () => {
    const alice = await server.account()
    const path = `${alice.calendars}a/`
    await alice.request('MKCALENDAR', path)
    const etag = String((await alice.get(path)).headers.etag)
    expect((await alice.delete(path, { 'If-Match': '"x"' })).status).toBe(412)
    expect((await alice.delete(path, { 'If-None-Match': '*' })).status).toBe(412)
    expect((await alice.delete(path, { 'If-Match': etag })).status).toBe(204)
  })

  it('are not needed at all (TBA-09, TSK-03)', async () => {
    const { alice, path } = await stored()
    expect((await alice.put(path, card('a', 'Overwritten'))).status).toBe(204)
    expect((await alice.delete(path)).status).toBe(204)
  })

  it('§14.5 a part is never taken for the whole', async () => {
    const { alice, path } = await stored()
    const answer = await alice.put(path, 'FN:X', { 'Content-Range': 'bytes 10-13/100' })
    expect(answer.status).toBe(400)
    expect((await alice.get(path)).text).toBe(card('a'))
  })
})

describe('RFC 4918 §9.7 PUT where it does not belong', () => {
  const server = useServer()

  it('is 405 on folders, 409 where there is no collection (behaviours)', async () => {
    const alice = await server.account()
    for (const path of ['/', alice.calendars, alice.calendar, alice.contacts, alice.principal]) {
      const answer = await alice.put(path, card('a'))
      expect(answer.status, path).toBe(405)
      expect(answer.headers.allow).toContain('PROPFIND')
    }
    for (const path of [`${alice.books}none/a.vcf`, '/dav/a.vcf', '/a.vcf', `${alice.contacts}a/b.vcf`]) {
      expect((await alice.put(path, card('a'))).status, path).toBe(409)
    }
    expect(preconditionsOf(await alice.put(`${alice.books}none/a.vcf`, card('a')))).toEqual([])
  })
})
