import { type ClarkName, caldav, carddav, cs, dav } from './names.ts'
import { element, fixedDeclarations, hrefElement } from './xml-write.ts'

/** A condition whose failure a client can tell apart: its element, the status it is answered with, where it is defined. */
export interface Precondition {
  readonly element: ClarkName
  readonly status: number
  readonly rfc: string
}

type Row = readonly [name: (local: string) => ClarkName, status: number, rfc: string]

/** Where calendars and address books share a name, both say whose it is. */
const table = {
  'lock-token-matches-request-uri': [dav, 409, 'RFC 4918 §16'],
  'lock-token-submitted': [dav, 423, 'RFC 4918 §16'],
  'no-conflicting-lock': [dav, 423, 'RFC 4918 §16'],
  'no-external-entities': [dav, 403, 'RFC 4918 §16'],
  'preserved-live-properties': [dav, 409, 'RFC 4918 §16'],
  'propfind-finite-depth': [dav, 403, 'RFC 4918 §16'],
  'cannot-modify-protected-property': [dav, 403, 'RFC 4918 §16'],

  'resource-must-be-null': [dav, 403, 'RFC 3253 §3.5, RFC 4791 §5.3.1.1'],
  'supported-report': [dav, 403, 'RFC 3253 §3.6'],
  'need-privileges': [dav, 403, 'RFC 3744 §7.1.1'],
  'no-ace-conflict': [dav, 403, 'RFC 3744 §8.1.1'],
  'no-protected-ace-conflict': [dav, 403, 'RFC 3744 §8.1.1'],
  'no-inherited-ace-conflict': [dav, 403, 'RFC 3744 §8.1.1'],
  'limited-number-of-aces': [dav, 403, 'RFC 3744 §8.1.1'],
  'deny-before-grant': [dav, 403, 'RFC 3744 §8.1.1'],
  'no-invert': [dav, 403, 'RFC 3744 §8.1.1'],
  'not-supported-privilege': [dav, 403, 'RFC 3744 §8.1.1'],
  'recognized-principal': [dav, 403, 'RFC 3744 §8.1.1'],
  'allowed-principal': [dav, 403, 'RFC 3744 §8.1.1'],
  'quota-not-exceeded': [dav, 507, 'RFC 4331 §6'],
  'sufficient-disk-space': [dav, 507, 'RFC 4331 §6'],
  'valid-resourcetype': [dav, 403, 'RFC 5689 §3.3'],
  'valid-sync-token': [dav, 403, 'RFC 6578 §3.2'],
  'number-of-matches-within-limits': [dav, 507, 'RFC 6578 §3.6, RFC 4791 §7.8'],
  'sync-traversal-supported': [dav, 403, 'RFC 6578 §3.3'],

  'initialize-calendar-collection': [caldav, 403, 'RFC 4791 §5.3.1.1'],
  'calendar-collection-location-ok': [caldav, 403, 'RFC 4791 §5.3.1.1'],
  'valid-calendar-data': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'valid-calendar-object-resource': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'supported-calendar-data': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'supported-calendar-component': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'caldav:no-uid-conflict': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'caldav:max-resource-size': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'min-date-time': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'max-date-time': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'max-instances': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'max-attendees-per-instance': [caldav, 403, 'RFC 4791 §5.3.2.1'],
  'valid-filter': [caldav, 403, 'RFC 4791 §7.8'],
  'caldav:supported-filter': [caldav, 403, 'RFC 4791 §7.8'],
  'caldav:supported-collation': [caldav, 403, 'RFC 4791 §7.5.1'],
  'valid-timezone': [caldav, 403, 'RFC 7809 §5.2'],
  'default-calendar-needed': [caldav, 403, 'RFC 6638 §4.2'],

  'supported-address-data': [carddav, 403, 'RFC 6352 §6.3.2.1'],
  'supported-address-data-conversion': [carddav, 403, 'RFC 6352 §5.1.1.1'],
  'valid-address-data': [carddav, 403, 'RFC 6352 §6.3.2.1'],
  'carddav:no-uid-conflict': [carddav, 403, 'RFC 6352 §6.3.2.1'],
  'addressbook-collection-location-ok': [carddav, 403, 'RFC 6352 §6.3.2.1'],
  'carddav:max-resource-size': [carddav, 403, 'RFC 6352 §6.3.2.1'],
  'carddav:supported-filter': [carddav, 403, 'RFC 6352 §8.6'],
  'carddav:supported-collation': [carddav, 403, 'RFC 6352 §8.3.1'],
  'default-addressbook-needed': [carddav, 403, 'CalendarServer'],

  'valid-request': [cs, 403, 'CalendarServer sharing'],
  'max-collections': [cs, 403, 'CalendarServer'],
  'max-resources': [cs, 507, 'CalendarServer'],
} as const satisfies Record<string, Row>

export type PreconditionName = keyof typeof table

/** Every precondition and postcondition we name. */
export const preconditions: Readonly<Record<PreconditionName, Precondition>> = Object.fromEntries(
  Object.entries(table).map(([name, [qualify, status, rfc]]) => [
    name,
    { element: qualify(name.replace(/^\w+:/, '')), status, rfc },
  ]),
) as Record<PreconditionName, Precondition>

/** What an answer says about a failed precondition, beside its name. */
export interface RefusalDetail {
  /** The resources in the way, percent-encoded; for need-privileges the resource the privileges are wanted on. */
  readonly href?: string | readonly string[]
  /** The privileges that are wanted. */
  readonly privilege?: ClarkName | readonly ClarkName[]
  /** Where another status than the table's is due. */
  readonly status?: number
  /** For people and logs; never in the element (TBC-04 and strict clients). */
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  /** XML to put into the element, where neither hrefs nor privileges belong there. */
  readonly content?: string
}

/** A request that is refused, thrown once and rendered by the reply. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly precondition: PreconditionName | undefined
  /** The precondition's element, as XML with the fixed prefixes. */
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
  constructor(
    status: number,
    message: string,
    named?: { readonly precondition: PreconditionName; readonly body: string },
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.status = status
    this.precondition = named?.precondition
    this.body = named?.body
    this.headers = headers
  }
}

/** What something gives; undefined where it is refused. */
export function unlessRefused<T>(act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/**
 * The refusal for a failed precondition, to be thrown.
 * @see RFC 4918 §16, RFC 3744 §7.1.1 for the children
 */
export function refuse(name: PreconditionName, detail: RefusalDetail = {}): Refusal {
  const { element: qualified, status } = preconditions[name]
  const hrefs = list(detail.href)
  const content =
    detail.content ??
    (name === 'need-privileges'
      ? wantedPrivileges(hrefs, list(detail.privilege))
      : hrefs.map(hrefElement).join(''))
  const named = { precondition: name, body: element(qualified, content) }
  return new Refusal(detail.status ?? status, detail.message ?? name, named, detail.headers)
}

/** The refusal of a request for which there is no element, to be thrown. */
export function refuseStatus(
  status: number,
  message: string,
  headers?: Readonly<Record<string, string>>,
): Refusal {
  return new Refusal(status, message, undefined, headers)
}

/** The document to answer with; empty when there is no element to send (a DAV:error is never empty, TBC-04). */
export function errorBody(refusal: Refusal): string {
  if (refusal.body === undefined) return ''
  return `<?xml version="1.0" encoding="utf-8"?>\n<d:error${fixedDeclarations}>${refusal.body}</d:error>`
}

/** The DAV:error element for a propstat or response of a multistatus; empty when there is nothing to send. */
export function errorElement(refusal: Refusal): string {
  return refusal.body === undefined ? '' : element(dav('error'), refusal.body)
}

function wantedPrivileges(hrefs: readonly string[], privileges: readonly ClarkName[]): string {
  let resources = ''
  for (const href of hrefs) {
    for (const privilege of privileges) {
      const wanted = element(dav('privilege'), element(privilege))
      resources += element(dav('resource'), hrefElement(href) + wanted)
    }
  }
  return resources
}

function list(value: string | readonly string[] | undefined): readonly string[] {
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
