import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

const url = z
  .url({ protocol: /^https?$/, error: 'give a whole address, such as https://example.org/hook' })
  .max(2_000)
  .refine((text) => !/^[^/]*\/\/[^/?#]*@/.test(text), 'there is no place for a password in the address')
const ids = z.array(z.int().min(1)).min(1).max(200)
const kinds = z
  .array(z.string().regex(/^[a-z]+(-[a-z]+)*$/, 'give kinds such as object-put'))
  .min(1)
  .max(50)

const wishes = {
  url,
  description: z.string().trim().max(200),
  /** Only these kinds of events; null for all. */
  kinds: kinds.nullable(),
  /** Only what is in these collections, and these themselves; null for all. */
  collections: ids.nullable(),
  /** Only what is about these people; null for all. */
  parties: ids.nullable(),
  active: z.boolean(),
}

/** A new webhook. */
export const newWebhook = z.strictObject({
  ...wishes,
  description: wishes.description.default(''),
  kinds: wishes.kinds.default(null),
  collections: wishes.collections.default(null),
  parties: wishes.parties.default(null),
  active: wishes.active.default(true),
})

/** What may be changed of one; one that is switched on again is told what happens from then on. */
export const webhookChange = z.strictObject({
  url: wishes.url.optional(),
  description: wishes.description.optional(),
  kinds: wishes.kinds.optional(),
  collections: wishes.collections.optional(),
  parties: wishes.parties.optional(),
  active: wishes.active.optional(),
})

const time = z.iso.datetime()
const shownFields = {
  id: z.int(),
  ...wishes,
  url: z.string(),
  kinds: z.array(z.string()).nullable(),
  /** When the server has switched it off by itself, and why. */
  disabledAt: time.nullable(),
  disabledReason: z.string().nullable(),
  /** Since when nothing has arrived. */
  failingSince: time.nullable(),
  version: z.int(),
  createdAt: time,
  changedAt: time,
}

/** A webhook; its secret is not told again. */
export const webhook = z.object(shownFields)
export const webhookList = z.object({ webhooks: z.array(webhook) })

/** One that was just made, or given another secret, which is shown this once. */
export const webhookWithSecret = z.object({ ...shownFields, secret: z.string() })

const states = z.enum(['waiting', 'sent', 'dead', 'dropped'])
export const deliveryQuery = z.object({ ...paging, state: states.optional() })

/** One thing that a webhook is told. */
export const delivery = z.object({
  id: z.int(),
  /** As it is in the header webhook-id. */
  message: z.string(),
  kind: z.string(),
  state: states,
  attempts: z.int(),
  createdAt: time,
  /** Of what waits. */
  nextAt: time.nullable(),
  endedAt: time.nullable(),
  error: z.string().nullable(),
  /** The status of the last answer, and how it began. */
  answerStatus: z.int().nullable(),
  answer: z.string().nullable(),
})
export const deliveryPage = pageOf(delivery)

/** Sends again what has not arrived. */
export const replayWish = z.strictObject({ since: z.iso.datetime({ offset: true }) })
export const replayed = z.object({ replayed: z.int() })
