import type { Settings } from '../../../config/defaults.ts'
import { unlessRefused } from '../../../protocol/dav/preconditions.ts'
import { readCard } from '../../../protocol/vcard/card.ts'
import {
  categoriesOf,
  changeCategories,
  memberKey,
  readLists,
  withLines,
} from '../../../protocol/vcard/lists.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import { groupsWithMember } from '../../../storage/lists/list-queries.ts'
import { type ObjectRow, withBodies } from '../../../storage/objects.ts'
import type { Writer } from '../../../storage/store.ts'
import { bodyText } from '../bodies.ts'
import type { ListDialect } from '../devices/kinds.ts'
import { type PreparedObject, prepareCopy, prepareObject } from '../objects.ts'
import { listLimits } from './list-index.ts'
import type { Listed } from './prior.ts'

/** A card that somebody sends into a book. */
export interface SentCard {
  readonly collection: CollectionRow
  readonly object: PreparedObject
  readonly existing: ObjectRow | undefined
  /** How the sender knows lists; undefined for a file, or another place that it comes from as it is. */
  readonly lists?: ListDialect | undefined
}

/**
 * A person's card as it is to be stored: who knows lists as cards has not seen its CATEGORIES, which therefore stay, and whom group
 * cards already name is in these lists (Apple's programs send a group before its members).
 */
export async function withKeptLabels(
  tx: Writer,
  { collection, object, existing, lists }: SentCard,
  before: Listed,
  settings: Settings,
): Promise<PreparedObject> {
  if (object.index.lists?.kind === 'group') return object
  const isUnseen = lists === 'cards' && existing && before.face?.kind === 'person'
  if (isUnseen && before.face.bareEtag !== existing.etag)
    return withStored(tx, { collection, object, existing }, before.face.bareEtag, settings)
  const key = object.uid === null ? undefined : memberKey(object.uid)
  const isNew = existing === undefined || existing.uid === null || before.face?.kind === 'group'
  // Whoever edits a card in either way means its CATEGORIES; a file, or another server, may know of groups by their cards alone.
  if (key === undefined || !(isNew || lists === undefined)) return object
  const groups = await groupsWithMember(tx, collection.id, key)
  const adding = groups.flatMap(({ name, made }) => (name === null || (made === 1 && !isNew) ? [] : name))
  if (adding.length === 0) return object
  if (existing && isBare(object, before, adding)) {
    const [stored] = await withBodies(tx, [existing])
    if (stored) return prepareCopy(collection.kind, stored, settings, tx.now)
  }
  const text = bodyText(object.body)
  return replaced(object, changeCategories(text, readCard(text), { adding }), settings, tx.now)
}

/** Whether a card is the stored one without CATEGORIES, all of which group cards tell of too. */
function isBare({ etag }: PreparedObject, { face, labels }: Listed, told: readonly string[]): boolean {
  return face?.bareEtag === etag && labels.every((label) => told.includes(label))
}

async function withStored(
  tx: Writer,
  { collection, object, existing }: SentCard & { readonly existing: ObjectRow },
  seenEtag: string,
  settings: Settings,
): Promise<PreparedObject> {
  const [stored] = await withBodies(tx, [existing])
  if (!stored) return object
  // What is sent as it was seen changes nothing.
  if (object.etag === seenEtag) return prepareCopy(collection.kind, stored, settings, tx.now)
  const [text, kept] = [bodyText(object.body), bodyText(stored.body)]
  const [card, keptCard] = [readCard(text), readCard(kept)]
  const lists = readLists(keptCard, listLimits(settings))
  const adding = lists.kind === 'person' ? lists.labels : []
  const next = object.index.lists
    ? changeCategories(text, card, { adding })
    : withLines(text, card, categoriesOf(kept, keptCard))
  return replaced(object, next, settings, tx.now)
}

/** What cannot be read with them is stored without (law 9). */
function replaced(object: PreparedObject, text: string, settings: Settings, now: number): PreparedObject {
  if (text === bodyText(object.body)) return object
  return unlessRefused(() => prepareObject('addressbook', Buffer.from(text), settings, now)) ?? object
}
