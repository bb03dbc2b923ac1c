import fc from 'fast-check'
import type { Headers } from '../client.ts'
import { type Change, itemAt, type Replica, view, type WireRequest } from './replica.ts'

/** What the user of a client does on it, offline. */
export type UserAction =
  | { readonly kind: 'create'; readonly place: number; readonly uid: number; readonly text: number }
  | { readonly kind: 'edit'; readonly pick: number; readonly text: number }
  | { readonly kind: 'delete'; readonly pick: number }
  | { readonly kind: 'move'; readonly pick: number; readonly place: number }

/** What somebody else writes to the server at once; `pick` is one of the members that are there. */
export type Write =
  | {
      readonly kind: 'put'
      readonly place: number
      readonly uid: number
      readonly other: boolean
      readonly text: number
    }
  | { readonly kind: 'change'; readonly pick: number; readonly text: number }
  | { readonly kind: 'delete'; readonly pick: number }
  | {
      readonly kind: 'move' | 'copy'
      readonly pick: number
      readonly to: number
      readonly uid: number | undefined
    }
  | { readonly kind: 'make' | 'remove' | 'rename'; readonly place: number; readonly text: number }
  | { readonly kind: 'carry'; readonly place: number; readonly to: number }

/** One step of a run. */
export type Operation =
  | { readonly kind: 'user'; readonly client: number; readonly action: UserAction }
  /** A client goes on with its sync for some requests; `lost`: the last answer never reaches it, and it starts anew. */
  | { readonly kind: 'sync'; readonly client: number; readonly requests: number; readonly lost: boolean }
  | { readonly kind: 'write'; readonly write: Write }
  /** Writes and syncs that overlap. */
  | { readonly kind: 'storm'; readonly writes: readonly Write[]; readonly requests: number }
  /** The server forgets deletions, so that older tokens are refused. */
  | { readonly kind: 'purge' }

const place = fc.nat(2)
const uid = fc.nat(5)
const text = fc.nat(20)
const other = fc.boolean()
const pick = fc.nat(30)

const userAction: fc.Arbitrary<UserAction> = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), place, uid, text }),
  fc.record({ kind: fc.constant('edit' as const), pick, text }),
  fc.record({ kind: fc.constant('delete' as const), pick }),
  fc.record({ kind: fc.constant('move' as const), pick, place }),
)

const write: fc.Arbitrary<Write> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('put' as const), place, uid, other, text }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('change' as const), pick, text }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('delete' as const), pick }) },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('move' as const, 'move' as const, 'copy' as const),
      pick,
      to: place,
      uid: fc.option(uid, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom('make' as const, 'make' as const, 'remove' as const, 'rename' as const),
      place,
      text,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('carry' as const), place, to: place }) },
)

const client = fc.nat(3)
const operation: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('user' as const), client, action: userAction }) },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('sync' as const),
      client,
      requests: fc.integer({ min: 1, max: 12 }),
      lost: fc.nat(7).map((chance) => chance === 0),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), write }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('storm' as const),
      writes: fc.array(write, { minLength: 2, maxLength: 6 }),
      requests: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'purge' as const }) },
)

/** Runs of some length. */
export const operations: fc.Arbitrary<Operation[]> = fc.array(operation, { minLength: 5, maxLength: 40 })

/** How a service names and writes things. */
export interface Objects {
  readonly home: string
  readonly extension: '.ics' | '.vcf'
  readonly places: readonly string[]
  body(uid: string, text: number): string
  /** The MKCALENDAR or MKCOL that makes a collection. */
  readonly make: { readonly method: string; readonly headers: Headers; readonly body: string }
}

/** Does on a replica what its user wants; wishes that mean nothing there are passed over. */
export function act(replica: Replica, action: UserAction, objects: Objects): void {
  const { changes } = replica
  const seen = view(replica)
  if (action.kind === 'create') {
    const uid = `u${action.uid}`
    const href = memberOf(objects, action.place, action.uid, false)
    if (!seen.has(href)) put(replica, href, objects.body(uid, action.text))
    return
  }
  const hrefs = [...seen.keys()].toSorted()
  const href = hrefs[action.pick % Math.max(hrefs.length, 1)]
  const body = href && seen.get(href)
  if (href === undefined || body === undefined) return
  const uid = /^UID:(.*)\r$/m.exec(body)?.[1] ?? ''
  const base = itemAt(replica, href)?.etag
  if (action.kind === 'edit') put(replica, href, objects.body(uid, action.text))
  else if (base === undefined) changes.delete(href)
  else if (action.kind === 'delete') changes.set(href, { kind: 'delete', href, base })
  else {
    const to = (objects.places[action.place] ?? '') + href.slice(href.lastIndexOf('/') + 1)
    if (to !== href && !seen.has(to)) changes.set(href, { kind: 'move', href, to, base, body })
  }
}

function put({ changes, ...replica }: Replica, href: string, body: string): void {
  const before = changes.get(href)
  const base = before ? before.base : itemAt({ changes, ...replica }, href)?.etag
  const change: Change = { kind: 'put', href, base, body }
  changes.set(href, change)
}

/** `other` is a second name for the same UID, which only one of both can have at a time. */
export function memberOf({ places, extension }: Objects, at: number, uid: number, other: boolean): string {
  return `${places[at] ?? ''}u${uid}${other ? '-b' : ''}${extension}`
}

/** What a write is on the wire, without conditions, as another client or the web would send it. */
export function writeRequest(
  write: Write,
  objects: Objects,
  present: ReadonlySet<string>,
): WireRequest | undefined {
  const { places, make } = objects
  switch (write.kind) {
    case 'put': {
      const path = memberOf(objects, write.place, write.uid, write.other)
      return putRequest(objects, path, `u${write.uid}`, write.text)
    }
    case 'change': {
      const path = picked(present, write.pick)
      return path === undefined ? undefined : putRequest(objects, path, uidOf(path), write.text)
    }
    case 'delete': {
      const path = picked(present, write.pick)
      return path === undefined ? undefined : { method: 'DELETE', path, headers: {} }
    }
    case 'move':
    case 'copy': {
      const path = picked(present, write.pick)
      if (path === undefined) return undefined
      const name = path.slice(path.lastIndexOf('/') + 1)
      const same = (places[write.to] ?? '') + name
      const to = write.uid === undefined ? same : memberOf(objects, write.to, write.uid, true)
      return { method: write.kind.toUpperCase(), path, headers: { Destination: to } }
    }
    default:
      return collectionRequest(write, places, make)
  }
}

function collectionRequest(
  write: Extract<Write, { place: number }> & { kind: 'make' | 'remove' | 'rename' | 'carry' },
  places: readonly string[],
  make: Objects['make'],
): WireRequest {
  const path = places[write.place] ?? ''
  switch (write.kind) {
    case 'make':
      return { ...make, path }
    case 'remove':
      return { method: 'DELETE', path, headers: {} }
    case 'rename': {
      const body = `<d:propertyupdate xmlns:d="DAV:"><d:set><d:prop><d:displayname>name ${write.text}</d:displayname></d:prop></d:set></d:propertyupdate>`
      return { method: 'PROPPATCH', path, headers: { 'Content-Type': 'application/xml' }, body }
    }
    case 'carry':
      return { method: 'MOVE', path, headers: { Destination: places[write.to] ?? '', Overwrite: 'T' } }
  }
}

function putRequest(objects: Objects, path: string, uid: string, text: number): WireRequest {
  const type = objects.extension === '.ics' ? 'text/calendar' : 'text/vcard'
  return { method: 'PUT', path, headers: { 'Content-Type': type }, body: objects.body(uid, text) }
}

function picked(present: ReadonlySet<string>, pick: number): string | undefined {
  return [...present][pick % Math.max(present.size, 1)]
}

/** The UID that the name stands for; that of the octets may be another one after a move. */
function uidOf(path: string): string {
  return /(u\d+)(-b)?\.\w+$/.exec(path)?.[1] ?? ''
}

/** Keeps the account of which members are there, as far as answers tell. */
export function note(present: Set<string>, { method, path, headers }: WireRequest, status: number): void {
  if (status < 200 || status > 299) return
  const destination = headers.Destination
  if (method === 'PUT') present.add(path)
  if (method === 'DELETE') for (const gone of [...present]) if (gone.startsWith(path)) present.delete(gone)
  if (destination === undefined) return
  for (const moved of [...present]) {
    if (!moved.startsWith(path)) continue
    if (method === 'MOVE') present.delete(moved)
    present.add(destination + moved.slice(path.length))
  }
}
