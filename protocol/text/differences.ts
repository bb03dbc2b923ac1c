import { type BrokenLine, type ContentLine, readContentLines } from './content-lines.ts'

/** One property, or one component, that two texts of an object do not have alike. */
export interface Difference {
  /** Where it stands: `VCALENDAR/VEVENT/SUMMARY`. */
  readonly path: string
  /** The line as the first text has it, unfolded; undefined where it is missing there. */
  readonly one: string | undefined
  /** The same of the second. */
  readonly other: string | undefined
}

/** How two texts of an object compare. */
export type Comparison =
  /** The same characters, but for line ends. */
  | { readonly kind: 'identical' }
  /** The same lines, folded, ordered or written in another way. */
  | { readonly kind: 'rewritten' }
  | { readonly kind: 'differing'; readonly differences: readonly Difference[] }

/**
 * Compares two texts of a card or a calendar object. Neither line ends nor folds count, nor the order of lines,
 * components and parameters, nor the case of names and of TYPE: servers rewrite those. An override is compared with the
 * one of the same RECURRENCE-ID, a time zone with the one of the same TZID.
 */
export function compareObjects(one: string, other: string): Comparison {
  if (plainEnds(one) === plainEnds(other)) return { kind: 'identical' }
  const differences = compareParts(readPart(one), readPart(other), '')
  return differences.length === 0 ? { kind: 'rewritten' } : { kind: 'differing', differences }
}

interface Line {
  readonly name: string
  /** Equal for lines that say the same. */
  readonly key: string
  readonly text: string
}

interface Part {
  /** What it is paired by. */
  label: string
  readonly name: string
  readonly lines: Line[]
  readonly parts: Part[]
}

function plainEnds(text: string): string {
  return text
    .replace(/^\ufeff/, '')
    .replace(/\r\r\n|\r\n|\r/g, '\n')
    .trimEnd()
}

/** The text as a tree; a component that does not end, ends with the text. */
function readPart(text: string): Part {
  const root: Part = { name: '', label: '', lines: [], parts: [] }
  const open: Part[] = [root]
  for (const line of readContentLines(text.replace(/^\ufeff/, ''))) {
    const inside = open.at(-1) ?? root
    if ('broken' in line) inside.lines.push(brokenLine(line))
    else if (line.name === 'BEGIN' && open.length <= deepest) {
      const name = line.value.trim().toUpperCase()
      const part: Part = { name, label: name, lines: [], parts: [] }
      inside.parts.push(part)
      open.push(part)
    } else if (line.name === 'END') {
      if (open.length > 1) open.pop()
    } else {
      if (line.name === 'RECURRENCE-ID' || line.name === 'TZID') inside.label += ` ${line.value}`
      inside.lines.push(lineOf(line))
    }
  }
  return root
}

/** Components deeper inside each other are compared as lines. */
const deepest = 16

function brokenLine({ broken }: BrokenLine): Line {
  return { name: '(unreadable)', key: broken, text: broken }
}

function lineOf({ group, name, parameters, value }: ContentLine): Line {
  const merged = new Map<string, string[]>()
  for (const { name: parameter, values } of parameters) {
    const written = parameter === 'TYPE' ? values.map((type) => type.toUpperCase()) : values
    merged.set(parameter, [...(merged.get(parameter) ?? []), ...written])
  }
  const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1))
  const prefix = group === undefined ? '' : `${group}.`
  const shown = sorted.map(([parameter, values]) => `;${parameter}=${values.join(',')}`).join('')
  const key = JSON.stringify([group?.toLowerCase(), name, sorted.map(([p, v]) => [p, [...v].sort()]), value])
  return { name, key, text: `${prefix}${name}${shown}:${value}` }
}

function compareParts(one: Part, other: Part, path: string): Difference[] {
  const here = one.name === '' ? '' : `${path}${one.name}/`
  const lines = unmatched(one.lines, other.lines, ({ key }) => key)
  const parts = unmatched(one.parts, other.parts, canonical)
  return [
    ...pairs(lines, ({ name }) => name).map(([a, b]) => ({
      path: `${here}${a?.name ?? b?.name}`,
      one: a?.text,
      other: b?.text,
    })),
    ...pairs(parts, ({ label }) => label).flatMap(([a, b]) => {
      if (a && b) return compareParts(a, b, here)
      return { path: `${here}${a?.label ?? b?.label}`, one: a && summary(a), other: b && summary(b) }
    }),
  ]
}

/** A whole component, in one order of its lines. */
function canonical({ name, lines, parts }: Part): string {
  const sorted = lines.map(({ key }) => key).sort()
  return `${name}\u0000${sorted.join('\u0001')}\u0000${parts.map(canonical).sort().join('\u0002')}\u0003`
}

const summary = ({ name }: Part): string => `BEGIN:${name}`

interface Unmatched<T> {
  readonly one: readonly T[]
  readonly other: readonly T[]
}

/** What each has that the other lacks, as often as it lacks it. */
function unmatched<T>(one: readonly T[], other: readonly T[], keyOf: (item: T) => string): Unmatched<T> {
  const left = queues(other, keyOf)
  const missing = one.filter((item) => left.get(keyOf(item))?.pop() === undefined)
  return { one: missing, other: remaining(left) }
}

/** Those of the same name go together, in their order. */
function pairs<T>({ one, other }: Unmatched<T>, nameOf: (item: T) => string): Pair<T>[] {
  const left = queues(other, nameOf)
  const found = one.map((item): Pair<T> => [item, left.get(nameOf(item))?.pop()])
  return [...found, ...remaining(left).map((item): Pair<T> => [undefined, item])]
}

type Pair<T> = readonly [T | undefined, T | undefined]

/** Items by their key, the first of each at the end of its list. */
function queues<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>()
  for (const item of items.toReversed()) {
    const list = found.get(keyOf(item))
    if (list) list.push(item)
    else found.set(keyOf(item), [item])
  }
  return found
}

function remaining<T>(left: ReadonlyMap<string, readonly T[]>): T[] {
  return [...left.values()].toReversed().flatMap((list) => list.toReversed())
}
