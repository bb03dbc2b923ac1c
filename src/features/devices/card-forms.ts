import type { Settings } from '../../../config/defaults.ts'
import { type Accepted, acceptedOffer, type Offer } from '../../../protocol/dav/accept.ts'
import { type DeviceTraits, isDeviceKind, suggestKind, traitsOf } from './kinds.ts'
import { type CardForm, type StoredCard, serveCard } from './serve.ts'

/** Who asks for cards. */
export interface CardReader {
  /** The kind of device that the app password is for. */
  readonly clientKind: string | undefined
  readonly userAgent: string
}

/** How an answer gives cards. */
export interface GivenAs {
  readonly form: CardForm
  /** Undefined for that of the card as it is stored. */
  readonly contentType: string | undefined
}

/** In which form a report gives cards where it names none. @see MIN-34, RFC 6352 §10.4 (the default is 3.0) */
export function formUnasked(reader: CardReader): CardForm {
  return traitsOfReader(reader).version
}

/**
 * In which form a GET gives a card. Without a word about versions it is the one that the card is stored in, but for those
 * who can read 3.0 only (ABK-01).
 * @param accept  the Accept header
 */
export function formOfCard(
  reader: CardReader,
  accept: string | undefined,
  { version }: Pick<StoredCard, 'version'>,
): GivenAs {
  const { only } = traitsOfReader(reader)
  const { three, four } = versions
  const stored = version === '4.0' ? four : version === '3.0' ? three : anyVersion
  const first = only === '3.0' ? three : stored
  return given(acceptedOffer(accept, [first, three, four, jCard, jsContact]))
}

/** How all cards of a book are given in one file, which is one of vCards. */
export interface BookFile {
  readonly contentType: string
  readonly shown: (text: string, card: Omit<StoredCard, 'text'>) => string | undefined
}

/** The same of all cards of a book. */
export function bookFile(
  reader: CardReader,
  accept: string | undefined,
  { limits }: Pick<Settings, 'limits'>,
): BookFile {
  const { only } = traitsOfReader(reader)
  const { three, four } = versions
  const first = only === '3.0' ? three : anyVersion
  const { form, contentType = 'text/vcard; charset=utf-8' } = given(
    acceptedOffer(accept, [first, three, four]),
  )
  const request = { form, maxLines: limits.convertedLines }
  return { contentType, shown: (text, { version, uid }) => serveCard({ text, version, uid }, request) }
}

/** Whether a book is wanted as a table rather than as its cards. @see RFC 4180 §3 */
export function isTableWanted(accept: string | undefined): boolean {
  const table: Offer = { type: 'text/csv' }
  return acceptedOffer(accept, [anyVersion, versions.three, versions.four, table]).offer === table
}

interface CardOffer extends Offer {
  readonly form: CardForm
}

const anyVersion: CardOffer = { type: 'text/vcard', form: 'stored' }
const versions: Readonly<Record<'three' | 'four', CardOffer>> = {
  three: { type: 'text/vcard', version: '3.0', form: '3.0' },
  four: { type: 'text/vcard', version: '4.0', form: '4.0' },
}
/** @see RFC 7095 §4.1 */
const jCard: CardOffer = { type: 'application/vcard+json', version: '4.0', form: 'jcard' }
/** @see RFC 9553 §3.1 */
const jsContact: CardOffer = { type: 'application/jscontact+json', version: '1.0', form: 'jscontact' }

/** The type says the version only to those who said it: others may know the type by its letters. */
function given({ offer, isVersionNamed }: Accepted<CardOffer>): GivenAs {
  const { type, version, form } = offer
  const told = isVersionNamed ? `; version=${version}` : ''
  if (type === 'text/vcard')
    return { form, contentType: told === '' ? undefined : `${type}; charset=utf-8${told}` }
  return { form, contentType: type + told }
}

/**
 * The kind that the app password is for settles it. Where it has none, the name of a client whose ways are known beyond
 * doubt does, for the version only.
 */
function traitsOfReader({ clientKind, userAgent }: CardReader): DeviceTraits {
  if (isDeviceKind(clientKind)) return traitsOf(clientKind)
  const suggested = suggestKind(userAgent)
  return traitsOf(suggested !== undefined && plain.has(suggested) ? suggested : undefined)
}

const plain: ReadonlySet<string> = new Set(['apple', 'thunderbird', 'evolution'])
