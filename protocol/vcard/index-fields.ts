import { type ContentLine, splitValue, unescapeText } from '../text/content-lines.ts'
import { fold } from '../text/fold.ts'
import { withoutEnd } from '../text/without-end.ts'
import { type Card, cardProperty } from './card.ts'

/**
 * 'phone' is the digits of a TEL; 'city', 'region', 'postcode' and 'country' are those of an ADR; 'birthday' is the day of
 * a BDAY, folded without its year; 'photo' says that there is one. A row 'inexact' says that the card has more, or longer, texts than were indexed:
 * such a card is a candidate for every filter.
 */
export type ContactField =
  | 'fn'
  | 'n'
  | 'nickname'
  | 'email'
  | 'tel'
  | 'phone'
  | 'org'
  | 'title'
  | 'note'
  | 'category'
  | 'adr'
  | 'city'
  | 'region'
  | 'postcode'
  | 'country'
  | 'birthday'
  | 'photo'
  | 'uid'
  | 'inexact'

export interface ContactRow {
  readonly kind: ContactField
  /** Without case and accents. */
  readonly folded: string
  /**
   * The unescaped value of the property; for 'phone' the digits, with a plus where the number has its country code; for
   * 'birthday' 2026-12-31, or --12-31 where nobody knows the year.
   */
  readonly text: string
}

export interface ContactSummary {
  /** FN, or the best name there is; empty when there is none. */
  readonly fn: string
  readonly kind: 'individual' | 'group' | 'org'
}

export interface ContactIndex {
  readonly summary: ContactSummary
  /** One row for each indexed property that has a value, in the order of the card. */
  readonly rows: readonly ContactRow[]
}

/** Properties that are indexed, and the kind of their rows. */
export const indexedProperties: ReadonlyMap<string, ContactField> = new Map([
  ['FN', 'fn'],
  ['N', 'n'],
  ['NICKNAME', 'nickname'],
  ['EMAIL', 'email'],
  ['TEL', 'tel'],
  ['ORG', 'org'],
  ['TITLE', 'title'],
  ['NOTE', 'note'],
  ['CATEGORIES', 'category'],
  ['ADR', 'adr'],
  ['UID', 'uid'],
])

/** Index rows for one card at most. */
export const contactRowsLimit = 200
/** Characters of one value that are indexed. */
export const contactTextLimit = 2000

/**
 * What is searched of a card without reading it. A value is one row however it is structured, so that whatever
 * a text-match finds in the property is found in its row.
 */
export function contactIndex(card: Card): ContactIndex {
  const rows: ContactRow[] = []
  let isExact = true
  for (const line of card.lines) {
    const kind = indexedProperties.get(line.name)
    if (kind === undefined) {
      rows.push(...otherRows(line, rows))
      continue
    }
    const text = unescapeText(line.value)
    if (text === '') continue
    if (rows.length >= contactRowsLimit) {
      isExact = false
      break
    }
    const kept = cut(text)
    if (kept !== text) isExact = false
    rows.push({ kind, folded: fold(kept), text: kept })
    if (kind === 'tel') rows.push(...phoneRows(kept))
    if (kind === 'adr') rows.push(...addressRows(line.value))
  }
  if (!isExact) rows.push({ kind: 'inexact', folded: '', text: '' })
  return { summary: contactSummary(card), rows }
}

/** Lines of a card, or of one that is being made. */
interface Named {
  readonly lines: readonly Pick<ContentLine, 'name' | 'value'>[]
}

/** The name to show for a card, and what sort of thing it describes. @see RFC 6350 §6.1.4, §6.2.1 */
export function contactSummary(card: Named): ContactSummary {
  return { fn: cut(displayName(card)), kind: cardKind(card) }
}

/** Characters of a name that lists are sorted by. */
const sortLimit = 200

/**
 * What a list of people is sorted by, without case and accents: family name before given name where the card tells them
 * apart, else the name that is shown. @see RFC 6350 §6.2.2
 */
export function sortName(card: Named): string {
  const [family = '', given = ''] = splitValue(cardProperty(card.lines, 'N')?.value ?? '', ';').map(
    unescapeText,
  )
  const name = [family.trim(), given.trim()].filter((part) => part !== '').join(' ') || displayName(card)
  return fold(name).slice(0, sortLimit)
}

/** Ends before a surrogate pair rather than within it. */
function cut(text: string): string {
  if (text.length <= contactTextLimit) return text
  const last = text.charCodeAt(contactTextLimit - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? contactTextLimit - 1 : contactTextLimit)
}

/** `tel:` URIs, extensions and pauses are understood; fewer than three digits are no number. @see RFC 3966 §3 */
function phoneRows(text: string): ContactRow[] {
  const number = text
    .replace(/^\s*tel:/i, '')
    .replace(/[;,].*$/s, '')
    .replace(/(\d)\s*(?:ext\.?|[xpw])\s*\d.*$/is, '$1')
  const digits = number.replace(/\D+/g, '')
  if (digits.length < 3) return []
  const phone = /^[\s(]*\+/.test(number) ? `+${digits}` : digits
  return [{ kind: 'phone', folded: phone, text: phone }]
}

const addressParts = [
  [3, 'city'],
  [4, 'region'],
  [5, 'postcode'],
  [6, 'country'],
] as const

/** The parts of an address by which people are looked for. @see RFC 6350 §6.3.1 */
function addressRows(value: string): ContactRow[] {
  const parts = splitValue(value, ';')
  return addressParts.flatMap(([at, kind]) => {
    const text = cut(unescapeText(parts[at] ?? '').trim())
    return text === '' ? [] : [{ kind, folded: fold(text), text }]
  })
}

/** What is known of a card beside its texts, once. */
function otherRows({ name, value }: Pick<ContentLine, 'name' | 'value'>, known: ContactRow[]): ContactRow[] {
  const kind = name === 'PHOTO' ? 'photo' : name === 'BDAY' ? 'birthday' : undefined
  if (kind === undefined || known.some((row) => row.kind === kind)) return []
  if (kind === 'photo') return [{ kind, folded: '', text: '' }]
  const text = birthdayOf(value.trim())
  return text === undefined ? [] : [{ kind, folded: text.slice(-5), text }]
}

/** 1604 stands for no year where a program has no date without one. @see RFC 6350 §4.3.1 */
function birthdayOf(value: string): string | undefined {
  const [, year, month, day] = /^(?:(\d{4})-?|--)(\d\d)-?(\d\d)(?:T.*)?$/.exec(value) ?? []
  if (month === undefined || day === undefined) return undefined
  return `${year !== undefined && Number(year) > 1604 ? year : '-'}-${month}-${day}`
}

function displayName(card: Named): string {
  const fn = firstText(card, 'FN')
  if (fn !== '') return fn
  const [family = '', given = ''] = splitValue(cardProperty(card.lines, 'N')?.value ?? '', ';').map(
    unescapeText,
  )
  const name = `${given.trim()} ${family.trim()}`.trim()
  if (name !== '') return name
  for (const property of ['NICKNAME', 'ORG', 'EMAIL', 'TEL']) {
    const text = withoutEnd(firstText(card, property), ';')
    if (text !== '') return text
  }
  return ''
}

function firstText(card: Named, name: string): string {
  for (const line of card.lines) {
    if (line.name !== name) continue
    const text = unescapeText(line.value).trim()
    if (text !== '') return text
  }
  return ''
}

/** Apple writes groups and companies of vCard 3.0 in properties of its own (ABK-07). */
function cardKind(card: Named): ContactSummary['kind'] {
  for (const line of card.lines) {
    if (line.name === 'KIND' || line.name === 'X-ADDRESSBOOKSERVER-KIND') {
      const kind = line.value.trim().toLowerCase()
      if (kind === 'group') return 'group'
      if (kind === 'org') return 'org'
    }
    if (line.name === 'X-ABSHOWAS' && line.value.trim().toUpperCase() === 'COMPANY') return 'org'
  }
  return 'individual'
}
