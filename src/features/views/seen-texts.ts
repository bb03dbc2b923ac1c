import type { ObjectRow, TextOptions } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { readObjectTexts } from '../texts.ts'
import type { View } from './view.ts'

/**
 * The texts of objects as they are seen, by object id: as stored where there is no view. What is not there for the viewer is left out,
 * and what was deleted since.
 * @param options  of those that are seen as they are stored
 * @param objects  not more than are read at once (see `inParts`)
 */
export async function readSeenTexts(
  reader: Reader,
  objects: readonly ObjectRow[],
  view: View | undefined,
  options: TextOptions = {},
): Promise<ReadonlyMap<number, string>> {
  if (!view) return readObjectTexts(reader, objects, options)
  const seen = await view.see(reader, objects, { text: true })
  return new Map(seen.flatMap(({ row, text }) => (text === undefined ? [] : [[row.id, text]])))
}
