import type { Settings } from '../../../config/defaults.ts'
import type { CollectionRow } from '../../../storage/collections.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Origin } from '../../../storage/origin.ts'
import type { Writer } from '../../../storage/store.ts'
import { prepareObject } from '../objects.ts'
import { storeObject } from '../store-object.ts'
import { readObjectTexts } from '../texts.ts'

/** Changes lines of an event or a task through the one write path; what the patch does not touch stays byte for byte (law 6). */
export async function storePatched(
  tx: Writer,
  collection: CollectionRow,
  existing: ObjectRow,
  patch: (text: string) => string,
  { settings, origin }: { readonly settings: Settings; readonly origin: Origin },
): Promise<void> {
  const text = (await readObjectTexts(tx, [existing])).get(existing.id)
  const patched = text === undefined ? undefined : patch(text)
  if (patched === undefined || patched === text) return
  const object = prepareObject(collection.kind, Buffer.from(patched), settings, tx.now)
  const request = { collection, name: existing.name, object, existing, origin }
  await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
}
