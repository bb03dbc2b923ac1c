import { createHash } from 'node:crypto'
import { cropDigest, cropOf, scaleCrop, withPhoto } from '../../../protocol/vcard/photo-line.ts'
import { foldBase64 } from '../../../storage/media/folding.ts'
import { readMediaBytes, readPartedBodies } from '../../../storage/media/parted-bodies.ts'
import { findScaled, type ScaledImage, type ScaledMedia } from '../../../storage/media/scaled-media.ts'
import type { ObjectRow } from '../../../storage/objects.ts'
import type { Reader } from '../../../storage/store.ts'
import { readObjectTexts } from '../texts.ts'
import type { ImageLimits } from './images.ts'
import { bytesOf, isTooMuch, type PhotoServices, scaledPhotos, sizeClassOf } from './scaled-photos.ts'
import { readStoredCard, type StoredCard, type StoredPhoto, wholeCard } from './stored-photos.ts'

type Readable = Pick<ObjectRow, 'id' | 'bodyId' | 'mediaType'>

/**
 * The texts of cards, by object id, with photos that a client of these limits takes; without limits as they are stored.
 * Cards whose octets are gone are left out. A photo that is smaller anyway, that is no image, that moves, or that a card
 * gives the address of stays what it is; a large original is not read where its copy is served.
 * @param rows  not more than are read at once (see `inParts`)
 */
export async function readPhotoTexts(
  services: PhotoServices,
  rows: readonly Readable[],
  limits: ImageLimits | undefined,
): Promise<ReadonlyMap<number, string>> {
  const texts = await services.store.read((reader) => readFittingTexts(reader, rows, limits))
  return withPhotosFor(services, texts, limits)
}

/** The octets of one card, in the same way; undefined where they are gone, and where no limits hold for it. */
export async function readPhotoBody(
  services: PhotoServices,
  row: Readable,
  limits: ImageLimits | undefined,
): Promise<Buffer | undefined> {
  if (!limits || row.mediaType !== null) return undefined
  const { texts, mark } = await services.store.read(async (reader) => {
    const cards = await readCards(reader, [row])
    return { texts: await fitMade(reader, cards, limits), mark: cards.get(row.id)?.mark ?? '' }
  })
  const text = (await withPhotosFor(services, texts, limits)).get(row.id)
  return text === undefined ? undefined : Buffer.from(mark + text)
}

/**
 * The same with those copies only that were made before: `withPhotosFor` makes the others. For who reads cards within a
 * transaction, or changes the texts before they are served.
 */
export async function readFittingTexts(
  reader: Reader,
  rows: readonly Readable[],
  limits: ImageLimits | undefined,
): Promise<ReadonlyMap<number, string>> {
  if (!limits) return readObjectTexts(reader, rows)
  // A media type of its own says that a card is not in UTF-8.
  const others = rows.filter(({ mediaType }) => mediaType !== null)
  const texts = others.length === 0 ? [] : await readObjectTexts(reader, others)
  return new Map([...texts, ...(await fitMade(reader, await readCards(reader, rows), limits))])
}

/** Texts of cards with copies of the photos that are still too much for a client; they are made where there are none. */
export async function withPhotosFor(
  services: PhotoServices,
  texts: ReadonlyMap<number, string>,
  limits: ImageLimits | undefined,
): Promise<ReadonlyMap<number, string>> {
  if (!limits) return texts
  const suspect = [...texts].filter(([, text]) => mayBeTooMuch(text, limits))
  const cards = new Map(suspect.map(([id, text]) => [id, wholeCard(text)]))
  const large = largePhotos(cards, limits)
  if (large.length === 0) return texts
  const made = await scaledPhotos(services, large, limits)
  return new Map([
    ...texts,
    ...(await services.store.read((reader) => fitPhotos(reader, cards, limits, made))),
  ])
}

/** Whether a text has to be looked at: it is long enough for a large photo, or has one of a rarer format (WebP, AVIF, HEIC). */
function mayBeTooMuch(text: string, { octets }: ImageLimits): boolean {
  return text.length > (octets * 4) / 3 || rareFormats.test(text)
}

const rareFormats = /[:,][ \t\r\n]*(?:UklGR|AAAA)/

function largePhotos(cards: ReadonlyMap<number, StoredCard>, limits: ImageLimits): readonly StoredPhoto[] {
  return [...cards.values()].flatMap(({ photos }) => photos.filter((photo) => isTooMuch(photo, limits)))
}

async function readCards(
  reader: Reader,
  rows: readonly Readable[],
): Promise<ReadonlyMap<number, StoredCard>> {
  const plain = rows.filter(({ mediaType }) => mediaType === null)
  const bodies = await readPartedBodies(
    reader,
    plain.map(({ bodyId }) => bodyId),
  )
  return new Map(
    plain.flatMap(({ id, bodyId }): readonly (readonly [number, StoredCard])[] => {
      const body = bodies.get(bodyId)
      return body ? [[id, readStoredCard(body)]] : []
    }),
  )
}

async function fitMade(
  reader: Reader,
  cards: ReadonlyMap<number, StoredCard>,
  limits: ImageLimits,
): Promise<ReadonlyMap<number, string>> {
  const hashes = largePhotos(cards, limits).map(({ hash }) => hash)
  return fitPhotos(reader, cards, limits, await findScaled(reader, sizeClassOf(limits), hashes))
}

async function fitPhotos(
  reader: Reader,
  cards: ReadonlyMap<number, StoredCard>,
  limits: ImageLimits,
  made: ReadonlyMap<string, ScaledMedia>,
): Promise<ReadonlyMap<number, string>> {
  const replaced = new Map<StoredPhoto, string>()
  for (const photo of largePhotos(cards, limits)) {
    const line = await scaledLine(reader, photo, made.get(photo.hash))
    if (line !== undefined) replaced.set(photo, line)
  }
  const originals = await readOriginals(reader, [...cards.values()], replaced)
  const texts = new Map<number, string>()
  for (const [id, card] of cards) {
    const text = textOf(card, replaced, originals)
    if (text !== undefined) texts.set(id, text)
  }
  return texts
}

/** The line of a photo with its smaller copy in it; undefined where it stays. */
export async function scaledLine(
  reader: Reader,
  photo: StoredPhoto,
  made: ScaledMedia | undefined,
): Promise<string | undefined> {
  if (!made?.scaled) return undefined
  const { bytes, mediaType } = made.scaled
  const crop = await servedCrop(reader, photo, made, made.scaled)
  return withPhoto(photo.line, { base64: bytes.toString('base64'), mediaType, crop })
}

/**
 * The crop rectangle of a photo for its smaller copy: null where it is not known to be about this photo, undefined where
 * there is none.
 */
export async function servedCrop(
  reader: Reader,
  photo: StoredPhoto,
  { originalWidth, originalHeight }: ScaledMedia,
  scaled: ScaledImage,
): Promise<string | null | undefined> {
  const crop = cropOf(photo.line)
  if (crop === undefined) return undefined
  const original = await bytesOf(reader, photo)
  if (!original || cropDigest(crop) !== md5(original)) return null
  return scaleCrop(crop, { width: originalWidth, height: originalHeight }, scaled, md5(scaled.bytes)) ?? null
}

/** What Apple's clients know a photo by. */
export function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('base64')
}

type MediaBytes = Awaited<ReturnType<typeof readMediaBytes>>

/** The media that are served as they are. */
async function readOriginals(
  reader: Reader,
  cards: readonly StoredCard[],
  replaced: ReadonlyMap<StoredPhoto, string>,
): Promise<MediaBytes> {
  const away = new Set([...replaced.keys()].map(({ kept }) => kept))
  const wanted = cards.flatMap(({ media }) => media.filter(({ kept }) => !away.has(kept)))
  const ids = [...new Set(wanted.map(({ kept }) => kept.mediaId))]
  return readMediaBytes(reader, ids)
}

/** @returns undefined where media were purged meanwhile */
function textOf(
  { text, media, photos }: StoredCard,
  replaced: ReadonlyMap<StoredPhoto, string>,
  originals: MediaBytes,
): string | undefined {
  const edits: { start: number; end: number; text: string }[] = []
  const away = new Set<unknown>()
  for (const photo of photos) {
    const line = replaced.get(photo)
    if (line === undefined) continue
    edits.push({ start: photo.line.start, end: photo.line.end, text: line })
    away.add(photo.kept)
  }
  for (const { at, kept } of media) {
    if (away.has(kept)) continue
    const bytes = originals.get(kept.mediaId)
    if (!bytes) return undefined
    edits.push({ start: at, end: at, text: foldBase64(bytes, kept.folding) })
  }
  edits.sort((one, other) => one.start - other.start)
  let made = ''
  let from = 0
  for (const edit of edits) {
    made += text.slice(from, edit.start) + edit.text
    from = edit.end
  }
  return made + text.slice(from)
}
