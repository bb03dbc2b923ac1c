import { bit, readPrivileges } from '../../../protocol/dav/privileges.ts'
import {
  inviteNotification,
  notificationType as notificationTypeOf,
  replyNotification,
} from '../../../protocol/dav/sharing.ts'
import {
  findNotification,
  findNotificationFeed,
  listNotifications,
  type NotificationRow,
} from '../../../storage/notifications.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { calendarComponents } from '../../features/collections.ts'
import { rightsNowhere, within } from '../../features/rights/rights.ts'
import { type Notice, readNotice } from '../../features/sharing/sharing.ts'
import { needs } from '../access.ts'
import { collectionPath, notificationPath, notificationsPath, principalPath } from '../paths.ts'
import type { NotificationResource, NotificationsResource } from '../resource.ts'

/**
 * What the caller is told; what others are told is not for him.
 * @throws need-privileges for another's, or where there is none
 */
export async function findNotifications(
  reader: Reader,
  session: Session,
  segment: string,
): Promise<NotificationsResource> {
  const href = notificationsPath(segment)
  const { principal } = session
  const isOwn = principal.segment === segment
  const feed = isOwn ? await findNotificationFeed(reader, principal.id) : undefined
  if (!feed) {
    await rightsNowhere(reader, session)
    throw needs(session, href, ['read'])
  }
  const access = within(session, readPrivileges | bit.unbind)
  return { kind: 'notifications', href, principal, feed, access }
}

/** One notification; undefined where there is none, or it has been removed. */
export async function findNotificationAt(
  reader: Reader,
  session: Session,
  { segment, name }: { readonly segment: string; readonly name: string },
): Promise<NotificationResource | undefined> {
  const folder = await findNotifications(reader, session, segment)
  const row = await findNotification(reader, folder.principal.id, name)
  return row && notificationResource(folder, row)
}

/** All that there are, in the order they came. */
export async function notificationsIn(
  reader: Reader,
  folder: NotificationsResource,
): Promise<NotificationResource[]> {
  const rows = await listNotifications(reader, folder.principal.id)
  return rows.flatMap((row) => notificationResource(folder, row) ?? [])
}

/** Undefined for what another version of the program has said. */
export function notificationResource(
  { principal, access }: NotificationsResource,
  row: NotificationRow,
): NotificationResource | undefined {
  const notice = readNotice(row)
  const href = notificationPath(principal.segment, row.name)
  return notice && { kind: 'notification', href, principal, row, notice, access }
}

/** The document that a client reads. */
export function notificationBody({ principal, row, notice }: NotificationResource): string {
  const at = `${new Date(row.changedAt).toISOString().slice(0, 19)}Z`
  const { uid, summary, collection, owner } = notice
  const offer = { sharedType: collection.kind, hostUrl: hostUrlOf(notice), uid, summary }
  if (notice.kind === 'reply') {
    const { sharee, isAccepted } = notice
    const who = { href: principalPath(sharee.segment), name: sharee.displayName }
    return replyNotification(at, { ...offer, sharee: who, isAccepted })
  }
  return inviteNotification(at, {
    ...offer,
    sharee: principalPath(principal.segment),
    state: notice.state,
    writes: isWriting(notice.access),
    owner: { href: principalPath(owner.segment), name: owner.displayName },
    components: collection.components?.split(',') ?? calendarComponents,
  })
}

/** The content of CS:notificationtype. */
export function notificationType({ notice }: NotificationResource): string {
  return notificationTypeOf(notice.kind === 'invite' ? notice.collection.kind : undefined)
}

/** Whether CalendarServer's CS:read-write says more of an access than CS:read. */
export function isWriting(access: string): boolean {
  return access === 'read-write' || access === 'no-delete'
}

function hostUrlOf({ owner, collection }: Notice): string {
  const home = collection.kind === 'calendar' ? 'calendars' : 'addressbooks'
  return collectionPath(home, owner.segment, collection.name)
}
