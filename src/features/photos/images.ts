import type { Sharp } from 'sharp'
import { imageType } from '../../../protocol/vcard/photo-line.ts'

/** What an image is scaled to. */
export interface ImageLimits {
  readonly octets: number
  /** Pixels of the longer side. */
  readonly edge: number
}

/** What may be spent on one image. */
export interface ImageBudget {
  /** Pixels of the original at most: a small file may hold very many. */
  readonly photoPixels: number
  readonly photoSeconds: number
}

export interface Image {
  readonly bytes: Buffer
  readonly mediaType: string
  readonly width: number
  readonly height: number
}

export interface ScaledOutcome {
  /** Pixels of the original as it is shown. */
  readonly width: number
  readonly height: number
  /** Undefined where the original is best as it is: it has several pictures, or cannot be made small enough. */
  readonly scaled: Image | undefined
}

/**
 * An image within limits, upright, without what was noted in it (place, camera): JPEG, or PNG where it has transparent
 * parts and stays small enough. One image is worked on at a time, beside the event loop.
 * @returns undefined for what is no image, one of a format that is not read here, or one of too many pixels; 'late' where it
 * took too long, which may be for what else the machine does
 */
export function scaleImage(
  bytes: Buffer,
  limits: ImageLimits,
  budget: ImageBudget,
): Promise<ScaledOutcome | 'late' | undefined> {
  return inTurn(bytes, async (open) => {
    const { autoOrient, pages = 1, hasAlpha } = await open(budget).metadata()
    const { width, height } = autoOrient
    if (pages > 1) return { width, height, scaled: undefined }
    for (const step of steps(limits.edge, hasAlpha)) {
      const made = open(budget)
        .resize({ width: step.edge, height: step.edge, fit: 'inside', withoutEnlargement: true })
        .timeout({ seconds: budget.photoSeconds })
      const encoded = step.asPng
        ? made.png({ palette: true })
        : made.flatten({ background: '#fff' }).jpeg({ quality: step.quality, mozjpeg: false })
      const { data, info } = await encoded.toBuffer({ resolveWithObject: true })
      if (data.length > limits.octets) continue
      const mediaType = step.asPng ? 'image/png' : 'image/jpeg'
      return { width, height, scaled: { bytes: data, mediaType, width: info.width, height: info.height } }
    }
    return { width, height, scaled: undefined }
  })
}

/** A picture so small that two encodings of one are alike. */
export interface Fingerprint {
  readonly width: number
  readonly height: number
  /** Red, green and blue of 16 × 16 points. */
  readonly points: Buffer
}

/** @returns undefined for what `scaleImage` does not read */
export async function fingerprintOf(bytes: Buffer, budget: ImageBudget): Promise<Fingerprint | undefined> {
  const found = await inTurn(bytes, async (open) => {
    const { autoOrient } = await open(budget).metadata()
    const points = await open(budget)
      .flatten({ background: '#fff' })
      .toColourspace('srgb')
      .resize({ width: fingerprintEdge, height: fingerprintEdge, fit: 'fill' })
      .timeout({ seconds: budget.photoSeconds })
      .raw()
      .toBuffer()
    return { ...autoOrient, points }
  })
  return found === 'late' ? undefined : found
}

/**
 * Whether one image is another encoding of the other: of the same shape, no larger, and nowhere of another brightness or
 * colour than encoding and scaling make it.
 */
export function isReencoded(sent: Fingerprint, original: Fingerprint): boolean {
  if (sent.width > original.width || sent.height > original.height) return false
  const [one, other] = [sent.width / sent.height, original.width / original.height]
  if (Math.abs(one - other) > 0.02 * other) return false
  if (sent.points.length !== original.points.length) return false
  let sum = 0
  let largest = 0
  for (let at = 0; at < sent.points.length; at += 1) {
    const difference = Math.abs((sent.points[at] ?? 0) - (original.points[at] ?? 0))
    sum += difference
    largest = Math.max(largest, difference)
  }
  return sum / sent.points.length <= meanDifference && largest <= largestDifference
}

const fingerprintEdge = 16
/** Of 255. A photo at JPEG quality 60 and a third of its size is off by 1 on the whole, and by 12 somewhere. */
const meanDifference = 4
const largestDifference = 40

/** From the best that may fit to the smallest that is still a face. */
function* steps(
  edge: number,
  hasAlpha: boolean,
): Generator<{ edge: number; quality: number; asPng: boolean }> {
  if (hasAlpha) yield { edge, quality: 0, asPng: true }
  for (const part of [1, 0.75, 0.5, 0.3])
    for (const quality of [88, 75, 60]) yield { edge: Math.round(edge * part), quality, asPng: false }
}

type Open = (budget: ImageBudget) => Sharp
type Library = typeof import('sharp')['default']

let turn: Promise<unknown> = Promise.resolve()
let waiting = 0

/** Whether so many images wait for their turn that one more would wait for long. */
export function isBusy(): boolean {
  return waiting >= longQueue
}

const longQueue = 32

/** One after the other, so that images leave the other processor to everything else. */
function inTurn<T>(bytes: Buffer, work: (open: Open) => Promise<T>): Promise<T | 'late' | undefined> {
  const type = imageType(bytes)
  if (type === undefined) return Promise.resolve(undefined)
  const mine = turn.then(async () => {
    try {
      const sharp = await loadSharp()
      return await work(({ photoPixels }) =>
        sharp(bytes, { limitInputPixels: photoPixels, autoOrient: true, failOn: 'error' }),
      )
    } catch (error) {
      // Broken, of another format than it says, or too large: it goes to clients as it came.
      return isTimeout(error) ? 'late' : undefined
    } finally {
      waiting -= 1
    }
  })
  waiting += 1
  turn = mine
  return mine
}

/** As the library says it: `timeout: 13% complete`. */
export function isTimeout(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout: ')
}

let loaded: Promise<Library> | undefined

/** Not before the first image is to be scaled: the library takes memory. */
function loadSharp(): Promise<Library> {
  loaded ??= import('sharp').then(({ default: sharp }) => {
    sharp.cache(false)
    sharp.concurrency(1)
    // Nothing but the formats of photos is opened: no SVG, no PDF, no files by name.
    sharp.block({ operation: ['VipsForeignLoad'] })
    sharp.unblock({ operation: readers })
    return sharp
  })
  return loaded
}

const readers = ['Jpeg', 'Png', 'Webp', 'Nsgif', 'Heif'].map((format) => `VipsForeignLoad${format}Buffer`)
