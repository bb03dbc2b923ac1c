import type { CollectionRow } from '../../../storage/collections.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  findTwins,
  saveThrough,
  type VirtualBook,
  virtualBooksOf,
  virtualJob,
} from '../../../storage/virtual/books.ts'
import { countVirtualMembers } from '../../../storage/virtual/members.ts'
import type { Session } from '../../auth/session.ts'
import { keyOfMasks, masksFor, masksOfSession, parseMasks } from '../masks/masks.ts'
import { type CopyingServices, cardsAtOnce, copyAll } from './follow.ts'
import { makeTwin } from './make.ts'
import { reviewBook } from './review.ts'
import { sourceOf } from './sources.ts'

/**
 * Has the virtual books of whoever asks hold what they are to hold, before he is answered: one that was just made is not
 * seen half, and one of which he may see less by now not at all. One of very many is seen as it is, and filled by a job.
 */
export async function readyOwnBooks(services: CopyingServices, session: Session): Promise<void> {
  const { store, now } = services
  const { id } = session.principal
  const found = await store.read(async (reader) => {
    const all = await virtualBooksOf(reader, id)
    const books = all.filter(({ collection }) => collection.principalId === id)
    if (books.length === 0) return undefined
    return {
      stale: await staleAmong(reader, books, now()),
      books,
      held: await masksOfSession(reader, session),
    }
  })
  if (!found) return
  for (const book of found.books) {
    const isOther = keyOfMasks([...parseMasks(book.masks), ...found.held.written]) !== book.maskKey
    const isStale = found.stale.has(book)
    if (isOther) await store.write((tx) => reviewBook(tx, book, found.held, originOf(services)))
    else if (isStale) await store.write((tx) => saveThrough(tx, book.collectionId, 0))
    if (isOther || isStale || book.through !== null) await copyFew(services, book, isOther || isStale)
  }
}

/** Copies what can be waited for. @param isNew  whether it was found just now that there is something to copy */
async function copyFew(
  services: CopyingServices,
  { collectionId }: VirtualBook,
  isNew: boolean,
): Promise<void> {
  const { store, settings } = services
  const most = settings.api.listedAtOnce
  const known = await store.read((reader) => countVirtualMembers(reader, collectionId, most + 1))
  let left = most - known
  const next = async (): Promise<unknown> => {
    left -= cardsAtOnce
    return left < 0 ? 'stop' : undefined
  }
  const isDone = known <= most && (await copyAll(services, collectionId, next))
  // Of what another request has found a job knows already.
  if (!isDone && (isNew || known <= most)) await store.write((tx) => scheduleJob(tx, virtualJob, tx.now))
}

/** Those that hold what they were to hold when they were looked at last, and may have to hold something else by now. */
async function staleAmong(
  reader: Reader,
  books: readonly VirtualBook[],
  now: number,
): Promise<ReadonlySet<VirtualBook>> {
  const stale = new Set<VirtualBook>()
  for (const book of books)
    if (book.through === null && (await sourceOf(book.kind)?.isStale?.(reader, book, now))) stale.add(book)
  return stale
}

/**
 * Has what stands for books for whoever asks, who does not see all of them, before he is answered.
 * @param books  of others, that he reads
 */
export async function readyTwins(
  services: CopyingServices,
  session: Session,
  books: readonly CollectionRow[],
): Promise<void> {
  const { store, newId } = services
  const wanted = books.filter(isMaskable)
  if (wanted.length === 0) return
  const seen = await store.read((reader) => seenBooks(reader, session, wanted))
  for (const book of wanted) {
    const twin = seen(book)
    if (twin === 'whole' || (twin !== undefined && twin.through === null)) continue
    const made = await store.write(async (tx) => {
      const held = await masksOfSession(tx, session)
      return held.key === '' ? undefined : makeTwin(tx, book, held, { origin: originOf(services), newId })
    })
    if (made) await copyAll(services, made.collectionId)
  }
}

/** What somebody sees of a book: the whole of it; what stands for it; or, where that is not there yet, nothing. */
export type SeenBook = (book: Seeable) => VirtualBook | 'whole' | undefined
export type Seeable = Pick<CollectionRow, 'id' | 'principalId' | 'kind' | 'generated'>

/** How whoever asks sees these books. Nobody sees less of what is his own. */
export async function seenBooks(
  reader: Reader,
  session: Session,
  books: readonly Seeable[],
): Promise<SeenBook> {
  const mine = (book: Seeable): boolean => book.principalId === session.principal.id || !isMaskable(book)
  const others = books.filter((book) => !mine(book))
  if (others.length === 0) return () => 'whole'
  const { key, masks } = await masksOfSession(reader, session)
  if (key === '') return () => 'whole'
  const isWhole = (book: Seeable): boolean => mine(book) || masksFor(masks, book).length === 0
  const twins = await findTwins(
    reader,
    others.map(({ id }) => id),
    key,
  )
  const byBook = new Map(twins.map((twin) => [twin.twinOf, twin]))
  return (book) => {
    if (isWhole(book)) return 'whole'
    const twin = byBook.get(book.id)
    return twin?.collection.principalId === book.principalId ? twin : undefined
  }
}

function isMaskable({ kind, generated }: Pick<CollectionRow, 'kind' | 'generated'>): boolean {
  return kind === 'addressbook' && (generated === null || generated === 'virtual')
}

function originOf({ newId }: CopyingServices): Origin {
  return { kind: 'job', requestId: newId() }
}
