import { dav } from '../../../protocol/dav/names.ts'
import { privilegeElements } from '../../../protocol/dav/privileges.ts'
import { hrefElement } from '../../../protocol/dav/xml-write.ts'
import { principalPath, principalsPath } from '../paths.ts'
import type { Kind } from '../resource.ts'
import { live, type Property } from './property.ts'

const owned = ['calendar-home', 'addressbook-home', 'calendar', 'addressbook'] as const
const everywhere = ['root', 'principals', 'homes', 'principal', ...owned, 'event', 'card'] as const

/** Whether CALDAV:read-free-busy means anything on a kind of resource. */
const isOfCalendars = (kind: Kind): boolean =>
  kind === 'calendar-home' || kind === 'calendar' || kind === 'event'

/** Principals and privileges, as far as clients need them to sync their own account. */
export const rfc3744: readonly Property[] = [
  live(dav('current-user-principal'), {
    rfc: 'RFC 5397 §3',
    on: everywhere,
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('principal-URL'), {
    rfc: 'RFC 3744 §4.2',
    on: ['principal'],
    get: ({ href }) => hrefElement(href),
  }),
  // Apple asks for it wherever it looks for the account (IOS-01).
  live(dav('principal-URL'), {
    rfc: 'RFC 3744 §4.2',
    on: ['root', 'principals', 'homes', ...owned],
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['principal', 'calendar-home', 'addressbook-home'],
    get: ({ principal }) => hrefElement(principalPath(principal.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['calendar', 'addressbook'],
    get: ({ owner }) => hrefElement(principalPath(owner.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['event', 'card'],
    get: ({ collection }) => hrefElement(principalPath(collection.owner.segment)),
  }),
  // Listed flat, each in its own element: clients do not look inside aggregates (MIN-19).
  live(dav('current-user-privilege-set'), {
    rfc: 'RFC 3744 §5.5',
    on: everywhere,
    get: ({ kind, access }) => privilegeElements(access, isOfCalendars(kind)),
  }),
  live(dav('principal-collection-set'), {
    rfc: 'RFC 3744 §5.8',
    on: everywhere,
    get: () => hrefElement(principalsPath),
  }),
  live(dav('group-membership'), { rfc: 'RFC 3744 §4.4', on: ['principal'], get: () => '' }),
  live(dav('alternate-URI-set'), { rfc: 'RFC 3744 §4.1', on: ['principal'], get: () => '' }),
]
