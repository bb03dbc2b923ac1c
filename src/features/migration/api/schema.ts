import { z } from 'zod'

/** Moving in from another server. */
export const newMigration = z.strictObject({
  /** The address of the other server, or of the account there, without user and password. */
  url: z
    .url({ protocol: /^https?$/, error: 'give a whole address, such as https://dav.example.org' })
    .max(2_000),
  user: z.string().min(1).max(500),
  /** Kept while the migration runs, and nowhere else. */
  password: z.string().min(1).max(1_000),
  /** The collection here that shall have everything, by its name or its display name. */
  into: z.string().min(1).max(500).optional(),
  /** Which collections there, by name, display name or URL. */
  only: z.array(z.string().min(1).max(2_000)).min(1).max(250).optional(),
  /** Goes on with what changes there, until it is stopped. */
  follow: z.boolean().default(false),
  /** Deletes here what is gone there, however much it is. */
  withDeletions: z.boolean().default(false),
})

/** Which of its objects: those after an id, and with `odd` those that are not the same here. */
export const migrationItemsPage = z.object({
  after: z.coerce.number({ error: 'give the id of an item.' }).int().min(0).default(0),
  odd: z.string().optional(),
})

const count = z.int().min(0)

/** How far a migration is. A batch that is running may have stopped with its process: `isActive` says that this one runs it. */
export const migrationState = z.object({
  id: z.int(),
  url: z.string(),
  user: z.string(),
  state: z.string(),
  isActive: z.boolean(),
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
