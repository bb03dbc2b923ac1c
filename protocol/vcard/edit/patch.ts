import {
  type ContentLine,
  escapeTextValue,
  parameterValues,
  splitValue,
  unescapeText,
} from '../../text/content-lines.ts'
import { fold } from '../../text/fold.ts'
import { withoutEnd } from '../../text/without-end.ts'
import { writeLine } from '../../text/write-line.ts'
import { readCard } from '../card.ts'
import { convertCard } from '../convert.ts'

/**
 * Brings what another source says of a person into the card there is: what the source has and the card has not is added,
 * what it has otherwise under the same types takes the place of the one line there is, and all the rest stays byte for
 * byte (law 6).
 * @param stored    the card as it is
 * @param incoming  what the source says, as a card of its own
 * @param base      what the source said before: of that only what it says otherwise now is brought in, so that what was
 *   changed here since stays
 * @returns the very text of `stored` where nothing is new
 * @throws InvalidObjectError when one of them is not one whole card
 */
export function patchCard(stored: string, incoming: string, base?: string): string {
  const card = readCard(stored)
  const version = card.version === '4.0' ? '4.0' : '3.0'
  const before = base === undefined ? [] : entriesOf(convertCard(base, version))
  const known = new Set(before.map(identity))
  const news = entriesOf(convertCard(incoming, version)).filter((entry) => !known.has(identity(entry)))
  const open = entriesOf(stored)
  const edits: Edit[] = []
  const missing = takeEqual(news, open)
  const hasName = open.some(({ line }) => line.name === 'FN')
  const isNamed = missing.some(({ line }) => line.name === 'N')
  const rest = missing.filter(({ line }) => {
    // A name to show that is made of the same parts is no news.
    if (line.name === 'FN' && base === undefined && hasName && !isNamed) return false
    return line.name !== 'CATEGORIES'
  })
  edits.push(...categoryEdits(missing, open))
  for (const [slot, entries] of bySlot(rest)) {
    const there = open.filter((entry) => !entry.isTaken && slotOf(entry) === slot)
    const [only] = there
    const [first] = entries
    if (there.length === 1 && entries.length === 1 && only && first) {
      edits.push({ start: only.line.start, end: only.line.end, text: written(only.line, first.line.value) })
    } else edits.push(...entries.map((entry) => added(entry, card.finish.start, open)))
  }
  return applied(stored, edits)
}

/** A line with the label that its group gives it. */
interface Entry {
  readonly line: ContentLine
  readonly label: string
  /** It says what a line of the source says. */
  isTaken: boolean
}

interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What says nothing of the person. */
const silent = new Set(['VERSION', 'PRODID', 'UID', 'REV', 'X-ABLABEL', 'X-ABADR'])

function entriesOf(text: string): Entry[] {
  const { lines } = readCard(text)
  const labels = new Map<string, string>()
  for (const { group, name, value } of lines) {
    if (group !== undefined && name === 'X-ABLABEL') labels.set(group.toLowerCase(), value)
  }
  return lines
    .filter(({ name, value }) => !silent.has(name) && value.replace(/[;,\s]/g, '') !== '')
    .map((line) => ({ line, label: labels.get(line.group?.toLowerCase() ?? '') ?? '', isTaken: false }))
}

/** Takes what both say, and gives what the card does not say. */
function takeEqual(news: readonly Entry[], open: readonly Entry[]): Entry[] {
  const sameName = (one: Entry, other: Entry): boolean => one.line.name === other.line.name
  return news.filter((entry) => {
    const value = comparable(entry.line)
    const same = open.find(
      (there) => !there.isTaken && sameName(there, entry) && comparable(there.line) === value,
    )
    if (same) same.isTaken = true
    return !same
  })
}

function identity(entry: Entry): string {
  return `${slotOf(entry)}\n${comparable(entry.line)}`
}

/** Lines that say the same thing of a person: the mobile number, the address at work. */
function slotOf({ line, label }: Entry): string {
  const types = parameterValues(line, 'TYPE')
    .flatMap((type) => type.toUpperCase().split(','))
    .filter((type) => !['PREF', 'INTERNET', 'VOICE', 'OTHER'].includes(type))
  return [line.name, [...new Set(types)].sort().join(','), fold(label), fieldOf(line)].join(';')
}

function fieldOf(line: ContentLine): string {
  return line.name === 'X-IMPORTED' ? (parameterValues(line, 'X-FIELD')[0] ?? '') : ''
}

function comparable({ name, value }: ContentLine): string {
  if (name === 'TEL') return value.replace(/^tel:/i, '').replace(/[^\d+*#,;pwx]/gi, '')
  if (name === 'PHOTO') return value.replace(/\s+/g, '').replace(/^data:[^,]*,/, '')
  const text = unescapeText(value).trim()
  if (name === 'BDAY' || name === 'X-ANNIVERSARY' || name === 'ANNIVERSARY') return text.replace(/-/g, '')
  return name === 'EMAIL' ? text.toLowerCase() : withoutEnd(text, ';')
}

function bySlot(entries: readonly Entry[]): Map<string, Entry[]> {
  const slots = new Map<string, Entry[]>()
  for (const entry of entries) slots.set(slotOf(entry), [...(slots.get(slotOf(entry)) ?? []), entry])
  return slots
}

/** The line as it is, with another value. */
function written({ group, name, parameters }: ContentLine, value: string): string {
  return writeLine(group === undefined ? name : `${group}.${name}`, parameters, value)
}

/** A new line, before the end of the card, in a group of its own where it has a label. */
function added({ line, label }: Entry, at: number, open: Entry[]): Edit {
  if (label === '') return { start: at, end: at, text: written({ ...line, group: undefined }, line.value) }
  const used = new Set(open.map((entry) => entry.line.group?.toLowerCase()))
  let number = 1
  while (used.has(`item${number}`)) number += 1
  const group = `item${number}`
  open.push({ line: { ...line, group }, label, isTaken: true })
  const text = written({ ...line, group }, line.value) + writeLine(`${group}.X-ABLabel`, [], label)
  return { start: at, end: at, text }
}

/** Labels are a set: those that are missing join the first line of them. */
function categoryEdits(missing: readonly Entry[], open: readonly Entry[]): Edit[] {
  const wanted = missing.filter(({ line }) => line.name === 'CATEGORIES').flatMap(({ line }) => namesIn(line))
  const there = open.filter(({ line }) => line.name === 'CATEGORIES')
  const known = new Set(there.flatMap(({ line }) => namesIn(line)).map(fold))
  const names = [...new Set(wanted)].filter((name) => !known.has(fold(name)))
  const [first] = there
  if (names.length === 0) return []
  const list = names.map(escapeTextValue).join(',')
  if (first) {
    const text = written(first.line, `${first.line.value},${list}`)
    return [{ start: first.line.start, end: first.line.end, text }]
  }
  return [{ start: -1, end: -1, text: writeLine('CATEGORIES', [], list) }]
}

function namesIn({ value }: ContentLine): string[] {
  return splitValue(value, ',')
    .map((name) => unescapeText(name).trim())
    .filter(Boolean)
}

/** Edits in any order; those at the same place stay in theirs, and one without a place goes to the end of the card. */
function applied(text: string, edits: readonly Edit[]): string {
  const end = edits.some(({ start }) => start < 0) ? readCard(text).finish.start : 0
  const placed = edits.map((edit) => (edit.start < 0 ? { ...edit, start: end, end } : edit))
  let result = ''
  let from = 0
  for (const edit of placed.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return result + text.slice(from)
}
