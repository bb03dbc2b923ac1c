import { useTranslation } from 'react-i18next'
import type { Calendar } from '../calendar/calendar.ts'
import { InDates } from '../calendar/writing/in-dates.tsx'
import { useActs } from './acts.tsx'
import { changeOf, type Draft, wishOf } from './draft.ts'
import { TaskForm } from './task-form.tsx'
import type { Task } from './tasks.ts'

interface WrittenTaskProps {
  readonly initial: Draft
  /** As far as it is there already. */
  readonly task?: Task | undefined
  readonly lists: readonly Calendar[]
  readonly onClose: () => void
}

/** A task being written, and sent. */
export function WrittenTask({ initial, task, lists, onClose }: WrittenTaskProps) {
  const { t } = useTranslation('tasks')
  const acts = useActs(lists, onClose)
  const save = (draft: Draft): void => {
    if (!task) {
      acts.create(wishOf(draft))
      return
    }
    const change = changeOf(initial, draft)
    if (Object.keys(change).length === 0) onClose()
    else acts.change({ task, change })
  }
  return (
    <InDates>
      <TaskForm
        title={t(task ? 'form.editTitle' : 'form.newTitle')}
        initial={initial}
        lists={lists.filter(({ id, rights }) => rights.add || id === initial.calendar)}
        onSave={save}
        onDelete={task?.rights.remove ? () => acts.remove(task) : undefined}
        onClose={onClose}
      />
      {acts.dialog}
    </InDates>
  )
}
