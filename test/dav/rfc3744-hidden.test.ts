import { describe, expect, it } from 'vitest'
import { caldav } from '../../protocol/dav/names.ts'
import { mustSetAcl } from './acls.ts'
import { type Answer, multigetBody, preconditionsOf } from './client.ts'
import { event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { type Account, useServer } from './server.ts'

type Send = (bob: Account, path: string) => Promise<Answer>

const update =
  '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x xmlns="urn:x">1</x></d:prop></d:set></d:propertyupdate>'
const lock =
  '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:shared/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>'
const own = (bob: Account): string => `${bob.calendar}own.ics`

/** Every way to ask for, change or name a member. */
const requests: readonly (readonly [what: string, send: Send])[] = [
  ...'GET HEAD OPTIONS DELETE POST ACL MKCOL MKCALENDAR PATCH'
    .split(' ')
    .map((method): [string, Send] => [method, (bob, path) => bob.request(method, path)]),
  ['PROPFIND', (bob, path) => bob.request('PROPFIND', path, { headers: { Depth: '0' } })],
  ['PROPPATCH', (bob, path) => bob.request('PROPPATCH', path, { body: update })],
  ['REPORT', (bob, path) => bob.request('REPORT', path, { body: multigetBody('calendar', [path]) })],
  [
    'a multiget',
    (bob, path) => bob.request('REPORT', bob.calendar, { body: multigetBody('calendar', [path]) }),
  ],
  ['LOCK', (bob, path) => bob.request('LOCK', path, { body: lock })],
  ['UNLOCK', (bob, path) => bob.request('UNLOCK', path, { headers: { 'Lock-Token': '<urn:uuid:1>' } })],
  ['PUT', (bob, path) => bob.put(path, event('other'))],
  ['PUT If-Match', (bob, path) => bob.put(path, event('other'), { 'If-Match': '*' })],
  ['PUT If-None-Match', (bob, path) => bob.put(path, event('other'), { 'If-None-Match': '*' })],
  ['DELETE If-Match', (bob, path) => bob.delete(path, { 'If-Match': '*' })],
  ...['COPY', 'MOVE'].flatMap((method): [string, Send][] => [
    [`${method} from it`, (bob, path) => bob.request(method, path, { headers: { Destination: own(bob) } })],
    [
      `${method} to it`,
      (bob, path) => bob.request(method, own(bob), { headers: { Destination: path, Overwrite: 'F' } }),
    ],
  ]),
  ['If', (bob, path) => bob.get(own(bob), { If: `<${path}> (Not ["x"])` })],
]

/** What each right, without that to read, tells all the same: whoever may do it sees whether it was done. */
const told: Readonly<Record<string, readonly string[]>> = {
  'c:read-free-busy': [],
  'write-content': ['PUT', 'PUT If-Match', 'PUT If-None-Match'],
  bind: ['PUT', 'PUT If-Match', 'PUT If-None-Match', 'COPY to it', 'MOVE to it'],
  unbind: ['DELETE', 'DELETE If-Match'],
  'write-properties': [],
  'read-acl': [],
  'write-acl': [],
  unlock: [],
  'read-current-user-privilege-set': [],
}

describe('what may not be read does not exist (RFC 3744 §7.1.1, design §6)', () => {
  const server = useServer()

  /** An answer without what differs from one request to the next. */
  const shown = ({ status, text, headers }: Answer, name: string): unknown[] => [
    status,
    text.replaceAll(name, 'NAME').replaceAll(/urn:uuid:[^<]*/g, 'TOKEN'),
    Object.keys(headers).sort(),
    headers.location?.replaceAll(name, 'NAME'),
  ]

  it.each(Object.keys(told))('no method, header or error tells it to who has %s alone', async (right) => {
    const [alice, bob] = [await server.account(), await server.account()]
    const place = await makeCalendar(alice, 'hidden')
    await mustSetAcl(alice, place, [{ who: bob.principal, grant: [right] }])
    for (const [what, send] of requests) {
      await alice.put(`${place}there.ics`, event('secret'))
      const answers: unknown[] = []
      for (const name of ['there', 'absent']) {
        await bob.put(own(bob), event('own'))
        answers.push(shown(await send(bob, `${place}${name}.ics`), name))
        await alice.delete(`${place}absent.ics`)
      }
      const isAlike = JSON.stringify(answers[0]) === JSON.stringify(answers[1])
      if (!told[right]?.includes(what)) expect([what, answers[1]]).toEqual([what, answers[0]])
      else expect([what, isAlike]).toEqual([what, false])
    }
  })

  it('nor does a refusal name what is in the way, or its entity tag', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const place = await makeCalendar(alice, 'hidden')
    await alice.put(`${place}secret.ics`, event('secret'))
    await mustSetAcl(alice, place, [{ who: bob.principal, grant: ['bind', 'unbind', 'write-content'] }])
    await bob.put(own(bob), event('secret'))
    const move = { headers: { Destination: `${place}new.ics` } }
    for (const answer of [
      await bob.put(`${place}new.ics`, event('secret')),
      await bob.request('MOVE', own(bob), move),
      await bob.request('COPY', own(bob), move),
    ]) {
      expect([answer.status, preconditionsOf(answer)]).toEqual([403, [caldav('no-uid-conflict')]])
      expect(answer.text).not.toContain('secret')
    }
    for (const headers of [{ 'If-None-Match': '*' }, { 'If-Match': '"x"' }, { If: '(["x"])' }] as const) {
      const answer = await bob.put(`${place}secret.ics`, event('secret'), {
        ...headers,
        Prefer: 'return=representation',
      })
      expect([answer.status, answer.headers.etag, answer.text.includes('BEGIN')]).toEqual([
        412,
        undefined,
        false,
      ])
    }
  })
})
