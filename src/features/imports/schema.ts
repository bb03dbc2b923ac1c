import { z } from 'zod'

/** What is said of a file that is sent to be imported, in the query of its request. */
export const newImport = z.strictObject({
  /** The name of the file: its ending says what it is written in. */
  name: z.string().min(1).max(200),
  /** The name of the collection that shall have everything, or its display name. */
  into: z.string().min(1).max(500).optional(),
  /** Nothing is stored: the items say what would become of them. */
  dryRun: z.enum(['0', '1']).default('0'),
  /** What of a card is compared, with commas between, beside its UID: email, phone, name. */
  match: z.string().max(100).default(''),
  onMatch: z.enum(['update', 'skip', 'new']).default('update'),
  charset: z.string().min(1).max(40).optional(),
  /** JSON: headers or numbers of columns, and where they go. */
  columns: z.string().max(100_000).optional(),
})

/** How an import is undone. */
export const undoRequest = z.strictObject({
  /** What was changed since is undone too. */
  force: z.boolean().default(false),
})
