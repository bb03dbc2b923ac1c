import { type BrokenLine, type ContentLine, parameterValues, readContentLines } from '../content-lines.ts'

/**
 * What a text says in one place: a content line, with those that only say something of it, which stand in its vCard group
 * (`item1.X-ABLabel`). Offsets are those of the text it was read from.
 */
export interface Entry {
  readonly name: string
  /** Equal for entries that say the same, however they are folded, ordered and grouped. */
  readonly key: string
  /** The value without its parameters. */
  readonly value: string
  /** Equal for lines that stand for the same thing of several: the mobile number, the address at work. */
  readonly slot: string
  /** For people: the line unfolded, with what is said of it. */
  readonly text: string
  readonly group: string | undefined
  /** Where its lines stand, in the order of the text; the first is the line itself. */
  readonly spans: readonly Span[]
}

export interface Span {
  readonly start: number
  readonly end: number
}

/** A component with what is in it. The root, which has no name, is the whole text. */
export interface Part {
  readonly name: string
  /** What it is known by among its like: `VEVENT 20260105T090000Z` for one instance. */
  readonly label: string
  readonly entries: readonly Entry[]
  readonly parts: readonly Part[]
  readonly start: number
  /** Where its END line begins: what is added stands before it. */
  readonly before: number
  readonly end: number
  /** Equal for components that say the same. */
  readonly key: string
}

/** Components deeper inside each other are read as lines. */
const deepest = 16

/** The lines that say something of another one of their group. */
const attachable = new Set(['X-ABLABEL', 'X-ABADR'])

/** The text as a tree; a component that does not end, ends with the text. */
export function readTree(text: string): Part {
  const root = opened('', 0)
  const open = [root]
  for (const line of readContentLines(text)) {
    const inside = open.at(-1) ?? root
    if ('broken' in line) inside.lines.push(line)
    else if (line.name === 'BEGIN' && open.length <= deepest) {
      open.push(opened(line.value.trim().toUpperCase(), line.start))
    } else if (line.name === 'END') {
      if (open.length > 1) close(open, line.start, line.end)
    } else inside.lines.push(line)
  }
  while (open.length > 1) close(open, text.length, text.length)
  return finished(root, text.length, text.length)
}

interface Opened {
  readonly name: string
  readonly start: number
  readonly lines: (ContentLine | BrokenLine)[]
  readonly parts: Part[]
}

const opened = (name: string, start: number): Opened => ({ name, start, lines: [], parts: [] })

function close(open: Opened[], before: number, end: number): void {
  const last = open.pop()
  if (last) open.at(-1)?.parts.push(finished(last, before, end))
}

function finished({ name, start, lines, parts }: Opened, before: number, end: number): Part {
  const entries = entriesOf(lines)
  const known = lines.flatMap((line) =>
    'broken' in line || (line.name !== 'RECURRENCE-ID' && line.name !== 'TZID') ? [] : [line.value.trim()],
  )
  const keys = entries.map(({ key }) => key).sort()
  const inner = parts.map((part) => part.key).sort()
  const key = `${name}\u0000${keys.join('\u0001')}\u0000${inner.join('\u0002')}\u0003`
  const label = [name, ...known].join(' ')
  return { name, label, entries, parts, start, before, end, key }
}

function entriesOf(lines: readonly (ContentLine | BrokenLine)[]): Entry[] {
  const said = new Map<string, ContentLine[]>()
  const heads = new Set<string>()
  for (const line of lines) {
    if ('broken' in line || line.group === undefined) continue
    const group = line.group.toLowerCase()
    if (!attachable.has(line.name)) heads.add(group)
    else said.set(group, [...(said.get(group) ?? []), line])
  }
  return lines.flatMap((line) => {
    if ('broken' in line) return [brokenEntry(line)]
    const group = line.group?.toLowerCase()
    if (group === undefined) return [entryOf(line, [])]
    if (attachable.has(line.name)) return heads.has(group) ? [] : [entryOf(line, [])]
    const attached = said.get(group) ?? []
    // What stands in a group with another line says nothing more of this one.
    said.delete(group)
    return [entryOf(line, attached)]
  })
}

function brokenEntry({ broken, start, end }: BrokenLine): Entry {
  const name = '(unreadable)'
  const spans = [{ start, end }]
  return { name, key: broken, value: broken, slot: name, text: broken, group: undefined, spans }
}

function entryOf(line: ContentLine, attached: readonly ContentLine[]): Entry {
  const { group, name, value, start, end } = line
  const labels = attached.map((label) => [label.name, label.value])
  const shown = [line, ...attached].map(shownLine).join('\n')
  const key = JSON.stringify([name, sortedParameters(line), value, labels])
  const types = parameterValues(line, 'TYPE').map((type) => type.toUpperCase())
  const slot = JSON.stringify([name, [...new Set(types)].sort(), labels])
  const spans = [{ start, end }, ...attached.map((label) => ({ start: label.start, end: label.end }))]
  return { name, key, value, slot, text: shown, group, spans }
}

function sortedParameters({ parameters }: ContentLine): [string, string[]][] {
  const merged = new Map<string, string[]>()
  for (const { name, values } of parameters) {
    const written = name === 'TYPE' ? values.map((type) => type.toUpperCase()) : values
    merged.set(name, [...(merged.get(name) ?? []), ...written].sort())
  }
  return [...merged].sort(([one], [other]) => (one < other ? -1 : 1))
}

function shownLine({ name, parameters, value }: ContentLine): string {
  return `${name}${parameters.map((one) => `;${one.name}=${one.values.join(',')}`).join('')}:${value}`
}
