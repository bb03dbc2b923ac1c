import { type CardLine, changed, type Lines, newLine } from '../convert/line.ts'
import type { Instance } from './instances.ts'

/** Names of groups, each given to one property. */
export interface GroupNames {
  /** The name itself where it is free. */
  claim(group: string): string
  take(): string
}

export function groupNames(lines: Lines): GroupNames {
  const taken = new Set(lines.flatMap(({ group }) => (group === undefined ? [] : [group.toLowerCase()])))
  let number = 0
  const take = (): string => {
    do number += 1
    while (taken.has(`item${number}`))
    taken.add(`item${number}`)
    return `item${number}`
  }
  const claim = (group: string): string => {
    if (taken.has(group.toLowerCase())) return take()
    taken.add(group.toLowerCase())
    return group
  }
  return { claim, take }
}

/** The lines of an instance, in a group that nothing else is in. */
export function placed(groups: GroupNames, { main, riders, label }: Instance): readonly CardLine[] {
  const labels =
    riders.length === 0 && label !== undefined && main.group ? [labelLine(main.group, label)] : riders
  if (main.group === undefined || labels.length === 0) return [changed(main, { group: undefined })]
  const group = groups.claim(main.group)
  return [main, ...labels].map((line) => changed(line, { group }))
}

export function labelLine(group: string, label: string): CardLine {
  return { ...newLine('X-ABLABEL', label), group }
}
