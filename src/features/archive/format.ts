import { z } from 'zod'
import { bit, type PrivilegeName, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import type { AceRow } from '../../../storage/aces.ts'
import type { CollectionKind } from '../../../storage/collections.ts'
import type { ProxyMode } from '../../../storage/groups.ts'
import type { HomeKind } from '../../../storage/homes.ts'
import type { MountState } from '../../../storage/mounts.ts'
import type { NodeRevisionRow } from '../../../storage/nodes/node-revisions.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalKind } from '../../../storage/principals.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { ShareAccess } from '../../../storage/shares.ts'

/** What the first file of an archive says it is. A reader takes this version and none that is higher. */
export const formatName = 'farley-archive'
export const formatVersion = 2

/** A time as ISO 8601, read as epoch milliseconds. */
const time = z.iso.datetime().transform((text) => Date.parse(text))
const text = z.string()

/** One of the words of a type, none of which can be forgotten: what is written has to be read again. */
function oneOf<Word extends string>(words: Readonly<Record<Word, 1>>) {
  return z.enum(Object.keys(words) as [Word, ...Word[]])
}

const kindOfPrincipal = oneOf<PrincipalKind>({ user: 1, group: 1, room: 1, resource: 1 })

/** Somebody, by what he is called: ids mean nothing elsewhere. */
export const who = z.object({ kind: kindOfPrincipal, name: text })
export type Who = z.infer<typeof who>

const property = z.object({ name: text, xml: text })
const properties = z.array(property).default([])

const privilege = z.enum(Object.keys(bit) as [PrivilegeName, ...PrivilegeName[]])
const ace = z.object({
  subject: oneOf<AceRow['subject']>({
    principal: 1,
    all: 1,
    authenticated: 1,
    unauthenticated: 1,
    self: 1,
    owner: 1,
  }),
  who: who.optional(),
  grant: z.boolean(),
  privileges: z.array(privilege),
})
const aces = z.array(ace).default([])
export type AceRecord = z.infer<typeof ace>

/** The names of the privileges of a set. */
export function privilegeNames(set: PrivilegeSet): PrivilegeName[] {
  return (Object.keys(bit) as PrivilegeName[]).filter((name) => (set & bit[name]) !== 0)
}

export function privilegeSet(names: readonly PrivilegeName[]): PrivilegeSet {
  return names.reduce((set, name) => set | bit[name], 0)
}

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** `manifest.json`: what the archive is, and the hash of the list of its files. */
export const headRecord = z.object({
  format: z.literal(formatName),
  version: z.number().int(),
  madeAt: time,
  history: z.boolean().default(false),
  counts: z.object({
    accounts: z.number(),
    collections: z.number(),
    objects: z.number(),
    documents: z.number(),
  }),
  accounts: z.array(who.extend({ folder: text })),
  files: z.object({ count: z.number().int(), bytes: z.number().int(), sha256 }),
})
export type Head = z.infer<typeof headRecord>

/** A line of `manifest.jsonl`. */
export const listedRecord = z.object({ path: text, size: z.number().int(), sha256 })
export type Listed = z.infer<typeof listedRecord>

/** `principal.json` */
export const principalRecord = who.extend({
  segment: text,
  displayName: text,
  email: text.nullable(),
  quotaBytes: z.number().int().nullable(),
  language: text.nullable().default(null),
  timeZone: text.nullable().default(null),
  requestLimit: z.number().int().nullable().default(null),
  /** Of a room or a resource. */
  description: text.nullable().default(null),
  place: text.nullable().default(null),
  capacity: z.number().int().nullable().default(null),
  createdAt: time,
  changedAt: time,
  properties,
  aces,
  homes: z.array(
    z.object({
      kind: oneOf<HomeKind>({ calendars: 1, addressbooks: 1, files: 1 }),
      properties,
      aces,
      /** The folders of its collections, in their order. */
      collections: z.array(text).default([]),
    }),
  ),
  /** It wants no book of its colleagues. */
  isDirectoryOff: z.boolean().default(false),
  delegates: z.array(who.extend({ mode: oneOf<ProxyMode>({ read: 1, write: 1 }) })),
  /** Of a group. */
  members: z.array(who),
  /** The groups it is in, to be read: their own lists of members count. */
  memberOf: z.array(who),
})
export type PrincipalRecord = z.infer<typeof principalRecord>

const looks = {
  displayname: text.nullable(),
  description: text.nullable(),
  color: text.nullable(),
  sortOrder: z.number().nullable(),
  timezone: text.nullable(),
  timezoneId: text.nullable(),
}
const kindOfCollection = oneOf<CollectionKind>({ calendar: 1, addressbook: 1 })
const access = oneOf<ShareAccess>({ read: 1, 'read-write': 1, 'no-delete': 1, 'free-busy': 1 })

/** `collection.json` */
export const collectionRecord = z.object({
  kind: kindOfCollection,
  name: text,
  resourceId: text,
  ...looks,
  components: z.array(text).nullable(),
  transparent: z.boolean(),
  isDefault: z.boolean(),
  source: text.nullable(),
  subscribed: z.boolean(),
  refreshRate: text.nullable(),
  stripAlarms: z.boolean(),
  stripAttachments: z.boolean(),
  stripTodos: z.boolean(),
  /** What the server makes its members from, which are not in the archive: an address book of the same account. */
  generated: z
    .object({ kind: z.literal('birthdays'), book: text, alarms: text, otherDates: z.boolean() })
    .nullable(),
  createdAt: time,
  changedAt: time,
  properties,
  aces,
  shares: z.array(
    z.object({ with: who, access, summary: text.nullable(), createdAt: time, changedAt: time }),
  ),
  /** Public links without their addresses, which are secrets. */
  links: z.array(z.object({ label: text, createdAt: time })),
})
export type CollectionRecord = z.infer<typeof collectionRecord>

/** A line of `members.jsonl`. */
export const memberRecord = z.object({
  file: text,
  name: text,
  uid: text.nullable(),
  component: text,
  etag: text,
  mediaType: text.nullable(),
  version: text.nullable(),
  scheduleTag: text.nullable(),
  /** Of a list of people that the server made out of categories: 1, or 2 when a client has written it since. */
  madeAsList: z.number().int().min(1).max(2).optional(),
  createdAt: time,
  modifiedAt: time,
  properties,
})
export type MemberRecord = z.infer<typeof memberRecord>

const originKind = oneOf<Origin['kind']>({
  client: 1,
  web: 1,
  import: 1,
  restore: 1,
  move: 1,
  copy: 1,
  job: 1,
  rule: 1,
})

const state = z.object({
  kind: oneOf<RevisionRow['kind']>({ created: 1, updated: 1, deleted: 1, moved: 1, restored: 1 }),
  name: text,
  uid: text.nullable(),
  component: text,
  etag: text,
  at: time,
  origin: originKind,
  author: who.nullable(),
  clientKind: text.nullable(),
  requestId: text.nullable(),
  restoredAt: time.nullable(),
  /** Its octets, in the folder of the collection; null where they are gone, or are those of the member. */
  file: text.nullable(),
  isPresent: z.boolean(),
})
export type StateRecord = z.infer<typeof state>

/** A line of `history.jsonl`: an object with its states, the oldest first. */
export const historyRecord = z.object({
  /** What it is called; without it the object is in the trash. */
  member: text.optional(),
  states: z.array(state),
})
export type HistoryRecord = z.infer<typeof historyRecord>

const kept = z
  .object({ ...looks, transparent: z.number(), name: text })
  .partial()
  // Properties that clients made up, in Clark notation; null for one that is not there.
  .catchall(text.nullable())

/** A line of `collection-history.jsonl`: a change of what a collection is called and how it looks, and of what else clients keep there; the oldest first. */
export const lookRecord = z.object({
  at: time,
  origin: originKind,
  author: who.nullable(),
  clientKind: text.nullable(),
  requestId: text.nullable(),
  before: kept,
  after: kept,
})

/** A line of `trash.jsonl`: a collection that was deleted. */
export const trashRecord = z.object({
  home: z.enum(['calendars', 'addressbooks']),
  folder: text,
  deletedAt: time,
})

/** A line of `files.jsonl`: a folder comes before what is in it. */
export const nodeRecord = z.object({
  path: text,
  /** What it is called, where no file system takes that. */
  name: text.optional(),
  /** Of what was taken to the trash itself: when, and from which folder; null where that is gone. */
  deletedAt: time.optional(),
  from: text.nullable().optional(),
  kind: z.enum(['folder', 'file']),
  mediaType: text.nullable(),
  resourceId: text,
  createdAt: time,
  modifiedAt: time,
  properties,
  aces,
  /** Public links to a folder without their addresses, which are secrets. */
  links: z.array(z.object({ createdAt: time, expiresAt: time.nullable() })).default([]),
  /** What is known of people names it. */
  isNamed: z.literal(true).optional(),
})
export type NodeRecord = z.infer<typeof nodeRecord>

const nodeState = z.object({
  kind: oneOf<NodeRevisionRow['kind']>({
    created: 1,
    updated: 1,
    deleted: 1,
    moved: 1,
    restored: 1,
    replaced: 1,
  }),
  name: text,
  size: z.number().int(),
  mediaType: text.nullable(),
  etag: text,
  at: time,
  origin: originKind,
  author: who.nullable(),
  clientKind: text.nullable(),
  requestId: text.nullable(),
  /** Its octets, in the folder of the account; null where they are gone, or are those of the file. */
  file: text.nullable(),
  isPresent: z.boolean(),
})

/** A line of `files-history.jsonl`: what a folder or a file was, the oldest state first. */
export const nodeHistoryRecord = z.object({ path: text, states: z.array(nodeState) })
export type NodeHistoryRecord = z.infer<typeof nodeHistoryRecord>

/** A line of `mounts.jsonl`: what others share with the account, and what it made of that. */
export const mountRecord = z.object({
  owner: who,
  collection: z.object({ kind: kindOfCollection, name: text }),
  name: text,
  state: oneOf<MountState>({ invited: 1, accepted: 1, declined: 1 }),
  access,
  inviteUid: text,
  ...looks,
  transparent: z.boolean().nullable(),
  createdAt: time,
  changedAt: time,
  properties,
})
export type MountRecord = z.infer<typeof mountRecord>

/** A line of `layers.jsonl`: alarms and the like that the account has laid over what others share with it. */
export const layerRecord = z.object({
  owner: who,
  collection: z.object({ kind: kindOfCollection, name: text }),
  member: text,
  layer: text,
  changedAt: time,
})

/** A line of `held.jsonl`: what the account sent, and was refused. */
export const heldRecord = z.object({
  owner: who,
  collection: z.object({ kind: kindOfCollection, name: text }),
  name: text,
  clientKind: text.nullable(),
  status: z.number().int(),
  reason: text,
  baseEtag: text.nullable(),
  etag: text,
  at: time,
  file: text,
})

/** A line of `notifications.jsonl`. */
export const notificationRecord = z.object({
  name: text,
  kind: text,
  content: text,
  etag: text,
  createdAt: time,
  changedAt: time,
})

/** `installation.json`, of an archive of a whole installation. */
export const installationRecord = z.object({
  /** Those of accounts that are gone: nobody gets their URLs. */
  reservedSegments: z.array(z.object({ segment: text, at: time })),
})
