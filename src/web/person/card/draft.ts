import { kindOf } from './lists.ts'
import type { About, ListName, Value } from './merged.ts'

/** A value as it is being written: each of its parts is a text. */
export type Draft = Readonly<Record<string, string>>

/** The parts of a value of each list, in the order in which they are written. */
export function partsOf(list: ListName): readonly string[] {
  switch (list) {
    case 'addresses':
      return ['street', 'extended', 'postalCode', 'locality', 'region', 'country', 'postOfficeBox']
    case 'dates':
      return ['day', 'month', 'year']
    case 'messengers':
      return ['service', 'address']
    case 'profiles':
      return ['service', 'user', 'uri']
    case 'related':
      return ['name']
    case 'orgs':
      return ['name', 'unit']
    default:
      return ['text']
  }
}

export function draftOf(value: Value): Draft {
  if (typeof value === 'string') return { text: value }
  if ('units' in value) return { name: value.name, unit: value.units[0] ?? '' }
  return Object.fromEntries(
    Object.entries(value).map(([part, said]) => [part, said === null ? '' : String(said)]),
  )
}

/** What was written, as a value; what has no field of its own stays as it was. */
export function writtenValue(draft: Draft, before: Value): Value {
  if (typeof before === 'string') return (draft.text ?? '').trim()
  const text = (part: string): string => (draft[part] ?? '').trim()
  const number = (part: string): number | null => (/^\d+$/.test(text(part)) ? Number(text(part)) : null)
  if ('units' in before) {
    const units = [text('unit'), ...before.units.slice(1)]
    return { name: text('name'), units: units.every((unit) => unit === '') ? [] : units }
  }
  if ('month' in before)
    return { ...before, day: number('day'), month: number('month'), year: number('year'), text: '' }
  const written = Object.fromEntries(Object.keys(draft).map((part) => [part, text(part)]))
  const after = { ...before, ...written }
  // A code says what the country was, not what it is now.
  if ('country' in before && 'country' in after && after.country !== before.country)
    return { ...after, countryCode: '' } as Value
  return after as Value
}

export function isNothing(draft: Draft, list: ListName): boolean {
  return partsOf(list).every((part) => (draft[part] ?? '').trim() === '')
}

/** What is said of a value, by the label that was chosen or written; `word` translates the words of its list. */
export function aboutBy(
  list: ListName,
  written: string,
  before: About,
  word: (type: string) => string,
): Partial<Pick<About, 'label' | 'isBuiltIn'>> & { readonly types?: string[] } {
  const { words, isLabelled = false } = kindOf(list)
  const text = written.trim()
  const chosen = words.find((one) => word(one).toLowerCase() === text.toLowerCase())
  const rest = before.types.filter((type) => !words.includes(type))
  if (isLabelled) {
    return chosen === undefined
      ? { label: text, isBuiltIn: false }
      : { label: chosen, isBuiltIn: true, types: rest }
  }
  if (chosen !== undefined) return { types: [...rest, chosen], label: '', isBuiltIn: false }
  return { types: rest, label: text, isBuiltIn: false }
}
