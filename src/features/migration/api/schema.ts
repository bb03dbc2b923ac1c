import { z } from 'zod'

const count = z.int().min(0)

const account = {
  /** The address of the other server, or of the account there, without user and password. */
  url: z
    .url({ protocol: /^https?$/, error: 'give a whole address, such as https://dav.example.org' })
    .max(2_000),
  user: z.string().min(1).max(500),
  /** Kept while the migration runs, and nowhere else. */
  password: z.string().min(1).max(1_000),
}

/** Where it is looked what there is to be moved in. */
export const migrationPlace = z.strictObject(account)

/** Moving in from another server. */
export const newMigration = z.strictObject({
  ...account,
  /** Just these collections there, and where each goes; then `into` and `only` say nothing more. */
  collections: z
    .array(
      z.strictObject({
        /** As it was told where it was looked. */
        url: z.string().min(1).max(2_000),
        /** The collection here that it goes into, by its name or its display name; into a new one without. */
        into: z.string().min(1).max(500).optional(),
        /** What the new one is called. */
        title: z
          .string()
          .trim()
          .min(1)
          .max(500)
          .regex(/^[^\x00-\x1f\x7f]*$/, 'one line')
          .optional(),
      }),
    )
    .min(1)
    .max(250)
    .optional(),
  /** The collection here that shall have everything, by its name or its display name. */
  into: z.string().min(1).max(500).optional(),
  /** Which collections there, by name, display name or URL. */
  only: z.array(z.string().min(1).max(2_000)).min(1).max(250).optional(),
  /** Goes on with what changes there, until it is stopped. */
  follow: z.boolean().default(false),
  /** Deletes here what is gone there, however much it is. */
  withDeletions: z.boolean().default(false),
})

/** Going on with what was paused, or stopped: the password is needed where it is not remembered. */
export const migrationGoOn = z.strictObject({ password: z.string().min(1).max(1_000).optional() })

/** Which of its objects: those after an id, and with `odd` those that are not the same here. */
export const migrationItemsPage = z.object({
  after: z.coerce.number({ error: 'give the id of an item.' }).int().min(0).default(0),
  odd: z.string().optional(),
})

/** What there is to be moved in, and where it would go. */
export const migrationFound = z.object({
  collections: z.array(
    z.object({
      url: z.string(),
      kind: z.enum(['calendar', 'addressbook']),
      title: z.string(),
      description: z.string().nullable(),
      /** As Apple writes it, `#RRGGBBAA`. */
      color: z.string().nullable(),
      /** Of a calendar: what it takes, where it does not take everything. */
      components: z.array(z.string()).nullable(),
      /** Objects in it; null where a listing would be too long, or is refused. */
      count: count.nullable(),
      /** Octets of all of them, where the server tells. */
      bytes: count.nullable(),
      /** Why it is not moved by itself: it is not of the user, or not made by anybody. */
      left: z.enum(['subscribed', 'scheduling', 'generated', 'shared', 'foreign', 'read-only']).nullable(),
      /** The collection here that it would go into; null for a new one. */
      into: z.object({ name: z.string(), title: z.string() }).nullable(),
      /** It was moved in before, and goes on where it is; `gone` where that was deleted here. */
      before: z.enum(['there', 'gone']).nullable(),
    }),
  ),
})

/** How far a migration is. A batch that is running may have stopped with its process: `isActive` says that this one runs it. */
export const migrationState = z.object({
  id: z.int(),
  url: z.string(),
  user: z.string(),
  state: z.string(),
  isActive: z.boolean(),
  /** It was told to go on later. */
  isPaused: z.boolean(),
  /** It goes on only with the password there, which is no longer remembered. */
  needsPassword: z.boolean(),
  /** Follows what changes there. */
  follow: z.boolean(),
  /** How much of a collection there has been looked at; null where nothing runs. */
  progress: z.object({ url: z.string(), done: count, total: count }).nullable(),
  error: z.string().nullable(),
  notes: z.array(z.string()),
  /** Epoch milliseconds. */
  startedAt: z.int().nullable(),
  touchedAt: z.int().nullable(),
  counts: z.object({
    found: count,
    copied: count,
    identical: count,
    rewritten: count,
    differing: count,
    changed: count,
    conflict: count,
    refused: count,
    removed: count,
  }),
  collections: z.array(
    z.object({
      url: z.string(),
      kind: z.enum(['calendar', 'addressbook']),
      displayname: z.string().nullable(),
      collectionId: z.int(),
      held: count,
    }),
  ),
})
export const migrationList = z.object({ migrations: z.array(migrationState) })

/** What became of its objects; `next` goes on. */
export const migrationItems = z.object({
  items: z.array(
    z.object({
      id: z.int(),
      href: z.string(),
      outcome: z.enum(['copied', 'conflict', 'refused', 'removed']),
      verdict: z.enum(['identical', 'rewritten', 'differing', 'changed', 'edited', 'gone']).nullable(),
      note: z.string(),
    }),
  ),
  next: z.int().optional(),
})
