import type { CollectionId, PrincipalId } from '../ids.ts'
import { selectList } from '../select.ts'
import type { Reader, Writer } from '../store.ts'

/** What was fetched last for a calendar with a source. */
export interface SubscriptionRow {
  readonly collectionId: CollectionId
  /** What the publisher said of the state that was taken, for conditional requests. */
  readonly etag: string | null
  readonly lastModified: string | null
  /** A hash of its octets. */
  readonly digest: string | null
  /** How often the publisher wants to be asked, in milliseconds. */
  readonly publishedMs: number | null
  /** When the publisher last answered. */
  readonly fetchedAt: number | null
  /** How many objects in it could not be taken. */
  readonly skipped: number
}

const fields: readonly (keyof SubscriptionRow & string)[] = [
  'collectionId',
  'etag',
  'lastModified',
  'digest',
  'publishedMs',
  'fetchedAt',
  'skipped',
]

export function findSubscription(reader: Reader, id: CollectionId): Promise<SubscriptionRow | undefined> {
  return reader.sql.first<SubscriptionRow>(
    `SELECT ${selectList<SubscriptionRow>('s', fields)} FROM subscriptions s WHERE s.collection_id = $1`,
    [id],
  )
}

export async function saveSubscription(tx: Writer, row: SubscriptionRow): Promise<void> {
  await tx.sql.run(
    `INSERT INTO subscriptions (collection_id, etag, last_modified, digest, published_ms, fetched_at, skipped)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (collection_id) DO UPDATE SET etag = excluded.etag, last_modified = excluded.last_modified,
       digest = excluded.digest, published_ms = excluded.published_ms, fetched_at = excluded.fetched_at,
       skipped = excluded.skipped`,
    [row.collectionId, row.etag, row.lastModified, row.digest, row.publishedMs, row.fetchedAt, row.skipped],
  )
}

/** Forgets what was fetched, so that all of it is fetched again. */
export async function forgetSubscription(tx: Writer, id: CollectionId): Promise<void> {
  await tx.sql.run('DELETE FROM subscriptions WHERE collection_id = $1', [id])
}

/** Whether a collection is gone for good, and not only in the trash. */
export async function isPurged(reader: Reader, id: CollectionId): Promise<boolean> {
  return (await reader.sql.first('SELECT 1 FROM collections WHERE id = $1', [id])) === undefined
}

/** A calendar with a source, and how it stands with it. */
export interface SubscriptionState {
  readonly collectionId: CollectionId
  readonly name: string
  readonly displayname: string | null
  readonly source: string
  readonly objects: number
  readonly skipped: number
  readonly fetchedAt: number | null
  readonly nextAt: number | null
  readonly lastError: string | null
}

/** The living calendars of an account that have a source. */
export function listSubscriptions(reader: Reader, principalId: PrincipalId): Promise<SubscriptionState[]> {
  return reader.sql.all<SubscriptionState>(
    `SELECT c.id AS "collectionId", c.name, c.displayname, c.source, coalesce(s.skipped, 0) AS skipped,
       (SELECT count(*) FROM objects o WHERE o.collection_id = c.id) AS objects,
       s.fetched_at AS "fetchedAt", j.next_at AS "nextAt", j.last_error AS "lastError"
     FROM collections c LEFT JOIN subscriptions s ON s.collection_id = c.id
       LEFT JOIN jobs j ON j.key = 'subscription:' || CAST(c.id AS text)
     WHERE c.principal_id = $1 AND c.source IS NOT NULL AND c.deleted_at IS NULL ORDER BY c.id`,
    [principalId],
  )
}
