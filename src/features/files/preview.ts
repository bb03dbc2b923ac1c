import { findBlob } from '../../../storage/blobs/blob-rows.ts'
import { mediaHash } from '../../../storage/media/parts.ts'
import { findScaled, keepScaled, type ScaledImage } from '../../../storage/media/scaled-media.ts'
import type { NodeRow } from '../../../storage/nodes/nodes.ts'
import type { Services } from '../../services.ts'
import { mediaTypeOfFile } from '../documents/media-types.ts'
import { isBusy, scaleImage } from '../photos/images.ts'

const pictures: ReadonlySet<string> = new Set([
  ...['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/heic'],
])

/** Octets of a picture of which a smaller one is made, at most: it is in memory meanwhile. */
const mostBytes = 32_000_000
/** Octets of the smaller one. */
const previewBytes = 600_000

/** Whether a smaller picture can be made of a file. */
export function isPicture(row: Pick<NodeRow, 'name' | 'mediaType' | 'size'>): boolean {
  return row.size > 0 && row.size <= mostBytes && pictures.has(mediaTypeOfFile(row).toLowerCase())
}

/**
 * A smaller picture of a file, kept for whoever asks next: a job takes those away that are old.
 * @param edge  pixels of the longer side
 * @returns undefined where none can be made; 'busy' where many others are being made
 */
export async function previewOf(
  { store, blobs, settings }: Pick<Services, 'store' | 'blobs' | 'settings'>,
  { blobId }: Pick<NodeRow, 'blobId'>,
  edge: number,
): Promise<Pick<ScaledImage, 'bytes' | 'mediaType'> | 'busy' | undefined> {
  if (blobId === null) return undefined
  const sizeClass = `file ${edge}px`
  const { blob, known } = await store.read(async (reader) => {
    const found = await findBlob(reader, blobId)
    const scaled = found && (await findScaled(reader, sizeClass, [found.hash])).get(found.hash)
    return { blob: found, known: scaled }
  })
  if (!blob || blob.size > mostBytes) return undefined
  if (known) return known.scaled ?? undefined
  if (isBusy()) return 'busy'
  const pieces: Uint8Array[] = []
  for await (const piece of await blobs.read(blob.hash)) pieces.push(piece as Uint8Array)
  const bytes = Buffer.concat(pieces)
  const outcome = await scaleImage(bytes, { octets: previewBytes, edge }, settings.limits)
  if (outcome === 'late') return 'busy'
  const { scaled: made, width: originalWidth = 0, height: originalHeight = 0 } = outcome ?? {}
  const scaled = made ? { ...made, hash: mediaHash(made.bytes) } : null
  await store.write((tx) =>
    keepScaled(tx, { hash: blob.hash, sizeClass, scaled, originalWidth, originalHeight }),
  )
  return scaled ?? undefined
}
