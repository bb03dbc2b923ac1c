import type { Settings } from '../../../config/defaults.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { bit } from '../../../protocol/dav/privileges.ts'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import type { Mask } from '../../../protocol/vcard/mask/rules.ts'
import { unmaskInto } from '../../../protocol/vcard/mask/unmask.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import { findObject, findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'
import { membersByObjects } from '../../../storage/virtual/members.ts'
import type { Session } from '../../auth/session.ts'
import { bodyText, etagOf } from '../bodies.ts'
import type { ListDialect } from '../devices/kinds.ts'
import { mergeRulesOf } from '../devices/merge-rules.ts'
import { hasMoreLines, inVersionOf } from '../devices/serve.ts'
import { deleteListed, moveListed, type StoreResult, textFor } from '../lists/lists.ts'
import { heldMasks, maskOf, masksFor, parseMasks } from '../masks/masks.ts'
import { findAliased } from '../merges/aliases.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { sourceOf } from './sources.ts'

/** A card that somebody puts into a virtual book. */
export interface ThroughPut {
  readonly book: VirtualBook
  readonly name: string
  readonly object: PreparedObject
  /** The octets as they came, where the object is no longer these. */
  readonly asSent?: PreparedObject | undefined
  /** The copy that is there. */
  readonly existing: ObjectRow | undefined
  readonly origin: Origin
  readonly session: Session
  readonly lists?: ListDialect | undefined
  readonly hrefOf: (name: string) => string | undefined
}

/** A card and the book it is in. */
export interface SourceCard {
  readonly row: ObjectRow
  readonly collection: CollectionRow
}

/** The card that a copy was made of; undefined where it is gone. */
export async function sourceOfCopy(
  reader: Reader,
  { collectionId }: Pick<VirtualBook, 'collectionId'>,
  copy: Pick<ObjectRow, 'id'>,
): Promise<SourceCard | undefined> {
  const [member] = await membersByObjects(reader, collectionId, [copy.id])
  const row = member && (await findObjectById(reader, member.sourceId))
  const collection = row && (await findCollectionById(reader, row.collectionId))
  return row && collection && { row, collection }
}

/**
 * Stores what somebody has done to a copy in the card that it was made of: what he does not see of that stays. The copies
 * follow at the end of the write.
 * @throws need-privileges for what is new in a book that holds cards of others, and where he may not write the card itself;
 *   valid-address-data for what cannot be compared; and what `storeObject` throws
 */
export async function storeThrough(tx: Writer, put: ThroughPut, settings: Settings): Promise<StoreResult> {
  const { book, existing } = put
  if (!existing) return storeNew(tx, put, settings)
  const source = await sourceOfCopy(tx, book, existing)
  if (!source) throw refuse('need-privileges', { message: 'The card itself is gone.' })
  await requireRight(tx, put, source.collection, bit['write-content'])
  await lockFeed(tx, source.collection.feedId)
  const masks = await masksOn(tx, book, source.collection)
  const states = await statesOf(tx, put, source.row, settings)
  const text = unmaskInto({ ...states, masks, rules: mergeRulesOf(put.session) ?? wholeCard })
  if (text === undefined) throw incomparable()
  const seen = maskCard(text, masks) ?? ''
  const etag = etagOf(Buffer.from(seen))
  const { object, asSent = object } = put
  const isAsSent = inVersionOf(asSent, seen, settings.limits.convertedLines) === bodyText(asSent.body)
  if (text === states.stored)
    return {
      kind: 'unchanged',
      objectId: existing.id,
      change: existing.change,
      etag: existing.etag,
      isAsSent,
    }
  const stored = await storeObject(
    tx,
    {
      ...{ collection: source.collection, name: source.row.name, existing: source.row },
      object: prepareObject('addressbook', Buffer.from(text), settings, tx.now),
      ...{ sent: asSent, origin: put.origin, hrefOf: put.hrefOf, lists: put.lists },
    },
    settings,
  )
  // What was just changed may be what made the person belong to the book.
  const stays = (await sourceOf(book.kind)?.matches(tx, book, [source.row.id]))?.has(source.row.id) === true
  return { ...stored, etag, isAsSent: isAsSent && stored.isAsSent && stays }
}

/** What is new goes into the book that this one stands for, under the name that it was given. */
async function storeNew(tx: Writer, put: ThroughPut, settings: Settings): Promise<StoreResult> {
  const { book, name, object, asSent = object, origin, hrefOf, lists } = put
  const collection = await bookBehind(tx, book)
  if (!collection) throw notMade()
  await lockFeed(tx, collection.feedId)
  if (await findObject(tx, collection.id, name))
    throw refuse('need-privileges', { message: 'Something that you do not see has this name.' })
  if (object.index.lists?.kind === 'group')
    throw refuse('need-privileges', { message: 'Lists of people are made by whoever sees all of the book.' })
  const aliased = await findAliased(tx, collection.id, { name, uid: object.uid })
  if (aliased) {
    const href = hrefOf(aliased.survivor.name)
    const message = 'Whoever this was is one with somebody else by now: change that card.'
    throw refuse('carddav:no-uid-conflict', { ...(href !== undefined && { href }), message })
  }
  const sent = asSent === object ? undefined : asSent
  const request = { collection, name, object, sent, existing: undefined, origin, hrefOf, lists }
  const stored = await storeObject(tx, request, settings)
  const seen = maskCard(bodyText(object.body), await masksOn(tx, book, collection))
  return { ...stored, isAsSent: stored.isAsSent && seen === bodyText(asSent.body) }
}

/** The book that a whole twin stands for; undefined for a book that holds cards of others. */
export async function bookBehind(
  reader: Reader,
  { kind, twinOf }: Pick<VirtualBook, 'kind' | 'twinOf'>,
): Promise<CollectionRow | undefined> {
  return kind === 'book' && twinOf !== null ? findCollectionById(reader, twinOf) : undefined
}

/** Takes the card away that a copy was made of. @throws need-privileges where leaving the book is not deleting a person */
export async function deleteThrough(
  tx: Writer,
  book: VirtualBook,
  copy: ObjectRow,
  origin: Origin,
  settings: Settings,
): Promise<void> {
  const source = (await bookBehind(tx, book)) && (await sourceOfCopy(tx, book, copy))
  if (!source) throw notLeft()
  await deleteListed(tx, source.collection, source.row, origin, settings)
}

/**
 * Moves the card that a copy was made of to another name, or to the book that another twin stands for; all of it goes along.
 * @throws need-privileges
 */
export async function moveThrough(
  tx: Writer,
  from: VirtualBook,
  copy: ObjectRow,
  to: { readonly book: VirtualBook; readonly name: string },
  origin: Origin,
  settings: Settings,
): Promise<void> {
  const target = await bookBehind(tx, to.book)
  const source = (await bookBehind(tx, from)) && (await sourceOfCopy(tx, from, copy))
  if (!source || !target) throw notLeft()
  if (await findObject(tx, target.id, to.name))
    throw refuse('need-privileges', { message: 'Something that you do not see has this name.' })
  await moveListed(tx, source.collection, source.row, target, to.name, origin, settings)
}

/** What is not seen of the cards of a book in a virtual one. */
export async function masksOn(
  reader: Reader,
  { masks, twinOf, collection }: VirtualBook,
  source: CollectionRow,
): Promise<readonly Mask[]> {
  const own = parseMasks(masks).map(maskOf)
  if (twinOf !== null || source.principalId === collection.principalId) return masksFor(own, source)
  return masksFor([...own, ...(await heldMasks(reader, collection.principalId)).masks], source)
}

/** Whoever has what stands for a whole book has the rights of that, which were looked at before. */
async function requireRight(
  reader: Reader,
  { book, session, existing, hrefOf }: ThroughPut,
  collection: CollectionRow,
  right: number,
): Promise<void> {
  const isWhole = book.kind === 'book' && book.twinOf !== null
  if (isWhole || book.writeThrough === 'always') return
  const place = collectionPlace(collection)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  if (book.writeThrough === 'rights' && (rights & right) !== 0) return
  throw refuse('need-privileges', {
    ...(existing && { href: hrefOf(existing.name) ?? '' }),
    message: 'You may read this person in this book, and not change it.',
  })
}

/** The three states: what is stored, what he has of it, what he sent. @throws valid-address-data where they are too long */
async function statesOf(
  tx: Reader,
  { object, existing, lists }: ThroughPut,
  source: ObjectRow,
  { limits }: Settings,
): Promise<{ readonly stored: string; readonly served: string; readonly sent: string }> {
  const copy = existing ? (await readObjectTexts(tx, [existing])).get(existing.id) : undefined
  const stored = (await readObjectTexts(tx, [source])).get(source.id)
  const sent = bodyText(object.body)
  if (copy === undefined || stored === undefined) throw incomparable()
  if ([stored, copy, sent].some((text) => hasMoreLines(text, limits.mergedLines))) throw incomparable()
  return { stored, served: textFor(lists, copy), sent }
}

function incomparable(): Error {
  return refuse('valid-address-data', {
    message: 'The card cannot be compared with what you do not see of it, and stays as it is.',
  })
}

function notMade(): Error {
  return refuse('need-privileges', {
    message: 'People come into this book by what they are: make the card in another one.',
  })
}

function notLeft(): Error {
  return refuse('need-privileges', {
    message: 'Leaving this book is not deleting a person: change what makes the person belong to it.',
  })
}
