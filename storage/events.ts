import type { CollectionId, FeedId, NodeId, ObjectId, PartyId, PrincipalId } from './ids.ts'
import { insertRows } from './insert-rows.ts'
import type { Origin } from './origin.ts'
import type { Writer } from './store.ts'

/** What happened, for those who listen: push, server-sent events, webhooks. */
export interface NewEvent {
  readonly principalId: PrincipalId
  readonly feedId: FeedId
  readonly kind:
    | 'object-put'
    | 'object-deleted'
    | 'collection-created'
    | 'collection-changed'
    | 'collection-deleted'
    | 'node-put'
    | 'node-deleted'
  /** Of a member; of a folder, a file or a collection for their kinds. */
  readonly objectId?: ObjectId | NodeId | CollectionId | undefined
  /** The name of the member or of the collection. */
  readonly name?: string | undefined
}

/** Writes the event into the log, in the transaction of what it tells. */
export async function addEvent(tx: Writer, event: NewEvent, origin: Origin): Promise<void> {
  await tx.sql.run(
    `INSERT INTO events (principal_id, feed_id, kind, object_id, name, device_id, request_id, at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      event.principalId,
      event.feedId,
      event.kind,
      event.objectId,
      event.name,
      origin.deviceId,
      origin.requestId,
      tx.now,
    ],
  )
  tx.wakes.add('events')
}

/** What happened to a fact beside cards. */
export interface FactEvent {
  /** What happened, in small letters with hyphens: `note-added`, `party-changed`. The list is open. */
  readonly kind: string
  /** Whom it is about. Without `readers` whoever may see such a person may read the event. */
  readonly parties?: readonly PartyId[] | undefined
  /** Who alone may read it: of something private, or of what is about no person. */
  readonly readers?: readonly PrincipalId[] | undefined
  /** The row it is about, by what the API calls it: `{ kind: 'note', id: 12 }`. */
  readonly about?: { readonly kind: string; readonly id: number } | undefined
}

/**
 * Writes events of facts into the log, in the transaction of what they tell: one row for each person, and each reader
 * where only some may know. No ETag and no change number moves with them (law 5).
 * @throws TypeError for one that nobody could read
 */
export async function addFactEvents(tx: Writer, events: readonly FactEvent[], origin: Origin): Promise<void> {
  const rows = events.flatMap((event) => rowsOf(event, origin, tx.now))
  if (rows.length === 0) return
  await insertRows(tx, 'events', factColumns, rows)
  tx.wakes.add('events')
}

/** The same for one. */
export function addFactEvent(tx: Writer, event: FactEvent, origin: Origin): Promise<void> {
  return addFactEvents(tx, [event], origin)
}

const factColumns = [
  ...['principal_id', 'feed_id', 'kind', 'party_id', 'ref_kind', 'ref_id', 'device_id', 'request_id', 'at'],
]
/** The id of no row: of everybody who may see the person, and of no feed. */
const nobody = 0

function rowsOf({ kind, parties, readers, about }: FactEvent, origin: Origin, now: number): unknown[][] {
  if (!parties?.length && !readers?.length) throw new TypeError(`Nobody could read the event ${kind}.`)
  const people = parties?.length ? parties : [undefined]
  return people.flatMap((party) =>
    (readers ?? [nobody]).map((reader) => [
      ...[reader, nobody, kind, party, about?.kind, about?.id],
      ...[origin.deviceId, origin.requestId, now],
    ]),
  )
}
