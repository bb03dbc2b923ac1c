import { z } from 'zod'

const rows = z.record(z.string(), z.int())

/** What an erasure would do. */
export const erasurePreview = z.object({
  /** Rows that go, by their table. */
  goes: rows,
  /** What belongs to others, and is about the person too: notes about several, events that name an address, documents. */
  stays: z.object({ sharedActivities: z.int(), events: z.int(), documents: z.int() }),
  /** What the erasure has to name: it is void when anything has changed. */
  token: z.string(),
})

export const erasureRequest = z.strictObject({
  /** Of the preview. */
  token: z.string().min(1).max(200),
  /** Whether events that the caller may change go on naming the person as an attendee. */
  attendees: z.enum(['keep', 'remove']).default('keep'),
})

/** The proof that somebody was erased; nothing of it says who it was. */
export const erasureProof = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  /** The name of the account that did it. */
  by: z.string().nullable(),
  reason: z.enum(['request', 'retention', 'again']),
  counts: rows,
  /** Keyed hashes of UIDs and mail addresses. */
  marks: z.array(z.object({ kind: z.enum(['uid', 'mail']), hash: z.string() })),
  signature: z.string(),
  /** Whether it is what was signed here. */
  isGenuine: z.boolean(),
})
