import type { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { editTask, newTask } from '../../../protocol/ical/edit/edit-task.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObjectByUid } from '../../../storage/objects.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  mustSeeCalendar,
  mustSeeObject,
  type SeenCalendar,
  type SeenObject,
  seeObjects,
} from '../calendar-events/calendar-events.ts'
import { editingOf } from '../calendar-events/edit-events.ts'
import { edited, storeEdited, storeNew, type Writing } from '../calendar-events/store-member.ts'
import { moveTask } from './move-tasks.ts'
import type { newTask as newTaskShape, taskChange } from './schema.ts'
import { mustReadTask, readTask } from './show-task.ts'

/** Makes a task. @throws refusal 403, 409, 422, 507 */
export async function makeTask(
  tx: Writer,
  calendar: SeenCalendar,
  { calendar: _, parent, ...wish }: z.output<typeof newTaskShape>,
  writing: Writing,
): Promise<SeenObject> {
  const uid = writing.newId()
  const whole = await parentUidOf(tx, parent, { calendar, uid }, writing)
  const edit = { ...withZone(wish, writing), parent: whole }
  const text = edited(() => newTask(uid, edit, editingOf(writing)))
  return storeNew(tx, calendar, { name: `${uid}.ics`, text }, writing)
}

/** Edits a task as a patch of its lines (law 6), and moves it with its parts. @throws refusal 403, 409, 422, 423 */
export async function changeTask(
  tx: Writer,
  seen: SeenObject,
  { calendar, ...wish }: z.output<typeof taskChange>,
  writing: Writing,
): Promise<SeenObject> {
  if (calendar === undefined) return editOne(tx, seen, wish, writing)
  const target = await mustSeeCalendar(tx, writing.session, calendar)
  // What it was a part of stays where it was.
  const left = target.row.id === seen.calendar.row.id ? {} : { parent: null }
  return moveTask(tx, await editOne(tx, seen, { ...left, ...wish }, writing), target, writing)
}

async function editOne(
  tx: Writer,
  seen: SeenObject,
  { parent, ...wish }: Omit<z.output<typeof taskChange>, 'calendar'>,
  writing: Writing,
): Promise<SeenObject> {
  const { uid, details } = mustReadTask(seen)
  const whole = await parentUidOf(tx, parent, { calendar: seen.calendar, uid }, writing)
  const hasTime = details.due?.includes('T') === true || details.start?.includes('T') === true
  const edit = { ...(hasTime ? wish : withZone(wish, writing)), parent: whole }
  const text = edited(() => editTask(seen.text, edit, editingOf(writing)))
  return storeEdited(tx, seen, text, writing)
}

/** How many tasks lie in each other at most. */
const deepest = 20

/**
 * The UID of what a task is to be a part of.
 * @throws refusal 422 for what is no task of the same list, or is itself a part of the task
 */
async function parentUidOf(
  reader: Reader,
  parent: ObjectId | null | undefined,
  { calendar, uid }: { readonly calendar: SeenCalendar; readonly uid: string },
  { session }: Writing,
): Promise<string | null | undefined> {
  if (parent === undefined || parent === null) return parent
  const seen = await mustSeeObject(reader, session, { id: parent, component: 'VTODO' })
  if (seen.calendar.row.id !== calendar.row.id)
    throw refuseStatus(422, 'A task is a part of one in the same list.')
  const whole = mustReadTask(seen)
  await checkNoCircle(reader, whole.details.parentUid, { calendar, uid, own: whole.uid })
  return whole.uid
}

async function checkNoCircle(
  reader: Reader,
  above: string | null,
  { calendar, uid, own }: { readonly calendar: SeenCalendar; readonly uid: string; readonly own: string },
): Promise<void> {
  let next: string | null = own
  let then = above
  for (let level = 0; next !== null; level += 1) {
    if (next === uid || level === deepest) throw refuseStatus(422, 'A task is no part of itself.')
    next = then
    then = next === null ? null : await parentOf(reader, calendar, next)
  }
}

async function parentOf(reader: Reader, calendar: SeenCalendar, uid: string): Promise<string | null> {
  const stored = await findObjectByUid(reader, calendar.row.id, uid)
  const [seen] = stored ? await seeObjects(reader, calendar, [stored]) : []
  const task = stored && seen && readTask({ calendar, stored, ...seen })
  return task?.details.parentUid ?? null
}

/** A time of which no zone is said is on the clock of the account. */
function withZone<Wish extends Pick<z.output<typeof taskChange>, 'start' | 'due' | 'zone'>>(
  wish: Wish,
  { session }: Writing,
): Wish {
  const isTimed = wish.start?.includes('T') === true || wish.due?.includes('T') === true
  return isTimed && wish.zone === undefined ? { ...wish, zone: session.principal.timeZone ?? 'UTC' } : wish
}
