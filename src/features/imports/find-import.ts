import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { type BatchRow, findBatch } from '../../../storage/batches/batches.ts'
import type { Reader } from '../../../storage/store.ts'
import { idIn, type RawCall } from '../../api/route.ts'

/** The import of the caller that the path names. @throws refusal 404 */
export async function mustFindImport(
  reader: Reader,
  call: Pick<RawCall, 'session' | 'params'>,
): Promise<BatchRow> {
  const batch = await findBatch(reader, call.session.principal.id, idIn(call))
  if (batch?.kind !== 'import') throw refuseStatus(404, 'There is nothing at this address.')
  return batch
}
