import { Readable } from 'node:stream'
import { matchesIfMatch, matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { readBody } from '../../../storage/objects.ts'
import { bodyText } from '../../features/bodies.ts'
import { withWantedTimezones } from '../../features/calendars/calendar-data.ts'
import { exportCollection } from '../../features/transfer/export.ts'
import { openView } from '../../features/views/view.ts'
import { allowedOn } from '../allow.ts'
import { type Call, preferencesOf, timezonesWanted } from '../call.ts'
import type { Location } from '../paths.ts'
import { appliedPreferences } from '../preferences.ts'
import { mediaTypeOf } from '../properties/rfc4918.ts'
import { empty, type Reply, xmlType } from '../reply.ts'
import {
  type CollectionResource,
  isCollection,
  isMember,
  type MemberResource,
  type NotificationResource,
} from '../resource.ts'
import { notificationBody } from '../sharing/notifications.ts'
import { collectionEtag } from '../tokens.ts'
import { findReadable, mustRead, notFound } from '../tree.ts'

/**
 * The stored octets of an object, or all of a collection as one .ics or .vcf (webcal subscriptions rely on it).
 * @see RFC 9110 §9.3.1, RFC 4918 §9.4
 */
export async function get(call: Call): Promise<Reply> {
  const resource = await call.store.read((reader) => mustRead(reader, call.session, call.location))
  if (isMember(resource)) return getMember(call, resource)
  if (isCollection(resource)) return getCollection(call, resource)
  if (resource.kind === 'notification') return getNotification(call, resource)
  throw refuseStatus(405, 'This is a folder.', { Allow: allowedOn(resource.kind).join(', ') })
}

/**
 * What is at an address now, for the answer to a write that asked for it; undefined where there is nothing that the
 * caller may read, since the write is done.
 * @see RFC 8144 §3.1–3.2
 */
export async function represent(call: Call, location: Location, status: number): Promise<Reply | undefined> {
  const resource = await call.store.read((reader) => findReadable(reader, call.session, location))
  if (!resource || !isMember(resource)) return undefined
  const applied = {
    ...appliedPreferences({ representation: true }),
    'Content-Location': resource.href,
  }
  const body = await bodyOf(call, resource)
  return { status, headers: { ...headersOf(resource), ...applied }, body }
}

/**
 * The answer to a change whose condition failed, with what is there now, so that the client can merge at once; undefined
 * where it did not ask for that, and where nothing is.
 * @see RFC 8144 §3.2
 */
export async function representFailed(call: Call, error: unknown): Promise<Reply | undefined> {
  const isFailed = error instanceof Refusal && error.status === 412 && changing.has(call.method)
  if (!isFailed || !isConditional(call) || !preferencesOf(call).representation) return undefined
  return represent(call, call.location, 412)
}

async function getMember(call: Call, member: MemberResource): Promise<Reply> {
  const headers = headersOf(member)
  if (isUnchanged(call, headers.ETag)) return empty(304, headers)
  return { status: 200, headers, body: await bodyOf(call, member) }
}

function headersOf({ kind, row }: MemberResource) {
  return {
    'Content-Type': mediaTypeOf(kind, row),
    ETag: row.etag,
    'Last-Modified': new Date(row.modifiedAt).toUTCString(),
    ...(kind === 'event' ? { Vary: 'CalDAV-Timezones' } : {}),
  }
}

/**
 * The octets as stored, or what the caller sees of them, unless the client says what it wants of time zones. The entity tag is
 * the same for all forms.
 */
async function bodyOf(call: Call, member: MemberResource): Promise<Uint8Array> {
  const { kind, full, stored, text } = member
  const body = stored
    ? Buffer.from(text ?? '')
    : full && (await call.store.read((reader) => readBody(reader, full.bodyId)))
  if (!body) throw notFound()
  const wanted = kind === 'event' && full?.mediaType === null ? timezonesWanted(call) : undefined
  return wanted === undefined ? body : Buffer.from(withWantedTimezones(bodyText(body), wanted))
}

async function getCollection(call: Call, collection: CollectionResource): Promise<Reply> {
  const etag = collectionEtag(collection)
  const { row } = collection
  const isCalendar = row.kind === 'calendar'
  const headers = {
    'Content-Type': isCalendar ? 'text/calendar; charset=utf-8' : 'text/vcard; charset=utf-8',
    'Content-Disposition': `attachment; filename="${row.name.replace(/[^\w.-]/g, '_')}.${isCalendar ? 'ics' : 'vcf'}"`,
    ETag: etag,
  }
  if (isUnchanged(call, etag)) return empty(304, headers)
  const view = collection.mount && (await call.store.read((reader) => openView(reader, collection)))
  const body = Readable.from(exportCollection(call.store, row, { view }), { objectMode: false })
  return { status: 200, headers, body }
}

function getNotification(call: Call, notification: NotificationResource): Reply {
  const { etag, changedAt } = notification.row
  const headers = { 'Content-Type': xmlType, ETag: etag, 'Last-Modified': new Date(changedAt).toUTCString() }
  if (isUnchanged(call, etag)) return empty(304, headers)
  return { status: 200, headers, body: notificationBody(notification) }
}

/** @throws refusal 412 when If-Match names another state */
function isUnchanged({ headers }: Call, etag: string): boolean {
  if (!matchesIfMatch(headers['if-match'], etag)) {
    throw new Refusal(412, 'The resource is not the one of If-Match.', undefined, { ETag: etag })
  }
  return !matchesIfNoneMatch(headers['if-none-match'], etag)
}

const changing = new Set('PUT POST DELETE COPY MOVE PROPPATCH'.split(' '))

/** A 412 may come of Overwrite too, which is not about what is at the request's path. */
function isConditional({ headers }: Call): boolean {
  return ['if-match', 'if-none-match', 'if-schedule-tag-match', 'if'].some(
    (name) => headers[name] !== undefined,
  )
}
