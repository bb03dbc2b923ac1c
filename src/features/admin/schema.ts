import { z } from 'zod'
import { pageOf, paging } from '../../api/schema.ts'

const time = z.iso.datetime()

export const deviceQuery = z.object({ ...paging, account: z.string().trim().min(1).max(200).optional() })
/** The devices of all accounts, and how their sync goes. */
export const devicePage = pageOf(
  z.object({
    id: z.int(),
    account: z.string(),
    label: z.string(),
    kind: z.string().nullable(),
    looksLike: z.string().nullable(),
    isReadOnly: z.boolean(),
    createdAt: time,
    lastUsedAt: time.nullable(),
    lastAddress: z.string().nullable(),
    lastAgent: z.string().nullable(),
    /** Calendars and books that it has asked for, and numbers of changes in them that it has not. */
    collections: z.int(),
    behind: z.int(),
    /** Edits of it that were refused. */
    refusals: z.int(),
  }),
)

/** What is kept, and by whom. */
export const storageReport = z.object({
  database: z.object({ kind: z.enum(['sqlite', 'postgres']), bytes: z.int() }),
  counts: z.object({
    accounts: z.int(),
    objects: z.int(),
    revisions: z.int(),
    files: z.int(),
    blobs: z.int(),
    blobBytes: z.int(),
    usedBytes: z.int(),
  }),
  /** Those that keep most. */
  accounts: z.array(
    z.object({
      name: z.string(),
      displayName: z.string(),
      usedBytes: z.int(),
      limitBytes: z.int(),
    }),
  ),
})

const job = z.object({
  key: z.string(),
  state: z.enum(['waiting', 'running', 'failing']),
  nextAt: time,
  lastAt: time.nullable(),
  /** How often it was begun since it last ended well. */
  attempts: z.int(),
  lastError: z.string().nullable(),
  progress: z.object({ done: z.int(), total: z.int() }).nullable(),
})
export const jobList = z.object({ jobs: z.array(job) })
export const jobState = job

const outboxState = z.enum(['waiting', 'sent', 'dead', 'dropped'])
export const outboxQuery = z.object({
  ...paging,
  state: outboxState.optional(),
  kind: z.string().max(50).optional(),
})
const outboxFields = {
  id: z.int(),
  kind: z.string(),
  target: z.string(),
  state: outboxState,
  attempts: z.int(),
  nextAt: time.nullable(),
  lastError: z.string().nullable(),
  answerStatus: z.int().nullable(),
  createdAt: time,
  endedAt: time.nullable(),
}
/** What is to leave the server, or has left it. */
export const outboxItem = z.object(outboxFields)
export const outboxPage = z.object({
  items: z.array(z.object({ ...outboxFields, account: z.string() })),
  next: z.string().nullable(),
  counts: z.object({ waiting: z.int(), sent: z.int(), dead: z.int(), dropped: z.int() }),
})

/** What runs here. */
export const serverReport = z.object({
  version: z.string(),
  node: z.string(),
  startedAt: time,
  database: z.enum(['sqlite', 'postgres']),
  migrations: z.object({ count: z.int(), last: z.string() }),
  publicUrl: z.string().nullable(),
  /** Jobs that failed last, and what was given up in the outbox. */
  failingJobs: z.int(),
  deadOutbox: z.int(),
})
