import { useTranslation } from 'react-i18next'
import type { Calendar } from '../calendar/calendar.ts'
import { useChange } from '../client/change.ts'
import { dropItem } from '../client/items.ts'
import { localeOf } from '../i18n/locale.ts'
import { ConflictDialog } from '../ui/conflict.tsx'
import { useDates } from '../ui/dates.ts'
import { keepPlace } from '../ui/rows/keep-place.ts'
import { taskDifferences } from './differences.ts'
import {
  createTask,
  deleteTask,
  readTask,
  shownNew,
  type Task,
  type TaskWish,
  useTaskChange,
} from './tasks.ts'

const taskRows = { attribute: 'data-task', parts: ['.task-open', 'input'] } as const

/**
 * What is done with tasks.
 * @param onDone  of the form in which it is done; without it, it is done in the list
 * @param reopen  opens what was written in a line of the list, where that was refused
 */
export function useActs(
  calendars: readonly Calendar[],
  onDone?: () => void,
  reopen?: (wish: TaskWish) => void,
) {
  const { t, i18n } = useTranslation('tasks')
  const { t: told } = useTranslation('calendar')
  const { day, time } = useDates()
  const telling = { t: told, day, time, calendars, language: localeOf(i18n.language) }
  const kind = onDone ? ({ written: 'leaving', onDone } as const) : { isEach: true }
  const create = useChange({
    ...kind,
    send: (wish: TaskWish) => createTask(wish),
    patches: (wish) => [shownNew(wish)],
    keys: [['tasks']],
    said: ({ title }) => t('said.created', { title }),
    reopen: (wish) => reopen && (() => reopen(wish)),
  })
  const change = useTaskChange(
    ({ task: { title }, change: { status } }) =>
      t(status === 'completed' ? 'said.completed' : 'said.changed', { title: title || t('untitled') }),
    kind,
  )
  const remove = useChange({
    ...kind,
    send: ({ id, etag }: Task, newer) => deleteTask(id, newer ?? etag),
    anew: ({ id }) => readTask(id),
    isRemoval: true,
    patches: ({ id }) => [dropItem(['tasks'], id)],
    keys: [['tasks']],
    said: ({ title }) => t('said.deleted', { title: title || t('untitled') }),
  })
  return {
    create: create.make,
    change: change.make,
    into: (task: Task, parent: number | null) => {
      keepPlace(taskRows, task.id)
      change.make({ task, change: { parent } })
    },
    complete: (task: Task, isDone: boolean) => {
      keepPlace(taskRows, task.id)
      change.make({ task, change: { status: isDone ? 'completed' : 'needs-action' } })
    },
    remove: (task: Task) => {
      keepPlace(taskRows, task.id)
      remove.make(task)
    },
    dialog: (
      <ConflictDialog
        conflict={change.conflict}
        differences={({ change: mine }, theirs) => taskDifferences(mine, theirs, telling, t)}
      />
    ),
  }
}
