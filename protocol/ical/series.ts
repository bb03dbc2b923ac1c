import { parameter } from '../text/content-lines.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import { dayMs } from './gregorian.ts'
import { type Clock, clockOf, instantOf, timeOf, timesOf, wallOn } from './line-times.ts'
import { type Shape, shapeOf, spanOf } from './overlap.ts'
import { type Rule, RuleError, readRule, untilWall } from './recurrence.ts'
import { utcZone } from './timezone.ts'
import { uidOf } from './validate.ts'
import type { Duration, IcalTime, Period } from './values.ts'

/** A component with the time it begins and how long it lasts. */
export interface Timed {
  readonly component: Component
  readonly start: IcalTime
  readonly clock: Clock
  readonly length: Duration
  readonly shape: Shape
}

/** A component that stands for one instance. */
export interface Override extends Timed {
  readonly recurrenceId: IcalTime | undefined
}

/**
 * A stretch of the recurrence set and the component its instances look like: the master's, then one for each
 * RANGE=THISANDFUTURE. Bounds and `shiftMs` are on the master's clock.
 */
export interface Segment extends Timed {
  readonly fromWall: number
  readonly untilWall: number
  /** How much later than the master's instance this one begins. */
  readonly shiftMs: number
}

export interface SeriesRule {
  readonly rule: Rule
  readonly untilWall: number | undefined
}

/** A start that stands by itself: DTSTART, or an RDATE with perhaps its own length. */
export interface SingleStart {
  readonly wall: number
  readonly utc: number | undefined
  readonly length: Duration | undefined
}

/** A set of instances: by key (see Series.keyOf), and all those of a day (in days since 1970). */
export interface InstanceSet {
  readonly keys: ReadonlySet<number>
  readonly days: ReadonlySet<number>
}

/** All components of one UID and type: what recurs, and what stands out. */
export interface Series {
  /** False when a start or a rule cannot be read: the recurrence set is then not known. */
  readonly isReadable: boolean
  readonly master: Timed | undefined
  readonly recurs: boolean
  /** Ascending; the master's own start is among them. */
  readonly singles: readonly SingleStart[]
  readonly rules: readonly SeriesRule[]
  readonly exrules: readonly SeriesRule[]
  readonly excluded: InstanceSet
  readonly overridden: InstanceSet
  readonly overrides: readonly Override[]
  readonly segments: readonly Segment[]
}

/**
 * The series of a calendar: its components of one type by UID. A second master of the same UID is a series of its own.
 * @param name  VEVENT, VTODO or VJOURNAL; AVAILABLE
 * @param parent  the component they are in, where it is not the VCALENDAR
 * @see RFC 5545 §3.8.4.4, §3.8.5
 */
export function readSeries(calendar: Calendar, name: string, parent: Component = calendar.root): Series[] {
  const groups = new Map<string, Component[][]>()
  for (const component of parent.components) {
    if (component.name !== name) continue
    const uid = uidOf(component) ?? ''
    const known = groups.get(uid)
    if (!known) groups.set(uid, [[component]])
    else if (isMaster(component) && known[0]?.some(isMaster)) known.push([component])
    else known[0]?.push(component)
  }
  const series: Series[] = []
  for (const group of groups.values()) for (const parts of group) series.push(readOne(calendar, parts))
  return series
}

/** What identifies an instance: the instant where the master has a zone, else the wall time. */
export function keyOf(clock: Clock, wall: number): number {
  return clock.zone ? clock.zone.toUtc(wall) : wall
}

/** The most milliseconds a duration may take, clock changes included. */
export function longest({ days, ms }: Duration): number {
  return Math.abs(days) * dayMs + Math.abs(ms) + (days === 0 ? 0 : dayMs)
}

function isMaster(component: Component): boolean {
  return property(component, 'RECURRENCE-ID') === undefined
}

function readOne(calendar: Calendar, parts: readonly Component[]): Series {
  let isReadable = true
  const timed: Timed[] = []
  for (const part of parts) {
    const own = readTimed(calendar, part)
    if (own) timed.push(own)
    else if (property(part, 'DTSTART')) isReadable = false
  }
  const master = timed.find(({ component }) => isMaster(component))
  const overrides = timed.filter((own) => own !== master).map(asOverride)
  const ids = overrides.flatMap(({ recurrenceId }) => recurrenceId ?? [])
  if (ids.length < overrides.length) isReadable = false
  if (!master) return { ...empty, isReadable, overrides }
  const rules = readRules(master, 'RRULE')
  const exrules = readRules(master, 'EXRULE')
  const added = readAdded(calendar, master)
  const recurs = rules.all.length + added.starts.length > 0 || !rules.isReadable || !added.isReadable
  return {
    isReadable: isReadable && rules.isReadable && exrules.isReadable && added.isReadable,
    master,
    recurs,
    singles: [...added.starts, startOf(master)].sort((a, b) => a.wall - b.wall),
    rules: rules.all,
    exrules: exrules.all,
    excluded: recurs ? instanceSet(calendar, master, readExcluded(master)) : nothing,
    overridden: instanceSet(calendar, master, ids),
    overrides,
    segments: segmentsOf(calendar, master, overrides),
  }
}

/** Undefined for a component without a start that can be read. A to-do without DTSTART begins when it is due. */
function readTimed(calendar: Calendar, component: Component): Timed | undefined {
  const start =
    timeOf(component, 'DTSTART') ??
    (component.name === 'VTODO' ? timeOf(component, 'DUE') : undefined) ??
    (property(component, 'DTSTART') ? undefined : timeOf(component, 'RECURRENCE-ID'))
  if (!start) return undefined
  const clock = clockOf(start, calendar)
  return {
    component,
    start,
    clock,
    length: spanOf(component, start, calendar),
    shape: shapeOf(component),
  }
}

function asOverride(own: Timed): Override {
  return { ...own, recurrenceId: timeOf(own.component, 'RECURRENCE-ID') }
}

function startOf(master: Timed): SingleStart {
  return { wall: master.start.wall, utc: undefined, length: undefined }
}

function readRules(master: Timed, name: string): { all: SeriesRule[]; isReadable: boolean } {
  const all: SeriesRule[] = []
  let isReadable = true
  for (const line of master.component.lines) {
    if (line.name !== name) continue
    try {
      const rule = readRule(line.value)
      all.push({ rule, untilWall: untilWall(rule, master.clock) })
    } catch (error) {
      if (!(error instanceof RuleError)) throw error
      isReadable = false
    }
  }
  return { all, isReadable }
}

/** RDATEs, periods included. A date beside a DTSTART with a time means that time on that day. */
function readAdded(calendar: Calendar, master: Timed): { starts: SingleStart[]; isReadable: boolean } {
  const starts: SingleStart[] = []
  let isReadable = true
  for (const line of master.component.lines) {
    if (line.name !== 'RDATE') continue
    const read = timesOf(line)
    isReadable &&= read.isReadable
    for (const item of read.times) starts.push(addedStart(calendar, master, item))
  }
  return { starts, isReadable }
}

function addedStart(calendar: Calendar, { clock, start }: Timed, item: IcalTime | Period): SingleStart {
  const time = 'wall' in item ? item : item.start
  const length = 'wall' in item ? undefined : periodLength(calendar, item)
  if (time.form === 'date' && !clock.isDate) {
    return { wall: time.wall + (start.wall - Math.floor(start.wall / dayMs) * dayMs), utc: undefined, length }
  }
  const own = clockOf(time, calendar)
  const utc = clock.zone && own.zone && own.zone !== clock.zone ? own.zone.toUtc(time.wall) : undefined
  return { wall: wallOn(clock, time.wall, own), utc, length }
}

function periodLength(calendar: Calendar, { start, end, duration }: Period): Duration {
  if (duration) return duration
  if (!end) return { days: 0, ms: 0 }
  const ms = instantOf(end, calendar, utcZone) - instantOf(start, calendar, utcZone)
  return { days: 0, ms: Math.max(ms, 0) }
}

function readExcluded(master: Timed): IcalTime[] {
  const excluded: IcalTime[] = []
  for (const line of master.component.lines) {
    if (line.name !== 'EXDATE') continue
    for (const item of timesOf(line).times) excluded.push('wall' in item ? item : item.start)
  }
  return excluded
}

/** Dates and times need not agree in kind with DTSTART: a date means every instance of that day. */
function instanceSet(calendar: Calendar, { clock }: Timed, times: readonly IcalTime[]): InstanceSet {
  if (times.length === 0) return nothing
  const keys = new Set<number>()
  const days = new Set<number>()
  for (const time of times) {
    if (time.form === 'date' && !clock.isDate) days.add(time.wall / dayMs)
    else keys.add(keyIn(calendar, clock, time))
  }
  return { keys, days }
}

function keyIn(calendar: Calendar, clock: Clock, time: IcalTime): number {
  const own = clockOf(time, calendar)
  if (clock.zone) return (own.zone ?? clock.zone).toUtc(time.wall)
  return wallOn(clock, time.wall, own)
}

/** @see RFC 5545 §3.2.13 */
function segmentsOf(calendar: Calendar, master: Timed, overrides: readonly Override[]): Segment[] {
  const starts = overrides
    .filter(({ component }) => isThisAndFuture(component))
    .flatMap((own) => {
      const { recurrenceId: id } = own
      return id ? [{ own, fromWall: wallOn(master.clock, id.wall, clockOf(id, calendar)) }] : []
    })
    .sort((a, b) => a.fromWall - b.fromWall)
  const segments: Segment[] = [
    {
      ...master,
      fromWall: Number.NEGATIVE_INFINITY,
      untilWall: starts[0]?.fromWall ?? Number.POSITIVE_INFINITY,
      shiftMs: 0,
    },
  ]
  starts.forEach(({ own, fromWall }, index) => {
    const shiftMs = own.start.wall - wallOn(own.clock, fromWall, master.clock)
    const end = starts[index + 1]?.fromWall ?? Number.POSITIVE_INFINITY
    segments.push({ ...own, fromWall, untilWall: end, shiftMs })
  })
  return segments
}

/** Whether an override speaks for the later instances too. @see RFC 5545 §3.2.13 */
export function isThisAndFuture(component: Component): boolean {
  const line = property(component, 'RECURRENCE-ID')
  return line !== undefined && parameter(line, 'RANGE')?.toUpperCase() === 'THISANDFUTURE'
}

const nothing: InstanceSet = { keys: new Set(), days: new Set() }

const empty: Series = {
  isReadable: true,
  master: undefined,
  recurs: true,
  singles: [],
  rules: [],
  exrules: [],
  excluded: nothing,
  overridden: nothing,
  overrides: [],
  segments: [],
}
