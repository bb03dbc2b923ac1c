import { dav } from '../../../protocol/dav/names.ts'
import { element, hrefElement } from '../../../protocol/dav/xml-write.ts'
import { principalPath, principalsPath } from '../paths.ts'
import { live, type Property } from './property.ts'

const owned = ['calendar-home', 'addressbook-home', 'calendar', 'addressbook'] as const
const everywhere = ['root', 'principals', 'homes', 'principal', ...owned, 'event', 'card'] as const

const privileges = (names: readonly string[]): string =>
  names.map((name) => element(dav('privilege'), element(dav(name)))).join('')

/** Listed flat, each in its own element: clients do not look inside aggregates (MIN-19). */
const ownerPrivileges = privileges([
  'read',
  'write',
  'write-properties',
  'write-content',
  'bind',
  'unbind',
  'read-current-user-privilege-set',
  'all',
])
const readerPrivileges = privileges(['read', 'read-current-user-privilege-set'])

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
    on: ['principal', ...owned, 'event', 'card'],
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('current-user-privilege-set'), {
    rfc: 'RFC 3744 §5.5',
    on: [...owned, 'event', 'card'],
    get: (_, { session }) => (session.scope === 'write' ? ownerPrivileges : readerPrivileges),
  }),
  live(dav('current-user-privilege-set'), {
    rfc: 'RFC 3744 §5.5',
    on: ['root', 'principals', 'homes', 'principal'],
    get: () => readerPrivileges,
  }),
  live(dav('principal-collection-set'), {
    rfc: 'RFC 3744 §5.8',
    on: everywhere,
    get: () => hrefElement(principalsPath),
  }),
  live(dav('group-membership'), { rfc: 'RFC 3744 §4.4', on: ['principal'], get: () => '' }),
  live(dav('alternate-URI-set'), { rfc: 'RFC 3744 §4.1', on: ['principal'], get: () => '' }),
]
