import { describe, expect, it } from 'vitest'
import { caldav, cs, dav } from '../../protocol/dav/names.ts'
import { elements } from '../../protocol/dav/xml-read.ts'
import { hrefsIn } from './acls.ts'
import { type Client, preconditionsOf, readMultistatus } from './client.ts'
import { group } from './directory.ts'
import { card, event } from './objects.ts'
import { type Account, useServer } from './server.ts'

const server = useServer({ limits: { delegates: 3, expandedHrefs: 6, expandedLevels: 3 } })

const readers = ({ principal }: Account): string => `${principal}calendar-proxy-read/`
const writers = ({ principal }: Account): string => `${principal}calendar-proxy-write/`

/** The PROPPATCH with which macOS says who the delegates are. */
function name(client: Client, path: string, hrefs: readonly string[], more = '') {
  const members = hrefs.map((href) => `<A:href>${href}</A:href>`).join('')
  const body = `<?xml version="1.0" encoding="UTF-8"?><A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><A:group-member-set>${members}</A:group-member-set>${more}</A:prop></A:set></A:propertyupdate>`
  return client.request('PROPPATCH', path, { headers: { 'Content-Type': 'text/xml' }, body })
}

async function members(client: Client, path: string): Promise<string[]> {
  const property = dav('group-member-set')
  return hrefsIn((await client.propfind(path, 0, [property])).of(path), property)
}

const three = async () => [await server.account(), await server.account(), await server.account()] as const

describe('delegation, as macOS does it (IOS: calendar-proxy)', () => {
  it('is announced, and each account has the two principals (OTH-02)', async () => {
    const alice = await server.account()
    expect((await alice.request('OPTIONS', alice.principal)).headers.dav).toContain(', calendar-proxy')
    const listed = await alice.propfind(alice.principal, 1, [dav('resourcetype')])
    expect(listed.hrefs).toEqual([alice.principal, readers(alice), writers(alice)])
    const type = listed.of(writers(alice)).props.get(dav('resourcetype'))
    expect(type && elements(type).map((one) => one.name)).toEqual([
      dav('collection'),
      dav('principal'),
      cs('calendar-proxy-write'),
    ])
  })

  it('the owner names delegates, who see their calendars, and change them where they may', async () => {
    const [alice, bob, carol] = await three()
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    await alice.put(`${alice.contacts}a.vcf`, card('a'))
    const patched = readMultistatus(await name(alice, writers(alice), [bob.principal]))
    expect(patched.of(writers(alice)).namesWith(200)).toEqual([dav('group-member-set')])
    expect((await name(alice, readers(alice), [`http://dav.example.org${carol.principal}`])).status).toBe(207)
    expect(await members(alice, writers(alice))).toEqual([bob.principal])
    expect(await members(alice, readers(alice))).toEqual([carol.principal])
    for (const delegate of [bob, carol]) {
      expect((await delegate.propfind(alice.calendars, 1, [])).hrefs).toEqual([
        alice.calendars,
        alice.calendar,
        alice.tasks,
      ])
      expect((await delegate.get(`${alice.calendar}a.ics`)).status).toBe(200)
      expect((await delegate.get(`${alice.contacts}a.vcf`)).status, 'calendars only').toBe(403)
    }
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
    expect((await carol.put(`${alice.calendar}c.ics`, event('c'))).status).toBe(403)
    await name(alice, writers(alice), [])
    expect((await bob.get(`${alice.calendar}a.ics`)).status).toBe(403)
  })

  it('a delegate learns for whom from his own principal, expanded (OTH-02)', async () => {
    const [alice, bob, carol] = await three()
    await name(alice, writers(alice), [bob.principal])
    await name(carol, readers(carol), [bob.principal])
    const answer = await bob.report(bob.principal, proxiesFor, { Depth: '0' })
    expect(answer.hrefs).toEqual([bob.principal])
    const inside = (mode: string) => {
      const property = answer.of(bob.principal).props.get(cs(`calendar-proxy-${mode}-for`))
      return (property ? elements(property) : []).map((response) => hrefText(response))
    }
    expect(inside('write')).toEqual([alice.principal])
    expect(inside('read')).toEqual([carol.principal])
    expect(answer.text).toContain(`<d:displayname>${alice.name}</d:displayname>`)
    const membership = (await bob.propfind(bob.principal, 0, [dav('group-membership')])).of(bob.principal)
    expect(hrefsIn(membership, dav('group-membership')).sort()).toEqual(
      [readers(carol), writers(alice)].sort(),
    )
    const none = await alice.report(alice.principal, proxiesFor, { Depth: '0' })
    expect(none.of(alice.principal).namesWith(200)).toContain(cs('calendar-proxy-write-for'))
    expect(none.hrefs).toEqual([alice.principal])
  })

  it('through a group too', async () => {
    const [alice, bob] = await three()
    const team = await group(server, 'delegates', bob)
    await name(alice, writers(alice), [team.principal])
    expect((await bob.put(`${alice.calendar}b.ics`, event('b'))).status).toBe(201)
    const property = cs('calendar-proxy-write-for')
    const found = (await bob.propfind(bob.principal, 0, [property])).of(bob.principal)
    expect(hrefsIn(found, property)).toEqual([alice.principal])
  })

  it('moves a delegate from one mode to the other, in either order', async () => {
    const [alice, bob] = await three()
    await name(alice, writers(alice), [bob.principal])
    await name(alice, readers(alice), [bob.principal])
    expect(await members(alice, writers(alice))).toEqual([])
    await name(alice, readers(alice), [])
    await name(alice, writers(alice), [bob.principal])
    expect([await members(alice, readers(alice)), await members(alice, writers(alice))]).toEqual([
      [],
      [bob.principal],
    ])
  })

  it.each([
    ['nobody', '/dav/principals/nobody/', 'recognized-principal'],
    ['a calendar', '/dav/calendars/', 'recognized-principal'],
    ['no address', 'nobody', 'recognized-principal'],
    ['the owner', 'self', 'allowed-principal'],
  ])('names all or none: %s is refused', async (_, href, precondition) => {
    const [alice, bob] = await three()
    await name(alice, writers(alice), [bob.principal])
    const wrong = href === 'self' ? alice.principal : href
    const answer = readMultistatus(await name(alice, writers(alice), [wrong]))
    expect(answer.of(writers(alice)).namesWith(403)).toEqual([dav('group-member-set')])
    expect(answer.text).toContain(`<d:error><d:${precondition}/></d:error>`)
    expect(await members(alice, writers(alice))).toEqual([bob.principal])
  })

  it('is bounded, and has no other properties', async () => {
    const [alice, bob, carol] = await three()
    const four = [bob, carol, await server.account(), await server.account()].map(
      ({ principal }) => principal,
    )
    expect((await name(alice, writers(alice), four)).status).toBe(403)
    const extra = '<X:y xmlns:X="urn:x">z</X:y>'
    expect((await name(alice, writers(alice), [bob.principal], extra)).status).toBe(403)
    const displayname = readMultistatus(
      await name(alice, writers(alice), [bob.principal], '<A:displayname>x</A:displayname>'),
    )
    expect(displayname.of(writers(alice)).namesWith(424)).toEqual([dav('group-member-set')])
    expect(await members(alice, writers(alice))).toEqual([])
  })

  it('is the owner’s affair: others see neither who nor for whom, and change nothing', async () => {
    const [alice, bob, carol] = await three()
    await name(alice, writers(alice), [bob.principal])
    const found = (await carol.propfind(writers(alice), 0, [dav('group-member-set'), dav('displayname')])).of(
      writers(alice),
    )
    expect(found.namesWith(403)).toEqual([dav('group-member-set')])
    const other = (
      await carol.propfind(bob.principal, 0, [cs('calendar-proxy-write-for'), dav('group-membership')])
    ).of(bob.principal)
    expect(other.namesWith(403)).toEqual([cs('calendar-proxy-write-for')])
    expect(hrefsIn(other, dav('group-membership'))).toEqual([])
    for (const client of [bob, carol])
      expect((await name(client, writers(alice), [carol.principal])).status).toBe(403)
    expect((await carol.get(alice.calendar)).status).toBe(403)
  })

  it('the principals of delegates that are not there are 404 or 403, never made up', async () => {
    const alice = await server.account()
    await group(server, 'without')
    const status = async (path: string) =>
      (await alice.request('PROPFIND', path, { headers: { Depth: '0' } })).status
    expect(await status('/dav/principals/without/calendar-proxy-read/')).toBe(404)
    expect(await status('/dav/principals/nobody/calendar-proxy-read/')).toBe(403)
    expect(await status(`${alice.principal}calendar-proxy-else/`)).toBe(404)
    expect(await status(`${readers(alice)}more/`)).toBe(404)
  })
})

const proxiesFor = `<A:expand-property xmlns:A="DAV:">${['read', 'write']
  .map(
    (mode) =>
      `<A:property name="calendar-proxy-${mode}-for" namespace="http://calendarserver.org/ns/"><A:property name="displayname" namespace="DAV:"/><A:property name="calendar-user-address-set" namespace="urn:ietf:params:xml:ns:caldav"/><A:property name="email-address-set" namespace="http://calendarserver.org/ns/"/></A:property>`,
  )
  .join('')}</A:expand-property>`

const hrefText = (response: Parameters<typeof elements>[0]): string =>
  String(elements(response)[0]?.children[0] ?? '')

describe('RFC 3253 §3.8 expand-property', () => {
  const expand = (client: Client, path: string, inner: string) =>
    client.report(path, `<d:expand-property xmlns:d="DAV:">${inner}</d:expand-property>`, { Depth: '0' })
  const property = (local: string, inner = '', namespace = 'DAV:') =>
    `<d:property name="${local}" namespace="${namespace}">${inner}</d:property>`

  it('puts what an href names into its place, as deep as is asked', async () => {
    const [alice, bob] = await three()
    const inner = await group(server, 'x-inner', bob)
    const outer = await group(server, 'x-outer', { name: 'x-inner' })
    const deep = property(
      'group-member-set',
      property('group-member-set', property('displayname')) + property('displayname'),
    )
    const answer = await expand(alice, outer.principal, deep)
    const member = answer.of(outer.principal).props.get(dav('group-member-set'))
    const [first] = member ? elements(member) : []
    expect(first && [first.name, hrefText(first)]).toEqual([dav('response'), inner.principal])
    expect(answer.text).toContain(`<d:displayname>x-inner</d:displayname>`)
    expect(answer.text).toContain(`<d:displayname>${bob.name}</d:displayname>`)
  })

  it('says 404 of a property, and of a resource, that is not there or not for the caller', async () => {
    const [alice, bob] = await three()
    const team = await group(server, 'x-team', bob)
    const answer = await expand(
      alice,
      team.principal,
      property('group-member-set', property('none', '', 'urn:x')),
    )
    expect(answer.text).toContain('HTTP/1.1 404 Not Found')
    expect(answer.text).toContain(bob.principal)
    const homes = property('calendar-home-set', property('displayname'), 'urn:ietf:params:xml:ns:caldav')
    const foreign = await expand(alice, bob.principal, homes)
    const home = foreign.of(bob.principal).props.get(caldav('calendar-home-set'))
    const [inside] = home ? elements(home) : []
    expect(inside && elements(inside).map((one) => one.name)).toEqual([dav('href'), dav('status')])
    expect(foreign.text).not.toContain('displayname')
    const own = await expand(bob, bob.principal, homes)
    expect(own.text).toContain(`<d:displayname>${bob.name}</d:displayname>`)
  })

  it('is refused where it would follow too many hrefs, or too deep', async () => {
    const alice = await server.account()
    const ask = async (inner: string) => {
      const xml = `<d:expand-property xmlns:d="DAV:">${inner}</d:expand-property>`
      const answer = await alice.request('REPORT', alice.principal, { headers: { Depth: '0' }, body: xml })
      return [answer.status, preconditionsOf(answer)]
    }
    const nested = (levels: number) =>
      Array.from({ length: levels }).reduce<string>(
        (text) => property('principal-URL', text),
        property('displayname'),
      )
    const tooMany = [507, [dav('number-of-matches-within-limits')]]
    expect(await ask(nested(3))).toEqual([207, []])
    expect(await ask(nested(4))).toEqual(tooMany)
    const wide = ['owner', 'principal-URL', 'current-user-principal', 'principal-collection-set']
    const twice = (inner: string) => wide.map((local) => property(local, inner)).join('')
    expect(await ask(twice(property('displayname')))).toEqual([207, []])
    expect(await ask(twice(twice(property('displayname'))))).toEqual(tooMany)
  })
})
