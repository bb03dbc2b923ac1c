import type { ReadTask } from './show-task.ts'

export type TaskOrder = 'due' | 'priority' | 'created' | 'manual'

/** Where a task stands among others, down to its id. */
export type TaskKey = readonly [number | string, number | string, number]

/** What has no day, no priority or no place comes last. */
const late = '9999-99-99'
const last = Number.MAX_SAFE_INTEGER

export function taskKey({ seen, details }: ReadTask, order: TaskOrder): TaskKey {
  const { id, createdAt } = seen.stored
  const due = details.due ?? late
  const priority = details.priority || 10
  switch (order) {
    case 'due':
      return [due, priority, id]
    case 'priority':
      return [priority, due, id]
    case 'created':
      return [-createdAt, 0, id]
    case 'manual':
      return [details.order ?? last, 0, id]
    default:
      return order satisfies never
  }
}

export function compareTaskKeys(one: TaskKey, other: TaskKey): number {
  for (const [index, part] of one.entries()) {
    const against = other[index]
    if (against === undefined || part === against) continue
    return part < against ? -1 : 1
  }
  return 0
}
