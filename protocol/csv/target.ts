/**
 * Where a column goes, as people write it: a property of vCard, a component of it after a dot, its types after a
 * semicolon, and a number after # that says which columns belong together: `TEL;cell`, `N.family`, `ADR.city;home`,
 * `EMAIL.label#2`. A minus stands for a column that is left out.
 */
export interface Target {
  readonly property: TargetProperty
  readonly component: string
  /** In upper case. */
  readonly types: readonly string[]
  readonly number: number
}

/** What a column may stand for, and its components; the first is meant where none is named. */
export const targetComponents = {
  N: ['family', 'given', 'additional', 'prefix', 'suffix'],
  FN: ['value'],
  NICKNAME: ['value'],
  PHONETIC: ['given', 'additional', 'family'],
  ORG: ['name', 'unit'],
  TITLE: ['value'],
  ROLE: ['value'],
  EMAIL: ['value', 'label'],
  TEL: ['value', 'label'],
  ADR: [
    'street',
    'street2',
    'street3',
    'city',
    'region',
    'code',
    'country',
    'pobox',
    'extended',
    'formatted',
    'label',
  ],
  URL: ['value', 'label'],
  IMPP: ['value', 'service', 'label'],
  BDAY: ['value', 'year', 'month', 'day'],
  ANNIVERSARY: ['value'],
  DATE: ['value', 'label'],
  RELATED: ['value', 'label'],
  CUSTOM: ['value', 'label'],
  CATEGORIES: ['value'],
  NOTE: ['value'],
  GENDER: ['value'],
  UID: ['value'],
  ID: ['value'],
} as const satisfies Record<string, readonly string[]>

export type TargetProperty = keyof typeof targetComponents

/** What a column is written to stand for that is for a field of one's own, before the key of that: `field:shoe-size`. */
const fieldPrefix = /^\s*field:([a-z][a-z0-9-]{0,59})\s*$/

/** The key of the field that a column is for; undefined where it is for none. */
export function fieldTarget(text: string): string | undefined {
  return fieldPrefix.exec(text)?.[1]
}

/** Whether a text says where a column goes, or that it goes nowhere. */
export function isTarget(text: string): boolean {
  return (
    [leftOut, keptAsItIs].includes(text.trim()) ||
    fieldTarget(text) !== undefined ||
    readTarget(text) !== undefined
  )
}

/** A column that is left out. */
export const leftOut = '-'

/** A column that stays on the card as it came, whatever its name says. */
export const keptAsItIs = '+'

/** @returns undefined when it cannot be read */
export function readTarget(text: string): Target | undefined {
  const match = /^\s*([A-Za-z]+)(?:\.([A-Za-z0-9]+))?(?:;([A-Za-z0-9,_-]+))?(?:#(\d{1,3}))?\s*$/.exec(text)
  const property = propertyOf(match?.[1] ?? '')
  if (match === null || property === undefined) return undefined
  const known: readonly string[] = targetComponents[property]
  const component = match[2]?.toLowerCase() ?? known[0] ?? 'value'
  if (!known.includes(component)) return undefined
  const types = (match[3] ?? '').split(',').filter(Boolean)
  return {
    property,
    component,
    types: types.map((type) => type.toUpperCase()),
    number: Number(match[4] ?? 1),
  }
}

/** As `readTarget` reads it. */
export function writeTarget({ property, component, types, number }: Target): string {
  const [usual] = targetComponents[property]
  const part = component === usual ? '' : `.${component}`
  const typed = types.length > 0 ? `;${types.join(',').toLowerCase()}` : ''
  return `${property}${part}${typed}${number > 1 ? `#${number}` : ''}`
}

function propertyOf(name: string): TargetProperty | undefined {
  const wanted = name.toUpperCase()
  return (Object.keys(targetComponents) as TargetProperty[]).find((property) => property === wanted)
}
