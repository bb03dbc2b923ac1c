import type { WrittenMask } from '../../../protocol/vcard/mask/rules.ts'
import { createCollection, deleteCollection } from '../../../storage/collection-writes.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { CollectionId, PrincipalId } from '../../../storage/ids.ts'
import type { Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  addVirtualBook,
  findTwins,
  findVirtualBook,
  forgetVirtualBook,
  homeOfTwins,
  type VirtualBook,
  virtualJob,
  type WriteThrough,
} from '../../../storage/virtual/books.ts'
import { makeCollection } from '../collections.ts'
import { type HeldMasks, heldMasks, keyOfMasks, parseMasks } from '../masks/masks.ts'
import { freeMountName, type Sharing } from '../sharing/sharing.ts'

/** A virtual book that is to be made. */
export interface NewVirtualBook {
  /** Who has it, in his home. */
  readonly viewerId: PrincipalId
  /** What its name in URLs is made of. */
  readonly name: string
  readonly displayname: string
  readonly kind: string
  /** What the source is told, as JSON. */
  readonly definition: string
  readonly sourceId: number | null
  /** Whose cards they are, or who has defined it. */
  readonly ownerId: PrincipalId
  /** What is not seen in it, beside what its viewer never sees. */
  readonly masks: readonly WrittenMask[]
  readonly writeThrough: WriteThrough
}

/**
 * Makes a virtual book in somebody's home. Its cards are copied by a job, or when a device first asks for it.
 * @throws max-collections; undefined where the viewer has no address books
 */
export async function makeVirtualBook(
  tx: Writer,
  made: NewVirtualBook,
  { origin, settings, newId }: Sharing,
): Promise<VirtualBook | undefined> {
  const home = (await listHomes(tx, made.viewerId)).find(({ kind }) => kind === 'addressbooks')
  if (!home) return undefined
  const name = await freeMountName(tx, home.id, made.name)
  const { displayname } = made
  const collection = {
    kind: 'addressbook',
    generated: 'virtual',
    resourceId: newId(),
    name,
    displayname,
  } as const
  const { id } = await makeCollection(tx, home.id, collection, origin, settings)
  const held = await heldMasks(tx, made.viewerId)
  return define(tx, id, made, keyOfMasks([...made.masks, ...held.written]))
}

/**
 * Makes what stands for a book for those who hold these masks, unless there is one.
 * @param book  one that people fill, or a virtual one
 */
export async function makeTwin(
  tx: Writer,
  book: CollectionRow,
  held: HeldMasks,
  { origin, newId }: Pick<Sharing, 'origin' | 'newId'>,
): Promise<VirtualBook | undefined> {
  await lockFeed(tx, book.feedId)
  const [known] = await findTwins(tx, [book.id], held.key)
  if (known && known.collection.principalId === book.principalId) return known
  if (known) await dropVirtualBook(tx, known, origin)
  const base = book.generated === 'virtual' ? await findVirtualBook(tx, book.id) : undefined
  if (book.generated !== null && !base) return undefined
  const collection = { kind: 'addressbook', generated: 'masked', name: newId(), resourceId: newId() } as const
  const { id } = await createCollection(tx, await homeOfTwins(tx, book.principalId), collection, origin)
  const what = base ?? {
    ...{ kind: 'book', definition: '{}', sourceId: book.id, ownerId: book.principalId },
    ...{ masks: '[]', writeThrough: 'rights' as const },
  }
  const masks = [...parseMasks(what.masks), ...held.written]
  return define(tx, id, { ...what, masks, twinOf: book.id }, held.key)
}

async function define(
  tx: Writer,
  collectionId: CollectionId,
  {
    masks,
    ...made
  }: Pick<NewVirtualBook, 'kind' | 'definition' | 'sourceId' | 'ownerId' | 'masks' | 'writeThrough'> & {
    readonly twinOf?: CollectionId
  },
  maskKey: string,
): Promise<VirtualBook> {
  const { kind, definition, sourceId, ownerId, writeThrough, twinOf = null } = made
  const written = JSON.stringify(masks)
  const row = {
    collectionId,
    kind,
    definition,
    sourceId,
    ownerId,
    twinOf,
    masks: written,
    maskKey,
    writeThrough,
  }
  await addVirtualBook(tx, row)
  await scheduleJob(tx, virtualJob, tx.now)
  const book = await findVirtualBook(tx, collectionId)
  if (!book) throw new Error('The book was not made.')
  return book
}

/** Takes a virtual book away; nothing of it is in the trash. */
export async function dropVirtualBook(
  tx: Writer,
  { collection }: Pick<VirtualBook, 'collection'>,
  origin: Sharing['origin'],
): Promise<void> {
  await forgetVirtualBook(tx, collection.id)
  await deleteCollection(tx, collection, origin)
}
