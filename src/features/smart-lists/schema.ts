import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { peopleChangeState } from '../bulk-people/state-schema.ts'
import { partyItem } from '../facts/schema.ts'

/** Questions in one filter at most, and how deep they stand in each other. */
export const mostQuestions = 50
export const deepestFilter = 8

const text = z.string().trim().min(1).max(500)
const days = z.int().min(0).max(36_500)
const date = z.iso.date()
const partyId = z.int().positive()

/** Texts of cards; compared without case and accents. A telephone number is known by its digits, in any form. */
export const textFields = [
  ...(['name', 'mail', 'phone', 'organisation', 'title', 'note'] as const),
  ...(['address', 'city', 'region', 'postcode', 'country'] as const),
] as const

const textQuestion = z.strictObject({
  field: z.enum(textFields),
  /** `known` asks whether there is any. */
  op: z.enum(['is', 'contains', 'begins', 'known']),
  text: text.optional(),
})

/** When something was: within the last days, before these, since a day, or before a day; in the account's time zone. */
const past = {
  op: z.enum(['within', 'before', 'since', 'until']),
  days: days.optional(),
  date: date.optional(),
}
const pastQuestion = z.strictObject({ field: z.enum(['created', 'changed']), ...past })
/** The last call, visit or touch, or meeting in a calendar. */
const contactQuestion = z.strictObject({
  field: z.literal('last-contact'),
  ...past,
  op: z.enum([...past.op.options, 'never']),
})
/** Without `op` whenever it was. */
const activityQuestion = z.strictObject({
  field: z.literal('activity'),
  kinds: z.array(z.string().min(1).max(50)).min(1).max(20).optional(),
  ...past,
  op: past.op.optional(),
})

const birthdayQuestion = z.strictObject({
  field: z.literal('birthday'),
  /** `within` the next days, in a `month`, `since` or `until` a day of a known year. */
  op: z.enum(['known', 'within', 'month', 'since', 'until']),
  days: z.int().min(0).max(366).optional(),
  month: z.int().min(1).max(12).optional(),
  date: date.optional(),
})

const namedQuestion = z.strictObject({
  /** A label as it is written on cards; a role. */
  field: z.enum(['label', 'role']),
  op: z.enum(['is', 'known']),
  text: text.optional(),
  /** What a label was called before it was renamed, for as long as cards have that name: they are meant too. */
  was: z.array(text).max(20).optional(),
})
/** Who looks after them: the name of an account or a group, or `me`. */
const ownerQuestion = z.strictObject({
  field: z.literal('owner'),
  op: z.enum(['is', 'known']),
  who: text.optional(),
})
const kindQuestion = z.strictObject({ field: z.literal('kind'), kind: z.enum(['person', 'org']) })
const bookQuestion = z.strictObject({ field: z.literal('book'), book: z.int().positive() })
const worksAtQuestion = z.strictObject({
  field: z.literal('works-at'),
  /** Without one: anywhere. */
  organisation: partyId.optional(),
  /** Or at an organisation that is part of it, over all levels. */
  withParts: z.boolean().default(false),
  when: z.enum(['now', 'past', 'ever']).default('now'),
})
const relationQuestion = z.strictObject({
  field: z.literal('relation'),
  /** What the other is to them. */
  type: z.string().trim().min(1).max(50).optional(),
  to: partyId.optional(),
})
/** A meeting in a calendar, within the next days. */
const meetingQuestion = z.strictObject({ field: z.literal('meeting'), op: z.literal('within'), days })
const plainQuestion = z.strictObject({ field: z.enum(['photo', 'open-task', 'duplicate']) })
const customQuestion = z.strictObject({
  field: z.literal('custom'),
  /** Of a field of one's own. */
  key: z.string().min(1).max(60),
  op: z.enum(['is', 'contains', 'begins', 'known', 'at-least', 'at-most']),
  /** A text, a number, a day, the key of an answer; true or false. */
  value: z.union([z.string().max(500), z.number(), z.boolean()]).optional(),
})

/** One question of a filter. */
export const question = z.discriminatedUnion('field', [
  textQuestion,
  pastQuestion,
  contactQuestion,
  activityQuestion,
  birthdayQuestion,
  namedQuestion,
  ownerQuestion,
  kindQuestion,
  bookQuestion,
  worksAtQuestion,
  relationQuestion,
  meetingQuestion,
  plainQuestion,
  customQuestion,
])
export type Question = z.output<typeof question>

/** Questions, and how they are joined. Without any question everybody is meant by `all`, and nobody by `any`. */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | Question

const tree: z.ZodType<Filter> = z.lazy(() =>
  z.union([
    z.strictObject({ all: z.array(tree).max(mostQuestions) }),
    z.strictObject({ any: z.array(tree).max(mostQuestions) }),
    z.strictObject({ not: tree }),
    question,
  ]),
)

/** A filter that somebody gives: one that is too large is looked at no further. */
export const filter: z.ZodType<Filter> = z.preprocess((given, context) => {
  if (isSmall(given)) return given
  const message = `a filter has ${mostQuestions} questions at most, and they stand ${deepestFilter} deep in each other`
  context.issues.push({ code: 'custom', message, input: given })
  return z.NEVER
}, tree)

/** Parts of a filter and what joins them. */
const mostNodes = mostQuestions * 2

function isSmall(given: unknown): boolean {
  let level: unknown[] = [given]
  let nodes = 0
  for (let depth = 0; level.length > 0; depth += 1) {
    nodes += level.length
    if (depth > deepestFilter || nodes > mostNodes) return false
    level = level.flatMap(partsOf)
  }
  return true
}

function partsOf(node: unknown): unknown[] {
  if (typeof node !== 'object' || node === null) return []
  const { all, any, not }: { readonly all?: unknown; readonly any?: unknown; readonly not?: unknown } = node
  return [all, any]
    .flatMap((parts) => (Array.isArray(parts) ? parts.slice(0, mostNodes) : []))
    .concat(not ?? [])
}

const name = z.string().trim().min(1).max(200)
const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'a colour such as #1e90ff')

/** A list that is to be saved. */
export const newSmartList = z.strictObject({
  name,
  description: z.string().trim().max(2_000).default(''),
  color: color.nullable().default(null),
  filter,
})
export const smartListChange = z.strictObject({
  name: name.optional(),
  description: z.string().trim().max(2_000).optional(),
  color: color.nullable().optional(),
  filter: filter.optional(),
})

export const smartList = z.object({
  id: z.int(),
  name: z.string(),
  description: z.string(),
  color: z.string().nullable(),
  filter: z.unknown(),
  /** The address book that devices have it as, by its id, with the segment of its URL; null where there is none. */
  book: z.object({ id: z.int(), name: z.string() }).nullable(),
  version: z.int(),
  createdAt: z.string(),
  changedAt: z.string(),
})
export const smartLists = z.object({ lists: z.array(smartList) })
export const smartListCounts = z.object({ counts: z.array(z.object({ id: z.int(), count: z.int() })) })

const order = z.enum(['name', '-name', 'created', '-created', 'changed', '-changed']).default('name')
export const memberQuery = z.object({ ...paging, order })
export const memberPage = pageOf(partyItem)

/** A filter that is tried before it is saved. */
export const previewRequest = z.strictObject({ filter, limit: z.int().min(0).max(500).default(50), order })
export const preview = z.object({ count: z.int(), items: z.array(partyItem) })

export const listBook = z.object({
  id: z.int(),
  name: z.string(),
  /** Begun (202): `GET /parties/bulk/{id}` says how far it is; where it is stopped, the book goes again. Without it, it is filled (201). */
  work: peopleChangeState.optional(),
})
