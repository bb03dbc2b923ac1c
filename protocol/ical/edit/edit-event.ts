import { writeLine } from '../../text/write-line.ts'
import { type Component, readCalendar } from '../calendar.ts'
import { wallOn } from '../line-times.ts'
import { isThisAndFuture, type Timed } from '../series.ts'
import { applyEdits, type Edit } from '../write-lines.ts'
import { type AlarmWish, alarmEdits, alarmsText } from './alarms.ts'
import { timeLine, timeValue, withDefinition, writeClockOf } from './clock.ts'
import { type FieldEdit, fieldEdits, inherited } from './fields.ts'
import { type Editing, mustFindInstance, type OpenObject, openObject, timedOf } from './open.ts'
import { addition, applyOwn, EditError, partsOf, patchParts, removal, setLine } from './patch.ts'
import { movedRule, type RuleWish, ruleText, saysRule } from './rule.ts'
import { stamped } from './stamp.ts'
import { withoutStrays } from './strays.ts'
import {
  endClockOf,
  gapIn,
  namedTimeEdits,
  type Present,
  planTimes,
  type TimeEdit,
  type TimePlan,
  timeEdits,
} from './times.ts'

/** What of an event is to be otherwise; what is left out stays, with every line that nobody here knows. */
export interface EventEdit extends FieldEdit, TimeEdit {
  readonly alarms?: readonly AlarmWish[] | undefined
  /** Null ends what recurs: what is left is the first. */
  readonly rule?: RuleWish | null | undefined
}

/**
 * Edits all of a series, or an event that does not recur. What its exceptions have from it changes with it; what they say
 * otherwise stays, but moves along.
 * @param instance  whose times `edit` speaks of; those of the first without it
 * @throws EditError, InvalidObjectError
 */
export function editAll(
  text: string,
  edit: EventEdit,
  instance: string | undefined,
  editing: Editing,
): string {
  const open = openObject(text)
  const { calendar, series, parts } = open
  const { master } = series
  if (!master) return editOne(text, onlyPart(open, instance, editing), edit, editing)
  const plan = planTimes(calendar, master, presentOf(open, master, instance, editing), edit)
  const edits = parts.map((part) => partEdit(open, master, part, edit))
  const lined = applyOwn(
    text,
    parts.flatMap((part, index) => {
      const timed = plan && timedOf(open, part)
      const moved = plan && timed ? timeEdits(calendar, timed, plan, isLikeMaster(open, master, timed)) : []
      return [
        ...fieldEdits(part, edits[index] ?? {}),
        ...moved,
        ...(plan ? namedTimeEdits(calendar, part, plan, edit.rule === null) : []),
        ...(part === master.component ? ruleEdits(part, master, plan, edit, calendar) : []),
      ]
    }),
  )
  const edited = withAlarms(lined, (index) => edits[index]?.alarms)
  if (edited === text) return text
  const kept = edit.rule === undefined ? edited : withoutStrays(edited, editing.budget)
  return finished(kept, open, plan, editing)
}

/**
 * Edits one instance of a series: its exception, which is made where there is none, in the form that the series has.
 * @throws EditError, InvalidObjectError
 * @see RFC 5545 §3.8.4.4
 */
export function editInstance(text: string, edit: EventEdit, instance: string, editing: Editing): string {
  const open = openObject(text)
  const { series, parts } = open
  if (!series.master || !series.recurs) return editAll(text, edit, undefined, editing)
  if (edit.rule !== undefined) throw new EditError('One of a series has no rule of its own.')
  const found = mustFindInstance(open, instance, editing.budget)
  const { component } = found.own
  if (component !== series.master.component && !isThisAndFuture(component))
    return editOne(text, parts.indexOf(component), edit, editing)
  const made = exceptionText(open, found)
  const at = Math.max(...parts.map(({ end }) => end))
  const withException = applyEdits(text, [{ start: at, end: at, text: made }])
  const edited = editOne(withException, placeBehind(open, at), edit, editing)
  return edited === withException ? text : edited
}

/** The component of one instance, made of that which it looks like: every line of it that is not about the series. */
function exceptionText(open: OpenObject, { instance, own }: ReturnType<typeof mustFindInstance>): string {
  const { calendar, series } = open
  const { component } = own
  const slice = calendar.text.slice(component.start, component.end)
  const clock = writeClockOf(own.start, calendar)
  const of = series.master ? writeClockOf(series.master.start, calendar) : clock
  const id = instance.recurrenceId
  if (!id) throw new EditError('It does not recur.')
  const gap = instance.hasOwnLength ? instance.wallEnd - instance.wallStart : undefined
  const delta = instance.wallStart - own.start.wall
  const plan: TimePlan = {
    before: clock,
    after: clock,
    delta,
    gap,
    endClock: endClockOf(calendar, component, clock),
  }
  const edits: Edit[] = [
    ...component.lines.filter(({ name }) => ofSeries.has(name)).map(removal),
    ...timeEdits(calendar, own, plan, true),
    addition(component, timeLine('RECURRENCE-ID', [timeValue(id.wall, of)], of)),
  ]
  const shifted = edits.map((one) => ({
    ...one,
    start: one.start - component.start,
    end: one.end - component.start,
  }))
  const isBare = !slice.includes('\r\n')
  return isBare ? applyEdits(slice, shifted).replaceAll('\r\n', '\n') : applyEdits(slice, shifted)
}

const ofSeries: ReadonlySet<string> = new Set(['RRULE', 'RDATE', 'EXDATE', 'EXRULE', 'RECURRENCE-ID'])

/** What stands behind all parts comes as the last of them. */
function placeBehind({ parts }: OpenObject, at: number): number {
  return parts.filter(({ start }) => start < at).length
}

/** Edits one component by itself. */
function editOne(text: string, index: number, edit: EventEdit, editing: Editing): string {
  const open = openObject(text)
  const part = open.parts[index]
  const timed = part && timedOf(open, part)
  if (!part || !timed) throw new EditError('It has no time that can be read.')
  const start = timed.start.wall
  const present = { start, end: start + gapIn(open.calendar, timed) }
  const plan = planTimes(open.calendar, timed, present, edit)
  const lined = applyOwn(text, [
    ...fieldEdits(part, edit),
    ...(plan ? timeEdits(open.calendar, timed, plan, true) : []),
  ])
  const edited = withAlarms(lined, (at) => (at === index ? edit.alarms : undefined))
  return edited === text ? text : finished(edited, open, plan, editing)
}

function onlyPart(open: OpenObject, instance: string | undefined, { budget }: Editing): number {
  const [first] = open.series.overrides
  const own = instance === undefined ? first : mustFindInstance(open, instance, budget).own
  return own ? open.parts.indexOf(own.component) : -1
}

/** When the instance is that an edit speaks of, on the clock of the series. */
function presentOf(open: OpenObject, master: Timed, name: string | undefined, { budget }: Editing): Present {
  if (name === undefined || !open.series.recurs) {
    const start = master.start.wall
    return { start, end: start + gapIn(open.calendar, master) }
  }
  const { instance, own } = mustFindInstance(open, name, budget)
  const start = wallOn(master.clock, instance.wallStart, own.clock)
  return {
    start,
    end: start + (instance.hasOwnLength ? instance.wallEnd - instance.wallStart : gapIn(open.calendar, own)),
  }
}

function isLikeMaster({ calendar }: OpenObject, master: Timed, own: Timed): boolean {
  return gapIn(calendar, own) === gapIn(calendar, master)
}

/** What an edit of all is for one part: for an exception only where it is like the others. */
function partEdit({ calendar }: OpenObject, master: Timed, part: Component, edit: EventEdit): EventEdit {
  if (part === master.component) return edit
  const isLike = alarmsText(calendar, part) === alarmsText(calendar, master.component)
  return { ...inherited(edit, part, master.component), alarms: isLike ? edit.alarms : undefined }
}

function withAlarms(text: string, of: (index: number) => readonly AlarmWish[] | undefined): string {
  return patchParts(text, (part, index, calendar) => {
    const alarms = of(index)
    return alarms ? alarmEdits(calendar, part, alarms) : []
  })
}

function ruleEdits(
  part: Component,
  master: Timed,
  plan: TimePlan | undefined,
  { rule }: EventEdit,
  calendar: ReturnType<typeof readCalendar>,
): Edit[] {
  const clock = plan?.after ?? writeClockOf(master.start, calendar)
  const rules = part.lines.filter(({ name }) => name === 'RRULE' || name === 'EXRULE')
  if (rule === null) return part.lines.filter(({ name }) => ofSeries.has(name)).map(removal)
  if (rule !== undefined) {
    const [only, ...others] = rules
    const stays = only && others.length === 0 && !plan && saysRule(only.value, rule, clock)
    if (stays) return []
    const lines = part.lines.filter(({ name }) => name === 'EXRULE').map(removal)
    return [...lines, ...setLine(part, 'RRULE', writeLine('RRULE', [], ruleText(rule, clock)))]
  }
  if (!plan) return []
  const move = {
    from: master.start.wall,
    to: master.start.wall + plan.delta,
    before: plan.before,
    after: plan.after,
  }
  return rules.flatMap((line) => {
    const moved = movedRule(line.value, move)
    return moved === line.value.trim() ? [] : [{ ...removal(line), text: writeLine(line.name, [], moved) }]
  })
}

function finished(
  text: string,
  { parts, calendar }: OpenObject,
  plan: TimePlan | undefined,
  editing: Editing,
): string {
  const present = partsOf(readCalendar(text))
  // What is left of the parts keeps its place: those behind may have gone.
  const before = present.length >= parts.length ? parts : present.map((part) => sameAs(part, parts))
  const result = stamped(text, before, calendar.text, editing)
  if (!plan) return result
  const defined = withDefinition(readCalendar(result), plan.after)
  return plan.endClock ? withDefinition(readCalendar(defined), plan.endClock) : defined
}

/** The part as it was, by the instance that it stands for. */
function sameAs(part: Component, parts: readonly Component[]): Component | undefined {
  const idOf = ({ lines }: Component) => lines.find(({ name }) => name === 'RECURRENCE-ID')?.value
  return parts.find((own) => idOf(own) === idOf(part))
}
