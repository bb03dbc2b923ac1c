import { refuseStatus } from '../../../../protocol/dav/preconditions.ts'
import { listAppPasswords } from '../../../../storage/credentials.ts'
import { collectionRevisionsOfDevice } from '../../../../storage/history/collection-revisions.ts'
import { type DeviceSpan, objectsOfDevice } from '../../../../storage/history/object-revisions.ts'
import type { DeviceId } from '../../../../storage/ids.ts'
import { nodeRevisionsOfDevice } from '../../../../storage/nodes/node-past.ts'
import type { Reader } from '../../../../storage/store.ts'
import type { Session } from '../../../auth/session.ts'

/**
 * What a device did between two moments, as far as it is the caller's to undo: everything that his own devices did, and of
 * those of others what they did to what is his.
 * @throws refusal 404 for a device of somebody else that has done nothing to it; 422 for moments in the wrong order
 */
export async function spanOf(
  reader: Reader,
  { principal }: Session,
  asked: { readonly deviceId: DeviceId; readonly from: number; readonly to: number },
): Promise<DeviceSpan> {
  if (asked.from > asked.to) throw refuseStatus(422, 'from: it is later than to.')
  const own = await listAppPasswords(reader, principal.id)
  if (own.some(({ id }) => id === asked.deviceId)) return asked
  const span = { ...asked, ownerId: principal.id }
  const found = [
    await objectsOfDevice(reader, span, 1),
    await nodeRevisionsOfDevice(reader, span, 1),
    await collectionRevisionsOfDevice(reader, span, 1),
  ]
  if (found.flat().length === 0) throw refuseStatus(404, 'There is no such device.')
  return span
}
