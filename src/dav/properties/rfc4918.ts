import { supportedLock } from '../../../protocol/dav/lock.ts'
import { caldav, carddav, cs, dav } from '../../../protocol/dav/names.ts'
import { textOf } from '../../../protocol/dav/xml-read.ts'
import { element, escapeText } from '../../../protocol/dav/xml-write.ts'
import type { Session } from '../../auth/session.ts'
import { mediaTypeOfFile } from '../../features/documents/media-types.ts'
import { isCollection, type Kind, type Resource } from '../resource.ts'
import { mayShare } from '../sharing/page-sharees.ts'
import { live, type Property } from './property.ts'

const containers = ['root', 'principals', 'homes', 'calendar-home', 'addressbook-home'] as const
const everything = [
  ...[...containers, 'principal', 'calendar', 'addressbook', 'event', 'card'],
  ...['file-home', 'folder', 'file'],
] as const

const unlockable: ReadonlySet<Kind> = new Set<Kind>(['root', 'principals', 'homes'])

const types: Readonly<Record<Exclude<Kind, 'proxy' | 'notifications' | 'notification'>, string>> = {
  root: element(dav('collection')),
  principals: element(dav('collection')),
  homes: element(dav('collection')),
  principal: element(dav('collection')) + element(dav('principal')),
  'calendar-home': element(dav('collection')),
  'addressbook-home': element(dav('collection')),
  calendar: element(dav('collection')) + element(caldav('calendar')),
  addressbook: element(dav('collection')) + element(carddav('addressbook')),
  event: '',
  card: '',
  'file-home': element(dav('collection')),
  folder: element(dav('collection')),
  file: '',
}

/** For its owner, who finds its address in CS:source, and whose Apple client looks for the type that it asked for. */
function subscribedType(resource: Resource, { principal }: Session): string {
  const isOwn = resource.kind === 'calendar' && resource.owner.id === principal.id
  return isOwn && resource.row.subscribed === 1 ? element(cs('subscribed')) : ''
}

/** That it is shared, for those who may say with whom, and for those it is shared with. */
function sharedType(resource: Resource): string {
  if (!isCollection(resource)) return ''
  if (resource.mount) return element(cs('shared'))
  return resource.row.isShared === 1 && mayShare(resource) ? element(cs('shared-owner')) : ''
}

const isoDate = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`

const httpDate = (at: number): string => new Date(at).toUTCString()

/** The media type of a member as GET and PROPFIND give it (TBC-03, MIN-29). */
export function mediaTypeOf(
  kind: 'event' | 'card',
  row: { readonly mediaType: string | null; readonly component: string },
): string {
  if (row.mediaType) return row.mediaType
  return kind === 'card'
    ? 'text/vcard; charset=utf-8'
    : `text/calendar; charset=utf-8; component=${row.component.toLowerCase()}`
}

/** The basic properties of WebDAV. */
export const rfc4918: readonly Property[] = [
  live(dav('resourcetype'), {
    rfc: 'RFC 4918 §15.9',
    on: everything,
    allprop: true,
    get: (resource, { session }) =>
      types[resource.kind] + subscribedType(resource, session) + sharedType(resource),
  }),
  live(dav('resourcetype'), {
    rfc: 'calendarserver-proxy',
    on: ['proxy'],
    allprop: true,
    get: ({ mode }) => types.principal + element(cs(`calendar-proxy-${mode}`)),
  }),
  live(dav('displayname'), {
    rfc: 'RFC 4918 §15.2',
    on: ['calendar', 'addressbook'],
    allprop: true,
    // Never empty: Outlook's synchroniser and Tasks.org skip or crash otherwise (OCS-02, TSK-01).
    get: ({ row }) => escapeText(row.displayname || row.name),
    set: (value) => ({ displayname: value ? textOf(value) : '' }),
  }),
  live(dav('displayname'), {
    rfc: 'RFC 4918 §15.2',
    on: ['principal', 'calendar-home', 'addressbook-home', 'file-home'],
    allprop: true,
    get: ({ principal }) => escapeText(principal.displayName || principal.name),
  }),
  live(dav('displayname'), {
    rfc: 'RFC 4918 §15.2',
    on: ['proxy'],
    allprop: true,
    get: ({ mode }) => `calendar-proxy-${mode}`,
  }),
  live(dav('creationdate'), {
    rfc: 'RFC 4918 §15.1',
    on: ['file-home'],
    allprop: true,
    get: ({ principal }) => isoDate(principal.createdAt),
  }),
  live(dav('creationdate'), {
    rfc: 'RFC 4918 §15.1',
    on: ['calendar', 'addressbook', 'folder', 'file'],
    allprop: true,
    get: ({ row }) => isoDate(row.createdAt),
  }),
  live(dav('creationdate'), {
    rfc: 'RFC 4918 §15.1',
    on: ['event', 'card'],
    allprop: true,
    needs: ['row'],
    get: ({ full }) => (full ? isoDate(full.createdAt) : undefined),
  }),
  live(dav('getlastmodified'), {
    rfc: 'RFC 4918 §15.7',
    on: ['event', 'card', 'folder', 'file'],
    allprop: true,
    get: ({ row }) => httpDate(row.modifiedAt),
  }),
  live(dav('getcontentlength'), {
    rfc: 'RFC 4918 §15.4',
    on: ['event', 'card', 'file'],
    allprop: true,
    needs: ['size'],
    get: ({ row }) => String(row.size),
  }),
  live(dav('getcontenttype'), {
    rfc: 'RFC 4918 §15.5',
    on: ['event', 'card'],
    allprop: true,
    get: ({ kind, row }) => mediaTypeOf(kind, row),
  }),
  live(dav('getcontenttype'), {
    rfc: 'RFC 4918 §15.5',
    on: ['file'],
    allprop: true,
    get: ({ row }) => escapeText(mediaTypeOfFile(row)),
  }),
  live(dav('getetag'), {
    rfc: 'RFC 4918 §15.6',
    on: ['event', 'card', 'file'],
    allprop: true,
    get: ({ row }) => row.etag,
  }),
  live(dav('supportedlock'), {
    rfc: 'RFC 4918 §15.10',
    on: everything,
    allprop: true,
    get: ({ kind }) => (unlockable.has(kind) ? '' : supportedLock),
  }),
  live(dav('lockdiscovery'), {
    rfc: 'RFC 4918 §15.8',
    on: everything,
    allprop: true,
    needs: ['locks'],
    get: (resource, { locks }) => locks.discovery(resource),
  }),
]
