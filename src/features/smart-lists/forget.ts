import { fold } from '../../../protocol/text/fold.ts'
import {
  rewriteThingRevision,
  type ThingRevisionRow,
  thingRevisionsAfter,
} from '../../../storage/history/thing-revisions.ts'
import { changeSmartList, listsAfter } from '../../../storage/smart-lists/lists.ts'
import type { Writer } from '../../../storage/store.ts'
import { lookAgainAt } from './books-of-list.ts'
import { filterOf } from './evaluate.ts'
import { type Filter, filter as filterSchema, type Question, textFields } from './schema.ts'

/** By what somebody can be asked for. */
export interface Sought {
  readonly names: readonly string[]
  /** In small letters. */
  readonly mails: readonly string[]
  readonly uids: readonly string[]
  /** Digits alone. */
  readonly phones: readonly string[]
}

/** What is asked for instead of somebody who is erased: nobody has it. */
const gone = '(erased)'
const noNumber = '0000000000000000'

const listsAtOnce = 200
const fields: ReadonlySet<string> = new Set(textFields)

/**
 * Lists that ask for somebody by his whole name, an address, a number or his UID ask for nobody instead; the other questions stay, and so
 * does what the list is called.
 */
export async function forgetInLists(tx: Writer, sought: Sought): Promise<void> {
  const isMeant = meaning(sought)
  await forgetInFormer(tx, isMeant)
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows = await listsAfter(tx, { after, limit: listsAtOnce })
    for (const list of rows) {
      const { filter } = filterOf(list)
      const written = JSON.stringify(without(filter, isMeant))
      if (written === JSON.stringify(filter)) continue
      await changeSmartList(tx, { ...list, filter: written })
      await lookAgainAt(tx, list.id)
    }
    after = rows.length === listsAtOnce ? rows.at(-1)?.id : undefined
  }
}

/** The same in what lists were before. */
async function forgetInFormer(tx: Writer, isMeant: IsMeant): Promise<void> {
  for (let after: number | undefined = 0; after !== undefined; ) {
    const rows: ThingRevisionRow[] = await thingRevisionsAfter(tx, 'list', { after, limit: listsAtOnce })
    for (const row of rows) {
      const [beforeJson, afterJson] = [row.beforeJson, row.afterJson].map((json) => forgotten(json, isMeant))
      if (beforeJson === row.beforeJson && afterJson === row.afterJson) continue
      await rewriteThingRevision(tx, {
        id: row.id,
        beforeJson: beforeJson ?? null,
        afterJson: afterJson ?? null,
      })
    }
    after = rows.length === listsAtOnce ? rows.at(-1)?.id : undefined
  }
}

function forgotten(json: string | null, isMeant: IsMeant): string | null {
  if (json === null) return null
  const state = JSON.parse(json) as { readonly filter?: unknown }
  const read = filterSchema.safeParse(state.filter)
  return read.success ? JSON.stringify({ ...state, filter: without(read.data, isMeant) }) : json
}

type IsMeant = (text: string, field: Question['field']) => boolean

function without(filter: Filter, isMeant: IsMeant): Filter {
  if ('all' in filter) return { all: filter.all.map((part) => without(part, isMeant)) }
  if ('any' in filter) return { any: filter.any.map((part) => without(part, isMeant)) }
  if ('not' in filter) return { not: without(filter.not, isMeant) }
  return asked(filter, isMeant)
}

function asked(question: Question, isMeant: IsMeant): Question {
  if (question.field === 'custom')
    return typeof question.value === 'string' && isMeant(question.value, question.field)
      ? { ...question, op: 'is', value: gone }
      : question
  if (!isTextual(question) || question.text === undefined || !isMeant(question.text, question.field))
    return question
  return { ...question, op: 'is', text: question.field === 'phone' ? noNumber : gone }
}

type Textual = Extract<Question, { readonly field: (typeof textFields)[number] }>

function isTextual(question: Question): question is Textual {
  return fields.has(question.field)
}

/** One word of a name alone means everybody who is called so. */
function meaning({ names, mails, uids, phones }: Sought): IsMeant {
  const whole = new Set([...names, ...uids].map(fold))
  const parts = [...names, ...uids].filter((name) => /\S[\s-]\S/.test(name)).map(fold)
  const addresses = mails.filter((mail) => mail.includes('@'))
  return (text, field) => {
    const folded = fold(text).trim()
    const digits = folded.replace(/\D+/g, '')
    return (
      whole.has(folded) ||
      parts.some((name) => folded.includes(name)) ||
      addresses.some((mail) => folded.includes(mail)) ||
      (field === 'mail' && addresses.some((mail) => mail.startsWith(`${folded}@`))) ||
      (digits.length >= 6 && phones.some((phone) => phone.endsWith(digits) || digits.endsWith(phone)))
    )
  }
}
