import { imageType } from '../../../protocol/vcard/photo-line.ts'
import { readPartedBodies } from '../../../storage/media/parted-bodies.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { ImageLimits } from './images.ts'
import { bytesOf, isTooMuch, type PhotoServices, scaledPhotos } from './scaled-photos.ts'
import { inlinePhotos, readStoredCard, type StoredCard, type StoredPhoto } from './stored-photos.ts'

export interface CardPhoto {
  readonly bytes: Buffer
  readonly mediaType: string
}

/**
 * The first photo in a card: the original, or a copy within limits.
 * @returns undefined where the card has none, gives the address of one, or has something else that calls itself a photo
 */
export async function readCardPhoto(
  services: PhotoServices,
  { bodyId }: Pick<ObjectRow, 'bodyId'>,
  limits?: ImageLimits,
): Promise<CardPhoto | undefined> {
  const body = (await services.store.read((reader) => readPartedBodies(reader, [bodyId]))).get(bodyId)
  const photo = body && photosOf(readStoredCard(body)).find(({ head }) => imageType(head) !== undefined)
  if (!photo) return undefined
  if (limits && isTooMuch(photo, limits)) {
    const made = (await scaledPhotos(services, [photo], limits)).get(photo.hash)
    if (made?.scaled) return made.scaled
  }
  const bytes = await services.store.read((reader) => bytesOf(reader, photo))
  const mediaType = imageType(photo.head)
  return bytes && mediaType !== undefined ? { bytes, mediaType } : undefined
}

/** Small photos stand in the text of a card, and are not looked for where only large ones matter. */
function photosOf({ text, photos }: StoredCard): readonly StoredPhoto[] {
  return photos.length > 0 ? photos : inlinePhotos(text)
}
