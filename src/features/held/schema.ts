import { z } from 'zod'

/** How a held edit is to be applied. */
export const application = z.strictObject({
  /** The `storedEtag` that the edit was shown with: null where nothing is there. Without it whatever is there is changed. */
  ifMatch: z.string().min(2).max(200).nullable().optional(),
  /** Put it in the place of what is there. */
  replace: z.boolean().default(false),
})

const heldFields = {
  id: z.int(),
  at: z.iso.datetime(),
  /** The name of the collection in its owner's home. */
  collection: z.string(),
  kind: z.enum(['calendar', 'addressbook']),
  name: z.string(),
  device: z.string().nullable(),
  /** Of the answer that it was given. */
  status: z.int(),
  reason: z.string(),
  size: z.int(),
  /** The entity tag of what is there now. */
  storedEtag: z.string().nullable(),
  /** When it was applied or discarded; null while it is open. */
  settledAt: z.iso.datetime().nullable(),
  settledAs: z.enum(['applied', 'discarded']).nullable(),
}

/** Those that are open, or those that were applied or discarded. */
export const heldQuery = z.object({ state: z.enum(['open', 'settled']).default('open') })

/** An edit that was refused. */
export const heldEdit = z.object(heldFields)

export const heldList = z.object({ held: z.array(heldEdit) })

const differences = z.array(
  z.object({ property: z.string(), stored: z.string().optional(), held: z.string().optional() }),
)

/** One with its text, and what it says otherwise than what is there, where that may be read. */
export const heldDetail = z.object({
  ...heldFields,
  text: z.string(),
  differences: differences.optional(),
  /** What applying it would change; or why it is only applied with `replace`. */
  outcome: z
    .union([
      z.object({ kind: z.literal('changes'), changes: differences.optional() }),
      z.object({ kind: z.literal('conflict'), reason: z.string() }),
    ])
    .optional(),
})

export const applied = z.object({ kind: z.enum(['created', 'updated', 'unchanged']), etag: z.string() })
