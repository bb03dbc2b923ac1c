import type { Settings } from '../../config/defaults.ts'
import { refuse } from '../../protocol/dav/preconditions.ts'
import { decodeText, TextEncodingError } from '../../protocol/text/decode.ts'
import { InvalidObjectError } from '../../protocol/text/invalid-object.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { MemberIndex } from '../../storage/member-index.ts'
import { etagOf } from './bodies.ts'
import { readEventObject } from './calendars/calendar-object.ts'
import { readCardObject } from './contacts/card-object.ts'

/** An object ready for the write path: checked, and everything derived from its octets worked out. */
export interface PreparedObject {
  readonly body: Uint8Array
  readonly etag: string
  readonly uid: string | null
  /** VEVENT, VTODO …, or VCARD. */
  readonly component: string
  /** The media type to serve it with, where it is not the usual one of its kind. */
  readonly mediaType: string | null
  /** The vCard version; null for calendar objects. */
  readonly version: string | null
  readonly index: MemberIndex
}

/**
 * Checks the octets a client sent and derives the index from them; nothing is stored.
 * @param now  where the window of the calendar index is counted from
 * @throws refusal with the precondition that fails (design §6, RFC 4791 §5.3.2.1, RFC 6352 §6.3.2.1)
 */
export function prepareObject(
  kind: CollectionRow['kind'],
  body: Uint8Array,
  settings: Settings,
  now: number,
): PreparedObject {
  try {
    const { text, charset } = decodeText(body)
    const read = kind === 'calendar' ? readEventObject(text, settings, now) : readCardObject(text)
    const type = kind === 'calendar' ? 'text/calendar' : 'text/vcard'
    const mediaType = charset === 'utf-8' ? null : `${type}; charset=utf-16`
    return { body, etag: etagOf(body), mediaType, ...read }
  } catch (error) {
    if (error instanceof InvalidObjectError) throw refuse(error.precondition, { message: error.message })
    if (error instanceof TextEncodingError) {
      throw refuse(kind === 'calendar' ? 'valid-calendar-data' : 'valid-address-data', {
        message: error.message,
      })
    }
    throw error
  }
}

/** The name of a precondition that calendars and address books each have their own of. */
export function ownPrecondition<N extends string>(
  kind: CollectionRow['kind'],
  name: N,
): `caldav:${N}` | `carddav:${N}` {
  return kind === 'calendar' ? `caldav:${name}` : `carddav:${name}`
}
