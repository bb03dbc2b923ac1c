import { z } from 'zod'

/** A language tag as BCP 47 has it, written as it is usual: `de`, `pt-BR`. */
export const language = z
  .string()
  .min(2)
  .max(35)
  .transform((tag, context) => {
    try {
      return Intl.getCanonicalLocales(tag)[0] ?? tag
    } catch {
      context.addIssue({ code: 'custom', message: 'give a language tag, such as de or pt-BR' })
      return z.NEVER
    }
  })

/** A name of the time zone database: `Europe/Berlin`. */
export const timeZone = z
  .string()
  .max(100)
  .regex(/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/, 'give a time zone, such as Europe/Berlin')
  .refine(isZone, 'give a time zone, such as Europe/Berlin')

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** What one can change of one's own account; null takes back what was said. */
export const accountChange = z.strictObject({
  language: language.nullable().optional(),
  timeZone: timeZone.nullable().optional(),
})

/** One's own account, and what it may. */
export const account = z.object({
  id: z.int(),
  name: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  /** Whether it may administer this place. */
  isAdmin: z.boolean(),
  /** Those that hold it, be it through each other. */
  groups: z.array(z.object({ id: z.int(), name: z.string(), displayName: z.string() })),
  /** The path by which clients find it, and how this place is reached where that is set. */
  principal: z.string(),
  publicUrl: z.string().nullable(),
  limits: z.object({
    /** Octets that it may keep. */
    bytes: z.int(),
    /** Requests to the API. */
    requestsPerMinute: z.int(),
  }),
})

/** How much an account keeps, and may, in octets. */
export const accountStorage = z.object({ usedBytes: z.int(), limitBytes: z.int() })
