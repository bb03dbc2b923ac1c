import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

/** A day, a month or a year. @see ISO 8601-1 §5.2.2 */
const day = z
  .string()
  .regex(
    /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?$/,
    'write it as 2026, 2026-05 or 2026-05-17',
  )
const line = z
  .string()
  .trim()
  .max(500)
  .regex(/^[^\p{Cc}]*$/u, 'has characters that no line has')
/** A word of one's own, for roles and relations. */
const word = z
  .string()
  .trim()
  .min(1)
  .max(50)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .&'’/-]*$/u, 'is made of letters, digits and spaces')
const partyId = z.int().positive()
const kind = z.enum(['person', 'org'])

/** The roles that everybody knows; there may be own ones beside them. */
export const knownRoles = [
  ...(['lead', 'customer', 'supplier', 'partner', 'competitor', 'employee', 'press'] as const),
] as const

export const partyQuery = z.object({
  ...paging,
  kind: kind.optional(),
  /** The id of an address book. */
  book: z.coerce.number().int().positive().optional(),
  /** The name of an account or a group. */
  owner: z.string().min(1).max(500).optional(),
  role: word.optional(),
  /** One of the CATEGORIES of a card. */
  label: z.string().min(1).max(500).optional(),
})

const principal = z.object({ name: z.string(), displayName: z.string() })
const named = z.object({ id: z.int(), kind, name: z.string() })

export const partyItem = z.object({
  ...named.shape,
  roles: z.array(z.string()),
  owner: principal.nullable(),
  /** Where a person works, as cards show it. */
  organisation: z.string(),
  title: z.string(),
  /** The first telephone number and the first mail address of the cards; empty where there is none. */
  phone: z.string(),
  mail: z.string(),
  labels: z.array(z.string()),
  /** The card whose photo it is, at /cards/…/photo. */
  photo: z.int().nullable(),
  /** Another one whenever it may be another photo; null where that is not told. */
  photoVersion: z.string().nullable(),
  cards: z.array(z.object({ id: z.int(), book: z.int(), mayWrite: z.boolean() })),
})
export const partyPage = pageOf(partyItem)

export const membership = z.object({
  id: z.int(),
  /** Null where only the name is known. */
  organisation: named.nullable(),
  organisationName: z.string(),
  department: z.string(),
  title: z.string(),
  role: z.string(),
  from: z.string().nullable(),
  until: z.string().nullable(),
  isPrimary: z.boolean(),
})

export const relation = z.object({
  id: z.int(),
  /** What the other is: `spouse`, `child`. */
  type: z.string(),
  /** What the party is to the other. */
  inverse: z.string(),
  other: named.nullable(),
  name: z.string(),
  since: z.string().nullable(),
  until: z.string().nullable(),
})

export const orgLink = z.object({
  id: z.int(),
  organisation: named,
  kind: z.string(),
  from: z.string().nullable(),
  until: z.string().nullable(),
})

/** Somebody as whoever asks sees him; the entity tag is his version. */
export const party = z.object({
  ...named.shape,
  version: z.int(),
  createdAt: z.string(),
  changedAt: z.string(),
  owner: principal.nullable(),
  roles: z.array(z.string()),
  cards: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      book: z.object({ id: z.int(), displayName: z.string(), isMine: z.boolean() }),
      mayWrite: z.boolean(),
    }),
  ),
  memberships: z.array(membership),
  relations: z.array(relation),
  /** Organisations that it is part of, and that are part of it: the first hundred. */
  above: z.array(orgLink),
  below: z.array(orgLink),
})

export const partyChange = z.strictObject({
  /** The name or the mail address of an account or a group; null for nobody. */
  owner: z.string().min(1).max(500).nullable().optional(),
  roles: z.array(word).optional(),
})

const membershipFields = {
  department: line.optional(),
  title: line.optional(),
  role: line.optional(),
  from: day.nullable().optional(),
  /** The first day on which it is over. */
  until: day.nullable().optional(),
  /** Whether cards show it; without it the first one is. */
  isPrimary: z.boolean().optional(),
}
export const newMembership = z
  .strictObject({
    /** The id of an organisation, or without one a name. */
    organisation: partyId.optional(),
    organisationName: line.optional(),
    ...membershipFields,
  })
  .refine(
    ({ organisation, organisationName, title, role }) =>
      organisation !== undefined || [organisationName, title, role].some((text) => (text ?? '') !== ''),
    'name an organisation, a title or a role',
  )
export const membershipChange = z.strictObject({
  organisation: partyId.nullable().optional(),
  organisationName: line.optional(),
  ...membershipFields,
})

const dates = { since: day.nullable().optional(), until: day.nullable().optional() }
export const newRelation = z
  .strictObject({
    type: word,
    /** What the party is to the other; a type that everybody knows has its own. */
    inverse: word.optional(),
    other: partyId.optional(),
    /** Of somebody who has no card. */
    name: line.optional(),
    ...dates,
  })
  .refine(({ other, name }) => other !== undefined || (name ?? '') !== '', 'name the other, by id or by name')
export const relationChange = z.strictObject({
  type: word.optional(),
  inverse: word.optional(),
  other: partyId.nullable().optional(),
  name: line.min(1).optional(),
  ...dates,
})

const linkKind = z.enum(['subsidiary', 'branch', 'department', 'franchise', 'member', 'other'])
export const newOrgLink = z.strictObject({
  organisation: partyId,
  kind: linkKind.default('subsidiary'),
  from: day.nullable().default(null),
  until: day.nullable().default(null),
})
export const orgLinkChange = z.strictObject({
  kind: linkKind.optional(),
  from: day.nullable().optional(),
  until: day.nullable().optional(),
})

/** The organisations around one, over all levels. */
export const orgTree = z.object({
  /** Levels above have numbers below zero. */
  nodes: z.array(z.object({ ...named.shape, level: z.int() })),
  links: z.array(z.object({ parent: z.int(), child: z.int(), kind: z.string() })),
  /** Whether there are no more than are shown. */
  isWhole: z.boolean(),
})

export const peopleQuery = z.object({ ...paging, when: z.enum(['now', 'past', 'all']).default('now') })
export const peoplePage = pageOf(
  z.object({ person: named, membership: membership.omit({ organisation: true }) }),
)

export const relationTypeList = z.object({
  types: z.array(z.object({ type: z.string(), inverse: z.string() })),
})
export const roleList = z.object({ roles: z.array(z.object({ role: z.string(), isOwn: z.boolean() })) })

export const suggestionQuery = z.object({
  ...paging,
  /** Whom they are about, by id; without it everybody. */
  party: z.coerce.number().int().positive().optional(),
  /** Those that are to be answered, or those that were left. */
  state: z.enum(['open', 'dismissed']).default('open'),
})
export const suggestionPage = pageOf(
  z.object({
    id: z.int(),
    /** Which organisation, or which person, is meant by a name in a card of the party. */
    kind: z.enum(['employer', 'relation']),
    party: named,
    name: z.string(),
    /** What a relation is. */
    type: z.string(),
    candidates: z.array(named),
    at: z.string(),
  }),
)

/** Who is meant; it need not be said where there is one candidate. An organisation can be made. */
export const acceptance = z.strictObject({ party: partyId.optional(), create: z.boolean().optional() })
