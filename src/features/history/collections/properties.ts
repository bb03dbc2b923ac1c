import { refuse } from '../../../../protocol/dav/preconditions.ts'
import { bit, type PrivilegeSet } from '../../../../protocol/dav/privileges.ts'
import { findCollectionById } from '../../../../storage/collections.ts'
import {
  type CollectionRevisionRow,
  keptProperties,
  listCollectionRevisions,
  type NamedProperties,
  type PropertyChange,
} from '../../../../storage/history/collection-revisions.ts'
import { findMakers, type Makers } from '../../../../storage/history/object-revisions.ts'
import type { CollectionId } from '../../../../storage/ids.ts'
import { findMountOn } from '../../../../storage/mounts.ts'
import type { Origin } from '../../../../storage/origin.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'
import type { Services } from '../../../services.ts'
import { collectionPlace, readLists, rightsAt } from '../../rights/rights.ts'
import { notThere } from '../readable.ts'
import { applyProperties, mayApply, type Named, openOf } from './named.ts'

/** A collection as somebody has it: his own, or another's, of which he may have a name of his own. */
interface Held extends Named {
  readonly rights: PrivilegeSet
}

/** A collection that somebody reads, or that is in his home. @throws refusal 404 */
async function mustHold(reader: Reader, session: Session, id: CollectionId): Promise<Held> {
  const row = await findCollectionById(reader, id)
  if (!row || row.generated === 'masked') throw notThere()
  const place = collectionPlace(row)
  const rights = await rightsAt(reader, session, place, await readLists(reader, place.path))
  const mounted = await findMountOn(reader, id, session.principal.id)
  const mount = mounted?.mount.state === 'accepted' ? mounted.mount : undefined
  if ((rights & bit.read) === 0 && !mount) throw notThere()
  return { row, rights, mount }
}

/** A change as somebody is shown it. */
export interface SeenChange extends PropertyChange {
  readonly revision: CollectionRevisionRow
}

/**
 * A change, as far as it is shown: whoever has a shared collection in his home sees how its owner calls it and how it looks
 * there, and what he himself keeps beside it, not what its owner does.
 */
function seenBy({ rights, mount }: Held, revision: CollectionRevisionRow): SeenChange | undefined {
  const { before, after } = propertiesOf(revision)
  if (revision.mountId !== null || !mount) return { revision, before, after }
  if ((rights & bit.read) === 0) return undefined
  const names = keptProperties.filter((name) => name in after)
  const of = (state: NamedProperties): NamedProperties =>
    Object.fromEntries(names.map((name) => [name, state[name] ?? null]))
  return names.length === 0 ? undefined : { revision, before: of(before), after: of(after) }
}

/** What a collection was called, and how it looked, the newest change first; one more than asked for where there are more. */
export async function listCollectionChanges(
  reader: Reader,
  session: Session,
  id: CollectionId,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<{ readonly changes: readonly SeenChange[]; readonly makers: Makers }> {
  const held = await mustHold(reader, session, id)
  const of = { id, mountId: held.mount?.id }
  const changes: SeenChange[] = []
  for (let from = before; changes.length <= limit; ) {
    const rows = await listCollectionRevisions(reader, of, { before: from, limit: limit + 1 })
    changes.push(...rows.flatMap((row) => seenBy(held, row) ?? []))
    if (rows.length <= limit) break
    from = rows.at(-1)?.id
  }
  const shown = changes.slice(0, limit + 1)
  const rows = shown.map(({ revision }) => revision)
  return { changes: shown, makers: await findMakers(reader, rows) }
}

/** The properties that a change names, before and after it. */
export function propertiesOf({ beforeJson, afterJson }: CollectionRevisionRow): PropertyChange {
  return {
    before: JSON.parse(beforeJson) as NamedProperties,
    after: JSON.parse(afterJson) as NamedProperties,
  }
}

/** Makes what one change named as it was before it. @throws refusal 404, need-privileges */
export async function restoreProperties(
  tx: Writer,
  session: Session,
  {
    id,
    revisionId,
    ...how
  }: { readonly id: CollectionId; readonly revisionId: number; readonly origin: Origin } & Pick<
    Services,
    'settings'
  >,
): Promise<void> {
  const held = await mustHold(tx, session, id)
  const of = { id, mountId: held.mount?.id }
  const [revision] = await listCollectionRevisions(tx, of, { before: revisionId + 1, limit: 1 })
  const seen = revision?.id === revisionId ? seenBy(held, revision) : undefined
  if (!revision || !seen) throw notThere()
  const named = { row: held.row, mount: revision.mountId === null ? undefined : held.mount }
  if (!(await mayApply(tx, session, named, { open: seen.before, rights: held.rights })))
    throw refuse('need-privileges', { message: 'You may look at it, and not change it.' })
  const open = await openOf(tx, named, seen.before)
  await applyProperties(tx, named, open, how)
}
