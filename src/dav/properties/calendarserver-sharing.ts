import { cs } from '../../../protocol/dav/names.ts'
import { element, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { collectionPath, notificationsPath } from '../paths.ts'
import { mayShare } from '../sharing/page-sharees.ts'
import { live, type Property } from './property.ts'

/** CalendarServer's caldav-sharing and caldav-notifications, which Apple's clients speak. */
export const calendarserverSharing: readonly Property[] = [
  live(cs('notification-URL'), {
    rfc: 'caldav-notifications §4.1.1',
    on: ['principal'],
    get: ({ principal }, { session }) =>
      principal.id === session.principal.id ? hrefElement(notificationsPath(principal.segment)) : undefined,
  }),
  live(cs('invite'), {
    rfc: 'caldav-sharing "CS:invite Property"',
    on: ['calendar', 'addressbook'],
    needs: ['sharees'],
    get: (collection, { sharees }) =>
      collection.mount || mayShare(collection) ? sharees.invite(collection) : undefined,
  }),
  // Links are made by an administrator: nothing can be published by a client.
  live(cs('allowed-sharing-modes'), {
    rfc: 'caldav-sharing "CS:allowed-sharing-modes Property"',
    on: ['calendar', 'addressbook'],
    get: (collection) =>
      !collection.mount && mayShare(collection) ? element(cs('can-be-shared')) : undefined,
  }),
  live(cs('shared-url'), {
    rfc: 'caldav-sharing "CS:shared-url Property"',
    on: ['calendar', 'addressbook'],
    get: ({ kind, owner, nameAtOwner }) => {
      if (nameAtOwner === undefined) return undefined
      const home = kind === 'calendar' ? 'calendars' : 'addressbooks'
      return hrefElement(collectionPath(home, owner.segment, nameAtOwner))
    },
  }),
]
