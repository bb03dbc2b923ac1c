import { patchCollection } from '../../../storage/collection-writes.ts'
import { renameSlot } from '../../../storage/grants/grant-books.ts'
import { type GrantRow, labelGrantsBy, relabelGrant, removeGrant } from '../../../storage/grants/grants.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import { findPrincipalById } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  labelBooksOf,
  redefineVirtualBook,
  rewordVirtualBook,
  type VirtualBook,
  virtualJob,
} from '../../../storage/virtual/books.ts'
import { cardsOfBook } from '../../../storage/virtual/cards.ts'
import { type Renaming, renamedIn } from '../labels/renaming.ts'
import type { Sharing } from '../sharing/sharing.ts'
import { copyMore, labelDefinition, labelsIn } from '../virtual/virtual.ts'
import { reconcileGiver } from './reconcile.ts'
import { formerLabelsOf, slotOf, titleOfLabel } from './wanted.ts'

/**
 * Lets what is shared of a label, and the books of it, follow when it is called otherwise, before its cards do: whoever was in
 * a book stays in it, and devices keep it. What is of all books of somebody follows nobody but him: another would share more of
 * them by that.
 */
export async function relabelGrants(tx: Writer, renaming: Renaming, sharing: Sharing): Promise<void> {
  const owners = [...renaming.owners]
  const grants = await labelGrantsBy(tx, owners)
  const changed = new Set<PrincipalId>()
  for (const grant of grants) if (await relabelOne(tx, grant, renaming)) changed.add(grant.giverId)
  for (const book of await labelBooksOf(tx, owners)) await relabelBook(tx, book, renaming, sharing)
  for (const id of changed) {
    await dropTwins(tx, id)
    const giver = await findPrincipalById(tx, id)
    if (giver) await reconcileGiver(tx, giver, sharing)
  }
}

/** @param sourceId  the book that something is of; null for all books of its owner */
function isMeant({ books, authorId }: Renaming, sourceId: CollectionId | null, owner: PrincipalId): boolean {
  return sourceId === null ? authorId === owner : books.has(sourceId)
}

/** @returns whether it is of a label of another name by now */
async function relabelOne(tx: Writer, grant: GrantRow, renaming: Renaming): Promise<boolean> {
  const { sourceId, giverId, label } = grant
  if (label === null || !isMeant(renaming, sourceId, giverId)) return false
  const names = { label, was: formerLabelsOf(grant) }
  if (!renamedIn(names, renaming, true)) return false
  const now = renamedIn(names, renaming, await isLeft(tx, sourceId, giverId, renaming.from))
  if (!now) return false
  const formerLabels = JSON.stringify(now.was)
  if (now.label === label && formerLabels === grant.formerLabels) return false
  await relabelGrant(tx, { id: grant.id, label: now.label, formerLabels })
  if (now.label === label) return false
  await renameSlot(tx, giverId, { from: slotOf(grant), to: slotOf({ ...grant, label: now.label }) })
  return true
}

async function relabelBook(
  tx: Writer,
  book: VirtualBook,
  renaming: Renaming,
  { settings, origin }: Sharing,
): Promise<void> {
  const { collectionId, sourceId, ownerId, collection } = book
  if (!isMeant(renaming, sourceId, ownerId)) return
  const names = labelsIn(book.definition)
  if (!renamedIn(names, renaming, true)) return
  const now = renamedIn(names, renaming, await isLeft(tx, sourceId, ownerId, renaming.from))
  const definition = now && labelDefinition(now)
  if (!now || definition === undefined || definition === book.definition) return
  if (now.label === names.label) return rewordVirtualBook(tx, collectionId, definition)
  const owner = await findPrincipalById(tx, ownerId)
  if (owner && collection.displayname === titleOfLabel(names.label, owner))
    await patchCollection(tx, collection, { displayname: titleOfLabel(now.label, owner) }, origin)
  // Whoever has had the other label already comes into it.
  await redefineVirtualBook(tx, collectionId, { ...book, definition })
  if (await copyMore(tx, collectionId, { settings, origin })) await scheduleJob(tx, virtualJob, tx.now)
}

async function isLeft(
  reader: Reader,
  book: number | null,
  ownerId: PrincipalId,
  label: string,
): Promise<boolean> {
  const cards = await cardsOfBook(reader, { book, ownerId, labels: [label] }, { after: 0, limit: 1 })
  return cards.length > 0
}

/** Of two grants that have become the same the one that lets more be done stays. */
async function dropTwins(tx: Writer, giverId: PrincipalId): Promise<void> {
  const grants = await labelGrantsBy(tx, [giverId])
  for (const same of grouped(grants, (grant) => JSON.stringify([grant.receiverId, slotOf(grant)])).values()) {
    const kept = same.find(({ access }) => access === 'read-write') ?? same[0]
    for (const { id } of same) if (id !== kept?.id) await removeGrant(tx, id)
  }
}
