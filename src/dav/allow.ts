import { reportsOn } from './reports/index.ts'
import type { Kind } from './resource.ts'

/** What the server announces, class numbers first (TBC-02); a token comes with its feature (law 11). */
export const davTokens = [
  '1',
  '2',
  '3',
  'access-control',
  'extended-mkcol',
  'calendar-access',
  'addressbook',
  'calendar-query-extended',
  'calendarserver-sharing',
  'calendar-proxy',
  'calendarserver-principal-property-search',
  'calendarserver-principal-search',
].join(', ')

const reading = ['OPTIONS', 'GET', 'HEAD', 'PROPFIND', 'REPORT'] as const
const locking = ['LOCK', 'UNLOCK'] as const
const inFolders = ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT', 'PUT', 'POST', 'MKCOL'] as const

const allowed: Readonly<Record<Kind, readonly string[]>> = {
  root: ['OPTIONS', 'PROPFIND', 'REPORT'],
  principals: ['OPTIONS', 'PROPFIND', 'REPORT'],
  homes: ['OPTIONS', 'PROPFIND', 'REPORT'],
  principal: ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT', ...locking],
  proxy: ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT'],
  'calendar-home': [
    'OPTIONS',
    'PROPFIND',
    'PROPPATCH',
    'REPORT',
    'MKCOL',
    'MKCALENDAR',
    'POST',
    'ACL',
    ...locking,
  ],
  'addressbook-home': ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT', 'MKCOL', 'POST', 'ACL', ...locking],
  calendar: [...reading, 'PROPPATCH', 'PUT', 'POST', 'DELETE', 'COPY', 'MOVE', 'ACL', ...locking],
  addressbook: [...reading, 'PROPPATCH', 'PUT', 'POST', 'DELETE', 'COPY', 'MOVE', 'ACL', ...locking],
  event: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE', ...locking],
  card: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE', ...locking],
  notifications: ['OPTIONS', 'PROPFIND', 'REPORT'],
  notification: ['OPTIONS', 'GET', 'HEAD', 'PROPFIND', 'DELETE'],
  'file-home': [...inFolders, 'ACL', ...locking],
  folder: [...inFolders, 'DELETE', 'COPY', 'MOVE', 'ACL', ...locking],
  file: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE', ...locking],
}

/**
 * The methods of a kind of resource; REPORT only where there is a report. PUT stands on collections too: Evolution takes a
 * collection whose Allow lacks it for read-only, and means the members.
 */
export function allowedOn(kind: Kind): readonly string[] {
  const methods = allowed[kind]
  return reportsOn(kind).length > 0 ? methods : methods.filter((method) => method !== 'REPORT')
}
