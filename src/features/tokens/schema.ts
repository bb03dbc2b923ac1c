import { z } from 'zod'
import { tokenScope } from '../../api/schema.ts'

/** A new token for a program. */
export const newToken = z.strictObject({
  /** What it is for, for people. */
  label: z.string().trim().min(1).max(200),
  scopes: z.array(tokenScope).min(1).max(50),
  /** After so many days it is void; without it never. */
  days: z.int().min(1).max(3_650).optional(),
})

const fields = {
  id: z.int(),
  label: z.string(),
  scopes: z.array(tokenScope),
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  lastUsedAt: z.iso.datetime().nullable(),
}

/** A token; what it is made of is not told again. */
export const token = z.object(fields)
export const tokenList = z.object({ tokens: z.array(token) })

/** One that was just made, with its secret, which is shown this once. */
export const madeToken = z.object({ ...fields, token: z.string() })
