import { Refusal } from '../../../../protocol/dav/preconditions.ts'
import { holdBatch } from '../../../../storage/batches/batches.ts'
import { findCollectionById } from '../../../../storage/collections.ts'
import { collectionsMadeBy } from '../../../../storage/history/object-revisions.ts'
import type { PrincipalId } from '../../../../storage/ids.ts'
import { countObjects } from '../../../../storage/objects.ts'
import type { Reader, Writer } from '../../../../storage/store.ts'
import { attempt } from '../../../../storage/transactions/savepoint.ts'
import type { Services } from '../../../services.ts'
import { removeCollection } from '../../collections.ts'
import type { UndoSource } from './selection.ts'
import type { DoneItem, UndoRun } from './undo.ts'

/** Collections of the caller's own that a device made, and that are there still; of what it did to one collection none. */
export async function madeCollections(reader: Reader, principalId: PrincipalId, source: UndoSource) {
  if (!('device' in source) || source.device.collectionId !== undefined) return []
  return collectionsMadeBy(reader, principalId, source.device)
}

/** They go to the trash, once what the device put into them is gone; one that holds more stays. */
export async function removeMadeCollections({
  services,
  batch,
  source,
  runner,
  session,
  signal,
  note,
}: UndoRun): Promise<void> {
  const { principal } = session
  const made = await services.store.read((reader) => madeCollections(reader, principal.id, source))
  for (const { id, name, kind } of made) {
    if (signal.aborted) return
    await services.store.write(async (tx) => {
      if (!(await holdBatch(tx, { id: batch.id, runner }))) return
      const done = await removeMade(tx, id, {
        settings: services.settings,
        origin: { kind: 'restore', authorId: principal.id, requestId: batch.key },
      })
      await note(tx, [{ place: name, name, component: kind, collectionId: id, ...done }])
    })
  }
}

async function removeMade(
  tx: Writer,
  id: number,
  {
    settings,
    origin,
  }: Pick<Services, 'settings'> & { readonly origin: Parameters<typeof removeCollection>[2] },
): Promise<Pick<DoneItem, 'outcome' | 'note'>> {
  const row = await findCollectionById(tx, id)
  if (!row) return { outcome: 'unchanged', note: '' }
  if ((await countObjects(tx, id)) > 0)
    return { outcome: 'skipped', note: 'Somebody else has changed it since.' }
  try {
    await attempt(tx, (part) => removeCollection(part, row, origin, settings))
    return { outcome: 'removed', note: '' }
  } catch (error) {
    if (error instanceof Refusal) return { outcome: 'skipped', note: error.message }
    throw error
  }
}
