import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { partyRef } from '../duplicates/schema.ts'

/** Two people: the first is the one that stays. */
export const pairQuery = z.strictObject({
  a: z.coerce.number().int().positive(),
  b: z.coerce.number().int().positive(),
})

export const choice = z.enum(['survivor', 'loser', 'both'])

/** A value as people read it; of a photo and the like only that it is there. */
const fieldValue = z.object({
  value: z.string(),
  types: z.array(z.string()),
  label: z.string().nullable(),
  isMedia: z.boolean(),
})

/** A property of both cards. */
export const mergeField = z.object({
  /** FN, TEL, X-OWN … */
  name: z.string(),
  survivor: z.array(fieldValue),
  loser: z.array(fieldValue),
  isSame: z.boolean(),
  /** What happens where nothing is chosen. */
  proposed: choice,
  choices: z.array(choice),
})

/** A card of one of them. */
const mergeCard = z.object({ book: z.string(), name: z.string(), etag: z.string() })
const side = z.object({ ...partyRef.shape, cards: z.array(mergeCard) })

/** What a merge would do. Its entity tag is that of all that was looked at: give it as If-Match of the merge. */
export const mergePreview = z.object({
  survivor: side,
  loser: side,
  fields: z.array(mergeField),
  /** Cards of the loser that go to the trash, since the survivor has one in the same book. */
  gone: z.array(mergeCard),
  /** Cards in books that only one of them is in: they stay as they are, but with `inAllBooks`. */
  apart: z.array(mergeCard),
})

export const mergeRequest = z.strictObject({
  survivor: z.int().positive(),
  loser: z.int().positive(),
  /** By the name of the property; what is not here is as the preview proposes. */
  choices: z.record(z.string().max(100), choice).default({}),
  /** Whether cards in books that only one of them is in are brought to the same content. */
  inAllBooks: z.boolean().default(false),
})

export const merged = z.object({ id: z.int(), party: z.int() })

/** What could not be made as it was, and why. */
export const undone = z.object({ left: z.array(z.string()) })

export const mergesQuery = z.strictObject({ ...paging, party: z.coerce.number().int().positive() })

/** Two who became one. */
export const mergeEntry = z.object({
  id: z.int(),
  survivor: z.int(),
  loser: z.int(),
  /** What the loser was called. */
  name: z.string(),
  at: z.iso.datetime(),
  undoneAt: z.iso.datetime().nullable(),
})

export const mergesPage = pageOf(mergeEntry)
