import { z } from 'zod'

/** Names or ids, separated by commas. */
const list = z.string().max(4_000)
const ids = list.transform((text, context) => {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.every((part) => /^\d{1,15}$/.test(part))) return parts.map(Number)
  context.addIssue({ code: 'custom', message: 'give ids, separated by commas' })
  return z.NEVER
})

const filters = {
  /** Only these kinds: `object-put,note-added`. */
  kind: list.transform((text) => text.split(',').map((part) => part.trim())).optional(),
  /** Only what is in these collections, and these themselves; by their ids. */
  collection: ids.optional(),
  /** Only what is about these people. */
  party: ids.optional(),
}

/** What a client that listens asks for. */
export const listening = z.object({
  ...filters,
  /** The id of the last event that was received, where the client cannot send Last-Event-ID. */
  after: z.string().max(200).optional(),
})

/** What a client that asks from time to time asks for. */
export const asking = z.object({
  ...filters,
  /** `next` of the answer before; without it the answer says only where to begin. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** What happened: where to look, and nothing of what is there. */
export const change = z.object({
  /** Where it stands in the log: what comes after it is asked for with this. */
  id: z.string(),
  /** Such as `object-put`, `collection-changed` or `note-added`: new ones may come. */
  kind: z.string(),
  at: z.iso.datetime(),
  /** The collection itself, or the one that the object is in; without its id where it is gone. */
  collection: z.object({ id: z.int().optional(), href: z.string() }).optional(),
  /** A card, an event or a task; a folder or a file has no href here. */
  object: z.object({ id: z.int(), name: z.string(), href: z.string().optional() }).optional(),
  /** Whom it is about. */
  party: z.object({ id: z.int() }).optional(),
  /** The fact that it is about, such as a note. */
  about: z.object({ kind: z.string(), id: z.int() }).optional(),
  /** The X-Request-Id of the answer to the request that did it. */
  request: z.string().optional(),
})
export type Change = z.infer<typeof change>

export const changes = z.object({
  changes: z.array(change),
  /** What to ask for next. */
  next: z.string(),
  /** Whether there is more by now. */
  more: z.boolean(),
  /** Set where what happened since is not known any more: look at everything again, and go on from `next`. */
  reset: z.boolean(),
})
