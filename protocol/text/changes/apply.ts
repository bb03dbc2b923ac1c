import { type Change, changesBetween, paired, unmatched } from './between.ts'
import { type Entry, type Part, readTree, type Span } from './tree.ts'

/** Three states of one object. */
export interface ThreeStates {
  /** As it is now. */
  readonly now: string
  /** What the change is counted from. */
  readonly base: string
  /** What it leads to. */
  readonly target: string
}

/** A change that was not made: what it would have taken the place of is no longer there. */
export interface Clash {
  readonly path: string
  /** What there is now; undefined where there is nothing. */
  readonly now: string | undefined
  /** What the change would have made of it. */
  readonly wanted: string | undefined
}

export interface Applied {
  readonly text: string
  readonly clashes: readonly Clash[]
}

/**
 * Makes the changes from `base` to `target` in the text as it is now. All other lines stay byte for byte, so that what others
 * have changed meanwhile stays; what they have changed in the very place stays too, and is told. Where nobody has changed
 * anything the outcome is `target`.
 * @param isWanted  which of the changes; all without it
 */
export function applyChanges(
  { now, base, target }: ThreeStates,
  isWanted?: (change: Change) => boolean,
): Applied {
  if (now === base && !isWanted) return { text: target, clashes: [] }
  const trees = { now: readTree(now), base: readTree(base), target: readTree(target) }
  const changes = changesBetween(trees.base, trees.target)
  const wanted = isWanted ? changes.filter(isWanted) : changes
  const making: Making = {
    target,
    partners: partnersIn(trees.base, trees.now),
    taken: new Set(),
    groups: new Set(groupsIn(trees.now)),
    news: new Map(),
    edits: [],
  }
  const clashes = wanted.flatMap((change): Clash[] => {
    const found = change.kind === 'line' ? makeLine(making, change) : makePart(making, change)
    if (!found || (change.kind === 'line' && quiet.has((change.one ?? change.other)?.name ?? ''))) return []
    return [{ path: change.path, now: found.now, wanted: wantedOf(change) }]
  })
  return { text: edited(now, making.edits), clashes }
}

/** What programs write anew with every change: it is nobody's. */
const quiet = new Set([
  ...['REV', 'PRODID', 'DTSTAMP', 'LAST-MODIFIED', 'CREATED', 'SEQUENCE', 'X-MOZ-GENERATION'],
])

/** Properties that may stand more than once: in a component of a calendar every other one stands once. @see RFC 5545 §3.6 */
const manyInCalendars = new Set([
  ...['ATTACH', 'ATTENDEE', 'CATEGORIES', 'COMMENT', 'CONTACT', 'EXDATE', 'RDATE', 'RELATED-TO', 'RESOURCES'],
  ...['REQUEST-STATUS', 'IMAGE', 'CONFERENCE', 'EXRULE', 'FREEBUSY', 'TZNAME'],
])
/** What stands once in a card. @see RFC 2426, RFC 6350 §3.3 */
const onceInCards = new Set(['N', 'FN', 'BDAY', 'ANNIVERSARY', 'GENDER', 'UID', 'KIND', 'VERSION'])

interface Making {
  readonly target: string
  /** What the components of the base are now. */
  readonly partners: ReadonlyMap<Part, Part>
  /** Entries and components of now that a change has been made to. */
  readonly taken: Set<Entry | Part>
  /** The vCard groups in use, in lower case. */
  readonly groups: Set<string>
  readonly news: Map<Part, readonly Entry[]>
  readonly edits: Edit[]
}

type LineChange = Extract<Change, { kind: 'line' }>
type PartChange = Extract<Change, { kind: 'part' }>

/** What stands where a change was to be made; nothing where that is gone. */
interface InTheWay {
  readonly now?: string | undefined
}

function wantedOf(change: Change): string | undefined {
  if (change.kind === 'line') return change.other?.text
  return change.other && `BEGIN:${change.other.name}`
}

interface Edit extends Span {
  readonly text: string
}

/** @returns what stands in its way; undefined when it was made, or there is nothing to make */
function makeLine(making: Making, change: LineChange): InTheWay | undefined {
  const { one, other, inside } = change
  const [base, target] = inside
  const here = making.partners.get(base)
  if (!here) return {}
  if (other && count(here.entries, other.key) >= count(target.entries, other.key)) {
    // Somebody has made the same change already, but for what it leads away from.
    if (one) takeOne(making, here, one)
    return undefined
  }
  if (one) {
    const found = here.entries.find((entry) => entry.key === one.key && !making.taken.has(entry))
    if (found && other) replace(making, found, other)
    else if (found) remove(making, found)
    else {
      const changed = newsIn(making, here, base).find(({ name }) => name === one.name)
      return other || changed ? { now: changed?.text } : undefined
    }
    return undefined
  }
  if (!other) return undefined
  const there = isOnce(here, other) ? here.entries.find(({ name }) => name === other.name) : undefined
  if (there) return { now: there.text }
  making.edits.push(insertion(placeFor(here, other), entryText(making, other, undefined)))
  return undefined
}

/** What a component has now that it had not in the base. */
function newsIn({ news }: Making, here: Part, base: Part): readonly Entry[] {
  const known = news.get(here) ?? unmatched(here.entries, base.entries)
  news.set(here, known)
  return known
}

function takeOne(making: Making, here: Part, { key }: Entry): void {
  const found = here.entries.find((entry) => entry.key === key && !making.taken.has(entry))
  if (found) remove(making, found)
}

function remove(making: Making, entry: Entry): void {
  making.taken.add(entry)
  making.edits.push(...entry.spans.map((span) => ({ ...span, text: '' })))
}

/** The new lines stand where the first of the old ones stood. */
function replace(making: Making, entry: Entry, other: Entry): void {
  making.taken.add(entry)
  const [first, ...attached] = entry.spans
  if (first) making.edits.push({ ...first, text: entryText(making, other, entry.group) })
  making.edits.push(...attached.map((span) => ({ ...span, text: '' })))
}

/** @returns what stands in its way; undefined when it was made, or there is nothing to make */
function makePart(making: Making, { one, other, inside }: PartChange): InTheWay | undefined {
  const [base, target] = inside
  const here = making.partners.get(base)
  if (!here) return {}
  if (one) {
    const found = here.parts.find((part) => part.key === one.key && !making.taken.has(part))
    if (!found) return inTheWay(here.parts.find(isLike(one, base)))
    making.taken.add(found)
    making.edits.push({ start: found.start, end: found.end, text: '' })
    return undefined
  }
  if (!other || count(here.parts, other.key) >= count(target.parts, other.key)) return undefined
  const there = other.label === other.name ? undefined : here.parts.find(isLike(other, base))
  if (there) return inTheWay(there)
  const at = Math.max(...here.parts.map(({ end }) => end), 0) || here.before
  making.edits.push(insertion(at, whole(making.target.slice(other.start, other.end))))
  return undefined
}

/** Whether a component is what has become of one: that of its label, or one of its kind that was not there before. */
function isLike(part: Part, base: Part): (found: Part) => boolean {
  if (part.label !== part.name) return ({ label }) => label === part.label
  const known = new Set(base.parts.map(({ key }) => key))
  return ({ name, key }) => name === part.name && !known.has(key)
}

const inTheWay = (part: Part | undefined): InTheWay | undefined => part && { now: `BEGIN:${part.name}` }
const insertion = (at: number, text: string): Edit => ({ start: at, end: at, text })
const whole = (line: string): string => (/[\r\n]$/.test(line) ? line : `${line}\r\n`)
const count = (items: readonly { readonly key: string }[], key: string): number =>
  items.filter((item) => item.key === key).length

function isOnce({ name: component }: Part, { name }: Entry): boolean {
  if (component === 'VCARD') return onceInCards.has(name)
  return !manyInCalendars.has(name) && !name.startsWith('X-')
}

/** Behind its like, else behind the last line; never behind components within. */
function placeFor({ entries, before, parts }: Part, { name }: Entry): number {
  const ends = (some: readonly Entry[]): number =>
    Math.max(0, ...some.flatMap(({ spans }) => spans.map(({ end }) => end)))
  const like = entries.filter((entry) => entry.name === name)
  return ends(like) || ends(entries) || Math.min(before, ...parts.map(({ start }) => start))
}

/** The lines of an entry as they were written, in a group that nothing else stands in. */
function entryText({ target, groups }: Making, { spans, group }: Entry, into: string | undefined): string {
  const lines = spans.map(({ start, end }) => whole(target.slice(start, end)))
  if (group === undefined) return lines.join('')
  let name = into ?? group
  for (let n = 1; into === undefined && groups.has(name.toLowerCase()); n += 1) name = `item${n}`
  groups.add(name.toLowerCase())
  return lines.map((line) => (line.startsWith(`${group}.`) ? name + line.slice(group.length) : line)).join('')
}

function groupsIn({ entries, parts }: Part): string[] {
  return [...entries.flatMap(({ group }) => group?.toLowerCase() ?? []), ...parts.flatMap(groupsIn)]
}

/** What each component of one state is in another: the same, or that of the same label. */
function partnersIn(base: Part, now: Part): Map<Part, Part> {
  const partners = new Map([[base, now]])
  for (const [one, other] of paired(base.parts, now.parts, [({ key }) => key, ({ label }) => label])) {
    if (!one || !other) continue
    for (const [part, partner] of partnersIn(one, other)) partners.set(part, partner)
  }
  return partners
}

/** What is put in at a place stands before what is taken away there. */
function edited(text: string, edits: readonly Edit[]): string {
  let result = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, Math.max(at, edit.start)) + edit.text
    at = Math.max(at, edit.end)
  }
  return result + text.slice(at)
}
