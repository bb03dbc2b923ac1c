import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { caldav, dav } from '../../protocol/dav/names.ts'
import { child, children, elements, readXml, textOf, type XmlElement } from '../../protocol/dav/xml-read.ts'
import {
  type Answer,
  calendarQueryBody,
  multigetBody,
  propfindBody,
  readMultistatus,
  syncBody,
} from './client.ts'
import { card, event } from './objects.ts'
import { expected, type Hrefs, type Method, type Target } from './rights-expected.ts'
import { type ModelHome, rights, sees } from './rights-model.ts'
import { type BuiltWorld, build, hiddenFrom, plan, users } from './rights-world.ts'
import { type Account, useServer } from './server.ts'

const server = useServer({ directory: { visibility: 'groups' } })
const runs = (numRuns: number) => ({ numRuns, endOnFailure: true }) as const

/** Which request is made, as numbers that stand for whom, what and where. */
interface Ask {
  readonly caller: number
  readonly home: number
  readonly collection: number
  readonly member: number
  readonly method: Method
}

const ask: fc.Arbitrary<Ask> = fc.record({
  caller: fc.integer({ min: 0, max: users - 1 }),
  home: fc.integer({ min: 0, max: 3 }),
  // The last of each is one that is not there; beyond that nothing is named.
  collection: fc.integer({ min: 0, max: 3 }),
  member: fc.integer({ min: 0, max: 3 }),
  method: fc.constantFrom<Method>(
    'GET',
    'HEAD',
    'OPTIONS',
    'PROPFIND',
    'PROPPATCH',
    'ACL',
    'PUT',
    'POST',
    'DELETE',
    'MKCALENDAR',
    'LOCK',
    'COPY',
    'MOVE',
    'calendar-query',
    'sync-collection',
    'free-busy-query',
    'acl-principal-prop-set',
  ),
})

describe('RFC 3744 §6 the server decides as a model of it', () => {
  it('every method and report, on what is there and what is not', async () => {
    await fc.assert(
      fc.asyncProperty(plan, fc.array(ask, { minLength: 60, maxLength: 60 }), async (planned, asks) => {
        const world = await build(server, planned)
        for (const one of asks) await compare(world, one)
      }),
      runs(8),
    )
  })
})

async function compare(world: BuiltWorld, asked: Ask): Promise<void> {
  const caller = callerAt(world, asked.caller)
  const target = targetOf(world, asked)
  if (!target || !isAsked(asked.method, target)) return
  const hrefs = hrefsOf(world, target)
  const path = target.member ? hrefs.member : target.collection ? hrefs.collection : hrefs.home
  const answer = await send(caller, asked.method, path, target)
  const told = { status: answer.status, needs: needsIn(answer) }
  const about = `${caller.name} ${asked.method} ${path}`
  const { status, needs } = expected(world, caller.name, asked.method, target, hrefs)
  expect(told, about).toEqual({ status, needs: asked.method === 'HEAD' ? [] : needs })
  expectNothingHidden(world, caller, answer, about)
  await expectListing(world, caller, asked.method, target, hrefs, answer)
  if (told.status === 403 && told.needs.length > 0)
    await expectSameForMissing(world, caller, asked, target, answer)
}

/** Where a caller may not even read, what is there and what is not are refused in the same words. */
async function expectSameForMissing(
  world: BuiltWorld,
  caller: Account,
  { method }: Ask,
  target: Target,
  answer: Answer,
): Promise<void> {
  const may = rights(world, caller.name, target.home, target.collection?.there)
  if (may.has('read') || (may.size > 0 && !target.member) || !target.collection) return
  if (target.member && (may.has('bind') || may.has('write-content') || may.has('unbind'))) return
  const missing: Target = target.member
    ? { ...target, member: { name: 'none.ics', isThere: false } }
    : { ...target, collection: { name: 'none', there: undefined } }
  const [here, there] = [hrefsOf(world, target), hrefsOf(world, missing)]
  const [path, other] = target.member ? [here.member, there.member] : [here.collection, there.collection]
  const twin = await send(caller, method, other, target)
  const seen = ({ status, text, headers }: Answer, asked: string) => [
    status,
    text.replaceAll(asked, 'ASKED'),
    headers['content-type'],
    headers['x-farley-reason'],
    headers.etag,
    headers.allow,
  ]
  expect(seen(twin, other), `${caller.name} ${method} ${path}`).toEqual(seen(answer, path))
}

/** What is listed is what may be read, and all of it. */
async function expectListing(
  world: BuiltWorld,
  caller: Account,
  method: Method,
  { home, collection, member }: Target,
  hrefs: Hrefs,
  answer: Answer,
): Promise<void> {
  if (answer.status !== 207 || member || method === 'acl-principal-prop-set') return
  const listed = readMultistatus(answer).hrefs
  const members = collection?.there?.members.map((name) => hrefs.collection + name) ?? []
  const inHome = home.collections
    .filter((one) => rights(world, caller.name, home, one).has('read'))
    .map(({ name }) => `${hrefs.home}${name}/`)
  const mounted = home.owner === caller.name ? mountedIn(world, caller, home) : []
  const inside = collection ? members : [...inHome, ...mounted]
  const self = method === 'PROPFIND' ? [collection ? hrefs.collection : hrefs.home] : []
  expect([...listed].sort()).toEqual([...self, ...inside].sort())
}

function mountedIn(world: BuiltWorld, caller: Account, home: ModelHome): string[] {
  const mounts = world.mounts.get(caller.name) ?? []
  const isHere = (of: string) => of.endsWith('/contacts') !== home.isCalendars
  return mounts
    .filter(({ of }) => isHere(of))
    .map(({ name }) => `${home.isCalendars ? caller.calendars : caller.books}${name}/`)
}

describe('what may not be read is in no answer', () => {
  it('of multiget, If, searches, expand-property, principal-match and copies', async () => {
    await fc.assert(
      fc.asyncProperty(plan, async (planned) => {
        const world = await build(server, planned)
        for (const caller of world.accounts.values()) {
          await listAll(world, caller)
          await multigetAll(world, caller)
          await guessEtags(world, caller)
          await searchAll(world, caller)
          await readMounts(world, caller)
        }
      }),
      runs(5),
    )
  })
})

async function listAll(world: BuiltWorld, caller: Account): Promise<void> {
  for (const home of world.homes) {
    for (const method of ['PROPFIND', 'sync-collection'] as const) {
      const target: Target = { home, collection: undefined, member: undefined }
      const hrefs = hrefsOf(world, target)
      const answer = await send(caller, method, hrefs.home, target)
      expectNothingHidden(world, caller, answer, `${caller.name} ${method} ${hrefs.home}`)
      await expectListing(world, caller, method, target, hrefs, answer)
    }
  }
}

interface Listed {
  readonly home: ModelHome
  readonly key: string
  readonly href: string
  readonly mayRead: boolean
}

function membersFor(world: BuiltWorld, caller: Account): Listed[] {
  return world.homes.flatMap((home) =>
    home.collections.flatMap((collection) => {
      const mayRead = rights(world, caller.name, home, collection).has('read')
      return collection.members.map((name) => ({
        home,
        key: `${home.owner}/${collection.name}/${name}`,
        href: `${pathOfHome(world, home)}${collection.name}/${name}`,
        mayRead,
      }))
    }),
  )
}

async function multigetAll(world: BuiltWorld, caller: Account): Promise<void> {
  for (const isCalendars of [true, false]) {
    const asked = membersFor(world, caller).filter(({ home }) => home.isCalendars === isCalendars)
    const missing = asked
      .map(({ href }) => href.replace(/one\./, 'none.'))
      .filter((href) => href.includes('none'))
    const body = multigetBody(isCalendars ? 'calendar' : 'addressbook', [
      ...asked.map(({ href }) => href),
      ...missing,
    ])
    const answer = await caller.report(isCalendars ? caller.calendar : caller.contacts, body)
    const found = answer.responses.filter(({ status }) => status !== 404).map(({ href }) => href)
    expect(found).toEqual(asked.filter(({ mayRead }) => mayRead).map(({ href }) => href))
    expectNothingHidden(world, caller, answer, `${caller.name} multiget`)
  }
}

/** Whether an object is there, or has this content, cannot be found out by a condition about it. */
async function guessEtags(world: BuiltWorld, caller: Account): Promise<void> {
  for (const { home, href, mayRead } of membersFor(world, caller)) {
    const owner = world.accounts.get(home.owner)
    const etag = String((await owner?.get(href))?.headers.etag)
    const holds = await caller.get(caller.calendar, { If: `<${href}> ([${etag}])` })
    const denies = await caller.get(caller.calendar, { If: `<${href}> (Not [${etag}])` })
    expect([href, holds.status, denies.status]).toEqual([href, ...(mayRead ? [200, 412] : [412, 200])])
  }
}

async function searchAll(world: BuiltWorld, caller: Account): Promise<void> {
  const everybody = [...world.users, ...Object.keys(world.groups)]
  const visible = everybody.filter((name) => sees(world, caller.name, name)).map(principalOf)
  const search = `<d:principal-property-search xmlns:d="DAV:"><d:property-search><d:prop><d:displayname/></d:prop><d:match>secret</d:match></d:property-search><d:prop><d:displayname/><d:group-membership/><d:group-member-set/></d:prop></d:principal-property-search>`
  const found = await caller.report('/dav/principals/', search, { Depth: '0' })
  expect([...found.hrefs].sort()).toEqual([...visible].sort())
  expectNothingHidden(world, caller, found, `${caller.name} search`)
  for (const href of everybody.map(principalOf))
    if (!visible.includes(href)) expect(found.text, `${caller.name} of ${href}`).not.toContain(href)
  const property = (name: string, inner: string, namespace = 'DAV:') =>
    `<d:property name="${name}" namespace="${namespace}">${inner}</d:property>`
  const shown = property('displayname', '') + property('acl', '') + property('s', '', 'urn:s')
  const inner = property('calendar-home-set', shown, 'urn:ietf:params:xml:ns:caldav') + shown
  const groups = property('group-membership', property('group-member-set', inner) + shown)
  const expand = `<d:expand-property xmlns:d="DAV:">${groups}${property('owner', inner)}</d:expand-property>`
  const match =
    '<d:principal-match xmlns:d="DAV:"><d:principal-property><d:owner/></d:principal-property><d:prop><d:displayname/></d:prop></d:principal-match>'
  for (const path of [caller.principal, ...world.homes.map((home) => pathOfHome(world, home))]) {
    for (const body of [expand, match]) {
      const answer = await caller.request('REPORT', path, { headers: { Depth: '0' }, body })
      expect([207, 403]).toContain(answer.status)
      expectNothingHidden(world, caller, answer, `${caller.name} ${path}`)
    }
  }
}

/** In one's own home: what is mounted there shows what its share lets one see. */
async function readMounts(world: BuiltWorld, caller: Account): Promise<void> {
  for (const { name, of } of world.mounts.get(caller.name) ?? []) {
    const isBook = of.endsWith('/contacts')
    const path = `${isBook ? caller.books : caller.calendars}${name}/`
    const names = [
      dav('displayname'),
      dav('acl'),
      '{urn:s}s',
      isBook ? dav('getetag') : caldav('calendar-data'),
    ]
    const requests = [
      ['PROPFIND', '1', propfindBody(names)],
      ['REPORT', '1', syncBody('', undefined, names)],
      ['GET', '0', ''],
    ] as const
    for (const [method, depth, body] of requests) {
      const answer = await caller.request(method, path, { headers: { Depth: depth }, body })
      expectNothingHidden(world, caller, answer, `${caller.name} ${method} ${path}`)
    }
  }
}

function expectNothingHidden(world: BuiltWorld, caller: Account, answer: Answer, about: string): void {
  const at = (key: string) => {
    for (const home of world.homes) {
      const collection = home.collections.find(({ name }) => `${home.owner}/${name}` === key)
      if (collection) return rights(world, caller.name, home, collection)
    }
    return new Set<string>()
  }
  // A home is called as its owner is.
  const isHost = (other: string): boolean =>
    world.homes.some((home) => home.owner === other && rights(world, caller.name, home).has('read'))
  const hidden = hiddenFrom(
    world,
    caller.name,
    (other) => sees(world, caller.name, other) || isHost(other),
    (key) => at(key).has('read'),
    (key) => at(key).size > 0,
  )
  const text = JSON.stringify(answer.headers) + answer.text
  expect(
    hidden.filter((word) => text.includes(word)),
    about,
  ).toEqual([])
}

/** The privileges that DAV:need-privileges names: `href privilege`. */
function needsIn(answer: Answer): string[] {
  if (answer.status !== 403 || !/xml/.test(answer.headers['content-type'] ?? '')) return []
  const root = readXml(answer.body, { maxBytes: 1e6, maxDepth: 20, maxNodes: 1e4 })
  const needed = root && child(root, dav('need-privileges'))
  return needed ? children(needed, dav('resource')).map(needOf) : []
}

function needOf(resource: XmlElement): string {
  const href = child(resource, dav('href'))
  const privilege = child(resource, dav('privilege'))
  const [name] = privilege ? elements(privilege) : []
  return `${href && textOf(href)} ${name?.name.replace(/^\{.*\}/, '')}`
}

function callerAt(world: BuiltWorld, at: number): Account {
  const caller = [...world.accounts.values()][at]
  if (!caller) throw new Error('There is no such caller.')
  return caller
}

function targetOf(
  world: BuiltWorld,
  { home: homeAt, collection: at, member: memberAt }: Ask,
): Target | undefined {
  const home = world.homes[homeAt]
  if (!home) return undefined
  const there = home.collections[at]
  if (at > home.collections.length) return { home, collection: undefined, member: undefined }
  const collection = { name: there?.name ?? 'none', there }
  const names = there?.members ?? []
  if (memberAt > 2) return { home, collection, member: undefined }
  const name = names[memberAt]
  return { home, collection, member: { name: name ?? 'none.ics', isThere: name !== undefined } }
}

/** What some kinds of resources do not know is asked elsewhere. */
function isAsked(method: Method, { home, collection, member }: Target): boolean {
  if (!home.isCalendars && /^(MKCALENDAR|calendar-query|free-busy-query)$/.test(method)) return false
  if (member) return !/^(POST|MKCALENDAR|calendar-query|sync-collection|free-busy-query)$/.test(method)
  if (!collection) return method !== 'POST' && method !== 'calendar-query'
  return true
}

function send(caller: Account, method: Method, path: string, { home, member }: Target): Promise<Answer> {
  const never = { 'If-Match': '"never"' }
  const report = (body: string, depth = '0') =>
    caller.request('REPORT', path, { headers: { Depth: depth }, body })
  const text = home.isCalendars ? event('new') : card('new')
  switch (method) {
    case 'PROPFIND': {
      const names = ['displayname', 'owner', 'acl', 'current-user-privilege-set', 'inherited-acl-set'].map(
        dav,
      )
      return caller.request('PROPFIND', path, {
        headers: { Depth: '1' },
        body: propfindBody([...names, '{urn:s}s']),
      })
    }
    case 'PROPPATCH': {
      const body = '<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><x/></d:prop></d:set></d:propertyupdate>'
      return caller.request(method, path, { headers: never, body })
    }
    case 'ACL':
      return caller.request(method, path, { headers: never, body: '<d:acl xmlns:d="DAV:"/>' })
    case 'PUT':
    case 'POST':
      return caller.request(method, path, { headers: never, body: text })
    case 'LOCK': {
      const body =
        '<d:lockinfo xmlns:d="DAV:"><d:lockscope><d:shared/></d:lockscope><d:locktype><d:write/></d:locktype></d:lockinfo>'
      return caller.request(method, path, { headers: { ...never, Depth: '0' }, body })
    }
    case 'COPY':
    case 'MOVE': {
      const own = home.isCalendars ? caller.calendars : caller.books
      const inside = home.isCalendars ? caller.calendar : caller.contacts
      return caller.request(method, path, {
        headers: { ...never, Destination: member ? `${inside}new` : `${own}new/` },
      })
    }
    case 'calendar-query':
      return report(calendarQueryBody(''), '1')
    case 'sync-collection':
      return report(syncBody('', undefined, [dav('displayname'), '{urn:s}s', dav('getetag')]))
    case 'free-busy-query':
      return report(
        '<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20260101T000000Z" end="20260201T000000Z"/></c:free-busy-query>',
      )
    case 'acl-principal-prop-set':
      return report(
        '<d:acl-principal-prop-set xmlns:d="DAV:"><d:prop><d:displayname/></d:prop></d:acl-principal-prop-set>',
      )
    case 'DELETE':
    case 'MKCALENDAR':
      return caller.request(method, path, { headers: never })
    default:
      return caller.request(method, path)
  }
}

const principalOf = (name: string): string => `/dav/principals/${name}/`

function pathOfHome({ accounts }: BuiltWorld, { owner, isCalendars }: ModelHome): string {
  const account = accounts.get(owner)
  return (isCalendars ? account?.calendars : account?.books) ?? ''
}

function hrefsOf(world: BuiltWorld, { home, collection, member }: Target): Hrefs {
  const path = pathOfHome(world, home)
  const inside = `${path}${collection?.name}/`
  return { home: path, collection: inside, member: inside + member?.name }
}
