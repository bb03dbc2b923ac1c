import { forgetCollectionTombstone, homeOf } from '../collection-writes.ts'
import { createFeed, nextChange } from '../feeds.ts'
import type { FeedId, MountId } from '../ids.ts'
import type { MountRow } from '../mounts.ts'
import type { FolderLinkRow } from '../nodes/folder-links.ts'
import type { NotificationRow } from '../notifications.ts'
import { findNotificationFeed } from '../notifications.ts'
import type { PublicLinkRow } from '../public-links.ts'
import type { ShareRow } from '../shares.ts'
import type { Writer } from '../store.ts'
import type { LayeredMount, LayerRow } from '../views/layers.ts'

/**
 * Rows that come back as they were, with their times. Whoever writes them lets the mounts follow the shares afterwards, in
 * the same transaction.
 */

export async function insertShare(tx: Writer, share: Omit<ShareRow, 'id'>): Promise<void> {
  await tx.sql.run(
    `INSERT INTO shares (collection_id, principal_id, access, summary, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (collection_id, principal_id) DO NOTHING`,
    [share.collectionId, share.principalId, share.access, share.summary, share.createdAt, share.changedAt],
  )
}

/** A mount with a feed of its own. */
export async function insertMount(
  tx: Writer,
  mount: Omit<MountRow, 'id' | 'feedId' | 'homeChange' | 'feedChange'>,
): Promise<{ readonly id: MountId; readonly feedId: FeedId }> {
  const home = await homeOf(tx, mount.homeId)
  const homeChange = mount.state === 'accepted' ? await nextChange(tx, home.feedId) : 0
  if (mount.state === 'accepted') await forgetCollectionTombstone(tx, mount.homeId, mount.name)
  const feedId = await createFeed(tx, { kind: 'mount', principalId: mount.principalId })
  const row = await tx.sql.first<{ id: MountId }>(
    `INSERT INTO mounts (collection_id, principal_id, home_id, name, state, view, feed_id, home_change, invite_uid,
       displayname, description, color, sort_order, timezone, timezone_id, transparent, created_at, changed_at, access)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) RETURNING id`,
    [
      mount.collectionId,
      mount.principalId,
      mount.homeId,
      mount.name,
      mount.state,
      mount.view,
      feedId,
      homeChange,
      mount.inviteUid,
      mount.displayname,
      mount.description,
      mount.color,
      mount.sortOrder,
      mount.timezone,
      mount.timezoneId,
      mount.transparent,
      mount.createdAt,
      mount.changedAt,
      mount.access,
    ],
  )
  if (row === undefined) throw new Error('The mount was not made.')
  return { id: row.id, feedId }
}

export async function insertLayer(
  tx: Writer,
  { principalId, collectionId, feedId }: LayeredMount,
  { objectId, layer, changedAt }: Pick<LayerRow, 'objectId' | 'layer' | 'changedAt'>,
): Promise<void> {
  const change = await nextChange(tx, feedId)
  await tx.sql.run(
    `INSERT INTO member_layers (object_id, principal_id, collection_id, change, layer, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (object_id, principal_id) DO NOTHING`,
    [objectId, principalId, collectionId, change, layer, changedAt],
  )
}

/** One that a principal is told nothing of is passed over. */
export async function insertNotification(
  tx: Writer,
  told: Pick<
    NotificationRow,
    'principalId' | 'name' | 'kind' | 'content' | 'etag' | 'createdAt' | 'changedAt'
  >,
): Promise<void> {
  const feed = await findNotificationFeed(tx, told.principalId)
  if (!feed) return
  const change = await nextChange(tx, feed.feedId)
  await tx.sql.run(
    `INSERT INTO notifications (principal_id, name, kind, content, etag, change, created_at, changed_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (principal_id, name) DO NOTHING`,
    [told.principalId, told.name, told.kind, told.content, told.etag, change, told.createdAt, told.changedAt],
  )
}

/** A public link under a new address. */
export async function insertPublicLink(
  tx: Writer,
  link: Pick<PublicLinkRow, 'collectionId' | 'token' | 'label' | 'createdAt'>,
): Promise<void> {
  await tx.sql.run(
    'INSERT INTO public_links (collection_id, token, label, created_at) VALUES ($1, $2, $3, $4)',
    [link.collectionId, link.token, link.label, link.createdAt],
  )
}

/** The same for a folder. */
export async function insertFolderLink(
  tx: Writer,
  link: Pick<FolderLinkRow, 'nodeId' | 'token' | 'createdAt' | 'expiresAt'>,
): Promise<void> {
  await tx.sql.run(
    'INSERT INTO folder_links (node_id, token, created_at, expires_at) VALUES ($1, $2, $3, $4)',
    [link.nodeId, link.token, link.createdAt, link.expiresAt],
  )
}
