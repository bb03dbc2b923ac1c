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

/** The id of the import, or the number of the item, that the last page ended with. */
const place = z.coerce.number().int().min(0).optional()
export const importsPage = z.object({ before: place })
export const itemsPage = z.object({ after: place })

const count = z.int().min(0)

/** How far an import is. */
export const importState = z.object({
  id: z.int(),
  state: z.string(),
  dryRun: z.boolean(),
  name: z.string().optional(),
  counts: z.object({ created: count, updated: count, unchanged: count, skipped: count, refused: count }),
  undone: count.optional(),
  kept: count.optional(),
  error: z.string().optional(),
  /** Epoch milliseconds. */
  startedAt: z.int(),
  touchedAt: z.int(),
})
export const importList = z.object({ imports: z.array(importState) })

/** What became of each item; `next` goes on. */
export const importItems = z.object({
  items: z.array(
    z.object({
      number: z.int(),
      place: z.string(),
      outcome: z.enum(['created', 'updated', 'unchanged', 'skipped', 'refused']),
      note: z.string().optional(),
      name: z.string().optional(),
      component: z.string().nullable().optional(),
      undo: z.enum(['undone', 'kept']).optional(),
      undoNote: z.string().optional(),
    }),
  ),
  next: z.int().optional(),
})
