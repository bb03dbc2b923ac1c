import type { Settings } from '../../../config/defaults.ts'
import { type Calendar, readCalendar } from '../../../protocol/ical/calendar.ts'
import { calendarIndex, type IndexOptions } from '../../../protocol/ical/index-fields.ts'
import { peopleOf } from '../../../protocol/ical/people.ts'
import { validateCalendarObject } from '../../../protocol/ical/validate.ts'
import type { PreparedObject } from '../objects.ts'
import { eventDocument } from '../search/event-document.ts'

const dayMs = 86_400_000

/** Checks a calendar object and works out its instances in the window of the index. @throws InvalidObjectError */
export function readEventObject(
  text: string,
  settings: Settings,
  now: number,
): Pick<PreparedObject, 'uid' | 'component' | 'version' | 'index'> {
  const calendar = readCalendar(text)
  const { uid, component } = validateCalendarObject(calendar, { maxAttendees: settings.limits.attendees })
  const index = calendarIndex(calendar, indexWindow(settings, now))
  return { uid, component, version: null, index: { calendar: index, ...derived(calendar) } }
}

/** What the index knows of a stored calendar object in a window. @throws InvalidObjectError when it cannot be read */
export function indexEventObject(text: string, window: IndexOptions): PreparedObject['index'] {
  const calendar = readCalendar(text)
  return { calendar: calendarIndex(calendar, window), ...derived(calendar) }
}

function derived(calendar: Calendar): PreparedObject['index'] {
  return { people: peopleOf(calendar), openTask: isOpenTask(calendar), search: eventDocument(calendar) }
}

/** Whether it is a to-do that is neither done nor given up; of a series by what holds for all of it. @see RFC 5545 §3.8.1.11 */
function isOpenTask({ root }: Calendar): boolean {
  const tasks = root.components.filter(({ name }) => name === 'VTODO')
  const main = tasks.find(({ lines }) => !lines.some(({ name }) => name === 'RECURRENCE-ID')) ?? tasks[0]
  if (!main) return false
  const isOver = /^(?:COMPLETED|CANCELLED)$/i
  return !main.lines.some(
    ({ name, value }) => name === 'COMPLETED' || (name === 'STATUS' && isOver.test(value.trim())),
  )
}

/** The window of the calendar index: whole days, so that two objects stored on one day have the same one. */
export function indexWindow(settings: Settings, now: number): IndexOptions {
  const today = Math.floor(now / dayMs) * dayMs
  return {
    from: today - settings.calendar.indexPastDays * dayMs,
    until: today + settings.calendar.indexFutureDays * dayMs,
    maxInstances: settings.limits.indexedInstances,
    budget: { steps: settings.limits.recurrenceSteps },
  }
}
