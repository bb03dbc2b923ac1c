import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { child, children, elements, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import { addGroupMember } from '../../storage/groups.ts'
import { insertPrincipal } from '../../storage/principals.ts'
import { hrefs, hrefsIn, mustSetAcl, privilegesOf, readAces } from './acls.ts'
import type { ResponseElement } from './client.ts'
import { share } from './locking.ts'
import { event } from './objects.ts'
import { placesOf } from './places.ts'
import { useServer } from './server.ts'

const server = useServer()

const pair = async () => [await server.account(), await server.account()] as const

/** The propstat with which a property was refused: its status, and the privilege that is missing on what. */
function refusalOf({ element }: ResponseElement, name: string) {
  const refused = children(element, dav('propstat')).find((propstat) => {
    const prop = child(propstat, dav('prop'))
    return prop && elements(prop).some((one) => one.name === name)
  })
  const status = refused && child(refused, dav('status'))
  const error = refused && child(refused, dav('error'))
  const needed = error && child(error, dav('need-privileges'))
  const resource = needed && child(needed, dav('resource'))
  const privilege = resource && child(resource, dav('privilege'))
  return {
    status: status && textOf(status),
    href: resource && hrefs(resource)[0],
    privilege: privilege && elements(privilege)[0]?.name,
  }
}

const forbidden = (href: string, privilege: string) => ({
  status: 'HTTP/1.1 403 Forbidden',
  href,
  privilege: dav(privilege),
})

async function group(name: string, ...members: number[]): Promise<{ id: number; href: string }> {
  const id = await server.services.store.write(async (tx) => {
    const made = await insertPrincipal(tx, { kind: 'group', name, segment: name, displayName: name })
    for (const member of members) await addGroupMember(tx, made, member)
    return made
  })
  return { id, href: `/dav/principals/${name}/` }
}

describe('RFC 3744 §3.7, §5.5 who may read an access control list', () => {
  it('DAV:acl and DAV:group are refused without read-acl, and the rest is given', async () => {
    const [alice, bob] = await pair()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    for (const path of [alice.calendar, `${alice.calendar}a.ics`]) {
      const answer = await bob.propfind(path, 0, [dav('acl'), dav('owner'), dav('group'), dav('none')])
      const found = answer.of(path)
      expect(found.propstatLines).toEqual([
        'HTTP/1.1 200 OK',
        'HTTP/1.1 404 Not Found',
        'HTTP/1.1 403 Forbidden',
      ])
      expect(hrefsIn(found, dav('owner'))).toEqual([alice.principal])
      expect(found.namesWith(403)).toEqual([dav('acl'), dav('group')])
      expect(refusalOf(found, dav('acl'))).toEqual(forbidden(path, 'read-acl'))
    }
    const allowed = [{ who: bob.principal, grant: ['read', 'read-acl'] }]
    await mustSetAcl(alice, alice.calendar, allowed)
    expect(await readAces(bob, alice.calendar)).toContainEqual(
      expect.objectContaining({ principal: { kind: 'href', href: bob.principal } }),
    )
  })

  it('current-user-privilege-set is refused where reading it is denied (§3.8)', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendar, [
      { who: '<d:all/>', deny: ['read-current-user-privilege-set'] },
      { who: bob.principal, grant: ['read'] },
    ])
    const name = dav('current-user-privilege-set')
    const found = (await bob.propfind(alice.calendar, 0, [name])).of(alice.calendar)
    expect(refusalOf(found, name)).toEqual(forbidden(alice.calendar, 'read-current-user-privilege-set'))
    expect(await privilegesOf(alice, alice.calendar)).toContain('all')
  })

  it('a refused property is left out of allprop, and named by propname', async () => {
    const [alice, bob] = await pair()
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    const ask = async (inner: string) => {
      const body = `<d:propfind xmlns:d="DAV:">${inner}</d:propfind>`
      return (await bob.request('PROPFIND', alice.calendar, { headers: { Depth: '0' }, body })).text
    }
    expect(await ask('<d:allprop/><d:include><d:acl/></d:include>')).not.toContain('<d:acl')
    expect(await ask('<d:propname/>')).toContain('<d:acl/>')
  })
})

describe('RFC 3744 §5.3 supported-privilege-set', () => {
  it('is a tree, with read-free-busy where there are calendars only (RFC 4791 §6.1)', async () => {
    const alice = await server.account()
    const namesOn = async (path: string): Promise<string[]> => {
      const name = dav('supported-privilege-set')
      const found = (await alice.propfind(path, 0, [name])).of(path).props.get(name)
      return found ? namesIn(found) : []
    }
    const all = await namesOn(alice.calendar)
    expect(all).toEqual(expect.arrayContaining([dav('all'), dav('bind'), caldav('read-free-busy')]))
    expect(await namesOn(alice.calendars)).toEqual(all)
    const others = all.filter((name) => name !== caldav('read-free-busy'))
    for (const path of [alice.contacts, alice.books, alice.principal, '/dav/'])
      expect(await namesOn(path)).toEqual(others)
  })

  it('names every privilege that current-user-privilege-set has, and none is abstract', async () => {
    const alice = await server.account()
    const answer = await alice.propfind(alice.calendar, 0, [dav('supported-privilege-set')])
    expect(answer.text).not.toContain('abstract')
    const found = answer.of(alice.calendar).props.get(dav('supported-privilege-set'))
    const local = found ? namesIn(found).map((name) => name.replace(/^\{.*\}/, '')) : []
    expect((await privilegesOf(alice, alice.calendar)).sort()).toEqual(local.sort())
  })
})

function namesIn(element: XmlElement): string[] {
  return children(element, dav('supported-privilege')).flatMap((one) => {
    const privilege = child(one, dav('privilege'))
    return [...(privilege ? elements(privilege).map(({ name }) => name) : []), ...namesIn(one)]
  })
}

describe('RFC 3744 §5.6, §5.7 restrictions and inherited lists', () => {
  it('acl-restrictions says what ACL refuses', async () => {
    const alice = await server.account()
    const found = (await alice.propfind(alice.calendar, 0, [dav('acl-restrictions')])).of(alice.calendar)
    const restrictions = found.props.get(dav('acl-restrictions'))
    expect(restrictions && elements(restrictions).map(({ name }) => name)).toEqual([
      dav('deny-before-grant'),
      dav('no-invert'),
    ])
  })

  it('a collection inherits from its home, an object from both, in whatever home it is seen', async () => {
    const [alice, bob] = await pair()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const mounted = await share(server, alice, bob, 'shared')
    const inherited = async (client: typeof alice, path: string) => {
      const name = dav('inherited-acl-set')
      return hrefsIn((await client.propfind(path, 0, [name])).of(path), name)
    }
    expect(await inherited(alice, alice.calendars)).toEqual([])
    expect(await inherited(alice, alice.calendar)).toEqual([alice.calendars])
    expect(await inherited(alice, `${alice.calendar}a.ics`)).toEqual([alice.calendar, alice.calendars])
    expect(await inherited(bob, mounted)).toEqual([alice.calendars])
    expect(await inherited(bob, `${mounted}a.ics`)).toEqual([mounted, alice.calendars])
  })

  it('the list of an object is that of its collection, inherited', async () => {
    const [alice, bob] = await pair()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    const found = (await readAces(alice, `${alice.calendar}a.ics`)).filter(({ isProtected }) => !isProtected)
    expect(found.map(({ inheritedFrom }) => inheritedFrom)).toEqual([alice.calendar])
  })
})

describe('RFC 3744 §4 properties of principals', () => {
  it('a group has members, and they are in it: directly (§4.3, §4.4)', async () => {
    const [alice, bob] = await pair()
    const [aliceId, bobId] = [(await placesOf(server, alice)).id, (await placesOf(server, bob)).id]
    const inner = await group('inner', aliceId)
    const outer = await group('outer', inner.id, bobId)
    const names = [dav('group-member-set'), dav('group-membership'), dav('resourcetype'), dav('owner')]
    const answer = await alice.propfind(outer.href, 0, names)
    expect(hrefsIn(answer.of(outer.href), dav('group-member-set'))).toEqual([bob.principal, inner.href])
    expect(hrefsIn(answer.of(outer.href), dav('owner'))).toEqual([])
    const membership = async (path: string) =>
      hrefsIn((await alice.propfind(path, 0, names)).of(path), dav('group-membership'))
    expect(await membership(inner.href)).toEqual([outer.href])
    expect(await membership(alice.principal)).toEqual([inner.href])
    expect((await alice.propfind(alice.principal, 0, names)).of(alice.principal).namesWith(404)).toEqual([
      dav('group-member-set'),
    ])
  })

  it('alternate-URI-set, principal-URL and principal-collection-set are there (§4.1, §4.2, §5.8)', async () => {
    const [alice, bob] = await pair()
    const names = [dav('alternate-URI-set'), dav('principal-URL'), dav('principal-collection-set')]
    const found = (await alice.propfind(bob.principal, 0, names)).of(bob.principal)
    expect(hrefsIn(found, dav('alternate-URI-set'))).toEqual([])
    expect(hrefsIn(found, dav('principal-URL'))).toEqual([bob.principal])
    expect(hrefsIn(found, dav('principal-collection-set'))).toEqual(['/dav/principals/'])
  })

  it('they are the server’s to say', async () => {
    const alice = await server.account()
    for (const name of ['group-member-set', 'group-membership', 'acl', 'owner', 'acl-restrictions']) {
      const body = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:${name}/></d:prop></d:set></d:propertyupdate>`
      const answer = await alice.request('PROPPATCH', alice.principal, { body })
      expect([name, answer.text.includes('cannot-modify-protected-property')]).toEqual([name, true])
    }
  })
})
