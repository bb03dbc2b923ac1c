import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { objectsContaining } from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { type SeenCalendar, type SeenObject, seeObjects } from '../calendar-events/calendar-events.ts'
import { moveMember, type Writing } from '../calendar-events/store-member.ts'
import { inParts } from '../parts.ts'
import { type ReadTask, readTask } from './show-task.ts'

/**
 * Moves a task to another list with all that are parts of it, and parts of these: all of them, or none.
 * @returns the task, where it is then
 * @throws refusal 403, 422, 423, no-uid-conflict, 507
 */
export async function moveTask(
  tx: Writer,
  seen: SeenObject,
  target: SeenCalendar,
  writing: Writing,
): Promise<SeenObject> {
  if (seen.calendar.row.id === target.row.id) return seen
  const parts = await partsOf(tx, seen, writing)
  const moved = await moveMember(tx, seen, target, writing)
  for (const part of parts) await moveMember(tx, part, target, writing)
  return moved
}

/** The tasks of the same list that are parts of one, on whatever level, those above first. @throws refusal 422 for too many */
async function partsOf(reader: Reader, seen: SeenObject, { settings }: Writing): Promise<SeenObject[]> {
  const whole = readTask(seen)
  if (!whole) return []
  const most = settings.calendar.sortedTasks
  const wanted = { component: 'VTODO', text: 'RELATED-TO', limit: most + 1 }
  const rows = await objectsContaining(reader, seen.calendar.row.id, wanted)
  if (rows.length > most) throw refuseStatus(422, `The list has more than ${most} tasks that are parts.`)
  const byParent = new Map<string, ReadTask[]>()
  for (const some of inParts(rows)) {
    const stored = new Map(some.map((row) => [row.id, row]))
    for (const { row, text } of await seeObjects(reader, seen.calendar, some)) {
      const own = stored.get(row.id)
      const task = own && readTask({ calendar: seen.calendar, stored: own, row, text })
      const parent = task?.details.parentUid
      if (task && parent) byParent.set(parent, [...(byParent.get(parent) ?? []), task])
    }
  }
  return below(whole, byParent)
}

function below(whole: ReadTask, byParent: ReadonlyMap<string, readonly ReadTask[]>): SeenObject[] {
  const found = new Map([[whole.seen.stored.id, whole]])
  for (const { uid } of found.values())
    for (const part of byParent.get(uid) ?? [])
      if (!found.has(part.seen.stored.id)) found.set(part.seen.stored.id, part)
  return [...found.values()].slice(1).map(({ seen }) => seen)
}
