import { refuse } from '../../../protocol/dav/preconditions.ts'
import { InvalidObjectError } from '../../../protocol/text/invalid-object.ts'
import type { Choice } from '../../../protocol/vcard/unite/fields.ts'
import { compareCards, uniteCards } from '../../../protocol/vcard/unite/unite.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import type { AliasRow } from '../../../storage/match/aliases.ts'
import type { MergeItem } from '../../../storage/match/merges.ts'
import { findObjectById, type ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { deleteListed } from '../lists/lists.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import type { LivingCard, MergePair } from './pair.ts'

export interface CardMerging {
  readonly choices: ReadonlyMap<string, Choice>
  /** Whether cards in books that only one of them is in are brought to the same content. */
  readonly inAllBooks: boolean
  readonly origin: Origin
  readonly settings: Services['settings']
  readonly newId: Services['newId']
}

/** What was done to cards, and where those are whose place others have taken. */
export interface MergedCards {
  readonly items: readonly MergeItem[]
  readonly aliases: readonly Omit<AliasRow, 'mergeId'>[]
}

/**
 * Makes one card of two where both stand in one book: the survivor's has the values of both, the loser's goes to the trash.
 * The survivor's is stored first, so that no list of people is empty between.
 * @throws refusal where a card cannot be read, or stored
 */
export async function mergeCards(tx: Writer, pair: MergePair, merging: CardMerging): Promise<MergedCards> {
  const { survivor, loser, books } = pair
  const items: MergeItem[] = []
  const aliases: Omit<AliasRow, 'mergeId'>[] = []
  const inBook = new Map<CollectionId, LivingCard>()
  for (const card of survivor.cards)
    if (!inBook.has(card.row.collectionId)) inBook.set(card.row.collectionId, card)
  const [main] = survivor.cards
  const gone: LivingCard[] = []
  for (const card of survivor.cards) {
    const theirs = loser.cards.filter(
      ({ row }) => inBook.get(row.collectionId) === card && row.id !== card.row.id,
    )
    const wanted = merging.inAllBooks && card === main ? loser.cards : theirs
    items.push(...(await storeUnited(tx, card, textOf(card, wanted, merging), books, merging)))
    for (const one of theirs) {
      gone.push(one)
      const { collectionId, name, uid } = one.row
      aliases.push({ collectionId, name, uidKey: uid, objectId: card.row.id, loserObjectId: one.row.id })
    }
  }
  if (merging.inAllBooks && main) {
    const text = textOf(main, loser.cards, merging)
    const others = [...survivor.cards, ...loser.cards].filter((card) => card !== main && !gone.includes(card))
    for (const card of others)
      items.push(...(await storeUnited(tx, await asItIs(tx, card, items), alike(card, text), books, merging)))
  }
  for (const { row } of gone) {
    const collection = books.get(row.collectionId)
    const present = await findObjectById(tx, row.id)
    if (!collection || !present) continue
    await deleteListed(tx, collection, present, merging.origin, merging.settings)
    items.push({ kind: 'gone', objectId: row.id, collectionId: row.collectionId, name: row.name })
  }
  return { items, aliases }
}

function textOf({ text }: LivingCard, others: readonly LivingCard[], { choices }: CardMerging): string {
  return readably(() =>
    others.reduce((united, other) => uniteCards({ survivor: united, loser: other.text }, choices), text),
  )
}

/** A card with the values of another, which has the say where there is one of a property. */
function alike({ text }: LivingCard, main: string): string {
  return readably(() => {
    const fields = compareCards({ survivor: text, loser: main })
    const singles = fields.filter(({ form, loser }) => form === 'one' && loser.length > 0)
    return uniteCards({ survivor: text, loser: main }, new Map(singles.map(({ name }) => [name, 'loser'])))
  })
}

/** @throws refusal for a card that cannot be read */
function readably<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof InvalidObjectError)) throw error
    throw refuse('valid-address-data', { message: `One of their cards cannot be read: ${error.message}` })
  }
}

/** A card that was stored a moment ago has another row. */
async function asItIs(tx: Writer, card: LivingCard, items: readonly MergeItem[]): Promise<LivingCard> {
  const isStored = items.some((item) => item.kind === 'card' && item.objectId === card.row.id)
  const row = isStored ? await findObjectById(tx, card.row.id) : undefined
  return row ? { ...card, row } : card
}

async function storeUnited(
  tx: Writer,
  { row, text }: LivingCard,
  united: string,
  books: ReadonlyMap<CollectionId, CollectionRow>,
  { origin, settings }: CardMerging,
): Promise<MergeItem[]> {
  const collection = books.get(row.collectionId)
  if (united === text || !collection) return []
  const existing = (await findObjectById(tx, row.id)) ?? row
  const object = prepareObject('addressbook', Buffer.from(united), settings, tx.now)
  const request = { collection, name: row.name, object, existing, origin }
  await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
  const after = await findObjectById(tx, row.id)
  return after ? [{ kind: 'card', objectId: row.id, before: stateOf(row), after: stateOf(after) }] : []
}

function stateOf({ bodyId, etag }: ObjectRow): Pick<ObjectRow, 'bodyId' | 'etag'> {
  return { bodyId, etag }
}
