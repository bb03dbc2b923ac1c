import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { runsOf } from '../store.ts'
import { mustSetAcl } from './acls.ts'
import { type Multistatus, preconditionsOf, readMultistatus, syncBody } from './client.ts'
import { card, event } from './objects.ts'
import { makeCalendar } from './queries.ts'
import { type Account, useServer } from './server.ts'

const infinite = (token: string, limit?: number): string =>
  syncBody(token, limit, [dav('getetag'), dav('displayname')]).replace('>1<', '>infinite<')

const sync = (alice: Account, token: string, limit?: number, home = alice.calendars): Promise<Multistatus> =>
  alice.report(home, infinite(token, limit))

describe('RFC 6578 §3.3 sync-level infinite on a home', () => {
  const server = useServer()

  it('first: every collection and every member, with hrefs of both levels', async () => {
    const alice = await server.account()
    const [a, t] = [`${alice.calendar}a.ics`, `${alice.tasks}t.ics`]
    await alice.put(a, event('a'))
    await alice.put(`${alice.calendar}gone.ics`, event('gone'))
    await alice.delete(`${alice.calendar}gone.ics`)
    await alice.put(t, event('t').replaceAll('VEVENT', 'VTODO'))
    const first = await sync(alice, '')
    expect(first.hrefs.toSorted()).toEqual([alice.calendar, a, alice.tasks, t].toSorted())
    expect(first.of(a).text(dav('getetag'))).toBe((await alice.get(a)).headers.etag)
    expect(first.of(alice.calendar).text(dav('displayname'))).toBe('Calendar')
    const none = await sync(alice, first.syncToken ?? '')
    expect([none.hrefs, none.syncToken]).toEqual([[], first.syncToken])
  })

  it('then members made, changed and deleted at any level, and collections that came and went', async () => {
    const alice = await server.account()
    const doomed = await makeCalendar(alice, 'doomed', ['VEVENT'])
    await alice.put(`${doomed}x.ics`, event('x'))
    const [a, b, c] = ['a', 'b', 'c'].map((name) => `${alice.calendar}${name}.ics`) as [
      string,
      string,
      string,
    ]
    await alice.put(a, event('a'))
    await alice.put(b, event('b'))
    const { syncToken = '' } = await sync(alice, '')
    await alice.delete(a)
    await alice.put(b, event('b', ['DTSTART:20260116T100000Z']))
    await alice.put(c, event('c'))
    await alice.delete(doomed)
    const made = await makeCalendar(alice, 'made', ['VEVENT'])
    await alice.put(`${made}m.ics`, event('m'))
    const next = await sync(alice, syncToken)
    const states = next.responses.map(({ href, status }) => `${href} ${status ?? 200}`)
    expect(states.toSorted()).toEqual(
      [
        `${alice.calendar} 200`,
        `${a} 404`,
        `${b} 200`,
        `${c} 200`,
        `${doomed} 404`,
        `${made} 200`,
        `${made}m.ics 200`,
      ].toSorted(),
    )
    expect((await sync(alice, next.syncToken ?? '')).hrefs).toEqual([])
  })

  it('any Depth header, address books as well, and their own collections too', async () => {
    const alice = await server.account()
    const a = `${alice.contacts}a.vcf`
    await alice.put(a, card('a'))
    for (const headers of [{}, { Depth: '0' }, { Depth: '1' }, { Depth: 'infinity' }]) {
      const answer = readMultistatus(
        await alice.request('REPORT', alice.books, { body: infinite(''), headers }),
      )
      expect(answer.hrefs.toSorted()).toEqual([alice.contacts, a].toSorted())
    }
    expect((await sync(alice, '', undefined, alice.contacts)).hrefs).toEqual([a])
  })

  it('a changed property tells of the collection, not of its members', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const { syncToken = '' } = await sync(alice, '')
    const body =
      '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>Work</d:displayname></d:prop></d:set></d:propertyupdate>'
    await alice.request('PROPPATCH', alice.calendar, { body })
    expect((await sync(alice, syncToken)).hrefs).toEqual([alice.calendar])
  })

  it('a renamed collection: its old name is gone, its members are there under the new one', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'old', ['VEVENT'])
    await alice.put(`${path}a.ics`, event('a'))
    const { syncToken = '' } = await sync(alice, '')
    const to = `${alice.calendars}new/`
    await alice.request('MOVE', path, { headers: { Destination: to } })
    const next = await sync(alice, syncToken)
    expect(next.responses.map(({ href, status }) => [href, status]).toSorted()).toEqual([
      [to, undefined],
      [`${to}a.ics`, undefined],
      [path, 404],
    ])
  })

  it('another collection under a known name: start again (§3.2 valid-sync-token)', async () => {
    const alice = await server.account()
    const path = await makeCalendar(alice, 'again', ['VEVENT'])
    await alice.put(`${path}a.ics`, event('a'))
    const { syncToken = '' } = await sync(alice, '')
    await alice.delete(path)
    expect((await sync(alice, syncToken)).of(path).status).toBe(404)
    await makeCalendar(alice, 'again', ['VEVENT'])
    const refused = await alice.request('REPORT', alice.calendars, { body: infinite(syncToken) })
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('valid-sync-token')]])
    expect((await sync(alice, '')).hrefs).not.toContain(`${path}a.ics`)
  })

  it('the token is the one of level 1 and of PROPFIND', async () => {
    const alice = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const { syncToken = '' } = await sync(alice, '')
    const listed = await alice.propfind(alice.calendars, 0, [dav('sync-token')])
    expect(listed.of(alice.calendars).text(dav('sync-token'))).toBe(syncToken)
    expect((await alice.sync(alice.calendars, syncToken)).hrefs).toEqual([])
    expect((await sync(alice, (await alice.sync(alice.calendars, '')).syncToken ?? '')).hrefs).toEqual([])
  })
})

describe('RFC 6578 §3.3 sync-level infinite on another’s home', () => {
  const server = useServer()

  it('has what may be read there; another right or name voids the token, and nothing hidden is told', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const secret = await makeCalendar(alice, 'secret', ['VEVENT'])
    const other = await makeCalendar(alice, 'other', ['VEVENT'])
    for (const path of [alice.calendar, secret, other]) await alice.put(`${path}a.ics`, event('a'))
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    await mustSetAcl(alice, secret, [{ who: bob.principal, deny: ['read'] }])
    const first = await sync(bob, '', undefined, alice.calendars)
    const seen = [alice.calendar, `${alice.calendar}a.ics`, alice.tasks, other, `${other}a.ics`]
    expect(first.hrefs.toSorted()).toEqual(seen.toSorted())
    await alice.put(`${secret}b.ics`, event('b'))
    await alice.put(`${other}b.ics`, event('b'))
    const next = await sync(bob, first.syncToken ?? '', undefined, alice.calendars)
    expect(next.hrefs.toSorted()).toEqual([other, `${other}b.ics`])
    const refused = async (token: string): Promise<unknown[]> => {
      const answer = await bob.request('REPORT', alice.calendars, { body: infinite(token) })
      return [answer.status, ...preconditionsOf(answer)]
    }
    await alice.request('MOVE', other, { headers: { Destination: `${alice.calendars}renamed/` } })
    expect(await refused(next.syncToken ?? '')).toEqual([403, dav('valid-sync-token')])
    const again = await sync(bob, '', undefined, alice.calendars)
    expect(again.hrefs).toContain(`${alice.calendars}renamed/b.ics`)
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, deny: ['read'] }])
    expect(await refused(again.syncToken ?? '')).toEqual([403, dav('valid-sync-token')])
  })
})

/** A client that keeps what it is told, as RFC 6578 says, and starts again where it has to. */
interface Replica {
  readonly limit: number | undefined
  token: string
  known: Map<string, string>
}

async function pull(alice: Account, replica: Replica): Promise<void> {
  for (let round = 0; round < 300; round += 1) {
    const answer = await alice.request('REPORT', alice.calendars, {
      body: infinite(replica.token, replica.limit),
    })
    if (answer.status === 403) {
      replica.token = ''
      replica.known.clear()
      continue
    }
    const { responses, syncToken = '' } = readMultistatus(answer)
    const told = responses.filter(({ status }) => status !== 507)
    expect(told.length).toBeLessThanOrEqual(replica.limit ?? Number.POSITIVE_INFINITY)
    for (const { href, status, text } of told) {
      if (status === undefined)
        replica.known.set(href, text(dav('getetag')) ?? text(dav('displayname')) ?? '')
      else for (const name of [...replica.known.keys()]) if (name.startsWith(href)) replica.known.delete(name)
    }
    replica.token = syncToken
    if (told.length === responses.length) return
    expect(told.length).toBeGreaterThan(0)
  }
  throw new Error('The sync never ended.')
}

async function worldOf(alice: Account): Promise<string[]> {
  const names = [dav('getetag'), dav('displayname')]
  const homes = (await alice.propfind(alice.calendars, 1, names)).responses.slice(1)
  const world = homes.map(({ href, text }) => `${href} ${text(dav('displayname'))}`)
  for (const { href } of homes) {
    for (const member of (await alice.propfind(href, 1, names)).responses.slice(1))
      world.push(`${member.href} ${member.text(dav('getetag'))}`)
  }
  return world.toSorted()
}

describe('RFC 6578 §3.6 truncated answers of level infinite', () => {
  const server = useServer()

  it('every limit comes to the same, whatever happened between and meanwhile', async () => {
    const alice = await server.account()
    const action = fc.record({
      kind: fc.constantFrom('make', 'delete', 'put', 'put', 'remove', 'rename', 'move'),
      on: fc.constantFrom('a', 'b', 'c'),
      to: fc.constantFrom('a', 'b', 'c', 'd'),
    })
    const replicas: Replica[] = [undefined, 1, 2, 3, 7].map((limit) => ({
      limit,
      token: '',
      known: new Map(),
    }))
    let serial = 0
    const act = async ({ kind, on, to }: { kind: string; on: string; to: string }): Promise<void> => {
      const path = `${alice.calendars}${on}/`
      serial += 1
      const update = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>N${serial}</d:displayname></d:prop></d:set></d:propertyupdate>`
      const uid = `u${serial % 4}`
      if (kind === 'make') await alice.request('MKCALENDAR', path)
      else if (kind === 'delete') await alice.delete(path)
      else if (kind === 'put')
        await alice.put(`${path}${uid}.ics`, event(uid, ['DTSTART:20260115T100000Z', `X-N:${serial}`]))
      else if (kind === 'remove') await alice.delete(`${path}${uid}.ics`)
      else if (kind === 'rename') await alice.request('PROPPATCH', path, { body: update })
      else await alice.request('MOVE', path, { headers: { Destination: `${alice.calendars}${to}/` } })
    }
    const rounds = fc.array(
      fc.record({
        before: fc.array(action, { minLength: 1, maxLength: 5 }),
        meanwhile: fc.array(action, { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 3 },
    )
    await fc.assert(
      fc.asyncProperty(rounds, async (all) => {
        for (const { before, meanwhile } of all) {
          for (const one of before) await act(one)
          for (const replica of replicas) {
            const { limit } = replica
            // One step, then the world goes on before the next.
            const answer = await alice.request('REPORT', alice.calendars, {
              body: infinite(replica.token, limit),
            })
            if (answer.status === 207 && limit !== undefined) applyStep(replica, readMultistatus(answer))
          }
          for (const one of meanwhile) await act(one)
        }
        const world = await worldOf(alice)
        for (const replica of replicas) {
          await pull(alice, replica)
          const known = [...replica.known].map(([href, state]) => `${href} ${state}`).toSorted()
          expect([replica.limit, known]).toEqual([replica.limit, world])
        }
      }),
      { seed: 6578, numRuns: runsOf(40) },
    )
  }, 60_000)
})

function applyStep(replica: Replica, { responses, syncToken = '' }: Multistatus): void {
  for (const { href, status, text } of responses) {
    if (status === 507) continue
    if (status === undefined) replica.known.set(href, text(dav('getetag')) ?? text(dav('displayname')) ?? '')
    else for (const name of [...replica.known.keys()]) if (name.startsWith(href)) replica.known.delete(name)
  }
  replica.token = syncToken
}
