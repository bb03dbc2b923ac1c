import { z } from 'zod'

/** What people write down themselves. */
export const writtenKinds = ['note', 'call', 'visit', 'touch'] as const

/** The sorts of things that a timeline is made of. */
export const sourceNames = [
  'activities',
  'cards',
  'meetings',
  'tasks',
  'documents',
  'merges',
  'consents',
] as const
export type SourceName = (typeof sourceNames)[number]

const html = z.string().max(200_000)
const time = z.iso.datetime({ offset: true })
const visibility = z.enum(['private', 'team', 'public'])
const outcome = z.string().trim().max(500)
const minutes = z.int().min(0).max(100_000)
const parties = z.array(z.int().positive()).min(1).max(100)

/** A note, a call, a visit, or another real contact, that is to be written down. */
export const newActivity = z.strictObject({
  kind: z.enum(writtenKinds),
  /** Whom it is about, each of whom the caller sees. */
  parties,
  /** When it was; without it now. */
  at: time.optional(),
  /** Rich text; what is not allowed in it is left out. Somebody is mentioned by `<span data-mention="NAME">`. */
  html: html.default(''),
  visibility: visibility.default('public'),
  /** The group that sees it, by name, where a team does. */
  team: z.string().min(1).max(500).optional(),
  direction: z.enum(['in', 'out']).optional(),
  outcome: outcome.optional(),
  minutes: minutes.optional(),
  isPinned: z.boolean().default(false),
})

/** What can be changed of one by its author; null takes away. */
export const activityChange = z.strictObject({
  parties: parties.optional(),
  at: time.optional(),
  html: html.optional(),
  visibility: visibility.optional(),
  team: z.string().min(1).max(500).optional(),
  direction: z.enum(['in', 'out']).nullable().optional(),
  outcome: outcome.nullable().optional(),
  minutes: minutes.nullable().optional(),
  isPinned: z.boolean().optional(),
})

const somebody = z.object({ name: z.string(), displayName: z.string() })

/** Something that was written down. */
export const activity = z.object({
  id: z.int(),
  kind: z.string(),
  at: z.iso.datetime(),
  author: somebody.nullable(),
  visibility,
  team: somebody.nullable(),
  html: z.string(),
  text: z.string(),
  direction: z.enum(['in', 'out']).nullable(),
  outcome: z.string().nullable(),
  minutes: z.int().nullable(),
  isPinned: z.boolean(),
  /** Those whom the caller sees. */
  parties: z.array(z.object({ id: z.int(), name: z.string(), kind: z.enum(['person', 'org']) })),
  mentions: z.array(somebody),
  /** Whether the caller may change it. */
  isMine: z.boolean(),
  version: z.int(),
})

/** Something on a timeline. The kinds are an open list, and what belongs to one stands in `data`. */
export const timelineEntry = z.object({
  /** Names it among all entries. */
  id: z.string(),
  kind: z.string(),
  at: z.iso.datetime(),
  title: z.string(),
  author: z.string().nullable(),
  device: z.string().nullable(),
  parties: z.array(z.object({ id: z.int(), name: z.string(), kind: z.enum(['person', 'org']) })),
  data: z.record(z.string(), z.unknown()),
})
export const upcoming = z.object({ items: z.array(timelineEntry) })
export const pinned = z.object({ items: z.array(activity) })

/** What is to be tied to somebody: an event or a task, or a file or a folder, by the id that the API shows. */
export const newLink = z.strictObject({
  kind: z.enum(['object', 'file']),
  id: z.int().positive(),
})

/** What ties something to somebody. */
export const partyLink = z.object({
  id: z.int(),
  party: z.int(),
  kind: z.enum(['object', 'file']),
  target: z.int(),
})
export const partyLinkList = z.object({ links: z.array(partyLink) })

/** A task about somebody, in a list of tasks of one's own. */
export const newTask = z.strictObject({
  summary: z.string().trim().min(1).max(500),
  description: z.string().max(10_000).optional(),
  /** A day. */
  due: z.iso.date().optional(),
  /** The id of a list of tasks; without it the first that there is. */
  calendar: z.int().positive().optional(),
})
export const madeTask = z.object({ object: z.int(), link: z.int(), calendar: z.int() })
