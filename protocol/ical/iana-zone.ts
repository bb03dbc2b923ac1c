import { cycleDays, dayMs, dayNumber, secondMs } from './gregorian.ts'
import type { Zone } from './timezone.ts'
import {
  type OffsetChange,
  offsetAtUtc,
  offsetAtWall,
  readTransitions,
  type Transitions,
} from './transitions.ts'

/**
 * The zone of an IANA name, in any case; undefined when there is none of that name.
 * The rules come from Intl, asked once for every few years of a zone and kept; a conversion is a binary search.
 */
export function ianaZone(name: string): Zone | undefined {
  const key = name.toLowerCase()
  const zone = zones.get(key)
  if (zone || unknown.has(key)) return zone
  const format = openZone(name)
  if (!format) {
    if (unknown.size < maxUnknown) unknown.add(key)
    return undefined
  }
  const canonical = format.resolvedOptions().timeZone
  const made = zones.get(canonical.toLowerCase()) ?? makeZone(canonical, (utc) => readOffset(format, utc))
  zones.set(canonical.toLowerCase(), made)
  zones.set(key, made)
  return made
}

const zones = new Map<string, Zone>()
const unknown = new Set<string>()
const maxUnknown = 1000

/** ICU knows more three-letter names than the time zone database, and not as people mean them (BST is Dhaka). */
const shortNames = /^(?:UTC|UCT|GMT|CET|EET|MET|WET|EST|MST|HST|PRC|ROC|ROK)$/i
const namePattern = /^[a-z][a-z0-9_+-]*(?:\/[a-z0-9_+-]+)*$/i

function openZone(name: string): Intl.DateTimeFormat | undefined {
  if (!namePattern.test(name) || (name.length === 3 && !shortNames.test(name))) return undefined
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function readOffset(format: Intl.DateTimeFormat, utc: number): number {
  const parts = /GMT(?:([+-])(\d+):(\d+)(?::(\d+))?)?$/.exec(format.format(utc))
  if (parts?.[1] === undefined) return 0
  const seconds = Number(parts[2]) * 3600 + Number(parts[3]) * 60 + Number(parts[4] ?? 0)
  return (parts[1] === '-' ? -seconds : seconds) * secondMs
}

/** Before: local mean time. After: the rules of the day, which repeat with the calendar. */
const earliest = dayNumber(1800, 1, 1) * dayMs
const latest = dayNumber(2500, 1, 1) * dayMs
const cycleMs = cycleDays * dayMs

const blockMs = 2048 * dayMs
/** Wall times differ from UTC by less than this. */
const marginMs = 2 * dayMs
/** The time zone database has no two changes nearer to each other than this. */
const sampleMs = 3 * dayMs

function makeZone(name: string, offsetAt: (utc: number) => number): Zone {
  const blocks = new Map<number, Transitions>()
  function blockOf(time: number): Transitions {
    const number = Math.floor(time / blockMs)
    const known = blocks.get(number)
    if (known) return known
    const start = number * blockMs - marginMs
    const block = findTransitions(offsetAt, start, (number + 1) * blockMs + marginMs)
    blocks.set(number, block)
    return block
  }
  return {
    name,
    toUtc(wall) {
      const folded = fold(wall)
      return wall - offsetAtWall(blockOf(folded), folded)
    },
    toWall(utc) {
      const folded = fold(utc)
      return utc + offsetAtUtc(blockOf(folded), folded)
    },
  }
}

/** A time with the same offset, within the years that blocks are made for. */
function fold(time: number): number {
  if (time < earliest) return earliest
  return time < latest ? time : time - Math.ceil((time - latest + 1) / cycleMs) * cycleMs
}

function findTransitions(offsetAt: (utc: number) => number, start: number, end: number): Transitions {
  const initial = offsetAt(start)
  const changes: OffsetChange[] = []
  let before = initial
  for (let sample = start + sampleMs; sample < end + sampleMs; sample += sampleMs) {
    const offset = offsetAt(sample)
    if (offset === before) continue
    changes.push({ at: findChange(offsetAt, sample - sampleMs, sample, offset), offset })
    before = offset
  }
  return readTransitions(initial, changes)
}

/** The second between `low` and `high` from which the offset is what it is at `high`. */
function findChange(offsetAt: (utc: number) => number, low: number, high: number, offset: number): number {
  let before = low / secondMs
  let after = high / secondMs
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle * secondMs) === offset) after = middle
    else before = middle
  }
  return after * secondMs
}
