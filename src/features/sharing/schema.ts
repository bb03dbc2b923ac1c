import { z } from 'zod'

const access = z.enum(['read', 'read-write', 'no-delete', 'free-busy'])

/** Sharing a collection of one's own. */
export const newShare = z.strictObject({
  /** The name of the collection in its URL, or its display name. */
  collection: z.string().min(1).max(500),
  /** A user or a group: its name, or its mail address. */
  with: z.string().min(1).max(500),
  access: access.default('read'),
  /** What the invitation calls it. */
  summary: z.string().max(200).optional(),
})

/** What can be changed of a share. */
export const shareChange = z.strictObject({ access, summary: z.string().max(200).optional() })

/** A public link to a collection of one's own. */
export const newLink = z.strictObject({
  collection: z.string().min(1).max(500),
  label: z.string().max(200).default(''),
})
