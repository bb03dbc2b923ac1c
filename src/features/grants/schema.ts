import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

const rules = z.array(z.string().min(1).max(200)).max(100)
/** What is not seen of them; with `only`, all but that. */
const hidden = z.strictObject({ hide: rules, only: rules.optional() })
const masks = z.array(hidden).max(10)
const access = z.enum(['read', 'read-write'])
const name = z.string().trim().min(1).max(200)

/** What is shared: one person or company; all who have a label, in one of my books or in all of them; or a list of mine. */
const given = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('person'), party: z.int().min(1) }),
  z.strictObject({
    kind: z.literal('label'),
    label: z.string().trim().min(1).max(200),
    /** The name of the book in its URL, or its display name. */
    book: z.string().min(1).max(500).optional(),
  }),
  z.strictObject({ kind: z.literal('list'), list: z.int().min(1) }),
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
  kind: z.enum(['person', 'label', 'list']),
  party: z.int().optional(),
  label: z.string().optional(),
  /** Of a label: the name in its URL of the one book that is meant. */
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
})

export const grantQuery = z.object(paging)
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
