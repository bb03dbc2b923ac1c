import { escapeTextValue } from '../../text/content-lines.ts'
import { writeLine } from '../../text/write-line.ts'
import { readCalendar } from '../calendar.ts'
import { formatTime } from '../values.ts'
import { clockNamed, dateClock, readMoment, timeLine, timeValue, withDefinition } from './clock.ts'
import { type EventEdit, editAll } from './edit-event.ts'
import type { Editing } from './open.ts'

/** An event that is not there yet. */
export interface NewEvent extends EventEdit {
  readonly start: string
  readonly zone: string | null
}

/** The text of a new event. @throws EditError */
export function newEvent(uid: string, { start, zone, ...wish }: NewEvent, editing: Editing): string {
  const stamp = formatTime(editing.now, 'utc')
  const head = 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Farley//Calendar//EN\r\nCALSCALE:GREGORIAN\r\n'
  const moment = readMoment(start)
  const empty = readCalendar(`${head}END:VCALENDAR\r\n`)
  const clock = moment.isDate ? dateClock : clockNamed(zone, undefined, empty)
  const times = timeLine('DTSTART', [timeValue(moment.wall, clock)], clock)
  const lines = `${writeLine('UID', [], escapeTextValue(uid))}DTSTAMP:${stamp}\r\nCREATED:${stamp}\r\nLAST-MODIFIED:${stamp}\r\n${times}`
  const bare = `${head}BEGIN:VEVENT\r\n${lines}END:VEVENT\r\nEND:VCALENDAR\r\n`
  const defined = withDefinition(readCalendar(bare), clock)
  const hour = moment.isDate ? {} : { end: wish.end ?? inAnHour(start) }
  return editAll(defined, { ...wish, ...hour }, undefined, { ...editing, revises: () => false })
}

function inAnHour(start: string): string {
  return new Date(Date.parse(`${start}Z`) + 3_600_000).toISOString().slice(0, 19)
}
