import { setTimeout as wait } from 'node:timers/promises'
import {
  advanceBatch,
  type BatchRow,
  endBatch,
  findBatchById,
  holdBatch,
  takeBatch,
} from '../../../storage/batches/batches.ts'
import type { BatchId, CollectionId } from '../../../storage/ids.ts'
import type { Writer } from '../../../storage/store.ts'
import { findVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import { countVirtualMembers } from '../../../storage/virtual/members.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { beginWork } from '../batches/begin.ts'
import { copyAll } from './follow.ts'
import { dropVirtualBook } from './make.ts'

/** The kind of job that fills the address book of a list with very many people; its id is that of the batch. */
export const fillJobKind = 'fill-book'

/** So that writes of clients come between the parts. */
const pauseMs = 5

/** Has a book filled by a job: see {@link beginWork}. @param run.total  the people who are to be in it */
export function beginFilling(
  tx: Writer,
  session: Session,
  { collectionId }: VirtualBook,
  { total, ...run }: Parameters<typeof beginWork>[3] & { readonly total: number },
): Promise<BatchRow> {
  const action = { do: 'fill', book: collectionId }
  return beginWork(tx, session, { job: fillJobKind, action, total, options: {} }, run)
}

/** Fills it, or goes on where it was stopped; where somebody stops it, the book goes again. */
export async function runFilling(services: Services, id: BatchId, signal: AbortSignal): Promise<'over'> {
  const { store, newId } = services
  const batch = await store.read((reader) => findBatchById(reader, id))
  if (batch?.kind !== 'bulk') return 'over'
  const runner = newId()
  const { action, total } = JSON.parse(batch.source) as {
    readonly action: { readonly book: CollectionId }
    readonly total: number
  }
  if (await store.write((tx) => takeBatch(tx, id, runner))) {
    const isDone = await copyAll(services, action.book, async () => {
      const goesOn = await store.write((tx) => noteFilled(tx, { id, runner }, action.book, total))
      if (!goesOn || signal.aborted) return 'stop'
      return wait(pauseMs)
    })
    if (signal.aborted) return 'over'
    if (isDone) await store.write((tx) => endFilling(tx, { id, runner }, total))
  }
  const now = await store.read((reader) => findBatchById(reader, id))
  if (now?.state === 'finished' && Number(now.reached ?? 0) < total)
    await store.write((tx) => dropHalf(tx, action.book, now))
  return 'over'
}

const none = { created: 0, updated: 0, unchanged: 0, skipped: 0, refused: 0 }

interface Held {
  readonly id: BatchId
  readonly runner: string
}

/** Writes down how far it is. @returns false where somebody has stopped it */
async function noteFilled(tx: Writer, held: Held, book: CollectionId, total: number): Promise<boolean> {
  if (!(await holdBatch(tx, held))) return false
  // More may have come into the list since it was begun: the last of it is done at the end.
  const done = Math.min(await countVirtualMembers(tx, book), total - 1)
  await advanceBatch(tx, held.id, String(Math.max(0, done)), none)
  return true
}

async function endFilling(tx: Writer, held: Held, total: number): Promise<void> {
  if (!(await holdBatch(tx, held))) return
  await advanceBatch(tx, held.id, String(total), { ...none, updated: total })
  await endBatch(tx, held, { kind: 'finished' })
}

/** What is half there is nothing that a device should have. */
async function dropHalf(tx: Writer, id: CollectionId, { principalId, key }: BatchRow): Promise<void> {
  const book = await findVirtualBook(tx, id)
  if (book && book.through !== null)
    await dropVirtualBook(tx, book, { kind: 'web', authorId: principalId, requestId: key })
}
