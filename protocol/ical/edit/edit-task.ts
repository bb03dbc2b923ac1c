import { escapeTextValue, parameter } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'
import { type Calendar, type Component, property, readCalendar } from '../calendar.ts'
import { parentUid, statusOf, type TaskStatus, taskComponent } from '../details/task.ts'
import { dayMs } from '../gregorian.ts'
import { clockOf, timeOf } from '../line-times.ts'
import { occurrences } from '../recurrence.ts'
import { readSeries } from '../series.ts'
import { formatTime } from '../values.ts'
import type { Edit } from '../write-lines.ts'
import { type AlarmWish, alarmEdits } from './alarms.ts'
import {
  clockNamed,
  dateClock,
  readMoment,
  timeLine,
  timeValue,
  type WriteClock,
  withDefinition,
  writeClockOf,
} from './clock.ts'
import { type FieldEdit, fieldEdits } from './fields.ts'
import type { Editing } from './open.ts'
import { addition, EditError, partsOf, patchParts, removal, setLine } from './patch.ts'
import { type RuleWish, ruleText, saysRule, withParts } from './rule.ts'
import { stamped } from './stamp.ts'

/** What of a task is to be otherwise; what is left out stays. */
export interface TaskEdit extends Omit<FieldEdit, 'status' | 'transparency'> {
  readonly status?: TaskStatus | undefined
  readonly percent?: number | undefined
  readonly start?: string | null | undefined
  readonly due?: string | null | undefined
  readonly zone?: string | null | undefined
  /** The UID of what it is to be a part of. */
  readonly parent?: string | null | undefined
  readonly order?: number | null | undefined
  readonly alarms?: readonly AlarmWish[] | undefined
  readonly rule?: RuleWish | null | undefined
}

/**
 * Edits a task. One that recurs and is done moves on to its next time, as long as there is one: that is how clients without
 * exceptions for tasks have it.
 * @throws EditError, InvalidObjectError
 */
export function editTask(text: string, edit: TaskEdit, editing: Editing): string {
  const { index } = openTask(text)
  const before = partsOf(readCalendar(text))
  let edited = patchAt(text, index, (part, calendar) => [
    ...fieldEdits(part, plainFields(edit)),
    ...momentEdits(part, calendar, edit),
    ...relationEdits(part, edit),
  ])
  if (edit.rule !== undefined) edited = withRule(edited, edit.rule)
  if (edit.alarms) {
    const { alarms } = edit
    edited = patchAt(edited, index, (part, calendar) => alarmEdits(calendar, part, alarms))
  }
  edited = withState(edited, edit, editing)
  return edited === text ? text : defined(stamped(edited, before, text, editing))
}

/** The text of a new task. @throws EditError */
export function newTask(uid: string, edit: TaskEdit, editing: Editing): string {
  const stamp = formatTime(editing.now, 'utc')
  const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//Tasks//EN\r\nBEGIN:VTODO\r\n'
  const lines = `${writeLine('UID', [], escapeTextValue(uid))}DTSTAMP:${stamp}\r\nCREATED:${stamp}\r\nLAST-MODIFIED:${stamp}\r\n`
  const bare = `${head}${lines}STATUS:NEEDS-ACTION\r\nEND:VTODO\r\nEND:VCALENDAR\r\n`
  return editTask(bare, edit, { ...editing, revises: () => false })
}

function plainFields({ status: _, ...edit }: TaskEdit): FieldEdit {
  return edit
}

function openTask(text: string) {
  const calendar = readCalendar(text)
  const [series] = readSeries(calendar, 'VTODO')
  const part = series && taskComponent(calendar, series)
  if (!series || !part) throw new EditError('There is no task in it that can be read.')
  return { calendar, series, part, index: partsOf(calendar).indexOf(part) }
}

function patchAt(
  text: string,
  index: number,
  edit: (part: Component, calendar: Calendar) => readonly Edit[],
): string {
  return patchParts(text, (part, at, calendar) => (at === index ? edit(part, calendar) : []))
}

/** @see RFC 5545 §3.6.2: DUE is of the kind that DTSTART is, and not before it. */
function momentEdits(part: Component, calendar: Calendar, edit: TaskEdit): Edit[] {
  if (edit.start === undefined && edit.due === undefined && edit.zone === undefined) return []
  const [start, due] = [wanted(part, 'DTSTART', edit.start), wanted(part, 'DUE', edit.due)]
  if (start && due && start.isDate !== due.isDate)
    throw new EditError('Start and end are both days, or both times.')
  if (start && due && due.wall < start.wall) throw new EditError('It is due before it begins.')
  const hasDuration = property(part, 'DURATION') !== undefined && (edit.due !== undefined || !start)
  return [
    ...momentLine(part, calendar, 'DTSTART', start, edit.zone),
    ...momentLine(part, calendar, 'DUE', due, edit.zone),
    ...(hasDuration ? setLine(part, 'DURATION', undefined) : []),
  ]
}

function wanted(part: Component, name: string, wish: string | null | undefined) {
  if (wish !== undefined) return wish === null ? undefined : readMoment(wish)
  const time = timeOf(part, name)
  return time && { wall: time.wall, isDate: time.form === 'date' }
}

function momentLine(
  part: Component,
  calendar: Calendar,
  name: 'DTSTART' | 'DUE',
  moment: { readonly wall: number; readonly isDate: boolean } | undefined,
  zone: string | null | undefined,
): Edit[] {
  const line = property(part, name)
  if (!moment) return line ? setLine(part, name, undefined) : []
  const time = timeOf(part, name)
  const other = timeOf(part, name === 'DUE' ? 'DTSTART' : 'DUE')
  const present = [time, other]
    .flatMap((own) => (own ? [writeClockOf(own, calendar)] : []))
    .find(({ isDate }) => !isDate)
  const clock = moment.isDate
    ? dateClock
    : zone === undefined
      ? (present ?? clockNamed(null, undefined, calendar))
      : clockNamed(zone, present, calendar)
  const isSame = time && time.wall === moment.wall && time.form === clock.form && time.tzid === clock.tzid
  if (isSame) return []
  return setLine(part, name, timeLine(name, [timeValue(moment.wall, clock)], clock, line?.parameters))
}

function relationEdits(part: Component, { parent, order }: TaskEdit): Edit[] {
  const edits: Edit[] = []
  if (parent !== undefined && parent !== parentUid(part)) {
    const isParent = ({ name, ...line }: Component['lines'][number]): boolean =>
      name === 'RELATED-TO' && (parameter(line, 'RELTYPE') ?? 'PARENT').toUpperCase() === 'PARENT'
    edits.push(...part.lines.filter(isParent).map(removal))
    const reltype = [{ name: 'RELTYPE', values: ['PARENT'] }]
    if (parent !== null) edits.push(addition(part, writeLine('RELATED-TO', reltype, escapeTextValue(parent))))
  }
  if (order === undefined) return edits
  const line = order === null ? undefined : `X-APPLE-SORT-ORDER:${order}\r\n`
  return [...edits, ...setLine(part, 'X-APPLE-SORT-ORDER', line)]
}

/** @throws EditError for what has no day to recur on */
function withRule(text: string, rule: RuleWish | null): string {
  const { part, calendar, index } = openTask(text)
  if (rule === null)
    return patchAt(text, index, ({ lines }) => lines.filter(({ name }) => ofSeries.has(name)).map(removal))
  const time = timeOf(part, 'DTSTART') ?? timeOf(part, 'DUE')
  if (!time) throw new EditError('What recurs has a day: say when it is due.')
  const clock = writeClockOf(time, calendar)
  const line = property(part, 'RRULE')
  if (line && saysRule(line.value, rule, clock)) return text
  const start = property(part, 'DTSTART') ? '' : timeLine('DTSTART', [timeValue(time.wall, clock)], clock)
  return patchAt(text, index, (fresh) => [
    ...setLine(fresh, 'RRULE', writeLine('RRULE', [], ruleText(rule, clock))),
    // The rule counts from DTSTART. @see RFC 5545 §3.8.5.3
    ...(start === '' ? [] : [addition(fresh, start)]),
  ])
}

const ofSeries: ReadonlySet<string> = new Set(['RRULE', 'RDATE', 'EXDATE', 'EXRULE'])

/** @see RFC 5545 §3.8.1.8, §3.8.1.11, §3.8.2.1 */
function withState(text: string, { status, percent }: TaskEdit, editing: Editing): string {
  const { part, index } = openTask(text)
  const now = statusOf(part)
  const wished = status ?? (percent === 100 ? 'completed' : undefined)
  if (wished === 'completed' && now !== 'completed') {
    const moved = movedOn(text, editing)
    if (moved !== undefined) return moved
  }
  return patchAt(text, index, (fresh) => stateEdits(fresh, wished, percent, editing.now))
}

function stateEdits(
  part: Component,
  wished: TaskStatus | undefined,
  percent: number | undefined,
  now: number,
): Edit[] {
  const isOther = wished !== undefined && wished !== statusOf(part)
  const done = wished === 'completed'
  const share = done ? 100 : (percent ?? (isOther && wished === 'needs-action' ? 0 : undefined))
  const present = Number(property(part, 'PERCENT-COMPLETE')?.value.trim() ?? 0)
  const edits: Edit[] = []
  if (isOther) {
    edits.push(...setLine(part, 'STATUS', `STATUS:${wished.toUpperCase()}\r\n`))
    edits.push(...setLine(part, 'COMPLETED', done ? `COMPLETED:${formatTime(now, 'utc')}\r\n` : undefined))
  }
  if (share !== undefined && share !== present && (isOther || !done))
    edits.push(
      ...setLine(part, 'PERCENT-COMPLETE', share === 0 ? undefined : `PERCENT-COMPLETE:${share}\r\n`),
    )
  return edits
}

/** A task that recurs at its next time; undefined where it does not recur, or was the last time. */
function movedOn(text: string, { budget, now }: Editing): string | undefined {
  const { calendar, series, part, index } = openTask(text)
  const { master, rules } = series
  const [first] = rules
  if (!master || !first || rules.length > 1 || part !== master.component) return undefined
  const { isDate } = master.clock
  const { rule, untilWall } = first
  let passed = 0
  let next: number | undefined
  for (const wall of occurrences(rule, master.start.wall, { isDate, untilWall }, budget)) {
    if (wall > master.start.wall && !series.excluded.keys.has(keyOf(master, wall))) {
      next = wall
      break
    }
    passed += 1
  }
  if (next === undefined) return undefined
  const later = next - master.start.wall
  return patchAt(text, index, (fresh) => [
    ...['DTSTART', 'DUE'].flatMap((name) => laterLine(fresh, calendar, name, later)),
    ...stateEdits(fresh, 'needs-action', 0, now),
    ...(rule.count === undefined ? [] : countEdits(fresh, rule.count - passed)),
  ])
}

function keyOf(
  { clock }: NonNullable<ReturnType<typeof openTask>['series']['master']>,
  wall: number,
): number {
  return clock.zone ? clock.zone.toUtc(wall) : wall
}

function laterLine(part: Component, calendar: Calendar, name: string, later: number): Edit[] {
  const time = timeOf(part, name)
  const line = property(part, name)
  if (!time || !line) return []
  const clock: WriteClock = writeClockOf(time, calendar)
  const wall = clock.isDate ? time.wall + Math.round(later / dayMs) * dayMs : time.wall + later
  return setLine(part, name, timeLine(name, [timeValue(wall, clock)], clock, line.parameters))
}

function countEdits(part: Component, left: number): Edit[] {
  const line = property(part, 'RRULE')
  if (!line) return []
  return setLine(part, 'RRULE', writeLine('RRULE', [], withParts(line.value, { COUNT: String(left) })))
}

/** The object with the definitions of the zones that its task names. */
function defined(text: string): string {
  let result = text
  for (const name of ['DTSTART', 'DUE']) {
    const { part, calendar } = openTask(result)
    const time = timeOf(part, name)
    if (time?.form === 'zoned' && clockOf(time, calendar).zone)
      result = withDefinition(calendar, writeClockOf(time, calendar))
  }
  return result
}
