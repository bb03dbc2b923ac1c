import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import {
  type Answer,
  calendarQueryBody,
  type Headers,
  type Multistatus,
  multigetBody,
  preconditionsOf,
  propfindBody,
  type ResponseElement,
  readMultistatus,
  syncBody,
} from '../client.ts'
import { type Activity, type CollectionReplica, collectionAt, type Kind, type Replica } from './replica.ts'

/** Brings a replica to the server's state, the way of its kind. */
export function* pull(replica: Replica): Activity {
  if (replica.kind === 'ios') {
    yield* pullChangedCollections(replica)
    return
  }
  const ctags = yield* listCollections(replica)
  for (const [href, ctag] of ctags) yield* pullCollection(replica, href, ctag)
}

function* pullCollection(replica: Replica, href: string, ctag: string): Activity {
  const collection = collectionAt(replica, href)
  switch (replica.kind) {
    case 'davx5': {
      const state = yield* propfind(replica, href, '0', [dav('sync-token'), cs('getctag')])
      if (!state) return
      if (state.of(href).text(dav('sync-token')) === collection.token) return
      yield* syncMembers(replica, href)
      return
    }
    case 'kde': {
      if (ctag === collection.ctag) return
      yield* listMembers(replica, href)
      // The tag is from before the listing: what came in between changes it again.
      collection.ctag = ctag
      return
    }
    case 'vdirsyncer':
      yield* listMembers(replica, href)
      return
    default:
      yield* syncMembers(replica, href)
  }
}

/** What sync-collection of the home says has changed, and only that (IOS-10). */
function* pullChangedCollections(replica: Replica): Activity {
  const { home, collections } = replica
  const changed = new Set<string>()
  let restarts = 0
  let token = replica.homeToken
  let isComplete = token === ''
  for (let isCut = true; isCut; ) {
    const answer = yield syncRequest(replica, home, token)
    if (isInvalidToken(answer)) {
      expectRestart(replica, answer, token, (restarts += 1))
      token = ''
      isComplete = true
      changed.clear()
      continue
    }
    const read = multistatusOf(answer)
    isCut = false
    for (const { href, status } of read.responses) {
      if (status === 507) isCut = true
      else if (status === 404) {
        collections.delete(href)
        changed.delete(href)
      } else changed.add(href)
    }
    token = nextToken(read, token, isCut)
  }
  if (isComplete) keepOnly(collections, changed)
  for (const href of changed) yield* syncMembers(replica, href)
  replica.homeToken = token
}

/** Lists the home, forgets collections that are gone, and gives the ctags of the others. */
function* listCollections(
  replica: Replica,
): Generator<ReturnType<typeof request>, Map<string, string>, Answer> {
  const { home, collections, service } = replica
  const read = yield* propfind(replica, home, '1', [dav('resourcetype'), cs('getctag')])
  if (!read) throw new Error('The home is gone.')
  const type = service === 'calendar' ? caldav('calendar') : carddav('addressbook')
  const listed = read.responses.filter(({ props }) =>
    props
      .get(dav('resourcetype'))
      ?.children.some((child) => typeof child !== 'string' && child.name === type),
  )
  const ctags = new Map(listed.map(({ href, text }) => [href, text(cs('getctag')) ?? '']))
  keepOnly(collections, ctags)
  return ctags
}

/** A sync-collection to its end, then the bodies of what has another ETag. */
function* syncMembers(replica: Replica, href: string): Activity {
  const collection = collectionAt(replica, href)
  const { items } = collection
  const wanted = new Set<string>()
  let restarts = 0
  let token = collection.token
  let seen = token === '' ? new Set<string>() : undefined
  for (let isCut = true; isCut; ) {
    const answer = yield syncRequest(replica, href, token)
    if (answer.status === 404) {
      replica.collections.delete(href)
      return
    }
    if (isInvalidToken(answer)) {
      expectRestart(replica, answer, token, (restarts += 1))
      token = ''
      seen = new Set()
      wanted.clear()
      continue
    }
    const read = multistatusOf(answer)
    isCut = read.responses.some((response) => response.href === href && response.status === 507)
    for (const response of read.responses) {
      if (response.href !== href) take(response, items, wanted, seen)
    }
    token = nextToken(read, token, isCut)
  }
  if (seen) keepOnly(items, seen)
  if (yield* fetchBodies(replica, href, wanted)) collection.token = token
}

function take(
  { href, status, text }: ResponseElement,
  items: CollectionReplica['items'],
  wanted: Set<string>,
  seen: Set<string> | undefined,
): void {
  wanted.delete(href)
  if (status === 404) {
    items.delete(href)
    seen?.delete(href)
    return
  }
  seen?.add(href)
  const etag = etagIn(text)
  const body = text(caldav('calendar-data')) ?? text(carddav('address-data'))
  if (body !== undefined) items.set(href, { etag, body })
  else if (items.get(href)?.etag !== etag) wanted.add(href)
}

/** The listing of ETags, by PROPFIND or by a query for each component. */
function* listMembers(replica: Replica, href: string): Activity {
  const { items } = collectionAt(replica, href)
  const listed: ResponseElement[] = []
  if (replica.kind === 'kde' && replica.service === 'calendar') {
    for (const component of ['VEVENT', 'VTODO', 'VJOURNAL']) {
      const body = calendarQueryBody(`<c:comp-filter name="${component}"/>`, '<d:getetag/><d:resourcetype/>')
      const answer = yield request(replica.kind, 'REPORT', href, { Depth: '1' }, body)
      if (answer.status === 404) return
      listed.push(...multistatusOf(answer).responses)
    }
  } else {
    const names = [dav('resourcetype'), dav('getcontenttype'), dav('getetag')]
    const read = yield* propfind(replica, href, '1', names)
    if (!read) return
    listed.push(...read.responses.filter((response) => response.href !== href))
  }
  keepOnly(items, new Set(listed.map((response) => response.href)))
  const wanted = listed.filter(({ href: member, text }) => items.get(member)?.etag !== etagIn(text))
  yield* fetchBodies(replica, href, new Set(wanted.map((response) => response.href)))
}

/** How many hrefs a multiget of a kind names, and its Depth. */
const multigets: Readonly<Record<Kind, { readonly size: number; readonly headers: Headers }>> = {
  ios: { size: 50, headers: {} },
  davx5: { size: 10, headers: {} },
  thunderbird: { size: 100, headers: { Depth: '1' } },
  kde: { size: 3, headers: { Depth: '1' } },
  vdirsyncer: { size: 100, headers: {} },
}

/** @returns whether the collection was still there */
function* fetchBodies(
  { kind, service, collections }: Replica,
  collection: string,
  wanted: ReadonlySet<string>,
): Generator<ReturnType<typeof request>, boolean, Answer> {
  const { size, headers } = multigets[kind]
  const hrefs = [...wanted]
  for (let at = 0; at < hrefs.length; at += size) {
    const batch = hrefs.slice(at, at + size)
    const answer = yield request(kind, 'REPORT', collection, headers, multigetBody(service, batch))
    if (answer.status === 404) {
      collections.delete(collection)
      return false
    }
    const read = multistatusOf(answer)
    if (read.hrefs.toSorted().join() !== batch.toSorted().join()) {
      throw new Error(`A multiget of ${batch.join(' ')} answered ${read.hrefs.join(' ')}`)
    }
    const items = collections.get(collection)?.items
    for (const { href, status, text } of read.responses) {
      const body = text(caldav('calendar-data')) ?? text(carddav('address-data'))
      if (status === 404) items?.delete(href)
      else if (body === undefined) throw new Error(`The multiget gives no data of ${href}.`)
      else items?.set(href, { etag: etagIn(text), body })
    }
  }
  return true
}

function syncRequest({ kind, service, limit, home }: Replica, href: string, token: string) {
  const isHome = href === home
  const isBookOfThunderbird = kind === 'thunderbird' && service === 'addressbook'
  const names = [dav('getetag')]
  if (isHome) names.push(dav('resourcetype'), cs('getctag'))
  if (kind === 'thunderbird') names.push(dav('getcontenttype'))
  if (isBookOfThunderbird) names.push(carddav('address-data'))
  const depth = kind === 'davx5' ? '0' : '1'
  const body = syncBody(token, isBookOfThunderbird ? undefined : limit, names)
  return request(kind, 'REPORT', href, { Depth: depth }, body)
}

function* propfind(
  { kind }: Replica,
  href: string,
  depth: '0' | '1',
  names: readonly string[],
): Generator<ReturnType<typeof request>, Multistatus | undefined, Answer> {
  const answer = yield request(kind, 'PROPFIND', href, { Depth: depth }, propfindBody(names))
  return answer.status === 404 ? undefined : multistatusOf(answer)
}

const agents: Readonly<Record<Kind, string>> = {
  ios: 'iOS/18.5 (22F76) dataaccessd/1.0',
  davx5: 'DAVx5/4.5.6-ose (at.bitfire.davdroid)',
  thunderbird: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.0',
  kde: 'KDE DAV groupware client',
  vdirsyncer: 'vdirsyncer/0.20.0',
}

function request(kind: Kind, method: string, path: string, headers: Headers, body: string) {
  const type = { 'User-Agent': agents[kind], 'Content-Type': 'application/xml; charset=utf-8' }
  return { method, path, headers: { ...type, ...headers }, body }
}

function multistatusOf(answer: Answer): Multistatus {
  if (answer.status !== 207) throw new Error(`207 was expected, not ${answer.status}: ${answer.text}`)
  return readMultistatus(answer)
}

function isInvalidToken(answer: Answer): boolean {
  return answer.status >= 400 && preconditionsOf(answer).includes(dav('valid-sync-token'))
}

/** Thunderbird's address book recovers from 400 alone, everybody else from 403 (MIN-25, TBA-02). */
function expectRestart(
  { kind, service }: Replica,
  { status }: Answer,
  token: string,
  restarts: number,
): void {
  const expected = kind === 'thunderbird' && service === 'addressbook' ? 400 : 403
  if (status !== expected) throw new Error(`An invalid token was answered ${status}, not ${expected}.`)
  if (token === '') throw new Error('A first sync was refused.')
  if (restarts > mostRestarts) throw new Error('The sync starts again and again.')
}

/** More often than deletions are forgotten during one sync here. */
const mostRestarts = 5

/** A cut answer has to make progress (DVX-07), any other a token (DVX-06). */
function nextToken({ syncToken }: Multistatus, token: string, isCut: boolean): string {
  if (!syncToken) throw new Error('The answer has no sync-token.')
  if (isCut && syncToken === token) throw new Error('A cut answer gives the same token again.')
  return syncToken
}

function etagIn(text: (name: string) => string | undefined): string {
  const etag = text(dav('getetag'))
  if (!etag) throw new Error('A member has no getetag.')
  return etag
}

function keepOnly(all: Map<string, unknown>, kept: { has(key: string): boolean }): void {
  for (const key of all.keys()) if (!kept.has(key)) all.delete(key)
}
