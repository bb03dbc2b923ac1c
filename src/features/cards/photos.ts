import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { NewPhoto } from '../../../protocol/vcard/edit/photo.ts'
import { imageType } from '../../../protocol/vcard/photo-line.ts'
import type { Services } from '../../services.ts'
import type { ImageLimits } from '../photos/images.ts'

/** Media types of photos that are taken and given. */
export const photoTypes = [
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/heic',
] as const

/**
 * Reads a photo as it comes. In its card it is a third longer, and has to leave room for the rest.
 * @throws refusal 413; 415 for what is none that clients show
 */
export async function readPhoto(
  octets: AsyncIterable<Buffer>,
  { settings }: Pick<Services, 'settings'>,
): Promise<NewPhoto> {
  const limit = Math.floor(settings.limits.bodyBytes / 2)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of octets) {
    size += chunk.length
    if (size > limit) throw refuseStatus(413, `A photo may have ${limit} octets at most.`)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  const mediaType = imageType(bytes)
  if (mediaType === undefined) throw refuseStatus(415, `A photo is one of ${photoTypes.join(', ')}.`)
  return { mediaType, base64: bytes.toString('base64') }
}

/** A small picture beside a name: so many octets are given as they are. */
export function thumbnail(edge: number): ImageLimits {
  return { edge, octets: edge * 200 }
}
