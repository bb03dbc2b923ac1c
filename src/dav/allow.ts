import type { Kind } from './resource.ts'

/** What the server announces, class numbers first (TBC-02); a token comes with its feature (law 11). */
export const davTokens = '1, 3, extended-mkcol, calendar-access, addressbook, calendar-query-extended'

const reading = ['OPTIONS', 'GET', 'HEAD', 'PROPFIND', 'REPORT'] as const

const allowed: Readonly<Record<Kind, readonly string[]>> = {
  root: ['OPTIONS', 'PROPFIND', 'REPORT'],
  principals: ['OPTIONS', 'PROPFIND', 'REPORT'],
  homes: ['OPTIONS', 'PROPFIND', 'REPORT'],
  principal: ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT'],
  'calendar-home': ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT', 'MKCOL', 'MKCALENDAR'],
  'addressbook-home': ['OPTIONS', 'PROPFIND', 'PROPPATCH', 'REPORT', 'MKCOL'],
  calendar: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE'],
  addressbook: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE'],
  event: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE'],
  card: [...reading, 'PROPPATCH', 'PUT', 'DELETE', 'COPY', 'MOVE'],
}

/**
 * The methods of a kind of resource. PUT stands on collections too: Evolution takes a collection whose Allow lacks it
 * for read-only, and means the members.
 */
export function allowedOn(kind: Kind): readonly string[] {
  return allowed[kind]
}
