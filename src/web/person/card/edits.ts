import type { z } from 'zod'
import type { cardEdit } from '../../../features/cards/schema.ts'
import type { Card } from '../person.ts'
import type { Details, ListName } from './merged.ts'

export type CardEdit = z.input<typeof cardEdit>

/** Edits of one card, and the card as it was when they were begun. */
export interface Step {
  readonly card: Card
  readonly edits: readonly CardEdit[]
}

/** The card as it will be; what the server makes of it is read afterwards. */
export function withEdits(card: Card, edits: readonly CardEdit[]): Card {
  return { ...card, details: edits.reduce(withEdit, card.details) }
}

function withEdit(details: Details, edit: CardEdit): Details {
  switch (edit.op) {
    case 'add': {
      const { value, types = [], label = '', isBuiltIn = false, isPreferred = false } = edit
      const made = { key: `new-${details[edit.list].length}`, value, types, label, isBuiltIn, isPreferred }
      return { ...details, [edit.list]: [...details[edit.list], made] } as Details
    }
    case 'change': {
      const { op: _op, list, key, ...said } = edit
      const change = (one: { readonly key: string }) => (one.key === key ? { ...one, ...said } : one)
      return { ...details, [list]: details[list].map(change) } as Details
    }
    case 'remove':
      return { ...details, [edit.list]: details[edit.list].filter(({ key }) => key !== edit.key) }
    case 'text':
      return { ...details, [edit.property]: edit.value }
    case 'name':
      return { ...details, name: { ...details.name, ...edit.parts } as Details['name'] }
    case 'nicknames':
      return { ...details, nicknames: [...edit.values] }
    case 'kind':
      return { ...details, kind: edit.kind }
    case 'gender':
      return { ...details, gender: { sex: edit.gender.sex, identity: edit.gender.identity ?? '' } }
    case 'date':
      return { ...details, [edit.property]: edit.date } as Details
    case 'categories':
      return { ...details, categories: [...edit.values] }
    case 'employer':
      return details
    default:
      return edit satisfies never
  }
}

/** Whether what an edit is about is the same in both: then it can be made of the later one too. */
export function isUntouched(edit: CardEdit, was: Card, is: Card): boolean {
  if (edit.op === 'add') return true
  if (edit.op === 'change' || edit.op === 'remove')
    return is.details[edit.list].some(({ key }) => key === edit.key)
  return JSON.stringify(aboutOf(edit, was.details)) === JSON.stringify(aboutOf(edit, is.details))
}

/** What of a card an edit without a key is about. */
export function aboutOf(edit: CardEdit, details: Details): unknown {
  switch (edit.op) {
    case 'text':
    case 'date':
      return details[edit.property]
    case 'name':
      return details.name
    case 'employer':
      return [details.orgs, details.titles, details.roles]
    case 'add':
    case 'change':
    case 'remove':
      return details[edit.list]
    default:
      return details[edit.op]
  }
}

/**
 * What became of a line that somebody else changed: lines that are gone and lines that are new stand in the same order.
 * @returns undefined where it was taken away
 */
export function successorOf(list: ListName, key: string, was: Card, is: Card): string | undefined {
  const [before, after] = [was.details[list], is.details[list]]
  const gone = before.filter((one) => !after.some((other) => other.key === one.key))
  const fresh = after.filter((one) => !before.some((other) => other.key === one.key))
  return fresh[gone.findIndex((one) => one.key === key)]?.key
}

/** The edits as they are made over what somebody else has left: where nothing is left of a line, it is added again. */
export function over(edits: readonly CardEdit[], was: Card, is: Card): CardEdit[] {
  return edits.flatMap((edit): CardEdit[] => {
    if ((edit.op !== 'change' && edit.op !== 'remove') || isUntouched(edit, was, is)) return [edit]
    const key = successorOf(edit.list, edit.key, was, is)
    if (key !== undefined) return [{ ...edit, key } as CardEdit]
    if (edit.op === 'remove') return []
    const { op: _op, key: _key, ...said } = edit
    const before = was.details[edit.list].find((one) => one.key === edit.key)
    const { key: _before, ...kept } = before ?? { key: '' }
    return [{ ...kept, ...said, op: 'add' } as CardEdit]
  })
}
