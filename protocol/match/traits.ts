import { type ContentLine, splitValue, unescapeText } from '../text/content-lines.ts'
import { fold } from '../text/fold.ts'
import { type Card, cardProperty } from '../vcard/card.ts'
import { contactSummary } from '../vcard/index-fields.ts'
import { birthdayOf, type PartialDate } from './birthday.ts'
import { wordsIn } from './words.ts'

/** What a card says by which somebody can be known again. */
export interface Traits {
  readonly kind: 'person' | 'org'
  /** As it is shown; empty where the card has no name but a mail address or a number. */
  readonly name: string
  /** Words of the name in their order, without titles; of a company without its legal form. */
  readonly words: readonly string[]
  /** Empty where the card does not tell them apart. */
  readonly given: readonly string[]
  readonly family: readonly string[]
  /** `jr`, `iii`: what tells father from son. */
  readonly generation: string | undefined
  readonly nicknames: readonly string[]
  readonly mails: readonly Mail[]
  readonly phones: readonly Phone[]
  readonly companies: readonly Company[]
  readonly birthday: PartialDate | undefined
  readonly addresses: readonly Address[]
}

export interface Mail {
  /** In lower case. */
  readonly text: string
  readonly local: string
  readonly domain: string
}

export interface Phone {
  readonly text: string
  readonly digits: string
  /** The digits behind the switchboard's number; empty without. */
  readonly extension: string
}

export interface Company {
  readonly text: string
  readonly words: readonly string[]
}

export interface Address {
  readonly text: string
  readonly street: string
  readonly place: string
}

/** Values of one property that are looked at; nobody is known by the fiftieth. */
const mostValues = 20
/** Characters of a value that are looked at. */
const longest = 300

const telling =
  /^(?:[\w-]+\.)?(?:N|FN|NICKNAME|EMAIL|TEL|ORG|ADR|(?:X-)?BDAY|KIND|X-ADDRESSBOOKSERVER-KIND|X-ABSHOWAS)[;:].*(?:\r?\n[ \t].*)*/gim

/** The lines that traits are read off: where they are equal, so are the traits. */
export function traitLines(text: string): string {
  // Of quoted-printable lines the next one may be a part.
  return /QUOTED-PRINTABLE/i.test(text) ? text : (text.match(telling) ?? []).join('\n')
}

/** What is looked at of a card to find others of the same person. */
export function traitsOf(card: Card): Traits {
  const companies = valuesOf(card, 'ORG').flatMap(companyOf)
  const named = nameOf(card)
  const isOrg = isCompany(card, named, companies)
  const name = isOrg && named.shown === '' ? (companies[0]?.text ?? '') : named.shown
  return {
    kind: isOrg ? 'org' : 'person',
    name,
    words: isOrg ? companyWords(name) : named.words,
    given: isOrg ? [] : named.given,
    family: isOrg ? [] : named.family,
    generation: isOrg ? undefined : named.generation,
    nicknames: valuesOf(card, 'NICKNAME').flatMap(({ value }) =>
      splitValue(value, ',').flatMap((text) => wordsIn(unescapeText(text)).slice(0, 1)),
    ),
    mails: valuesOf(card, 'EMAIL').flatMap(mailOf),
    phones: valuesOf(card, 'TEL').flatMap(phoneOf),
    companies,
    birthday: birthdayOf(card),
    addresses: valuesOf(card, 'ADR').flatMap(addressOf),
  }
}

function valuesOf({ lines }: Card, name: string): ContentLine[] {
  return lines
    .filter((line) => line.name === name && line.value.trim() !== '')
    .slice(0, mostValues)
    .map((line) => ({ ...line, value: line.value.slice(0, longest) }))
}

interface Named extends Pick<Traits, 'words' | 'given' | 'family' | 'generation'> {
  readonly shown: string
  /** FN where N is empty: it may be that of a company. */
  readonly isWhole: boolean
}

/** FN and N of one card say the same mostly; where they do not, N has what the person wrote in the fields. */
function nameOf(card: Card): Named {
  const parts = splitValue(cardProperty(card.lines, 'N')?.value.slice(0, longest) ?? '', ';').map(
    unescapeText,
  )
  const [family = '', given = '', additional = '', , suffix = ''] = parts
  const fn = unescapeText(cardProperty(card.lines, 'FN')?.value.slice(0, longest) ?? '').trim()
  const isPerson = /\p{L}/u.test(fn) && !fn.includes('@')
  const shown = isPerson ? fn : `${given} ${family}`.trim()
  const [first, last] = [wordsIn(given), wordsIn(family)]
  const isSplit = first.length > 0 && last.length > 0
  const words = isSplit ? [...first, ...wordsIn(additional), ...last] : personWords(shown)
  const generation = [...wordsIn(suffix), ...wordsIn(fn).slice(-1)].find((word) => generations.has(word))
  return {
    shown,
    words: words.filter((word) => !generations.has(word)).slice(0, 8),
    given: isSplit ? [...first, ...wordsIn(additional)] : [],
    family: isSplit ? last.filter((word) => !generations.has(word)) : [],
    generation,
    isWhole: !isSplit && fn !== '',
  }
}

/** `Meier, Anna (Sales)`: what stands in brackets is no name, and neither is a title. */
function personWords(text: string): string[] {
  const words = wordsIn(text.replace(/\([^)]*\)/g, ' '))
  const plain = words.filter((word) => !titles.has(word))
  return plain.length > 0 ? plain : words
}

/** Many programs write the company in FN, or in N, and do not say that it is one. */
function isCompany(card: Card, named: Named, companies: readonly Company[]): boolean {
  if (contactSummary(card).kind === 'org') return true
  const [first] = companies
  if (first === undefined) return false
  if (named.shown === '') return !card.lines.some(({ name }) => name === 'NICKNAME')
  return named.isWhole && fold(named.shown) === fold(first.text)
}

function companyOf({ value }: ContentLine): Company[] {
  const text = unescapeText(splitValue(value, ';')[0] ?? '').trim()
  const words = companyWords(text)
  return words.length === 0 ? [] : [{ text, words }]
}

function companyWords(text: string): string[] {
  const words = wordsIn(text.replace(/&|\+/g, ' '))
  const plain = words.filter((word) => !legalForms.has(word))
  return (plain.length > 0 ? plain : words).slice(0, 8)
}

function mailOf({ value }: ContentLine): Mail[] {
  const text = unescapeText(value)
    .trim()
    .replace(/^mailto:/i, '')
    .replace(/^.*<([^<>]+)>.*$/s, '$1')
    .toLowerCase()
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1 || /\s/.test(text)) return []
  const domain = text.slice(at + 1).replace(/^googlemail\.com$/, 'gmail.com')
  // What stands behind the plus is for the reader's own folders; at Google dots are nothing.
  const plain = text.slice(0, at).replace(/\+.*$/, '')
  const local = domain === 'gmail.com' ? plain.replaceAll('.', '') : plain
  return local === '' ? [] : [{ text: `${local}@${domain}`, local, domain }]
}

/** Fewer digits than six are within a house. @see RFC 3966 §3 */
function phoneOf({ value }: ContentLine): Phone[] {
  const text = unescapeText(value).trim()
  const [, main = '', extension = ''] =
    /^(?:tel:)?(.*?)(?:(?:;ext=|\s*(?:ext\.?|[xp#])\s*)(\d+))?(?:[;,].*)?$/is.exec(text) ?? []
  const digits = main.replace(/\(0\)/g, '').replace(/\D+/g, '').replace(/^00/, '')
  return digits.length < 6 ? [] : [{ text, digits, extension }]
}

function addressOf({ value }: ContentLine): Address[] {
  const parts = splitValue(value, ';').map((part) => unescapeText(part).trim())
  const [, , street = '', city = '', , code = ''] = parts
  const place = code === '' ? wordsIn(city).join(' ') : wordsIn(code).join('')
  const text = parts.filter((part) => part !== '').join(', ')
  return place === '' && street === '' ? [] : [{ text, street: streetOf(street), place }]
}

function streetOf(street: string): string {
  return wordsIn(street)
    .map((word) => word.replace(/(?<=.)(?:strase|strasse|str)$/, 'str'))
    .map((word) => shortened.get(word) ?? word)
    .join(' ')
}

const shortened: ReadonlyMap<string, string> = new Map([
  ['street', 'st'],
  ['strase', 'str'],
  ['strasse', 'str'],
  ['avenue', 'av'],
  ['ave', 'av'],
  ['road', 'rd'],
  ['boulevard', 'bd'],
  ['blvd', 'bd'],
])

function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(/\s+/).flatMap((word) => wordsIn(word)))
}

const generations = setOf('jr sr junior senior ii iii iv jun sen')

const titles = setOf(
  `mr mrs ms miss mx dr prof professor doctor sir dame lord lady herr frau fräulein hr fr dipl ing mag med phd md mba msc bsc
  monsieur madame mademoiselle mme mlle señor señora sr sra don doña signor signora sig dott dottssa ing avv rev`,
)

const legalForms = setOf(
  `gmbh ag kg ohg ug mbh co kgaa gbr ev se inc incorporated corp corporation llc llp lp ltd limited plc pty sa sas sarl sàrl srl spa
  bv nv ab as aps oy oyj kft doo zrt sl slu lda ooo ооо зао оао пао ао company group gruppe holding the`,
)
