import type { Filter, Question } from '../../../features/smart-lists/schema.ts'

/** One line of the filter as it is edited; `op` begins with `!` where it is not to be so. */
export interface Line {
  /** A field of the filter, or `custom:` with the key of a field of one's own. */
  readonly field: string
  readonly op: string
  readonly value: string
}

/** How the lines are joined. */
export type Joining = 'all' | 'any'

/** What is given for a value. */
export type Giving = 'text' | 'days' | 'label' | 'role' | 'nothing'

const texts = ['contains', '!contains', 'is', '!is', 'begins', 'known', '!known'] as const
const times = ['within', 'before'] as const

/** Fields by what can be asked of them. */
const kinds = {
  text: { ops: texts, gives: 'text' },
  label: { ops: ['is', '!is', 'known', '!known'], gives: 'label' },
  role: { ops: ['is', '!is', 'known', '!known'], gives: 'role' },
  owner: { ops: ['me', '!me', 'is', '!is', 'known', '!known'], gives: 'text' },
  contact: { ops: [...times, 'never'], gives: 'days' },
  time: { ops: times, gives: 'days' },
  birthday: { ops: ['within', 'known', '!known'], gives: 'days' },
  plain: { ops: ['yes', '!yes'], gives: 'nothing' },
  number: { ops: ['at-least', 'at-most', 'is', 'known', '!known'], gives: 'text' },
} as const

const textFields = [
  'name',
  'organisation',
  'title',
  'city',
  'country',
  'postcode',
  'mail',
  'phone',
  'note',
] as const

/** What can be asked of people, beside fields of one's own. */
export const fields = [
  ...(['label', 'role', 'owner', 'last-contact'] as const),
  ...textFields,
  ...(['birthday', 'changed', 'created', 'photo', 'open-task', 'duplicate'] as const),
] as const

/** @param type  of a field of one's own */
function kindOf(field: string, type: string): keyof typeof kinds {
  if (field === 'label' || field === 'role' || field === 'owner' || field === 'birthday') return field
  if (field === 'last-contact') return 'contact'
  if (field === 'changed' || field === 'created') return 'time'
  if (field === 'photo' || field === 'open-task' || field === 'duplicate') return 'plain'
  if (field.startsWith('custom:')) return /^(?:number|money|date)$/.test(type) ? 'number' : 'text'
  return 'text'
}

export function opsOf(field: string, type = ''): readonly string[] {
  return kinds[kindOf(field, type)].ops
}

/** The name of the text of an answer. A birthday is within the next days, all else within the last. */
export function opText(field: string, op: string): string {
  const name = op.startsWith('!') ? `not-${op.slice(1)}` : op
  return field === 'birthday' && op === 'within' ? 'ahead' : name
}

/** What is given with an answer. */
export function givingOf({ field, op }: Line, type = ''): Giving {
  const bare = op.replace(/^!/, '')
  if (bare === 'known' || bare === 'never' || bare === 'me' || bare === 'yes') return 'nothing'
  return kinds[kindOf(field, type)].gives
}

/** The filter of some lines; undefined where none of them is whole. @param types  of fields of one's own, by key */
export function filterOfLines(
  lines: readonly Line[],
  joining: Joining,
  types: ReadonlyMap<string, string>,
): Filter | undefined {
  const parts = lines.flatMap((line) => {
    const question = questionOf(line, types)
    if (!question) return []
    return [line.op.startsWith('!') ? { not: question } : question]
  })
  if (parts.length === 0) return undefined
  return joining === 'all' ? { all: parts } : { any: parts }
}

function questionOf(line: Line, types: ReadonlyMap<string, string>): Question | undefined {
  const { field, value } = line
  const op = line.op.replace(/^!/, '')
  const type = types.get(field.replace(/^custom:/, '')) ?? ''
  const giving = givingOf(line, type)
  const text = value.trim()
  if (giving !== 'nothing' && text === '') return undefined
  if (giving === 'days' && !/^\d{1,5}$/.test(text)) return undefined
  if (giving === 'days') return asked({ field, op, days: Number(text) })
  if (op === 'yes') return asked({ field })
  if (op === 'me') return asked({ field, op: 'is', who: 'me' })
  if (giving === 'nothing') return asked({ ...named(field), op })
  if (field === 'owner') return asked({ field, op, who: text })
  if (!field.startsWith('custom:')) return asked({ field, op, text })
  const isNumber = (type === 'number' || type === 'money') && Number.isFinite(Number(text))
  return asked({ ...named(field), op, value: isNumber ? Number(text) : text })
}

function named(field: string): { readonly field: string; readonly key?: string } {
  return field.startsWith('custom:') ? { field: 'custom', key: field.slice('custom:'.length) } : { field }
}

/** What the server reads: it refuses what is none. */
function asked(question: object): Question {
  return question as Question
}

/** The lines of a filter; undefined for one that lines cannot show. */
export function linesOf(
  filter: Filter | undefined,
): { readonly lines: readonly Line[]; readonly joining: Joining } | undefined {
  if (!filter) return { lines: [], joining: 'all' }
  const joining = 'any' in filter ? 'any' : 'all'
  const parts = 'any' in filter ? filter.any : 'all' in filter ? filter.all : [filter]
  const lines = parts.map(lineOf)
  return lines.some((line) => !line) ? undefined : { lines: lines.flatMap((line) => line ?? []), joining }
}

interface Given {
  readonly field?: string
  readonly key?: string
  readonly op?: string
  readonly text?: string
  readonly who?: string
  readonly days?: number
  readonly value?: string | number | boolean
  readonly not?: Given
}

function lineOf(filter: Filter): Line | undefined {
  const given = filter as Given
  if (given.not) {
    const line = lineOf(given.not as Filter)
    return line && !line.op.startsWith('!') ? { ...line, op: `!${line.op}` } : undefined
  }
  if (given.field === undefined) return undefined
  const field = given.key === undefined ? given.field : `custom:${given.key}`
  const op = given.who === 'me' ? 'me' : (given.op ?? 'yes')
  const known: readonly string[] = Object.values(kinds).flatMap(({ ops }) => ops)
  const isField = fields.some((one) => one === field) || field.startsWith('custom:')
  if (!known.includes(op) || !isField) return undefined
  const value = op === 'me' ? '' : String(given.days ?? given.text ?? given.who ?? given.value ?? '')
  return { field, op, value }
}
