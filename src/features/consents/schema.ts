import { z } from 'zod'

/** Stands for every channel, and for every purpose. */
export const any = 'any'

const word = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .&'’/-]*$/u, 'is made of letters, digits and spaces')
const text = (longest: number) =>
  z
    .string()
    .trim()
    .max(longest)
    .regex(/^[^\p{Cc}]*(?:[\n\t][^\p{Cc}]*)*$/u, 'has characters that no text has')

const fields = {
  state: z.enum(['given', 'refused', 'withdrawn']),
  /** Where it comes from: a form, a call, a card that was handed over. */
  source: text(200),
  /** Since when it is so. */
  on: z.iso.date(),
  /** The first day on which it is over. */
  expires: z.iso.date().nullable(),
  note: text(4_000),
  /** What shows it: a document, an activity or an event that the caller reads. */
  evidence: z
    .strictObject({ kind: z.enum(['document', 'activity', 'event']), id: z.int().positive() })
    .nullable(),
}

/** What somebody has agreed to, or refused; without a day it is of today. */
export const newConsent = z.strictObject({
  channel: word.default(any),
  purpose: word.default(any),
  ...fields,
  source: fields.source.default(''),
  on: fields.on.optional(),
  expires: fields.expires.default(null),
  note: fields.note.default(''),
  evidence: fields.evidence.default(null),
})

/** What is given is changed; with another state and no day it is of today. */
export const consentChange = z.strictObject(fields).partial()

export const consent = z.object({
  id: z.int(),
  channel: z.string(),
  purpose: z.string(),
  state: fields.state,
  source: z.string(),
  on: z.string(),
  expires: z.string().nullable(),
  /** Whether it has not ended. */
  isInForce: z.boolean(),
  note: z.string(),
  /** Null too where the caller does not read it. */
  evidence: z.object({ kind: z.enum(['document', 'activity', 'event']), id: z.int() }).nullable(),
})
export const consentList = z.object({ items: z.array(consent) })

export const consentQuestion = z.object({ channel: word, purpose: word.default(any) })

/** Whether somebody may be written to or called. */
export const consentAnswer = z.object({
  /** `unknown` where nothing was said, or what was given is over: nobody has agreed. */
  answer: z.enum(['yes', 'no', 'unknown']),
  /** What decides it. */
  because: consent.nullable(),
})
