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
