import { writeLine } from '../text/write-line.ts'
import type { Budget } from './budget.ts'
import { BudgetError } from './budget.ts'
import { createTimeWriter, formatDuration, type TimeWriter, writeRules } from './busy-times.ts'
import { type Calendar, type Component, property } from './calendar.ts'
import { busyTypeOf } from './freebusy.ts'
import { dayMs } from './gregorian.ts'
import { instancesTouching } from './instances.ts'
import { instantOf, quietly, timeOf } from './line-times.ts'
import { isThisAndFuture, readSeries, type Series, type Timed } from './series.ts'
import { utcZone } from './timezone.ts'
import { type IcalTime, readDuration } from './values.ts'

/**
 * What somebody may see of an object who may only see when its owner is busy: its times under another UID, whether they are tentative, and
 * that is all. Times are written anew; a zone is there with its rules, under a name of its own making where it has none that all the world
 * knows. An override is there only where it changes the time.
 * @param budget  for finding out which overrides do; where it does not suffice they are all there
 * @returns undefined for what takes no time: to-dos, journals, what is transparent or cancelled, what cannot be read
 * @see RFC 4791 §6.1.1, §7.10
 */
export function busyText(calendar: Calendar, uid: string, budget: Budget): string | undefined {
  const writer = createTimeWriter(calendar)
  const head = writeLine('UID', [], uid) + stamp
  const [series] = readSeries(calendar, 'VEVENT')
  const blocks = series ? blocksOf(series, calendar, budget) : []
  const parts = blocks.map((block) => eventText(block, head, writer))
  for (const component of calendar.root.components) {
    if (component.name === 'VFREEBUSY') parts.push(...statedText(component, head, writer))
  }
  if (parts.length === 0) return undefined
  return `${begin}${writer.definitions()}${parts.join('')}END:VCALENDAR\r\n`
}

const begin = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//EN\r\n'
/** The same for all: when an object was written is nobody's business. */
const stamp = 'DTSTAMP:20000101T000000Z\r\n'

/** A component to be written. */
interface Block extends Timed {
  readonly recurrenceId: IcalTime | undefined
  readonly isThisAndFuture: boolean
  /** Whether it takes the time it says; else it only says that this time is not taken. */
  readonly takesTime: boolean
  /** Instances that are left out, beside those that its own lines leave out. */
  readonly excluded: readonly IcalTime[]
}

function blocksOf(series: Series, calendar: Calendar, budget: Budget): Block[] {
  const { master } = series
  const blocks = series.overrides
    .filter(({ recurrenceId }) => recurrenceId !== undefined)
    .map((own) => blockOf(own, own.recurrenceId, isThisAndFuture(own.component) && hasPeriods(master)))
  if (!master) return blocks.filter(({ takesTime }) => takesTime)
  const whole = blockOf(master, undefined, hasPeriods(master))
  const changed = blocks.filter((own) => !isLikeMaster(own, whole, series, calendar, budget))
  if (changed.some(({ component }) => isThisAndFuture(component))) return mixedBlocks([whole, ...blocks])
  if (!whole.takesTime) return blocks.filter(({ takesTime }) => takesTime)
  const kept = changed.filter(({ takesTime }) => takesTime)
  if (!series.recurs && changed.some((own) => isAtStart(own, master, calendar))) return kept
  const excluded = changed.flatMap((own) => (own.takesTime ? [] : (own.recurrenceId ?? [])))
  return [{ ...whole, excluded }, ...kept]
}

/** @param hasPeriods  whether there are instances with a length of their own that look like it */
function blockOf(own: Timed, recurrenceId: IcalTime | undefined, hasPeriods: boolean): Block {
  const { component, length } = own
  const isBusy = busyTypeOf(textOf(component, 'TRANSP') === 'TRANSPARENT', textOf(component, 'STATUS'))
  const takesTime = isBusy !== undefined && (hasPeriods || length.days * dayMs + length.ms > 0)
  return { ...own, recurrenceId, isThisAndFuture: false, takesTime, excluded: [] }
}

function hasPeriods(master: Timed | undefined): boolean {
  return master?.component.lines.some(({ name, value }) => name === 'RDATE' && value.includes('/')) === true
}

/** A series that changes from some instance on is told with all its parts, those that take no time too: there is no other way to say it. */
function mixedBlocks(blocks: readonly Block[]): Block[] {
  if (!blocks.some(({ takesTime }) => takesTime)) return []
  return blocks.map((block) => ({ ...block, isThisAndFuture: isThisAndFuture(block.component) }))
}

/** Whether the master says of an instance what its override says. */
function isLikeMaster(
  own: Block,
  master: Block,
  series: Series,
  calendar: Calendar,
  budget: Budget,
): boolean {
  const { recurrenceId: id, component, start, length } = own
  if (!id || start.form !== master.start.form || own.takesTime !== master.takesTime) return false
  if (isTentative(component) !== isTentative(master.component)) return false
  if (length.days !== master.length.days || length.ms !== master.length.ms) return false
  const at = instantOf(start, calendar, utcZone)
  if (at !== instantOf(id, calendar, utcZone)) return false
  const [whole] = series.segments
  if (!whole) return false
  const alone: Series = {
    ...series,
    overrides: [],
    overridden: { keys: new Set(), days: new Set() },
    segments: [{ ...whole, untilWall: Number.POSITIVE_INFINITY }],
  }
  try {
    for (const instance of instancesTouching(alone, { zone: utcZone, from: at, to: at }, budget)) {
      if (instance.start === at) return !instance.hasOwnLength
    }
  } catch (error) {
    if (!(error instanceof BudgetError)) throw error
  }
  return false
}

/** Whether an override stands for the only instance of what does not recur. */
function isAtStart({ recurrenceId }: Block, master: Timed, calendar: Calendar): boolean {
  if (!recurrenceId) return false
  const isDay = recurrenceId.form === 'date' && master.start.form !== 'date'
  if (isDay) return Math.floor(master.start.wall / dayMs) * dayMs === recurrenceId.wall
  return instantOf(recurrenceId, calendar, utcZone) === instantOf(master.start, calendar, utcZone)
}

function eventText(block: Block, head: string, writer: TimeWriter): string {
  const { component, start, recurrenceId, excluded } = block
  const range = block.isThisAndFuture ? [{ name: 'RANGE', values: ['THISANDFUTURE'] }] : []
  return [
    'BEGIN:VEVENT\r\n',
    head,
    recurrenceId ? writer.time('RECURRENCE-ID', recurrenceId, range) : '',
    writer.time('DTSTART', start),
    endText(component, writer),
    recurrenceId ? '' : recurrenceText(component, excluded, writer),
    block.takesTime ? 'SUMMARY:Busy\r\n' : '',
    block.takesTime && isTentative(component) ? 'STATUS:TENTATIVE\r\n' : '',
    block.takesTime ? 'TRANSP:OPAQUE\r\n' : 'TRANSP:TRANSPARENT\r\n',
    'END:VEVENT\r\n',
  ].join('')
}

function endText(component: Component, writer: TimeWriter): string {
  const end = timeOf(component, 'DTEND')
  if (end) return writer.time('DTEND', end)
  const line = property(component, 'DURATION')
  const duration = line && quietly(() => readDuration(line.value))
  if (!duration || duration.days < 0 || duration.ms < 0) return ''
  return writeLine('DURATION', [], formatDuration(duration))
}

function recurrenceText(component: Component, excluded: readonly IcalTime[], writer: TimeWriter): string {
  const listed = (name: string): string =>
    component.lines
      .filter((line) => line.name === name)
      .map((line) => writer.times(line))
      .join('')
  const left = excluded.map((time) => writer.time('EXDATE', time)).join('')
  return (
    writeRules(component, 'RRULE') +
    writeRules(component, 'EXRULE') +
    listed('RDATE') +
    listed('EXDATE') +
    left
  )
}

/** Free/busy that is stored as such, without what is free. @see RFC 5545 §3.6.4 */
function statedText(component: Component, head: string, writer: TimeWriter): string[] {
  const periods = component.lines
    .filter(({ name }) => name === 'FREEBUSY')
    .map((line) => {
      const named =
        line.parameters
          .find(({ name }) => name === 'FBTYPE')
          ?.values[0]?.trim()
          .toUpperCase() ?? ''
      if (named === 'FREE' || !line.value.includes('/')) return ''
      const type = ['BUSY-UNAVAILABLE', 'BUSY-TENTATIVE'].includes(named) ? named : 'BUSY'
      return writer.times(line, [{ name: 'FBTYPE', values: [type] }])
    })
  if (periods.every((text) => text === '')) return []
  const bounds = ['DTSTART', 'DTEND'].map((name) => {
    const time = timeOf(component, name)
    return time ? writer.time(name, time) : ''
  })
  return [`BEGIN:VFREEBUSY\r\n${head}${bounds.join('')}${periods.join('')}END:VFREEBUSY\r\n`]
}

function isTentative(component: Component): boolean {
  return textOf(component, 'STATUS') === 'TENTATIVE'
}

function textOf(component: Component, name: string): string | undefined {
  return property(component, name)?.value.trim().toUpperCase()
}
