import type { FeedId, NodeId, ObjectId, PrincipalId } from './ids.ts'
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
  /** Of a member; of a folder or a file for their kinds. */
  readonly objectId?: ObjectId | NodeId | undefined
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
}
