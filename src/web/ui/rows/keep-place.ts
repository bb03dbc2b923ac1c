import { giveBack } from '../dialog/give-back.ts'

/** Rows of a list. */
export interface Listed {
  /** What each has its id in. */
  readonly attribute: `data-${string}`
  /** What can have the focus in a row: of each, that of the same kind in the row that has it next. */
  readonly parts: readonly [string, ...string[]]
}

/**
 * Whoever goes through the list by the keyboard goes on where he was, when a row is drawn in another place, or is gone: then in
 * the one that came after it, or before.
 */
export function keepPlace({ attribute, parts }: Listed, id: number): void {
  const before = [...document.querySelectorAll(`[${attribute}]`)].map((row) => row.getAttribute(attribute))
  const at = before.indexOf(String(id))
  const part = parts.find((one) => document.activeElement?.matches(`[${attribute}] ${one}`)) ?? parts[0]
  giveBack(() => {
    const near = [id, before[at + 1], before[at - 1]].filter((one) => one !== undefined)
    return near.flatMap((one) => [
      ...document.querySelectorAll<HTMLElement>(`[${attribute}="${one}"] > :first-child ${part}`),
    ])
  })
}
