import type { Answer, Headers } from '../client.ts'
import {
  type Activity,
  type Change,
  collectionAt,
  collectionOf,
  itemAt,
  type Replica,
  type WireRequest,
} from './replica.ts'

type Put = Extract<Change, { kind: 'put' }>
type Delete = Extract<Change, { kind: 'delete' }>
type Move = Extract<Change, { kind: 'move' }>
/** What an answer means for the change that it answers. */
type Outcome = 'done' | 'lost'

/** Sends what the user did, each as a client of its kind does; where the server refuses, the server's state wins. */
export function* push(replica: Replica): Activity {
  for (const change of [...replica.changes.values()]) {
    const outcome = yield* send(replica, change)
    const present = replica.changes.get(change.href)
    if (present === change || outcome === 'lost') replica.changes.delete(change.href)
    else if (present) rebase(replica, present)
  }
}

/** The user went on while the request was under way: what he did since is done to the new state. */
function rebase(replica: Replica, change: Change): void {
  const base = itemAt(replica, change.href)?.etag
  replica.changes.delete(change.href)
  if (change.kind === 'put') replica.changes.set(change.href, { ...change, base })
  else if (base !== undefined) replica.changes.set(change.href, { ...change, base })
}

function* send(replica: Replica, change: Change): Generator<WireRequest, Outcome, Answer> {
  switch (change.kind) {
    case 'put':
      return yield* sendPut(replica, change)
    case 'delete':
      return yield* sendDelete(replica, change)
    case 'move':
      return replica.kind === 'ios'
        ? yield* sendMove(replica, change)
        : yield* sendCopyAndDelete(replica, change)
  }
}

function* sendPut(replica: Replica, change: Put): Generator<WireRequest, Outcome, Answer> {
  const { href, base, body } = change
  const answer = yield write(replica, 'PUT', href, conditions(replica, base), body)
  switch (answer.status) {
    case 201:
    case 204:
      stored(replica, href, body, answer)
      return 'done'
    case 404:
    case 410:
      // DVX: PUT again as new.
      return base === undefined ? 'lost' : yield* sendPut(replica, { ...change, base: undefined })
    case 412:
      // Thunderbird asks its user, who says "overwrite" here.
      if (replica.kind === 'thunderbird' && base !== undefined) return yield* overwrite(replica, change)
      return 'lost'
    case 403:
    case 409:
      return 'lost'
    default:
      throw new Error(`PUT ${href} answered ${answer.status}: ${answer.text}`)
  }
}

function* overwrite(replica: Replica, { href, body }: Put): Generator<WireRequest, Outcome, Answer> {
  const answer = yield write(replica, 'PUT', href, {}, body)
  if (answer.status !== 201 && answer.status !== 204) return 'lost'
  stored(replica, href, body, answer)
  return 'done'
}

function* sendDelete(replica: Replica, { href, base }: Delete): Generator<WireRequest, Outcome, Answer> {
  const answer = yield write(replica, 'DELETE', href, conditions(replica, base))
  if (![204, 404, 410, 412].includes(answer.status))
    throw new Error(`DELETE ${href} answered ${answer.status}`)
  if (answer.status === 412) return 'lost'
  forget(replica, href)
  return 'done'
}

/** An iPhone moves by MOVE, and PUTs where there is nothing to move (IOS-23). */
function* sendMove(replica: Replica, { href, to, body }: Move): Generator<WireRequest, Outcome, Answer> {
  const answer = yield write(replica, 'MOVE', href, { Destination: to })
  switch (answer.status) {
    case 201:
    case 204:
      forget(replica, href)
      return 'done'
    case 404:
      yield* sendPut(replica, { kind: 'put', href: to, base: undefined, body })
      return 'done'
    case 403:
    case 409:
    case 412:
      return 'lost'
    default:
      throw new Error(`MOVE ${href} answered ${answer.status}: ${answer.text}`)
  }
}

/** Everybody else makes a new one there and deletes the old one here (MIN-37). */
function* sendCopyAndDelete(
  replica: Replica,
  { href, to, base, body }: Move,
): Generator<WireRequest, Outcome, Answer> {
  const made = yield* sendPut(replica, { kind: 'put', href: to, base: undefined, body })
  if (made === 'lost') return 'lost'
  return yield* sendDelete(replica, { kind: 'delete', href, base })
}

/** Thunderbird's address book writes without conditions (TBA-09). */
function conditions({ kind, service }: Replica, base: string | undefined): Headers {
  if (kind === 'thunderbird' && service === 'addressbook') return {}
  return base === undefined ? { 'If-None-Match': '*' } : { 'If-Match': base }
}

function forget({ collections }: Replica, href: string): void {
  collections.get(collectionOf(href))?.items.delete(href)
}

/** The ETag of the answer says that what was sent is what is stored: it is not read back. */
function stored(replica: Replica, href: string, body: string, { headers }: Answer): void {
  const { etag } = headers
  if (etag === undefined) throw new Error(`PUT ${href} answered without an ETag.`)
  collectionAt(replica, collectionOf(href)).items.set(href, { etag, body })
}

function write(
  { kind, service }: Replica,
  method: string,
  path: string,
  headers: Headers,
  body?: string,
): WireRequest {
  const type = service === 'calendar' ? 'text/calendar; charset=utf-8' : 'text/vcard; charset=utf-8'
  const agent = { 'User-Agent': kind }
  return body === undefined
    ? { method, path, headers: { ...agent, ...headers } }
    : { method, path, headers: { ...agent, 'Content-Type': type, ...headers }, body }
}
