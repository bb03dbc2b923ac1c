import { z } from 'zod'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { fold } from '../../../protocol/text/fold.ts'
import { type Mask, mayHide } from '../../../protocol/vcard/mask/rules.ts'
import { sortKeyOf } from '../../../storage/fields/custom-values.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { KeyedOrder } from '../../../storage/smart-lists/keys.ts'
import type { People, Place } from '../../../storage/smart-lists/people.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { isOnCard } from '../fields/card-values.ts'
import type { Field } from '../fields/field.ts'
import { fieldsFor } from '../fields/fields.ts'
import type { Asking } from '../people/asking.ts'
import { givenIn, type Reach } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'
import { contactKinds, questionsOf } from './compile.ts'
import { openGiven } from './evaluate.ts'
import { filesOfField } from './files.ts'
import type { Filter, Question } from './schema.ts'
import { ownViewing } from './sight.ts'
import { namedIn } from './smart-lists.ts'

/** Whom somebody asks for. */
export interface AskedPeople {
  readonly filter: Filter
  readonly q?: string | undefined
}

/**
 * Makes ready whom somebody asks for: unlike in a list, those are there too whom another shares with him one by one.
 * @throws refusal 422 for what has no meaning
 */
export async function openPeople(
  reader: Reader,
  session: Session,
  { filter, q }: AskedPeople,
  now: number,
): Promise<{ readonly people: People; readonly reach: Reach }> {
  const whole: Filter = q === undefined ? filter : { all: [filter, mentioning(q)] }
  const named = await namedIn(reader, whole, session)
  const { filled, reach } = await openGiven(reader, await ownViewing(reader, session), named, now)
  const veiled = veiledGiven(reach, questionsOf(whole))
  const given = new Set([...givenIn(reach)].filter((id) => !veiled.has(id)))
  const isOwn = (id: CollectionId): boolean => !given.has(id) && !veiled.has(id)
  // Copies are asked as what they show.
  const sight = {
    ...filled.sight,
    books: filled.sight.books.filter((id) => !veiled.has(id)),
    whole: filled.sight.whole.filter(isOwn),
    twins: [...filled.sight.twins, ...given],
    labelled: [...filled.sight.labelled, ...booksShowing(reach, 'CATEGORIES').filter((id) => given.has(id))],
  }
  return { people: { ...filled, sight, given, veiled: [...veiled] }, reach }
}

/** Properties that say on cards what is asked of facts. */
const saidBy: Readonly<Partial<Record<Question['field'], readonly string[]>>> = {
  'works-at': ['ORG', 'TITLE', 'ROLE'],
  relation: ['RELATED'],
}

/** Books of what others share one by one of which something is hidden that is asked for. */
function veiledGiven({ books }: Reach, questions: readonly Question[]): ReadonlySet<CollectionId> {
  const isAsked = (masks: readonly Mask[]): boolean =>
    questions.some(({ field }) =>
      field === 'duplicate' ? masks.length > 0 : saidBy[field]?.some((property) => mayHide(property, masks)),
    )
  return new Set(
    books.flatMap(({ row, givenBy, masks }) => (givenBy !== undefined && isAsked(masks) ? [row.id] : [])),
  )
}

/** What people are sorted by. */
export interface SortedBy {
  readonly order: 'name' | KeyedOrder
  readonly isDescending: boolean
}

/** @param order  as the schema has it @throws refusal 422 for a field that there is not, or that has no order */
export async function sortingOf(
  reader: Reader,
  { session, reach }: Asking,
  order: string,
  now: number,
): Promise<SortedBy> {
  const isDescending = order.startsWith('-')
  const name = isDescending ? order.slice(1) : order
  if (name === 'name') return { order: 'name', isDescending }
  if (name === 'created' || name === 'changed' || name === 'organisation')
    return { order: { by: name }, isDescending }
  if (name === 'contact') return { order: { by: 'contact', kinds: contactKinds, now }, isDescending }
  const key = name.slice('field:'.length)
  const field = (await fieldsFor(reader, reach)).find(({ row }) => row.key === key)
  if (!field) throw refuseStatus(422, `There is no field "${key}".`)
  return { order: await orderOfField(reader, session, field), isDescending }
}

/** Where a page goes on, by what it is sorted by. */
export function placeShape({ order }: SortedBy): z.ZodType<Place> {
  if (order === 'name') return z.tuple([z.literal(0), z.string(), z.int()])
  const isText =
    order.by === 'organisation' || order.by === 'custom' || order.by === 'labelled' || order.by === 'given'
  const early = z.tuple([z.literal(0), isText ? z.string() : z.int(), z.int()])
  return z.union([early, z.tuple([z.literal(1), z.string(), z.int()])])
}

async function orderOfField(reader: Reader, session: Session, field: Field): Promise<KeyedOrder> {
  const { row, labels } = field
  const book = row.collectionId
  if (isOnCard(field)) return { by: 'labelled', list: field.list, labels: labels.map(fold), book }
  // By what is kept the names of files would be told that are not read.
  if (field.type === 'file') {
    const files = await filesOfField(reader, session, field)
    return { by: 'given', keys: files.map(({ partyId, folded }) => [partyId, sortKeyOf(folded)]), book }
  }
  return { by: 'custom', fieldId: row.id, book }
}

function mentioning(text: string): Filter {
  const fields = ['name', 'mail', 'organisation'] as const
  const questions: Filter[] = fields.map((field) => ({ field, op: 'contains', text }))
  const digits = text.replace(/\D+/g, '')
  if (digits.length >= 3 && /^[\d\s()+./-]+$/.test(text))
    questions.push({ field: 'phone', op: 'contains', text })
  return { any: questions }
}
