import { acceptedOffer, type Offer } from '../../protocol/dav/accept.ts'
import { type ObjectRow, readBody } from '../../storage/objects.ts'
import { bodyText } from '../features/bodies.ts'
import { jCalText, withWantedTimezones } from '../features/calendars/calendar-data.ts'
import { formOfCard } from '../features/devices/card-forms.ts'
import { isKeptAs, serveCard } from '../features/devices/serve.ts'
import { readPhotoBody, withPhotosFor } from '../features/photos/photo-texts.ts'
import { type Call, photosOf, readerOf, timezonesWanted } from './call.ts'
import { mediaTypeOf } from './properties/rfc4918.ts'
import type { MemberResource, ResourceOf } from './resource.ts'
import { notFound } from './tree.ts'

/** What is sent of a member. */
export interface MemberBody {
  readonly contentType: string
  readonly body: Uint8Array
}

/**
 * The octets of a member as stored, or what the caller sees of them, in the form that he accepts: the entity tag is the same
 * for all forms. What cannot be read is sent as it is.
 * @see RFC 9110 §12.5.1, RFC 6352 §5.1.1
 */
export async function bodyOf(call: Call, member: MemberResource): Promise<MemberBody> {
  const { kind, full, stored, text, row } = member
  const body = stored
    ? await seenOctets(call, member, text ?? '')
    : full && (await readOctets(call, kind, full))
  if (!body) throw notFound()
  const usual = mediaTypeOf(kind, row)
  const { contentType, render } = kind === 'card' ? cardAs(call, member) : eventAs(call, member)
  if (!render) return { contentType: contentType ?? usual, body }
  const rendered = render(bodyText(body))
  if (rendered === undefined) return { contentType: usual, body }
  return { contentType: contentType ?? usual, body: Buffer.from(rendered) }
}

/** The same of what is seen through a view. */
async function seenOctets(call: Call, { kind, row }: MemberResource, text: string): Promise<Buffer> {
  const fitting = await withPhotosFor(call, new Map([[row.id, text]]), photosOf(call, kind))
  return Buffer.from(fitting.get(row.id) ?? text)
}

/** Those of a card have photos that the device takes. */
async function readOctets(
  call: Call,
  kind: MemberResource['kind'],
  full: ObjectRow,
): Promise<Buffer | undefined> {
  const served = await readPhotoBody(call, full, photosOf(call, kind))
  return served ?? (await call.store.read((reader) => readBody(reader, full.bodyId)))
}

/** On what of a request it depends what is sent of a member. */
export function variesBy(kind: MemberResource['kind']): string {
  return kind === 'event' ? 'Accept, CalDAV-Timezones' : 'Accept'
}

interface Form {
  /** Undefined for the usual one. */
  readonly contentType: string | undefined
  /** Undefined for the octets as they are; it gives undefined for what cannot be read. */
  readonly render: ((text: string) => string | undefined) | undefined
}

function cardAs(call: Call, { full }: ResourceOf<'card'>): Form {
  const { version = null, uid = null, mediaType = null } = full ?? {}
  const { convertedLines: maxLines } = call.settings.limits
  const { form, contentType } = formOfCard(readerOf(call), call.headers.accept, { version })
  if (isKeptAs({ version }, form)) return { contentType: mediaType ?? contentType, render: undefined }
  const render = (text: string): string | undefined => {
    const served = serveCard({ text, version, uid }, { form, maxLines })
    return served === text ? undefined : served
  }
  return { contentType: contentType ?? 'text/vcard; charset=utf-8', render }
}

const iCalendar: Offer = { type: 'text/calendar', version: '2.0' }
/** @see RFC 7265 §5.1 */
const jCal: Offer = { type: 'application/calendar+json', version: '2.0' }

function eventAs(call: Call, { full }: ResourceOf<'event'>): Form {
  const wanted = full?.mediaType === null ? timezonesWanted(call) : undefined
  const { offer } = acceptedOffer(call.headers.accept, [iCalendar, jCal])
  if (offer === jCal) {
    const render = (text: string): string | undefined => jCalText(withWantedTimezones(text, wanted))
    return { contentType: jCal.type, render }
  }
  if (wanted === undefined) return { contentType: undefined, render: undefined }
  return { contentType: undefined, render: (text) => withWantedTimezones(text, wanted) }
}
