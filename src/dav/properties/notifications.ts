import { cs, dav } from '../../../protocol/dav/names.ts'
import { privilegeElements } from '../../../protocol/dav/privileges.ts'
import { element, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { principalPath, principalsPath } from '../paths.ts'
import { notificationBody, notificationType } from '../sharing/notifications.ts'
import { notificationsToken } from '../tokens.ts'
import { live, type Property } from './property.ts'
import { reports } from './rfc3253.ts'

const both = ['notifications', 'notification'] as const

/** The folder of what an account is told, and what is in it. */
export const notifications: readonly Property[] = [
  // CalendarServer wrote the one and described the other.
  live(dav('resourcetype'), {
    rfc: 'caldav-notifications §4',
    on: ['notifications'],
    allprop: true,
    get: () => element(dav('collection')) + element(cs('notification')) + element(cs('notifications')),
  }),
  live(dav('resourcetype'), { rfc: 'RFC 4918 §15.9', on: ['notification'], allprop: true, get: () => '' }),
  live(dav('displayname'), {
    rfc: 'RFC 4918 §15.2',
    on: ['notifications'],
    allprop: true,
    get: () => 'notifications',
  }),
  live(dav('getetag'), {
    rfc: 'RFC 4918 §15.6',
    on: ['notification'],
    allprop: true,
    get: ({ row }) => row.etag,
  }),
  live(dav('getcontenttype'), {
    rfc: 'RFC 4918 §15.5',
    on: ['notification'],
    allprop: true,
    get: () => 'application/xml; charset=utf-8',
  }),
  live(dav('getcontentlength'), {
    rfc: 'RFC 4918 §15.4',
    on: ['notification'],
    allprop: true,
    get: (notification) => String(Buffer.byteLength(notificationBody(notification))),
  }),
  live(dav('getlastmodified'), {
    rfc: 'RFC 4918 §15.7',
    on: ['notification'],
    allprop: true,
    get: ({ row }) => new Date(row.changedAt).toUTCString(),
  }),
  live(cs('notificationtype'), {
    rfc: 'caldav-notifications §4.2.1',
    on: ['notification'],
    get: (notification) => notificationType(notification),
  }),
  live(dav('sync-token'), {
    rfc: 'RFC 6578 §4',
    on: ['notifications'],
    get: (folder) => notificationsToken(folder),
  }),
  live(cs('getctag'), {
    rfc: 'caldav-ctag §4.1',
    on: ['notifications'],
    get: (folder) => notificationsToken(folder),
  }),
  live(dav('supported-report-set'), { rfc: 'RFC 3253 §3.1.5', on: both, get: reports }),
  live(dav('current-user-principal'), {
    rfc: 'RFC 5397 §3',
    on: both,
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: both,
    get: ({ principal }) => hrefElement(principalPath(principal.segment)),
  }),
  live(dav('current-user-privilege-set'), {
    rfc: 'RFC 3744 §5.5',
    on: both,
    get: ({ access }) => privilegeElements(access, false),
  }),
  live(dav('principal-collection-set'), {
    rfc: 'RFC 3744 §5.8',
    on: both,
    get: () => hrefElement(principalsPath),
  }),
]
