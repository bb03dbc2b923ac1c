import { statusResponse, syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import type { SyncCollection } from '../../../protocol/dav/reports.ts'
import { formatSyncToken, parseSyncToken } from '../../../protocol/dav/sync-token.ts'
import { type NotificationRow, notificationsSince } from '../../../storage/notifications.ts'
import type { Call } from '../call.ts'
import type { Renderer } from '../pages.ts'
import { notificationPath } from '../paths.ts'
import { multistatus, type Reply } from '../reply.ts'
import type { NotificationsResource } from '../resource.ts'
import { notificationResource } from '../sharing/notifications.ts'
import { notificationsToken } from '../tokens.ts'
import { truncated } from './cut.ts'
import { invalidToken, isRemembered } from './member-changes.ts'

/** What came to an account's notifications, and what went, since a token (MIN-24). @see RFC 6578 §3.2 */
export async function notificationSync(
  call: Call,
  folder: NotificationsResource,
  { syncToken, limit = Number.MAX_SAFE_INTEGER - 1 }: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  const { feedChange, feedId } = folder.feed
  const since = sinceToken(call, folder, syncToken)
  const range = { since: since?.change ?? 0, upTo: feedChange, limit: limit + 1 }
  const rows = await call.store.read((reader) => notificationsSince(reader, folder.principal.id, range))
  const known = since ? rows : rows.filter(({ deletedAt }) => deletedAt === null)
  const sent = known.slice(0, limit)
  const responses: string[] = []
  for (const row of sent) responses.push(await responseOf(folder, row, renderer))
  if (sent.length === known.length) {
    return multistatus(responses.join('') + syncTokenElement(notificationsToken(folder)))
  }
  const reached = sent.at(-1)?.change ?? range.since
  const began = since ? since.began : feedChange
  const mark = began !== undefined && reached < began ? { began } : {}
  const token = formatSyncToken(folder.feed.epoch, [{ feed: feedId, change: reached, ...mark }])
  return multistatus(responses.join('') + truncated(folder.href) + syncTokenElement(token))
}

async function responseOf(
  folder: NotificationsResource,
  row: NotificationRow,
  renderer: Renderer,
): Promise<string> {
  const resource = row.deletedAt === null ? notificationResource(folder, row) : undefined
  if (resource) return renderer.one(resource)
  return statusResponse(notificationPath(folder.principal.segment, row.name), 404)
}

interface Since {
  readonly change: number
  /** Where a first sync began that is not through. */
  readonly began: number | undefined
}

/** @throws valid-sync-token */
function sinceToken(
  call: Call,
  { feed }: NotificationsResource,
  token: string | undefined,
): Since | undefined {
  if (token === undefined) return undefined
  const read = parseSyncToken(token)
  const [position, ...others] = read?.positions ?? []
  const isOurs = read?.epoch === feed.epoch && position?.feed === feed.feedId && others.length === 0
  if (!position || !isOurs || !isRemembered(position, feed)) throw invalidToken(call, 'calendar')
  return { change: position.change, began: position.began }
}
