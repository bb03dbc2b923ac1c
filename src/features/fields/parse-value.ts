import { readTableDate } from '../../../protocol/csv/dates.ts'
import { fold } from '../../../protocol/text/fold.ts'
import type { Field } from './field.ts'
import { fieldValues } from './schema.ts'
import { isKnownAnswer, rounded } from './values.ts'

/** How people write numbers and dates where a table comes from. */
export interface Writing {
  /** Whether 1/2/2026 is the first of February, and 1.234 may be more than a thousand. */
  readonly isDayFirst: boolean
}

/**
 * A value out of a table, in whatever way people write it; undefined where it cannot be read as the type of the field.
 * @param text  not empty
 */
export function parseValue(field: Field, text: string, writing: Writing): unknown {
  const outcome = fieldValues[field.type].safeParse(parsed(field, text.trim(), writing))
  if (!outcome.success || !isKnownAnswer(field, outcome.data)) return undefined
  return rounded(field, outcome.data)
}

function parsed(field: Field, text: string, writing: Writing): unknown {
  switch (field.type) {
    case 'choice':
      return answerOf(field, text)
    case 'multi-choice':
      return answersOf(field, text)
    case 'yes-no':
      return yesOrNo.get(fold(text))
    case 'number':
      return plainNumber(text, writing)
    case 'money':
      return money(field, text, writing)
    case 'date':
      return day(text, writing)
    case 'mail':
      return /<([^<>]+)>\s*$/.exec(text)?.[1] ?? text.replace(/^mailto:/i, '')
    case 'person':
      return { name: text }
    case 'address':
      return { street: text }
    case 'file': {
      const [, id] = /^#(\d{1,15})(?:\s|$)/.exec(text) ?? []
      return { id: Number(id) }
    }
    default:
      return text
  }
}

/** Whether a text is a value already, as vCards of ours have it. */
export function validValue(field: Field, value: unknown): boolean {
  return fieldValues[field.type].safeParse(value).success && isKnownAnswer(field, value)
}

function answerOf({ options: { choices = [] } }: Field, text: string): string | undefined {
  const folded = fold(text.trim())
  return (
    choices.find(({ label }) => label === text.trim()) ??
    choices.find(({ label }) => fold(label) === folded) ??
    choices.find(({ key }) => key === folded)
  )?.key
}

/** An answer may have in it what others put between two. */
function answersOf(field: Field, text: string): (string | undefined)[] {
  for (const between of [':::', /[;\n]/, /[;,|/\n]/]) {
    const answers = text.split(between).map((part) => answerOf(field, part))
    if (answers.every((answer) => answer !== undefined)) return answers
  }
  return [undefined]
}

/** In English, German, French, Spanish, Dutch, Russian and Greek. */
const yesOrNo: ReadonlyMap<string, boolean> = new Map([
  ...words('yes y true x 1 ✓ ✔ ja j wahr oui o vrai si s verdadero waar да д истина ναι ν αληθης', true),
  ...words('no n false 0 ✗ nein falsch non faux falso nee onwaar нет н ложь οχι ο ψευδης', false),
])

function words(text: string, value: boolean): [string, boolean][] {
  return text.split(' ').map((word) => [fold(word), value])
}

/** The last of point and comma is that of the decimals, unless it parts thousands. */
function plainNumber(text: string, { isDayFirst }: Writing): string {
  const compact = text
    .replace(/['’\s]/g, '')
    .replace(/^\u2212/, '-')
    .replace(/^\+/, '')
  const last = Math.max(compact.lastIndexOf(','), compact.lastIndexOf('.'))
  if (last < 0) return compact
  const mark = compact.charAt(last)
  const isAlone = compact.split(/[.,]/).length === 2
  const thousandsMark = isDayFirst ? '.' : ','
  const isThousands =
    compact.split(mark).length > 2 || (isAlone && mark === thousandsMark && compact.length - last === 4)
  const whole = compact.slice(0, isThousands ? compact.length : last).replace(/[.,]/g, '')
  return isThousands ? whole : `${whole}.${compact.slice(last + 1)}`
}

const signs: Readonly<Record<string, string>> = { '€': 'EUR', $: 'USD', '£': 'GBP', '¥': 'JPY', '₽': 'RUB' }

function money({ options: { currency } }: Field, text: string, writing: Writing): unknown {
  const sign = /([A-Z]{3}|[€$£¥₽])/.exec(text)?.[1]
  const amount = plainNumber(text.replace(sign ?? '', ''), writing)
  return { amount, currency: (sign && (signs[sign] ?? sign)) ?? currency ?? '' }
}

function day(text: string, { isDayFirst }: Writing): string | undefined {
  const date = readTableDate(text, isDayFirst)
  if (!date) return undefined
  const two = (number: number): string => String(number).padStart(2, '0')
  return `${date.year === undefined ? '-' : String(date.year).padStart(4, '0')}-${two(date.month)}-${two(date.day)}`
}
