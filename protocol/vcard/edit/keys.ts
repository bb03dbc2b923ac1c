import { hashOf } from '../../text/hash.ts'
import type { CardLine, Lines } from '../convert/line.ts'
import { listedProperties } from './lists/table.ts'

/** The keys of the lines that lists show: made of what a line says, so that it keeps its key whatever the others do. */
export function keysOf(lines: Lines): ReadonlyMap<CardLine, string> {
  const keys = new Map<CardLine, string>()
  const counts = new Map<string, number>()
  for (const line of lines) {
    if (!listedProperties.has(line.name)) continue
    const key = `${line.name.toLowerCase()}-${hashOf(JSON.stringify([line.group, line.parameters, line.value]))}`
    const count = (counts.get(key) ?? 0) + 1
    counts.set(key, count)
    keys.set(line, count === 1 ? key : `${key}-${count}`)
  }
  return keys
}
