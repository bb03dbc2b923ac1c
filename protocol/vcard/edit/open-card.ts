import { type Card, readCard } from '../card.ts'
import { hasTooManyParameters } from '../convert/card-lines.ts'
import { type CardLine, changed, type Lines, newLine } from '../convert/line.ts'
import type { CardVersion } from '../convert.ts'
import { isRider } from '../merge/instances.ts'
import { type StoredCard, storedCard, writeEdited } from '../merge/text.ts'
import { keysOf } from './keys.ts'

/** A card while it is edited: its lines as they were and as they are to be. */
export interface OpenCard {
  readonly stored: StoredCard
  readonly version: CardVersion
  readonly entries: Entry[]
}

/** One line of it. */
export interface Entry {
  /** What edits name it by; empty for a new one. */
  readonly key: string
  /** As it is stored; undefined for a new one. */
  readonly original: CardLine | undefined
  line: CardLine
  isGone: boolean
  /** The line that a new one follows in the card; a new one without it stands behind the last of its property. */
  readonly behind: Entry | undefined
}

/** @throws InvalidObjectError when it is not one whole card, or has lines of very many parameters */
export function openCard(text: string): OpenCard {
  return entriesIn(text, readCard(text))
}

/**
 * A card to look at: lines of very many parameters are passed over.
 * @param names  the properties that are looked at, in upper case; undefined for all
 * @param withKeys  false where nothing is to be named by what is seen: keys cost as much as all the rest
 * @throws InvalidObjectError when it is not one whole card
 */
export function viewCard(text: string, names?: ReadonlySet<string>, withKeys = true): OpenCard {
  const whole = readCard(text)
  const lines = whole.lines.filter(
    (line) => (!names || names.has(line.name)) && !hasTooManyParameters({ lines: [line] }),
  )
  return entriesIn(text, { ...whole, lines }, withKeys)
}

function entriesIn(text: string, card: Card, withKeys = true): OpenCard {
  const stored = storedCard(text, card)
  const keys: ReadonlyMap<CardLine, string> = withKeys ? keysOf(stored.lines) : new Map()
  const entries = stored.lines.map((line): Entry => {
    return { key: keys.get(line) ?? '', original: line, line, isGone: false, behind: undefined }
  })
  return { stored, version: card.version === '4.0' ? '4.0' : '3.0', entries }
}

/** The text of the card; the very same where nothing has changed. */
export function closeCard({ stored, entries }: OpenCard): string {
  const followers = new Map<Entry | undefined, Entry[]>()
  for (const entry of entries) {
    if (entry.original !== undefined || entry.isGone) continue
    const known = followers.get(entry.behind)
    if (known) known.push(entry)
    else followers.set(entry.behind, [entry])
  }
  const withRiders = (entry: Entry): CardLine[] => [
    ...(entry.isGone ? [] : [entry.line]),
    ...(followers.get(entry) ?? []).flatMap(withRiders),
  ]
  const changes = new Map<CardLine, readonly CardLine[]>()
  for (const entry of entries) {
    const { original, line, isGone } = entry
    if (original === undefined) continue
    if (isGone || line !== original || followers.has(entry)) changes.set(original, withRiders(entry))
  }
  const added = (followers.get(undefined) ?? []).map(withRiders)
  if (changes.size === 0 && added.length === 0) return stored.text
  return writeEdited(stored, { changes, added, kept: new Set() })
}

/** The lines as they are to be. */
export function linesOf({ entries }: OpenCard): Lines {
  return entries.filter(({ isGone }) => !isGone).map(({ line }) => line)
}

/** The entries of some properties (in upper case), in their order. */
export function entriesNamed({ entries }: OpenCard, names: readonly string[]): Entry[] {
  return entries.filter(({ isGone, line }) => !isGone && names.includes(line.name))
}

/** Adds a line behind the last one of its property. */
export function addLine(card: OpenCard, line: CardLine): Entry {
  return append(card, line, undefined)
}

/** Takes a line out of the card, with what only it is labelled by. */
export function removeEntry(card: OpenCard, entry: Entry): void {
  entry.isGone = true
  const group = groupOf(card, entry)
  if (group.some(({ line }) => !isRider(line))) return
  for (const rider of group) rider.isGone = true
}

/** Finds the value of another line of a line's group: of X-ABLABEL, of X-ABADR. */
export type FindRider = (line: CardLine, name: string) => string | undefined

/** Looks through the groups of the card once. */
export function ridersOf({ entries }: Pick<OpenCard, 'entries'>): FindRider {
  const values = new Map<string, string>()
  for (const { line, isGone } of entries) {
    const key = `${line.group?.toLowerCase()} ${line.name}`
    if (!isGone && line.group !== undefined && isRider(line) && !values.has(key)) values.set(key, line.value)
  }
  return ({ group }, name) => (group === undefined ? undefined : values.get(`${group.toLowerCase()} ${name}`))
}

/** The same for one line. */
export function riderOf(
  { entries }: Pick<OpenCard, 'entries'>,
  line: CardLine,
  name: string,
): string | undefined {
  const { group } = line
  if (group === undefined) return undefined
  return entries.find((one) => !one.isGone && one.line.name === name && isInGroup(one.line, group))?.line
    .value
}

/**
 * Gives a line another label, or another line of its group; empty for none. A line without a group of its own gets one
 * where it needs one; other lines of a group that it shares keep what they have.
 */
export function setRider(card: OpenCard, entry: Entry, name: string, value: string): void {
  const group = groupOf(card, entry)
  const rider = group.find(({ line }) => line.name === name)
  if ((rider?.line.value ?? '') === value) return
  if (group.some((other) => !isRider(other.line))) leaveGroup(card, entry, group)
  const own = groupOf(card, entry)
  const its = own.find(({ line }) => line.name === name)
  if (value === '') {
    if (its) its.isGone = true
    return
  }
  if (its) {
    its.line = changed(its.line, { value })
    return
  }
  if (entry.line.group === undefined) entry.line = changed(entry.line, { group: freeGroup(card) })
  append(card, { ...newLine(name, value), group: entry.line.group }, entry)
}

/** A line moves into a group of its own, with copies of what goes with it. */
function leaveGroup(card: OpenCard, entry: Entry, group: readonly Entry[]): void {
  const own = freeGroup(card)
  entry.line = changed(entry.line, { group: own })
  for (const { line } of group) {
    if (isRider(line)) append(card, { ...newLine(line.name, line.value), group: own }, entry)
  }
}

function append({ entries }: OpenCard, line: CardLine, behind: Entry | undefined): Entry {
  const entry: Entry = { key: '', original: undefined, line, isGone: false, behind }
  entries.push(entry)
  return entry
}

/** The other lines of its group. */
function groupOf({ entries }: OpenCard, { line }: Entry): Entry[] {
  const { group } = line
  if (group === undefined) return []
  return entries.filter((other) => !other.isGone && other.line !== line && isInGroup(other.line, group))
}

/** Names of groups are compared without case. */
function isInGroup({ group }: CardLine, name: string): boolean {
  return group !== undefined && group.length === name.length && group.toLowerCase() === name.toLowerCase()
}

function freeGroup(card: OpenCard): string {
  const used = new Set(linesOf(card).map(({ group }) => group?.toLowerCase()))
  let number = 1
  while (used.has(`item${number}`)) number += 1
  return `item${number}`
}
