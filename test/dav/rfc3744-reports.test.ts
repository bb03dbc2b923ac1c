import { describe, expect, it } from 'vitest'
import { caldav, cs, dav } from '../../protocol/dav/names.ts'
import { children, elements, readXml } from '../../protocol/dav/xml-read.ts'
import { createAccount } from '../../src/features/accounts/accounts.ts'
import { hrefsIn, mustSetAcl } from './acls.ts'
import { type Client, preconditionsOf } from './client.ts'
import { delegate, group, room } from './directory.ts'
import { event } from './objects.ts'
import { useServer } from './server.ts'

const server = useServer({ limits: { directoryMatches: 8 } })
const principals = '/dav/principals/'

const declared =
  ' xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"'
const body = (name: string, inner: string, attributes = ''): string =>
  `<${name}${declared}${attributes}>${inner}</${name}>`

/** A report of Depth 0, whatever comes. */
const ask = (client: Client, path: string, xml: string, depth = '0') =>
  client.request('REPORT', path, { headers: { Depth: depth, 'Content-Type': 'application/xml' }, body: xml })

const search = (property: string, match: string, attributes = '', match2 = ''): string =>
  `<d:property-search><d:prop><${property}/></d:prop><d:match${match2}>${match}</d:match></d:property-search>${attributes}`

/** Somebody with a name and an address that nobody else has. */
async function person(name: string, displayName: string): Promise<string> {
  const { store, settings, newId } = server.services
  const email = `${name}@example.org`
  await store.write((tx) => createAccount(tx, { name, displayName, email }, settings, newId))
  return `${principals}${name}/`
}

async function found(client: Client, inner: string, attributes = '', path = principals): Promise<string[]> {
  const answer = await client.report(
    path,
    body('d:principal-property-search', `${inner}<d:prop><d:displayname/></d:prop>`, attributes),
    { Depth: '0' },
  )
  return [...answer.hrefs]
}

describe('RFC 3744 §9.4 principal-property-search', () => {
  it('finds by a part of the name, in whatever case, and gives the properties asked for', async () => {
    const alice = await server.account()
    const zoe = await person('zoe', 'Zoë Zimmermann')
    const xml = body(
      'd:principal-property-search',
      `${search('d:displayname', 'ZIMMER')}<d:prop><c:calendar-home-set/></d:prop>`,
    )
    const answer = await alice.report(principals, xml, { Depth: '0' })
    expect(answer.hrefs).toEqual([zoe])
    expect(hrefsIn(answer.of(zoe), caldav('calendar-home-set'))).toEqual(['/dav/calendars/zoe/'])
    expect(await found(alice, search('d:displayname', 'zoË'))).toEqual([zoe])
    expect(await found(alice, search('d:displayname', 'nobody'))).toEqual([])
  })

  it('by address, first and last name, and what kind of user it is (OCS-10)', async () => {
    const alice = await server.account()
    const yan = await person('yan', 'Yan van Ypern')
    const attic = await room(server, 'yattic')
    expect(await found(alice, search('cs:email-address-set', 'yan@'))).toEqual([yan])
    expect(await found(alice, search('cs:first-name', 'yan van'))).toEqual([yan])
    expect(await found(alice, search('cs:last-name', 'ypern'))).toEqual([yan])
    const equals = ' match-type="equals"'
    const addresses = 'c:calendar-user-address-set'
    expect(await found(alice, search(addresses, 'MAILTO:yan@example.org', '', equals))).toEqual([yan])
    expect(await found(alice, search(addresses, yan, '', equals))).toEqual([yan])
    expect(await found(alice, search(addresses, 'yan@example.org', '', equals))).toEqual([])
    const rooms = search('c:calendar-user-type', 'room')
    expect(await found(alice, rooms)).toContain(attic.principal)
    expect(await found(alice, search('d:displayname', 'ya'), ' type="ROOM"')).toEqual([attic.principal])
    expect(await found(alice, search('d:displayname', 'ya'), ' type="INDIVIDUAL"')).toEqual([yan])
  })

  it('all searches have to hold, or any with test="anyof"', async () => {
    const alice = await server.account()
    const xaver = await person('xaver', 'Xaver Xanten')
    const xenia = await person('xenia', 'Xenia Xu')
    const both = search('d:displayname', 'xa') + search('cs:email-address-set', 'xenia')
    expect(await found(alice, both)).toEqual([])
    expect(await found(alice, both, ' test="allof"')).toEqual([])
    expect(await found(alice, both, ' test="anyof"')).toEqual([xaver, xenia])
    const two =
      '<d:property-search><d:prop><d:displayname/><cs:email-address-set/></d:prop><d:match>xu</d:match></d:property-search>'
    expect(await found(alice, two)).toEqual([xenia])
    const unknown = search('d:getetag', 'x')
    expect(await found(alice, unknown)).toEqual([])
    expect(await found(alice, unknown + search('d:displayname', 'xenia'), ' test="anyof"')).toEqual([xenia])
  })

  it.each([
    [' match-type="starts-with"', 'wal', true],
    [' match-type="starts-with"', 'ulf', false],
    [' match-type="ends-with"', 'ulf', true],
    [' match-type="equals"', 'walter wulf', true],
    [' match-type="equals"', 'walter', false],
    [' match-type="contains" caseless="no"', 'walter', false],
    [' caseless="no"', 'Walter', true],
  ])('as the match says:%s %s', async (attributes, text, isFound) => {
    const alice = await server.account()
    const walter = `${principals}walter/`
    if ((await alice.request('PROPFIND', walter, { headers: { Depth: '0' } })).status === 403)
      await person('walter', 'Walter Wulf')
    const hrefs = await found(alice, search('d:displayname', text, '', attributes))
    expect(hrefs.includes(walter)).toBe(isFound)
  })

  it('on a principal means them all, as Apple asks, and elsewhere with apply-to-principal-collection-set', async () => {
    const alice = await server.account()
    const victor = await person('victor', 'Victor Vale')
    const inner = search('d:displayname', 'victor')
    const all = '<d:apply-to-principal-collection-set/>'
    for (const path of [alice.principal, principals, '/principals/', '/dav/', '/'])
      expect([path, await found(alice, inner, '', path)]).toEqual([path, [victor]])
    for (const path of [alice.calendars, alice.calendar, alice.contacts]) {
      expect([path, await found(alice, inner, '', path)]).toEqual([path, []])
      expect([path, await found(alice, inner + all, '', path)]).toEqual([path, [victor]])
    }
  })

  it('stops at the client’s limit, and at the server’s, and says so (507)', async () => {
    const alice = await server.account()
    for (let n = 0; n < 9; n += 1) await person(`u${n}`, `Uwe ${n}`)
    const inner = search('d:displayname', 'uwe')
    const limit = '<d:limit><d:nresults>2</d:nresults></d:limit>'
    expect(await found(alice, inner + limit)).toEqual([`${principals}u0/`, `${principals}u1/`, principals])
    const all = await alice.report(principals, body('d:principal-property-search', inner), { Depth: '0' })
    expect(all.hrefs).toHaveLength(9)
    expect(all.responses.at(-1)).toMatchObject({ href: principals, status: 507 })
  })

  it('is 400 with another Depth, nothing to search for, or values that are none', async () => {
    const alice = await server.account()
    const status = async (inner: string, attributes = '', depth = '0') =>
      (await ask(alice, principals, body('d:principal-property-search', inner, attributes), depth)).status
    const good = search('d:displayname', 'x')
    expect(await status(good)).toBe(207)
    for (const depth of ['1', 'infinity']) expect(await status(good, '', depth)).toBe(400)
    expect(await status('')).toBe(400)
    expect(await status('<d:property-search><d:prop/><d:match>x</d:match></d:property-search>')).toBe(400)
    expect(await status('<d:property-search><d:prop><d:displayname/></d:prop></d:property-search>')).toBe(400)
    expect(await status(good, ' test="some"')).toBe(400)
    expect(await status(good, ' type="ALIEN"')).toBe(400)
    expect(await status(search('d:displayname', 'x', '', ' match-type="like"'))).toBe(400)
    expect(await status(`${good}<d:limit><d:nresults>0</d:nresults></d:limit>`)).toBe(400)
  })
})

describe('CalendarServer’s principal search, as people type (Attendee search)', () => {
  const typed = async (client: Client, context: string, ...tokens: string[]) => {
    const inner = tokens.map((token) => `<cs:search-token>${token}</cs:search-token>`).join('')
    const attribute = context === '' ? '' : ` context="${context}"`
    const xml = body(
      'cs:calendarserver-principal-search',
      `${inner}<d:prop><d:displayname/></d:prop>`,
      attribute,
    )
    return [...(await client.report(principals, xml, { Depth: '0' })).hrefs]
  }

  it('finds whoever has each token in the name or the address', async () => {
    const alice = await server.account()
    const tilda = await person('tilda', 'Tilda Tønder')
    const tom = await person('tom', 'Tom Tailor')
    expect(await typed(alice, 'attendee', 'tilda')).toEqual([tilda])
    expect(await typed(alice, '', 'TAILOR', 'tom@example')).toEqual([tom])
    expect(await typed(alice, '', 'tilda', 'tailor')).toEqual([])
  })

  it('attendees are people, groups and resources; locations are rooms', async () => {
    const alice = await server.account()
    const sara = await person('sara', 'Sara Sandmann')
    const team = await group(server, 'sandteam')
    const hall = await room(server, 'sandhall')
    expect(await typed(alice, 'attendee', 'sand')).toEqual([sara, team.principal])
    expect(await typed(alice, 'location', 'sand')).toEqual([hall.principal])
    expect(await typed(alice, 'group', 'sand')).toEqual([team.principal])
    expect(await typed(alice, 'user', 'sand')).toEqual([sara])
    expect(await typed(alice, '', 'sand')).toEqual([sara, team.principal, hall.principal])
  })

  it('is 400 without a token, or in another context', async () => {
    const alice = await server.account()
    const name = 'cs:calendarserver-principal-search'
    const token = '<cs:search-token>x</cs:search-token>'
    for (const xml of [
      body(name, ''),
      body(name, '<cs:search-token> </cs:search-token>'),
      body(name, token, ' context="x"'),
    ])
      expect((await ask(alice, principals, xml)).status).toBe(400)
    expect((await ask(alice, principals, body(name, token), '1')).status).toBe(400)
  })
})

describe('RFC 3744 §9.5 principal-search-property-set', () => {
  it('names what can be searched for, and each is found by', async () => {
    const alice = await server.account()
    const answer = await ask(alice, principals, body('d:principal-search-property-set', ''))
    expect(answer.status).toBe(200)
    const root = readXml(answer.body, { maxBytes: 1e5, maxDepth: 20, maxNodes: 1e3 })
    const names = root && children(root, dav('principal-search-property')).map((one) => elements(one)[0])
    expect(names?.flatMap((prop) => (prop ? elements(prop).map(({ name }) => name) : []))).toEqual([
      dav('displayname'),
      cs('first-name'),
      cs('last-name'),
      cs('email-address-set'),
      caldav('calendar-user-address-set'),
      caldav('calendar-user-type'),
    ])
  })

  it('is for principals alone, with Depth 0', async () => {
    const alice = await server.account()
    const xml = body('d:principal-search-property-set', '')
    expect((await ask(alice, principals, xml, '1')).status).toBe(400)
    expect(preconditionsOf(await ask(alice, alice.calendars, xml))).toEqual([dav('supported-report')])
  })
})

describe('RFC 3744 §9.3 principal-match', () => {
  const match = async (client: Client, path: string, inner: string) =>
    (
      await client.report(path, body('d:principal-match', `${inner}<d:prop><d:owner/></d:prop>`), {
        Depth: '0',
      })
    ).hrefs

  it('self is the caller, the groups that hold him, and the delegates he is one of', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const inner = await group(server, 'match-inner', alice)
    const outer = await group(server, 'match-outer', { name: 'match-inner' })
    await delegate(server, bob.name, alice.name, 'write')
    const proxy = `${bob.principal}calendar-proxy-write/`
    const self = await match(alice, principals, '<d:self/>')
    expect([...self].sort()).toEqual([alice.principal, inner.principal, outer.principal, proxy].sort())
    expect(await match(alice, alice.principal, '<d:self/>')).toEqual([alice.principal])
    expect(await match(alice, bob.principal, '<d:self/>')).toEqual([proxy])
    expect(await match(alice, alice.calendars, '<d:self/>')).toEqual([])
  })

  it('a property matches where it names the caller, or a group that holds him', async () => {
    const alice = await server.account()
    const inner = await group(server, 'prop-inner', alice)
    const outer = await group(server, 'prop-outer', { name: 'prop-inner' })
    const property = (name: string) => `<d:principal-property><d:${name}/></d:principal-property>`
    expect(await match(alice, principals, property('group-member-set'))).toEqual([
      inner.principal,
      outer.principal,
    ])
    expect(await match(alice, principals, property('owner'))).toEqual([alice.principal])
    expect(await match(alice, principals, property('none'))).toEqual([])
  })

  it('below a home it finds the collections and objects that are the caller’s', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    await alice.put(`${alice.calendar}a.ics`, event('a'))
    const owner = '<d:principal-property><d:owner/></d:principal-property>'
    expect(await match(alice, alice.calendars, owner)).toEqual([
      alice.calendar,
      `${alice.calendar}a.ics`,
      alice.tasks,
    ])
    expect(await match(alice, alice.calendar, owner)).toEqual([`${alice.calendar}a.ics`])
    await mustSetAcl(alice, alice.calendars, [{ who: bob.principal, grant: ['read'] }])
    expect(await match(bob, alice.calendars, owner)).toEqual([])
  })

  it('is 400 with another Depth, and unless it asks for one thing', async () => {
    const alice = await server.account()
    const property = '<d:principal-property><d:owner/></d:principal-property>'
    for (const inner of ['', `<d:self/>${property}`, '<d:principal-property/>'])
      expect((await ask(alice, principals, body('d:principal-match', inner))).status).toBe(400)
    expect((await ask(alice, principals, body('d:principal-match', '<d:self/>'), '1')).status).toBe(400)
  })
})

describe('RFC 3744 §9.2 acl-principal-prop-set', () => {
  const name = 'd:acl-principal-prop-set'

  it('gives properties of whom the list names, and of the owner', async () => {
    const [alice, bob] = [await server.account(), await server.account()]
    const team = await group(server, 'acl-team')
    await mustSetAcl(alice, alice.calendars, [{ who: team.principal, grant: ['read'] }])
    await mustSetAcl(alice, alice.calendar, [{ who: bob.principal, grant: ['read'] }])
    const xml = body(name, '<d:prop><d:displayname/></d:prop>')
    const answer = await alice.report(alice.calendar, xml, { Depth: '0' })
    expect(answer.hrefs).toEqual([alice.principal, bob.principal, team.principal])
    expect(answer.of(bob.principal).text(dav('displayname'))).toBe(bob.name)
    const refused = await ask(bob, alice.calendar, xml)
    expect([refused.status, preconditionsOf(refused)]).toEqual([403, [dav('need-privileges')]])
    expect(refused.text).toContain('<d:read-acl/>')
  })

  it('is 400 with another Depth, and without one DAV:prop', async () => {
    const alice = await server.account()
    const prop = '<d:prop><d:displayname/></d:prop>'
    for (const inner of ['', prop + prop])
      expect((await ask(alice, alice.calendar, body(name, inner))).status).toBe(400)
    expect((await ask(alice, alice.calendar, body(name, prop), '1')).status).toBe(400)
  })
})

describe('RFC 3253 §3.1.5 supported-report-set', () => {
  it('differs by the kind of resource', async () => {
    const alice = await server.account()
    const reportsOn = async (path: string) => {
      const property = (await alice.propfind(path, 0, [dav('supported-report-set')])).text
      return [...property.matchAll(/<d:report><\w+:([\w-]+)\/>/g)].map((match) => match[1])
    }
    expect(await reportsOn(principals)).toEqual(
      expect.arrayContaining([
        'principal-search-property-set',
        'principal-match',
        'calendarserver-principal-search',
      ]),
    )
    expect(await reportsOn(alice.calendar)).toContain('acl-principal-prop-set')
    expect(await reportsOn(alice.calendar)).not.toContain('principal-search-property-set')
    expect(await reportsOn(principals)).not.toContain('calendar-query')
  })
})
