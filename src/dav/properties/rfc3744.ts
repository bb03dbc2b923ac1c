import { aclElements, aclRestrictions } from '../../../protocol/dav/acl-xml.ts'
import { cs, dav } from '../../../protocol/dav/names.ts'
import { privilegeElements, supportedPrivileges } from '../../../protocol/dav/privileges.ts'
import { children, textOf } from '../../../protocol/dav/xml-read.ts'
import { hrefElement } from '../../../protocol/dav/xml-write.ts'
import { inheritedFrom } from '../acl/page-aces.ts'
import { principalPath, principalsPath } from '../paths.ts'
import type { Kind } from '../resource.ts'
import { live, type Property } from './property.ts'

const owned = ['calendar-home', 'addressbook-home', 'file-home', 'calendar', 'addressbook', 'folder'] as const
const members = ['event', 'card'] as const
const everywhere = [
  'root',
  'principals',
  'homes',
  'principal',
  'proxy',
  ...owned,
  ...members,
  'file',
] as const

/** Whether CALDAV:read-free-busy means anything on a kind of resource. */
export const isOfCalendars = (kind: Kind): boolean =>
  kind === 'calendar-home' || kind === 'calendar' || kind === 'event'

const hrefElements = (hrefs: readonly string[]): string => hrefs.map(hrefElement).join('')

const privilegeSets = {
  calendars: supportedPrivileges(true),
  others: supportedPrivileges(false),
} as const

/** Principals, and who may do what. */
export const rfc3744: readonly Property[] = [
  live(dav('current-user-principal'), {
    rfc: 'RFC 5397 §3',
    on: everywhere,
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('alternate-URI-set'), { rfc: 'RFC 3744 §4.1', on: ['principal', 'proxy'], get: () => '' }),
  live(dav('principal-URL'), {
    rfc: 'RFC 3744 §4.2',
    on: ['principal', 'proxy'],
    get: ({ href }) => hrefElement(href),
  }),
  // Apple asks for it wherever it looks for the account (IOS-01).
  live(dav('principal-URL'), {
    rfc: 'RFC 3744 §4.2',
    on: ['root', 'principals', 'homes', ...owned],
    get: (_, { session }) => hrefElement(principalPath(session.principal.segment)),
  }),
  live(dav('group-member-set'), {
    rfc: 'RFC 3744 §4.3',
    on: ['principal'],
    needs: ['directory'],
    get: (resource, { directory }) =>
      resource.principal.kind === 'group' ? hrefElements(directory.members(resource)) : undefined,
  }),
  // Who somebody's delegates are is between him and them.
  live(dav('group-member-set'), {
    rfc: 'RFC 3744 §4.3',
    on: ['proxy'],
    needs: ['directory'],
    privilege: 'read-acl',
    get: (resource, { directory }) => hrefElements(directory.members(resource)),
    set: (value) => ({
      members: value ? children(value, dav('href')).map((href) => textOf(href).trim()) : [],
    }),
  }),
  live(dav('group-membership'), {
    rfc: 'RFC 3744 §4.4',
    on: ['principal'],
    needs: ['directory'],
    get: (resource, { directory }) => hrefElements(directory.groups(resource)),
  }),
  live(dav('group-membership'), { rfc: 'RFC 3744 §4.4', on: ['proxy'], get: () => '' }),
  ...(['read', 'write'] as const).map((mode) =>
    live(cs(`calendar-proxy-${mode}-for`), {
      rfc: 'calendarserver-proxy',
      on: ['principal'],
      needs: ['directory'],
      privilege: 'read-acl',
      get: (resource, { directory }) => hrefElements(directory.delegators(resource, mode)),
    }),
  ),
  // Everybody who sees a resource sees whose it is (MIN-18). What is the administrator's has no owner.
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['principal', 'proxy', 'calendar-home', 'addressbook-home', 'file-home'],
    get: ({ principal }) => (principal.kind === 'group' ? '' : hrefElement(principalPath(principal.segment))),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['calendar', 'addressbook'],
    get: ({ owner }) => hrefElement(principalPath(owner.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: members,
    get: ({ collection }) => hrefElement(principalPath(collection.owner.segment)),
  }),
  live(dav('owner'), {
    rfc: 'RFC 3744 §5.1',
    on: ['folder', 'file'],
    get: ({ home }) =>
      home.principal.kind === 'group' ? '' : hrefElement(principalPath(home.principal.segment)),
  }),
  // Nothing belongs to a group beside its owner.
  live(dav('group'), { rfc: 'RFC 3744 §5.2', on: everywhere, privilege: 'read-acl', get: () => '' }),
  live(dav('supported-privilege-set'), {
    rfc: 'RFC 3744 §5.3',
    on: everywhere,
    get: ({ kind }) => (isOfCalendars(kind) ? privilegeSets.calendars : privilegeSets.others),
  }),
  // Listed flat, each in its own element: clients do not look inside aggregates (MIN-19).
  live(dav('current-user-privilege-set'), {
    rfc: 'RFC 3744 §5.4',
    on: everywhere,
    privilege: 'read-current-user-privilege-set',
    get: ({ kind, access }) => privilegeElements(access, isOfCalendars(kind)),
  }),
  live(dav('acl'), {
    rfc: 'RFC 3744 §5.5',
    on: everywhere,
    needs: ['aces'],
    privilege: 'read-acl',
    get: (resource, { aces }) => aclElements(aces.of(resource)),
  }),
  live(dav('acl-restrictions'), { rfc: 'RFC 3744 §5.6', on: everywhere, get: () => aclRestrictions }),
  live(dav('inherited-acl-set'), {
    rfc: 'RFC 3744 §5.7',
    on: everywhere,
    get: (resource) => hrefElements(inheritedFrom(resource)),
  }),
  live(dav('principal-collection-set'), {
    rfc: 'RFC 3744 §5.8',
    on: everywhere,
    get: () => hrefElement(principalsPath),
  }),
]
