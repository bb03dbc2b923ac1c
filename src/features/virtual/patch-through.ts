import type { Settings } from '../../../config/defaults.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { unmaskInto } from '../../../protocol/vcard/mask/unmask.ts'
import { wholeCard } from '../../../protocol/vcard/merge/rules.ts'
import { lockFeed } from '../../../storage/feeds.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { findVirtualBook } from '../../../storage/virtual/books.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'
import { masksOn, sourceOfCopy } from './through.ts'

/**
 * Changes lines of the card that a copy was made of, where whoever has the copy may write through it: what he does not see of
 * the card stays.
 * @param patch  of the copy; the same text changes nothing
 * @returns whether the card has changed
 * @throws refusal 409 where what is seen cannot be told from what is not
 */
export async function patchThrough(
  tx: Writer,
  copy: ObjectRow,
  patch: (seen: string) => string,
  { origin, settings }: { readonly origin: Origin; readonly settings: Settings },
): Promise<boolean> {
  const book = await findVirtualBook(tx, copy.collectionId)
  const source = book?.writeThrough === 'always' ? await sourceOfCopy(tx, book, copy) : undefined
  if (!book || !source) return false
  await lockFeed(tx, source.collection.feedId)
  const { row, collection } = source
  const served = (await readObjectTexts(tx, [copy])).get(copy.id)
  const stored = (await readObjectTexts(tx, [row])).get(row.id)
  if (served === undefined || stored === undefined) return false
  const sent = patch(served)
  if (sent === served) return false
  const masks = await masksOn(tx, book, collection)
  const text = unmaskInto({ stored, served, sent, masks, rules: wholeCard })
  if (text === undefined) throw refuseStatus(409, 'The card cannot be read, and you do not see all of it.')
  const object = prepareObject('addressbook', Buffer.from(text), settings, tx.now)
  const request = { collection, name: row.name, object, existing: row, origin }
  const { kind } = await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
  return kind !== 'unchanged'
}
