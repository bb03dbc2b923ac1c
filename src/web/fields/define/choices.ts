import type { Choice } from './fields.ts'

/** An answer as it is written: a new one has no key yet. */
export interface Writing {
  /** Names it while it is written. */
  readonly row: number
  readonly key: string | undefined
  readonly label: string
  readonly color: string
  readonly isRetired: boolean
}

export function writingOf(choices: readonly Choice[]): Writing[] {
  return choices.map(({ key, label, color = '', isRetired }, row) => ({ row, key, label, color, isRetired }))
}

/** What was written, as answers, each with a key; those without a name are left out. */
export function choicesOf(writing: readonly Writing[]): Choice[] {
  const taken = new Set(writing.flatMap(({ key }) => key ?? []))
  return writing
    .filter(({ key, label }) => key !== undefined || label.trim() !== '')
    .map(({ key = freeKey(taken), label, color, isRetired }) => {
      taken.add(key)
      return {
        ...{ key, label: label.trim(), isRetired },
        ...(/^#[0-9a-f]{6}$/i.test(color) && { color }),
      }
    })
}

function freeKey(taken: ReadonlySet<string>): string {
  let number = taken.size + 1
  while (taken.has(`answer-${number}`)) number += 1
  return `answer-${number}`
}
