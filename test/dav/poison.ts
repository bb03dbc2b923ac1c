import { etagOf } from '../../src/features/bodies.ts'
import { prepareObject } from '../../src/features/objects.ts'
import { findCollectionById } from '../../storage/collections.ts'
import type { ObjectId } from '../../storage/ids.ts'
import { findObjectsByIds } from '../../storage/objects.ts'
import { putObject } from '../../storage/write-path.ts'
import { card, event } from './objects.ts'
import type { TestServer } from './server.ts'

/** Of an event that is damaged. */
export const series = ['DTSTART:20260115T100000Z', 'RRULE:FREQ=DAILY']

/**
 * Stores other octets for the objects of that UID, by the write path alone, so that nothing has looked at them; the
 * index is that of the octets before, or proves nothing.
 */
export async function poison(
  { services }: TestServer,
  { uid, bytes, isExact }: { readonly uid: string; readonly bytes: Uint8Array; readonly isExact: boolean },
): Promise<void> {
  const { store, settings, now } = services
  await store.write(async (tx) => {
    const rows = await tx.sql.all<{ id: ObjectId }>('SELECT id FROM objects WHERE uid = $1', [uid])
    for (const existing of await findObjectsByIds(
      tx,
      rows.map(({ id }) => id),
    )) {
      const collection = await findCollectionById(tx, existing.collectionId)
      if (!collection) throw new Error('The object is in no collection.')
      const { kind } = collection
      const before = prepareObject(
        kind,
        Buffer.from(kind === 'calendar' ? event(uid, series) : card(uid)),
        settings,
        now(),
      )
      const { calendar: known } = before.index
      const index = isExact || !known ? before.index : { calendar: { ...known, ...unknown } }
      const state = { ...before, index, body: bytes, etag: etagOf(bytes), size: bytes.length }
      await putObject(tx, { ...state, collection, name: existing.name, existing, origin: { kind: 'import' } })
    }
  })
}

const unknown = { exact: false, earliest: null, latest: null, instances: [] }
