import type { TFunction } from 'i18next'
import { sharedDifferences, type Telling } from '../calendar/conflict/differences.ts'
import type { Difference } from '../ui/conflict.tsx'
import type { Task, TaskChange } from './tasks.ts'

const nothing = '–'

/** What is wanted of a task beside what is there: a row for everything that would be written. */
export function taskDifferences(
  mine: TaskChange,
  theirs: Task,
  telling: Telling & { readonly day: (day: string) => string },
  t: TFunction<'tasks'>,
): readonly Difference[] {
  const rows = [...sharedDifferences(mine, theirs, telling)]
  const dueOf = (due: string | null | undefined): string => {
    if (!due) return t('form.noDue')
    return due.length === 10 ? telling.day(due) : telling.time(due)
  }
  if (mine.due !== undefined)
    rows.push({ label: t('form.due'), mine: dueOf(mine.due), theirs: dueOf(theirs.due) })
  const stateOf = (status: string): string => t(`states.${status === 'completed' ? 'done' : 'open'}`)
  if (mine.status !== undefined)
    rows.push({
      label: telling.t('calendar:form.status'),
      mine: stateOf(mine.status),
      theirs: stateOf(theirs.status),
    })
  const weightOf = (priority: number): string => t(`priority.${weightName(priority)}`)
  if (mine.priority !== undefined)
    rows.push({
      label: t('form.priority'),
      mine: weightOf(mine.priority),
      theirs: weightOf(theirs.priority),
    })
  if (mine.parent !== undefined) {
    const partOf = (isPart: boolean): string => (isPart ? '✓' : nothing)
    rows.push({
      label: t('form.parent'),
      mine: partOf(mine.parent !== null),
      theirs: partOf(theirs.parent !== null),
    })
  }
  return rows
}

/** @see RFC 5545 §3.8.1.9 */
function weightName(priority: number): 'none' | 'high' | 'medium' | 'low' {
  if (priority === 0) return 'none'
  if (priority < 5) return 'high'
  return priority === 5 ? 'medium' : 'low'
}
