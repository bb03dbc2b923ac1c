import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

const rules = z.array(z.string().min(1).max(200)).max(100)
/** What is not seen of them; with `only`, all but that. */
const hidden = z.strictObject({ hide: rules, only: rules.optional() })
const masks = z.array(hidden).max(10)
const access = z.enum(['read', 'read-write'])
const name = z.string().trim().min(1).max(200)

/** What is shared: one person or company; all who have a label, in one of my books or in all of them; a list, or a book of mine. */
const given = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), party: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('label'),
    label: z.string().trim().min(1).max(200),
    /** The name of the book in its URL, or its display name. */
    book: z.string().min(1).max(500).optional(),
  }),
  z.strictObject({ kind: z.literal('list'), list: z.int().min(1) }),
  /** All of a book, with something hidden: without masks it is shared as a collection. */
  z.strictObject({ kind: z.literal('book'), book: z.string().min(1).max(500) }),
])

/** Something that is to be shared. */
export const newGrant = z.strictObject({
  what: given,
  /** A user or a group: its name, or its mail address. */
  with: z.string().min(1).max(500),
  access: access.default('read'),
  masks: masks.default([]),
  /** What the book is called that they are in; without it, by whose they are. */
  name: name.nullable().default(null),
})

/** What can be changed of it. */
export const grantChange = z.strictObject({ access, masks, name: name.nullable() }).partial()

const principal = z.object({
  name: z.string(),
  kind: z.enum(['user', 'group', 'room', 'resource']),
  displayName: z.string(),
})

const shown = z.object({
  kind: z.enum(['person', 'label', 'list', 'book']),
  party: z.int().optional(),
  label: z.string().optional(),
  /** The name in its URL; of a label that of the one book that is meant. */
  book: z.string().optional(),
  list: z.int().optional(),
})

/** Something that one shares. */
export const grant = z.object({
  id: z.int(),
  what: shown,
  with: principal,
  access,
  masks: z.array(hidden),
  name: z.string().nullable(),
  version: z.int(),
})

/** Which of them are asked for: all that is said has to be true. */
export const grantQuery = z.object({
  ...paging,
  kind: z.enum(['person', 'label', 'list', 'book']).optional(),
  party: z.coerce.number().int().min(1).optional(),
  label: z.string().max(200).optional(),
  list: z.coerce.number().int().min(1).optional(),
  /** The name of the book in its URL. */
  book: z.string().max(500).optional(),
  /** The name of the user or the group. */
  with: z.string().max(200).optional(),
})
export const grantPage = pageOf(grant)

/** A book that one has of what another shares. */
export const receivedBook = z.object({
  book: z.int(),
  name: z.string(),
  displayName: z.string(),
  from: principal,
  access,
})
export const receivedBooks = z.object({ books: z.array(receivedBook) })

/** Who sees somebody, and by what: that the book is his, or that it, or some of it, is shared. */
export const seenBy = z.object({
  items: z.array(
    z.object({
      by: z.enum(['owner', 'book', 'person', 'label', 'list']),
      /** What the book, the label or the list is called; empty for one person. */
      title: z.string(),
      who: principal,
      access: z.enum(['read', 'read-write', 'no-delete', 'free-busy']),
      /** Whether something of him is hidden from them. */
      isMasked: z.boolean(),
      /** Whether it is mine to change. */
      isMine: z.boolean(),
    }),
  ),
})
