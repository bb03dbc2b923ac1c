import type { Settings } from '../../../config/defaults.ts'
import { unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import type { Mask } from '../../../protocol/vcard/mask/rules.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObjectsByIds, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { forgetHistory } from '../../../storage/purge.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import { uidKey } from '../../../storage/uid-key.ts'
import type { VirtualBook } from '../../../storage/virtual/books.ts'
import { type OwnedCard, ownedCards } from '../../../storage/virtual/cards.ts'
import {
  forgetVirtualMembers,
  membersFrom,
  membersOfUids,
  saveVirtualMember,
  type VirtualMemberRow,
} from '../../../storage/virtual/members.ts'
import { deleteObject, putObject } from '../../../storage/write-path.ts'
import { uuidFrom } from '../content-uid.ts'
import { heldMasks, maskOf, masksFor, type PlacedMask, parseMasks } from '../masks/masks.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { inParts } from '../parts.ts'
import { createPause } from '../pause.ts'
import { readObjectTexts } from '../texts.ts'
import { sourceOf } from './sources.ts'

/** What copying needs to know beside the book. */
export interface Copying {
  readonly settings: Settings
  readonly origin: Origin
}

/** What a card is in a virtual book. */
interface Copy {
  readonly sourceId: ObjectId
  readonly name: string
  readonly uid: string | null
  readonly object: PreparedObject
}

/**
 * Brings what a virtual book has of some cards up to date: those that belong to it are there, as whoever has it may see them,
 * and the others are not. A copy that would be the same stays as it is, with its entity tag. Of several cards of one UID the
 * oldest is shown. The book's feed is locked.
 */
export async function renewCopies(
  tx: Writer,
  book: VirtualBook,
  ids: readonly ObjectId[],
  copying: Copying,
): Promise<void> {
  if (ids.length === 0) return
  const wanted = await copiesOf(tx, book, ids, copying.settings)
  const known = await membersFrom(tx, book.collectionId, ids)
  const rows = await rowsOf(tx, known)
  const writing: Writing = { tx, book, rows, origin: copying.origin, changed: [] }
  const freed = await takeAway(writing, known, wanted)
  const before = new Map(known.map((member) => [member.sourceId, member]))
  const shown = await shownByUid(tx, book, [...wanted.values()])
  const pause = createPause()
  for (const copy of wanted.values()) {
    const turn = pause()
    if (turn) await turn
    await putCopy(writing, copy, before.get(copy.sourceId), shown)
  }
  await forgetHistory(tx, writing.changed)
  await renewCopies(tx, book, await waitingFor(tx, book, freed, wanted), copying)
}

/** What some cards are in a book, by their ids, the oldest first; those that are none of it are left out. */
async function copiesOf(
  tx: Reader & Pick<Writer, 'now'>,
  book: VirtualBook,
  ids: readonly ObjectId[],
  settings: Settings,
): Promise<ReadonlyMap<ObjectId, Copy>> {
  const copies = new Map<ObjectId, Copy>()
  const belonging = (await sourceOf(book.kind)?.matches(tx, book, ids)) ?? new Set()
  if (belonging.size === 0) return copies
  const cards = await ownedCards(tx, [...belonging], { withDeleted: book.twinOf !== null })
  const masksOf = await masksIn(tx, book)
  const pause = createPause()
  for (const part of inParts(cards)) {
    const texts = await readObjectTexts(tx, part)
    for (const card of part) {
      const turn = pause()
      if (turn) await turn
      const text = maskCard(texts.get(card.id) ?? '', masksOf(card))
      const object = text === undefined ? undefined : prepared(text, settings, tx.now)
      // Lists of people are those of whoever has made them.
      if (!object || object.index.lists?.kind === 'group') continue
      const uid = object.uid === null ? null : uidKey(object.uid)
      copies.set(card.id, { sourceId: card.id, name: nameIn(book, card), uid, object })
    }
  }
  return copies
}

/** A card that cannot be read is in no copy (law 9). */
function prepared(text: string, settings: Settings, now: number): PreparedObject | undefined {
  return unlessRefused(() => prepareObject('addressbook', Buffer.from(text), settings, now))
}

/** What is not seen of a card in a book: nobody's masks hide what is his own. */
async function masksIn(reader: Reader, book: VirtualBook): Promise<(card: OwnedCard) => readonly Mask[]> {
  const all = await allMasksIn(reader, book)
  return (card) => masksFor(all(card), { id: card.collectionId })
}

/** The same, wherever they hide anything. */
async function allMasksIn(
  reader: Reader,
  book: VirtualBook,
): Promise<(card: OwnedCard) => readonly PlacedMask[]> {
  const own = parseMasks(book.masks).map(maskOf)
  if (book.twinOf !== null) return () => own
  const viewer = book.collection.principalId
  const { masks } = await heldMasks(reader, viewer)
  const others = [...own, ...masks]
  return ({ ownerId }) => (ownerId === viewer ? own : others)
}

/** What stands for a whole book has its names; in others a card has one of its own, which no other card ever gets. */
function nameIn({ kind, twinOf, collection }: VirtualBook, card: OwnedCard): string {
  if (kind === 'book' && twinOf !== null) return card.name
  return `${uuidFrom([collection.resourceId, String(card.id)])}.vcf`
}

interface Writing {
  readonly tx: Writer
  readonly book: VirtualBook
  /** The copies that are there. */
  readonly rows: Map<ObjectId, ObjectRow>
  readonly origin: Origin
  /** Copies that were changed or taken away, whose history is nobody's loss. */
  readonly changed: ObjectId[]
}

async function rowsOf(tx: Reader, members: readonly VirtualMemberRow[]): Promise<Map<ObjectId, ObjectRow>> {
  const ids = members.flatMap(({ memberId }) => memberId ?? [])
  if (ids.length === 0) return new Map()
  return new Map((await findObjectsByIds(tx, ids)).map((row) => [row.id, row]))
}

/**
 * Takes away what does not belong any more, and what has another name or UID now.
 * @returns the UIDs that are nobody's any more
 */
async function takeAway(
  writing: Writing,
  known: readonly VirtualMemberRow[],
  wanted: ReadonlyMap<ObjectId, Copy>,
): Promise<readonly string[]> {
  const freed: string[] = []
  const gone: ObjectId[] = []
  for (const member of known) {
    const copy = wanted.get(member.sourceId)
    if (copy?.name === member.name && copy.uid === member.uid) continue
    await removeCopy(writing, member)
    if (member.memberId !== null && member.uid !== null) freed.push(member.uid)
    if (!copy) gone.push(member.sourceId)
  }
  if (gone.length > 0) await forgetVirtualMembers(writing.tx, writing.book.collectionId, gone)
  return freed
}

async function removeCopy(
  { tx, book, rows, origin, changed }: Writing,
  member: VirtualMemberRow,
): Promise<void> {
  const row = member.memberId === null ? undefined : rows.get(member.memberId)
  if (!row) return
  await deleteObject(tx, book.collection, row, origin)
  rows.delete(row.id)
  changed.push(row.id)
}

/** Which cards are shown under the UIDs of some, by these. */
async function shownByUid(
  tx: Reader,
  { collectionId }: VirtualBook,
  copies: readonly Copy[],
): Promise<Map<string, VirtualMemberRow>> {
  const uids = copies.flatMap(({ uid }) => uid ?? [])
  if (uids.length === 0) return new Map()
  const shown = await membersOfUids(tx, collectionId, uids)
  return new Map(
    shown.flatMap((member) =>
      member.memberId === null || member.uid === null ? [] : [[member.uid, member] as const],
    ),
  )
}

/** @param shown  cards that are shown under a UID; this one is, once it is stored */
async function putCopy(
  writing: Writing,
  copy: Copy,
  member: VirtualMemberRow | undefined,
  shown: Map<string, VirtualMemberRow>,
): Promise<void> {
  const { tx, book, rows, origin, changed } = writing
  const { sourceId, name, uid, object } = copy
  const { collectionId } = book
  const there = uid === null ? undefined : shown.get(uid)
  const other = there?.sourceId === sourceId ? undefined : there
  if (other && other.sourceId < sourceId) {
    if (member) await removeCopy(writing, member)
    await saveVirtualMember(tx, { collectionId, sourceId, memberId: null, name, uid })
    return
  }
  if (other) {
    for (const [id, row] of await rowsOf(tx, [other])) rows.set(id, row)
    await removeCopy(writing, other)
    await saveVirtualMember(tx, { ...other, memberId: null })
  }
  const existing = member?.memberId == null ? undefined : rows.get(member.memberId)
  const size = object.body.byteLength
  const { kind, objectId } = await putObject(tx, {
    ...object,
    ...{ collection: book.collection, name, size, origin, existing },
  })
  if (kind === 'updated') changed.push(objectId)
  const stored = { collectionId, sourceId, memberId: objectId, name, uid }
  if (member?.memberId !== objectId || member.uid !== uid) await saveVirtualMember(tx, stored)
  if (uid !== null) shown.set(uid, stored)
}

/** Cards that were not shown for another one of their UID, which is gone: of each the oldest. */
async function waitingFor(
  tx: Reader,
  { collectionId }: VirtualBook,
  freed: readonly string[],
  done: ReadonlyMap<ObjectId, Copy>,
): Promise<readonly ObjectId[]> {
  if (freed.length === 0) return []
  const next = new Map<string, ObjectId>()
  const shown = new Set<string>()
  for (const { uid, sourceId, memberId } of await membersOfUids(tx, collectionId, freed)) {
    if (uid === null) continue
    if (memberId !== null) shown.add(uid)
    else if (!next.has(uid) && !done.has(sourceId)) next.set(uid, sourceId)
  }
  return [...next].flatMap(([uid, sourceId]) => (shown.has(uid) ? [] : [sourceId]))
}
