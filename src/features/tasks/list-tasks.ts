import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { findObjectsByUids, listObjects } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { uidKey } from '../../../storage/uid-key.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { type SeenCalendar, seenCalendars, seeObjects } from '../calendar-events/calendar-events.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { reachOf } from '../people/reach.ts'
import { parentKey, type ReadTask, readTask } from './show-task.ts'

/** Which tasks are wanted. */
export interface TasksAsked {
  readonly calendars: readonly CollectionId[] | undefined
  readonly state: 'open' | 'done' | 'all'
  /** `none`: without a day; a day: due by its end. */
  readonly due: string | undefined
  /** Those that are a part of this one. */
  readonly parent: ObjectId | undefined
}

/** The tasks that somebody sees, in no order, as far as may be read for one list. */
export async function readTasks(
  services: Pick<Services, 'store' | 'settings'>,
  session: Session,
  asked: TasksAsked,
): Promise<{ readonly tasks: readonly ReadTask[]; readonly isCut: boolean }> {
  const { store, settings } = services
  const calendars = await store.read(async (reader) =>
    seenCalendars(reader, await reachOf(reader, session), asked.calendars),
  )
  const tasks: ReadTask[] = []
  let left = settings.calendar.sortedTasks
  for (const calendar of calendars.filter(mayHoldTasks)) {
    for await (const read of tasksIn(store, calendar)) {
      if (left === 0) return { tasks: wanted(tasks, asked), isCut: true }
      left -= 1
      tasks.push(read)
    }
  }
  return { tasks: wanted(tasks, asked), isCut: false }
}

/** The ids of the tasks that others are a part of, by `parentKey`. */
export async function parentsOf(
  reader: Reader,
  tasks: readonly ReadTask[],
): Promise<ReadonlyMap<string, ObjectId>> {
  const byCalendar = new Map<CollectionId, Set<string>>()
  for (const { seen, details } of tasks) {
    if (details.parentUid === null) continue
    const uids = byCalendar.get(seen.calendar.row.id) ?? new Set()
    byCalendar.set(seen.calendar.row.id, uids.add(details.parentUid))
  }
  const parents = new Map<string, ObjectId>()
  for (const [calendar, uids] of byCalendar) {
    const rows = await findObjectsByUids(reader, calendar, [...uids].map(uidKey))
    const ids = new Map(rows.flatMap(({ uid, id }) => (uid === null ? [] : [[uid, id]])))
    for (const uid of uids) {
      const id = ids.get(uidKey(uid))
      if (id !== undefined) parents.set(parentKey(calendar, uid), id)
    }
  }
  return parents
}

function mayHoldTasks({ row, mount }: SeenCalendar): boolean {
  const holds = row.components === null || row.components.split(',').includes('VTODO')
  return holds && mount?.view !== 'busy'
}

async function* tasksIn(store: Services['store'], calendar: SeenCalendar): AsyncGenerator<ReadTask> {
  const pause = createPause()
  for await (const page of listObjects(store, calendar.row.id)) {
    const todos = page.filter(({ component }) => component === 'VTODO')
    for (const part of inParts(todos)) {
      const stored = new Map(part.map((row) => [row.id, row]))
      for (const { row, text } of await store.read((reader) => seeObjects(reader, calendar, part))) {
        const own = stored.get(row.id)
        const read = own && readTask({ calendar, stored: own, row, text })
        if (read) yield read
        const turn = pause()
        if (turn) await turn
      }
    }
  }
}

function wanted(tasks: readonly ReadTask[], { state, due, parent }: TasksAsked): ReadTask[] {
  const whole = parent === undefined ? undefined : tasks.find(({ seen }) => seen.stored.id === parent)
  return tasks.filter((task) => {
    const { status, due: own } = task.details
    const isDone = status === 'completed' || status === 'cancelled'
    if (state !== 'all' && isDone !== (state === 'done')) return false
    if (due !== undefined && (due === 'none' ? own !== null : own === null || own.slice(0, 10) > due))
      return false
    return parent === undefined || (whole !== undefined && isPart(task, whole))
  })
}

function isPart({ seen, details }: ReadTask, whole: ReadTask): boolean {
  return seen.calendar.row.id === whole.seen.calendar.row.id && details.parentUid === whole.uid
}
