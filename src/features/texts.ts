import { type ObjectRow, readBodies, readTexts, type TextOptions } from '../../storage/objects.ts'
import type { Reader } from '../../storage/store.ts'
import { bodyText } from './bodies.ts'

/** What is needed of an object to read its text. */
type Readable = Pick<ObjectRow, 'id' | 'bodyId' | 'mediaType'>

/** The texts of objects, by object id; those whose octets are gone, being deleted since, are left out. */
export async function readObjectTexts(
  reader: Reader,
  objects: readonly Readable[],
  options: TextOptions = {},
): Promise<ReadonlyMap<number, string>> {
  // A media type of its own says that an object is not in UTF-8.
  const plain = objects.filter(({ mediaType }) => mediaType === null)
  const others = objects.filter(({ mediaType }) => mediaType !== null)
  const texts = new Map<number, string>()
  const found = await readTexts(
    reader,
    plain.map(({ bodyId }) => bodyId),
    options,
  )
  for (const { id, bodyId } of plain) {
    const text = found.get(bodyId)
    if (text !== undefined) texts.set(id, text.startsWith('\ufeff') ? text.slice(1) : text)
  }
  if (others.length === 0) return texts
  const bodies = await readBodies(
    reader,
    others.map(({ bodyId }) => bodyId),
  )
  for (const { id, bodyId } of others) {
    const body = bodies.get(bodyId)
    if (body) texts.set(id, bodyText(body))
  }
  return texts
}

/**
 * An object as a file: its octets, which need not be a text that can be read. One that is not in UTF-8 is turned into it.
 * @param text  what is read of it
 */
export async function octetsAsFile(
  reader: Reader,
  { bodyId, mediaType }: Readable,
  text: string,
): Promise<Buffer> {
  const stored = mediaType === null ? (await readBodies(reader, [bodyId])).get(bodyId) : undefined
  return stored ?? Buffer.from(text)
}
