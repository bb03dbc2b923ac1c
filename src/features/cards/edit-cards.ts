import { type Refusal, refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import { editCard, newCard } from '../../../protocol/vcard/edit/edit-card.ts'
import { type CardEdit, NoSuchValueError } from '../../../protocol/vcard/edit/edits.ts'
import { maskCard } from '../../../protocol/vcard/mask/mask-card.ts'
import { lockFeeds } from '../../../storage/feeds.ts'
import type { ObjectId } from '../../../storage/ids.ts'
import { findObject, findObjectById, type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { bodyText, etagOf } from '../bodies.ts'
import { hasMoreLines } from '../devices/serve.ts'
import { deleteListed, type Folding, moveListed } from '../lists/lists.ts'
import { maskOf, parseMasks } from '../masks/masks.ts'
import { type PreparedObject, prepareObject } from '../objects.ts'
import { checkRoom } from '../room.ts'
import { checkUid, storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { deleteThrough, moveThrough, storeThrough } from '../virtual/virtual.ts'
import { mustBeAllowed, type SeenBook, type SeenCard, textOfCard } from './cards.ts'
import { checkUnlocked } from './locked.ts'

/** Who writes, and with what. */
export interface Editing extends Pick<Services, 'settings' | 'now' | 'newId'> {
  readonly session: Session
  readonly origin: Origin
  /** Where several cards of one write are stored: whoever opened it finishes it. */
  readonly folding?: Folding | undefined
}

/**
 * Edits a card as a patch of its lines (law 6); without an effect nothing is written. What is not seen of it stays.
 * @returns it as it is then
 * @throws refusal 403; 409 where an edit names a value that is not there any more, or the card cannot be edited; 423
 */
export async function editStored(
  tx: Writer,
  seen: SeenCard,
  edits: readonly CardEdit[],
  editing: Editing,
): Promise<SeenCard> {
  mustBeAllowed(seen.book, 'write-content')
  const text = await textOfCard(tx, seen)
  // Each edit goes through the whole card.
  const most = Math.floor(editing.settings.limits.editedLines / Math.ceil(edits.length / 10))
  if (hasMoreLines(text, most)) throw refuseStatus(409, 'The card is too long for so many edits at once.')
  const edited = readable(() => editCard(text, edits, editing.now()))
  if (edited === text) return seen
  await checkUnlocked(tx, seen.book.row, seen.row.name, 'change')
  const outcome = await store(
    tx,
    seen.book,
    { name: seen.row.name, text: edited, existing: seen.row },
    editing,
  )
  return { ...outcome, id: seen.id }
}

/** Makes a card of what is to stand in it. @throws refusal 403, 423, 507 */
export async function makeCard(
  tx: Writer,
  book: SeenBook,
  { edits, version }: { readonly edits: readonly CardEdit[]; readonly version: '3.0' | '4.0' },
  editing: Editing,
): Promise<SeenCard> {
  mustBeAllowed(book, 'bind')
  const uid = editing.newId()
  const text = readable(() => newCard(version === '4.0' ? `urn:uuid:${uid}` : uid, edits, version))
  const name = `${uid}.vcf`
  await checkUnlocked(tx, book.row, name, 'make')
  return store(tx, book, { name, text, existing: undefined }, editing)
}

/** Sends a card to the trash; of a copy the card that it was made of. @throws refusal 403, 423 */
export async function removeCard(
  tx: Writer,
  { row, book }: SeenCard,
  { origin, settings }: Editing,
): Promise<void> {
  mustBeAllowed(book, 'unbind')
  await checkUnlocked(tx, book.row, row.name, 'remove')
  if (book.virtual) await deleteThrough(tx, book.virtual, row, origin, settings)
  else await deleteListed(tx, book.row, row, origin, settings)
}

/**
 * Copies what is seen of a card into another book, under its name where that is free.
 * @throws refusal 403; no-uid-conflict where that book has it; 423
 */
export async function copyCard(
  tx: Writer,
  { row }: SeenCard,
  target: SeenBook,
  editing: Editing,
): Promise<SeenCard> {
  mustBeAllowed(target, 'bind')
  const name = await freeName(tx, target, row.name, editing)
  await checkUnlocked(tx, target.row, name, 'make')
  const body = await readBody(tx, row.bodyId)
  if (!body) throw refuseStatus(404, 'There is nothing at this address.')
  const object = prepareObject('addressbook', body, editing.settings, editing.now())
  const copying = { ...editing, origin: { ...editing.origin, kind: 'copy' } as const }
  return storePrepared(tx, target, { name, object, existing: undefined }, copying)
}

/**
 * Moves a card to another book. To one of another account, and where it is not seen alike, what goes is a copy: whoever had
 * it finds it in the trash (law 4).
 * @throws refusal 403; no-uid-conflict where that book has it; 423
 */
export async function moveCard(
  tx: Writer,
  seen: SeenCard,
  target: SeenBook,
  editing: Editing,
): Promise<SeenCard> {
  const { row, book } = seen
  if (book.row.id === target.row.id) return seen
  mustBeAllowed(book, 'unbind')
  mustBeAllowed(target, 'bind')
  await lockFeeds(tx, [book.row.feedId, target.row.feedId])
  await checkUnlocked(tx, book.row, row.name, 'remove')
  const moving = { ...editing, origin: { ...editing.origin, kind: 'move' } as const }
  if (book.row.principalId !== target.row.principalId || !book.virtual !== !target.virtual) {
    const copied = await copyCard(tx, seen, target, editing)
    await removeCard(tx, seen, moving)
    return copied
  }
  const name = await freeName(tx, target, row.name, editing)
  await checkUnlocked(tx, target.row, name, 'make')
  return moveWhole(tx, seen, target, name, moving)
}

/** Moves all of a card, whatever whoever moves it sees of it. */
async function moveWhole(
  tx: Writer,
  { id, row, book }: SeenCard,
  target: SeenBook,
  name: string,
  { origin, settings, folding }: Editing,
): Promise<SeenCard> {
  if (book.virtual && target.virtual) {
    const text = (await readObjectTexts(tx, [row])).get(row.id) ?? ''
    const to = { book: target.virtual, name }
    await moveThrough(tx, book.virtual, row, to, origin, settings)
    return { id, book: target, row: { ...row, name }, next: { text, etag: row.etag } }
  }
  const hrefOf = (other: string): string => other
  await checkUid(tx, { collection: target.row, name, existing: undefined, object: row, hrefOf })
  await checkRoom(tx, target.row, settings)
  await moveListed(tx, book.row, row, target.row, name, origin, settings, folding)
  return { id, book: target, row: await stored(tx, row.id) }
}

interface Storing {
  readonly name: string
  readonly text: string
  readonly existing: ObjectRow | undefined
}

async function store(
  tx: Writer,
  book: SeenBook,
  { name, text, existing }: Storing,
  editing: Editing,
): Promise<SeenCard> {
  const { settings, now } = editing
  const limit = settings.limits.bodyBytes
  const body = Buffer.from(text)
  if (body.byteLength > limit) throw tooLarge(limit)
  const object = prepareObject('addressbook', body, settings, now())
  return storePrepared(tx, book, { name, object, existing }, editing)
}

type Prepared = Omit<Storing, 'text'> & { readonly object: PreparedObject }

/** Whoever edits a card over the API is shown its labels, and means them. */
async function storePrepared(
  tx: Writer,
  book: SeenBook,
  { name, object, existing }: Prepared,
  { origin, settings, session, folding }: Editing,
): Promise<SeenCard> {
  const hrefOf = (other: string): string => other
  const request = { name, object, existing, origin, hrefOf, lists: 'both' } as const
  if (!book.virtual) {
    const { objectId: id } = await storeObject(tx, { ...request, collection: book.row, folding }, settings)
    return { id, book, row: await stored(tx, id) }
  }
  // It is not the device that edits: what its kind cannot hold is meant too.
  const web = { ...session, clientKind: undefined }
  const { objectId: id } = await storeThrough(tx, { ...request, book: book.virtual, session: web }, settings)
  const masks = parseMasks(book.virtual.masks).map(maskOf)
  const text = maskCard(bodyText(object.body), masks) ?? ''
  return {
    id,
    book,
    row: existing ?? (await stored(tx, id)),
    next: { text, etag: etagOf(Buffer.from(text)) },
  }
}

async function stored(tx: Writer, id: ObjectId): Promise<ObjectRow> {
  const row = await findObjectById(tx, id)
  if (!row) throw new Error('What was stored is not there.')
  return row
}

async function freeName(tx: Writer, { row }: SeenBook, name: string, { newId }: Editing): Promise<string> {
  return (await findObject(tx, row.id, name)) ? `${newId()}.vcf` : name
}

/** What is wrong with a card, or with an edit, as a refusal. */
function readable(edit: () => string): string {
  try {
    return edit()
  } catch (error) {
    if (error instanceof NoSuchValueError) throw refuseStatus(409, `${error.message} Read it again.`)
    if (error instanceof InvalidObjectError)
      throw refuseStatus(409, `The card cannot be edited: ${error.message}`)
    throw error
  }
}

function tooLarge(limit: number): Refusal {
  return refuse('carddav:max-resource-size', { message: `A card may have ${limit} octets at most.` })
}
