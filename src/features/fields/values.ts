import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { fold } from '../../../protocol/text/fold.ts'
import type { Field } from './fields.ts'
import { type FieldType, fieldValues } from './schema.ts'

/** A value as it is kept beside cards: see `CustomValueRow`. */
export interface KeptValue {
  readonly value: string
  readonly folded: string
  readonly amount: number | null
}

/** A value that a client gives, in the form of its type. @throws refusal 422 with the label of the field */
export function readValue(field: Field, given: unknown): unknown {
  const outcome = fieldValues[field.type].safeParse(given)
  if (!outcome.success) {
    const [issue] = outcome.error.issues
    const where = issue && issue.path.length > 0 ? ` (${issue.path.join('.')})` : ''
    throw refused(field, `${issue?.message ?? 'it cannot be read'}${where}`)
  }
  checkAnswers(field, outcome.data)
  return rounded(field, outcome.data)
}

/** A value that was read, as it is kept. */
export function keepValue(field: Field, value: unknown): KeptValue {
  return {
    value: JSON.stringify(value),
    folded: fold(plainValue(field, value)).slice(0, 2_000),
    amount: amountOf(field.type, value),
  }
}

/** A value as people read it, in one line: for tables, searches and histories. Several choices are separated by semicolons. */
export function plainValue(field: Field, value: unknown): string {
  const { choices = [] } = field.options
  const answer = (key: unknown): string => choices.find((choice) => choice.key === key)?.label ?? String(key)
  switch (field.type) {
    case 'choice':
      return answer(value)
    case 'multi-choice':
      return (Array.isArray(value) ? value : []).map(answer).join('; ')
    case 'yes-no':
      return value === true ? 'yes' : 'no'
    case 'money':
      return isRecord(value) ? `${String(value.amount)} ${String(value.currency)}` : ''
    case 'address':
      return isRecord(value) ? Object.values(value).filter(Boolean).join(', ') : ''
    case 'person':
      return isRecord(value) ? String(value.name ?? '') : ''
    case 'file':
      return isRecord(value) ? String(value.name ?? value.id ?? '') : ''
    default:
      return String(value)
  }
}

/**
 * A value out of a table, in whatever way people write it; undefined where it cannot be read as the type of the field.
 * @param text  not empty
 */
export function parseValue(field: Field, text: string): unknown {
  const outcome = fieldValues[field.type].safeParse(parsed(field, text.trim()))
  if (!outcome.success) return undefined
  try {
    checkAnswers(field, outcome.data)
  } catch {
    return undefined
  }
  return rounded(field, outcome.data)
}

function parsed(field: Field, text: string): unknown {
  const { choices = [], currency } = field.options
  const answer = (label: string): string =>
    choices.find((choice) => fold(choice.label) === fold(label.trim()))?.key ?? label.trim()
  switch (field.type) {
    case 'choice':
      return answer(text)
    case 'multi-choice':
      return text.split(';').map(answer)
    case 'yes-no':
      return /^(?:yes|true|1|x)$/i.test(text) ? true : /^(?:no|false|0)$/i.test(text) ? false : text
    case 'number':
      return plainNumber(text)
    case 'money': {
      const [, before, amount = '', after] = /^([A-Z]{3})?\s*([-\d.,' ]+?)\s*([A-Z]{3})?$/.exec(text) ?? []
      return { amount: plainNumber(amount), currency: before ?? after ?? currency ?? '' }
    }
    case 'person':
      return { name: text }
    default:
      return text
  }
}

/** The last of point and comma is that of the decimals, unless three digits follow it and it stands alone. */
function plainNumber(text: string): string {
  const compact = text.replace(/['\s]/g, '')
  const last = Math.max(compact.lastIndexOf(','), compact.lastIndexOf('.'))
  if (last < 0) return compact
  const mark = compact.charAt(last)
  const isThousands = compact.split(mark).length > 2 || (mark === ',' && compact.length - last === 4)
  const whole = compact.slice(0, isThousands ? compact.length : last).replace(/[.,]/g, '')
  return isThousands ? whole : `${whole}.${compact.slice(last + 1)}`
}

/** @throws refusal 422 */
function checkAnswers(field: Field, value: unknown): void {
  if (field.type !== 'choice' && field.type !== 'multi-choice') return
  const known = new Set((field.options.choices ?? []).map(({ key }) => key))
  for (const key of Array.isArray(value) ? value : [value])
    if (!known.has(String(key))) throw refused(field, `"${String(key)}" is none of its answers`)
}

/** Of several answers each once; of a number as many digits as the field has. */
function rounded({ type, options: { decimals } }: Field, value: unknown): unknown {
  if (type === 'multi-choice' && Array.isArray(value)) return [...new Set(value)]
  if (decimals === undefined) return value
  if (type === 'number') return Number(value).toFixed(decimals)
  if (type === 'money' && isRecord(value)) return { ...value, amount: Number(value.amount).toFixed(decimals) }
  return value
}

function amountOf(type: FieldType, value: unknown): number | null {
  if (type === 'number') return thousandths(value)
  if (type === 'money' && isRecord(value)) return thousandths(value.amount)
  if (type === 'yes-no') return value === true ? 1 : 0
  return null
}

function thousandths(value: unknown): number {
  return Math.round(Number(value) * 1_000)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refused({ row }: Field, reason: string): Error {
  return refuseStatus(422, `"${row.label}" does not take this: ${reason}.`)
}
