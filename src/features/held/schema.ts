import { z } from 'zod'

/** How a held edit is to be applied. */
export const application = z.strictObject({
  /** The `storedEtag` that the edit was shown with. */
  ifMatch: z.string().min(2).max(200).optional(),
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
}

/** An edit that was refused. */
export const heldEdit = z.object(heldFields)

export const heldList = z.object({ held: z.array(heldEdit) })

/** One with its text, and what it says otherwise than what is there, where that may be read. */
export const heldDetail = z.object({
  ...heldFields,
  text: z.string(),
  differences: z
    .array(z.object({ property: z.string(), stored: z.string().optional(), held: z.string().optional() }))
    .optional(),
})

export const applied = z.object({ kind: z.enum(['created', 'updated', 'unchanged']), etag: z.string() })
