import { fold } from '../../../protocol/text/fold.ts'
import type { Match, Span, Wanted } from '../../../storage/smart-lists/wanted.ts'
import { typeNamed } from '../facts/relation-types.ts'
import { roleNamed } from '../facts/roles.ts'
import { customWanted } from './asking/custom.ts'
import { dayOfText, textOfDay, yearlyRanges } from './asking/days.ts'
import { type Meanings, required, unknown } from './asking/meanings.ts'
import type { Filter, Question } from './schema.ts'

/** A filter with everything looked up that it names. */
export function compile(filter: Filter, known: Meanings): Wanted {
  if ('all' in filter) return { all: filter.all.map((part) => compile(part, known)) }
  if ('any' in filter) return { any: filter.any.map((part) => compile(part, known)) }
  if ('not' in filter) return { not: compile(filter.not, known) }
  return asked(filter, known)
}

/** Every question of a filter. */
export function questionsOf(filter: Filter): readonly Question[] {
  if ('all' in filter) return filter.all.flatMap(questionsOf)
  if ('any' in filter) return filter.any.flatMap(questionsOf)
  return 'not' in filter ? questionsOf(filter.not) : [filter]
}

function asked(question: Question, known: Meanings): Wanted {
  switch (question.field) {
    case 'created':
      return { on: 'created', span: spanOf(question, known) }
    case 'changed': {
      const span = spanOf(question, known)
      // Before means that nothing was changed since.
      const since = span.until === undefined ? span : { from: span.until }
      const changes: Wanted = {
        any: [
          { on: 'changed', span: since },
          { on: 'card-changed', span: since },
        ],
      }
      return span.until === undefined ? changes : { not: changes }
    }
    case 'last-contact':
      return lastContact(question, known)
    case 'activity': {
      const span = question.op === undefined ? {} : spanOf({ ...question, op: question.op }, known)
      return { on: 'activity', kinds: question.kinds, span }
    }
    case 'birthday':
      return birthday(question, known)
    case 'meeting': {
      const until = known.calendar.startOf(known.calendar.today + question.days + 1)
      return { on: 'meeting', span: { from: known.now + 1 }, begins: { until } }
    }
    case 'works-at':
      return worksAt(question, known)
    case 'relation':
      return relation(question, known)
    case 'custom':
      return customWanted(question, known)
    default:
      return askedPlainly(question, known)
  }
}

/** A label, and what it is still called on some cards. */
function labelsOf(text: string, was: readonly string[] = []): string[] {
  return [...new Set([text, ...was].map((label) => label.normalize('NFC')))]
}

type Plain = Exclude<
  Question,
  {
    readonly field:
      | ('created' | 'changed' | 'last-contact' | 'activity')
      | ('birthday' | 'meeting' | 'works-at' | 'relation' | 'custom')
  }
>

function askedPlainly(question: Plain, known: Meanings): Wanted {
  switch (question.field) {
    case 'photo':
      return { on: 'card', kinds: ['photo'], match: { op: 'any' } }
    case 'open-task':
    case 'duplicate':
      return { on: question.field }
    case 'kind':
      return { on: 'kind', kind: question.kind }
    case 'book':
      if (known.books.has(question.book)) return { on: 'book', id: question.book }
      return unknown(known, `There is no address book ${question.book}.`)
    case 'label':
      if (question.op === 'known') return { on: 'label' }
      return { on: 'label', labels: labelsOf(required(question.text, 'text', known), question.was) }
    case 'role':
      return {
        on: 'role',
        role: question.op === 'is' ? roleNamed(required(question.text, 'text', known)) : undefined,
      }
    case 'owner': {
      if (question.op === 'known') return { on: 'owner' }
      const who = required(question.who, 'who', known)
      const id = known.principals.get(who)
      return id === undefined ? unknown(known, `Nobody is called "${who}".`) : { on: 'owner', ids: [id] }
    }
    default:
      return textual(question, known)
  }
}

const kindsOf = {
  name: ['fn', 'n', 'nickname'],
  mail: ['email'],
  phone: ['tel'],
  organisation: ['org'],
  title: ['title'],
  note: ['note'],
  address: ['adr'],
  city: ['city'],
  region: ['region'],
  postcode: ['postcode'],
  country: ['country'],
} as const

type Textual = Extract<Question, { readonly field: keyof typeof kindsOf }>

function textual({ field, op, text }: Textual, known: Meanings): Wanted {
  const kinds = kindsOf[field]
  if (op === 'known') return { on: 'card', kinds, match: { op: 'any' } }
  const given = required(text, 'text', known)
  if (field === 'phone') return phone(op, given, known)
  const folded = fold(given)
  const matched = (match: Match): Wanted => ({ on: 'card', kinds, match })
  // What comes behind the name of an organisation are its units. @see RFC 6350 §6.6.4
  if (field === 'organisation' && op === 'is')
    return { any: [matched({ op, text: folded }), matched({ op: 'begins', text: `${folded};` })] }
  return matched({ op, text: folded })
}

/** By the digits alone: of a number that is written with its country code and one without it these differ at the begin. */
function phone(op: 'is' | 'contains' | 'begins', text: string, known: Meanings): Wanted {
  const digits = text.replace(/\D+/g, '')
  if (digits === '') return unknown(known, `"${text}" has no digits.`)
  const matched = (match: Match): Wanted => ({ on: 'card', kinds: ['phone'], match })
  if (op === 'contains') return matched({ op, text: digits })
  return { any: [digits, `+${digits}`].map((form) => matched({ op, text: form })) }
}

function birthday(question: Extract<Question, { readonly field: 'birthday' }>, known: Meanings): Wanted {
  const on = (match: Match): Wanted => ({ on: 'card', kinds: ['birthday'], match })
  switch (question.op) {
    case 'known':
      return on({ op: 'any' })
    case 'month': {
      const month = String(required(question.month, 'month', known)).padStart(2, '0')
      return on({ op: 'begins', text: `${month}-` })
    }
    case 'within': {
      const ranges = yearlyRanges(known.calendar.today, required(question.days, 'days', known))
      return ranges
        ? { any: ranges.map(([from, upTo]) => on({ op: 'between', from, upTo })) }
        : on({ op: 'any' })
    }
    case 'since':
      return on({ op: 'between', of: 'value', from: required(question.date, 'date', known) })
    case 'until': {
      const last = textOfDay(dayOfText(required(question.date, 'date', known)) - 1)
      return on({ op: 'between', of: 'value', from: '0', upTo: last })
    }
    default:
      return question.op satisfies never
  }
}

/** What is real contact: a note is none. */
export const contactKinds = ['call', 'visit', 'touch']

function lastContact(
  question: Extract<Question, { readonly field: 'last-contact' }>,
  known: Meanings,
): Wanted {
  const until = known.now + 1
  const contact = (span: Span): Wanted => ({
    any: [
      { on: 'activity', kinds: contactKinds, span },
      { on: 'meeting', span },
    ],
  })
  if (question.op === 'never') return { not: contact({ until }) }
  const span = spanOf({ ...question, op: question.op }, known)
  if (span.until === undefined) return contact({ ...span, until })
  return { all: [contact({ until: span.until }), { not: contact({ from: span.until, until }) }] }
}

function worksAt(question: Extract<Question, { readonly field: 'works-at' }>, known: Meanings): Wanted {
  const { organisation, withParts, when } = question
  const orgId = organisation === undefined ? undefined : known.parties.get(organisation)
  if (organisation !== undefined && orgId === undefined)
    return unknown(known, `There is no organisation ${organisation}.`)
  return { on: 'works-at', orgId, withParts, when, today: textOfDay(known.calendar.today) }
}

function relation({ type, to }: Extract<Question, { readonly field: 'relation' }>, known: Meanings): Wanted {
  const otherId = to === undefined ? undefined : known.parties.get(to)
  if (to !== undefined && otherId === undefined) return unknown(known, `There is nobody ${to}.`)
  const named = type === undefined ? undefined : typeNamed(type)
  return { on: 'relation', type: named, otherId, today: textOfDay(known.calendar.today) }
}

interface Past {
  readonly op: 'within' | 'before' | 'since' | 'until'
  readonly days?: number | undefined
  readonly date?: string | undefined
}

/** The moments that are meant: whole days, so that nothing changes but at midnight. */
function spanOf({ op, days, date }: Past, known: Meanings): Span {
  const { calendar } = known
  const isRelative = op === 'within' || op === 'before'
  const day = isRelative
    ? calendar.today - required(days, 'days', known)
    : dayOfText(required(date, 'date', known))
  const at = calendar.startOf(day)
  return op === 'within' || op === 'since' ? { from: at } : { until: at }
}
