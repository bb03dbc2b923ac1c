import { addDays } from '../calendar/times.ts'
import { dueDay } from './due.ts'
import type { Task } from './tasks.ts'

/** By when something is due. */
export type Due = 'overdue' | 'today' | 'tomorrow' | 'week' | 'later' | 'none'
const order: readonly Due[] = ['overdue', 'today', 'tomorrow', 'week', 'later', 'none']

/** A task with what is a part of it. */
export interface Branch {
  readonly task: Task
  readonly parts: readonly Branch[]
}

function dueOf(task: Task, here: string, today: string): Due {
  const day = dueDay(task, here)
  if (day === undefined) return 'none'
  if (day < today) return 'overdue'
  if (day === today) return 'today'
  if (day === addDays(today, 1)) return 'tomorrow'
  return day < addDays(today, 7) ? 'week' : 'later'
}

function grouped<Item, Key>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
): ReadonlyMap<Key, readonly Item[]> {
  const groups = new Map<Key, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** What is a part of another stands below it, as far as that is there; more than ten deep it stands by itself. */
export function treeOf(tasks: readonly Task[]): readonly Branch[] {
  const known = new Set(tasks.map(({ id }) => id))
  const parts = grouped(tasks, ({ parent }) => (parent?.id != null && known.has(parent.id) ? parent.id : 0))
  const branchesOf = (id: number, deep: number): readonly Branch[] =>
    deep > 10 ? [] : (parts.get(id) ?? []).map((task) => ({ task, parts: branchesOf(task.id, deep + 1) }))
  const rooted = branchesOf(0, 0)
  const seen = new Set<number>()
  const note = ({ task, parts: below }: Branch): void => {
    seen.add(task.id)
    for (const one of below) note(one)
  }
  for (const one of rooted) note(one)
  // Parts of each other, in a ring: each stands by itself.
  return [...rooted, ...tasks.filter(({ id }) => !seen.has(id)).map((task) => ({ task, parts: [] }))]
}

/** In the order of time by the clocks of a zone, seen from a day there, without the groups that nothing is in. */
export function groupsOf(
  tasks: readonly Task[],
  here: string,
  today: string,
): readonly { readonly due: Due; readonly branches: readonly Branch[] }[] {
  const groups = grouped(treeOf(tasks), ({ task }) => dueOf(task, here, today))
  return order.flatMap((due) => {
    const branches = groups.get(due)
    return branches ? [{ due, branches }] : []
  })
}
