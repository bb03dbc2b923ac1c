import { describe, expect, it } from 'vitest'
import { dav } from '../../protocol/dav/names.ts'
import { setShare } from '../../storage/shares.ts'
import { type AceText, acl, aclBody, mustSetAcl, privilegesOf, readAces } from './acls.ts'
import { preconditionsOf } from './client.ts'
import { locked, share } from './locking.ts'
import { event } from './objects.ts'
import { placesOf } from './places.ts'
import { useServer } from './server.ts'

const server = useServer({ limits: { aces: 5 } })

const pair = async () => [await server.account(), await server.account()] as const

describe('RFC 3744 §8.1 ACL', () => {
  it('sets what another may do with a calendar, and takes it away again', async () => {
    const [alice, bob] = await pair()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    expect((await bob.get(`${alice.calendar}a.ics`)).text).toBe(event('a'))
    expect(await privilegesOf(bob, alice.calendar)).toEqual([
      'read',
      'read-current-user-privilege-set',
      'read-free-busy',
    ])
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(403)
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read', 'write'] }])
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
    await mustSetAcl(alice, alice.calendar, [])
    expect((await bob.get(`${alice.calendar}a.ics`)).status).toBe(403)
  })

  it('answers 200 without a body, and DAV:acl gives what was set with what is built in', async () => {
    const [alice, bob] = await pair()
    const answer = await acl(alice, alice.calendar, [
      { who: '<d:authenticated/>', deny: ['write'] },
      { who: bob.principal, grant: ['c:read-free-busy'] },
      { who: '<d:property><d:owner/></d:property>', grant: ['all'] },
    ])
    expect([answer.status, answer.text]).toEqual([200, ''])
    const aces = await readAces(alice, alice.calendar)
    const own = aces.filter(({ isProtected }) => !isProtected)
    expect(own.map(({ principal, grant }) => [principal, grant])).toEqual([
      [{ kind: 'authenticated' }, false],
      [{ kind: 'href', href: bob.principal }, true],
      [{ kind: 'property', name: dav('owner') }, true],
    ])
    const proxies = ['write', 'read'].map((mode) => ({
      kind: 'href',
      href: `${alice.principal}calendar-proxy-${mode}/`,
    }))
    expect(aces.filter(({ isProtected }) => isProtected).map(({ principal }) => principal)).toEqual([
      { kind: 'property', name: dav('owner') },
      ...proxies,
    ])
  })

  it('takes back what it gave: protected and inherited entries stay as they are', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    const found = (await alice.propfind(alice.calendar, 0, [dav('acl')])).text
    const inner = /<d:acl>(.*)<\/d:acl>/s.exec(found)?.[1] ?? ''
    expect(inner).toContain('<d:inherited>')
    const more = aclBody([{ who: bob.principal, grant: ['bind'] }]).replace('</d:acl>', `${inner}</d:acl>`)
    const headers = { 'Content-Type': 'application/xml' }
    expect((await alice.request('ACL', alice.calendar, { headers, body: more })).status).toBe(200)
    const own = (await readAces(alice, alice.calendar)).filter(
      ({ isProtected, inheritedFrom }) => !isProtected && inheritedFrom === undefined,
    )
    expect(own.map(({ privileges }) => privileges)).toEqual([[dav('bind')]])
  })

  it('on a home holds for all that it holds, unless a collection says otherwise', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    expect((await bob.propfind(alice.calendars, 1, [])).hrefs).toEqual([
      alice.calendars,
      alice.calendar,
      alice.tasks,
    ])
    await mustSetAcl(alice, alice.tasks, [{ who: bob.principal, deny: ['all'] }])
    expect((await bob.propfind(alice.calendars, 1, [])).hrefs).toEqual([alice.calendars, alice.calendar])
    expect((await bob.get(alice.tasks)).status).toBe(404)
  })

  it('needs write-acl, which can be granted', async () => {
    const [alice, bob] = await pair()
    const wanted: AceText[] = [{ who: bob.principal, grant: ['read', 'write-acl'] }]
    for (const path of [alice.calendar, `${alice.calendars}none/`, alice.calendars]) {
      const answer = await acl(bob, path, wanted)
      expect([path, answer.status, preconditionsOf(answer)]).toEqual([path, 403, [dav('need-privileges')]])
    }
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    const refused = await acl(bob, alice.calendar, wanted)
    expect(refused.text).toContain('<d:privilege><d:write-acl/></d:privilege>')
    await mustSetAcl(alice, alice.calendar, wanted)
    await mustSetAcl(bob, alice.calendar, [...wanted, { who: bob.principal, grant: ['bind'] }])
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
  })

  it('on what is mounted sets the list of what is shared, where the sharee may', async () => {
    const [alice, bob] = await pair()
    const carol = await server.account()
    const mounted = await share(server, alice, bob, 'read', 'read')
    expect((await acl(bob, mounted, [])).status).toBe(403)
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['write-acl', 'read-acl'] }])
    await mustSetAcl(bob, mounted, [{ who: carol.principal, grant: ['read'] }])
    expect((await carol.get(alice.calendar)).status).toBe(200)
  })

  it('has no place on members, principals and folders above the homes', async () => {
    const [alice] = await pair()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const proxies = `${alice.principal}calendar-proxy-read/`
    for (const path of [`${alice.calendar}a.ics`, '/dav/', '/dav/calendars/', alice.principal, proxies])
      expect([path, (await acl(alice, path, [])).status]).toEqual([path, 405])
    expect((await acl(alice, `${alice.calendars}none/`, [])).status).toBe(404)
  })

  it('judges conditions and locks before it changes anything (§8.1, RFC 4918 §7)', async () => {
    const [alice, bob] = await pair()
    const wanted: AceText[] = [{ who: bob.principal, grant: ['read'] }]
    expect((await acl(alice, alice.calendar, wanted, { 'If-Match': '"other"' })).status).toBe(412)
    const token = await locked(alice, alice.calendar)
    expect((await acl(alice, alice.calendar, wanted)).status).toBe(423)
    expect((await bob.get(alice.calendar)).status).toBe(403)
    expect((await acl(alice, alice.calendar, wanted, { If: `(<${token}>)` })).status).toBe(200)
    expect((await bob.get(alice.calendar)).status).toBe(200)
  })

  it('is among the methods of homes and collections', async () => {
    const [alice] = await pair()
    for (const path of [alice.calendars, alice.calendar, alice.books, alice.contacts])
      expect(String((await alice.request('OPTIONS', path)).headers.allow).split(', ')).toContain('ACL')
  })

  it('is refused with a body that is none', async () => {
    const [alice] = await pair()
    for (const body of ['', '<d:propfind xmlns:d="DAV:"/>', '<d:acl xmlns:d="DAV:"><d:ace/></d:acl>', '<'])
      expect([body, (await alice.request('ACL', alice.calendar, { body })).status]).toEqual([body, 400])
  })
})

describe('RFC 3744 §8.1.1 preconditions of ACL', () => {
  const refused = async (aces: (names: { alice: string; bob: string }) => AceText[], path?: 'contacts') => {
    const [alice, bob] = await pair()
    const before = await readAces(alice, alice.calendar)
    const names = { alice: alice.principal, bob: bob.principal }
    const answer = await acl(alice, path ? alice[path] : alice.calendar, aces(names))
    expect(answer.status).toBe(403)
    expect(await readAces(alice, alice.calendar)).toEqual(before)
    return preconditionsOf(answer)
  }

  it('no-ace-conflict: the same granted and denied to the same', async () => {
    const found = refused(({ bob }) => [
      { who: bob, deny: ['write'] },
      { who: bob, grant: ['bind'] },
    ])
    expect(await found).toEqual([dav('no-ace-conflict')])
  })

  it('no-protected-ace-conflict: the owner keeps everything, by whatever name', async () => {
    const name = [dav('no-protected-ace-conflict')]
    expect(await refused(() => [{ who: '<d:property><d:owner/></d:property>', deny: ['read'] }])).toEqual(
      name,
    )
    expect(await refused(({ alice }) => [{ who: alice, deny: ['write-acl'] }])).toEqual(name)
    expect(await refused(() => [{ who: '<d:all/>', grant: ['read'], more: '<d:protected/>' }])).toEqual(name)
  })

  it('no-protected-ace-conflict: sharing is changed by sharing', async () => {
    const [alice, bob] = await pair()
    const { calendar } = await placesOf(server, alice)
    const principalId = (await placesOf(server, bob)).id
    await server.services.store.write((tx) =>
      setShare(tx, { collectionId: calendar.id, principalId, access: 'read', summary: null }),
    )
    const denied = await acl(alice, alice.calendar, [{ who: bob.principal, deny: ['read'] }])
    expect(preconditionsOf(denied)).toEqual([dav('no-protected-ace-conflict')])
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, deny: ['write'] }])
  })

  it('no-inherited-ace-conflict: an entry that is said to be inherited, and is not', async () => {
    const more = '<d:inherited><d:href>/dav/calendars/</d:href></d:inherited>'
    expect(await refused(({ bob }) => [{ who: bob, grant: ['read'], more }])).toEqual([
      dav('no-inherited-ace-conflict'),
    ])
  })

  it('limited-number-of-aces', async () => {
    expect(await refused(({ bob }) => Array(6).fill({ who: bob, grant: ['read'] }))).toEqual([
      dav('limited-number-of-aces'),
    ])
  })

  it('deny-before-grant', async () => {
    const found = refused(({ bob }) => [
      { who: '<d:all/>', grant: ['read'] },
      { who: bob, deny: ['read'] },
    ])
    expect(await found).toEqual([dav('deny-before-grant')])
  })

  it('no-invert', async () => {
    const [alice, bob] = await pair()
    const body = aclBody([{ who: bob.principal, grant: ['read'] }])
      .replace('<d:principal>', '<d:invert><d:principal>')
      .replace('</d:principal>', '</d:principal></d:invert>')
    const answer = await alice.request('ACL', alice.calendar, { body })
    expect([answer.status, preconditionsOf(answer)]).toEqual([403, [dav('no-invert')]])
  })

  it('not-supported-privilege: an unknown one, and free/busy of address books', async () => {
    const name = [dav('not-supported-privilege')]
    expect(await refused(({ bob }) => [{ who: bob, grant: ['read', 'fly'] }])).toEqual(name)
    expect(await refused(({ bob }) => [{ who: bob, grant: ['c:read-free-busy'] }], 'contacts')).toEqual(name)
  })

  it('recognized-principal: an href that leads to no principal', async () => {
    for (const who of ['/dav/principals/nobody/', '/dav/calendars/', '/', '/%', '/dav/principals/'])
      expect([who, await refused(() => [{ who, grant: ['read'] }])]).toEqual([
        who,
        [dav('recognized-principal')],
      ])
  })

  it('allowed-principal: strangers, delegates, and properties other than the owner', async () => {
    const name = [dav('allowed-principal')]
    expect(await refused(() => [{ who: '<d:unauthenticated/>', grant: ['read'] }])).toEqual(name)
    expect(await refused(({ bob }) => [{ who: `${bob}calendar-proxy-read/`, grant: ['read'] }])).toEqual(name)
    const who = '<d:property><d:group/></d:property>'
    expect(await refused(() => [{ who, grant: ['read'] }])).toEqual(name)
  })
})

describe('a changed right reaches those who sync the home', () => {
  it('of the owner: the collection comes again, from the home and from itself', async () => {
    const [alice, bob] = await pair()
    const { syncToken = '' } = await alice.sync(alice.calendars, '')
    await mustSetAcl(alice, alice.tasks, [{ who: bob.principal, grant: ['read'] }])
    const after = await alice.sync(alice.calendars, syncToken)
    expect(after.hrefs).toEqual([alice.tasks])
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    const { changed } = await alice.syncAll(alice.calendars, after.syncToken ?? '', 1)
    expect(changed).toEqual([alice.calendar, alice.tasks])
  })

  it('of one who may read it: his token is void, and what he may not read any more is not named', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    const { syncToken = '', hrefs } = await bob.sync(alice.calendars, '')
    expect(hrefs).toEqual([alice.calendar, alice.tasks])
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    expect((await bob.sync(alice.calendars, syncToken)).hrefs).toEqual([alice.calendar])
    await mustSetAcl(alice, alice.tasks, [{ who: bob.principal, deny: ['all'] }])
    await expect(bob.sync(alice.calendars, syncToken)).rejects.toThrow(/403.*valid-sync-token/s)
    const fresh = await bob.sync(alice.calendars, '')
    expect(fresh.hrefs).toEqual([alice.calendar])
    expect((await bob.sync(alice.calendars, fresh.syncToken ?? '')).hrefs).toEqual([])
  })

  it('what another deletes that one never saw is not told', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    await alice.request('MKCALENDAR', `${alice.calendars}secret/`)
    await mustSetAcl(alice, `${alice.calendars}secret/`, [{ who: bob.principal, deny: ['all'] }])
    const { syncToken = '' } = await bob.sync(alice.calendars, '')
    await alice.delete(`${alice.calendars}secret/`)
    expect((await bob.sync(alice.calendars, syncToken)).text).not.toContain('secret')
  })

  it('of a sharee: what is mounted comes again', async () => {
    const [alice, bob] = await pair()
    const mounted = await share(server, alice, bob, 'read', 'read')
    const { syncToken = '' } = await bob.sync(bob.calendars, '')
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['write'] }])
    expect((await bob.sync(bob.calendars, syncToken)).hrefs).toEqual([mounted])
    expect(await privilegesOf(bob, mounted)).toContain('write')
  })
})
