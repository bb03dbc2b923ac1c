import type { IncomingHttpHeaders } from 'node:http'
import { type Preferences, readPrefer } from '../../protocol/dav/headers.ts'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import { readXml, type XmlElement, XmlError } from '../../protocol/dav/xml-read.ts'
import type { TimezonesWanted } from '../../protocol/ical/timezone-references.ts'
import type { Origin } from '../../storage/origin.ts'
import type { Session } from '../auth/session.ts'
import type { CardReader } from '../features/devices/card-forms.ts'
import { type PhotoLimits, traitsOf } from '../features/devices/kinds.ts'
import type { ReadBody } from '../http-body.ts'
import type { Services } from '../services.ts'
import type { Location } from './paths.ts'

/** One DAV request, authenticated, as methods and reports see it. */
export interface Call extends Services {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  /** The request path as on the wire, without its query. */
  readonly path: string
  readonly location: Location
  /** Decoded segments of the request path. */
  readonly segments: readonly string[]
  readonly session: Session
  readonly requestId: string
  readonly userAgent: string
  readonly readBody: ReadBody
  /** The body a piece at a time; who reads it bounds its length. */
  readonly streamBody: () => AsyncIterable<Buffer>
}

/** The XML of the request body; undefined when it is empty. @throws refusal 400, 413 or 415 */
export async function readXmlBody(call: Call): Promise<XmlElement | undefined> {
  const { xmlBytes, xmlDepth, xmlNodes } = call.settings.limits
  const bytes = await call.readBody(xmlBytes, () =>
    refuseStatus(413, `An XML body may have ${xmlBytes} octets at most.`),
  )
  try {
    return readXml(bytes, { maxBytes: xmlBytes, maxDepth: xmlDepth, maxNodes: xmlNodes })
  } catch (error) {
    if (error instanceof XmlError) throw refuseStatus(400, error.message)
    throw error
  }
}

/** Who makes a change, for the revision. */
export function originOf(call: Call, kind: Origin['kind'] = 'client'): Origin {
  const { session, requestId } = call
  const { deviceId, clientKind } = session
  return {
    kind,
    authorId: session.principal.id,
    requestId,
    ...(deviceId === undefined ? {} : { deviceId }),
    ...(clientKind === undefined ? {} : { clientKind }),
  }
}

/** Who reads cards by this request. */
export function readerOf({ session, userAgent }: Pick<Call, 'session' | 'userAgent'>): CardReader {
  return { clientKind: session.clientKind, userAgent }
}

/** What the device takes of photos in cards; undefined where any goes, and for calendars. */
export function photosOf({ session }: Pick<Call, 'session'>, kind: string): PhotoLimits | undefined {
  return kind === 'card' ? traitsOf(session.clientKind).photo : undefined
}

/** The Prefer and Brief headers. */
export function preferencesOf({ headers }: Call): Preferences {
  return readPrefer(headers)
}

/** The CalDAV-Timezones header; undefined where it says nothing: objects are then sent as they are stored. */
export function timezonesWanted({ headers }: Call): TimezonesWanted | undefined {
  const value = String(headers['caldav-timezones'] ?? '').trim()
  return value === 'T' || value === 'F' ? value : undefined
}
