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

export const devicePatch = z.strictObject({
  label: fields.label.optional(),
  kind: fields.kind.optional(),
  merge: fields.merge.optional(),
})

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
  /** Where it was used from last, and by which program, as that says. */
  lastAddress: z.string().nullable(),
  lastAgent: z.string().nullable(),
}

/** Something that has a password of its own. */
const device = z.object(shown)
export const deviceList = z.object({
  devices: z.array(device),
  /** How devices reach the server, where the settings say so. */
  address: z.string().nullable(),
  /** The path of the account's principal, for clients that find nothing by themselves. */
  principal: z.string(),
})
/** One that was just made, with its password, which is shown this once. */
export const madeDevice = z.object({ ...shown, password: z.string() })

const time = z.iso.datetime()

/** What a device asks for of a calendar or a book. */
const syncedCollection = z.object({
  id: z.int(),
  kind: z.enum(['calendar', 'addressbook']),
  title: z.string(),
  /** When it last asked. */
  at: time,
  /** So many numbers of changes there are that it has not asked for; 0 where it has all. */
  behind: z.int(),
  /** The number of the last change that its token had, and that of the newest there is. */
  position: z.int(),
  newest: z.int(),
  /** Events that are over before, or begin later, it does not ask for; null where it says nothing. */
  from: time.nullable(),
  until: time.nullable(),
})

/** What a device wrote, and was refused. */
const refusal = z.object({
  id: z.int(),
  at: time,
  collection: z.string(),
  name: z.string(),
  status: z.int(),
  reason: z.string(),
})

/** A device, and how far it has come with each collection that it syncs. */
export const deviceState = z.object({
  ...shown,
  collections: z.array(syncedCollection),
  /** The latest first; `/held` has them whole. */
  refusals: z.array(refusal),
})

/** The password of a device, as it was shown: it is kept sealed until the link is used. */
export const setupWish = z.strictObject({ password: z.string().min(1).max(200) })

/** A link that a device opens to be set up, once. */
export const setupLink = z.object({ url: z.string(), expiresAt: time })

/** What a device is told that has opened such a link. */
export const setupByLink = z.strictObject({ secret: z.string().min(1).max(200) })
export const setup = z.object({
  name: z.string(),
  password: z.string(),
  label: z.string(),
  kind: z.string().nullable(),
  address: z.string(),
  /** Opens DAVx5 with all of it filled in; null where such an address cannot say it. */
  davx5: z.string().nullable(),
})

/** Try to connect as a client does; with the password of a device it signs in too. */
export const connectionWish = z.strictObject({ password: z.string().min(1).max(200).optional() })

/** What was tried, up to the first that failed. */
export const connection = z.object({
  steps: z.array(
    z.object({
      step: z.enum([
        ...(['address', 'secure', 'reach', 'caldav', 'carddav', 'challenge', 'sign-in'] as const),
        ...(['calendars', 'books'] as const),
      ]),
      ok: z.boolean(),
      /** A code of the system or of TLS, or what was answered. */
      detail: z.string().nullable(),
    }),
  ),
})

export const servedQuery = z.object({ device: z.coerce.number().int().min(1) })

/** Why an event or a card is, or is not, on a device. */
export const served = z.object({
  state: z.enum(['never-asked', 'outside', 'current', 'older', 'not-yet']),
  /** Why it has not all of it. */
  why: z.enum(['unused', 'not-in-home', 'not-chosen', 'silent', 'skipped']).nullable(),
  /** When it last asked for that calendar or book. */
  askedAt: time.nullable(),
  from: time.nullable(),
  until: time.nullable(),
  /** Since when that is as it has it. */
  has: z.object({ revision: z.int(), at: time }).nullable(),
  /** What it wrote itself last. */
  wrote: z.object({ revision: z.int(), at: time }).nullable(),
  refusals: z.array(refusal),
})

/** An event, a task or a card, and where it is. */
const object = z.object({
  id: z.int(),
  kind: z.enum(['card', 'event', 'task']),
  /** The name or the title; null where it is not for whoever asks. */
  title: z.string().nullable(),
  collection: z.object({ id: z.int(), kind: z.enum(['calendar', 'addressbook']), title: z.string() }),
  changedAt: time,
})

/** The same of all devices of whoever asks. */
export const servedToAll = z.object({ object, devices: z.array(z.object({ device, served })) })

/** A number, a UID or a file name, as its owner finds it. */
export const servedToQuery = z.object({ object: z.string().trim().min(1).max(1_000) })
export const servedObject = z.object({ object, served })

/** A device of anybody, for whoever runs the place. */
const { merge: _, ...ofAnybody } = shown
export const oneDevice = z.object({
  ...ofAnybody,
  account: z.string(),
  collections: z.array(syncedCollection),
  refusals: z.array(refusal),
})
