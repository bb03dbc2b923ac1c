import { writeCardLine } from '../convert/card-lines.ts'
import { type CardLine, changed } from '../convert/line.ts'
import { isSingle } from '../merge/edits.ts'
import { signature } from '../merge/match.ts'
import type { MergeRules } from '../merge/rules.ts'
import { mergeCard } from '../merge.ts'
import { type Part, type Parts, partsOf } from './parts.ts'
import type { Mask } from './rules.ts'

export interface UnmaskInput {
  /** The whole card, as it is now. */
  readonly stored: string
  /** What the viewer was last given of it. */
  readonly served: string
  /** What he has put. */
  readonly sent: string
  readonly masks: readonly Mask[]
  /** What his device cannot hold. */
  readonly rules: MergeRules
}

/**
 * What a viewer who does not see all of a card has done to it, done to the whole card. What he does not see stays, line
 * by line and byte for byte, in its order. What he adds that he will not see is kept; but of properties that a card has
 * one of at most the hidden one stays, and what is there already, hidden, is not put in twice.
 * @returns the very text of `stored` where he has changed nothing; undefined where the cards cannot be compared
 */
export function unmaskInto({ stored, served, sent, masks, rules }: UnmaskInput): string | undefined {
  const whole = partsOf(stored, masks)
  if (!whole) return undefined
  const { head, parts, tail } = whole
  const seen = parts.filter(({ isHidden }) => !isHidden)
  const visible = head + seen.map(({ slice }) => slice).join('') + tail
  const { text, isMerged } = mergeCard({ stored: visible, served, sent, rules })
  if (text === visible && isMerged) return stored
  const merged = isMerged ? partsOf(text, masks) : undefined
  if (!merged) return undefined
  const kept = inGroupsOfTheirOwn(whole, withoutTwins(whole, merged), text)
  return merged.head + woven(parts, kept) + merged.tail
}

/** What was put in and is hidden already, or cannot be there beside what is. */
function withoutTwins(whole: Parts, merged: Parts): readonly Part[] {
  const hidden = new Set(whole.parts.filter(({ isHidden }) => isHidden).map(({ line }) => line))
  const there = whole.instances.filter(({ main }) => hidden.has(main))
  const names = new Set(there.map(({ name }) => name))
  const signatures = new Set(there.map(signature))
  const added = new Set(merged.parts.filter(({ isHidden }) => isHidden).map(({ line }) => line))
  const dropped = new Set<CardLine>()
  for (const instance of merged.instances) {
    if (!added.has(instance.main)) continue
    const isTaken = isSingle(instance.name) && names.has(instance.name)
    if (!isTaken && !signatures.has(signature(instance))) continue
    for (const line of [instance.main, ...instance.riders]) dropped.add(line)
  }
  return merged.parts.filter(({ line }) => !dropped.has(line))
}

/** A group that he could not see is no name for one of his. */
function inGroupsOfTheirOwn(whole: Parts, merged: readonly Part[], text: string): readonly Part[] {
  const groupsIn = (parts: readonly Part[]): ReadonlySet<string> =>
    new Set(parts.flatMap(({ line: { group } }) => (group === undefined ? [] : [group.toLowerCase()])))
  const hidden = groupsIn(whole.parts.filter(({ isHidden }) => isHidden))
  const shared = groupsIn(whole.parts.filter(({ isHidden }) => !isHidden))
  const taken = new Set([...groupsIn(whole.parts), ...groupsIn(merged)])
  const renamed = new Map<string, string>()
  for (const group of groupsIn(merged)) {
    if (!hidden.has(group) || shared.has(group)) continue
    let number = 1
    while (taken.has(`item${number}`)) number += 1
    taken.add(`item${number}`)
    renamed.set(group, `item${number}`)
  }
  if (renamed.size === 0) return merged
  const [end = '\r\n'] = /\r?\n|\r/.exec(text) ?? []
  return merged.map((part) => {
    const group = renamed.get(part.line.group?.toLowerCase() ?? '')
    if (group === undefined) return part
    const line = changed(part.line, { group })
    return { ...part, line, slice: writeCardLine(line).replaceAll('\r\n', end) }
  })
}

/** Both in their order: what is hidden stands behind the last line before it that is still there as it was. */
function woven(stored: readonly Part[], merged: readonly Part[]): string {
  const places = new Map<string, number[]>()
  for (const [at, { slice }] of merged.entries()) {
    const known = places.get(slice)
    if (known) known.push(at)
    else places.set(slice, [at])
  }
  const behind = new Map<number, string>()
  let last = -1
  for (const { slice, isHidden } of stored) {
    if (isHidden) behind.set(last, (behind.get(last) ?? '') + slice)
    else {
      const open = places.get(slice) ?? []
      while (open.length > 0 && (open[0] ?? 0) <= last) open.shift()
      last = open.shift() ?? last
    }
  }
  return (behind.get(-1) ?? '') + merged.map(({ slice }, at) => slice + (behind.get(at) ?? '')).join('')
}
