import { readCard } from '../../../protocol/vcard/card.ts'
import { type CardVersion, convertCard } from '../../../protocol/vcard/convert.ts'
import type { PropSelection } from '../../../protocol/vcard/filter-types.ts'
import { writeJCard } from '../../../protocol/vcard/jcard.ts'
import { writeJsContact } from '../../../protocol/vcard/jscontact.ts'
import { selectAddressData } from '../../../protocol/vcard/partial.ts'
import { contentUid } from '../content-uid.ts'

/** The forms that a card is given in; 'stored' is the version that it is kept in. */
export type CardForm = 'stored' | CardVersion | 'jcard' | 'jscontact'

/** A card as it is kept. */
export interface StoredCard {
  readonly text: string
  /** The VERSION in it, as its row has it. */
  readonly version: string | null
  /** The UID in it, as its row has it. */
  readonly uid: string | null
}

/** What somebody wants of a card. */
export interface CardRequest {
  readonly form: CardForm
  /** The properties that are wanted, by their names in that form; undefined for all. */
  readonly props?: readonly PropSelection[] | undefined
  /** Lines of a card that is changed for it, at most. */
  readonly maxLines: number
}

/**
 * A card as somebody is given it, by whatever way he asks: the version, then the properties that he wants of it. One that is
 * kept in the version that is asked is not even read. One that cannot be read, or is too long, is given as it is, whatever
 * is asked (law 9).
 * @returns the text itself where nothing has to be changed; undefined where JSON is wanted of what cannot be read
 * @see RFC 6352 §5.1.1, §10.4
 */
export function serveCard(card: StoredCard, { form, props, maxLines }: CardRequest): string | undefined {
  if (props === undefined && isKeptAs(card, form)) return card.text
  if (hasMoreLines(card.text, maxLines)) return isJson(form) ? undefined : card.text
  try {
    const text = selected(inVersion(card, form), props)
    return isJson(form) ? written(text, form, card) : text
  } catch {
    return isJson(form) ? undefined : card.text
  }
}

/**
 * A card as somebody is given it who has it in the version of another card.
 * @returns undefined where that cannot be told
 */
export function inVersionOf(
  { version, uid }: Pick<StoredCard, 'version' | 'uid'>,
  text: string,
  maxLines: number,
): string | undefined {
  const form = version === '3.0' || version === '4.0' ? version : 'stored'
  return serveCard({ text, version: null, uid }, { form, maxLines })
}

/** Whether a card is kept in the form that is wanted of it. */
export function isKeptAs({ version }: Pick<StoredCard, 'version'>, form: CardForm): boolean {
  return form === 'stored' || form === version
}

/** Folded lines count once: a photo is one line, however long. */
export function hasMoreLines(text: string, most: number): boolean {
  // A line has three characters at least.
  if (text.length < most * 3) return false
  let lines = 0
  for (const _ of text.matchAll(lineEnd)) {
    lines += 1
    if (lines > most) return true
  }
  return false
}

/** With what follows it, where that is no fold; line ends of old are a CR alone. */
const lineEnd = /(?:\n|\r(?![\n\r]))(?![ \t])/g

function inVersion(card: StoredCard, form: CardForm): string {
  return isKeptAs(card, form) || form === 'stored' ? card.text : convertCard(card.text, versionOf(form))
}

/** What is written as JSON is made of 4.0. */
function versionOf(form: Exclude<CardForm, 'stored'>): CardVersion {
  return form === '3.0' ? '3.0' : '4.0'
}

/** @see RFC 6352 §10.4.2 */
function selected(text: string, props: CardRequest['props']): string {
  return props === undefined ? text : selectAddressData(text, readCard(text), props)
}

type JsonForm = Extract<CardForm, 'jcard' | 'jscontact'>

function isJson(form: CardForm): form is JsonForm {
  return form === 'jcard' || form === 'jscontact'
}

function written(text: string, form: JsonForm, { uid }: StoredCard): string {
  return JSON.stringify(
    form === 'jcard'
      ? writeJCard(text)
      : writeJsContact(text, uid ?? `urn:uuid:${contentUid(Buffer.from(text))}`),
  )
}
