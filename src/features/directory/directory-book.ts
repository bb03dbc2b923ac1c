import type { Settings } from '../../../config/defaults.ts'
import { createCollection, deleteCollection } from '../../../storage/collection-writes.ts'
import { type CollectionRow, countCollections, findCollectionById } from '../../../storage/collections.ts'
import { lockFeed, lockHome } from '../../../storage/feeds.ts'
import {
  type DirectoryBookRow,
  findDirectoryBook,
  saveDirectoryBook,
  wantDirectoryBook,
} from '../../../storage/generated/directory-books.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { ObjectId, PrincipalId } from '../../../storage/ids.ts'
import { listObjects, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { forgetHistory } from '../../../storage/purge.ts'
import { readsWithin, type Writer } from '../../../storage/store.ts'
import { deleteObject, putObject } from '../../../storage/write-path.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { etagOf } from '../bodies.ts'
import { prepareObject } from '../objects.ts'
import { freeMountName } from '../sharing/sharing.ts'
import { colleagueCards, readColleagues } from './colleagues.ts'

/** The name it has in every home, unless something else has it there. */
const directoryName = 'directory'

type Making = Pick<Services, 'store' | 'settings' | 'newId'>

/**
 * Makes the directory of whoever asks hold those whom he may see now, before he is answered: rights that were taken away
 * are gone at once, and since it is stored like every other address book, whoever syncs hears of exactly that.
 * @param asked  the name of the collection he asks for; undefined for all in his home
 */
export async function refreshDirectory(
  making: Making,
  session: Session,
  asked: string | undefined,
): Promise<void> {
  const { store, settings } = making
  if (!session.hasDirectoryBook) return
  const book = await store.read((reader) => findDirectoryBook(reader, session.principal.id))
  if (book?.isOff === 1 || (asked !== undefined && asked !== (book?.name ?? directoryName))) return
  const wanted = await readColleagues(store, session, settings.directory.cards)
  if (book?.name && book.madeBy === wanted.madeBy) return
  while (await store.write((tx) => bring(tx, session, making))) {}
}

/** Cards of one write at most, so that others can write in between. */
const cardsAtOnce = 500

/** @returns whether there is more to do */
async function bring(tx: Writer, session: Session, { settings, newId }: Making): Promise<boolean> {
  const { id } = session.principal
  const home = (await listHomes(tx, id)).find(({ kind }) => kind === 'addressbooks')
  if (!home) return false
  await lockHome(tx, home.id)
  const known = await findDirectoryBook(tx, id)
  if (known?.isOff === 1) return false
  const origin: Origin = { kind: 'job', requestId: newId() }
  const book = (await livingBook(tx, known)) ?? (await makeBook(tx, home.id, origin, { settings, newId }))
  if (!book) return false
  await lockFeed(tx, book.feedId)
  const within = readsWithin(tx)
  const wanted = await readColleagues(within, session, settings.directory.cards)
  const hasMore = await apply(tx, book, await colleagueCards(tx, wanted), { origin, settings })
  await saveDirectoryBook(tx, {
    principalId: id,
    collectionId: book.id,
    madeBy: hasMore ? '' : wanted.madeBy,
  })
  return hasMore
}

async function livingBook(
  tx: Writer,
  known: DirectoryBookRow | undefined,
): Promise<CollectionRow | undefined> {
  return known?.collectionId ? findCollectionById(tx, known.collectionId) : undefined
}

/** Undefined where the home is full: what people make themselves goes first. */
async function makeBook(
  tx: Writer,
  homeId: CollectionRow['homeId'],
  origin: Origin,
  { settings, newId }: Pick<Making, 'settings' | 'newId'>,
): Promise<CollectionRow | undefined> {
  if ((await countCollections(tx, homeId)) >= settings.limits.collectionsPerHome) return undefined
  const made = {
    kind: 'addressbook',
    name: await freeMountName(tx, homeId, directoryName),
    displayname: settings.directory.bookName,
    resourceId: newId(),
    generated: 'directory',
  } as const
  return createCollection(tx, homeId, made, origin)
}

/** @returns whether there is more to do */
async function apply(
  tx: Writer,
  book: CollectionRow,
  cards: ReadonlyMap<string, string>,
  { origin, settings }: { readonly origin: Origin; readonly settings: Settings },
): Promise<boolean> {
  const stored = await storedCards(tx, book)
  const gone = [...stored.values()].filter(({ name }) => !cards.has(name))
  const changed = [...cards].filter(([name, text]) => stored.get(name)?.etag !== etagOf(Buffer.from(text)))
  const touched: ObjectId[] = []
  for (const row of gone.slice(0, cardsAtOnce)) {
    await deleteObject(tx, book, row, origin)
    touched.push(row.id)
  }
  for (const [name, text] of changed.slice(0, cardsAtOnce)) {
    const existing = stored.get(name)
    const object = prepareObject('addressbook', Buffer.from(text), settings, tx.now)
    const size = object.body.byteLength
    await putObject(tx, { ...object, collection: book, name, size, origin, existing })
    if (existing) touched.push(existing.id)
  }
  await forgetHistory(tx, touched)
  return gone.length > cardsAtOnce || changed.length > cardsAtOnce
}

async function storedCards(tx: Writer, { id }: CollectionRow): Promise<ReadonlyMap<string, ObjectRow>> {
  const within = readsWithin(tx)
  const rows = new Map<string, ObjectRow>()
  for await (const page of listObjects(within, id)) for (const row of page) rows.set(row.name, row)
  return rows
}

/** Lets an account have its directory, or not; one that is there goes, and leaves nothing in the trash. */
export async function showDirectory(
  tx: Writer,
  id: PrincipalId,
  isShown: boolean,
  origin: Origin,
): Promise<void> {
  const book = isShown ? undefined : await livingBook(tx, await findDirectoryBook(tx, id))
  if (book) await dropDirectory(tx, book, origin)
  await wantDirectoryBook(tx, id, isShown)
}

/** Takes it away; it is made again when it is asked for. */
export async function dropDirectory(tx: Writer, book: CollectionRow, origin: Origin): Promise<void> {
  await lockHome(tx, book.homeId)
  await deleteCollection(tx, book, origin)
  await saveDirectoryBook(tx, { principalId: book.principalId, collectionId: null, madeBy: '' })
}
