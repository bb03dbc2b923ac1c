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

/** 53 bits, which tell the lines of a card apart: two halves, each multiplied through. */
function hashOf(text: string): string {
  let [high, low] = [0xdeadbeef, 0x41c6ce57]
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 2_654_435_761)
    low = Math.imul(low ^ unit, 1_597_334_677)
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909)
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909)
  return (4_294_967_296 * (2_097_151 & low) + (high >>> 0)).toString(36)
}
