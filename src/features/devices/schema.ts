import { z } from 'zod'

const kind = z.enum([
  ...(['apple', 'davx5', 'davx5-groups', 'thunderbird', 'evolution', 'kde', 'outlook', 'other'] as const),
])
const fields = {
  label: z.string().trim().min(1).max(200),
  /** What it is; `auto` leaves it to its first use. */
  kind: z.union([kind, z.literal('auto')]),
  /** Whether what it cannot hold is kept when it writes a card; `auto` as is usual for its kind. */
  merge: z.enum(['on', 'off', 'auto']),
}

export const newDevice = z.strictObject({
  label: fields.label,
  kind: fields.kind.default('auto'),
  merge: fields.merge.default('auto'),
  isReadOnly: z.boolean().default(false),
})

export const devicePatch = z.strictObject({ kind: fields.kind.optional(), merge: fields.merge.optional() })

const shown = {
  id: z.int(),
  label: z.string(),
  /** Null where it is not known. */
  kind: z.string().nullable(),
  /** What it looks like, by what it sends. */
  looksLike: z.string().nullable(),
  merge: z.enum(['on', 'off', 'auto']),
  isReadOnly: z.boolean(),
  createdAt: z.iso.datetime(),
  lastUsedAt: z.iso.datetime().nullable(),
}

/** Something that has a password of its own. */
const device = z.object(shown)
export const deviceList = z.object({ devices: z.array(device) })
/** One that was just made, with its password, which is shown this once. */
export const madeDevice = z.object({ ...shown, password: z.string() })

/** A device, and how far it has come with each collection that it syncs. */
export const deviceState = z.object({
  ...shown,
  collections: z.array(
    z.object({
      id: z.int(),
      kind: z.enum(['calendar', 'addressbook']),
      title: z.string(),
      /** When it last brought a token. */
      at: z.iso.datetime(),
      /** So many numbers of changes there are that it has not asked for; 0 where it has all. */
      behind: z.int(),
    }),
  ),
})
