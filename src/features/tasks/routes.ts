import { z } from 'zod'
import { page, readCursor } from '../../api/cursor.ts'
import { idIn, look, type Route } from '../../api/route.ts'
import { mustSeeObject } from '../calendar-events/calendar-events.ts'
import { parentsOf, readTasks } from './list-tasks.ts'
import { compareTaskKeys, type TaskOrder, taskKey } from './order-tasks.ts'
import { task, taskList, tasksQuery } from './schema.ts'
import { mustReadTask, shownTask } from './show-task.ts'

const scope = 'calendars'

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
]

const part = z.union([z.string(), z.number()])

/** A place in one order is none in another. */
function placeIn(order: TaskOrder) {
  return z.tuple([z.literal(order), part, part, z.int()])
}
