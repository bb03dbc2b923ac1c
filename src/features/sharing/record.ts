import type { CollectionRow } from '../../../storage/collections.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { PrincipalRow } from '../../../storage/principals.ts'
import type { ShareRow } from '../../../storage/shares.ts'
import type { Writer } from '../../../storage/store.ts'
import { recordThing, type ThingState } from '../history/things/record.ts'

/** What a share is called in the history: it is the same one when it is ended and given again. */
export function keyOfShare(collection: Pick<CollectionRow, 'id'>, { id }: Pick<PrincipalRow, 'id'>): string {
  return `${collection.id}-${id}`
}

type Given = Pick<ShareRow, 'access' | 'summary'>

interface ShareChange {
  readonly collection: CollectionRow
  readonly principal: PrincipalRow
  readonly before: Given | undefined
  /** Undefined where it is shared no longer. */
  readonly after: Given | undefined
}

/** Writes down that a collection is shared with somebody, otherwise than before, or no longer. */
export async function recordShare(
  tx: Writer,
  { collection, principal, before, after }: ShareChange,
  origin: Origin,
): Promise<void> {
  const stateOf = (given: Given | undefined): ThingState | undefined =>
    given && {
      ...{ collection: collection.id, receiver: principal.id },
      ...{ access: given.access, summary: given.summary },
    }
  const key = keyOfShare(collection, principal)
  const of = { kind: 'share', key, ownerId: collection.principalId } as const
  await recordThing(tx, { ...of, before: stateOf(before), after: stateOf(after) }, origin)
}
