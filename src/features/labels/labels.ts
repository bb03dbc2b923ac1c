import { Refusal, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import { editCard } from '../../../protocol/vcard/edit/edit-card.ts'
import type { CardEdit } from '../../../protocol/vcard/edit/edits.ts'
import { readDetails } from '../../../protocol/vcard/edit/read-details.ts'
import { changeCategories, type LabelChange } from '../../../protocol/vcard/lists.ts'
import type { CollectionId, ObjectId } from '../../../storage/ids.ts'
import {
  cardsLabelled,
  countLabelled,
  groupsOfName,
  type PlacedGroup,
} from '../../../storage/lists/labels.ts'
import { findObjectById } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PlacementRow } from '../../../storage/people/parties.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { attempt } from '../../../storage/transactions/savepoint.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { deleteListed, type Folding, openFolding } from '../lists/lists.ts'
import { type Asking, notThere } from '../people/asking.ts'
import { type SeenParty, seeParties } from '../people/parties.ts'
import { patchCards } from '../people/patch-cards.ts'
import { booksOf, mayWrite, type Reach, type Reached, reachOf, writablePlacements } from '../people/reach.ts'
import { masksIn } from '../people/seen-texts.ts'
import { booksShowing } from '../people/veil.ts'
import { storePatched } from '../store-patched.ts'
import { readObjectTexts } from '../texts.ts'
import { dropOwn, renameOwn } from './own.ts'
import { noteRenamed } from './renaming.ts'

export { followRenamedLabels } from './follow-renamed.ts'
export { colorLabel, type LabelBy, labelsFor, makeLabel, mustSeeLabel, seenLabel } from './own.ts'

/** Who changes labels, and with what. */
export interface Labelling extends Pick<Services, 'settings' | 'now'> {
  readonly origin: Origin
  /** Where several people of one write get labels: whoever opened it finishes it. */
  readonly folding?: Folding | undefined
}

/** People get a label, or lose it, on every card of theirs that the caller may write. @throws refusal 403 of one whom he only reads */
export async function labelPerson(
  tx: Writer,
  { reach }: Asking,
  party: SeenParty,
  change: LabelChange,
  labelling: Labelling,
): Promise<number> {
  const showing = new Set(booksShowing(reach, 'CATEGORIES'))
  const cards = writablePlacements(reach, party.placements).filter((card) => showing.has(card.collectionId))
  if (cards.length === 0) throw refuseStatus(403, 'You may read this, not change it.')
  return patchLabels(tx, reach, cards, change, labelling)
}

/** Those of these people whom the caller sees, by the ids that he gave. @throws refusal 404 where he sees none of them */
export async function mustSeeSome(
  reader: Reader,
  reach: Reach,
  ids: readonly number[],
): Promise<ReadonlyMap<number, SeenParty>> {
  const seen = await seeParties(reader, reach, ids)
  if (seen.size === 0) throw notThere()
  return seen
}

interface Run extends Labelling, Pick<Services, 'store'> {
  readonly session: Session
}

/** What became of a label: cards that were changed, and people who still have it. */
interface Outcome {
  readonly changed: number
  readonly left: number
}

/** Cards that one write changes at most. */
const cardsAtOnce = 200

/**
 * Renames a label on every card that the caller may write, a part of them in one write; where there is one of the new name, both
 * become one. Whoever is stopped half-way asks again. Group cards that clients made keep their addresses.
 */
export async function renameLabel(run: Run, from: string, to: string): Promise<Outcome> {
  if (from === to) return { changed: 0, left: 0 }
  await eachGroup(run, from, async (tx, reach, group) => {
    const twins = await groupsOfName(tx, [group.collectionId], to)
    if (group.made === 0 && twins.length === 0) await renameGroup(tx, reach, group, { from, to }, run)
  })
  const outcome = await changeAll(run, from, { renamed: { from, to } })
  await dropGroups(run, from)
  if (outcome.left === 0) await renameForGood(run, { from, to })
  return outcome
}

/** Takes a label off every card that the caller may write; group cards of its name go to the trash. */
export async function dropLabel(run: Run, name: string): Promise<Outcome> {
  const outcome = await changeAll(run, name, { without: new Set([name]) })
  await dropGroups(run, name)
  await run.store.write((tx) => dropOwn(tx, run.session.principal.id, name, run.origin))
  return outcome
}

/** What goes by a label that nobody has follows too, and its colour. */
async function renameForGood(
  { store, session, origin }: Run,
  names: { readonly from: string; readonly to: string },
): Promise<void> {
  const authorId = session.principal.id
  await store.write(async (tx) => {
    for (const { row } of booksChanged(await reachOf(tx, session)))
      noteRenamed(tx, row, { ...names, authorId, origin })
    await renameOwn(tx, authorId, names, origin)
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

async function changeAll(
  { store, session, ...run }: Run,
  label: string,
  change: LabelChange,
): Promise<Outcome> {
  const authorId = session.principal.id
  let changed = 0
  let after: ObjectId | undefined = 0
  while (after !== undefined) {
    const from: ObjectId = after
    const part = await store.write(async (tx) => {
      const reach = await reachOf(tx, session)
      const books = booksChanged(reach)
      const cards = await cardsLabelled(tx, idsOf(books), label, { after: from, limit: cardsAtOnce })
      const done = await patchEach(tx, reach, cards, change, run)
      const places = new Set(cards.map(({ collectionId }) => collectionId))
      if (done > 0 && change.renamed)
        for (const { row } of books)
          if (places.has(row.id)) noteRenamed(tx, row, { ...change.renamed, authorId, origin: run.origin })
      return { changed: done, last: cards.at(-1)?.objectId }
    })
    changed += part.changed
    after = part.last
  }
  const left = await store.read(async (reader) => {
    const reach = await reachOf(reader, session)
    return countLabelled(reader, booksShowing(reach, 'CATEGORIES'), label)
  })
  return { changed, left }
}

/** All at once; where one is refused, as too large, each by itself, and that one stays as it is. */
async function patchEach(
  tx: Writer,
  reach: Reach,
  cards: readonly PlacementRow[],
  change: LabelChange,
  labelling: Labelling,
): Promise<number> {
  const patch = (some: readonly PlacementRow[]): Promise<number | undefined> =>
    unlessRefusedIn(tx, (part) => patchLabels(part, reach, some, change, labelling))
  const all = await patch(cards)
  if (all !== undefined) return all
  let changed = 0
  for (const card of cards) changed += (await patch([card])) ?? 0
  return changed
}

async function unlessRefusedIn<T>(tx: Writer, part: (tx: Writer) => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt(tx, part)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** Group cards follow, each written once. */
async function patchLabels(
  tx: Writer,
  reach: Reach,
  cards: readonly PlacementRow[],
  change: LabelChange,
  { settings, origin, folding: shared }: Labelling,
): Promise<number> {
  const folding = shared ?? openFolding(tx, settings)
  const patch = (text: string): string => changeCategories(text, readCard(text), change)
  const ofLists = { lists: 'both', folding } as const
  const how = { origin, settings, books: booksOf(reach), masks: masksIn(reach), ofLists }
  const changed = await patchCards(tx, cards, patch, how)
  if (!shared) await folding.finish()
  return changed
}

/** Does something to each group card of a name, in a write of its own. */
async function eachGroup(
  { store, session }: Run,
  name: string,
  act: (tx: Writer, reach: Reach, group: PlacedGroup) => Promise<void>,
): Promise<void> {
  const groups = await store.read(async (reader) =>
    groupsOfName(reader, idsOf(booksChanged(await reachOf(reader, session))), name),
  )
  for (const { id } of groups)
    await store.write(async (tx) => {
      const reach = await reachOf(tx, session)
      const now = await groupsOfName(tx, idsOf(booksChanged(reach)), name)
      const group = now.find((one) => one.id === id)
      if (group) await act(tx, reach, group)
    })
}

/** The cards of its members follow, in the same write, as when a phone renames it. */
async function renameGroup(
  tx: Writer,
  reach: Reach,
  { id, collectionId }: PlacedGroup,
  { from, to }: { readonly from: string; readonly to: string },
  { settings, origin, now }: Labelling,
): Promise<void> {
  const [existing, collection] = [await findObjectById(tx, id), booksOf(reach).get(collectionId)]
  const text = existing && (await readObjectTexts(tx, [existing])).get(id)
  if (!existing || !collection || text === undefined) return
  const edits: CardEdit[] = [{ op: 'text', property: 'fn', value: to }]
  if (readDetails(text).name.family === from) edits.unshift({ op: 'name', parts: { family: to } })
  const patched = editCard(text, edits, now())
  await storePatched(
    tx,
    { collection, existing, text, patched },
    { settings, origin, ofLists: { lists: 'both' } },
  )
}

/** Sends what is left of the group cards of a name to the trash, where the caller may. */
async function dropGroups(run: Run, name: string): Promise<void> {
  await eachGroup(run, name, async (tx, reach, { id, collectionId }) => {
    const book = reach.books.find(({ row }) => row.id === collectionId)
    const row = await findObjectById(tx, id)
    if (book && row && (book.access & bit.unbind) !== 0)
      await deleteListed(tx, book.row, row, run.origin, run.settings)
  })
}
