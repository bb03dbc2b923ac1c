import type { Entry, Part } from './tree.ts'

/** One thing that two states of an object do not have alike; undefined where the state has nothing there. */
export type Change =
  | {
      readonly kind: 'line'
      /** Where it stands: `VCALENDAR/VEVENT 20260105T090000Z/SUMMARY`. */
      readonly path: string
      /** The components around it, in each state. */
      readonly inside: readonly [Part, Part]
      readonly one: Entry | undefined
      readonly other: Entry | undefined
    }
  | {
      /** A whole component that only one of them has. */
      readonly kind: 'part'
      readonly path: string
      readonly inside: readonly [Part, Part]
      readonly one: Part | undefined
      readonly other: Part | undefined
    }

/** What two states of an object do not have alike, from the outside to the inside, in the order of the first. */
export function changesBetween(one: Part, other: Part, around = ''): Change[] {
  const here = one.name === '' ? around : `${around}${one.label}/`
  const inside = [one, other] as const
  const lines = pairedEntries(
    unmatched(one.entries, other.entries),
    unmatched(other.entries, one.entries),
  ).map(
    ([a, b]): Change => ({ kind: 'line', path: `${here}${a?.name ?? b?.name}`, inside, one: a, other: b }),
  )
  const [gone, come] = [unmatched(one.parts, other.parts), unmatched(other.parts, one.parts)]
  const parts = paired(gone, come, [({ label }) => label]).flatMap(([a, b]): Change[] =>
    a && b
      ? changesBetween(a, b, here)
      : [{ kind: 'part', path: `${here}${a?.label ?? b?.label}`, inside, one: a, other: b }],
  )
  return [...lines, ...parts]
}

/** What the first has that the second lacks, as often as it lacks it. */
export function unmatched<T extends { readonly key: string }>(one: readonly T[], other: readonly T[]): T[] {
  const left = new Map<string, number>()
  for (const { key } of other) left.set(key, (left.get(key) ?? 0) + 1)
  return one.filter(({ key }) => {
    const count = left.get(key) ?? 0
    left.set(key, count - 1)
    return count <= 0
  })
}

/** Lines of one name go together: first those of one value, then those that stand for the same thing, then the others in their order. */
function pairedEntries(one: readonly Entry[], other: readonly Entry[]): Pair<Entry>[] {
  const byValue = ({ name, value }: Entry): string => `${name}\n${value}`
  return paired(one, other, [byValue, ({ slot }) => slot, ({ name }) => name])
}

export type Pair<T> = readonly [T | undefined, T | undefined]

/** Pairs by the first key that two have in common; what is left of the second comes last. */
export function paired<T>(
  one: readonly T[],
  other: readonly T[],
  keys: readonly ((item: T) => string)[],
): Pair<T>[] {
  const partners = new Map<T, T>()
  const taken = new Set<T>()
  for (const keyOf of keys) {
    const free = queues(
      other.filter((item) => !taken.has(item)),
      keyOf,
    )
    for (const item of one) {
      const partner = partners.has(item) ? undefined : free.get(keyOf(item))?.pop()
      if (partner === undefined) continue
      partners.set(item, partner)
      taken.add(partner)
    }
  }
  return [
    ...one.map((item): Pair<T> => [item, partners.get(item)]),
    ...other.filter((item) => !taken.has(item)).map((item): Pair<T> => [undefined, item]),
  ]
}

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
