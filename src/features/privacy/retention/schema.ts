import { z } from 'zod'
import { pageOf } from '../../../api/schema.ts'

const kind = z.enum(['untouched', 'activities', 'consents'])
const days = z.int().min(30).max(36_500)
const action = z.enum(['suggest', 'apply'])

const fields = {
  /** After so many days. */
  days,
  /** Whether it is listed for a person to decide, or goes. */
  action,
  /** Of people with this role alone. */
  role: z.string().trim().min(1).max(100).nullable(),
  /** Of people in this book alone. */
  book: z.int().nullable(),
}

export const newRetentionRule = z.strictObject({
  /** People whom nobody has touched; notes and calls; consents that have ended or were withdrawn. */
  kind,
  ...fields,
  action: action.default('suggest'),
  role: fields.role.default(null),
  book: fields.book.default(null),
})

/** What is given is changed; whoever changes it stands for it from then on. */
export const retentionChange = z.strictObject(fields).partial()

export const retentionRule = z.object({
  id: z.int(),
  kind,
  days: z.int(),
  action,
  role: z.string().nullable(),
  book: z.int().nullable(),
  /** The name of the account that stands for it: it takes away what that one may. Null: it does nothing. */
  by: z.string().nullable(),
  changedAt: z.iso.datetime(),
})

export const retentionRules = z.object({ items: z.array(retentionRule) })

/** What a rule would take away. */
export const retentionPreview = pageOf(
  z.object({
    kind: z.enum(['party', 'activity', 'consent']),
    id: z.int(),
    party: z.object({ id: z.int(), name: z.string() }),
  }),
).extend({
  /** All of it; the items are those about people whom the caller sees. */
  count: z.int(),
})

/** What was done; nothing of it says whom it was about. */
export const retentionLog = pageOf(
  z.object({
    id: z.int(),
    rule: z.int(),
    kind,
    days: z.int(),
    action,
    at: z.iso.datetime(),
    found: z.int(),
    done: z.int(),
  }),
)
