import type { Instance } from './instances.ts'
import { labelKey, looselySaidBy, saidBy, typesOf } from './values.ts'

/**
 * Finds for each instance the one that it was or became, within one property: by being the same line; by value, type
 * and label; by value; by value more loosely; by type and label, where there is one of them on either side; and where as
 * many are left on both sides, by position.
 * @param isLikely  instances that may be found by less than their value; a device that was shown one of two has not
 * changed the other
 */
export function matchInstances(
  ones: readonly Instance[],
  others: readonly Instance[],
  isLikely: (one: Instance) => boolean = () => true,
): Map<Instance, Instance> {
  const found = new Map<Instance, Instance>()
  const left = { ones: new Set(ones), others: new Set(others) }
  const pair = (one: Instance, other: Instance): void => {
    found.set(one, other)
    left.ones.delete(one)
    left.others.delete(other)
  }
  const byMain = new Map(others.map((other) => [other.main, other]))
  for (const other of others) if (other.from && left.ones.has(other.from)) pair(other.from, other)
  for (const one of ones) {
    const other = byMain.get(one.main)
    if (other && left.ones.has(one) && left.others.has(other)) pair(one, other)
  }
  for (const key of [signature, saying, looseSaying]) pairByKey(left, key, pair)
  const likely = { ones: new Set([...left.ones].filter(isLikely)), others: left.others }
  pairSingles(likely, (one, other) => {
    likely.ones.delete(one)
    pair(one, other)
  })
  if (likely.ones.size === left.others.size) {
    const rest = [...left.others]
    for (const [at, one] of [...likely.ones].entries()) {
      const other = rest[at]
      if (other) pair(one, other)
    }
  }
  return found
}

/** Whether two instances are the same but for known rewrites. */
export function isSame(one: Instance, other: Instance): boolean {
  return one.main === other.main || signature(one) === signature(other)
}

/** What an instance says, what it is for and its label. */
export function signature(instance: Instance): string {
  return `${saying(instance)}\u0001${purpose(instance)}`
}

interface Left {
  readonly ones: Set<Instance>
  readonly others: Set<Instance>
}

type Pair = (one: Instance, other: Instance) => void

function saying({ main }: Instance): string {
  return saidBy(main)
}

function looseSaying({ main }: Instance): string {
  return looselySaidBy(main)
}

function purpose({ main, label }: Instance): string {
  return `${[...typesOf(main)].sort().join(',')}\u0001${labelKey(label)}`
}

/** Those of the same key, in their order. */
function pairByKey({ ones, others }: Left, keyOf: (instance: Instance) => string, pair: Pair): void {
  if (ones.size === 0 || others.size === 0) return
  const queues = new Map<string, Instance[]>()
  for (const other of others) {
    const key = keyOf(other)
    const queue = queues.get(key)
    if (queue) queue.push(other)
    else queues.set(key, [other])
  }
  for (const one of [...ones]) {
    const other = queues.get(keyOf(one))?.shift()
    if (other) pair(one, other)
  }
}

function pairSingles({ ones, others }: Left, pair: Pair): void {
  if (ones.size === 0 || others.size === 0) return
  const [mine, theirs] = [singles(ones), singles(others)]
  for (const [key, one] of mine) {
    const other = theirs.get(key)
    if (one && other) pair(one, other)
  }
}

/** By what they are for, undefined where there are several. */
function singles(instances: ReadonlySet<Instance>): Map<string, Instance | undefined> {
  const singles = new Map<string, Instance | undefined>()
  for (const instance of instances) {
    const key = purpose(instance)
    singles.set(key, singles.has(key) ? undefined : instance)
  }
  return singles
}
