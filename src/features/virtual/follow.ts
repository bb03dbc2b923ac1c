import type { Settings } from '../../../config/defaults.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import { allPlacementsOf, placementsByObject } from '../../../storage/people/parties.ts'
import { markMaskedListBooks } from '../../../storage/smart-lists/books.ts'
import type { Reader, Store, Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import {
  findVirtualBook,
  findVirtualBooks,
  hasVirtualBooks,
  saveThrough,
  type VirtualBook,
  virtualJob,
} from '../../../storage/virtual/books.ts'
import { membersBetween, membershipsOf } from '../../../storage/virtual/members.ts'
import { masksOfBook } from '../masks/masks.ts'
import type { Follower, Touched } from '../people/follower.ts'
import { type Copying, renewCopies } from './copies.ts'
import { makeTwin } from './make.ts'
import type { Changed } from './source.ts'
import { sourceOf, sources } from './sources.ts'

/** Cards of one write at most, so that others can write in between. */
export const cardsAtOnce = 250
/** Cards of one book that one look goes over. */
const membersAtOnce = 1_000

/** Brings virtual books up to date in the write that changes cards, or what is known of people. Of very many cards some are left to a job. */
export const followVirtual: Follower = async (tx, touched, { settings, newId }) => {
  if (!(await hasVirtualBooks(tx))) return
  const candidates = await candidatesOf(tx, touched)
  if (candidates.size === 0) return
  const copying: Copying = { settings, origin: { kind: 'job', requestId: newId() } }
  let isLeftOver = false
  const books = await findVirtualBooks(tx, [...candidates.keys()])
  for (const { collection } of books) await lockFeed(tx, collection.feedId)
  // What stands for other books comes first: by that it is decided who is in a list.
  for (const book of books.toSorted((one, other) => turnOf(one) - turnOf(other))) {
    const ids = [...(candidates.get(book.collectionId) ?? [])].sort((one, other) => one - other)
    if (await renewSome(tx, book, ids, copying)) isLeftOver = true
  }
  if (isLeftOver) await scheduleJob(tx, virtualJob, tx.now)
}

function turnOf({ kind, twinOf }: VirtualBook): number {
  return kind === 'book' && twinOf !== null ? 0 : 1
}

async function candidatesOf(
  reader: Reader,
  touched: Touched,
): Promise<ReadonlyMap<CollectionId, ReadonlySet<ObjectId>>> {
  const changed = await changedBy(reader, touched)
  const candidates = new Map<CollectionId, Set<ObjectId>>()
  const add = (book: CollectionId, ids: readonly ObjectId[]): void => {
    const known = candidates.get(book) ?? new Set()
    candidates.set(book, known)
    for (const id of ids) known.add(id)
  }
  for (const { collectionId, sourceId } of await membershipsOf(reader, changed.objectIds))
    add(collectionId, [sourceId])
  for (const source of sources)
    for (const [book, ids] of await source.affected(reader, changed)) add(book, ids)
  return candidates
}

async function changedBy(reader: Reader, { cards, parties }: Touched): Promise<Changed> {
  const touchedIds = cards.map(({ objectId }) => objectId)
  const placements = parties.size === 0 ? [] : await allPlacementsOf(reader, [...parties])
  const placed = await placementsByObject(reader, touchedIds)
  const partyIds = new Set(parties)
  for (const { partyId } of placed.values()) partyIds.add(partyId)
  const objectIds = [...new Set([...touchedIds, ...placements.map(({ objectId }) => objectId)])]
  return { cards, parties, objectIds, partyIds: [...partyIds] }
}

/**
 * What does not belong any more goes at once, whatever it costs.
 * @returns whether there is more to do
 */
async function renewSome(
  tx: Writer,
  book: VirtualBook,
  ids: readonly ObjectId[],
  copying: Copying,
): Promise<boolean> {
  if (ids.length <= cardsAtOnce) {
    await renewCopies(tx, book, ids, copying)
    return false
  }
  const belonging = (await sourceOf(book.kind)?.matches(tx, book, ids)) ?? new Set()
  await renewCopies(
    tx,
    book,
    ids.filter((id) => !belonging.has(id)),
    copying,
  )
  await renewCopies(tx, book, ids.filter((id) => belonging.has(id)).slice(0, cardsAtOnce), copying)
  await saveThrough(tx, book.collectionId, 0)
  return true
}

/**
 * Goes on copying into a book, from where it has come to.
 * @returns whether there is more to do
 */
export async function copyMore(tx: Writer, id: CollectionId, copying: Copying): Promise<boolean> {
  const known = await findVirtualBook(tx, id)
  if (!known || known.through === null) return false
  await lockFeed(tx, known.collection.feedId)
  const book = await findVirtualBook(tx, id)
  if (!book || book.through === null) return false
  const after = book.through
  if (after === 0) await sourceOf(book.kind)?.begins?.(tx, book)
  const page = (await sourceOf(book.kind)?.members(tx, book, { after, limit: cardsAtOnce })) ?? ([] as const)
  let upTo = page.length < cardsAtOnce ? Number.MAX_SAFE_INTEGER : (page.at(-1) ?? after)
  const members = await membersBetween(tx, id, after, upTo, membersAtOnce)
  if (members.length === membersAtOnce) upTo = members.at(-1)?.sourceId ?? upTo
  const ids = new Set([...members.map(({ sourceId }) => sourceId), ...page.filter((one) => one <= upTo)])
  await renewCopies(tx, book, [...ids], copying)
  const isDone = upTo === Number.MAX_SAFE_INTEGER
  await saveThrough(tx, id, isDone ? null : upTo)
  if (isDone && turnOf(book) === 0 && (await markMaskedListBooks(tx, book.maskKey)) > 0)
    await scheduleJob(tx, virtualJob, tx.now)
  return !isDone
}

/** More than any book needs. */
const mostRounds = 10_000

/**
 * Copies into a book until all is there, each part in a write of its own; and before that into what it goes by.
 * @param pause  between two of them; where it says `stop`, the others are left
 * @returns whether all is there
 */
export async function copyAll(
  services: CopyingServices,
  id: CollectionId,
  pause: () => Promise<unknown> = async () => {},
): Promise<boolean> {
  const { store, settings, newId } = services
  const copying: Copying = { settings, origin: { kind: 'job', requestId: newId() } }
  for (const twin of await lackingTwins(services, id))
    if (!(await copyAll(services, twin, pause))) return false
  for (let round = 0; round < mostRounds; round += 1) {
    if (!(await store.write((tx) => copyMore(tx, id, copying)))) return true
    if ((await pause()) === 'stop') return false
  }
  return false
}

/** What stands for books by which a book goes, made where it is not there, that has not been copied yet. */
async function lackingTwins(
  { store, newId }: CopyingServices,
  id: CollectionId,
): Promise<readonly CollectionId[]> {
  const asked = await store.read(async (reader) => {
    const book = await findVirtualBook(reader, id)
    const lacks = book && sourceOf(book.kind)?.lacks
    return book && lacks ? { book, lacking: await lacks(reader, book) } : undefined
  })
  if (!asked) return []
  const twins: CollectionId[] = []
  for (const book of asked.lacking) {
    const twin = await store.write(async (tx) =>
      makeTwin(tx, book, await masksOfBook(tx, asked.book), { origin: { kind: 'job' }, newId }),
    )
    if (twin) twins.push(twin.collectionId)
  }
  return twins
}

export interface CopyingServices {
  readonly store: Pick<Store, 'read' | 'write'>
  readonly settings: Settings
  readonly newId: () => string
  /** Epoch milliseconds. */
  readonly now: () => number
}
