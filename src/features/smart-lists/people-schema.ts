import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { partyItem, partyQuery } from '../facts/schema.ts'
import { filter } from './schema.ts'

/** People of a page that are passed over, at most. */
const mostSkipped = 20_000

const asked = {
  /** As that of a list. */
  filter: filter.default({ all: [] }),
  /** A part of a name, a mail address, an organisation or a telephone number. */
  q: z.string().trim().min(1).max(500).optional(),
}

/** Whom a page shows, and how they are sorted. */
export const peopleRequest = z.strictObject({
  ...asked,
  /**
   * `name`, `organisation`, `created`, `changed`, `contact` or `field:` with the key of a field of one's own; with `-` before it the other way
   * round. Who has no contact, or nothing in the field, comes last.
   */
  order: z
    .string()
    .regex(/^-?(?:name|organisation|created|changed|contact|field:[a-z0-9][a-z0-9-]{0,59})$/)
    .default('name'),
  limit: z.int().min(1).max(500).default(50),
  /** `next` of the page before. */
  cursor: paging.cursor,
  /** By name only: it begins with those whose names begin so, such as a letter of `/parties/letters`. */
  from: z.string().max(100).optional(),
  /** So many of these are passed over. */
  skip: z.int().min(0).max(mostSkipped).default(0),
  /** Whether it is said how many there are on all pages. */
  count: z.boolean().default(false),
  /** By name only: somebody of whom it is said how many stand before him. */
  of: z.int().min(1).optional(),
})
export type PeopleRequest = z.output<typeof peopleRequest>
export const sortedPage = pageOf(partyItem).extend({
  count: z.int().optional(),
  /** Where somebody stands who was asked for with `of`; null where he is not among them. */
  position: z.int().nullable().optional(),
})

export const lettersRequest = z.strictObject(asked)
export const lettersQuery = partyQuery.pick({ kind: true, book: true })
/** In the order of names; the empty letter has those without a name. */
export const letters = z.object({
  count: z.int(),
  letters: z.array(z.object({ letter: z.string(), count: z.int() })),
})
