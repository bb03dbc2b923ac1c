import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { calendarQueryBody, type Headers, multigetBody, syncBody } from './client.ts'
import { card, event, todo } from './objects.ts'
import { addressQueryBody } from './queries.ts'
import { useServer } from './server.ts'

describe('RFC 8144 §2.1 Prefer: return=minimal', () => {
  const server = useServer()

  it('leaves out what was not found and keeps every response (IOS-17)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.tasks}a.ics`, todo('a'))
    const names = [dav('displayname'), '{urn:example}none']
    for (const [header, value] of [
      ['Prefer', 'return=minimal'],
      ['Prefer', 'return-minimal'],
      ['Prefer', 'respond-async, return=minimal'],
      ['Brief', 't'],
    ] as const) {
      const answer = await alice.propfind(alice.tasks, 1, names, { [header]: value })
      expect(answer.responses.map(({ propstatLines }) => propstatLines)).toEqual([
        ['HTTP/1.1 200 OK'],
        ['HTTP/1.1 200 OK'],
      ])
      expect(answer.of(alice.tasks).text(dav('displayname'))).toBe('Tasks')
      expect(answer.headers['preference-applied']).toBe('return=minimal')
      expect(answer.headers.vary).toMatch(/Prefer/)
    }
    const full = await alice.propfind(alice.tasks, 0, names, { Prefer: 'unknown=1', Brief: 'f' })
    expect(full.of(alice.tasks).namesWith(404)).toEqual(['{urn:example}none'])
    expect(full.headers['preference-applied']).toBeUndefined()
  })

  it('leaves out of every report what was not found, and says so', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await alice.put(`${alice.calendar}e.ics`, event('e'))
    const none = '{urn:example}none'
    const asked = '<d:getetag/><n:none xmlns:n="urn:example"/>'
    const expand =
      '<d:expand-property xmlns:d="DAV:"><d:property name="displayname"/><d:property name="none" namespace="urn:example"/></d:expand-property>'
    const reports = [
      [alice.contacts, syncBody('', undefined, [dav('getetag'), none])],
      [alice.books, syncBody('', undefined, [dav('displayname'), none])],
      [alice.contacts, addressQueryBody([], { props: asked })],
      [alice.calendar, calendarQueryBody('', asked)],
      [
        alice.contacts,
        multigetBody('addressbook', [`${alice.contacts}a.vcf`]).replace('<d:getetag/>', asked),
      ],
      [alice.calendar, multigetBody('calendar', [`${alice.calendar}e.ics`]).replace('<d:getetag/>', asked)],
      [alice.principal, expand],
    ] as const
    for (const [path, body] of reports) {
      const full = await alice.report(path, body)
      expect(
        full.responses.map(({ namesWith }) => namesWith(404)),
        body,
      ).toEqual([[none]])
      expect([full.headers['preference-applied'], full.headers.vary]).toEqual([undefined, 'Brief, Prefer'])
      for (const headers of [{ Prefer: 'return=minimal' }, { Brief: 't' }] as Headers[]) {
        const short = await alice.report(path, body, headers)
        expect(short.responses.map(({ propstatLines }) => propstatLines)).toEqual([['HTTP/1.1 200 OK']])
        expect([short.headers['preference-applied'], short.headers.vary]).toEqual([
          'return=minimal',
          'Brief, Prefer',
        ])
      }
    }
  })

  it('keeps the status of what is gone, and an answer without responses is one', async () => {
    const alice = await server.account()
    const minimal = { Prefer: 'return=minimal' }
    const gone = `${alice.contacts}gone.vcf`
    const answer = await alice.report(alice.contacts, multigetBody('addressbook', [gone]), minimal)
    expect(answer.of(gone).status).toBe(404)
    expect((await alice.report(alice.contacts, addressQueryBody([]), minimal)).responses).toEqual([])
    const nothing = await alice.propfind(alice.contacts, 0, ['{urn:example}none'], minimal)
    expect(nothing.of(alice.contacts).propstatLines).toEqual(['HTTP/1.1 200 OK'])
  })

  it('§2.2 MKCOL and MKCALENDAR succeed without a body, and say what was refused', async () => {
    const alice = await server.account()
    const minimal = { Prefer: 'return=minimal' }
    const made = await alice.request('MKCALENDAR', `${alice.calendars}a/`, { headers: minimal })
    expect([made.status, made.text, made.headers['preference-applied']]).toEqual([201, '', 'return=minimal'])
    const book =
      '<d:mkcol xmlns:d="DAV:"><d:set><d:prop><d:resourcetype><d:collection/><c:addressbook xmlns:c="urn:ietf:params:xml:ns:carddav"/></d:resourcetype><d:getetag>x</d:getetag></d:prop></d:set></d:mkcol>'
    const refused = await alice.request('MKCOL', `${alice.books}b/`, { headers: minimal, body: book })
    expect([refused.status, refused.headers['preference-applied']]).toEqual([424, undefined])
    expect(refused.text).toContain('cannot-modify-protected-property')
    const mkcol = book.replace('<d:getetag>x</d:getetag>', '')
    const second = await alice.request('MKCOL', `${alice.books}b/`, { headers: minimal, body: mkcol })
    expect([second.status, second.text, second.headers['preference-applied']]).toEqual([
      201,
      '',
      'return=minimal',
    ])
  })
})

describe('RFC 8144 §4 Prefer: depth-noroot', () => {
  const server = useServer()

  it('leaves out the resource itself of a listing', async () => {
    const alice = await server.account()
    const answer = await alice.propfind(alice.calendars, 1, [dav('resourcetype')], { Prefer: 'depth-noroot' })
    expect(answer.hrefs).toEqual([alice.calendar, alice.tasks])
    expect(answer.headers['preference-applied']).toBe('depth-noroot')
    const own = await alice.propfind(alice.calendars, 0, [dav('resourcetype')], { Prefer: 'depth-noroot' })
    expect(own.hrefs).toEqual([alice.calendars])
  })

  it('together with return=minimal, in collections as in homes', async () => {
    const alice = await server.account()
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const headers = { Prefer: 'depth-noroot, return=minimal' }
    const answer = await alice.propfind(alice.contacts, 1, [dav('getetag'), '{urn:example}none'], headers)
    expect(answer.hrefs).toEqual([`${alice.contacts}a.vcf`])
    expect(answer.responses[0]?.propstatLines).toEqual(['HTTP/1.1 200 OK'])
    expect(answer.headers['preference-applied']).toBe('return=minimal, depth-noroot')
    const top = await alice.propfind('/dav/', 1, [dav('resourcetype')], { Prefer: 'depth-noroot' })
    expect(top.hrefs).toEqual(['/dav/principals/', '/dav/calendars/', '/dav/addressbooks/', '/dav/files/'])
  })
})

describe('RFC 8144 §3 Prefer: return=representation', () => {
  const server = useServer()
  const prefer = { Prefer: 'return=representation' }

  it('§3.1 answers a PUT with what is stored: 201 for new, 200 for replaced', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    for (const [status, name] of [
      [201, 'Jane Doe'],
      [200, 'Jane Roe'],
    ] as const) {
      const answer = await alice.put(path, card('a', name), prefer)
      expect([answer.status, answer.text]).toEqual([status, card('a', name)])
      expect(answer.headers['preference-applied']).toBe('return=representation')
      expect(answer.headers['content-location']).toBe(path)
      expect(answer.headers.etag).toBe((await alice.get(path)).headers.etag)
    }
  })

  it('§3.2 answers a 412 with what is there, so that the client can merge at once', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const etag = (await alice.put(path, card('a'))).headers.etag
    const answer = await alice.put(path, card('a', 'Lost'), { ...prefer, 'If-Match': '"old"' })
    expect([answer.status, answer.headers.etag, answer.text]).toEqual([412, etag, card('a')])
    expect(answer.headers['content-type']).toBe('text/vcard; charset=utf-8')
    const none = await alice.put(`${alice.contacts}none.vcf`, card('n'), { ...prefer, 'If-Match': '*' })
    expect([none.status, none.headers['preference-applied']]).toEqual([412, undefined])
  })

  it('§3.1 answers COPY and MOVE with what arrived, under its own address', async () => {
    const alice = await server.account()
    const [a, b] = [`${alice.calendar}a.ics`, `${alice.calendar}b.ics`]
    const other = `${alice.calendars}other/`
    await alice.request('MKCALENDAR', other)
    const etag = String((await alice.put(a, event('a'))).headers.etag)
    const sent = (method: string, from: string, to: string) =>
      alice.request(method, from, { headers: { ...prefer, Destination: to } })
    const moved = await sent('MOVE', a, b)
    expect([moved.status, moved.headers.location, moved.headers['content-location']]).toEqual([201, b, b])
    expect([moved.text, moved.headers.etag, moved.headers['preference-applied']]).toEqual([
      event('a'),
      etag,
      'return=representation',
    ])
    const copied = await sent('COPY', b, `${other}c.ics`)
    expect([copied.status, copied.text, copied.headers['content-location']]).toEqual([
      201,
      event('a'),
      `${other}c.ics`,
    ])
    const again = await sent('COPY', b, `${other}c.ics`)
    expect([again.status, again.text, again.headers.location]).toEqual([200, event('a'), undefined])
    const whole = await sent('COPY', other, `${alice.calendars}third/`)
    expect([whole.status, whole.text, whole.headers['preference-applied']]).toEqual([201, '', undefined])
  })

  it('§3.2 answers every conditional change with what is there, and no other 412', async () => {
    const alice = await server.account()
    const [a, b] = [`${alice.contacts}a.vcf`, `${alice.contacts}b.vcf`]
    const etag = String((await alice.put(a, card('a'))).headers.etag)
    await alice.put(b, card('b'))
    const conditions: Headers[] = [{ 'If-Match': '"x"' }, { 'If-None-Match': '*' }, { If: '(["x"])' }]
    for (const method of ['PUT', 'DELETE', 'MOVE', 'COPY', 'PROPPATCH']) {
      const body = method === 'PROPPATCH' ? '<d:propertyupdate xmlns:d="DAV:"/>' : card('a', 'X')
      for (const condition of conditions) {
        const headers = { ...prefer, ...condition, Destination: b }
        const answer = await alice.request(method, a, { headers, body })
        expect([answer.status, answer.headers.etag, answer.text], method).toEqual([412, etag, card('a')])
        expect(answer.headers['content-location']).toBe(a)
        const { Prefer: _, ...plain } = headers
        const without = await alice.request(method, a, { headers: plain, body })
        expect([without.status, without.headers['preference-applied']]).toEqual([412, undefined])
        expect(without.text).not.toContain('BEGIN:VCARD')
      }
    }
    const headers = { ...prefer, Destination: b, Overwrite: 'F' }
    const kept = await alice.request('MOVE', a, { headers })
    expect([kept.status, kept.headers['preference-applied']]).toEqual([412, undefined])
  })

  it('an unknown preference changes nothing (RFC 7240 §2)', async () => {
    const alice = await server.account()
    const path = `${alice.contacts}a.vcf`
    const answer = await alice.put(path, card('a'), {
      Prefer: 'respond-async, wait=10, handling=strict, x-y',
    })
    expect([answer.status, answer.text, answer.headers['preference-applied']]).toEqual([201, '', undefined])
  })
})
