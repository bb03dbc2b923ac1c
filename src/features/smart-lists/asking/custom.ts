import { fold } from '../../../../protocol/text/fold.ts'
import type { Match, Wanted } from '../../../../storage/smart-lists/wanted.ts'
import { isOnCard } from '../../fields/card-values.ts'
import type { Field } from '../../fields/field.ts'
import type { Question } from '../schema.ts'
import { type Meanings, unknown } from './meanings.ts'

type Custom = Extract<Question, { readonly field: 'custom' }>

/** What a question about a field of one's own means, by the type of that. */
export function customWanted(question: Custom, known: Meanings): Wanted {
  const field = known.fields.get(question.key)
  if (!field) return unknown(known, `There is no field "${question.key}".`)
  const wanted = ofField(field, question, known)
  const { collectionId } = field.row
  return collectionId === null ? wanted : { all: [wanted, { on: 'book', id: collectionId }] }
}

function ofField(field: Field, question: Custom, known: Meanings): Wanted {
  const { op, value } = question
  const fieldId = field.row.id
  if (field.type === 'file') {
    const isMeant = fileTest(question)
    if (!isMeant) return refused(field, known, `does not take ${op}`)
    const files = (known.files.get(question.key) ?? []).filter(({ folded }) => isMeant(folded))
    return { on: 'people', ids: files.map(({ partyId }) => partyId) }
  }
  const match = matchOf(field, question)
  if (isOnCard(field)) {
    if (!match) return refused(field, known, `does not take ${op}`)
    return { on: 'labelled', list: field.list, labels: field.labels.map(fold), match }
  }
  if (op === 'known') return { on: 'custom', fieldId, match: { op: 'any' } }
  if (field.type === 'number' || field.type === 'money') {
    const amount = Math.round(Number(value) * 1_000)
    if (value === undefined || !Number.isSafeInteger(amount)) return refused(field, known, 'takes a number')
    if (op === 'is') return { on: 'amount', fieldId, from: amount, upTo: amount }
    if (op === 'at-least') return { on: 'amount', fieldId, from: amount }
    if (op === 'at-most') return { on: 'amount', fieldId, upTo: amount }
    return refused(field, known, `does not take ${op}`)
  }
  if (field.type === 'yes-no') {
    if (op !== 'is' || typeof value !== 'boolean') return refused(field, known, 'is true or false')
    return { on: 'amount', fieldId, from: Number(value), upTo: Number(value) }
  }
  return match ? { on: 'custom', fieldId, match } : refused(field, known, `does not take ${op}`)
}

/** What is asked of the name of a file; undefined for what it cannot be asked. */
function fileTest({ op, value }: Custom): ((folded: string) => boolean) | undefined {
  if (op === 'known') return () => true
  if (typeof value !== 'string' || value === '') return undefined
  const sought = fold(value)
  switch (op) {
    case 'is':
      return (folded) => folded === sought
    case 'contains':
      return (folded) => folded.includes(sought)
    case 'begins':
      return (folded) => folded.startsWith(sought)
    default:
      return undefined
  }
}

/** Undefined for what a field of this type cannot be asked. */
function matchOf({ type }: Field, { op, value }: Custom): Match | undefined {
  if (op === 'known') return { op: 'any' }
  if (typeof value !== 'string' || value === '') return undefined
  const ofAnswers = { of: 'value', text: JSON.stringify(value) } as const
  if (type === 'choice') return op === 'is' ? { op, ...ofAnswers } : undefined
  if (type === 'multi-choice') return op === 'is' ? { op: 'contains', ...ofAnswers } : undefined
  if (op === 'at-least' || op === 'at-most') {
    if (type !== 'date') return undefined
    // Days without a year come before all others, and are in no range.
    return { op: 'between', from: op === 'at-least' ? value : '0', ...(op === 'at-most' && { upTo: value }) }
  }
  return { op, text: fold(value) }
}

function refused({ row }: Field, known: Meanings, reason: string): Wanted {
  return unknown(known, `The field "${row.label}" ${reason}.`)
}
