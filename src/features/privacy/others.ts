import { memberKey } from '../../../protocol/vcard/lists.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { inList } from '../../../storage/database.ts'
import { dropSuggestion, suggestionsNaming } from '../../../storage/facts/suggestions.ts'
import type { CollectionId, ObjectId, RelationId, RevisionId } from '../../../storage/ids.ts'
import { findObjectsByIds, readTexts } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { allPlacementsOf } from '../../../storage/people/parties.ts'
import { booksOfStates, eventsNaming, groupsNaming, statesIn } from '../../../storage/privacy/find-erased.ts'
import type { Reader, Store, Writer } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { questionOf } from '../facts/bound/suggestions.ts'
import { relationRowsOf, saveRelation } from '../facts/relations.ts'
import { patchGroup } from '../lists/lists.ts'
import type { Acting } from '../people/asking.ts'
import { mayWrite, type Reach } from '../people/reach.ts'
import { storePatched } from '../store-patched.ts'
import { readObjectTexts } from '../texts.ts'
import type { Known } from './known-of.ts'
import { namesPerson, withoutPerson } from './take-off.ts'

/** States of objects of others that are looked at together. */
const together = 100

/** What becomes of those whom somebody knows. */
interface Forgotten {
  /** Cards that may have said something of him. */
  readonly cards: readonly ObjectId[]
  /** Of what was known by a name alone. */
  readonly relations: readonly RelationId[]
}

/**
 * Whom somebody knows does not know him any more: their cards say nothing of him. Where a card has but a name, and nobody but him is
 * known by it, he is meant.
 */
export async function forgetRelations(tx: Writer, acting: Acting, { parties }: Known): Promise<Forgotten> {
  const asked = (await suggestionsNaming(tx, parties)).filter((row) =>
    questionOf(row).candidates.every((id) => parties.includes(id)),
  )
  const keys = new Set(asked.map(({ key }) => Number(key)))
  const people = asked.map(({ partyId }) => partyId)
  const named = (await relationRowsOf(tx, people)).filter(
    ({ id, otherId }) => otherId === null && keys.has(id),
  )
  const rows = [...(await relationRowsOf(tx, parties)), ...named]
  for (const row of rows) await saveRelation(tx, acting, row, undefined)
  for (const question of asked) await dropSuggestion(tx, question)
  const others = rows.flatMap(({ partyId, otherId }) => [partyId, otherId ?? 0])
  const cards = await allPlacementsOf(
    tx,
    others.filter((id) => id !== 0 && !parties.includes(id)),
  )
  return { cards: cards.map(({ objectId }) => objectId), relations: named.map(({ id }) => id) }
}

/** Lists that name somebody do not any more. @returns their cards */
export async function leaveGroups(
  tx: Writer,
  { uids }: Known,
  origin: Origin,
  settings: Services['settings'],
): Promise<ObjectId[]> {
  const keys = uids.flatMap((uid) => memberKey(uid) ?? [])
  const books = new Map<CollectionId, CollectionRow | undefined>()
  const left = await groupsNaming(tx, keys)
  for (const { id, collectionId } of left) {
    if (!books.has(collectionId)) books.set(collectionId, await findCollectionById(tx, collectionId))
    const collection = books.get(collectionId)
    const change = { adding: new Set<string>(), without: new Set(keys) }
    if (collection) await patchGroup(tx, { collection, origin }, { id, made: 0 }, change, settings)
  }
  return [...new Set(left.map(({ id }) => id))]
}

/** Events and tasks of others, living and in the trash, that name or have named somebody: those that may be changed. */
export function findEvents(store: Reading, reach: Reach, { mails }: Known): Promise<ObjectId[]> {
  const sought = new Set(mails)
  const calendars = [...ownCalendars(reach).keys()]
  if (sought.size === 0) return Promise.resolve([])
  return findStates(store, calendars, '@', (text) => namesPerson(text, sought))
}

/** Lists, living and in the trash, that name or have named somebody, in the books in which he was. */
export async function findGroups(store: Reading, { objects, uids }: Known): Promise<ObjectId[]> {
  const books = await store.read((reader) => booksOfStates(reader, objects))
  return findStates(store, books, 'MEMBER', (text) => uids.some((uid) => text.includes(uid)))
}

type Reading = Pick<Store, 'read'>

/** Objects with a state that is meant. @param isMeant  told the text of one, unfolded */
async function findStates(
  store: Reading,
  collections: readonly CollectionId[],
  word: string,
  isMeant: (text: string) => boolean,
): Promise<ObjectId[]> {
  const found = new Set<ObjectId>()
  for (let after = 0; ; ) {
    const states = await store.read(async (reader) => {
      const rows = await statesIn(reader, collections, { word, after, limit: together })
      const bodies = rows.flatMap(({ bodyId, sentBodyId }) => [bodyId ?? 0, sentBodyId ?? 0])
      const texts = await readTexts(reader, [...new Set(bodies)], { withMedia: false })
      const textOf = (id: number | null): string => (texts.get(id ?? 0) ?? '').replace(/\r?\n[ \t]/g, '')
      return rows.map((row) => ({ ...row, texts: [textOf(row.bodyId), textOf(row.sentBodyId)] }))
    })
    for (const { objectId, texts } of states) if (texts.some(isMeant)) found.add(objectId)
    after = states.at(-1)?.id ?? after
    if (states.length < together) return [...found]
  }
}

/**
 * Takes somebody off the events of others that may be changed.
 * @param known  some that are known to name him, or to have done so
 * @returns those that have named him
 */
export async function leaveEvents(
  tx: Writer,
  { reach, origin, settings }: Acting,
  { mails }: Known,
  known: readonly ObjectId[],
): Promise<ObjectId[]> {
  const calendars = ownCalendars(reach)
  const naming = (await eventsNaming(tx, mails)).filter(({ collectionId }) => calendars.has(collectionId))
  const ids = [...new Set([...known, ...naming.map(({ objectId }) => objectId)])]
  const sought = new Set(mails)
  const rows = await findObjectsByIds(tx, ids)
  const texts = await readObjectTexts(tx, rows)
  for (const existing of rows) {
    const [collection, text] = [calendars.get(existing.collectionId), texts.get(existing.id)]
    if (!collection || text === undefined) continue
    const patched = withoutPerson(text, sought)
    await storePatched(tx, { collection, existing, text, patched }, { settings, origin })
  }
  return ids
}

function ownCalendars(reach: Reach): Map<CollectionId, CollectionRow> {
  return new Map(
    reach.calendars
      .filter((one) => mayWrite(one) && one.row.generated === null && one.row.source === null)
      .map(({ row }): [CollectionId, CollectionRow] => [row.id, row]),
  )
}

/** Older states of these members that name somebody. */
export async function statesNaming(
  reader: Reader,
  objects: readonly ObjectId[],
  { mails, names, uids }: Known,
): Promise<{ readonly id: RevisionId; readonly objectId: ObjectId }[]> {
  const words = [...mails, ...names, ...uids]
    .map((word) => word.toLowerCase())
    .filter((word) => word.length > 1)
  const found: { readonly id: RevisionId; readonly objectId: ObjectId }[] = []
  for (let at = 0; at < objects.length; at += together) {
    const rows = await reader.sql.all<{
      id: RevisionId
      objectId: ObjectId
      bodyId: number | null
      sentBodyId: number | null
    }>(
      `SELECT id, object_id AS "objectId", body_id AS "bodyId", sent_body_id AS "sentBodyId" FROM revisions
       WHERE ${inList(reader.sql.dialect, 'object_id', '$1', 'bigint')} ORDER BY id`,
      [objects.slice(at, at + together)],
    )
    const bodies = rows.flatMap(({ bodyId, sentBodyId }) => [bodyId ?? 0, sentBodyId ?? 0])
    const texts = await readTexts(reader, [...new Set(bodies)], { withMedia: false })
    const isNamed = (id: number | null): boolean => {
      const text = (texts.get(id ?? 0) ?? '').replace(/\r?\n[ \t]/g, '').toLowerCase()
      return words.some((word) => text.includes(word))
    }
    for (const { id, objectId, bodyId, sentBodyId } of rows)
      if (isNamed(bodyId) || isNamed(sentBodyId)) found.push({ id, objectId })
  }
  return found
}
