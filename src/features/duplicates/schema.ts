import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

/** Which pairs are wanted: those to be asked about, or those that were said to be two. */
export const duplicatesQuery = z.strictObject({
  ...paging,
  state: z.enum(['open', 'not-same']).default('open'),
})

/** Somebody, as whoever asks sees him. */
export const partyRef = z.object({
  id: z.int(),
  kind: z.enum(['person', 'org']),
  name: z.string(),
})

/** What speaks for two being one, or against it. */
export const reason = z.object({
  feature: z.enum(['name', 'mail', 'phone', 'company', 'birthday', 'address']),
  /** What it was found to be: same, variant, close, family … */
  found: z.string(),
  /** Below nought where it speaks against. */
  weight: z.number(),
  /** As they stand on the cards. */
  values: z.array(z.string()),
})

/** Two who may be one. */
export const duplicate = z.object({
  id: z.int(),
  level: z.enum(['same', 'likely', 'maybe']),
  score: z.number(),
  state: z.enum(['open', 'not-same', 'merged']),
  foundAt: z.iso.datetime(),
  parties: z.array(partyRef),
  reasons: z.array(reason),
})

export const duplicatesPage = pageOf(duplicate)

/** How many cards are to be compared anew. */
export const scanAsked = z.object({ cards: z.int() })
