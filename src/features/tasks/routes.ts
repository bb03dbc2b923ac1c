import { z } from 'zod'
import type { Reader, Writer } from '../../../storage/store.ts'
import { checkMatch } from '../../api/conditions.ts'
import { page, readCursor } from '../../api/cursor.ts'
import { change, idIn, look, type Route } from '../../api/route.ts'
import { mustSeeCalendar, mustSeeObject, type SeenObject } from '../calendar-events/calendar-events.ts'
import { type AnyCall, writingOf } from '../calendar-events/change-routes.ts'
import { transferTo } from '../calendar-events/schema.ts'
import { removeMember } from '../calendar-events/store-member.ts'
import { changeTask, makeTask } from './edit-tasks.ts'
import { parentsOf, readTasks } from './list-tasks.ts'
import { moveTask } from './move-tasks.ts'
import { compareTaskKeys, type TaskOrder, taskKey } from './order-tasks.ts'
import { newTask, task, taskChange, taskList, tasksQuery } from './schema.ts'
import { mustReadTask, shownTask } from './show-task.ts'

const scope = 'calendars'
const affects = 'other'

/** Tasks over the API: the same to-dos that phones have. */
export const taskRoutes: readonly Route[] = [
  look(
    { method: 'GET', path: '/tasks', summary: 'Tasks, in order', scope },
    { query: tasksQuery, reply: taskList },
    async (call) => {
      const { limit, cursor, order, calendars, state, due, parent } = call.query
      const after = readCursor(cursor, placeIn(order))
      const { tasks, isCut } = await readTasks(call, call.session, { calendars, state, due, parent })
      const keyed = tasks.map((read) => ({ read, key: taskKey(read, order) }))
      const place = after && ([after[1], after[2], after[3]] as const)
      const rest = place ? keyed.filter(({ key }) => compareTaskKeys(key, place) > 0) : keyed
      rest.sort((one, other) => compareTaskKeys(one.key, other.key))
      const rows = rest.slice(0, limit + 1)
      const parents = await call.store.read((reader) =>
        parentsOf(
          reader,
          rows.map(({ read }) => read),
        ),
      )
      const shown = page(rows, limit, {
        keyOf: ({ key }) => [order, ...key],
        shown: ({ read }) => shownTask(read, parents),
      })
      return { body: { ...shown, isCut } }
    },
  ),
  look({ method: 'GET', path: '/tasks/:id', summary: 'What a task says', scope }, { reply: task }, (call) =>
    call.store.read(async (reader) => {
      const seen = await mustSeeObject(reader, call.session, { id: idIn(call), component: 'VTODO' })
      const read = mustReadTask(seen)
      return { body: shownTask(read, await parentsOf(reader, [read])), etag: seen.row.etag }
    }),
  ),
  change(
    { method: 'POST', path: '/tasks', summary: 'Make a task', scope, affects },
    { body: newTask, reply: task, statuses: [201] },
    async (tx, call) => {
      const calendar = await mustSeeCalendar(tx, call.session, call.body.calendar)
      const made = await shownNow(tx, await makeTask(tx, calendar, call.body, writingOf(call)))
      return { ...made, headers: { Location: `/api/tasks/${made.body.id}` } }
    },
  ),
  change(
    {
      method: 'PATCH',
      path: '/tasks/:id',
      summary: 'Edit a task: every other line of it stays',
      ...{ scope, affects },
    },
    { body: taskChange, reply: task },
    async (tx, call) =>
      shownNow(tx, await changeTask(tx, await mustMatch(tx, call), call.body, writingOf(call))),
  ),
  change(
    { method: 'DELETE', path: '/tasks/:id', summary: 'Send a task to the trash', scope, affects },
    {},
    async (tx, call) => {
      await removeMember(tx, await mustMatch(tx, call), writingOf(call))
      return {}
    },
  ),
  change(
    {
      ...{ method: 'POST', path: '/tasks/:id/move', scope, affects },
      summary: 'Move a task to another list, with its parts',
    },
    { body: transferTo, reply: task },
    async (tx, call) => {
      const seen = await mustMatch(tx, call)
      const target = await mustSeeCalendar(tx, call.session, call.body.calendar)
      return shownNow(tx, await moveTask(tx, seen, target, writingOf(call)))
    },
  ),
]

/** The task in the path, as whoever asks has read it last. @throws refusal 404, 412 */
async function mustMatch(tx: Writer, call: AnyCall): Promise<SeenObject> {
  const seen = await mustSeeObject(tx, call.session, { id: idIn(call), component: 'VTODO' })
  checkMatch(call, seen.row.etag)
  return seen
}

async function shownNow(reader: Reader, seen: SeenObject) {
  const read = mustReadTask(seen)
  return { body: shownTask(read, await parentsOf(reader, [read])), etag: seen.row.etag }
}

const part = z.union([z.string(), z.number()])

/** A place in one order is none in another. */
function placeIn(order: TaskOrder) {
  return z.tuple([z.literal(order), part, part, z.int()])
}
