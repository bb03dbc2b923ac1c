import { readMask, type WrittenMask } from '../../../protocol/vcard/mask/rules.ts'
import { findCollectionById } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Reader, Writer } from '../../../storage/store.ts'
import {
  addHolder,
  deleteMask,
  findMask,
  listHolders,
  listMasks,
  type MaskHolder,
  type MaskRow,
  removeHolder,
  saveMask,
} from '../../../storage/virtual/masks.ts'
import { AccountError } from '../accounts/account-error.ts'
import { findAnybody } from '../accounts/named.ts'
import { recorded } from '../team/record.ts'
import { reviewMasks } from '../virtual/virtual.ts'
import { parseMask } from './masks.ts'

/** What a mask hides, and in which books alone. */
export interface MaskWish extends WrittenMask {
  readonly books?: readonly CollectionId[] | undefined
}

/** A mask, and who holds it. */
export interface ShownMask extends MaskWish {
  readonly name: string
  readonly holders: readonly MaskHolder[]
}

/** All masks, by name. */
export async function showMasks(reader: Reader): Promise<readonly ShownMask[]> {
  const holders = await listHolders(reader)
  return (await listMasks(reader)).map(({ id, name, rules }) => ({
    name,
    ...parseMask(rules),
    holders: holders
      .filter(({ maskId }) => maskId === id)
      .map(({ name: holder, displayName, kind }) => ({ name: holder, displayName, kind })),
  }))
}

/**
 * Makes a mask, or changes the one of that name: whoever holds it sees that much from now on, and his devices start afresh.
 * @throws AccountError for a rule that is none, and for what is no address book that people fill
 */
export async function writeMask(tx: Writer, name: string, mask: MaskWish, origin: Origin): Promise<void> {
  await checkMask(tx, mask)
  await changing(tx, origin, () => saveMask(tx, name, rulesOf(mask)))
}

/** @throws AccountError for a rule that is none, and for what is no address book that people fill */
export async function checkMask(reader: Reader, mask: MaskWish): Promise<void> {
  const read = readMask(mask)
  if ('wrong' in read)
    throw new AccountError(
      `"${read.wrong}" is no rule: write NOTE, TEL;TYPE=home, TEL;TYPE=cell+home|pager or X-ABDATE;LABEL=anniversary. The name, the UID and what makes a card a card are always seen.`,
    )
  if (mask.hide.length === 0 && mask.only === undefined)
    throw new AccountError('Say what is hidden, or what alone is seen.')
  for (const id of mask.books ?? []) await checkBook(reader, id)
}

/** A mask as its row has it. */
export function rulesOf({ hide, only, books }: MaskWish): string {
  return JSON.stringify({ hide, ...(only && { only }), ...(books && { books }) })
}

/** Does something to masks, or to who holds them: it is written down, and what they see follows. */
export function changing<T>(tx: Writer, origin: Origin, act: () => Promise<T>): Promise<T> {
  return recorded(tx, origin, async () => {
    const done = await act()
    await reviewMasks(tx, origin)
    return done
  })
}

/** @throws AccountError where there is none of that name */
export async function dropMask(tx: Writer, name: string, origin: Origin): Promise<void> {
  const { id } = await mustFindMask(tx, name)
  await changing(tx, origin, () => deleteMask(tx, id))
}

/** From now on an account, or every member of a group, sees that much of books that are not his. @throws AccountError */
export async function giveMask(tx: Writer, name: string, to: string, origin: Origin): Promise<void> {
  const { id } = await mustFindMask(tx, name)
  const holder = await findAnybody(tx, to)
  await changing(tx, origin, () => addHolder(tx, id, holder.id))
}

/** @throws AccountError where he does not hold it */
export async function takeMask(tx: Writer, name: string, from: string, origin: Origin): Promise<void> {
  const { id } = await mustFindMask(tx, name)
  const holder = await findAnybody(tx, from)
  await changing(tx, origin, async () => {
    if (!(await removeHolder(tx, id, holder.id)))
      throw new AccountError(`"${from}" does not hold the mask "${name}".`)
  })
}

async function checkBook(reader: Reader, id: CollectionId): Promise<void> {
  const book = await findCollectionById(reader, id)
  if (book?.kind !== 'addressbook' || book.generated !== null)
    throw new AccountError(`There is no address book ${id} that people fill.`)
}

async function mustFindMask(reader: Reader, name: string): Promise<MaskRow> {
  const found = await findMask(reader, name)
  if (found) return found
  throw new AccountError(`There is no mask "${name}".`)
}
