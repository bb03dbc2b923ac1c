import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, cs, dav } from '../../protocol/dav/names.ts'
import { runsOf } from '../store.ts'
import { preconditionsOf, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { type Account, useServer } from './server.ts'

const props = [dav('resourcetype'), dav('displayname'), cs('getctag'), dav('sync-token')]

async function home(alice: Account, token: string, limit?: number) {
  return alice.report(alice.calendars, syncBody(token, limit, props))
}

async function tokenOf(alice: Account): Promise<string> {
  return (await home(alice, '')).syncToken ?? ''
}

function propertyUpdate(inner: string): string {
  return `<d:propertyupdate xmlns:d="DAV:" xmlns:x="x:"><d:set><d:prop>${inner}</d:prop></d:set></d:propertyupdate>`
}

describe('RFC 6578 §3.3 sync of a home (IOS-10, MIN-24, SEQ-05)', () => {
  const server = useServer()

  it('first every collection with its properties, never one that is gone', async () => {
    const alice = await server.account()
    await alice.delete(await makeCalendar(alice, 'gone', ['VEVENT']))
    const first = await home(alice, '')
    expect([...first.hrefs].sort()).toEqual([alice.calendar, alice.tasks].sort())
    const listed = (await alice.propfind(alice.calendars, 1, props)).of(alice.calendar)
    for (const name of props) {
      expect(first.of(alice.calendar).text(name)).toBe(listed.text(name))
    }
    const none = await home(alice, first.syncToken ?? '')
    expect([none.hrefs, none.syncToken]).toEqual([[], first.syncToken])
    const books = await alice.report(alice.books, syncBody('', undefined, props))
    expect(books.hrefs).toEqual([alice.contacts])
  })

  it('then what was made, changed in itself or in its members, and by a status alone what is gone', async () => {
    const alice = await server.account()
    const doomed = await makeCalendar(alice, 'doomed', ['VEVENT'])
    const token = await tokenOf(alice)
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const made = await makeCalendar(alice, 'made', ['VTODO'])
    await alice.delete(doomed)
    const next = await home(alice, token)
    expect([...next.hrefs].sort()).toEqual([alice.calendar, made, doomed].sort())
    expect(next.of(doomed)).toMatchObject({ status: 404, propstatLines: [] })
    expect(next.of(made).propstatLines).toEqual(['HTTP/1.1 200 OK'])
    const itself = await alice.propfind(alice.calendar, 0, [cs('getctag')])
    expect(next.of(alice.calendar).text(cs('getctag'))).toBe(itself.of(alice.calendar).text(cs('getctag')))
    expect((await home(alice, next.syncToken ?? '')).hrefs).toEqual([])
  })

  it('live and dead properties of a collection are changes of the home, not of its members (MIN-28)', async () => {
    const alice = await server.account()
    const before = await alice.sync(alice.calendar, '')
    for (const inner of ['<d:displayname>Work</d:displayname>', '<x:any a="1">2</x:any>']) {
      const token = await tokenOf(alice)
      const patched = await alice.request('PROPPATCH', alice.calendar, { body: propertyUpdate(inner) })
      expect(patched.status).toBe(207)
      const next = await home(alice, token)
      expect(next.hrefs).toEqual([alice.calendar])
      expect(next.of(alice.calendar).text(dav('displayname'))).toBe('Work')
    }
    expect((await alice.sync(alice.calendar, before.syncToken ?? '')).syncToken).toBe(before.syncToken)
  })

  it('a calendar that leaves its owner free from now on is a change of the home (RFC 6638 §9.1)', async () => {
    const alice = await server.account()
    const token = await tokenOf(alice)
    const inner =
      '<c:schedule-calendar-transp xmlns:c="urn:ietf:params:xml:ns:caldav"><c:transparent/></c:schedule-calendar-transp>'
    await alice.request('PROPPATCH', alice.calendar, { body: propertyUpdate(inner) })
    expect((await home(alice, token)).hrefs).toEqual([alice.calendar])
  })

  it('the folders of the homes have no token, and no sync (behaviours)', async () => {
    const alice = await server.account()
    for (const path of ['/dav/calendars/', '/dav/addressbooks/', '/dav/', alice.principal]) {
      const names = [dav('sync-token'), cs('getctag')]
      expect((await alice.propfind(path, 0, names)).of(path).namesWith(404), path).toEqual(names)
      const answer = await alice.request('REPORT', path, { body: syncBody('') })
      expect([answer.status, preconditionsOf(answer)], path).toEqual([403, [dav('supported-report')]])
    }
  })

  it('a refused PROPPATCH changes nothing; one of the home moves its token alone', async () => {
    const alice = await server.account()
    const token = await tokenOf(alice)
    await alice.request('PROPPATCH', alice.calendar, {
      body: propertyUpdate('<d:displayname>X</d:displayname><d:getetag>x</d:getetag>'),
    })
    expect((await home(alice, token)).syncToken).toBe(token)
    await alice.request('PROPPATCH', alice.calendars, { body: propertyUpdate('<x:any/>') })
    const next = await home(alice, token)
    expect(next.hrefs).toEqual([])
    expect((await home(alice, next.syncToken ?? '')).syncToken).toBe(next.syncToken)
  })

  it('deleted and made again under the same name: a collection with a new token', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'again', ['VEVENT'])
    const before = await home(alice, '')
    await alice.delete(path)
    await makeCalendar(alice, 'again', ['VTODO'])
    const next = await home(alice, before.syncToken ?? '')
    expect(next.responses.map(({ href, status }) => [href, status])).toEqual([[path, undefined]])
    expect(next.of(path).text(dav('sync-token'))).not.toBe(before.of(path).text(dav('sync-token')))
  })

  it('renamed by MOVE: gone here and new there, its members untouched', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'old', ['VEVENT'])
    await alice.put(`${path}a.ics`, event('a'))
    const token = await tokenOf(alice)
    const to = `${alice.calendars}new/`
    expect((await alice.request('MOVE', path, { headers: { Destination: to } })).status).toBe(201)
    const next = await home(alice, token)
    expect(next.responses.map(({ href, status }) => [href, status]).sort()).toEqual([
      [to, undefined],
      [path, 404],
    ])
    expect((await alice.get(`${to}a.ics`)).text).toBe(event('a'))
  })

  it('tokens of collections or others are invalid', async () => {
    const alice = await server.account()
    const own = await tokenOf(alice)
    const foreign = [
      'urn:x:gone',
      '3E5A0C0E-0000-4000-8000-000000000000',
      (await alice.sync(alice.calendar, '')).syncToken ?? '',
      (await alice.sync(alice.books, '')).syncToken ?? '',
      own.replace(/(\d+)\.(\d+)/, (_, feed: string, change: string) => `${feed}.${Number(change) + 1}`),
    ]
    for (const token of foreign) {
      const refused = await alice.request('REPORT', alice.calendars, { body: syncBody(token) })
      expect([token, refused.status, preconditionsOf(refused)]).toEqual([
        token,
        403,
        [dav('valid-sync-token')],
      ])
    }
  })

  it('the token of PROPFIND is the one of the report', async () => {
    const alice = await server.account()
    const listed = await alice.propfind(alice.calendars, 0, [dav('sync-token')])
    const token = listed.of(alice.calendars).text(dav('sync-token'))
    if (token !== undefined) {
      await alice.put(`${alice.calendar}a.ics`, event('a'))
      expect((await home(alice, token)).hrefs).toEqual([alice.calendar])
    }
    expect(token).toMatch(/^urn:/)
  })
})

describe('RFC 6578 §4 DAV:sync-token', () => {
  const server = useServer()

  it('is not on what has no sync: the folders above the homes, principals, members (behaviours)', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const above = ['/', '/dav/', '/dav/calendars/', '/dav/addressbooks/', '/dav/principals/']
    for (const path of [...above, alice.principal, `${alice.calendar}a.ics`]) {
      const told = (await alice.propfind(path, 0, [dav('sync-token'), cs('getctag')])).of(path)
      expect([path, told.namesWith(404)]).toEqual([path, [dav('sync-token'), cs('getctag')]])
    }
  })
})

describe('RFC 6578 §3.6 truncated answers of a home', () => {
  const server = useServer()

  /** What a client knows after syncing a step at a time. */
  async function syncHome(alice: Account, known: Map<string, string>, token: string, limit: number) {
    for (let round = 0; round < 100; round += 1) {
      const { responses, syncToken = '' } = await home(alice, token, limit)
      const members = responses.filter(({ status }) => status !== 507)
      expect(members.length).toBeLessThanOrEqual(limit)
      for (const response of members) {
        if (response.status === 404) known.delete(response.href)
        else known.set(response.href, `${response.text(cs('getctag'))} ${response.text(dav('displayname'))}`)
      }
      token = syncToken
      if (members.length === responses.length) return token
      expect(responses.at(-1)).toMatchObject({ href: alice.calendars, status: 507 })
    }
    throw new Error('The sync never ended.')
  }

  async function worldOf(alice: Account): Promise<Map<string, string>> {
    const listed = await alice.propfind(alice.calendars, 1, props)
    return new Map(
      listed.responses
        .filter(({ href }) => href !== alice.calendars)
        .map((r) => [r.href, `${r.text(cs('getctag'))} ${r.text(dav('displayname'))}`]),
    )
  }

  it('every limit comes to the same, whatever happened (complaint 3)', async () => {
    const alice = await server.account()
    const names = ['a', 'b', 'c', 'd']
    const action = fc.record({
      kind: fc.constantFrom('make', 'delete', 'put', 'rename', 'move'),
      on: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 0, max: 3 }),
    })
    const clients = [1, 2, 3, 7].map((limit) => ({ limit, token: '', known: new Map<string, string>() }))
    let serial = 0
    const act = async (kind: string, name: string, to: string) => {
      const path = `${alice.calendars}${name}/`
      serial += 1
      const body = propertyUpdate(`<d:displayname>N${serial}</d:displayname>`)
      if (kind === 'make') await alice.request('MKCALENDAR', path)
      else if (kind === 'delete') await alice.delete(path)
      else if (kind === 'put') await alice.put(`${path}x${serial}.ics`, event(`u${serial}`))
      else if (kind === 'rename') await alice.request('PROPPATCH', path, { body })
      else await alice.request('MOVE', path, { headers: { Destination: `${alice.calendars}${to}/` } })
    }
    await fc.assert(
      fc.asyncProperty(fc.array(action, { minLength: 1, maxLength: 6 }), async (actions) => {
        for (const { kind, on, to } of actions) await act(kind, names[on] ?? '', names[to] ?? '')
        const world = await worldOf(alice)
        for (const client of clients) {
          client.token = await syncHome(alice, client.known, client.token, client.limit)
          expect([client.limit, [...client.known].sort()]).toEqual([client.limit, [...world].sort()])
        }
      }),
      { seed: 4, numRuns: runsOf(30) },
    )
  })

  it('while others write between the steps', async () => {
    const alice = await server.account()
    for (const name of ['a', 'b', 'c']) await makeCalendar(alice, name, ['VEVENT'])
    const known = new Map<string, string>()
    let token = ''
    for (let step = 0; step < 12; step += 1) {
      const { responses, syncToken = '' } = await home(alice, token, 1)
      for (const response of responses) {
        if (response.status === undefined) known.set(response.href, response.text(cs('getctag')) ?? '')
      }
      token = syncToken
      await alice.put(`${alice.calendars}${'abc'[step % 3]}/e${step}.ics`, event(`e${step}`))
    }
    const after = new Map<string, string>()
    await syncHome(alice, after, token, 2)
    for (const [href, state] of await worldOf(alice)) {
      expect([href, after.get(href) ?? `${known.get(href)} `]).toEqual([
        href,
        after.has(href) ? state : `${state.split(' ')[0]} `,
      ])
    }
  })
})

describe('MIN-28 the home notices', () => {
  const server = useServer()

  it('every change below it, and none elsewhere', async () => {
    const alice = await server.account()
    const bob = await server.account()
    const token = await tokenOf(alice)
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    await bob.put(`${bob.calendar}a.ics`, event('a'))
    await alice.propfind(alice.calendars, 1, [caldav('calendar-data')])
    expect((await home(alice, token)).syncToken).toBe(token)
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    expect((await home(alice, token)).syncToken).not.toBe(token)
  })
})
