import { escapeTextValue } from '../../text/content-lines.ts'
import { replaceUid } from '../../text/replace-uid.ts'
import { writeLine } from '../../text/write-line.ts'
import { type Budget, BudgetError } from '../budget.ts'
import type { Calendar, Component } from '../calendar.ts'
import { dayMs, secondMs } from '../gregorian.ts'
import { instancesTouching } from '../instances.ts'
import { clockOf, timesOf, wallOn } from '../line-times.ts'
import { occurrences } from '../recurrence.ts'
import type { SeriesRule, Timed } from '../series.ts'
import { utcZone } from '../timezone.ts'
import { uidOf } from '../validate.ts'
import type { IcalTime, Period } from '../values.ts'
import type { Edit } from '../write-lines.ts'
import { writeClockOf } from './clock.ts'
import { type Editing, hasRanges, mustFindInstance, type OpenObject, openObject } from './open.ts'
import { addition, applyOwn, EditError, removal } from './patch.ts'
import { untilOn, withParts } from './rule.ts'
import { stamped } from './stamp.ts'
import { endClockOf, type TimePlan, timeEdits } from './times.ts'

/** A series in two: what comes before an instance, and the rest, from that instance on. */
export interface SplitSeries {
  /** Undefined where nothing comes before: then it is all of the series. */
  readonly before: string | undefined
  readonly after: string
}

/**
 * Ends a series before one of its instances, and makes another of the rest, under another UID: exceptions, added and
 * taken out times go with the part that they are in.
 * @throws EditError, InvalidObjectError
 * @see RFC 5545 §3.8.5.3, §3.8.4.5
 */
export function splitSeries(text: string, instance: string, newUid: string, editing: Editing): SplitSeries {
  const { open, master, wall } = openAt(text, instance, editing)
  if (!comesBefore(open, wall, master, editing.budget)) return { before: undefined, after: text }
  const uid = uidOf(master.component) ?? ''
  const rest = fromWall(open, master, wall, editing.budget)

  const after = replaceUid(withSibling(rest, uid), uid, newUid)
  return { before: ended(open, master, wall, editing), after }
}

/** A series that ends before one of its instances; undefined where nothing of it is left. @throws EditError */
export function endSeries(text: string, instance: string, editing: Editing): string | undefined {
  const { open, master, wall } = openAt(text, instance, editing)
  if (!comesBefore(open, wall, master, editing.budget)) return undefined
  return ended(open, master, wall, editing)
}

function openAt(text: string, instance: string, editing: Editing) {
  const open = openObject(text)
  const { series } = open
  const { master } = series
  if (!master || !series.recurs) throw new EditError('It does not recur: change all of it.')
  if (hasRanges(series) || series.exrules.length > 0 || series.rules.length > 1)
    throw new EditError('It recurs in a way that cannot be taken in two: change all of it, or one.')
  const { instance: found } = mustFindInstance(open, instance, editing.budget)
  const id = found.recurrenceId
  if (!id) throw new EditError('It does not recur: change all of it.')
  return { open, master, wall: wallOn(master.clock, id.wall, clockOf(id, open.calendar)) }
}

/** Whether an instance comes before, be it an exception. */
function comesBefore(open: OpenObject, wall: number, master: Timed, budget: Budget): boolean {
  const { series, parts } = open
  if (parts.some((part) => part !== master.component && !isFrom(open, part, wall))) return true
  try {
    const to = (master.clock.zone ?? utcZone).toUtc(wall) - 1
    const plain = { ...series, overrides: [] }
    for (const { recurrenceId } of instancesTouching(plain, { zone: utcZone, to }, budget))
      if (recurrenceId && recurrenceId.wall < wall) return true
    return false
  } catch (error) {
    if (error instanceof BudgetError) return true
    throw error
  }
}

function ended(open: OpenObject, master: Timed, wall: number, editing: Editing): string {
  const { calendar, series, parts } = open
  const clock = writeClockOf(master.start, calendar)
  const last = wall - (master.clock.isDate ? dayMs : secondMs)
  const edits = parts.flatMap((part): Edit[] => {
    if (part !== master.component) return isFrom(open, part, wall) ? [removal(part)] : []
    const rules = part.lines.flatMap((line): Edit[] => {
      if (line.name !== 'RRULE') return []
      const [rule] = series.rules
      // It has ended by then: another end would let in times that its count leaves out.
      if (rule && !nextOf(rule, master, wall, editing.budget)) return []
      const value = withParts(line.value, { COUNT: undefined, UNTIL: untilOn(last, clock) })
      return [{ ...removal(line), text: writeLine('RRULE', [], value) }]
    })
    return [...rules, ...keptTimes(calendar, master, (own) => own < wall)]
  })
  const text = applyOwn(calendar.text, edits)
  const kept = parts.filter((part) => part === master.component || !isFrom(open, part, wall))
  return stamped(text, kept, calendar.text, editing)
}

/** What is left of a series from one of its instances on. */
function fromWall(open: OpenObject, master: Timed, wall: number, budget: Budget): string {
  const { calendar, series, parts } = open
  const [rule] = series.rules
  const next = rule ? nextOf(rule, master, wall, budget) : undefined
  const start = next?.wall ?? wall
  const clock = writeClockOf(master.start, calendar)
  const endClock = endClockOf(calendar, master.component, clock)
  const delta = start - master.start.wall
  const plan: TimePlan = { before: clock, after: clock, delta, gap: undefined, endClock }
  const edits = parts.flatMap((part): Edit[] => {
    if (part !== master.component) return isFrom(open, part, wall) ? [] : [removal(part)]
    const rules = part.lines.flatMap((line) => (line.name === 'RRULE' ? ruleLeft(line, next) : []))
    // Where the start is that of the rule, added times before it stay added.
    const kept = (own: number): boolean => own >= wall && !(next === undefined && own === start)
    return [...timeEdits(calendar, master, plan, true), ...rules, ...keptTimes(calendar, master, kept)]
  })
  return applyOwn(calendar.text, edits)
}

function ruleLeft(
  line: { readonly value: string; readonly start: number; readonly end: number },
  next: Next | undefined,
): Edit[] {
  if (!next) return [removal(line)]
  if (next.left === undefined) return []
  const value = withParts(line.value, { COUNT: String(next.left) })
  return [{ ...removal(line), text: writeLine('RRULE', [], value) }]
}

interface Next {
  readonly wall: number
  /** Of a rule with a count, so many from this one on. */
  readonly left: number | undefined
}

/** The first time of a rule that is not before another. @throws EditError where that is not to be found */
function nextOf(
  { rule, untilWall }: SeriesRule,
  master: Timed,
  wall: number,
  budget: Budget,
): Next | undefined {
  const { isDate } = master.clock
  const from = rule.count === undefined ? wall : undefined
  let passed = 0
  try {
    for (const own of occurrences(rule, master.start.wall, { isDate, untilWall, from }, budget)) {
      if (own >= wall) return { wall: own, left: rule.count === undefined ? undefined : rule.count - passed }
      passed += 1
    }
    return undefined
  } catch (error) {
    if (error instanceof BudgetError) throw new EditError('It recurs too often to be taken in two there.')
    throw error
  }
}

/** EXDATE and RDATE lines with those of their times that are kept, all others as they are written. */
function keptTimes(calendar: Calendar, master: Timed, isKept: (wall: number) => boolean): Edit[] {
  return master.component.lines.flatMap((line): Edit[] => {
    if (line.name !== 'EXDATE' && line.name !== 'RDATE') return []
    const { times } = timesOf(line)
    const values = line.value.split(',').filter((value) => value.trim() !== '')
    const kept = values.filter((_, index) => {
      const item = times[index]
      return item === undefined || isKept(wallOf(calendar, master, item))
    })
    if (kept.length === values.length) return []
    if (kept.length === 0) return [removal(line)]
    return [{ ...removal(line), text: writeLine(line.name, line.parameters, kept.join(',')) }]
  })
}

/** On the clock of the series; a day is that of its last moment, so that it goes with what is on it. */
function wallOf(calendar: Calendar, { clock }: Timed, item: IcalTime | Period): number {
  const time = 'wall' in item ? item : item.start
  if (time.form === 'date' && !clock.isDate) return time.wall + dayMs - 1
  return wallOn(clock, time.wall, clockOf(time, calendar))
}

/** Whether an exception stands for an instance from there on. */
function isFrom({ calendar, series }: OpenObject, part: Component, wall: number): boolean {
  const own = series.overrides.find(({ component }) => component === part)
  const id = own?.recurrenceId
  if (!id || !series.master) return false
  return wallOn(series.master.clock, id.wall, clockOf(id, calendar)) >= wall
}

/** @see RFC 5545 §3.8.4.5: the other part of what was one. */
function withSibling(text: string, uid: string): string {
  const { series } = openObject(text)
  const { master } = series
  if (!master) return text
  const parameters = [{ name: 'RELTYPE', values: ['SIBLING'] }]
  return applyOwn(text, [
    addition(master.component, writeLine('RELATED-TO', parameters, escapeTextValue(uid))),
  ])
}
