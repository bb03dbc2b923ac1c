import { readCalendar } from '../../../protocol/ical/calendar.ts'
import { type TaskDetails, taskComponent, taskDetails } from '../../../protocol/ical/details/task.ts'
import { readSeries } from '../../../protocol/ical/series.ts'
import { uidOf } from '../../../protocol/ical/validate.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { cannotBeRead, type SeenObject } from '../calendar-events/calendar-events.ts'
import { shownCommon } from '../calendar-events/show-event.ts'

/** A task, read. */
export interface ReadTask {
  readonly seen: SeenObject
  readonly uid: string
  readonly details: TaskDetails
  readonly isRecurring: boolean
}

/** What a task says; undefined for what cannot be read. */
export function readTask(seen: SeenObject): ReadTask | undefined {
  try {
    const calendar = readCalendar(seen.text)
    const [series] = readSeries(calendar, 'VTODO')
    const component = series && taskComponent(calendar, series)
    if (!series || !component) return undefined
    const details = taskDetails(calendar, component, series.master)
    return { seen, uid: uidOf(component) ?? '', details, isRecurring: series.recurs && !!series.master }
  } catch (error) {
    if (error instanceof InvalidObjectError) return undefined
    throw error
  }
}

/** The same. @throws refusal 409 for what cannot be read */
export function mustReadTask(seen: SeenObject): ReadTask {
  const task = readTask(seen)
  if (!task) throw cannotBeRead()
  return task
}

/** @param parents  the ids of tasks by their calendar and UID: see `parentKey` */
export function shownTask(
  { seen, uid, details, isRecurring }: ReadTask,
  parents: ReadonlyMap<string, number>,
) {
  const { parentUid, ...own } = details
  const id = parentUid === null ? undefined : parents.get(parentKey(seen.calendar.row.id, parentUid))
  const parent = parentUid === null ? null : { uid: parentUid, id: id ?? null }
  return { ...shownCommon(seen, uid), ...own, parent, isRecurring }
}

export function parentKey(calendar: number, uid: string): string {
  return `${calendar} ${uid}`
}
