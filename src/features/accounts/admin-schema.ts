import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'
import { passwordLink } from '../sessions/schema.ts'
import { gone } from './removed/schema.ts'
import { language, timeZone } from './schema.ts'

const name = z.string().trim().min(1).max(200)
const displayName = z.string().trim().min(1).max(200)
const email = z.string().trim().max(320)
const search = { ...paging, q: z.string().trim().min(1).max(200).optional() }
const time = z.iso.datetime()

export const accountQuery = z.object(search)

/** An account as whoever runs the place sees it. */
export const adminAccount = z.object({
  name: z.string(),
  displayName: z.string(),
  email: z.string().nullable(),
  /** Whether the account itself, and not a group of it, may run the place. */
  isAdmin: z.boolean(),
  isLocked: z.boolean(),
  language: z.string().nullable(),
  timeZone: z.string().nullable(),
  /** Octets that it keeps, and may keep: null for what the settings say. */
  usedBytes: z.int(),
  limitBytes: z.int().nullable(),
  devices: z.int(),
  browsers: z.int(),
  createdAt: time,
  seenAt: time.nullable(),
})
export const accountPage = pageOf(adminAccount)

/** A new account: its person chooses the password by the link. */
export const newAccount = z.strictObject({
  name,
  displayName: displayName.optional(),
  email: email.optional(),
  isAdmin: z.boolean().default(false),
  language: language.optional(),
  timeZone: timeZone.optional(),
})
export const madeAccount = z.object({ account: adminAccount, passwordLink })

/** What may be changed of an account. */
export const accountPatch = z.strictObject({
  name: name.optional(),
  displayName: displayName.optional(),
  email: email.nullable().optional(),
  isAdmin: z.boolean().optional(),
  isLocked: z.boolean().optional(),
  language: language.nullable().optional(),
  timeZone: timeZone.nullable().optional(),
  limitBytes: z.int().min(0).max(Number.MAX_SAFE_INTEGER).nullable().optional(),
})

/** How an account is removed. */
export const removalQuery = z.object({
  /** Who gets what it shares, and looks after its people. */
  giveTo: name.optional(),
  /** At once and for good, with all else that it holds. */
  purge: z.enum(['0', '1']).default('0'),
})
export const removal = gone.extend({ given: z.array(z.string()), people: z.int(), notes: z.int() })

/** Somebody by name: an account, a group, a room or a resource. */
const named = z.object({
  name: z.string(),
  displayName: z.string(),
  kind: z.enum(['user', 'group', 'room', 'resource']),
})

export const newPrincipal = z.strictObject({
  name,
  displayName: displayName.optional(),
  email: email.optional(),
})
export const principalPatch = z.strictObject({
  displayName: displayName.optional(),
  email: email.nullable().optional(),
})

/** What a room or a resource is like, in one line each; what is null was not said. */
const line = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, 'has characters that no line has')
const bookableTraits = {
  description: line.nullable().optional(),
  place: line.nullable().optional(),
  /** For how many people. */
  capacity: z.int().min(0).max(100_000).nullable().optional(),
}
export const newBookable = newPrincipal.extend(bookableTraits)
export const bookablePatch = principalPatch.extend(bookableTraits)

export const principalQuery = z.object(search)
export const purgeQuery = z.object({ purge: z.enum(['0', '1']).default('0') })

const groupFields = { name: z.string(), displayName: z.string(), email: z.string().nullable() }
export const groupPage = pageOf(z.object({ ...groupFields, members: z.int() }))
export const group = z.object({ ...groupFields, members: z.array(named) })
export const newMember = z.strictObject({ name })

/** A room, or a thing that can be booked. */
const bookable = z.object({
  ...groupFields,
  kind: z.enum(['room', 'resource']),
  description: z.string().nullable(),
  place: z.string().nullable(),
  capacity: z.int().nullable(),
})
export const bookablePage = pageOf(bookable)
export const oneBookable = bookable

export const delegates = z.object({
  delegates: z.array(named.extend({ mode: z.enum(['read', 'write']) })),
})
export const delegateMode = z.strictObject({ mode: z.enum(['read', 'write']) })
