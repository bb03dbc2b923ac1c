import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../../protocol/dav/names.ts'
import { preconditionsOf } from '../client.ts'
import { event } from '../objects.ts'
import { useServer } from '../server.ts'
import { componentsIn, etagOf, fixture, hrefsIn, multistatus, privilegesIn } from './exchange.ts'

/** SEQ-16: Outlook with CalDav Synchronizer, which runs on .NET's HttpClient. Left out with sharing: delegates. */

const headers = { 'User-Agent': 'CalDavSynchronizer/4.5', 'Content-Type': 'application/xml; charset=utf-8' }
const server = useServer()

interface Exchange {
  readonly status: number
  readonly continued: boolean
  readonly etag: string | undefined
}

/** PUTs as .NET does: the body is sent once the server says 100, or never. */
function putExpecting(
  path: string,
  user: string,
  body: string,
  more: Record<string, string>,
): Promise<Exchange> {
  return new Promise((resolve, reject) => {
    const authorization = `Basic ${Buffer.from(user).toString('base64')}`
    const length = String(Buffer.byteLength(body))
    const sent = request(new URL(path, server.url), {
      method: 'PUT',
      headers: { Authorization: authorization, Expect: '100-continue', 'Content-Length': length, ...more },
    })
    let continued = false
    sent.once('continue', () => {
      continued = true
      sent.end(body)
    })
    sent.once('response', (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, continued, etag: response.headers.etag })
      sent.destroy()
    })
    sent.once('error', reject)
    sent.flushHeaders()
  })
}

describe('SEQ-16 Outlook CalDav Synchronizer (RFC 9110 §10.1.1, RFC 4791, RFC 6578)', () => {
  it('finds paths, names, components and rights as it reads them (OCS-01 to OCS-04)', async () => {
    const alice = await server.account({ email: 'alice@example.org' })
    const names = [dav('current-user-principal'), dav('principal-URL'), dav('owner')]
    const homes = [caldav('calendar-home-set'), dav('resourcetype')]
    const { props } = (await alice.propfind(alice.principal, 0, [...names, ...homes])).of(alice.principal)
    for (const name of [...names, ...homes.slice(0, 1)]) {
      expect(hrefsIn(props.get(name))[0]).toMatch(/^\/dav\//)
    }
    const asked = { ...headers, Depth: '1' }
    const home = await multistatus(alice, 'PROPFIND', alice.calendars, asked, fixture('outlook/home.xml'))
    for (const href of [alice.calendar, alice.tasks]) {
      const { props: own, text } = home.of(href)
      expect(text(dav('displayname'))).toBeTruthy()
      expect(componentsIn(own.get(caldav('supported-calendar-component-set')))).toHaveLength(1)
    }
    const set = dav('current-user-privilege-set')
    const rights = (await alice.propfind(alice.calendar, 0, [set])).of(alice.calendar).props.get(set)
    expect(privilegesIn(rights)).toEqual(expect.arrayContaining(['write', 'write-content', 'bind', 'unbind']))
  })

  it('gets 401 before it sends the body, and is asked for the body otherwise (OCS-05)', async () => {
    const alice = await server.account()
    const path = `${alice.calendar}ocs.ics`
    const body = event('ocs')
    const type = { 'Content-Type': 'text/calendar; charset=utf-8' }
    const wrong = await putExpecting(path, `${alice.name}:wrong`, body, { ...type, 'If-None-Match': '*' })
    expect([wrong.status, wrong.continued]).toEqual([401, false])
    const user = `${alice.name}:${alice.password}`
    const made = await putExpecting(path, user, body, { ...type, 'If-None-Match': '*' })
    expect([made.status, made.continued]).toEqual([201, true])
    expect(made.etag).toMatch(/^"/)
    const exists = await putExpecting(path, user, body, { ...type, 'If-None-Match': '*' })
    expect([exists.status, exists.continued]).toEqual([412, true])
  })

  it('may send the body without waiting for 100 (RFC 9110 §10.1.1)', async () => {
    const alice = await server.account()
    const body = event('eager')
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    const credentials = Buffer.from(`${alice.name}:${alice.password}`).toString('base64')
    const head = [
      `PUT ${alice.calendar}eager.ics HTTP/1.1`,
      `Host: ${hostname}:${port}`,
      `Authorization: Basic ${credentials}`,
      'Content-Type: text/calendar; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Expect: 100-continue',
      'Connection: close',
    ]
    socket.write(`${head.join('\r\n')}\r\n\r\n${body}`)
    let received = ''
    socket.on('data', (piece: Buffer) => {
      received += piece.toString()
    })
    await once(socket, 'close')
    expect(received.match(/^HTTP\/1\.1 \d+/gm)).toEqual(['HTTP/1.1 100', 'HTTP/1.1 201'])
  })

  it('asks for a range with both ends, and fetches with Depth 1 (RFC 4791 §7.8)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}in.ics`, event('in', ['DTSTART:20260115T100000Z', 'DURATION:PT1H']))
    await alice.put(`${alice.calendar}out.ics`, event('out', ['DTSTART:20270115T100000Z', 'DURATION:PT1H']))
    const body = fixture('outlook/events.xml', { START: '20260101T000000Z', END: '20260201T000000Z' })
    const answer = await multistatus(alice, 'REPORT', alice.calendar, { ...headers, Depth: '1' }, body)
    expect(answer.hrefs).toEqual([`${alice.calendar}in.ics`])
  })

  it('syncs with Depth 0: removed is a response status, and nothing is cut (OCS-06, OCS-07)', async () => {
    const alice = await server.account()
    const paths = ['a', 'b', 'c'].map((name) => `${alice.calendar}${name}.ics`)
    for (const [n, path] of paths.entries()) await alice.put(path, event(`ocs${n}`))
    const asked = { ...headers, Depth: '0' }
    const sync = (token: string) => fixture('outlook/sync.xml', { T: token })
    const first = await multistatus(alice, 'REPORT', alice.calendar, asked, sync(''))
    expect(first.hrefs).toEqual(paths)
    const etag = first.of(paths[1] ?? '').text(dav('getetag')) ?? ''
    expect((await alice.delete(paths[1] ?? '', { ...headers, 'If-Match': etag })).status).toBe(204)
    expect((await alice.delete(paths[1] ?? '', { ...headers, 'If-Match': etag })).status).toBe(404)
    const second = await multistatus(alice, 'REPORT', alice.calendar, asked, sync(first.syncToken ?? ''))
    expect(second.responses.map(({ status, propstatLines }) => [status, propstatLines])).toEqual([[404, []]])
    const refused = await alice.request('REPORT', alice.calendar, { headers: asked, body: sync('bogus') })
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('valid-sync-token')]])
  })

  it('makes calendars by MKCOL and by MKCALENDAR, then sets colour and name (OCS-08, RFC 5689 §3)', async () => {
    const alice = await server.account()
    const patch = `<?xml version="1.0" encoding="utf-8"?><D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:displayname>Büro</D:displayname><E:calendar-color xmlns:E="http://apple.com/ns/ical/">#11223344</E:calendar-color></D:prop></D:set></D:propertyupdate>`
    const mkcol = `<?xml version="1.0" encoding="utf-8"?><D:mkcol xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/></D:resourcetype></D:prop></D:set></D:mkcol>`
    for (const [method, body] of [
      ['MKCOL', mkcol],
      ['MKCALENDAR', ''],
    ] as const) {
      const path = `${alice.calendars}${method.toLowerCase()}/`
      expect((await alice.request(method, path, { headers, body })).status).toBe(201)
      const answer = await multistatus(alice, 'PROPPATCH', path, headers, patch)
      expect(answer.of(path).propstatLines).toEqual(['HTTP/1.1 200 OK'])
      const { text } = (await alice.propfind(path, 0, [dav('displayname')])).of(path)
      expect(text(dav('displayname'))).toBe('Büro')
    }
    expect(etagOf(await alice.put(`${alice.calendars}mkcol/x.ics`, event('x')))).toBeTruthy()
  })
})
