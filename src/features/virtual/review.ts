import { findCollectionById } from '../../../storage/collections.ts'
import { lockFeed, raiseFloor } from '../../../storage/feeds.ts'
import type { PrincipalId } from '../../../storage/ids.ts'
import { listObjects } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { forgetHistory } from '../../../storage/purge.ts'
import { grouped } from '../../../storage/select.ts'
import { type Reader, readsWithin, type Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  beginAnew,
  findVirtualBook,
  maskKeysInUse,
  someVirtualBooks,
  strayBooks,
  type VirtualBook,
  virtualJob,
} from '../../../storage/virtual/books.ts'
import { listMasks, masksByUser } from '../../../storage/virtual/masks.ts'
import { forgetVirtualMembers, membersBetween } from '../../../storage/virtual/members.ts'
import { deleteObject } from '../../../storage/write-path.ts'
import { type HeldMasks, heldOf, keyOfMasks, parseMasks } from '../masks/masks.ts'
import { createPause } from '../pause.ts'
import { dropVirtualBook } from './make.ts'

const batch = 200

/**
 * Lets virtual books follow who holds which masks: what stands for books for masks that nobody holds any more goes, and what
 * somebody has with other masks than his is emptied, and copied anew.
 */
export async function reviewMasks(tx: Writer, origin: Origin): Promise<void> {
  const held = await heldByUser(tx)
  // What somebody has by masks of his own book goes by what stands for others with both.
  const keys = new Set([...[...held.values()].map(({ key }) => key), ...(await maskKeysInUse(tx))])
  for (let after = 0; ; ) {
    const books = await someVirtualBooks(tx, { after, limit: batch })
    for (const book of books) {
      if (book.twinOf === null) await reviewBook(tx, book, held.get(book.collection.principalId), origin)
      else if (!keys.has(book.maskKey)) await dropVirtualBook(tx, book, origin)
    }
    const last = books.at(-1)
    if (!last || books.length < batch) return
    after = last.collectionId
  }
}

async function heldByUser(reader: Reader): Promise<ReadonlyMap<PrincipalId, HeldMasks>> {
  const masks = new Map((await listMasks(reader)).map((mask) => [mask.id, mask]))
  const rows = new Map<PrincipalId, HeldMasks>()
  const byUser = grouped(await masksByUser(reader), ({ userId }) => userId)
  for (const [userId, held] of byUser)
    rows.set(userId, heldOf(held.flatMap(({ maskId }) => masks.get(maskId) ?? [])))
  return rows
}

/**
 * Empties a book of somebody whose masks are others by now: he sees nothing of it until it is copied again, and every device
 * starts afresh.
 * @returns whether it was so
 */
export async function reviewBook(
  tx: Writer,
  known: VirtualBook,
  held: Pick<HeldMasks, 'written'> | undefined,
  origin: Origin,
): Promise<boolean> {
  const key = keyOfMasks([...parseMasks(known.masks), ...(held?.written ?? [])])
  if (known.maskKey === key) return false
  await lockFeed(tx, known.collection.feedId)
  const book = await findVirtualBook(tx, known.collectionId)
  if (!book || book.maskKey === key) return false
  await empty(tx, book, origin)
  await beginAnew(tx, book.collectionId, key)
  await scheduleJob(tx, virtualJob, tx.now)
  return true
}

async function empty(tx: Writer, { collection }: VirtualBook, origin: Origin): Promise<void> {
  let change = collection.feedChange
  // In one write, so that nothing is seen meanwhile that is hidden now; whoever reads need not wait for it.
  const pause = createPause()
  for await (const page of listObjects(readsWithin(tx), collection.id)) {
    for (const row of page) {
      change = (await deleteObject(tx, collection, row, origin)).change
      const turn = pause()
      if (turn) await turn
    }
    await forgetHistory(
      tx,
      page.map(({ id }) => id),
    )
  }
  for (;;) {
    const members = await membersBetween(tx, collection.id, 0, Number.MAX_SAFE_INTEGER, batch)
    if (members.length === 0) break
    await forgetVirtualMembers(
      tx,
      collection.id,
      members.map(({ sourceId }) => sourceId),
    )
  }
  await raiseFloor(tx, collection.feedId, change)
}

/** Takes away what stands for books that are gone, and books of which nothing is known. @returns whether there may be more */
export async function dropStrays(tx: Writer, origin: Origin): Promise<boolean> {
  const ids = await strayBooks(tx, batch)
  for (const id of ids) {
    const book = await findVirtualBook(tx, id)
    const collection = book?.collection ?? (await findCollectionById(tx, id))
    if (collection) await dropVirtualBook(tx, { collection }, origin)
  }
  return ids.length === batch
}
