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

const principal = z.object({
  name: z.string(),
  kind: z.enum(['user', 'group', 'room', 'resource']),
  displayName: z.string(),
})
const collection = z.object({
  name: z.string(),
  kind: z.enum(['calendar', 'addressbook']),
  displayName: z.string(),
})
const state = z.enum(['invited', 'accepted', 'declined'])

/** A share that one gives; a group has no one state. */
export const share = z.object({
  id: z.int(),
  collection,
  with: principal,
  access,
  summary: z.string().nullable(),
  state: state.optional(),
})
export const shareList = z.object({ shares: z.array(share) })

/** What another shares with one; it has a name in one's home once it is accepted. */
export const invite = z.object({
  id: z.int(),
  state,
  access,
  from: principal,
  collection: collection.extend({ id: z.int() }),
  name: z.string().optional(),
})
export const inviteList = z.object({ invites: z.array(invite) })

/** A public link; its address is not told to those who may only read. */
export const link = z.object({
  id: z.int(),
  label: z.string(),
  collection,
  path: z.string().optional(),
  lastUsedAt: z.int().nullable(),
})
export const linkList = z.object({ links: z.array(link) })
