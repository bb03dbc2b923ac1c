import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { bit, noPrivileges, type PrivilegeSet } from '../../../protocol/dav/privileges.ts'
import { type CollectionRow, findCollectionById } from '../../../storage/collections.ts'
import { type PastPlace, pastPlaces } from '../../../storage/history/object-revisions.ts'
import type { CollectionId, ObjectId, RevisionId } from '../../../storage/ids.ts'
import { findObjectById, type ObjectRow, readBody } from '../../../storage/objects.ts'
import type { RevisionRow } from '../../../storage/revisions.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Session } from '../../auth/session.ts'
import { bodyText, etagOf } from '../bodies.ts'
import { collectionPlace, readLists, rightsAt } from '../rights/rights.ts'
import { type Behind, behindCopy } from './given.ts'
import { type Sight, sightsOf } from './shown.ts'

/** An object whose history somebody may read. */
export interface ReadableObject {
  readonly id: ObjectId
  /** As it is now; undefined for one that is in the trash. */
  readonly now: ObjectRow | undefined
  /** Where it is, or was at last; undefined where that is in the trash itself. */
  readonly collection: CollectionRow | undefined
  /** What he may do there. */
  readonly rights: PrivilegeSet
  /** Those of its places of which he may read: states in others are absent. */
  readonly places: readonly CollectionId[]
  readonly sights: ReadonlyMap<CollectionId, Sight>
  /** States before this one are absent. */
  readonly since: RevisionId
  /** Of a card that another shares one by one: where whoever asks has it. */
  readonly shownAs?: Pick<RevisionRow, 'collectionId' | 'name'>
}

export const notThere = (): Error => refuseStatus(404, 'There is nothing at this address.')

/**
 * An object by its id, living or in the trash, as far as somebody may read it: where it is now, or was at last.
 * @throws refusal 404
 */
export async function mustFindObject(
  reader: Reader,
  session: Session,
  id: ObjectId,
): Promise<ReadableObject> {
  const behind = await behindCopy(reader, session, id)
  if (behind)
    return behind.given
      ? givenObject(behind, behind.given)
      : mustFindObject(reader, session, behind.source.row.id)
  const places = await pastPlaces(reader, id)
  const last = places.at(-1)
  if (!last) throw notThere()
  const judged = await Promise.all(places.map((place) => judge(reader, session, place)))
  const readable = judged.filter(({ isReadable }) => isReadable)
  const here = readable.find(({ place }) => place === last)
  if (!here) throw notThere()
  const collections = readable.flatMap(({ collection }) => collection ?? [])
  return {
    id,
    now: await findObjectById(reader, id),
    collection: here.collection,
    rights: here.rights,
    places: readable.map(({ place }) => place.collectionId),
    sights: await sightsOf(reader, session, collections),
    since: 0,
  }
}

/** What is done to it is done to the copy. */
function givenObject(
  { copy, source }: Behind,
  { sight, since }: NonNullable<Behind['given']>,
): ReadableObject {
  const { row, collection } = source
  const { collectionId, name } = copy
  const seen = [collection.id, collectionId] as const
  return {
    ...{ id: row.id, now: row, collection, rights: noPrivileges, places: [collection.id], since },
    sights: new Map(sight ? seen.map((id) => [id, sight]) : []),
    shownAs: { collectionId, name },
  }
}

interface Judged {
  readonly place: PastPlace
  readonly collection: CollectionRow | undefined
  readonly rights: PrivilegeSet
  readonly isReadable: boolean
}

/** What was in a collection that is in the trash itself is its owner's to read. */
async function judge(reader: Reader, session: Session, place: PastPlace): Promise<Judged> {
  const collection = await findCollectionById(reader, place.collectionId)
  if (!collection) {
    const isOwner = place.principalId === session.principal.id
    return { place, collection, rights: noPrivileges, isReadable: isOwner }
  }
  const guarded = collectionPlace(collection)
  const rights = await rightsAt(reader, session, guarded, await readLists(reader, guarded.path))
  return { place, collection, rights, isReadable: (rights & bit.read) !== 0 }
}

/** The entity tag of what is there now, as its reader sees it; undefined where nothing is. */
export async function seenEtag(
  reader: Reader,
  { sights }: Pick<ReadableObject, 'sights'>,
  row: Pick<ObjectRow, 'collectionId' | 'bodyId' | 'etag'> | undefined,
): Promise<string | undefined> {
  const sight = row && sights.get(row.collectionId)
  const body = sight && (await readBody(reader, row.bodyId))
  return sight && body ? etagOf(Buffer.from(sight(bodyText(body)))) : row?.etag
}
