import { type Calendar, type Component, property } from '../calendar.ts'
import { wallText } from '../details/moments.ts'
import { dayMs } from '../gregorian.ts'
import { clockOf, timeOf, timesOf, wallOn } from '../line-times.ts'
import type { Timed } from '../series.ts'
import type { IcalTime } from '../values.ts'
import type { Edit } from '../write-lines.ts'
import {
  clockNamed,
  dateClock,
  isSameClock,
  readMoment,
  timeLine,
  timeValue,
  type WriteClock,
  writeClockOf,
} from './clock.ts'
import { EditError, removal, setLine } from './patch.ts'

/** When an event is to be: a day, or a time on the clock of a zone; what is left out stays. */
export interface TimeEdit {
  readonly start?: string | undefined
  readonly end?: string | undefined
  /** Null for no clock. */
  readonly zone?: string | null | undefined
  /** Of the end, where it is another. */
  readonly endZone?: string | null | undefined
}

/** How the times of a series are to be otherwise. */
export interface TimePlan {
  readonly before: WriteClock
  readonly after: WriteClock
  /** By how much every wall time is later. */
  readonly delta: number
  /** How far the end is from the start, both on their own clocks; undefined where that stays as it is. */
  readonly gap: number | undefined
  readonly endClock: WriteClock | undefined
}

/** When the instance is that an edit is about: wall times on their clocks. */
export interface Present {
  readonly start: number
  readonly end: number
}

/**
 * What an edit of the times of one instance makes of those of its component.
 * @returns undefined where it leaves all as it is
 * @throws EditError
 */
export function planTimes(
  calendar: Calendar,
  own: Timed,
  present: Present,
  edit: TimeEdit,
): TimePlan | undefined {
  const before = writeClockOf(own.start, calendar)
  const oldEnd = endClockOf(calendar, own.component, before)
  const start = readMoment(edit.start ?? wallText(present.start, before.isDate))
  const after = start.isDate ? dateClock : clockAfter(calendar, before, edit)
  const endClock = start.isDate
    ? dateClock
    : endAfter(calendar, after, isSameClock(before, after) ? oldEnd : after, edit)
  const gap = gapOf(start, present, edit, before.isDate)
  const delta = start.wall - present.start
  const isSame = delta === 0 && isSameClock(before, after) && isSameClock(oldEnd, endClock)
  if (isSame && gap === present.end - present.start) return undefined
  return { before, after, delta, gap, endClock }
}

function clockAfter(calendar: Calendar, before: WriteClock, { zone }: TimeEdit): WriteClock {
  if (zone !== undefined) return clockNamed(zone, before, calendar)
  if (before.isDate) return clockNamed(null, undefined, calendar)
  return before
}

function endAfter(
  calendar: Calendar,
  after: WriteClock,
  present: WriteClock,
  { endZone }: TimeEdit,
): WriteClock {
  if (endZone === undefined) return present
  return endZone === null ? after : clockNamed(endZone, present, calendar)
}

/** @throws EditError for an end before the start */
function gapOf(
  start: { readonly wall: number; readonly isDate: boolean },
  present: Present,
  edit: TimeEdit,
  wasDate: boolean,
): number {
  if (edit.end === undefined) {
    if (start.isDate === wasDate) return present.end - present.start
    return start.isDate
      ? Math.max(dayMs, Math.ceil((present.end - present.start) / dayMs) * dayMs)
      : 3_600_000
  }
  const end = readMoment(edit.end)
  if (end.isDate !== start.isDate) throw new EditError('Start and end are both days, or both times.')
  const gap = end.wall - start.wall
  if (gap < 0 && edit.endZone === undefined) throw new EditError('It ends before it begins.')
  if (start.isDate && gap < dayMs) throw new EditError('Whole days end on the day after the last.')
  return gap
}

/** The lines of a component with times as planned; a component with a length of its own keeps that. */
export function timeEdits(calendar: Calendar, own: Timed, plan: TimePlan, isLikeMaster: boolean): Edit[] {
  const { component, start } = own
  const present = writeClockOf(start, calendar)
  const clock = plan.after.isDate || present.isDate || isOnClock(present, plan.before) ? plan.after : present
  const wall = movedWall(start.wall, plan)
  const oldGap = gapIn(calendar, own)
  const keepsKind = plan.before.isDate === plan.after.isDate
  const gap = isLikeMaster || !keepsKind ? (plan.gap ?? oldGap) : oldGap
  const oldEnd = endClockOf(calendar, component, present)
  const endClock = isLikeMaster || !keepsKind ? (plan.endClock ?? clock) : clock === present ? oldEnd : clock
  return [
    ...setTime(component, 'DTSTART', wall, clock),
    ...endEdits(component, { wall: wall + gap, clock: endClock, isSameLength: gap === oldGap }),
  ]
}

function isOnClock(one: WriteClock, other: WriteClock): boolean {
  return one.zone === other.zone && one.isDate === other.isDate
}

function endEdits(
  component: Component,
  end: { readonly wall: number; readonly clock: WriteClock; readonly isSameLength: boolean },
): Edit[] {
  if (!property(component, 'DTEND')) {
    // A length that is said, or goes without saying, still holds.
    if (end.isSameLength) return []
    const duration = component.lines.filter(({ name }) => name === 'DURATION').map(removal)
    return [...duration, ...setTime(component, 'DTEND', end.wall, end.clock)]
  }
  return setTime(component, 'DTEND', end.wall, end.clock)
}

function setTime(component: Component, name: string, wall: number, clock: WriteClock): Edit[] {
  const kept = property(component, name)?.parameters ?? []
  return setLine(component, name, timeLine(name, [timeValue(wall, clock)], clock, kept))
}

/** A wall time of a series after a plan. */
function movedWall(wall: number, { delta, after }: Pick<TimePlan, 'delta' | 'after'>): number {
  const moved = wall + delta
  return after.isDate ? Math.floor(moved / dayMs) * dayMs : moved
}

/** How far the end of a component is from its start, each on its own clock. */
export function gapIn(calendar: Calendar, { component, start, length, clock }: Timed): number {
  const end = timeOf(component, 'DTEND')
  if (!end || (end.form === 'date') !== clock.isDate) return length.days * dayMs + length.ms
  const gap = end.wall - start.wall
  return gap < 0 && clockOf(end, calendar).zone === clock.zone ? 0 : Math.max(gap, clock.isDate ? dayMs : gap)
}

/** The clock of DTEND; that of the start where there is none. */
export function endClockOf(calendar: Calendar, component: Component, start: WriteClock): WriteClock {
  const end = timeOf(component, 'DTEND')
  return end && (end.form === 'date') === start.isDate ? writeClockOf(end, calendar) : start
}

/**
 * RECURRENCE-ID, EXDATE and RDATE lines with every time as planned, on the clock of the series.
 * @param isEnding  whether nothing is to recur any more, and these lines go
 */
export function namedTimeEdits(
  calendar: Calendar,
  component: Component,
  plan: TimePlan,
  isEnding = false,
): Edit[] {
  const edits: Edit[] = []
  if (isEnding) return edits
  for (const line of component.lines) {
    if (line.name !== 'RECURRENCE-ID' && line.name !== 'EXDATE' && line.name !== 'RDATE') continue
    const values = timesOf(line).times.map((item) => {
      if ('wall' in item) return timeValue(movedNamed(calendar, item, plan), clockOfNamed(item, plan))
      const start = movedNamed(calendar, item.start, plan)
      const length = item.end ? item.end.wall - item.start.wall : durationOf(item.duration)
      return `${timeValue(start, plan.after)}/${timeValue(start + length, plan.after)}`
    })
    const isPeriods = timesOf(line).times.some((item) => !('wall' in item))
    if (values.length === 0) continue
    const kept = line.parameters.filter(({ name }) => name !== 'TZID' && name !== 'VALUE')
    const clock = isPeriods ? plan.after : firstClock(timesOf(line).times, plan)
    const own = isPeriods ? [{ name: 'VALUE', values: ['PERIOD'] }] : []
    const text = timeLine(line.name, values, clock, kept)
    const said = own.length === 0 ? text : text.replace(line.name, `${line.name};VALUE=PERIOD`)
    edits.push({ start: line.start, end: line.end, text: said })
  }
  return edits
}

function durationOf(duration: { readonly days: number; readonly ms: number } | undefined): number {
  return duration ? duration.days * dayMs + duration.ms : 0
}

/** A day among times means all that is on it, and stays one. */
function clockOfNamed({ form }: IcalTime, { before, after }: TimePlan): WriteClock {
  return form === 'date' && !before.isDate ? dateClock : after
}

function firstClock(times: ReturnType<typeof timesOf>['times'], plan: TimePlan): WriteClock {
  const [first] = times
  return first && 'wall' in first ? clockOfNamed(first, plan) : plan.after
}

function movedNamed(calendar: Calendar, time: IcalTime, plan: TimePlan): number {
  const { before } = plan
  if (time.form === 'date' && !before.isDate) return time.wall + Math.floor(plan.delta / dayMs + 0.5) * dayMs
  return movedWall(wallOn(before, time.wall, clockOf(time, calendar)), plan)
}
