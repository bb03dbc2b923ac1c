import { unescapeText } from '../text/content-lines.ts'
import { InvalidObjectError } from '../text/invalid-object.ts'
import { type Card, readCard } from './card.ts'

export interface ValidCard {
  readonly card: Card
  readonly version: '3.0' | '4.0'
  /** Unescaped and trimmed; undefined when the card has none or an empty one. */
  readonly uid: string | undefined
}

/**
 * Judges a vCard that is to be stored. Only what would harm others is refused: a body that is not one whole card,
 * control characters, two UIDs, a missing VERSION or one other than 3.0 and 4.0. Missing FN or UID, unreadable lines,
 * unknown properties and broken photos are the client's own.
 * @param text  the decoded body, without byte order mark
 * @throws InvalidObjectError valid-address-data or supported-address-data
 * @see RFC 6352 §5.1, §6.3.2.1
 */
export function validateCard(text: string): ValidCard {
  const control = controlCharacter.exec(text)
  if (control) {
    const code = control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    throw new InvalidObjectError('valid-address-data', `There is a control character (U+${code}).`)
  }
  const card = readCard(text)
  return { card, version: supportedVersion(card.version), uid: cardUid(card) }
}

/**
 * The UID of a card, unescaped and trimmed.
 * @throws InvalidObjectError valid-address-data when there are two that differ
 * @see RFC 6350 §6.7.6
 */
function cardUid(card: Card): string | undefined {
  let uid: string | undefined
  for (const line of card.lines) {
    if (line.name !== 'UID') continue
    const value = unescapeText(line.value).trim()
    if (value === '' || value === uid) continue
    if (uid !== undefined) throw new InvalidObjectError('valid-address-data', 'The vCard has two UIDs.')
    uid = value
  }
  return uid
}

/**
 * Whether two UIDs name the same card: vCard 4.0 clients write `urn:uuid:` before what was bare in 3.0.
 * @see RFC 6350 §6.7.6, RFC 6352 §6.3.2.1 no-uid-conflict
 */
export function isSameUid(one: string, other: string): boolean {
  return one.replace(urnUuid, '') === other.replace(urnUuid, '')
}

const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/
const urnUuid = /^urn:uuid:/i

/** @see RFC 6350 §6.7.9, RFC 2426 §3.6.9 */
function supportedVersion(version: string | undefined): '3.0' | '4.0' {
  if (version === '3.0' || version === '4.0') return version
  if (version === undefined || version === '') {
    throw new InvalidObjectError('valid-address-data', 'VERSION is missing.')
  }
  const told = version.slice(0, 40)
  throw new InvalidObjectError(
    'supported-address-data',
    `vCard version ${told} is not stored; 3.0 and 4.0 are.`,
  )
}
