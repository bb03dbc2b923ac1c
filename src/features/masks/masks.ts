import { createHash } from 'node:crypto'
import { z } from 'zod'
import { type Mask, readMask, type WrittenMask } from '../../../protocol/vcard/mask/rules.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { belongingsOf } from '../../../storage/groups.ts'
import type { CollectionId, MaskId, PrincipalId } from '../../../storage/ids.ts'
import type { Reader } from '../../../storage/store.ts'
import { hasMaskHolders, type MaskRow, masksOf } from '../../../storage/virtual/masks.ts'
import type { Session } from '../../auth/session.ts'
import { askerOf } from '../rights/rights.ts'
import { writtenMask } from './schema.ts'

/** A mask, and the books in which alone it hides anything; without any it does so in all. */
export interface PlacedMask extends Mask {
  readonly books?: readonly CollectionId[] | undefined
}
interface WrittenPlacedMask extends WrittenMask {
  readonly books?: readonly CollectionId[] | undefined
}

/**
 * Those masks that hide something of the cards in a book. What the server makes of others' cards may have some of any book in
 * it: there all of them count.
 */
export function masksFor(
  masks: readonly PlacedMask[],
  { id, generated }: Pick<CollectionRow, 'id'> & { readonly generated?: CollectionRow['generated'] },
): readonly Mask[] {
  if (generated !== null && generated !== undefined) return masks
  return masks.filter(({ books = [] }) => books.length === 0 || books.includes(id))
}

/** What somebody does not see of the cards in books that are not his. */
export interface HeldMasks {
  readonly ids: readonly MaskId[]
  readonly written: readonly WrittenPlacedMask[]
  readonly masks: readonly PlacedMask[]
  /** The same for whoever holds masks of the same rules; empty where he sees all. */
  readonly key: string
}

const seesAll: HeldMasks = { ids: [], written: [], masks: [], key: '' }

/** The masks that a principal holds, by himself or through groups. */
export async function heldMasks(reader: Reader, principalId: PrincipalId): Promise<HeldMasks> {
  if (!(await hasMaskHolders(reader))) return seesAll
  return readHeld(reader, (await belongingsOf(reader, principalId)).principals)
}

/** Everything that is not seen in a virtual book: what it is made without, and, of one's own, what whoever has it does not see. */
export async function masksOfBook(
  reader: Reader,
  book: {
    readonly masks: string
    readonly maskKey: string
    readonly twinOf: number | null
    readonly collection: Pick<CollectionRow, 'principalId'>
  },
): Promise<HeldMasks> {
  const held = book.twinOf === null ? await heldMasks(reader, book.collection.principalId) : seesAll
  const written = [...parseMasks(book.masks), ...held.written]
  return { ids: held.ids, written, masks: written.map(maskOf), key: book.maskKey }
}

const sessions = new WeakMap<Reader, WeakMap<Session, Promise<HeldMasks>>>()

/** The same for whoever makes a request, looked up once for what it reads, and anew for what it writes. */
export function masksOfSession(reader: Reader, session: Session): Promise<HeldMasks> {
  const here = sessions.get(reader) ?? new WeakMap<Session, Promise<HeldMasks>>()
  sessions.set(reader, here)
  const held = here.get(session) ?? lookUp(reader, session)
  here.set(session, held)
  return held
}

/** What whoever makes a request does not see of the cards of a collection: nothing of his own is hidden from him. */
export async function masksOver(
  reader: Reader,
  session: Session,
  book: Pick<CollectionRow, 'id' | 'kind' | 'generated' | 'principalId'>,
): Promise<readonly Mask[]> {
  if (book.kind !== 'addressbook' || book.principalId === session.principal.id) return []
  return masksFor((await masksOfSession(reader, session)).masks, book)
}

async function lookUp(reader: Reader, session: Session): Promise<HeldMasks> {
  if (!(await hasMaskHolders(reader))) return seesAll
  return readHeld(reader, (await askerOf(reader, session)).principals)
}

async function readHeld(reader: Reader, principals: ReadonlySet<PrincipalId>): Promise<HeldMasks> {
  return heldOf(await masksOf(reader, [...principals]))
}

/** What the rows say to whoever holds them all. */
export function heldOf(rows: readonly MaskRow[]): HeldMasks {
  if (rows.length === 0) return seesAll
  const written = rows.map(({ rules }) => parseMask(rules))
  const ids = rows.map(({ id }) => id)
  return { ids, written, masks: written.map(maskOf), key: keyOfMasks(written) }
}

/** One mask, as its row has it. */
export const parseMask = (rules: string): WrittenPlacedMask => writtenMask.parse(JSON.parse(rules))

/** Masks as a row has them. */
export function parseMasks(json: string): readonly WrittenPlacedMask[] {
  return z.array(writtenMask).parse(JSON.parse(json))
}

/** Which masks they are, in short; empty for none. */
export function keyOfMasks(masks: readonly WrittenPlacedMask[]): string {
  if (masks.length === 0) return ''
  const placesOf = ({ books = [] }: WrittenPlacedMask) =>
    books.length === 0 ? [] : [books.toSorted((one, other) => one - other)]
  const rules = masks.map((mask) => JSON.stringify([mask.hide, mask.only ?? null, ...placesOf(mask)])).sort()
  return createHash('sha256').update(JSON.stringify(rules)).digest('base64url')
}

/** A mask that was checked when it was written. A rule that this version does not know hides everything. */
export function maskOf(written: WrittenPlacedMask): PlacedMask {
  const read = readMask(written)
  const { books } = written
  return { ...('wrong' in read ? { hide: [], only: [] } : read), ...(books && { books }) }
}
