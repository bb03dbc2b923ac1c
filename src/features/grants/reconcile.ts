import { patchCollection } from '../../../storage/collection-writes.ts'
import { countCollections, findCollectionById } from '../../../storage/collections.ts'
import {
  type GrantBookRow,
  giversOfNobody,
  grantBooksBy,
  removeGrantBook,
  saveGrantBook,
} from '../../../storage/grants/grant-books.ts'
import {
  giversOfMerged,
  grantsBy,
  grantsTo,
  reachedBy,
  removeGrantsOf,
} from '../../../storage/grants/grants.ts'
import { belongingsOf } from '../../../storage/groups.ts'
import { listHomes } from '../../../storage/homes.ts'
import type { CollectionId, PartyId, PrincipalId } from '../../../storage/ids.ts'
import { addPendingSources } from '../../../storage/match/match-keys.ts'
import { findPrincipalById, type PrincipalRow } from '../../../storage/principals.ts'
import { grouped } from '../../../storage/select.ts'
import { lockReach } from '../../../storage/shares.ts'
import { findSmartList } from '../../../storage/smart-lists/lists.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { scheduleJob } from '../../../storage/upkeep/jobs.ts'
import { findVirtualBook, redefineVirtualBook, type VirtualBook } from '../../../storage/virtual/books.ts'
import { peopleInBooks } from '../../../storage/virtual/people.ts'
import { duplicatesJob } from '../duplicates/duplicates.ts'
import { parseMasks } from '../masks/masks.ts'
import type { Follower } from '../people/follower.ts'
import type { Sharing } from '../sharing/sharing.ts'
import {
  copyMore,
  dropVirtualBook,
  labelDefinition,
  makeVirtualBook,
  nameVirtualPeople,
} from '../virtual/virtual.ts'
import { titleOfList } from './lists.ts'
import { formerLabelsOf, titleOfLabel, type WantedBook, wantedBooks } from './wanted.ts'

/**
 * Lets the books of all whom somebody gives people to follow what he gives: who is newly given something has it, and what is
 * given no more is gone at once, from every device too. What a receiver has deleted is not made again.
 */
export async function reconcileGiver(tx: Writer, giver: PrincipalRow, sharing: Sharing): Promise<void> {
  await lockReach(tx)
  const grants = new Map((await grantsBy(tx, giver.id)).map((grant) => [grant.id, grant]))
  const rows = await grantBooksBy(tx, giver.id)
  if (grants.size === 0 && rows.length === 0) return
  const reached = grouped(await reachedBy(tx, giver.id), ({ userId }) => userId)
  const books = grouped(rows, ({ viewerId }) => viewerId)
  const people = await peopleInBooks(
    tx,
    rows.map(({ collectionId }) => collectionId),
  )
  const viewers = [...new Set([...reached.keys(), ...books.keys()])].sort((one, other) => one - other)
  for (const viewerId of viewers) {
    const given = (reached.get(viewerId) ?? []).flatMap(({ grantId }) => grants.get(grantId) ?? [])
    const pair = { giver, viewerId, people, sharing }
    await reconcileViewer(tx, pair, wantedBooks(given), books.get(viewerId) ?? [])
  }
}

/** The same for all who give something to a group, or to one that holds it, after its members have changed. */
export async function reconcileReceivers(
  tx: Writer,
  givers: readonly PrincipalId[],
  sharing: Sharing,
): Promise<void> {
  for (const id of givers) {
    const giver = await findPrincipalById(tx, id)
    if (giver) await reconcileGiver(tx, giver, sharing)
  }
}

/**
 * Ends all that a principal gives, and all that it is given, before it is removed and when it is in no group any more.
 * @param givers  who gave something to it, or to a group that held it: see `giversTo`
 */
export async function withdrawGrants(
  tx: Writer,
  id: PrincipalId,
  givers: readonly PrincipalId[],
  sharing: Sharing,
): Promise<void> {
  await removeGrantsOf(tx, id)
  await reconcileReceivers(tx, [...new Set([...givers, id])], sharing)
}

/** Who gives something to a principal, or to a group that holds it. */
export async function giversTo(reader: Reader, id: PrincipalId): Promise<PrincipalId[]> {
  const { principals } = await belongingsOf(reader, id)
  const grants = await grantsTo(reader, [...principals])
  return [...new Set(grants.map(({ giverId }) => giverId))].sort((one, other) => one - other)
}

/** Takes away the books of those who were forgotten for good: nobody is left in them. */
export async function dropForsakenGrants(tx: Writer, sharing: Sharing): Promise<void> {
  await reconcileReceivers(tx, await giversOfNobody(tx), sharing)
}

/** Who becomes one with another, or two again, stays given to whom he was. */
export const followGrants: Follower = async (tx, { parties }, { settings, newId }) => {
  const known = [...parties].filter((id) => !tx.madeParties.has(id))
  if (known.length === 0) return
  const origin = { kind: 'job', requestId: newId() } as const
  await reconcileReceivers(tx, await giversOfMerged(tx, known), { settings, newId, origin })
}

interface Pair {
  readonly giver: PrincipalRow
  readonly viewerId: PrincipalId
  /** Who is named in the books. */
  readonly people: ReadonlyMap<CollectionId, readonly PartyId[]>
  readonly sharing: Sharing
}

async function reconcileViewer(
  tx: Writer,
  pair: Pair,
  wanted: readonly WantedBook[],
  known: readonly GrantBookRow[],
): Promise<void> {
  const left = new Set(known)
  const taken = new Map<WantedBook, GrantBookRow>()
  for (const isMeant of [isSame, isAlike])
    for (const book of wanted) {
      const row = taken.has(book) ? undefined : [...left].find((one) => isMeant(book, one))
      if (!row) continue
      taken.set(book, row)
      left.delete(row)
    }
  for (const row of left) await takeBack(tx, row, pair.sharing)
  for (const book of wanted) {
    const row = taken.get(book)
    if (row) await changeBook(tx, pair, book, row)
    else await makeBook(tx, pair, book)
  }
}

const isAlike = (book: WantedBook, row: GrantBookRow): boolean => book.slot === row.slot
const isSame = (book: WantedBook, row: GrantBookRow): boolean =>
  isAlike(book, row) && book.access === row.access && book.name === row.name

async function takeBack(tx: Writer, { collectionId }: GrantBookRow, { origin }: Sharing): Promise<void> {
  const book = await findVirtualBook(tx, collectionId)
  if (book) await dropVirtualBook(tx, book, origin)
  await removeGrantBook(tx, collectionId)
}

async function changeBook(tx: Writer, pair: Pair, wanted: WantedBook, row: GrantBookRow): Promise<void> {
  const named = pair.people.get(row.collectionId) ?? []
  const isOther = named.length !== wanted.parties.length || !named.every((id) => wanted.parties.includes(id))
  if (isSame(wanted, row) && !isOther) return
  const book = await findVirtualBook(tx, row.collectionId)
  if (!book) return
  const { access, name } = wanted
  const { origin } = pair.sharing
  if (access !== row.access) {
    await redefineVirtualBook(tx, book.collectionId, { ...book, writeThrough: throughOf(access) })
    await patchCollection(tx, book.collection, {}, origin)
  }
  if (name !== row.name) {
    const displayname = await titleOf(tx, pair, wanted)
    if (displayname !== undefined) await patchCollection(tx, book.collection, { displayname }, origin)
  }
  await saveGrantBook(tx, { ...row, access, name })
  await fill(tx, book, wanted, pair.sharing)
}

/** A home that is full takes no more. */
async function makeBook(tx: Writer, pair: Pair, wanted: WantedBook): Promise<void> {
  const { giver, viewerId, sharing } = pair
  if (!(await hasRoomFor(tx, viewerId, sharing))) return
  const { slot, access, name, grant } = wanted
  const displayname = await titleOf(tx, pair, wanted)
  if (displayname === undefined) return
  const book = await makeVirtualBook(
    tx,
    {
      ...{ viewerId, ownerId: giver.id, displayname, name: `${giver.segment}-${grant.kind}` },
      ...{ kind: kinds[grant.kind], sourceId: grant.sourceId, writeThrough: throughOf(access) },
      definition: grant.kind === 'label' ? definitionOf(grant) : '{}',
      masks: parseMasks(grant.masks),
    },
    sharing,
  )
  if (!book) return
  await saveGrantBook(tx, {
    ...{ collectionId: book.collectionId, giverId: giver.id, viewerId, slot, access, name },
  })
  await fill(tx, book, wanted, sharing)
}

/** What there is of it is there at once; of very much the rest is left to a job. */
async function fill(
  tx: Writer,
  book: VirtualBook,
  { parties, grant }: WantedBook,
  { settings, origin }: Sharing,
): Promise<void> {
  if (grant.kind === 'person') await nameVirtualPeople(tx, book, parties, { settings, origin })
  // Who is in a list with masks is told by what stands for other books, which is made before it is copied.
  if (grant.kind !== 'list' || book.maskKey === '')
    await copyMore(tx, book.collectionId, { settings, origin })
  if ((await addPendingSources(tx, book.collectionId)) > 0) await scheduleJob(tx, duplicatesJob, tx.now)
}

function definitionOf(grant: WantedBook['grant']): string {
  return labelDefinition({ label: grant.label ?? '', was: formerLabelsOf(grant) })
}

const kinds = { person: 'people', label: 'label', list: 'list', book: 'book' } as const

function throughOf(access: WantedBook['access']): VirtualBook['writeThrough'] {
  return access === 'read-write' ? 'always' : 'never'
}

/** What the book is called; undefined for a list that is gone. */
async function titleOf(
  reader: Reader,
  { giver }: Pair,
  { name, grant }: WantedBook,
): Promise<string | undefined> {
  if (grant.kind === 'list') {
    const list = await findSmartList(reader, grant.sourceId ?? 0)
    return list && (name ?? titleOfList(list, giver))
  }
  if (name !== null) return name
  if (grant.kind === 'book') {
    const book = await findCollectionById(reader, grant.sourceId ?? 0)
    return book && titleOfLabel(book.displayname || book.name, giver)
  }
  if (grant.kind === 'label') return titleOfLabel(grant.label ?? '', giver)
  return `Shared by ${giver.displayName}`
}

async function hasRoomFor(tx: Writer, viewerId: PrincipalId, { settings }: Sharing): Promise<boolean> {
  const home = (await listHomes(tx, viewerId)).find(({ kind }) => kind === 'addressbooks')
  return home !== undefined && (await countCollections(tx, home.id)) < settings.limits.collectionsPerHome
}
