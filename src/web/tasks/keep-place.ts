import { giveBack } from '../ui/dialog/give-back.ts'

/** What can have the focus in a row: of each, that of the same kind in the row that has it next. */
const parts = ['.task-open', 'input']

/**
 * Whoever goes through the list by the keyboard goes on where he was, when a row is drawn in another place, or is gone: then in
 * the one that came after it, or before.
 */
export function keepPlace(id: number): void {
  const before = ids()
  const at = before.indexOf(String(id))
  const part = parts.find((one) => document.activeElement?.matches(`[data-task] ${one}`)) ?? parts[0]
  giveBack(() => {
    const near = [id, before[at + 1], before[at - 1]].filter((one) => one !== undefined)
    return near.flatMap((one) => [
      ...document.querySelectorAll<HTMLElement>(`[data-task="${one}"] > :first-child ${part}`),
    ])
  })
}

function ids(): (string | undefined)[] {
  return [...document.querySelectorAll<HTMLElement>('[data-task]')].map(({ dataset }) => dataset.task)
}
