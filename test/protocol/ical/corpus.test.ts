import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ICAL from 'ical.js'
import { describe, expect, it } from 'vitest'
import { type Calendar, type Component, readCalendar } from '../../../protocol/ical/calendar.ts'
import { expandCalendar } from '../../../protocol/ical/expand.ts'
import { matchesFilter } from '../../../protocol/ical/filter.ts'
import type { TimeRange } from '../../../protocol/ical/filter-types.ts'
import { busyTimeOf, busyTypeOf, clipped, combineBusyTime } from '../../../protocol/ical/freebusy.ts'
import { type CalendarIndex, calendarIndex, indexAnswer } from '../../../protocol/ical/index-fields.ts'
import { instances } from '../../../protocol/ical/instances.ts'
import { selectCalendarData } from '../../../protocol/ical/partial.ts'
import { BudgetError } from '../../../protocol/ical/recurrence.ts'
import { splitCalendar } from '../../../protocol/ical/split.ts'
import { withTimezones } from '../../../protocol/ical/timezone-references.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { comp, whole } from './filters.ts'
import { calendarFiles, readText, zoneOf } from './objects.ts'

const files = calendarFiles()
const zone = zoneOf('Europe/Berlin')
const year = (number: number) => Date.UTC(number, 0, 1)

function isValid(text: string): boolean {
  try {
    validateCalendarObject(readCalendar(text))
  } catch (error) {
    if (error instanceof InvalidObjectError) return false
    throw error
  }
  return true
}

/** Undefined when it costs too much. */
function expand(calendar: Calendar, timeRange: TimeRange): Calendar | undefined {
  try {
    return readCalendar(expandCalendar(calendar, timeRange, { zone, budget: { steps: 50_000 } }))
  } catch (error) {
    if (error instanceof BudgetError) return undefined
    throw error
  }
}

/** The busy times as the rows of the index tell them. */
function busyByIndex({ instances: rows, component }: CalendarIndex, range: { start: number; end: number }) {
  const busy = rows.flatMap(({ start, end, floating, transparent, status }) => {
    const type = component === 'VEVENT' ? busyTypeOf(transparent, status) : undefined
    const span = floating ? { start: zone.toUtc(start), end: zone.toUtc(end) } : { start, end }
    return type ? clipped({ ...span, type }, range) : []
  })
  return combineBusyTime({ busy, availabilities: [] })
}

/** How many components of a type stand directly in the VCALENDARs, by their BEGIN lines. */
function countOf({ components }: Component): number {
  return components.filter(({ name }) => name !== 'VTIMEZONE').length
}

describe('RFC 4791 §5.3.2.1 files as people have them', () => {
  it.each(files)('$name is split; what PUT takes is one object of all its components', ({ text }) => {
    const items = [...splitCalendar(text, () => 'made')]
    for (const item of items) {
      if (item.kind === 'refused') expect(item.end).toBeGreaterThan(item.start)
      else {
        expect(isValid(item.text)).toBe(true)
        expect(item.source).toHaveLength(countOf(readCalendar(item.text).root))
        if (item.notes.includes('uid added') || !/^END:/m.test(text)) continue
        for (const { start, end } of item.source)
          expect(item.text).toContain(text.slice(start, end).trimEnd())
      }
    }
    if (!isValid(text)) return
    const [only] = items.filter(({ kind }) => kind === 'object')
    if (only?.kind === 'object') expect(only.source).toHaveLength(countOf(readCalendar(text).root))
  })

  it.each(files)('$name is indexed, searched, expanded and reduced', ({ text }) => {
    for (const item of splitCalendar(text, () => 'made')) {
      if (item.kind === 'refused') continue
      const calendar = readCalendar(item.text)
      const budget = () => ({ steps: 50_000 })
      const horizon = { from: year(2005), until: year(2027), maxInstances: 5000, budget: budget() }
      const index = calendarIndex(calendar, horizon)
      for (let from = year(2004); from < year(2028); from += 97 * 86_400_000) {
        const timeRange = { start: from, end: from + 31 * 86_400_000 }
        const found = matchesFilter(calendar, whole(comp(item.component, { timeRange })), {
          zone,
          budget: budget(),
        })
        const answer = indexAnswer(index, timeRange, zone)
        if (answer !== undefined) expect([new Date(from), found]).toEqual([new Date(from), answer])
        const expanded = expand(calendar, timeRange)
        if (expanded && item.component === 'VEVENT' && index.exact) {
          expect(countOf(expanded.root) > 0).toBe(found)
        }
      }
      const [start, end] = [year(2006), year(2026)]
      const busy = combineBusyTime(busyTimeOf(calendar, { start, end }, { zone, budget: budget() }))
      if (index.exact) expect([item.uid, busy]).toEqual([item.uid, busyByIndex(index, { start, end })])
      const zoned = readCalendar(withTimezones(calendar, 'T'))
      const window = { start: year(2012), end: year(2013) }
      expect(expand(zoned, window)?.text).toBe(expand(calendar, window)?.text)
      const all = { name: 'VCALENDAR', allprop: true, props: [], allcomp: true, comps: [] }
      expect(selectCalendarData(calendar, all)).toBe(item.text)
    }
  })
})

const expected = join(process.env.FARLEY_TEST_CORPUS ?? '', 'expected')
const isThere = process.env.FARLEY_TEST_CORPUS !== undefined && existsSync(expected)

describe.runIf(isThere)('RFC 7265 component trees as another library reads them', () => {
  const folder = join(expected, 'ical.js')
  const names = isThere ? readdirSync(folder).filter((name) => name.endsWith('.ics')) : []

  type JCal = readonly [string, readonly (readonly [string, ...unknown[]])[], readonly JCal[]]
  const shape = ([name, properties, inner]: JCal): unknown => [
    name,
    properties.map(([own]) => own),
    inner.map(shape),
  ]
  const ours = ({ name, lines, components }: Component): unknown => [
    name.toLowerCase(),
    lines.map(({ group, name: own }) => (group === undefined ? own : `${group}.${own}`).toLowerCase()),
    components.map(ours),
  ]

  it.each(names)('%s', (name) => {
    const theirs = JSON.parse(readFileSync(join(folder, name.replace('.ics', '.json')), 'utf8')) as JCal
    if (Array.isArray(theirs[0]) || theirs[0] !== 'vcalendar') return
    expect(ours(readCalendar(readText(join(folder, name))).root)).toEqual(shape(theirs))
  })
})

/**
 * Files where that snapshot is not what RFC 5545 says: it reads zones it does not know, and dates with a TZID, in
 * other zones, has no daylight time after 2100, gives to-dos and free/busy other spans, keeps the instance that an
 * override replaces, and takes events cut short.
 */
const differing = new Set('010 017 025 027 030 034 035 036 044 087 089 148 162 219 221 222 234'.split(' '))

describe.runIf(isThere)('RFC 5545 §3.8.5 recurrence sets as another library sees them', () => {
  const folder = join(expected, 'calcard', 'recurrence')
  const names = isThere
    ? readdirSync(folder).flatMap((name) => (name.endsWith('.ics') ? [name.slice(0, -4)] : []))
    : []

  it.each(names.filter((name) => !differing.has(name)))('%s', (name) => {
    const text = readText(join(folder, `${name}.ics`))
    const { events } = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as {
      events: { start: string; end: string }[]
    }
    if (!/^\s*BEGIN:VCALENDAR/i.test(text)) return
    const seen = new Set<string>()
    for (const item of splitCalendar(text, (slice) => Buffer.from(slice).toString('base64'))) {
      if (item.kind === 'refused') continue
      let count = 0
      try {
        const calendar = readCalendar(item.text)
        for (const { start, end } of instances(
          calendar,
          { zone: zoneOf('Pacific/Auckland') },
          { steps: 10_000 },
        )) {
          seen.add(`${start}/${end}`)
          count += 1
          if (count === 300) break
        }
      } catch (error) {
        if (!(error instanceof BudgetError)) throw error
      }
    }
    if (seen.size === 0) return
    for (const { start, end } of events) expect(seen).toContain(`${Date.parse(start)}/${Date.parse(end)}`)
  })
})

describe('RFC 5545 §3.8.5 series as people have them, against another library', () => {
  it.each(files)('$name', ({ text }) => {
    for (const item of splitCalendar(text, () => 'made')) {
      if (item.kind === 'refused' || item.component !== 'VEVENT') continue
      const theirs = byIcalJs(item.text)
      if (!theirs) continue
      const calendar = readCalendar(item.text)
      const all = instances(calendar, { zone: zoneOf('UTC') }, { steps: 100_000 })
      const ours = new Set<number>()
      for (const { wallStart } of all) {
        ours.add(wallStart)
        if (ours.size === 200) break
      }
      for (const wall of theirs) expect([...ours]).toContain(wall)
    }
  })

  /** The first wall times of a series without overrides, RDATEs and EXDATEs in other zones; undefined for others. */
  function byIcalJs(text: string): number[] | undefined {
    if (!/^RRULE/m.test(text) || /^(?:RECURRENCE-ID|RDATE|EXDATE|EXRULE)/m.test(text)) return undefined
    if (/SECONDLY|MINUTELY|HOURLY|RSCALE|UNTIL|BYSETPOS|BYWEEKNO|BYYEARDAY/.test(text)) return undefined
    try {
      const [master] = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent')
      if (!master || master.getAllProperties('rrule').length > 1) return undefined
      const iterator = new ICAL.Event(master).iterator()
      const walls: number[] = []
      for (let next = iterator.next(); next && walls.length < 20; next = iterator.next()) {
        walls.push(Date.UTC(next.year, next.month - 1, next.day, next.hour, next.minute, next.second))
      }
      return walls
    } catch {
      return undefined
    }
  }
})
