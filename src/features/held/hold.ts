import { readEtagCondition } from '../../../protocol/dav/conditions.ts'
import type { PreconditionName, Refusal } from '../../../protocol/dav/preconditions.ts'
import { holdEdit } from '../../../storage/held/held-edits.ts'
import type { CollectionId } from '../../../storage/ids.ts'
import { findObject } from '../../../storage/objects.ts'
import type { Session } from '../../auth/session.ts'
import type { Services } from '../../services.ts'
import { etagOf } from '../bodies.ts'

/** A body that was put, and refused. */
export interface RefusedPut {
  readonly collectionId: CollectionId
  readonly name: string
  readonly body: Buffer
  /** The If-Match header. */
  readonly ifMatch: string | undefined
}

/** What a person may mend; where somebody may not write, or has no room, there is nothing to apply. */
const mendable: ReadonlySet<PreconditionName | undefined> = new Set<PreconditionName>([
  'valid-calendar-data',
  'valid-calendar-object-resource',
  'supported-calendar-data',
  'supported-calendar-component',
  'caldav:no-uid-conflict',
  'max-instances',
  'max-attendees-per-instance',
  'valid-address-data',
  'supported-address-data',
  'carddav:no-uid-conflict',
])

/**
 * Keeps what somebody who may write here sent in vain, for him to look at and apply: clients drop their edit when a server
 * says 412 (DVX, §Write). Whatever happens to it, the answer is the refusal.
 */
export async function holdRefused(
  { store, settings, log }: Pick<Services, 'store' | 'settings' | 'log'>,
  { principal, deviceId, clientKind }: Session,
  put: RefusedPut,
  refusal: Refusal,
): Promise<void> {
  const { heldEdits: count, heldEditBytes: bytes } = settings.limits
  const isHeld = refusal.status === 412 || mendable.has(refusal.precondition)
  const { collectionId, name, body } = put
  if (!isHeld || count === 0 || body.byteLength === 0 || body.byteLength > bytes) return
  try {
    const etag = etagOf(body)
    const edit = {
      principalId: principal.id,
      collectionId,
      name,
      deviceId: deviceId ?? null,
      clientKind: clientKind ?? null,
      status: refusal.status,
      reason: refusal.precondition ?? 'precondition-failed',
      baseEtag: baseOf(put.ifMatch),
      etag,
      body,
    }
    await store.write(async (tx) => {
      // Nobody is told of what is there already.
      if ((await findObject(tx, collectionId, name))?.etag === etag) return
      await holdEdit(tx, edit, { count, bytes })
    })
  } catch (error) {
    log.warn({ err: error }, 'a refused edit was not held')
  }
}

/** The one entity tag that the header names. */
function baseOf(ifMatch: string | undefined): string | null {
  const condition = ifMatch === undefined ? '*' : readEtagCondition(ifMatch)
  if (condition === '*' || condition.length !== 1) return null
  return condition[0]?.value ?? null
}
