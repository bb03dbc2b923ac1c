import { z } from 'zod'

/** Pages of history: of each state its text is read. */
export const statesPage = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})

/** Who made a change, and with what. */
export const maker = {
  at: z.iso.datetime(),
  /** client, web, import, restore, move, copy, job or rule. */
  origin: z.string(),
  /** The name of the account. */
  author: z.string().nullable(),
  device: z.object({ id: z.int(), label: z.string(), kind: z.string().nullable() }).nullable(),
  requestId: z.string().nullable(),
}

const stateFields = {
  /** Its number: what restoring it takes. */
  revision: z.int(),
  kind: z.enum(['created', 'updated', 'deleted', 'moved', 'restored']),
  ...maker,
  /** Its name in URLs, and its collection, as they were. */
  name: z.string(),
  collection: z.int(),
  component: z.string(),
  /** Null where not all of it is shown. */
  etag: z.string().nullable(),
  /** Whether its octets are still kept. */
  isKept: z.boolean(),
  /** Whether something else was sent than was stored. */
  isSentOtherwise: z.boolean(),
}

export const listedState = z.object({
  ...stateFields,
  /** What was changed, in plain words: `phone added, note changed`. */
  summary: z.string(),
})

/** A page of states; `etag` is of what is there now, which a restore may name in If-Match. */
export const statesReply = z.object({
  items: z.array(listedState),
  next: z.string().nullable(),
  etag: z.string().nullable(),
})

/** A change of what a calendar or an address book is called, and how it looks. */
export const collectionChange = z.object({
  /** What restoring takes. */
  revision: z.int(),
  ...maker,
  /** Of what I call a collection of somebody else's, which nobody but me sees. */
  isOwn: z.boolean(),
  changes: z.array(
    z.object({
      property: z.enum([
        ...(['title', 'description', 'color', 'order', 'timeZone'] as const),
        ...(['timeZoneDefinition', 'isFree', 'address', 'other'] as const),
      ]),
      /** Of another one, which a client made up: in Clark notation; what it says is XML. */
      name: z.string().optional(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
})

/** A change of a label, a list, a field, of what is shared, of a role, a mask, an account, a group or a room. */
export const thingChange = z.object({
  /** What restoring takes. */
  revision: z.int(),
  ...maker,
  how: z.enum(['added', 'changed', 'removed']),
  /** What differs, as text; JSON of what has parts, such as a filter, with names in place of ids and keys. */
  changes: z.array(
    z.object({ property: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
  ),
})

/** A role or a mask that was removed. */
export const removedThing = z.object({
  id: z.int(),
  name: z.string(),
  /** What restoring takes, by its own address. */
  revision: z.int(),
  ...maker,
})

/** A label or a field that was removed, or what is shared no longer. */
export const ownRemoved = z.object({
  kind: z.enum(['label', 'field', 'grant', 'share', 'folder']),
  /** How its address ends: its id, the name of a label, or which folder is shared with whom, as `7/shares/bob`. */
  key: z.string(),
  /** What it was called; of what was shared whom or what; empty where that is gone. */
  name: z.string(),
  /** With whom it was shared. */
  receiver: z.string().nullable(),
  /** What restoring takes, by its own address. */
  revision: z.int(),
  ...maker,
  /** Whether I did it: then undoing the request brings back what went with it too, such as a label of cards. */
  isMine: z.boolean(),
})

export const ownRemovedList = z.object({ items: z.array(ownRemoved) })

const factState = z.record(z.string(), z.unknown()).nullable()

const toldValue = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('text'), text: z.string() }),
    z.object({ type: z.literal('party'), id: z.int(), name: z.string() }),
    z.object({ type: z.literal('account'), name: z.string(), displayName: z.string() }),
  ])
  .nullable()

/** A change of a fact by parts, with names in place of ids: what a client puts into words. */
const toldFact = z.object({
  how: z.enum(['added', 'changed', 'removed']),
  /** The field that it is about. */
  field: z.object({ id: z.int(), label: z.string() }).nullable(),
  /** Whom it names, by what they are in it; of whom I see no card any more the name is empty. */
  people: z.array(z.object({ part: z.string(), id: z.int(), name: z.string() })),
  changes: z.array(z.object({ part: z.string(), from: toldValue, to: toldValue })),
})

/** What happened to somebody: to one of his cards, or to a fact beside them. */
export const partyChange = z.discriminatedUnion('type', [
  z.object({ type: z.literal('card'), object: z.int(), ...stateFields, summary: z.string() }),
  z.object({
    type: z.literal('fact'),
    /** What bringing the state before back takes. */
    revision: z.int(),
    /** What kind of fact, which of that kind, and what people call it. */
    fact: z.string(),
    key: z.string(),
    label: z.string(),
    ...maker,
    /** Null where there was none before, or is none after. */
    before: factState,
    after: factState,
    summary: toldFact,
  }),
])

const text = z.string().nullable()
/** What differs: where, what people call it, and how; then both lines, null where there is none. */
const difference = { path: z.string(), what: text, how: z.enum(['added', 'changed', 'removed']) }

/** One state with its text. Lists of differences are null where there is nothing to compare with, or too much. */
export const stateDetail = z.object({
  ...stateFields,
  text,
  sent: text,
  /** Against the state before. */
  previous: z.array(z.object({ ...difference, before: text, after: text })).nullable(),
  /** Against what is there now: what restoring a field takes. */
  now: z.array(z.object({ ...difference, was: text, is: text })).nullable(),
  /** Against what was sent. */
  stored: z.array(z.object({ ...difference, sent: text, stored: text })).nullable(),
})

export const octetsQuery = z.object({
  /** Those that were sent, where they are others. */
  sent: z.enum(['0', '1']).default('0'),
})

const line = z.string().max(20_000_000).nullable().optional()

/** What of an object is to be as it was. */
export const restoreRequest = z.strictObject({
  revision: z.int().min(1),
  /** Differences of `now` in that state; a path alone means all that is under it. Without any the whole object. */
  fields: z
    .array(z.object({ path: z.string().min(1).max(1_000), was: line, is: line }))
    .min(1)
    .max(200)
    .optional(),
})

export const restored = z.object({ kind: z.enum(['restored', 'updated', 'unchanged']), etag: z.string() })

const moment = z.iso.datetime({ offset: true })

/** Nothing is changed: the answer says what would be. */
const dryRun = z.boolean().default(false)

/** What is undone: what one request of mine did, or all that a device did between two moments, to what I may write. */
export const undoRequest = z.union([
  z.strictObject({
    /** The Farley-Request of its answer. */
    request: z.string().min(1).max(200),
    dryRun,
  }),
  z.strictObject({
    /** Its id: one of my devices, or one that has written into what is mine. */
    device: z.int().min(1),
    from: moment,
    /** Without it until now. */
    to: moment.optional(),
    dryRun,
  }),
])

const number = z.int().min(0)
const outcome = z.enum(['created', 'updated', 'removed', 'unchanged', 'skipped'])
/** Brought back, made as before, put into the trash; already so; left as it is, for the reason that is given. */
const undoCounts = z.object({
  ...{ created: number, updated: number, removed: number, unchanged: number, skipped: number },
})

const undoFields = {
  id: z.int(),
  state: z.enum(['running', 'failed', 'finished', 'undoing', 'undone']),
  counts: undoCounts,
  /** What it undoes: a request, a device, or another undo. */
  request: z.string().nullable(),
  device: z.int().nullable(),
  from: z.iso.datetime().nullable(),
  to: z.iso.datetime().nullable(),
  undo: z.int().nullable(),
  startedAt: z.iso.datetime(),
  touchedAt: z.iso.datetime(),
}

/** An undo, how far it is, and what came of it. */
export const undoState = z.object(undoFields)

/** What an undo would do; the first of its items. */
export const undoTrial = z.object({
  dryRun: z.literal(true),
  counts: undoCounts,
  items: z.array(
    z.object({
      /** An object; null for a collection, a folder, a file, and a fact beside cards: `component` says which. */
      object: z.int().nullable(),
      ...{ outcome, note: z.string(), collection: z.string() },
      ...{ name: z.string(), component: z.string(), title: z.string() },
    }),
  ),
})

export const undoItem = z.object({
  ...{ number: z.int(), place: z.string(), outcome, note: z.string() },
  ...{ object: z.int().nullable(), component: z.string().nullable(), name: z.string().nullable() },
})

/** What was undone at once (200), with what became of each; what takes longer is told as it begins (202). */
export const undoReply = z.union([
  undoTrial,
  z.object({ ...undoFields, items: z.array(undoItem) }),
  undoState,
])

/** Much that one device deleted or rewrote at once, in a collection of mine. */
export const burst = z.object({
  id: z.int(),
  collection: z.string(),
  collectionId: z.int(),
  device: z.object({ id: z.int(), label: z.string() }),
  author: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  deleted: number,
  changed: number,
  /** What I have said of it. */
  verdict: z.enum(['undone', 'kept']).nullable(),
  /** The undo of it. */
  undo: z.int().nullable(),
})
