import type { ObjectRow } from '../../storage/objects.ts'
import { listRevisions } from '../../storage/revisions.ts'
import type { Reader } from '../../storage/store.ts'

/**
 * Whether somebody has changed an object since it had an entity tag. What the server changed in it by a rule, since others were
 * changed, does not count.
 */
export async function hasChangedSince(
  reader: Reader,
  { id, etag }: Pick<ObjectRow, 'id' | 'etag'>,
  known: string | null,
): Promise<boolean> {
  if (etag === known) return false
  for (const revision of await listRevisions(reader, id)) {
    if (revision.etag === known) return false
    if (revision.origin !== 'rule') return true
  }
  return true
}
