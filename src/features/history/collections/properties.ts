import { refuse } from '../../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../../protocol/dav/privileges.ts'
import { patchCollection } from '../../../../storage/collection-writes.ts'
import { type CollectionRow, findCollectionById } from '../../../../storage/collections.ts'
import {
  type CollectionRevisionRow,
  type KeptProperties,
  keptProperties,
  listCollectionRevisions,
} from '../../../../storage/history/collection-revisions.ts'
import { findMakers, type Makers } from '../../../../storage/history/object-revisions.ts'
import type { CollectionId } from '../../../../storage/ids.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import { collectionPlace, readLists, rightsAt } from '../../rights/rights.ts'
import { notThere } from '../readable.ts'

/** A collection that somebody reads. @throws refusal 404 */
export async function mustReadCollection(
  reader: Reader,
  session: Session,
  id: CollectionId,
): Promise<{ readonly row: CollectionRow; readonly rights: PrivilegeSet }> {
  const row = await findCollectionById(reader, id)
  if (!row || row.generated === 'masked') throw notThere()
  const place = collectionPlace(row)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  if ((rights & bit.read) === 0) throw notThere()
  return { row, rights }
}

/** What a collection was called, and how it looked, the newest change first; one more than asked for where there are more. */
export async function listCollectionChanges(
  reader: Reader,
  session: Session,
  id: CollectionId,
  options: { readonly before: number | undefined; readonly limit: number },
): Promise<{ readonly changes: readonly CollectionRevisionRow[]; readonly makers: Makers }> {
  await mustReadCollection(reader, session, id)
  const changes = await listCollectionRevisions(reader, id, { ...options, limit: options.limit + 1 })
  return { changes, makers: await findMakers(reader, changes) }
}

/** The properties that a change names, before and after it. */
export function propertiesOf({ beforeJson, afterJson }: CollectionRevisionRow): {
  readonly before: KeptProperties
  readonly after: KeptProperties
} {
  return { before: JSON.parse(beforeJson) as KeptProperties, after: JSON.parse(afterJson) as KeptProperties }
}

/** Makes what one change named as it was before it. @throws refusal 404, need-privileges */
export async function restoreProperties(
  tx: Writer,
  session: Session,
  {
    id,
    revisionId,
    origin,
  }: { readonly id: CollectionId; readonly revisionId: number; readonly origin: Origin },
): Promise<void> {
  const { row, rights } = await mustReadCollection(tx, session, id)
  const [revision] = await listCollectionRevisions(tx, id, { before: revisionId + 1, limit: 1 })
  if (revision?.id !== revisionId) throw notThere()
  if (session.scope !== 'write' || (rights & bit['write-properties']) === 0)
    throw refuse('need-privileges', { message: 'You may look at it, and not change it.' })
  await patchCollection(tx, row, openOf(row, propertiesOf(revision).before), origin)
}

/** What of this is otherwise now. */
export function openOf(row: CollectionRow, wanted: KeptProperties): KeptProperties {
  const open = keptProperties.filter((name) => wanted[name] !== undefined && wanted[name] !== row[name])
  return Object.fromEntries(open.map((name) => [name, wanted[name]]))
}
