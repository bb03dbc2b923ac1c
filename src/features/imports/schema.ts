import { z } from 'zod'
import { cardDetails } from '../cards/schema.ts'
import { fieldTypes } from '../fields/schema.ts'
import { newColumnField } from '../transfer/schema.ts'

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
  /** Labels that every person gets, with commas between. */
  labels: z.string().max(5_000).default(''),
})

const label = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(200)
  .regex(/^[^\x00-\x1f\x7f]*$/, 'one line')

const onMatch = z.enum(['update', 'skip', 'new'])

/** Numbers of items; so many can be chosen one by one. */
const numbers = z.array(z.int().min(1)).max(20_000)
const choices = z.strictObject({
  update: numbers.optional(),
  skip: numbers.optional(),
  new: numbers.optional(),
})

/** `TEL;cell`, `field:KEY`, `-` for left out, `+` for kept on the card as it came, `new:TYPE`, or a field to be defined. */
const columnTarget = z.union([z.string().max(200), newColumnField])

/** What is asked of a file that was sent before; what is not said is as it is wished, else as it was then. */
export const importRun = z.strictObject({
  /** Nothing is stored, as to see what other columns would do. */
  dryRun: z.boolean().default(false),
  /** By headers, or numbers counted from 1. */
  columns: z.record(z.string().min(1).max(500), columnTarget).optional(),
  match: z.array(z.enum(['email', 'phone', 'name'])).optional(),
  onMatch: onMatch.optional(),
  /** What becomes of single items that are there already, in place of that: their numbers. */
  choices: choices.optional(),
  into: z.string().min(1).max(500).optional(),
  charset: z.string().min(1).max(40).optional(),
  labels: z.array(label).max(50).optional(),
})

/** What a table that was sent says of its columns, and where they may go. */
export const importColumns = z.object({
  /** Of other files nothing has to be said. */
  isTable: z.boolean(),
  charset: z.string().nullable(),
  /** Whether a row says what the columns are; else they are known by their numbers. */
  hasHeader: z.boolean(),
  columns: z.array(
    z.object({
      /** Counted from 1. */
      number: z.int(),
      header: z.string(),
      /** Of the first rows, those in which something stands, and what. */
      filled: z.int(),
      samples: z.array(z.string()),
      /** All that stands there, where that is little enough for a choice. */
      answers: z.array(z.string()).nullable(),
      /** Where it goes as it is; null where it is kept on the card as it came. */
      target: z.string().nullable(),
      /** Of one that goes to a field which is only defined when it is imported: the type of that. */
      newType: z.enum(fieldTypes).optional(),
    }),
  ),
  targets: z.array(z.string()),
  fields: z.array(z.object({ target: z.string(), label: z.string(), type: z.enum(fieldTypes) })),
  /** Types of fields that may be defined for columns. */
  newTypes: z.array(z.enum(fieldTypes)),
  /** Whether for everybody; those of an address book of one's own always may. */
  mayDefine: z.boolean(),
})

const object = {
  component: z.string(),
  text: z.string(),
  /** Of a card. */
  details: cardDetails.nullable(),
}

/** One item of a file, as it would be, beside what is there already. */
export const importPreview = z.object({
  number: z.int(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'skipped', 'refused']),
  note: z.string(),
  after: z.object(object).nullable(),
  match: z.object({ object: z.int(), party: z.int().nullable(), ...object }).nullable(),
  /** What would stand in fields beside the card. */
  values: z.array(z.object({ key: z.string(), label: z.string(), value: z.unknown() })),
})

/** How an import is undone. */
export const undoRequest = z.strictObject({
  /** What was changed since is undone too. */
  force: z.boolean().default(false),
})

/** The id of the import, or the number of the item, that the last page ended with. */
const place = z.coerce.number().int().min(0).optional()
export const importsPage = z.object({ before: place })
export const itemsPage = z.object({
  after: place,
  /** Only those that meet what is there already, or with which something is the matter. */
  part: z.enum(['all', 'met', 'odd']).optional(),
})

/** What becomes of the item where it is there already; without it as the import was asked for. */
export const previewQuery = z.object({ onMatch: onMatch.optional() })

/**
 * What an item meets: an object that is there, one that came before it in the file, several that are there, or the card of
 * somebody who was merged into another.
 */
const meets = z.enum(['one', 'file', 'several', 'merged'])
const outcome = z.enum(['created', 'updated', 'unchanged', 'skipped', 'refused'])

const count = z.int().min(0)

/** How far an import is. */
export const importState = z.object({
  id: z.int(),
  state: z.string(),
  dryRun: z.boolean(),
  /** It was tried, and waits to be done: its file is kept for it, and what is wished of it. */
  waits: z.boolean(),
  name: z.string().optional(),
  /** How many items there are, about: an event that has exceptions is counted for each. */
  total: count.optional(),
  counts: z.object({ created: count, updated: count, unchanged: count, skipped: count, refused: count }),
  undone: count.optional(),
  kept: count.optional(),
  error: z.string().optional(),
  /** Of one that is asked for by its id: how many items meet what, and what becomes of them. */
  met: z.array(z.object({ meets, outcome, count })).optional(),
  /** Likewise, what it was asked for. */
  asked: z
    .object({
      match: z.array(z.enum(['email', 'phone', 'name'])),
      onMatch,
      choices,
      labels: z.array(z.string()),
      into: z.string().optional(),
    })
    .optional(),
  /** Of one that waits: another that waits with the very same file, the latest, and when that was sent. */
  twin: z.object({ id: z.int(), startedAt: z.int() }).optional(),
  /** Epoch milliseconds. */
  startedAt: z.int(),
  touchedAt: z.int(),
})

/** What is to become of an import that was tried, when it is done. */
export const importWish = z.object({
  waits: z.boolean(),
  match: z.array(z.enum(['email', 'phone', 'name'])),
  onMatch,
  into: z.string().nullable(),
  labels: z.array(z.string()),
  /** Those that are said to go elsewhere than their names say. */
  columns: z.record(z.string(), columnTarget),
  /** Items that meet what is there already, and for which something else was chosen than for all. */
  choices: z.array(z.object({ number: z.int(), way: onMatch, meets, outcome })),
})

/** What somebody says of it; the rest stays as it is. */
export const wishChange = z.strictObject({
  /** False puts it away, and stops the trial where it is; true brings it back for as long as its file is kept. */
  waits: z.boolean().optional(),
  match: z.array(z.enum(['email', 'phone', 'name'])).optional(),
  onMatch: onMatch.optional(),
  into: z.string().min(1).max(500).nullable().optional(),
  labels: z.array(label).max(50).optional(),
  /** By headers, or numbers counted from 1; null for where its name says. */
  columns: z.record(z.string().min(1).max(500), columnTarget.nullable()).optional(),
  choices: z
    .strictObject({
      /** By the numbers of items; null as for all. */
      each: z
        .record(z.string().regex(/^[1-9]\d{0,8}$/, 'a number of an item'), onMatch.nullable())
        .default({}),
      /** What was chosen one by one before is forgotten. */
      forget: z.boolean().default(false),
    })
    .optional(),
})

export const importList = z.object({ imports: z.array(importState) })

/** What became of each item; `next` goes on. */
export const importItems = z.object({
  items: z.array(
    z.object({
      number: z.int(),
      place: z.string(),
      /** What it is called in the file. */
      title: z.string().optional(),
      outcome,
      meets: meets.optional(),
      note: z.string().optional(),
      name: z.string().optional(),
      component: z.string().nullable().optional(),
      undo: z.enum(['undone', 'kept']).optional(),
      undoNote: z.string().optional(),
    }),
  ),
  next: z.int().optional(),
  /** With the first page: how many there are, and after which number each page begins, so that any can be looked at. */
  count: count.optional(),
  starts: z.array(z.int()).optional(),
})
