import { imageType } from '../../../protocol/vcard/photo-line.ts'
import { readMediaBytes } from '../../../storage/media/parted-bodies.ts'
import { mediaHash } from '../../../storage/media/parts.ts'
import { findScaled, keepScaled, type ScaledMedia } from '../../../storage/media/scaled-media.ts'
import type { Reader } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { type ImageLimits, isBusy, scaleImage } from './images.ts'
import type { StoredPhoto } from './stored-photos.ts'

export type PhotoServices = Pick<Services, 'store' | 'settings' | 'log'>

/** The formats that every client shows. */
const shownEverywhere: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif'])

/** Whether a photo is more than a client takes, or of a format that it may not know. */
export function isTooMuch(
  { size, head }: Pick<StoredPhoto, 'size' | 'head'>,
  { octets }: ImageLimits,
): boolean {
  const type = imageType(head)
  return type !== undefined && (size > octets || !shownEverywhere.has(type))
}

/** Limits by name: with other limits, what was made before is made anew. */
export function sizeClassOf({ octets, edge }: ImageLimits): string {
  return `${edge}px ${octets}`
}

/**
 * What clients with these limits get of photos, by the hash of each; made and kept where it was never asked for before.
 * Photos that take too long, all together, are left out: they go as they are, and are made the next time.
 */
export async function scaledPhotos(
  services: PhotoServices,
  photos: readonly StoredPhoto[],
  limits: ImageLimits,
): Promise<ReadonlyMap<string, ScaledMedia>> {
  const { store, settings, log } = services
  const byHash = new Map(photos.map((photo) => [photo.hash, photo]))
  const sizeClass = sizeClassOf(limits)
  const found = new Map(await store.read((reader) => findScaled(reader, sizeClass, [...byHash.keys()])))
  const missing = [...byHash.values()].filter(({ hash }) => !found.has(hash))
  if (missing.length === 0) return found
  const until = performance.now() + settings.limits.photoWaitMs
  const made: ScaledMedia[] = []
  for (const photo of missing) {
    if (performance.now() > until || isBusy()) break
    const one = await makeOnce(services, photo, limits)
    if (one) made.push(one)
  }
  for (const one of made) found.set(one.hash, one)
  try {
    await store.write(async (tx) => {
      for (const one of made) await keepScaled(tx, one)
    })
  } catch (error) {
    // What was made serves this answer all the same.
    log.warn({ err: error }, 'scaled photos could not be kept')
  }
  return found
}

/** Under way, so that two who ask for the same at the same time wait for one. */
const making = new Map<string, Promise<ScaledMedia | undefined>>()

function makeOnce(
  services: PhotoServices,
  photo: StoredPhoto,
  limits: ImageLimits,
): Promise<ScaledMedia | undefined> {
  const key = `${photo.hash} ${sizeClassOf(limits)}`
  const known = making.get(key)
  if (known) return known
  if ((triedAt.get(key) ?? Number.NEGATIVE_INFINITY) > performance.now() - tryAgainMs)
    return Promise.resolve(undefined)
  const made = make(services, photo, limits)
    .then((one) => {
      if (!one) remember(key)
      return one
    })
    .finally(() => making.delete(key))
  making.set(key, made)
  return made
}

/** What was tried in vain, and when: the oldest are forgotten. */
const triedAt = new Map<string, number>()
const tryAgainMs = 600_000
const mostTried = 1_000

function remember(key: string): void {
  triedAt.delete(key)
  triedAt.set(key, performance.now())
  for (const oldest of triedAt.keys()) {
    if (triedAt.size <= mostTried) return
    triedAt.delete(oldest)
  }
}

/** @returns undefined where the photo is gone, or took too long: then it is tried again another time */
async function make(
  services: PhotoServices,
  photo: StoredPhoto,
  limits: ImageLimits,
): Promise<ScaledMedia | undefined> {
  const bytes = await services.store.read((reader) => bytesOf(reader, photo))
  if (!bytes) return undefined
  const outcome = await scaleImage(bytes, limits, services.settings.limits)
  if (outcome === 'late') return undefined
  const { scaled, width = 0, height = 0 } = outcome ?? {}
  return {
    hash: photo.hash,
    sizeClass: sizeClassOf(limits),
    scaled: scaled ? { ...scaled, hash: mediaHash(scaled.bytes) } : null,
    originalWidth: width,
    originalHeight: height,
  }
}

/** The octets of a photo, wherever it is kept; undefined where it was purged meanwhile. */
export async function bytesOf(
  reader: Reader,
  { bytes, kept }: Pick<StoredPhoto, 'bytes' | 'kept'>,
): Promise<Buffer | undefined> {
  if (bytes || !kept) return bytes
  const { mediaId } = kept
  return (await readMediaBytes(reader, [mediaId])).get(mediaId)
}
