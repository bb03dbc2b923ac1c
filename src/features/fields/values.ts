import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { fold } from '../../../protocol/text/fold.ts'
import { sortKeyOf } from '../../../storage/fields/custom-values.ts'
import type { Field } from './field.ts'
import { type FieldType, fieldValues } from './schema.ts'

/** A value as it is kept beside cards: see `CustomValueRow`. */
export interface KeptValue {
  readonly value: string
  readonly folded: string
  readonly amount: number | null
  readonly sortKey: string
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
  const folded = fold(plainValue(field, value)).slice(0, 2_000)
  const amount = amountOf(field.type, value)
  const sortKey = amount === null ? sortKeyOf(folded) : sortableNumber(amount)
  return { value: JSON.stringify(value), folded, amount, sortKey }
}

/** A whole number as text that sorts as it does. */
function sortableNumber(number: number): string {
  const digits = 16
  return number < 0
    ? `0${String(10 ** digits + number).padStart(digits, '0')}`
    : `1${String(number).padStart(digits, '0')}`
}

/** A value as people read it, in one line: for tables, searches and histories. Several choices are separated by semicolons. */
export function plainValue(field: Pick<Field, 'type' | 'options'>, value: unknown): string {
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

/** @throws refusal 422 */
function checkAnswers(field: Field, value: unknown): void {
  for (const key of Array.isArray(value) ? value : [value])
    if (!isKnownAnswer(field, key)) throw refused(field, `"${String(key)}" is none of its answers`)
}

/** Whether a value, or each of several, is one of the answers of a choice; of other types whatever it is. */
export function isKnownAnswer({ type, options: { choices = [] } }: Field, value: unknown): boolean {
  if (type !== 'choice' && type !== 'multi-choice') return true
  return [value].flat().every((one) => choices.some(({ key }) => key === one))
}

/** Of several answers each once; of a number as many digits as the field has. */
export function rounded({ type, options: { decimals } }: Field, value: unknown): unknown {
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
