import { caldav, cs, dav, ical } from '../../../protocol/dav/names.ts'
import { textOf } from '../../../protocol/dav/xml-read.ts'
import { element, escapeText, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { suggestKind } from '../../features/devices/kinds.ts'
import { namesOf, userTypes } from '../principals/searchable.ts'
import { collectionToken, homeToken } from '../tokens.ts'
import { live, type Property } from './property.ts'

/** RFC 5995, RFC 6578, RFC 5842, and what Apple added and everybody asks for. */
export const extensions: readonly Property[] = [
  // The collection itself takes POST. Apple's Contacts must not meet it on a book (ABK-06).
  live(dav('add-member'), {
    rfc: 'RFC 5995 §3.3',
    on: ['calendar', 'addressbook'],
    get: ({ kind, href }, { userAgent }) =>
      kind === 'addressbook' && suggestKind(userAgent) === 'apple' ? undefined : hrefElement(href),
  }),
  live(dav('add-member'), {
    rfc: 'RFC 5995 §3.3',
    on: ['file-home', 'folder'],
    get: ({ href }) => hrefElement(href),
  }),
  live(dav('sync-token'), {
    rfc: 'RFC 6578 §4',
    on: ['calendar', 'addressbook'],
    get: (collection) => collectionToken(collection),
  }),
  live(dav('sync-token'), {
    rfc: 'RFC 6578 §4',
    on: ['calendar-home', 'addressbook-home'],
    needs: ['children'],
    get: (home, { children, session }) => homeToken(home, children.of(home), session),
  }),
  // The token itself: it changes exactly when the sync-token does (MIN-28), and is no number (TSD-02).
  live(cs('getctag'), {
    rfc: 'caldav-ctag §4.1',
    on: ['calendar', 'addressbook'],
    get: (collection) => collectionToken(collection),
  }),
  live(cs('getctag'), {
    rfc: 'caldav-ctag §4.1',
    on: ['calendar-home', 'addressbook-home'],
    needs: ['children'],
    get: (home, { children, session }) => homeToken(home, children.of(home), session),
  }),
  ...[dav('sync-token'), cs('getctag')].map((name) =>
    live(name, {
      rfc: 'RFC 6578 §4',
      on: ['file-home', 'folder'],
      needs: ['view'],
      get: (folder, { views }) => views.token(folder),
    }),
  ),
  live(dav('resource-id'), {
    rfc: 'RFC 5842 §3.1',
    on: ['calendar', 'addressbook', 'folder', 'file'],
    get: ({ row }) => element(dav('href'), `urn:uuid:${row.resourceId}`),
  }),
  live(cs('email-address-set'), {
    rfc: 'calendarserver-extensions',
    on: ['principal'],
    get: ({ principal }) =>
      principal.email === null ? '' : element(cs('email-address'), escapeText(principal.email)),
  }),
  live(caldav('calendar-user-type'), {
    rfc: 'RFC 6638 §2.4.2',
    on: ['principal'],
    get: ({ principal }) => userTypes[principal.kind],
  }),
  live(cs('record-type'), {
    rfc: 'calendarserver-extensions',
    on: ['principal'],
    get: ({ principal }) => recordTypes[principal.kind],
  }),
  live(cs('first-name'), {
    rfc: 'calendarserver-extensions',
    on: ['principal'],
    get: ({ principal }) => escaped(namesOf(principal).first),
  }),
  live(cs('last-name'), {
    rfc: 'calendarserver-extensions',
    on: ['principal'],
    get: ({ principal }) => escaped(namesOf(principal).last),
  }),
  live(ical('calendar-color'), {
    rfc: 'Apple iCal',
    on: ['calendar'],
    get: ({ row }) => (row.color === null ? undefined : escapeText(row.color)),
    set: (value) => ({ color: value ? textOf(value) : null }),
  }),
  live(ical('calendar-order'), {
    rfc: 'Apple iCal',
    on: ['calendar'],
    get: ({ row }) => (row.sortOrder === null ? undefined : String(row.sortOrder)),
    set: (value) => ({ sortOrder: value ? readOrder(textOf(value)) : null }),
  }),
  live(caldav('calendar-free-busy-set'), { rfc: 'IOS-21', on: ['calendar-home'], get: () => '' }),
]

const recordTypes = { user: 'users', group: 'groups', room: 'locations', resource: 'resources' } as const

const escaped = (text: string | undefined): string | undefined => text && escapeText(text)

/** A whole number; what is none leaves the calendar unordered. */
function readOrder(text: string): number | null {
  const order = Math.round(Number(text.trim() === '' ? Number.NaN : text))
  return Number.isSafeInteger(order) ? order : null
}
