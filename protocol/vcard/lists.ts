import {
  type ContentLine,
  escapeTextValue,
  splitValue,
  unescapeText,
  unescapeUri,
} from '../text/content-lines.ts'
import { withoutEnd } from '../text/without-end.ts'
import { foldLine, writeLine } from '../text/write-line.ts'
import type { Card } from './card.ts'

/**
 * What a card says of lists of people: a group card names its members, the card of a person the lists that the person is in.
 * @see RFC 6350 §6.1.4, §6.6.5, §6.7.1; ABK-07
 */
export type CardLists =
  | {
      readonly kind: 'group'
      /** Empty where it has none that can be one of a list. */
      readonly name: string
      /** Keys of members, each once. */
      readonly members: readonly string[]
    }
  | {
      readonly kind: 'person'
      /** Names of lists, each once. */
      readonly labels: readonly string[]
      readonly hasCategories: boolean
    }

/** Octets of the name of a list, and of a UID in one, at most: longer ones stay what they are in their cards. */
const longestBytes = 500

/** Names and members that are read at most: what is beyond stays in the card alone. */
export interface ListLimits {
  readonly labelsPerCard: number
  readonly listMembers: number
}

export function readLists({ lines }: Card, { labelsPerCard, listMembers }: ListLimits): CardLists {
  if (lines.some(isGroupKind)) {
    const members = lines.flatMap((line) =>
      isMember(line) ? (memberKey(unescapeUri(line.value)) ?? []) : [],
    )
    return { kind: 'group', name: groupName(lines), members: [...new Set(members)].slice(0, listMembers) }
  }
  const categories = lines.filter(isCategories)
  const labels = new Set(categories.flatMap(({ value }) => splitValue(value, ',').flatMap(labelIn)))
  return { kind: 'person', labels: [...labels].slice(0, labelsPerCard), hasCategories: categories.length > 0 }
}

/**
 * What a member of a list is known by: its UID, as clients write it with and without `urn:uuid:` (DVX-10).
 * @returns undefined for what no list can name
 */
export function memberKey(uid: string): string | undefined {
  // As nearly all are; very many of them are read at once.
  if (plainUid.test(uid)) return uid.startsWith('urn:uuid:') ? uid.slice(9) : uid
  const key = uid.trim().replace(/^urn:uuid:/i, '')
  if (key === '' || Buffer.byteLength(key) > longestBytes) return undefined
  return /[\x00-\x1f\x7f]/.test(key) || unescapeUri(key) !== key ? undefined : key
}

const plainUid = /^(?:urn:uuid:)?[\w.@+-]{1,200}$/

/** The same card without CATEGORIES; every other line is as it was. */
export function withoutCategories(text: string, { lines }: Card): string {
  return edited(
    text,
    lines.filter(isCategories).map(({ start, end }) => ({ start, end, text: '' })),
  )
}

/** The CATEGORIES lines of a card as they are written, one after another. */
export function categoriesOf(text: string, { lines }: Card): string {
  return lines
    .filter(isCategories)
    .map(({ start, end }) => text.slice(start, end))
    .join('')
}

/** A card with more lines before its end, each with its line end. */
export function withLines(text: string, { finish }: Card, lines: string): string {
  return text.slice(0, finish.start) + lines + text.slice(finish.start)
}

export interface LabelChange {
  readonly adding?: readonly string[]
  readonly without?: ReadonlySet<string>
  /** One that takes the place of another, where that stands. */
  readonly renamed?: { readonly from: string; readonly to: string } | undefined
}

/** The same card with other CATEGORIES: only lines in which something changes are written anew. */
export function changeCategories(text: string, card: Card, change: LabelChange): string {
  const { adding = [], without = noLabels, renamed } = change
  const present = new Set<string>()
  const kept = card.lines.filter(isCategories).map((line) => {
    const before = splitValue(line.value, ',')
    const parts = before.flatMap((part) => {
      const [label] = labelIn(part)
      if (label === undefined) return part
      const isRenamed = label === renamed?.from
      const after = isRenamed ? renamed.to : label
      if (without.has(after) || (after === renamed?.to && present.has(after))) return []
      present.add(after)
      return isRenamed ? escapeTextValue(after) : part
    })
    return { line, before, parts }
  })
  const missing = adding.filter((label) => !present.has(label)).map(escapeTextValue)
  const first = kept.find(({ parts }) => parts.some((part) => part.trim() !== ''))
  const edits = kept.flatMap(({ line, before, parts }): Edit[] => {
    const all = line === first?.line ? [...parts, ...missing] : parts
    if (all.length === before.length && all.every((part, at) => part === before[at])) return []
    const isEmpty = all.every((part) => part.trim() === '')
    return [{ ...spanOf(line), text: isEmpty ? '' : rewritten(text, line, all.join(',')) }]
  })
  const changed = edited(text, edits)
  if (first || missing.length === 0) return changed
  const added = withEnd(foldLine(`CATEGORIES:${missing.join(',')}`), lineEnd(text, card.begin))
  const at = card.finish.start + changed.length - text.length
  return changed.slice(0, at) + added + changed.slice(at)
}

/** The same group card with other members: only their own lines come and go. @param adding  keys of members */
export function changeMembers(
  text: string,
  card: Card,
  { adding, without }: { readonly adding: readonly string[]; readonly without: ReadonlySet<string> },
): string {
  const members = card.lines.filter(isMember)
  const property = card.lines.some(({ name }) => name === 'X-ADDRESSBOOKSERVER-KIND') ? appleMember : 'MEMBER'
  const gone = members.filter(({ value }) => without.has(memberKey(unescapeUri(value)) ?? ''))
  const end = lineEnd(text, card.begin)
  const added = adding.map((key) => withEnd(writeLine(property, [], memberValue(key)), end)).join('')
  const at = members.at(-1)?.end ?? card.finish.start
  const edits = gone.map((line): Edit => ({ ...spanOf(line), text: '' }))
  return edited(text, [...edits, { start: at, end: at, text: added }])
}

/**
 * The same group card after an edit that has nothing to do with its members: of those that stand together it sees the first alone,
 * since very many of them cost seconds.
 */
export function editBesideMembers(text: string, { lines }: Card, edit: (text: string) => string): string {
  const at = lines.findIndex(isMember)
  let last = at
  while (last >= 0 && isNextMember(lines[last], lines[last + 1])) last += 1
  const [first, end] = [lines[at], lines[last]?.end]
  if (!first || end === undefined || end === first.end) return edit(text)
  const seen = text.slice(first.start, first.end)
  const edited = edit(text.slice(0, first.end) + text.slice(end))
  const stands = edited.indexOf(seen)
  if (stands === -1 || stands !== edited.lastIndexOf(seen)) return edit(text)
  const after = stands + seen.length
  return edited.slice(0, after) + text.slice(first.end, end) + edited.slice(after)
}

function isNextMember(line: ContentLine | undefined, next: ContentLine | undefined): boolean {
  return line !== undefined && next !== undefined && isMember(next) && next.start === line.end
}

/** A group card as Apple's programs write one. @param members  their keys @see ABK-07 */
export function newGroupCard(uid: string, name: string, members: readonly string[]): string {
  const escaped = escapeTextValue(name)
  return [
    ['BEGIN', 'VCARD'],
    ['VERSION', '3.0'],
    ['UID', uid],
    ['N', `${escaped};;;;`],
    ['FN', escaped],
    ['X-ADDRESSBOOKSERVER-KIND', 'group'],
    ...members.map((key) => [appleMember, memberValue(key)]),
    ['END', 'VCARD'],
  ]
    .map(([property = '', value = '']) => writeLine(property, [], value))
    .join('')
}

const appleMember = 'X-ADDRESSBOOKSERVER-MEMBER'
const noLabels: ReadonlySet<string> = new Set()

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

function isCategories({ name }: ContentLine): boolean {
  return name === 'CATEGORIES'
}

function isMember({ name }: ContentLine): boolean {
  return name === 'MEMBER' || name === appleMember
}

function isGroupKind({ name, value }: ContentLine): boolean {
  return (name === 'KIND' || name === 'X-ADDRESSBOOKSERVER-KIND') && value.trim().toLowerCase() === 'group'
}

/** FN, or else the family name, which Apple's programs write as well. */
function groupName(lines: readonly ContentLine[]): string {
  for (const property of ['FN', 'N']) {
    for (const { name, value } of lines) {
      if (name !== property) continue
      const [label] = labelIn(name === 'N' ? (splitValue(value, ';')[0] ?? '') : value)
      if (label !== undefined) return label
    }
  }
  return ''
}

/** Programs tell names apart as they are written, but for blanks around them and how accents are composed. */
function labelIn(written: string): string[] {
  const label = unescapeText(written).trim().normalize('NFC')
  return label === '' || Buffer.byteLength(label) > longestBytes ? [] : [label]
}

/** Other URNs are written as they are. */
function memberValue(key: string): string {
  return /^(?:urn|https?|mailto):/i.test(key) ? key : `urn:uuid:${key}`
}

function spanOf({ start, end }: ContentLine): { start: number; end: number } {
  return { start, end }
}

/** A line with another value; what stands before it stays, octet for octet but for its folds. */
function rewritten(text: string, { start, end, value }: ContentLine, next: string): string {
  const raw = text.slice(start, end)
  const line = withoutEnd(raw.replace(/(?:\r{0,2}\n|\r)[ \t]/g, ''), '\r\n')
  return withEnd(foldLine(line.slice(0, line.length - value.length) + next), lineEnd(text, { start, end }))
}

function lineEnd(text: string, { start, end }: { readonly start: number; readonly end: number }): string {
  return /(?:\r{0,2}\n|\r)$/.exec(text.slice(start, end))?.[0] ?? '\r\n'
}

function withEnd(line: string, end: string): string {
  return end === '\r\n' ? line : line.replaceAll('\r\n', end)
}

/** @param edits  in any order, none within another */
function edited(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  let result = ''
  let at = 0
  for (const { start, end, text: next } of edits.toSorted((one, other) => one.start - other.start)) {
    result += text.slice(at, start) + next
    at = end
  }
  return result + text.slice(at)
}
