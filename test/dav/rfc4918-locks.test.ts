import { describe, expect, it } from 'vitest'
import { caldav, carddav, dav } from '../../protocol/dav/names.ts'
import { elements } from '../../protocol/dav/xml-read.ts'
import { preconditionsOf, readMultistatus } from './client.ts'
import { lock, lockBody, locked, locksIn, locksOn, readLocks, share, tokenOf, unlock } from './locking.ts'
import { card, event } from './objects.ts'
import { useServer } from './server.ts'

const server = useServer({ limits: { locks: 20, lockSeconds: 3_600, lockOwnerBytes: 500 } })

async function stored() {
  const alice = await server.account()
  const path = `${alice.contacts}a.vcf`
  await alice.put(path, card('a'))
  return { alice, path }
}

describe('RFC 4918 §18.2 class 2', () => {
  it('is announced after class 1, with its methods (FND-01, SEQ-19, TBC-02)', async () => {
    const { alice, path } = await stored()
    for (const at of ['/', alice.calendars, alice.calendar, path, alice.principal]) {
      const { headers } = await alice.request('OPTIONS', at)
      expect(headers.dav).toMatch(/^1, 2, 3, /)
      expect([at, headers.allow?.includes('LOCK, UNLOCK')]).toEqual([at, at !== '/'])
    }
  })
})

describe('RFC 4918 §9.10 LOCK', () => {
  it.each(['exclusive', 'shared'] as const)('takes a lock that is %s', async (scope) => {
    const { alice, path } = await stored()
    const owner = '<D:href>http://example.org/~ümit</D:href>'
    const answer = await lock(alice, path, { scope, owner, headers: { Timeout: 'Infinite, Second-60' } })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/xml; charset=utf-8')
    const token = tokenOf(answer)
    expect(token).not.toBe('')
    const mine = {
      token,
      scope,
      depth: '0',
      timeout: 'Second-3600',
      root: path,
      owner: 'http://example.org/~ümit',
    }
    expect(locksIn(answer)).toEqual([mine])
    expect(await locksOn(alice, path)).toEqual([mine])
  })

  it('§9.10.1 on every resource that somebody can change, and on nothing else', async () => {
    const { alice, path } = await stored()
    for (const at of [path, alice.contacts, alice.calendar, alice.books, alice.calendars, alice.principal]) {
      const token = await locked(alice, at)
      expect((await locksOn(alice, at)).map((one) => [one.token, one.root])).toEqual([[token, at]])
      expect((await unlock(alice, at, token)).status).toBe(204)
      expect(await locksOn(alice, at)).toEqual([])
    }
    for (const at of ['/', '/dav/', '/dav/principals/', '/dav/calendars/']) {
      const answer = await lock(alice, at)
      expect([at, answer.status]).toEqual([at, 405])
      expect(answer.headers.allow).not.toContain('LOCK')
    }
  })

  it('§9.10.3 without a Depth on all that is below, whatever comes there later', async () => {
    const { alice, path } = await stored()
    const answer = await alice.request('LOCK', alice.contacts, { body: lockBody() })
    const token = tokenOf(answer)
    await alice.put(`${alice.contacts}b.vcf`, card('b'), { If: `<${alice.contacts}> (<${token}>)` })
    for (const at of [alice.contacts, path, `${alice.contacts}b.vcf`]) {
      const seen = await locksOn(alice, at)
      expect(seen).toMatchObject([{ token, depth: 'infinity', root: alice.contacts }])
    }
    expect(await locksOn(alice, alice.books)).toEqual([])
  })

  it('§9.10.5 an exclusive lock stands beside no other, shared ones beside each other', async () => {
    const { alice, path } = await stored()
    const first = await locked(alice, path, { scope: 'shared' })
    const second = await locked(alice, path, { scope: 'shared' })
    expect((await locksOn(alice, path)).map(({ token }) => token)).toEqual([first, second])
    const refused = await lock(alice, path)
    expect([refused.status, preconditionsOf(refused)]).toEqual([423, [dav('no-conflicting-lock')]])
    expect(refused.text).toContain(`<d:href>${path}</d:href>`)
    await unlock(alice, path, first)
    expect((await lock(alice, path)).status).toBe(423)
    await unlock(alice, path, second)
    const exclusive = await locked(alice, path)
    for (const scope of ['exclusive', 'shared'] as const)
      expect((await lock(alice, path, { scope, headers: { If: `(<${exclusive}>)` } })).status).toBe(423)
  })

  it('a lock around, on all below, stands in the way; one that is not does not', async () => {
    const { alice, path } = await stored()
    const shallow = await locked(alice, alice.contacts)
    await unlock(alice, path, await locked(alice, path))
    await unlock(alice, alice.contacts, shallow)
    await locked(alice, alice.books, { headers: { Depth: 'infinity' }, scope: 'shared' })
    const refused = await lock(alice, path)
    expect([refused.status, preconditionsOf(refused)]).toEqual([423, [dav('no-conflicting-lock')]])
    expect(refused.text).toContain(`<d:href>${alice.books}</d:href>`)
    await locked(alice, path, { scope: 'shared' })
    expect((await locksOn(alice, path)).map(({ root }) => root)).toEqual([path, alice.books])
  })

  it('§9.10.9 locks below stand in the way of a lock on all, and are named', async () => {
    const { alice, path } = await stored()
    await alice.put(`${alice.contacts}b%20c.vcf`, card('b'))
    await locked(alice, path)
    await locked(alice, `${alice.contacts}b%20c.vcf`, { scope: 'shared' })
    await locked(alice, alice.calendar)
    const answer = await lock(alice, alice.books, { headers: { Depth: 'infinity' } })
    expect(answer.status).toBe(207)
    expect(answer.headers['lock-token']).toBeUndefined()
    const { responses } = readMultistatus(answer)
    expect(responses.map(({ href, status }) => [href, status])).toEqual([
      [path, 423],
      [`${alice.contacts}b%20c.vcf`, 423],
      [alice.books, 424],
    ])
    expect(answer.text.match(/<d:error><d:no-conflicting-lock\/><\/d:error>/g)).toHaveLength(2)
    expect(await locksOn(alice, alice.books)).toEqual([])
    const shared = await lock(alice, alice.books, { headers: { Depth: 'infinity' }, scope: 'shared' })
    expect(shared.status).toBe(207)
    expect(readMultistatus(shared).hrefs).toEqual([path, alice.books])
    await locked(alice, alice.books)
  })

  it('judges the conditions first (§10.4)', async () => {
    const { alice, path } = await stored()
    expect((await lock(alice, path, { headers: { If: '(<urn:x>)' } })).status).toBe(412)
    expect((await lock(alice, path, { headers: { 'If-Match': '"x"' } })).status).toBe(412)
    expect(await locksOn(alice, path)).toEqual([])
  })

  it.each([
    ['another body', '<D:propfind xmlns:D="DAV:"/>', {}],
    ['no XML', 'x', {}],
    ['Depth: 1', lockBody(), { Depth: '1' }],
    ['neither a body nor an If header', '', {}],
  ])('refuses %s with 400', async (_, body, headers) => {
    const { alice, path } = await stored()
    expect((await alice.request('LOCK', path, { headers, body })).status).toBe(400)
  })

  it('an account holds so many locks, with so much said of their owner', async () => {
    const { alice, path } = await stored()
    const owner = 'x'.repeat(500)
    const long = await lock(alice, path, { owner })
    expect([long.status, preconditionsOf(long)]).toEqual([507, [dav('sufficient-disk-space')]])
    for (let n = 0; n < 20; n += 1) await locked(alice, path, { scope: 'shared' })
    expect((await lock(alice, path, { scope: 'shared' })).status).toBe(507)
    server.clock.now += 3_600_000
    expect((await lock(alice, path, { scope: 'shared' })).status).toBe(200)
  })
})

describe('RFC 4918 §7.3 locking a name that nothing has', () => {
  it('is refused where an empty resource cannot be: in calendars and address books', async () => {
    const { alice } = await stored()
    const event = await lock(alice, `${alice.calendar}new.ics`)
    expect([event.status, preconditionsOf(event)]).toEqual([403, [caldav('valid-calendar-data')]])
    const contact = await lock(alice, `${alice.contacts}new.vcf`)
    expect([contact.status, preconditionsOf(contact)]).toEqual([403, [carddav('valid-address-data')]])
    expect((await alice.get(`${alice.contacts}new.vcf`)).status).toBe(404)
    expect((await lock(alice, `${alice.calendars}new/`)).status).toBe(403)
    expect((await lock(alice, `${alice.calendars}none/new.ics`)).status).toBe(409)
    expect((await lock(alice, '/dav/nowhere/x')).status).toBe(404)
  })

  it('needs the token of the collection', async () => {
    const { alice } = await stored()
    const token = await locked(alice, alice.contacts)
    const path = `${alice.contacts}new.vcf`
    const refused = await lock(alice, path)
    expect([refused.status, preconditionsOf(refused)]).toEqual([423, [dav('lock-token-submitted')]])
    expect((await lock(alice, path, { headers: { If: `<${alice.contacts}> (<${token}>)` } })).status).toBe(
      403,
    )
  })
})

describe('RFC 4918 §9.10.2 refreshing a lock', () => {
  const refresh = (headers: Record<string, string>) => ({ headers })

  it('starts its time anew, by any URL it holds on (FND-06)', async () => {
    const { alice, path } = await stored()
    const token = await locked(alice, alice.contacts, {
      headers: { Depth: 'infinity', Timeout: 'Second-100' },
    })
    server.clock.now += 60_500
    expect((await locksOn(alice, path))[0]?.timeout).toBe('Second-40')
    const answer = await alice.request('LOCK', path, refresh({ If: `(<${token}>)` }))
    expect([answer.status, answer.headers['lock-token']]).toEqual([200, undefined])
    expect(locksIn(answer)).toMatchObject([{ token, timeout: 'Second-100', root: alice.contacts }])
    const longer = await alice.request(
      'LOCK',
      path,
      refresh({ If: `<${path}> (<${token}>)`, Timeout: 'Second-200', Depth: '0' }),
    )
    expect(locksIn(longer)).toMatchObject([{ token, timeout: 'Second-200', depth: 'infinity' }])
  })

  it('is 412 for a token that does not hold there, is over, or is nothing', async () => {
    const { alice, path } = await stored()
    const token = await locked(alice, path, { headers: { Timeout: 'Second-100' } })
    const other = await locked(alice, alice.calendar)
    for (const value of [`(<${other}>)`, '(<urn:uuid:none>)', `(Not <${other}>)`]) {
      const answer = await alice.request('LOCK', path, refresh({ If: value }))
      const seen = [value, answer.status, preconditionsOf(answer)]
      expect(seen).toEqual([value, 412, [dav('lock-token-matches-request-uri')]])
    }
    server.clock.now += 100_000
    expect((await alice.request('LOCK', path, refresh({ If: `(<${token}>)` }))).status).toBe(412)
    expect((await alice.request('LOCK', `${path}x`, refresh({ If: `(<${token}>)` }))).status).toBe(404)
  })

  it('is for who took it', async () => {
    const { alice } = await stored()
    const bob = await server.account()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const mount = await share(server, alice, bob, 'shared')
    const token = await locked(alice, `${alice.calendar}a.ics`)
    expect((await bob.request('LOCK', `${mount}a.ics`, refresh({ If: `(<${token}>)` }))).status).toBe(403)
  })
})

describe('RFC 4918 §6.6, §10.7 the time of a lock', () => {
  it.each([
    ['Second-10', 'Second-10'],
    ['Second-4100000000', 'Second-3600'],
    ['Infinite', 'Second-3600'],
    [undefined, 'Second-3600'],
    ['Second-0', 'Second-1'],
    ['nonsense', 'Second-3600'],
  ])('%s is granted as %s', async (wish, granted) => {
    const { alice, path } = await stored()
    const answer = await lock(alice, path, { headers: wish === undefined ? {} : { Timeout: wish } })
    expect(locksIn(answer)[0]?.timeout).toBe(granted)
  })

  it('when it is over the lock is gone, for its owner and for others', async () => {
    const { alice, path } = await stored()
    const token = await locked(alice, path, { headers: { Timeout: 'Second-10' } })
    expect((await alice.put(path, card('a', 'B C'))).status).toBe(423)
    server.clock.now += 10_000
    expect(await locksOn(alice, path)).toEqual([])
    expect((await alice.put(path, card('a', 'B C'), { If: `(<${token}>)` })).status).toBe(412)
    expect((await alice.put(path, card('a', 'B C'))).status).toBe(204)
    expect((await unlock(alice, path, token)).status).toBe(409)
    await locked(alice, path)
  })
})

describe('RFC 4918 §9.11 UNLOCK', () => {
  it('takes the lock away by any URL it holds on, the token with brackets or without (MRD-05)', async () => {
    const { alice, path } = await stored()
    const first = await locked(alice, alice.contacts, { headers: { Depth: 'infinity' } })
    expect((await alice.request('UNLOCK', path, { headers: { 'Lock-Token': first } })).status).toBe(204)
    expect(await locksOn(alice, alice.contacts)).toEqual([])
    expect((await unlock(alice, path, first)).status).toBe(409)
  })

  it('refuses a token that does not hold there with 409, none with 400', async () => {
    const { alice, path } = await stored()
    const token = await locked(alice, path)
    const refused = await unlock(alice, alice.contacts, token)
    expect([refused.status, preconditionsOf(refused)]).toEqual([409, [dav('lock-token-matches-request-uri')]])
    expect((await alice.request('UNLOCK', path)).status).toBe(400)
    expect((await unlock(alice, `${path}x`, token)).status).toBe(404)
    expect((await unlock(alice, '/dav/', token)).status).toBe(405)
    expect(await locksOn(alice, path)).toHaveLength(1)
  })

  it("RFC 3744 §3.5 another's lock is for who may do that: the owner of the tree, no sharee", async () => {
    const { alice } = await stored()
    const bob = await server.account()
    const carol = await server.account()
    const mount = await share(server, alice, bob, 'shared')
    const readable = await share(server, alice, carol, 'shared', 'read')
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const hers = await locked(alice, `${alice.calendar}a.ics`)
    const refused = await unlock(carol, `${readable}a.ics`, hers)
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('need-privileges')]])
    expect(refused.text).toContain('<d:unlock/>')
    expect((await lock(carol, `${readable}a.ics`)).status).toBe(403)
    expect((await unlock(bob, `${mount}a.ics`, hers)).status).toBe(403)
    expect((await unlock(alice, `${alice.calendar}a.ics`, hers)).status).toBe(204)
    const own = await locked(bob, `${mount}a.ics`)
    expect((await unlock(bob, `${mount}a.ics`, own)).status).toBe(204)
    const home = await locked(alice, alice.calendars, { headers: { Depth: 'infinity' } })
    expect((await unlock(bob, `${mount}a.ics`, home)).status).toBe(403)
    await unlock(alice, alice.calendars, home)
    const his = await locked(bob, `${mount}a.ics`)
    expect((await unlock(alice, `${alice.calendar}a.ics`, his)).status).toBe(204)
    const all = await locked(bob, mount, { headers: { Depth: 'infinity' } })
    expect((await unlock(alice, `${alice.calendar}a.ics`, all)).status).toBe(204)
    expect(await locksOn(bob, mount)).toEqual([])
  })
})

describe('RFC 4918 §15.8, §15.10 what PROPFIND shows', () => {
  it('supportedlock where locks can be taken, and both with allprop', async () => {
    const { alice, path } = await stored()
    const names = [dav('supportedlock'), dav('lockdiscovery')]
    for (const [at, count] of [
      ['/dav/', 0],
      [alice.calendars, 2],
      [alice.contacts, 2],
      [path, 2],
    ] as const) {
      const { props } = (await alice.propfind(at, 0, names)).of(at)
      const entries = props.get(dav('supportedlock'))
      expect([at, entries && elements(entries).length]).toEqual([at, count])
      expect(props.get(dav('lockdiscovery'))?.children).toEqual([])
    }
    await locked(alice, path)
    const all = await alice.request('PROPFIND', path, { headers: { Depth: '0' } })
    expect([...readMultistatus(all).of(path).props.keys()]).toEqual(expect.arrayContaining(names))
    expect(all.text).toContain('<d:activelock>')
  })

  it('every lock of a listing: of the folder, of its members, and what holds from above', async () => {
    const { alice, path } = await stored()
    for (const name of ['b', 'c', 'd']) await alice.put(`${alice.contacts}${name}.vcf`, card(name))
    const own = await locked(alice, `${alice.contacts}c.vcf`, { scope: 'shared' })
    const around = await locked(alice, alice.books, { scope: 'shared', headers: { Depth: 'infinity' } })
    const folder = await locked(alice, alice.contacts, { scope: 'shared' })
    const tokens = async (at: string) => {
      const answer = await alice.propfind(at, 1, [dav('lockdiscovery'), dav('getetag')])
      return Object.fromEntries(
        answer.responses.map(({ href, props }) => {
          const found = props.get(dav('lockdiscovery'))
          return [href, found && readLocks(found).map(({ token }) => token)]
        }),
      )
    }
    expect(await tokens(alice.contacts)).toEqual({
      [alice.contacts]: [folder, around],
      [path]: [around],
      [`${alice.contacts}b.vcf`]: [around],
      [`${alice.contacts}c.vcf`]: [own, around],
      [`${alice.contacts}d.vcf`]: [around],
    })
    expect(await tokens(alice.books)).toMatchObject({
      [alice.books]: [around],
      [alice.contacts]: [folder, around],
    })
  })

  it('are protected (§15)', async () => {
    const { alice, path } = await stored()
    const body =
      '<D:propertyupdate xmlns:D="DAV:"><D:set><D:prop><D:lockdiscovery/><D:supportedlock/></D:prop></D:set></D:propertyupdate>'
    const answer = await alice.request('PROPPATCH', path, { body })
    expect(readMultistatus(answer).of(path).namesWith(403)).toEqual([
      dav('lockdiscovery'),
      dav('supportedlock'),
    ])
  })
})
