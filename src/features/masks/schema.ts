import { z } from 'zod'
import { removedThing } from '../history/schema.ts'

const rules = z.array(z.string().min(1).max(200)).max(100)

/** The address books, by their ids, in which it hides anything; without any it does so in all. */
const books = z.array(z.int().positive()).max(200)

/** What is hidden of cards; with `only`, all but that. */
export const writtenMask = z.strictObject({ hide: rules, only: rules.optional(), books: books.optional() })

const name = z.string().trim().min(1).max(100)

/** A mask, and the accounts, groups and roles that hold it. */
export const mask = z.object({
  name,
  /** `NOTE`, `TEL;TYPE=home|cell+home`, `X-ABDATE;LABEL=anniversary`. */
  hide: rules,
  only: rules.optional(),
  books: books.optional(),
  holders: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      kind: z.enum(['user', 'group', 'room', 'resource', 'role']),
    }),
  ),
})

export const maskList = z.object({
  masks: z.array(mask),
  /** Those that were removed lately, and can come back. */
  removed: z.array(removedThing),
})

/** Who is to hold it. */
export const newMaskHolder = z.strictObject({ name })
