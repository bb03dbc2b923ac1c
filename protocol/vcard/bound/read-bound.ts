import { fold } from '../../text/fold.ts'
import type { CardValue, RelatedName } from '../edit/details.ts'
import { lists } from '../edit/lists/table.ts'
import { ridersOf, viewCard } from '../edit/open-card.ts'
import { valuesOf } from '../edit/read-details.ts'
import { type ContactSummary, contactSummary } from '../index-fields.ts'

/** What a card says of things that are known beside it too. */
export interface BoundFacts {
  readonly job: CardJob
  readonly units: readonly string[]
  readonly related: readonly RelatedLine[]
  /** In lower case. */
  readonly mails: readonly string[]
  /** What the card of an organisation calls it; empty on any other card. */
  readonly company: string
}

/** Where somebody works, as a card shows it; empty where it does not say. */
export interface CardJob {
  readonly orgName: string
  /** The first unit of the organisation. */
  readonly department: string
  readonly title: string
  readonly role: string
}

/** One line that names somebody related. */
export interface RelatedLine {
  /** What names it in edits of the same text. */
  readonly key: string
  /** What the other is: a type of RFC 6350 §6.6.6, or what the user calls it. */
  readonly type: string
  /** Empty where there is a URI. */
  readonly name: string
  readonly uri: string
}

const bound = /^(?:[\w-]+\.)?(?:ORG|TITLE|ROLE|RELATED|X-ABRELATEDNAMES|X-ABLABEL)[;:].*(?:\r?\n[ \t].*)*/gim

const organisation = /^(?:[\w-]+\.)?(?:KIND|X-ABSHOWAS|X-ADDRESSBOOKSERVER-KIND)[;:].*\b(?:org|company)/im
const names = /^(?:[\w-]+\.)?(?:FN|N|KIND|X-ABSHOWAS)[;:].*(?:\r?\n[ \t].*)*/gim

/**
 * The lines that such facts, and their labels, stand in: where they are equal, so are the facts. What a card calls somebody
 * counts for organisations, which others name.
 */
export function boundLines(text: string): string {
  const called = organisation.test(text) ? (text.match(names) ?? []) : []
  return [...(text.match(bound) ?? []), ...called].join('\n')
}

/** What such facts, their labels and the name of an organisation stand in. */
const readProperties: ReadonlySet<string> = new Set([
  ...(['orgs', 'titles', 'roles', 'related', 'mails'] as const).flatMap((list) => lists[list].names),
  ...'X-ABLABEL FN N NICKNAME TEL KIND X-ADDRESSBOOKSERVER-KIND X-ABSHOWAS'.split(' '),
])

/** Only lines of relations are named by their keys. */
const related = /RELATED/i

/** @throws InvalidObjectError when it is not one whole card */
export function readBound(text: string): BoundFacts {
  const card = viewCard(text, readProperties, related.test(text))
  const find = ridersOf(card)
  const [org] = valuesOf(card, 'orgs', find)
  const [title] = valuesOf(card, 'titles', find)
  const [role] = valuesOf(card, 'roles', find)
  return {
    job: {
      orgName: org?.value.value.name ?? '',
      department: org?.value.value.units[0] ?? '',
      title: title?.value.value ?? '',
      role: role?.value.value ?? '',
    },
    units: org?.value.value.units ?? [],
    related: valuesOf(card, 'related', find).map(({ value }) => relatedLine(value)),
    mails: valuesOf(card, 'mails', find).map(({ value }) => value.value.toLowerCase()),
    company: companyOf(contactSummary(card.stored)),
  }
}

function companyOf({ fn, kind }: ContactSummary): string {
  return kind === 'org' ? fn : ''
}

/** A card that says nothing. */
export const noFacts: BoundFacts = {
  job: { orgName: '', department: '', title: '', role: '' },
  units: [],
  related: [],
  mails: [],
  company: '',
}

/** What a line says, whatever line it is. */
export type NamedRelation = Pick<RelatedLine, 'type' | 'name'>

/** Whether two lines say the same. */
export function isThat(line: NamedRelation, other: NamedRelation): boolean {
  return isSameName(line.name, other.name) && isSameName(line.type, other.type)
}

/** Whether two names are the same, as people write them. */
export function isSameName(one: string, other: string): boolean {
  return plainName(one) === plainName(other)
}

/** Whether a text names somebody: some words of the name, or all of it and more. */
export function namesPerson(text: string, name: string): boolean {
  const [words, parts] = [wordsOf(text), wordsOf(name)]
  if (words.length === 0 || parts.length === 0) return false
  const [fewer, more] = words.length <= parts.length ? [words, parts] : [parts, words]
  return fewer.every((word) => more.includes(word))
}

export function plainName(name: string): string {
  return wordsOf(name).join(' ')
}

function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}]+/gu) ?? []
}

/** The first of the types says most: `mother,parent`. A label is a word of the user's own. */
function relatedLine({ key, value, types, label }: CardValue<RelatedName>): RelatedLine {
  const [type = label === '' ? 'contact' : label] = types
  return { key, type, name: value.name, uri: value.uri }
}
