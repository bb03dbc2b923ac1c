import type { Answer, Headers } from '../client.ts'

/** The clients of the model, by what they are like on the wire. */
export const kinds = ['ios', 'davx5', 'thunderbird', 'kde', 'vdirsyncer'] as const
export type Kind = (typeof kinds)[number]

/** One request; the answer comes back into the generator that wanted it. */
export interface WireRequest {
  readonly method: string
  readonly path: string
  readonly headers: Headers
  readonly body?: string
}

/** What a client does, request by request. It may be broken off after any of them, as a phone's battery does. */
export type Activity = Generator<WireRequest, void, Answer>

/** A member as the server last showed it. */
export interface Item {
  readonly etag: string
  readonly body: string
}

export interface CollectionReplica {
  /** '' before the first sync. */
  token: string
  ctag: string | undefined
  readonly items: Map<string, Item>
}

/** What its user did and the server does not know yet. `base` is the ETag it was done to; undefined for what is new. */
export type Change =
  | { readonly kind: 'put'; readonly href: string; readonly base: string | undefined; readonly body: string }
  | { readonly kind: 'delete'; readonly href: string; readonly base: string }
  | {
      readonly kind: 'move'
      readonly href: string
      readonly to: string
      readonly base: string
      readonly body: string
    }

/** All that a client keeps. */
export interface Replica {
  readonly kind: Kind
  readonly service: 'calendar' | 'addressbook'
  readonly home: string
  /** Members of an answer to ask for at most; undefined for no limit. */
  readonly limit: number | undefined
  homeToken: string
  readonly collections: Map<string, CollectionReplica>
  /** By the href they are about. */
  readonly changes: Map<string, Change>
}

export function newReplica(
  kind: Kind,
  service: Replica['service'],
  home: string,
  limit: number | undefined,
): Replica {
  return { kind, service, home, limit, homeToken: '', collections: new Map(), changes: new Map() }
}

/** The replica of a collection, empty at first. */
export function collectionAt({ collections }: Replica, href: string): CollectionReplica {
  const found = collections.get(href)
  if (found) return found
  const made: CollectionReplica = { token: '', ctag: undefined, items: new Map() }
  collections.set(href, made)
  return made
}

export function collectionOf(href: string): string {
  return href.slice(0, href.lastIndexOf('/') + 1)
}

export function itemAt(replica: Replica, href: string): Item | undefined {
  return replica.collections.get(collectionOf(href))?.items.get(href)
}

/** What the user sees: the server's members with the user's own changes over them. */
export function view(replica: Replica): Map<string, string> {
  const seen = new Map<string, string>()
  for (const { items } of replica.collections.values()) {
    for (const [href, { body }] of items) seen.set(href, body)
  }
  for (const change of replica.changes.values()) {
    if (change.kind !== 'put') seen.delete(change.href)
    if (change.kind === 'put') seen.set(change.href, change.body)
  }
  return seen
}
