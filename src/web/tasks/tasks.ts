import { type InfiniteData, useInfiniteQuery } from '@tanstack/react-query'
import type { z } from 'zod'
import type { newTask, task, taskChange, taskList } from '../../features/tasks/schema.ts'
import { get, read, send, type Tagged } from '../client/api.ts'
import { type ChangeHandle, type Changing, useChange } from '../client/change.ts'
import { type Patch, patchItem, patchList, pendingId } from '../client/items.ts'

export type Task = z.infer<typeof task>
export type TaskWish = z.input<typeof newTask>
export type TaskChange = z.input<typeof taskChange>
type TaskPage = z.infer<typeof taskList>

/** Which of the tasks are to be seen. */
export type Shown = 'open' | 'done'

const pageSize = 200

/** The tasks of these lists, by when they are due. */
export function useTasks(state: Shown, calendars: readonly number[]) {
  const query = { state, calendars: calendars.join(','), limit: String(pageSize) }
  return useInfiniteQuery({
    queryKey: ['tasks', state, query.calendars],
    enabled: calendars.length > 0,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ signal, pageParam }) =>
      get<TaskPage>(
        `/tasks?${new URLSearchParams({ ...query, ...(pageParam && { cursor: pageParam }) })}`,
        signal,
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
    select: allOf,
  })
}

/** By one function for all times: it is asked again only where the answer is another. */
function allOf({ pages }: InfiniteData<TaskPage>): readonly Task[] {
  return pages.flatMap(({ items }) => items)
}

/** @throws ApiError, TypeError */
export function createTask(wish: TaskWish): Promise<Tagged<Task>> {
  return send('POST', '/tasks', { body: wish })
}

/** @throws ApiError, TypeError */
export function readTask(id: number): Promise<Tagged<Task>> {
  return read(`/tasks/${id}`)
}

/** @throws ApiError, TypeError */
export function deleteTask(id: number, etag: string | undefined): Promise<Tagged<undefined>> {
  return send('DELETE', `/tasks/${id}`, { etag })
}

/** What of a task is to be otherwise. */
export interface Changed {
  readonly task: Task
  readonly change: TaskChange
}

/** What of a change is shown as it was meant, before the server has it. */
function shownAtOnce(change: TaskChange): Partial<Task> {
  const { status, title, notes, due, priority, categories, calendar, parent } = change
  const shown = Object.entries({ status, title, notes, due, priority, categories, calendar })
  return {
    ...Object.fromEntries(shown.filter(([, value]) => value !== undefined)),
    ...(parent !== undefined && { parent: parent === null ? null : { uid: '', id: parent } }),
  }
}

/** A new task stands among the open ones before it has an id. */
export function shownNew(wish: TaskWish): Patch {
  const task: Task = {
    ...{ id: pendingId(), etag: '', calendar: wish.calendar, name: '', uid: '', title: '', notes: '' },
    ...{ location: '', url: '', class: '', categories: [], color: null, priority: 0, alarms: [] },
    ...{ organizer: null, attendees: [], attachments: [], recurrence: null, isRecurring: Boolean(wish.rule) },
    ...{ rights: { edit: false, remove: false, alarms: false }, createdAt: null, changedAt: '', history: '' },
    ...{
      status: 'needs-action',
      percent: 0,
      completedAt: null,
      start: null,
      due: null,
      parent: null,
      order: null,
    },
    zone: wish.zone ?? null,
    ...shownAtOnce(wish),
  }
  return patchList<Task>(['tasks', 'open'], (tasks) => [...tasks, task])
}

/** Changes a task, which shows at once. @param said  what is said when it is done */
export function useTaskChange(
  said: (changed: Changed) => string,
  kind: Pick<Changing<Changed, Task, Task>, 'written' | 'isEach' | 'onDone'> = {},
): ChangeHandle<Changed, Task, Task> {
  return useChange<Changed, Task, Task>({
    send: ({ task: { id, etag }, change }, newer) =>
      send('PATCH', `/tasks/${id}`, { body: change, etag: newer ?? etag }),
    theirs: ({ task: { id } }) => readTask(id),
    patches: ({ task: { id }, change }) => [patchItem<Task>(['tasks'], id, shownAtOnce(change))],
    keys: [['tasks']],
    said,
    ...kind,
  })
}
