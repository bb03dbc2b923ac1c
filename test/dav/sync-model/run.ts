import { expect } from 'vitest'
import { caldav, carddav, dav } from '../../../protocol/dav/names.ts'
import { purgeExpired } from '../../../storage/purge.ts'
import type { Answer } from '../client.ts'
import { card, event } from '../objects.ts'
import type { Account, TestServer } from '../server.ts'
import { act, memberOf, note, type Objects, type Operation, type Write, writeRequest } from './operations.ts'
import { pull } from './pull.ts'
import { push } from './push.ts'
import { type Activity, type Kind, newReplica, type Replica, type WireRequest } from './replica.ts'

export interface ClientSpec {
  readonly kind: Kind
  readonly limit: number | undefined
  /** Whether it has synced once before the others begin to write. */
  readonly isSettled: boolean
}

/** Where a run takes place. */
interface World {
  readonly account: Account
  readonly objects: Objects
  /** Members that are there, as far as answers told. */
  readonly present: Set<string>
}

/** A client and what it is in the middle of. */
interface Running {
  readonly replica: Replica
  activity: Activity | undefined
  /** The request it wants to send next; undefined before its first. */
  next: WireRequest | undefined
}

/**
 * Plays the operations, lets every client finish, and expects that each has what the server lists, bodies too.
 * @throws where a client meets what no client of its kind can live with: a fault, no ETag, no progress
 */
export async function play(
  server: TestServer,
  service: Replica['service'],
  clients: readonly ClientSpec[],
  operations: readonly Operation[],
): Promise<void> {
  const account = await server.account()
  const objects = objectsOf(account, service)
  const world: World = { account, objects, present: new Set() }
  const all = clients.map(
    ({ kind, limit }): Running => ({
      replica: newReplica(kind, service, objects.home, limit),
      activity: undefined,
      next: undefined,
    }),
  )
  await furnish(world)
  for (const [at, { isSettled }] of clients.entries()) {
    const replica = all[at]?.replica
    if (isSettled && replica) await finish(world, pull(replica))
  }
  for (const operation of operations) await step(server, world, all, operation)
  for (const { replica } of all) await finish(world, push(replica))
  for (const { replica } of all) await finish(world, pull(replica))
  const truth = await listing(account, objects, service)
  for (const { replica } of all) expect(contents(replica), replica.kind).toEqual(truth)
  const fresh = newReplica(clients[0]?.kind ?? 'ios', service, objects.home, 1)
  await finish(world, pull(fresh))
  expect(contents(fresh), 'a new client').toEqual(truth)
}

/** A second collection, and members in both. */
async function furnish(world: World): Promise<void> {
  const { objects } = world
  await exchange(world, { ...objects.make, path: objects.places[1] ?? '' })
  for (const [place, uid] of [
    [0, 0],
    [0, 1],
    [0, 2],
    [0, 3],
    [1, 4],
    [1, 5],
  ] as const) {
    const body = objects.body(`u${uid}`, 0)
    await exchange(world, { method: 'PUT', path: memberOf(objects, place, uid, false), headers: {}, body })
  }
}

async function step(
  server: TestServer,
  world: World,
  all: readonly Running[],
  operation: Operation,
): Promise<void> {
  switch (operation.kind) {
    case 'user': {
      const running = all[operation.client % all.length]
      if (running) act(running.replica, operation.action, world.objects)
      return
    }
    case 'sync': {
      const running = all[operation.client % all.length]
      if (running) await goOn(world, running, operation.requests, operation.lost)
      return
    }
    case 'write':
      await writeNow(world, operation.write)
      return
    case 'storm': {
      const writes = operation.writes.map((write) => writeNow(world, write))
      await Promise.all([...writes, ...all.map((running) => goOn(world, running, operation.requests, false))])
      return
    }
    case 'purge':
      await forgetDeletions(server)
  }
}

/** A sync, then the next one, without end. */
function* syncs(replica: Replica): Activity {
  for (;;) {
    yield* push(replica)
    yield* pull(replica)
  }
}

async function goOn(world: World, running: Running, requests: number, lost: boolean): Promise<void> {
  for (let sent = 1; sent <= requests; sent += 1) {
    if (!running.activity) {
      running.activity = syncs(running.replica)
      running.next = requestOf(running.activity.next(noAnswer))
    }
    const answer = running.next && (await exchange(world, running.next))
    if (lost && sent === requests) running.activity = undefined
    else if (answer) running.next = requestOf(running.activity.next(answer))
  }
}

async function finish(world: World, activity: Activity): Promise<void> {
  for (let next = activity.next(noAnswer); !next.done; ) {
    next = activity.next(await exchange(world, next.value))
  }
}

function requestOf(result: IteratorResult<WireRequest, void>): WireRequest | undefined {
  return result.done ? undefined : result.value
}

async function exchange(world: World, request: WireRequest): Promise<Answer> {
  const { method, path, headers, body } = request
  const sent = body === undefined ? { headers } : { headers, body }
  const answer = await world.account.request(method, path, sent)
  expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(500)
  note(world.present, request, answer.status)
  return answer
}

async function writeNow(world: World, write: Write): Promise<void> {
  const request = writeRequest(write, world.objects, world.present)
  if (request) await exchange(world, request)
}

/** What the job does after the time that tombstones are kept. */
export async function forgetDeletions({ services, clock }: TestServer): Promise<void> {
  const never = 0
  await services.store.write((tx) =>
    purgeExpired(tx, {
      revisionsBefore: never,
      keepRevisions: 10,
      trashBefore: never,
      tombstonesBefore: clock.now + 1,
      eventsBefore: never,
      notificationsBefore: never,
      batch: 1_000,
    }),
  )
}

type Contents = Record<string, Record<string, { etag: string; body: string }>>

function contents({ collections }: Replica): Contents {
  return Object.fromEntries(
    [...collections].map(([href, { items }]) => [href, Object.fromEntries(items)] as const),
  )
}

/** What the server has: its listing, and each member by GET. */
async function listing(account: Account, { home }: Objects, service: Replica['service']): Promise<Contents> {
  const type = service === 'calendar' ? caldav('calendar') : carddav('addressbook')
  const found: Contents = {}
  for (const { href, props } of (await account.propfind(home, 1, [dav('resourcetype')])).responses) {
    const types = props.get(dav('resourcetype'))?.children ?? []
    if (!types.some((child) => typeof child !== 'string' && child.name === type)) continue
    const members: Contents[string] = {}
    for (const { href: member, text } of (await account.propfind(href, 1, [dav('getetag')])).responses) {
      if (member === href) continue
      const got = await account.get(member)
      expect([got.status, got.headers.etag]).toEqual([200, text(dav('getetag'))])
      members[member] = { etag: text(dav('getetag')) ?? '', body: got.text }
    }
    found[href] = members
  }
  return found
}

function objectsOf({ calendars, books }: Account, service: Replica['service']): Objects {
  if (service === 'calendar') {
    return {
      home: calendars,
      extension: '.ics',
      places: ['calendar/', 'x/', 'y%20z/'].map((name) => calendars + name),
      body: (uid, text) => event(uid, ['DTSTART:20260115T100000Z', `LOCATION:Room ${text}`]),
      make: { method: 'MKCALENDAR', headers: {}, body: '' },
    }
  }
  const type = '<d:resourcetype><d:collection/><c:addressbook/></d:resourcetype>'
  return {
    home: books,
    extension: '.vcf',
    places: ['contacts/', 'x/', 'y%20z/'].map((name) => books + name),
    body: (uid, text) => card(uid, `Person ${text}`),
    make: {
      method: 'MKCOL',
      headers: { 'Content-Type': 'application/xml' },
      body: `<d:mkcol xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:carddav"><d:set><d:prop>${type}</d:prop></d:set></d:mkcol>`,
    },
  }
}

const noAnswer: Answer = { status: 0, headers: {}, body: Buffer.alloc(0), text: '' }
