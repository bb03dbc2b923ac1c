import { cropOf, imageType, scaleCrop, withPhoto } from '../../../protocol/vcard/photo-line.ts'
import { foldBase64 } from '../../../storage/media/folding.ts'
import { readPartedBodies } from '../../../storage/media/parted-bodies.ts'
import { findScaled, type ScaledMedia } from '../../../storage/media/scaled-media.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import { fingerprintOf, type ImageLimits, isReencoded } from './images.ts'
import { md5, scaledLine, servedCrop } from './photo-texts.ts'
import { bytesOf, type PhotoServices, sizeClassOf } from './scaled-photos.ts'
import { inlinePhotos, readStoredCard, type StoredCard, type StoredPhoto } from './stored-photos.ts'

/** A card that a client sent, with the originals of the photos that it had only copies of. */
export interface KeptOriginals {
  readonly text: string
  /** Whether the client, once it asks, gets every photo line as it sent it. */
  readonly isServedAsSent: boolean
}

/**
 * Puts the originals of photos back into a card that comes from a client which gets smaller ones: where a photo is the copy
 * that it was served, or another encoding of the stored one, as clients make that scale photos themselves. Another picture
 * stays as it was sent.
 * @param stored  the card that is there
 * @param limits  those of the client
 * @returns undefined where all is to be stored as it was sent
 */
export async function keepOriginals(
  services: PhotoServices,
  stored: Pick<ObjectRow, 'bodyId'>,
  sent: string,
  limits: ImageLimits,
): Promise<KeptOriginals | undefined> {
  const photos = inlinePhotos(sent)
  if (photos.length === 0) return undefined
  const { bodyId } = stored
  const body = (await services.store.read((reader) => readPartedBodies(reader, [bodyId]))).get(bodyId)
  if (!body) return undefined
  const card = readStoredCard(body)
  let text = ''
  let from = 0
  let isServedAsSent = true
  const pictures = { left: mostCompared }
  for (const [nth, photo] of photos.entries()) {
    const original = card.photos[nth]
    if (!original || original.hash === photo.hash) continue
    const line = await originalLine(services, { card, original, photo, sent, limits, pictures })
    if (line === undefined) continue
    text += sent.slice(from, photo.line.start) + line.text
    from = photo.line.end
    isServedAsSent &&= line.isServedAsSent
  }
  return from === 0 ? undefined : { text: text + sent.slice(from), isServedAsSent }
}

interface Pair {
  readonly card: StoredCard
  readonly original: StoredPhoto
  /** The one that was sent in its place. */
  readonly photo: StoredPhoto
  readonly sent: string
  readonly limits: ImageLimits
  /** How many more are compared by what they show. */
  readonly pictures: { left: number }
}

/** People have one photo, or a few; looking at one takes time that others wait for. */
const mostCompared = 8

async function originalLine(
  services: PhotoServices,
  { card, original, photo, sent, limits, pictures }: Pair,
): Promise<KeptOriginals | undefined> {
  const { hash, head } = original
  const mediaType = imageType(head)
  if (mediaType === undefined) return undefined
  const found = await services.store.read((reader) => findScaled(reader, sizeClassOf(limits), [hash]))
  const made = found.get(hash)
  const isCopy = made?.scaled?.hash === photo.hash
  const bytes = await services.store.read((reader) => bytesOf(reader, original))
  if (!bytes) return undefined
  if (isCopy && made) {
    const served = (await services.store.read((reader) => scaledLine(reader, original, made))) ?? ''
    const line = sent.slice(photo.line.start, photo.line.end)
    if (unfolded(line) === unfolded(served))
      return { text: storedLine(card, original, bytes), isServedAsSent: line === served }
  }
  if (!isCopy && pictures.left-- <= 0) return undefined
  const crop =
    isCopy && made
      ? await cropOfCopy(services, original, made, photo, bytes)
      : await cropOfEncoding(services, original, photo, bytes)
  if (crop === 'another picture') return undefined
  const data = { base64: bytes.toString('base64'), mediaType, crop: crop.rectangle }
  return { text: withPhoto(photo.line, data), isServedAsSent: false }
}

/** What is shown of the photo: undefined for what the line that was sent says, null for all of it. */
interface Crop {
  readonly rectangle: string | null | undefined
}

/** A client that says nothing of it does not know of it. */
async function cropOfCopy(
  services: PhotoServices,
  original: StoredPhoto,
  made: ScaledMedia,
  photo: StoredPhoto,
  bytes: Buffer,
): Promise<Crop> {
  const { scaled, originalWidth: width, originalHeight: height } = made
  const rectangle = cropOf(photo.line)
  if (rectangle === undefined || !scaled) return { rectangle: cropOf(original.line) }
  const served = await services.store.read((reader) => servedCrop(reader, original, made, scaled))
  if (rectangle === served) return { rectangle: cropOf(original.line) }
  return { rectangle: scaleCrop(rectangle, scaled, { width, height }, md5(bytes)) ?? null }
}

/** The same for a photo that the client has encoded itself. */
async function cropOfEncoding(
  { settings }: PhotoServices,
  original: StoredPhoto,
  photo: StoredPhoto,
  bytes: Buffer,
): Promise<Crop | 'another picture'> {
  const sentPrint = photo.bytes && (await fingerprintOf(photo.bytes, settings.limits))
  const print = sentPrint && (await fingerprintOf(bytes, settings.limits))
  if (!print || !isReencoded(sentPrint, print)) return 'another picture'
  const rectangle = cropOf(photo.line)
  if (rectangle === undefined) return { rectangle: cropOf(original.line) }
  return { rectangle: scaleCrop(rectangle, sentPrint, print, md5(bytes)) ?? null }
}

/** The line of a stored photo, octet for octet. */
function storedLine({ text, media }: StoredCard, { line, kept }: StoredPhoto, bytes: Buffer): string {
  const place = media.find((each) => each.kept === kept)
  if (!kept || !place) return text.slice(line.start, line.end)
  return text.slice(line.start, place.at) + foldBase64(bytes, kept.folding) + text.slice(place.at, line.end)
}

function unfolded(line: string): string {
  return line.replace(/(?:\r?\n)[ \t]/g, '').trimEnd()
}
