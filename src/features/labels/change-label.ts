import { setTimeout as wait } from 'node:timers/promises'
import { Refusal } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import type { LabelChange } from '../../../protocol/vcard/lists.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import {
  cardsLabelled,
  countCardsLabelled,
  countLabelled,
  groupsOfName,
} from '../../../storage/lists/labels.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import {
  deferFolding,
  deleteListed,
  dropGroups,
  type Folding,
  renameGroups,
  settleRun,
} from '../lists/lists.ts'
import { mayWrite, type Reach, type Reached, reachOf } from '../people/reach.ts'
import { booksShowing } from '../people/veil.ts'
import { dropOwn, endOwn, renameOwn } from './own.ts'
import { type Labelling, patchLabels } from './patch-labels.ts'
import { noteRenamed } from './renaming.ts'

/** What is done to a label as a whole: it is called otherwise, or taken off all cards. */
export type LabelWish =
  | { readonly do: 'rename'; readonly from: string; readonly to: string }
  | { readonly do: 'drop'; readonly from: string }

/** Who does it, and with what. */
export interface LabelRun extends Omit<Labelling, 'folding'>, Pick<Services, 'store'> {
  readonly session: Session
}

/** What became of a label: cards that were changed, and people who still have it. */
interface Outcome {
  readonly changed: number
  readonly left: number
}

/** Cards that one write changes at most. */
export const cardsAtOnce = 200
/** So that writes of clients come between the pages. */
const pauseMs = 5

/**
 * Renames a label on every card that the caller may write, or takes it off: first the group cards, each in one write, then the
 * others, a part of them in one write. Where there is one of the new name, both become one. Whoever is stopped half-way asks again.
 */
export async function changeLabel(run: LabelRun, wish: LabelWish): Promise<Outcome> {
  if (wish.do === 'rename' && wish.from === wish.to) return { changed: 0, left: 0 }
  await changeGroups(run, wish)
  const noted = new Set<CollectionId>()
  let changed = 0
  for (let after: ObjectId | undefined = 0; after !== undefined; await wait(pauseMs)) {
    const from: ObjectId = after
    const page = await run.store.write((tx) => changePage(tx, run, wish, { after: from, noted }))
    for (const id of page.noted) noted.add(id)
    changed += page.changed
    after = page.last
  }
  return { changed, left: await endChange(run, wish) }
}

/** The books in which it is done. */
export async function booksOfChange(reader: Reader, session: Session): Promise<CollectionId[]> {
  return idsOf(booksChanged(await reachOf(reader, session)))
}

/** How many cards it is about. */
export async function countCards(reader: Reader, session: Session, label: string): Promise<number> {
  return countCardsLabelled(reader, await booksOfChange(reader, session), label)
}

/** Renames the group cards, or takes them away; done again it does nothing. */
export async function changeGroups(run: LabelRun, wish: LabelWish): Promise<void> {
  const { origin, settings } = run
  await eachBook(run, wish.from, async (tx, { row, access }) => {
    const patched = { collection: row, origin }
    const how = { settings, mayDrop: (access & bit.unbind) !== 0 }
    if (wish.do === 'rename') await renameGroups(tx, patched, wish, how)
    else await dropGroups(tx, patched, wish.from, how)
  })
}

interface Page {
  readonly changed: number
  readonly unchanged: number
  readonly refused: readonly RefusedCard[]
  /** The last card of it; undefined where there is none. */
  readonly last: ObjectId | undefined
  /** Books of which it was told that the label is called otherwise. */
  readonly noted: readonly CollectionId[]
}

export interface RefusedCard {
  readonly card: PlacementRow
  readonly reason: string
}

/**
 * Changes some of the cards; the group cards, which have been changed before, are looked at once at the end.
 * @param at.after  the last card of the page before
 * @param at.noted  books of which it was told before
 */
export async function changePage(
  tx: Writer,
  { session, settings, origin }: Omit<LabelRun, 'store'>,
  wish: LabelWish,
  {
    after,
    noted,
    limit = cardsAtOnce,
  }: {
    readonly after: ObjectId
    readonly noted: ReadonlySet<CollectionId>
    readonly limit?: number
  },
): Promise<Page> {
  const reach = await reachOf(tx, session)
  const books = booksChanged(reach)
  const cards = await cardsLabelled(tx, idsOf(books), wish.from, { after, limit })
  const folding = deferFolding(tx, settings)
  const { changed, refused } = await patchEach(tx, reach, cards, { settings, origin, folding, wish })
  await folding.finish()
  const places = new Set(cards.map(({ collectionId }) => collectionId))
  const told = books.filter(({ row: { id } }) => changed > 0 && places.has(id) && !noted.has(id))
  if (wish.do === 'rename')
    for (const { row } of told) noteRenamed(tx, row, { ...wish, authorId: session.principal.id, origin })
  const unchanged = cards.length - changed - refused.length
  return { changed, unchanged, refused, last: cards.at(-1)?.objectId, noted: idsOf(told) }
}

/**
 * Brings group cards in line with the cards of people, wherever it ended; what goes by a label that nobody has follows.
 * @returns how many people still have it
 */
export async function endChange(run: LabelRun, wish: LabelWish): Promise<number> {
  const { store, session, origin, settings } = run
  await settleRun(run, origin)
  await eachBook(run, wish.from, async (tx, { row: book, access }) => {
    if ((access & bit.unbind) === 0 || (await countCardsLabelled(tx, [book.id], wish.from)) > 0) return
    for (const { id } of await groupsOfName(tx, [book.id], wish.from)) {
      const row = await findObjectById(tx, id)
      if (row) await deleteListed(tx, book, row, origin, settings)
    }
  })
  const left = await store.read(async (reader) => {
    const reach = await reachOf(reader, session)
    return countLabelled(reader, booksShowing(reach, 'CATEGORIES'), wish.from)
  })
  if (wish.do === 'drop')
    await store.write((tx) => (left === 0 ? endOwn : dropOwn)(tx, session.principal.id, wish.from, origin))
  else if (left === 0) await renameForGood(run, wish)
  return left
}

/** What goes by a label that nobody has follows too, and its colour. */
async function renameForGood(
  { store, session, origin }: LabelRun,
  { from, to }: Extract<LabelWish, { do: 'rename' }>,
): Promise<void> {
  const names = { from, to, authorId: session.principal.id, origin }
  await store.write(async (tx) => {
    for (const { row } of booksChanged(await reachOf(tx, session))) noteRenamed(tx, row, names)
    await renameOwn(tx, session.principal.id, names, origin)
  })
}

/** The books in which a label is changed as a whole: of what others share one by one they rename nothing. */
function booksChanged(reach: Reach): Reached[] {
  const showing = new Set(booksShowing(reach, 'CATEGORIES'))
  return reach.books.filter(
    (book) => mayWrite(book) && book.row.generated === null && showing.has(book.row.id),
  )
}

const idsOf = (books: readonly Reached[]): CollectionId[] => books.map(({ row }) => row.id)

function changeOf(wish: LabelWish): LabelChange {
  return wish.do === 'rename' ? { renamed: wish } : { without: new Set([wish.from]) }
}

/** All at once; where one is refused, as too large, each by itself, and that one stays as it is. */
async function patchEach(
  tx: Writer,
  reach: Reach,
  cards: readonly PlacementRow[],
  {
    wish,
    folding,
    ...how
  }: Omit<LabelRun, 'store' | 'session'> & {
    readonly wish: LabelWish
    readonly folding: Folding
  },
): Promise<{ readonly changed: number; readonly refused: readonly RefusedCard[] }> {
  const patch = (some: readonly PlacementRow[]): Promise<number | string> =>
    orRefusal(tx, async (part) => {
      const own = folding.part(part)
      const changed = await patchLabels(part, reach, some, changeOf(wish), { ...how, folding: own })
      await own.finish()
      return changed
    })
  const all = await patch(cards)
  if (typeof all === 'number') return { changed: all, refused: [] }
  let changed = 0
  const refused: RefusedCard[] = []
  for (const card of cards) {
    const done = await patch([card])
    if (typeof done === 'number') changed += done
    else refused.push({ card, reason: done })
  }
  return { changed, refused }
}

/** @returns why it was refused, where it was */
async function orRefusal<T>(tx: Writer, part: (tx: Writer) => Promise<T>): Promise<T | string> {
  try {
    return await attempt(tx, part)
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

/** Does something in each book that has group cards of a name, in a write of its own. */
async function eachBook(
  { store, session }: LabelRun,
  name: string,
  act: (tx: Writer, book: Reached) => Promise<void>,
): Promise<void> {
  const groups = await store.read(async (reader) =>
    groupsOfName(reader, idsOf(booksChanged(await reachOf(reader, session))), name),
  )
  for (const id of new Set(groups.map(({ collectionId }) => collectionId)))
    await store.write(async (tx) => {
      const book = booksChanged(await reachOf(tx, session)).find(({ row }) => row.id === id)
      if (book) await act(tx, book)
    })
}
