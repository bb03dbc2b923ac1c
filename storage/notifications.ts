import { WriteConflictError } from './errors.ts'
import { nextChange, raiseFloor } from './feeds.ts'
import type { FeedId, NotificationId, PrincipalId } from './ids.ts'
import { selectList } from './select.ts'
import type { Reader, Writer } from './store.ts'

/** Something that an account is told, until one of its clients has shown it. */
export interface NotificationRow {
  readonly id: NotificationId
  readonly principalId: PrincipalId
  /** Its segment in URLs. */
  readonly name: string
  readonly kind: string
  /** What it says, as JSON. */
  readonly content: string
  readonly etag: string
  readonly change: number
  readonly createdAt: number
  readonly changedAt: number
  /** When it went; the row is its tombstone. */
  readonly deletedAt: number | null
}

export type NewNotification = Pick<NotificationRow, 'principalId' | 'name' | 'kind' | 'content' | 'etag'>

/** The feed of what an account is told, with the epoch of the database. */
export interface NotificationFeed {
  readonly feedId: FeedId
  readonly feedChange: number
  readonly feedFloor: number
  readonly epoch: string
}

const columns = selectList<NotificationRow>('n', [
  'id',
  'principalId',
  'name',
  'kind',
  'content',
  'etag',
  'change',
  'createdAt',
  'changedAt',
  'deletedAt',
])

/** Undefined for a principal that is told nothing, such as a group. */
export function findNotificationFeed(
  { sql }: Reader,
  principalId: PrincipalId,
): Promise<NotificationFeed | undefined> {
  return sql.first<NotificationFeed>(
    `SELECT f.id AS "feedId", f.change AS "feedChange", f.floor AS "feedFloor",
       (SELECT value FROM meta WHERE key = 'epoch') AS epoch
     FROM feeds f WHERE f.principal_id = $1 AND f.kind = 'notifications'`,
    [principalId],
  )
}

export function findNotification(
  { sql }: Reader,
  principalId: PrincipalId,
  name: string,
): Promise<NotificationRow | undefined> {
  return sql.first<NotificationRow>(
    `SELECT ${columns} FROM notifications n WHERE n.principal_id = $1 AND n.name = $2 AND n.deleted_at IS NULL`,
    [principalId, name],
  )
}

/** All that an account is told, in the order it came; a limit of the feature keeps them few. */
export function listNotifications({ sql }: Reader, principalId: PrincipalId): Promise<NotificationRow[]> {
  return sql.all<NotificationRow>(
    `SELECT ${columns} FROM notifications n WHERE n.principal_id = $1 AND n.deleted_at IS NULL ORDER BY n.change`,
    [principalId],
  )
}

/** What came, changed or went after a change number, the oldest change first. */
export function notificationsSince(
  { sql }: Reader,
  principalId: PrincipalId,
  range: { readonly since: number; readonly upTo: number; readonly limit: number },
): Promise<NotificationRow[]> {
  return sql.all<NotificationRow>(
    `SELECT ${columns} FROM notifications n
     WHERE n.principal_id = $1 AND n.change > $2 AND n.change <= $3 ORDER BY n.change LIMIT $4`,
    [principalId, range.since, range.upTo, range.limit],
  )
}

/** Tells an account something, in the place of what it was told under that name before. */
export async function putNotification(tx: Writer, made: NewNotification): Promise<void> {
  const change = await nextNotificationChange(tx, made.principalId)
  if (change === undefined) return
  await tx.sql.run(
    `INSERT INTO notifications (principal_id, name, kind, content, etag, change, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
     ON CONFLICT (principal_id, name) DO UPDATE SET kind = excluded.kind, content = excluded.content,
       etag = excluded.etag, change = excluded.change, changed_at = excluded.changed_at, deleted_at = NULL`,
    [made.principalId, made.name, made.kind, made.content, made.etag, change, tx.now],
  )
}

/** @returns false when there was none */
export async function deleteNotification(
  tx: Writer,
  principalId: PrincipalId,
  name: string,
): Promise<boolean> {
  const found = await findNotification(tx, principalId, name)
  if (!found) return false
  const change = await nextNotificationChange(tx, principalId)
  const text = `UPDATE notifications SET deleted_at = $2, change = $3, content = '' WHERE id = $1 AND deleted_at IS NULL`
  if ((await tx.sql.run(text, [found.id, tx.now, change])) === 0)
    throw new WriteConflictError('The notification is gone.')
  return true
}

/** Takes away the oldest ones beyond so many. */
export async function trimNotifications(tx: Writer, principalId: PrincipalId, limit: number): Promise<void> {
  const rows = await listNotifications(tx, principalId)
  for (const { name } of rows.slice(0, Math.max(rows.length - limit, 0)))
    await deleteNotification(tx, principalId, name)
}

/**
 * Takes away what was told before one time and the tombstones of before another; tokens that would need those become
 * invalid.
 * @returns how many of both
 */
export async function purgeNotifications(
  tx: Writer,
  {
    before,
    tombstonesBefore,
    batch,
  }: { readonly before: number; readonly tombstonesBefore: number; readonly batch: number },
): Promise<number> {
  const old = await tx.sql.all<NotificationRow>(
    `SELECT ${columns} FROM notifications n WHERE n.deleted_at IS NULL AND n.changed_at < $1
     ORDER BY n.principal_id, n.change LIMIT $2`,
    [before, batch],
  )
  for (const { principalId, name } of old) await deleteNotification(tx, principalId, name)
  const gone = await tx.sql.all<{ id: NotificationId; change: number; feedId: FeedId }>(
    `SELECT n.id, n.change, f.id AS "feedId" FROM notifications n
     JOIN feeds f ON f.principal_id = n.principal_id AND f.kind = 'notifications'
     WHERE n.deleted_at < $1 ORDER BY f.id, n.change LIMIT $2`,
    [tombstonesBefore, batch],
  )
  for (const { id, change, feedId } of gone) {
    await raiseFloor(tx, feedId, change)
    await tx.sql.run('DELETE FROM notifications WHERE id = $1 AND change = $2', [id, change])
  }
  return old.length + gone.length
}

/** Undefined for a principal that is told nothing. */
async function nextNotificationChange(tx: Writer, principalId: PrincipalId): Promise<number | undefined> {
  const feed = await findNotificationFeed(tx, principalId)
  return feed && nextChange(tx, feed.feedId)
}
