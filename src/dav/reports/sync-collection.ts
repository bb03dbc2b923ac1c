import { syncTokenElement } from '../../../protocol/dav/multistatus.ts'
import { dav } from '../../../protocol/dav/names.ts'
import { readSyncCollection, type SyncCollection } from '../../../protocol/dav/reports.ts'
import { formatSyncToken, parseSyncToken } from '../../../protocol/dav/sync-token.ts'
import { notePosition } from '../../features/devices/positions.ts'
import { type Call, preferencesOf } from '../call.ts'
import { folderSync } from '../files/sync.ts'
import { createRenderer, type Renderer } from '../pages.ts'
import { type Reply, streamedMultistatus } from '../reply.ts'
import { type CollectionResource, isFolderLike, isHome } from '../resource.ts'
import { truncated } from './cut.ts'
import { homeSync } from './home-sync.ts'
import { invalidToken, memberChanges, type Since, sinceOf } from './member-changes.ts'
import { notificationSync } from './notification-sync.ts'
import type { Report } from './report.ts'

/**
 * What changed since a token. The Depth header does not matter (MIN-17), an answer is cut only where the client asked
 * for a limit (MIN-27), and the present number is read before the rows: what changes meanwhile comes next time.
 */
export const syncCollection: Report = {
  name: dav('sync-collection'),
  rfc: 'RFC 6578 §3.2',
  on: [
    'calendar',
    'addressbook',
    'calendar-home',
    'addressbook-home',
    'notifications',
    'file-home',
    'folder',
  ],
  answer: async (call, resource, body) => {
    const asked = readSyncCollection(body)
    const renderer = createRenderer(
      call,
      { kind: 'prop', elements: asked.elements },
      preferencesOf(call).minimal,
    )
    if (isFolderLike(resource)) return folderSync(call, resource, asked, renderer)
    if (isHome(resource)) return homeSync(call, resource, asked, renderer)
    if (resource.kind === 'notifications') return notificationSync(call, resource, asked, renderer)
    return memberSync(call, resource as CollectionResource, asked, renderer)
  },
}

/** Nothing lies below the members of a calendar or a book: level infinite is level 1. */
async function memberSync(
  call: Call,
  collection: CollectionResource,
  { syncToken, limit }: SyncCollection,
  renderer: Renderer,
): Promise<Reply> {
  const since = sinceToken(call, collection, syncToken)
  if (since) noteProgress(call, collection, since)
  return streamedMultistatus(answer())

  async function* answer(): AsyncGenerator<string> {
    const { positions, isCut } = yield* memberChanges(call, collection, renderer, since, limit)
    if (isCut) yield truncated(collection.href)
    yield syncTokenElement(formatSyncToken(collection.epoch, positions))
  }
}

/**
 * Never waited for: where it is not known, less is merged, and people are told less of the device. Who is not through with a
 * first listing has come to nothing yet.
 */
function noteProgress(
  { session, store, log }: Call,
  { row }: CollectionResource,
  { change, began }: Since,
): void {
  const { deviceId } = session
  if (deviceId === undefined || began !== undefined) return
  notePosition(store, deviceId, row.id, change).catch((error: unknown) =>
    log.warn({ err: error }, 'the position of a device was not written'),
  )
}

/**
 * What a token stands for; undefined for a first sync.
 * @throws valid-sync-token for a token of another collection or epoch, or of changes that are forgotten
 */
function sinceToken(
  call: Call,
  collection: CollectionResource,
  token: string | undefined,
): Since | undefined {
  if (token === undefined) return undefined
  const read = parseSyncToken(token)
  if (read?.epoch !== collection.epoch) throw invalidToken(call, collection.kind)
  return sinceOf(call, collection, read.positions)
}
