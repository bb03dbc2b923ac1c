import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { inList } from '../../../storage/database.ts'
import { forgetFacts } from '../../../storage/history/fact-revisions.ts'
import type { CollectionId, ObjectId, PartyId } from '../../../storage/ids.ts'
import { findObjectsByIds } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import { findParties } from '../../../storage/people/parties.ts'
import {
  addErasure,
  beginErasing,
  type Erasing,
  type ErasureRow,
  endErasing,
  findErasure,
  listErasing,
  signErasure,
} from '../../../storage/privacy/erasures.ts'
import { countErased, type Erased, type ErasedCounts } from '../../../storage/privacy/find-erased.ts'
import { forgetErased } from '../../../storage/privacy/forget.ts'
import { forgetHistory, forgetStates } from '../../../storage/purge.ts'
import { type Reader, WriteConflictError, type Writer } from '../../../storage/store.ts'
import { findActivities, partiesOfActivities } from '../../../storage/timeline/activities.ts'
import { etagOfContent } from '../../api/conditions.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { dropForsakenGrants } from '../grants/grants.ts'
import { deleteListed } from '../lists/lists.ts'
import { actingOf } from '../people/asking.ts'
import { indexNote } from '../search/note-document.ts'
import { forgetInLists } from '../smart-lists/smart-lists.ts'
import { appendJournal } from './journal.ts'
import { findKnown, type Known } from './known-of.ts'
import { findEvents, findGroups, forgetRelations, leaveEvents, leaveGroups, statesNaming } from './others.ts'
import { inOrder, markOf, type Proof, proofKeys, proofOf, signatureOf } from './proof.ts'

/** What an erasure would do, and what has to be named so that it is done: as it was when it was looked at. */
export interface ErasurePreview extends ErasedCounts {
  readonly token: string
}

/** Who erases whom. */
export interface ErasureWish {
  readonly partyId: PartyId
  /** Of the preview; undefined where there is nobody who looked. */
  readonly token: string | undefined
  /** Whether events of others that the session may change go on naming him. */
  readonly attendees: 'keep' | 'remove'
  readonly reason: ErasureRow['reason']
  /** Undefined where the server does it. */
  readonly session: Session | undefined
  readonly origin: Origin
}

export async function previewErasure(reader: Reader, id: PartyId): Promise<ErasurePreview> {
  const erased = await findKnown(reader, id)
  const counts = await countErased(reader, erased)
  return { ...counts, token: await tokenOf(reader, erased, counts) }
}

/**
 * Erases somebody. His cards go as every one that is deleted, so that phones hear of it; then everything goes that the server has
 * kept of him. What was done is proved without saying who it was.
 * @throws refusal 409 where it is not as it was looked at; 404 where there is nobody
 */
export async function eraseParty(services: Services, wish: ErasureWish): Promise<Proof> {
  const naming = await findNaming(services, wish)
  const begun = await services.store.write((tx) => begin(tx, wish, services, naming))
  return finish(services, begun)
}

/** Goes on with erasures that were begun and not done. @returns how many */
export async function finishErasures(services: Services): Promise<number> {
  const begun = await services.store.read(listErasing)
  for (const erasing of begun) {
    const erased = await services.store.read((reader) => findKnown(reader, erasing.partyId))
    const groups = await findGroups(services.store, erased)
    await finish(services, { ...erasing, erased, members: [...erasing.members, ...groups] })
  }
  return begun.length
}

interface Begun extends Erasing {
  readonly erased: Known
}

/** What names him, by what its texts say. */
interface Naming {
  readonly groups: readonly ObjectId[]
  /** Those off which he is taken. */
  readonly events: readonly ObjectId[]
}

async function findNaming({ store, settings }: Services, wish: ErasureWish): Promise<Naming> {
  const { session, origin, partyId, attendees } = wish
  const known = await store.read((reader) => findKnown(reader, partyId))
  const groups = await findGroups(store, known)
  if (!session || attendees === 'keep') return { groups, events: [] }
  const { reach } = await store.read((reader) => actingOf(reader, { session, origin, settings }))
  return { groups, events: await findEvents(store, reach, known) }
}

async function begin(
  tx: Writer,
  wish: ErasureWish,
  { settings, newId }: Services,
  naming: Naming,
): Promise<Begun> {
  const { partyId, session, origin, reason } = wish
  const erased = await findKnown(tx, partyId)
  if (erased.parties.length === 0) throw refuseStatus(404, 'There is nobody at this address.')
  const counts = await countErased(tx, erased)
  if (wish.token !== undefined && wish.token !== (await tokenOf(tx, erased, counts)))
    throw refuseStatus(409, 'This is not what would be erased now: look at it again.')
  const left = await leaveOthers(tx, wish, { erased, naming, settings })
  await deleteCards(tx, erased, origin, settings)
  const groups = await leaveGroups(tx, erased, origin, settings)
  const keys = await proofKeys(tx)
  const marks = [
    ...erased.uids.map((uid) => markOf(keys, 'uid', uid)),
    ...erased.mails.map((mail) => markOf(keys, 'mail', mail)),
  ]
  const proofId = newId()
  const author = session?.principal.id ?? null
  const row = {
    proofId,
    at: tx.now,
    authorId: author,
    reason,
    counts: JSON.stringify(counts.goes),
    signature: '',
  }
  await addErasure(tx, row, marks)
  const erasing = { ...left, proofId, partyId, members: [...left.members, ...naming.groups, ...groups] }
  await beginErasing(tx, erasing)
  return { ...erasing, erased }
}

/** Takes him out of what is of others, where there is somebody who may. */
async function leaveOthers(
  tx: Writer,
  { session, origin, attendees }: ErasureWish,
  { erased, naming, settings }: { erased: Known; naming: Naming; settings: Services['settings'] },
): Promise<Pick<Erasing, 'cards' | 'members' | 'relations'>> {
  if (!session) return { cards: [], members: [], relations: [] }
  const acting = await actingOf(tx, { session, origin, settings })
  const forgotten = await forgetRelations(tx, acting, erased)
  const members = attendees === 'remove' ? await leaveEvents(tx, acting, erased, naming.events) : []
  return { ...forgotten, members }
}

async function finish(
  services: Services,
  { proofId, partyId, erased, cards, members, relations }: Begun,
): Promise<Proof> {
  const { store } = services
  const proof = await store.write(async (tx) => {
    const now = await findKnown(tx, partyId)
    // A phone that has sent a card meanwhile is heard first.
    if ((await findObjectsByIds(tx, now.objects)).length > 0)
      throw new WriteConflictError('Somebody who is being erased has a card again.')
    const all = { ...erased, objects: [...new Set([...erased.objects, ...now.objects])] }
    const shared = await sharedActivities(tx, all)
    const states = await statesNaming(tx, [...new Set([...cards, ...members])], all)
    await forgetErased(tx, all)
    await forgetInLists(tx, all)
    const { settings, newId } = services
    await dropForsakenGrants(tx, { settings, newId, origin: { kind: 'job', requestId: newId() } })
    await forgetFacts(tx, 'relation', relations.map(String))
    await forgetNaming(tx, states, members)
    for (const { row, parties } of shared) await indexNote(tx, row, parties)
    await endErasing(tx, proofId)
    return sign(tx, proofId)
  })
  if (!(await store.settle()))
    services.log.warn('the write-ahead log still has what was erased: something reads it')
  await appendJournal(store, [proof])
  return proof
}

async function sign(tx: Writer, proofId: string): Promise<Proof> {
  const row = await findErasure(tx, proofId)
  if (!row) throw new Error('The erasure is not written down.')
  const proof = inOrder(await proofOf(tx, row))
  const signature = signatureOf(await proofKeys(tx), proof)
  await signErasure(tx, row.id, signature)
  return { ...proof, signature }
}

/** Older states go; of lists and events in the trash all of it, as the last state would stay otherwise. */
async function forgetNaming(
  tx: Writer,
  states: Awaited<ReturnType<typeof statesNaming>>,
  members: readonly ObjectId[],
): Promise<void> {
  const naming = new Set(states.map(({ objectId }) => objectId))
  const named = members.filter((id) => naming.has(id))
  const living = new Set((await findObjectsByIds(tx, named)).map(({ id }) => id))
  await forgetStates(
    tx,
    states.map(({ id }) => id),
  )
  await forgetHistory(
    tx,
    named.filter((id) => !living.has(id)),
  )
}

/** As any card is deleted, in whatever book it is. */
async function deleteCards(
  tx: Writer,
  { objects }: Erased,
  origin: Origin,
  settings: Services['settings'],
): Promise<void> {
  const books = new Map<CollectionId, CollectionRow | undefined>()
  for (const row of await findObjectsByIds(tx, objects)) {
    if (!books.has(row.collectionId))
      books.set(row.collectionId, await findCollectionById(tx, row.collectionId))
    const book = books.get(row.collectionId)
    if (book) await deleteListed(tx, book, row, origin, settings)
  }
}

/** What was done with others too stays theirs, and is found by them. */
async function sharedActivities(reader: Reader, { parties, activities }: Erased) {
  const rows = await reader.sql.all<{ id: number }>(
    `SELECT DISTINCT activity_id AS id FROM activity_parties WHERE ${inList(reader.sql.dialect, 'party_id', '$1', 'bigint')}`,
    [parties],
  )
  const ids = rows.map(({ id }) => id).filter((id) => !activities.includes(id))
  const about = await partiesOfActivities(reader, ids)
  return [...(await findActivities(reader, ids)).values()].map((row) => ({
    row,
    parties: (about.get(row.id) ?? []).filter((id) => !parties.includes(id)),
  }))
}

async function tokenOf(reader: Reader, { parties, objects }: Erased, counts: ErasedCounts): Promise<string> {
  const rows = [...(await findParties(reader, parties)).values()]
  const cards = (await findObjectsByIds(reader, objects)).map(({ id, etag }) => [id, etag])
  return etagOfContent([rows.map(({ id, version }) => [id, version]), cards.sort(), counts])
}
