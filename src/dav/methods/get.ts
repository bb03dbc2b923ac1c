import { Readable } from 'node:stream'
import { matchesIfMatch, matchesIfNoneMatch } from '../../../protocol/dav/conditions.ts'
import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bookFile, isTableWanted } from '../../features/devices/card-forms.ts'
import { exportCollection } from '../../features/transfer/export.ts'
import { exportAs } from '../../features/transfer/export-as.ts'
import { viewIn } from '../../features/views/view.ts'
import { allowedOn } from '../allow.ts'
import { type Call, preferencesOf, readerOf } from '../call.ts'
import { bodyOf, variesBy } from '../member-body.ts'
import type { Location } from '../paths.ts'
import { appliedPreferences } from '../preferences.ts'
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
import { findReadable, mustRead } from '../tree.ts'

/**
 * The stored octets of an object, or the form of it that is accepted; all of a collection as one .ics or .vcf (webcal
 * subscriptions rely on it).
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
  const applied = appliedPreferences({ representation: true })
  const { contentType, body } = await bodyOf(call, resource)
  const headers = {
    ...headersOf(resource),
    ...applied,
    'Content-Type': contentType,
    'Content-Location': resource.href,
    Vary: `${variesBy(resource.kind)}, ${applied.Vary}`,
  }
  return { status, headers, body }
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
  const { contentType, body } = await bodyOf(call, member)
  return { status: 200, headers: { ...headers, 'Content-Type': contentType }, body }
}

function headersOf({ kind, row }: MemberResource) {
  const modified = new Date(row.modifiedAt).toUTCString()
  return { ETag: row.etag, 'Last-Modified': modified, Vary: variesBy(kind) }
}

async function getCollection(call: Call, collection: CollectionResource): Promise<Reply> {
  const { row } = collection
  const isTable = row.kind === 'addressbook' && isTableWanted(call.headers.accept)
  if (isTable) return getTable(call, collection)
  const book =
    row.kind === 'addressbook' ? bookFile(readerOf(call), call.headers.accept, call.settings) : undefined
  const headers = {
    'Content-Type': book?.contentType ?? 'text/calendar; charset=utf-8',
    'Content-Disposition': `attachment; filename="${row.name.replace(/[^\w.-]/g, '_')}.${book ? 'vcf' : 'ics'}"`,
    ETag: collectionEtag(collection),
    ...(book && { Vary: 'Accept' }),
  }
  if (isUnchanged(call, headers.ETag)) return empty(304, headers)
  const view = await viewIn(call.store, collection)
  const cards = exportCollection(call.store, row, { view, shown: book?.shown })
  return { status: 200, headers, body: Readable.from(cards, { objectMode: false }) }
}

/** @see RFC 4180 */
async function getTable(call: Call, collection: CollectionResource): Promise<Reply> {
  const view = await viewIn(call.store, collection)
  const { contentType, fileName, octets } = exportAs(call, collection.row, { format: 'csv', view })
  const headers = {
    'Content-Type': contentType,
    'Content-Disposition': `attachment; filename="${fileName}"`,
    ETag: collectionEtag(collection),
    Vary: 'Accept',
  }
  if (isUnchanged(call, headers.ETag)) return empty(304, headers)
  return { status: 200, headers, body: Readable.from(octets, { objectMode: false }) }
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
