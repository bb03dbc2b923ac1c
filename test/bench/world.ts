import { type CardItem, generateCards } from './cards.ts'
import { discover } from './discovery.ts'
import { type EventItem, generateEvents } from './events.ts'
import type { Client } from './http-client.ts'
import { type Item, WrongAnswerError } from './item.ts'
import { type Multistatus, pathOf, readMultistatus } from './multistatus.ts'
import { type Kind, makeCollection, propfind, put } from './requests.ts'
import { canonicalLines } from './same-object.ts'

/** A collection on the measured server and what is known of it. */
export interface Collection<I extends Item = Item> {
  readonly kind: Kind
  /** Path as on the wire, with the slash at the end. */
  readonly path: string
  readonly items: readonly I[]
  /** Canonical lines of the body, by name. */
  readonly canonical: ReadonlyMap<string, readonly string[]>
  /** ETags by name; changed by whoever writes. */
  readonly etags: Map<string, string>
}

/** Everything an operation measures against. */
export interface World {
  readonly client: Client
  readonly base: URL
  readonly cards: Collection<CardItem>
  readonly events: Collection<EventItem>
}

/** Puts items into a collection by a way of the server's own; false when it has none. */
export type Fill = (path: string, items: readonly Item[]) => boolean

/**
 * Finds the account's homes and fills one address book and one calendar of the bench's own. Those of
 * an earlier run are used again when they are whole and `reuse` is set, else made anew.
 */
export async function prepareWorld(
  client: Client,
  base: URL,
  count: number,
  reuse: boolean,
  fill: Fill = () => false,
): Promise<World> {
  const { addressBookHome, calendarHome } = await discover(client, base)
  const cards = describe('cards', `${addressBookHome}bench-cards-${count}/`, generateCards(count))
  const events = describe('events', `${calendarHome}bench-events-${count}/`, generateEvents(count))
  for (const collection of [cards, events] as const) {
    if (reuse && (await isWhole(client, collection))) continue
    await client.send({ method: 'DELETE', path: collection.path })
    const { status, body } = await client.send(makeCollection(collection.path, collection.kind))
    if (status !== 201) throw new Error(`cannot make ${collection.path}: ${status} ${body.subarray(0, 300)}`)
    if (!fill(collection.path, collection.items))
      await inParallel<Item>(8, collection.items, (item) => store(client, collection, item, true))
    if (!(await isWhole(client, collection))) throw new Error(`${collection.path} does not list what was put`)
  }
  return { client, base, cards, events }
}

/** Deletes the bench's own collections. */
export async function removeWorld({ client, cards, events }: World): Promise<void> {
  for (const { path } of [cards, events]) await client.send({ method: 'DELETE', path })
}

/** PUTs an item and keeps its ETag; a refused PUT is a wrong answer. */
export async function store(
  client: Client,
  collection: Collection,
  item: Item,
  isNew: boolean,
): Promise<number> {
  const path = collection.path + item.name
  const { status, headers, body, latencyMs } = await client.send(put(path, collection.kind, item.body, isNew))
  if (status !== 201 && status !== 204)
    throw new WrongAnswerError(`PUT ${path}: ${status} ${body.subarray(0, 200)}`)
  if (headers.etag === undefined) collection.etags.delete(item.name)
  else collection.etags.set(item.name, headers.etag)
  return latencyMs
}

/** DELETEs a member; one that is not there any more is fine. */
export async function remove(client: Client, collection: Collection, name: string): Promise<void> {
  const { status } = await client.send({ method: 'DELETE', path: collection.path + name })
  if (status >= 300 && status !== 404)
    throw new WrongAnswerError(`DELETE ${collection.path}${name}: ${status}`)
  collection.etags.delete(name)
}

/** ETags of members by name, from a multistatus; the collection's own response is left out. */
export function memberEtags(collection: Collection, multistatus: Multistatus): Map<string, string> {
  const etags = new Map<string, string>()
  const own = pathOf(collection.path)
  for (const { path, properties } of multistatus.responses) {
    if (path.startsWith(own) && path.length > own.length) {
      etags.set(path.slice(own.length), properties.get('{DAV:}getetag')?.text ?? '')
    }
  }
  return etags
}

/** Runs `work` over all items, `width` at a time. */
export async function inParallel<T>(
  width: number,
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const queue = items[Symbol.iterator]()
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item)
  }
  await Promise.all(Array.from({ length: width }, worker))
}

function describe<I extends Item>(kind: Kind, path: string, items: readonly I[]): Collection<I> {
  const canonical = new Map(items.map((item) => [item.name, canonicalLines(item.body)]))
  return { kind, path, items, canonical, etags: new Map() }
}

/** Whether the members are exactly the items; their ETags are kept. */
async function isWhole(client: Client, collection: Collection): Promise<boolean> {
  const answer = await client.send(propfind(collection.path, '1', '<d:getetag/>'))
  if (answer.status !== 207) return false
  const etags = memberEtags(collection, readMultistatus(answer.body))
  if (etags.size !== collection.items.length || !collection.items.every(({ name }) => etags.has(name)))
    return false
  for (const [name, etag] of etags) collection.etags.set(name, etag)
  return true
}
