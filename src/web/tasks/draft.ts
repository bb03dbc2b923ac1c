import type { Alarm } from '../calendar/calendar.ts'
import { isPlain, type RuleWish } from '../calendar/rule.ts'
import type { Task, TaskChange, TaskWish } from './tasks.ts'

/** A task as the form has it in hand. */
export interface Draft {
  readonly calendar: number
  readonly title: string
  readonly notes: string
  /** Empty for none; with no time it is due by the end of the day. */
  readonly dueDay: string
  readonly dueTime: string
  readonly zone: string | null
  readonly priority: number
  readonly categories: readonly string[]
  readonly url: string
  readonly rule: RuleWish | undefined
  readonly ruleKept: string | undefined
  readonly alarms: readonly Alarm[]
  readonly parent: number | null
}

/** A new task, by the clocks of a zone; as a part of another it is on the list of that. */
export function newDraft(calendar: number, parent: Task | undefined, zone: string): Draft {
  return {
    ...{
      calendar: parent?.calendar ?? calendar,
      title: '',
      notes: '',
      dueDay: '',
      dueTime: '',
      zone,
    },
    ...{ priority: 0, categories: [], url: '', rule: undefined, ruleKept: undefined, alarms: [] },
    parent: parent?.id ?? null,
  }
}

/** What is there, to be edited; a day that gets a time is by the clocks of `here`. */
export function draftOf(task: Task, here: string): Draft {
  const { calendar, title, notes, due, zone, priority, categories, url, recurrence, alarms, parent } = task
  const shown = recurrence?.rule && isPlain(recurrence.rule) ? recurrence.rule : undefined
  return {
    ...{ calendar, title, notes, priority, categories, url, alarms },
    dueDay: due?.slice(0, 10) ?? '',
    dueTime: due?.slice(11, 16) ?? '',
    zone: due?.length === 10 ? here : zone,
    rule: shown,
    ruleKept: shown ? undefined : recurrence?.text || undefined,
    parent: parent?.id ?? null,
  }
}

/** The whole of a new task. */
export function wishOf({ dueDay, dueTime, zone, rule, alarms, ruleKept: _, ...rest }: Draft): TaskWish {
  const isTimed = dueDay !== '' && dueTime !== ''
  return {
    ...rest,
    categories: [...rest.categories],
    due: dueDay === '' ? null : isTimed ? `${dueDay}T${dueTime}:00` : dueDay,
    ...(isTimed && { zone }),
    rule: rule ?? null,
    // Before the start means nothing without one: then before it is due.
    alarms: alarms.map(({ key, offset, at }) => ({
      ...(key !== '' && { key }),
      offset,
      at,
      related: 'end' as const,
    })),
  }
}

/** What was made otherwise of a task, and nothing else. */
export function changeOf(before: Draft, after: Draft): TaskChange {
  const was = wishOf(before)
  const wish = wishOf(after)
  const names = Object.keys(wish) as (keyof TaskChange & keyof TaskWish)[]
  const changed = names.filter((name) => JSON.stringify(was[name]) !== JSON.stringify(wish[name]))
  const change: TaskChange = Object.fromEntries(changed.map((name) => [name, wish[name]]))
  if (change.due !== undefined && wish.zone !== undefined) change.zone = wish.zone
  if (before.ruleKept !== undefined && after.ruleKept === undefined) change.rule = after.rule ?? null
  return change
}
