import type { Settings } from '../../config/defaults.ts'
import type { CollectionRow } from '../../storage/collections.ts'
import type { ObjectRow } from '../../storage/objects.ts'
import type { Origin } from '../../storage/origin.ts'
import type { Writer } from '../../storage/store.ts'
import { prepareObject } from './objects.ts'
import { type StoreRequest, storeObject } from './store-object.ts'

/** The octets of a member in which lines have been changed. */
export interface PatchedText {
  readonly collection: CollectionRow
  readonly existing: ObjectRow
  /** As it is, and as it is to be; what the patch does not touch is the same, byte for byte (law 6). */
  readonly text: string
  readonly patched: string
}

/** How a patch that changes lists of people means them: see `StoreRequest`. */
export type ListPatch = Pick<StoreRequest, 'lists' | 'folding'>

/** Stores a patched card, event or task through the one write path. @returns whether it is another than before */
export async function storePatched(
  tx: Writer,
  { collection, existing, text, patched }: PatchedText,
  how: { readonly settings: Settings; readonly origin: Origin; readonly ofLists?: ListPatch | undefined },
): Promise<boolean> {
  if (patched === text) return false
  const { settings, origin, ofLists } = how
  const object = prepareObject(collection.kind, Buffer.from(patched), settings, tx.now)
  const request = { ...ofLists, collection, name: existing.name, object, existing, origin }
  const { kind } = await storeObject(tx, { ...request, hrefOf: (name) => name }, settings)
  return kind !== 'unchanged'
}
