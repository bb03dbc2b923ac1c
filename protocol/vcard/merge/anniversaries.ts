import { changed } from '../convert/line.ts'
import type { Instance } from './instances.ts'
import { holds, type MergeRules } from './rules.ts'
import { labelKey, saidBy } from './values.ts'

const names: ReadonlySet<string> = new Set([
  ...['ANNIVERSARY', 'X-ANNIVERSARY', 'X-EVOLUTION-ANNIVERSARY'],
  ...['X-KADDRESSBOOK-X-ANNIVERSARY', 'X-MS-ANNIVERSARY'],
])

/**
 * The same anniversary stands in a card under several names, of which a program knows one: where that one is edited or
 * taken away, the others are too; and where it is only written under another name, nothing has changed.
 * @param after  what was sent, by name; changed in place
 * @returns what is gone although the client could not have sent it
 */
export function alignAnniversaries(
  served: readonly Instance[],
  after: Map<string, Instance[]>,
  rules: MergeRules,
): ReadonlySet<Instance> {
  const gone = new Set<Instance>()
  const before = served.filter(isAnniversary)
  if (before.length === 0) return gone
  const sent = [...after.values()].flat().filter(isAnniversary)
  // Nobody has so many, and they are compared with each other.
  if (before.length > most || sent.length > most) return gone
  const dates = new Set(sent.map(dateOf))
  for (const one of before) {
    if (sent.some(({ name }) => name === one.name)) continue
    if (dates.has(dateOf(one))) keepName(one, before, after)
    else if (
      !holds(rules, one.main) &&
      before.some((other) => isTwin(one, other) && holds(rules, other.main))
    ) {
      const added = sent.filter((other) => !before.some((known) => dateOf(known) === dateOf(other)))
      const [only] = added
      if (added.length === 1 && only) put(after, { ...one, main: redated(one, only), from: one })
      else gone.add(one)
    }
  }
  return gone
}

const most = 100

/** What was written under a name that the card has not is what it was. */
function keepName(one: Instance, before: readonly Instance[], after: Map<string, Instance[]>): void {
  for (const [name, instances] of after) {
    if (before.some((known) => known.name === name)) continue
    const others = instances.filter((other) => !(isAnniversary(other) && dateOf(other) === dateOf(one)))
    if (others.length === instances.length) continue
    after.set(name, others)
    put(after, one)
  }
}

function put(after: Map<string, Instance[]>, instance: Instance): void {
  after.set(instance.name, [...(after.get(instance.name) ?? []), instance])
}

function redated(one: Instance, { main }: Instance): Instance['main'] {
  const omitYear = main.parameters.filter(({ name }) => name === 'X-APPLE-OMIT-YEAR')
  return changed(one.main, { value: main.value, parameters: [...one.main.parameters, ...omitYear] })
}

function isTwin(one: Instance, other: Instance): boolean {
  return one !== other && dateOf(one) === dateOf(other)
}

function isAnniversary({ name, label }: Instance): boolean {
  return names.has(name) || (name === 'X-ABDATE' && labelKey(label) === 'anniversary')
}

function dateOf({ main }: Instance): string {
  return saidBy(main)
}
