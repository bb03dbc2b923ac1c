import { z } from 'zod'

export const searchKinds = ['person', 'org', 'event', 'note', 'document'] as const

/** Names of kinds, with commas between them. */
const kinds = z
  .string()
  .transform((text) => [...new Set(text.split(',').map((kind) => kind.trim()))])
  .pipe(z.array(z.enum(searchKinds)).min(1))

export const searchQuery = z.object({
  /** What is looked for: names, numbers, addresses, or parts of them. */
  q: z.string().min(1).max(200),
  kinds: kinds.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
})

export const searchMatch = z.object({
  field: z.string(),
  text: z.string(),
  /** From and to in the text, in UTF-16 units. */
  marks: z.array(z.tuple([z.int(), z.int()])),
})

export const searchHit = z.object({
  kind: z.enum(searchKinds),
  title: z.string(),
  /** By which one of several people of one name is told from the others: job and company, else an address or a number. */
  about: z.string().nullable(),
  /** Of a person or a company, whom a note is about, or whom a document is linked to. */
  partyId: z.int().nullable(),
  /** The card; null where only some of it is seen. */
  cardId: z.int().nullable(),
  /** Of an event. */
  eventId: z.int().nullable(),
  /** Of a note, or of what was said of a call or a visit: see /activities. */
  activityId: z.int().nullable(),
  /** Of a document: the file, and the folders around it that are seen, the uppermost first. */
  fileId: z.int().nullable(),
  folders: z.array(z.string()).nullable(),
  /** The address book or calendar. */
  collectionId: z.int().nullable(),
  match: searchMatch,
})
export type SearchHit = z.infer<typeof searchHit>

export const searchReply = z.object({ items: z.array(searchHit) })

export const lookupQuery = z
  .object({ number: z.string().min(3).max(60).optional(), mail: z.string().min(3).max(320).optional() })
  .refine(({ number, mail }) => (number === undefined) !== (mail === undefined), 'give a number or a mail')

export const lookupReply = z.object({
  items: z.array(
    z.object({
      kind: z.enum(['person', 'org']),
      name: z.string(),
      company: z.string().nullable(),
      partyId: z.int().nullable(),
      cardId: z.int().nullable(),
      /** Whether it is the same number or address; false where a number only ends alike. */
      isExact: z.boolean(),
      /** The number or address as the card has it. */
      text: z.string(),
    }),
  ),
})
