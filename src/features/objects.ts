import type { Settings } from '../../config/defaults.ts'
import { Refusal, refuse } from '../../protocol/dav/preconditions.ts'
import { decodeText, TextEncodingError } from '../../protocol/text/decode.ts'
import { InvalidObjectError } from '../../protocol/text/invalid-object.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { BodyParts } from '../../storage/media/parts.ts'
import type { MemberIndex } from '../../storage/member-index.ts'
import type { ObjectWithBody } from '../../storage/objects.ts'
import { etagOf } from './bodies.ts'
import { indexWindow, readEventObject } from './calendars/calendar-object.ts'
import { readCardObject } from './contacts/card-object.ts'
import { cardParts } from './contacts/card-parts.ts'

/** An object ready for the write path: checked, and everything derived from its octets worked out. */
export interface PreparedObject {
  readonly body: Uint8Array
  /** The body without its photos and the like, where they are kept beside it. */
  readonly parts?: BodyParts | undefined
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
    const isUtf8 = charset === 'utf-8'
    const etag = etagOf(body)
    if (kind === 'calendar') {
      const mediaType = isUtf8 ? null : 'text/calendar; charset=utf-16'
      return { body, etag, mediaType, ...readEventObject(text, settings, now) }
    }
    const { media, ...read } = readCardObject(text, settings)
    const mediaType = isUtf8 ? null : 'text/vcard; charset=utf-16'
    return { body, parts: isUtf8 ? cardParts(body, text, media) : undefined, etag, mediaType, ...read }
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

/** What is taken from the original where its octets cannot be read. */
export type CopiedObject = Pick<
  ObjectWithBody,
  'body' | 'etag' | 'uid' | 'component' | 'mediaType' | 'version'
>

/**
 * A stored object for a copy of its collection. It was judged when it was stored: one that cannot be read now, or is
 * over a limit that was lowered since, is copied all the same, with an index that proves nothing (law 9).
 */
export function prepareCopy(
  kind: CollectionRow['kind'],
  { body, etag, uid, component, mediaType, version }: CopiedObject,
  settings: Settings,
  now: number,
): PreparedObject {
  try {
    return prepareObject(kind, body, settings, now)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { body, etag, uid, component, mediaType, version, index: unprovenIndex(kind, settings, now) }
  }
}

function unprovenIndex(kind: CollectionRow['kind'], settings: Settings, now: number): MemberIndex {
  if (kind === 'addressbook') {
    const person = { name: '', sortKey: '', kind: 'person' } as const
    return { contact: [{ kind: 'inexact', value: '', folded: '' }], person }
  }
  const { from, until } = indexWindow(settings, now)
  const window = { expandedFrom: from, expandedUntil: until }
  return { calendar: { earliest: null, latest: null, ...window, exact: false, instances: [] } }
}

/** The name of a precondition that calendars and address books each have their own of. */
export function ownPrecondition<N extends string>(
  kind: CollectionRow['kind'],
  name: N,
): `caldav:${N}` | `carddav:${N}` {
  return kind === 'calendar' ? `caldav:${name}` : `carddav:${name}`
}
