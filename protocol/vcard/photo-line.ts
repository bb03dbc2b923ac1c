import { type ContentLine, type Parameter, parameter, readContentLines } from '../text/content-lines.ts'
import { writeLine } from '../text/write-line.ts'

/** What stands for a photo in its line. */
export interface PhotoData {
  readonly base64: string
  /** 'image/jpeg' … */
  readonly mediaType: string
  /** Of X-ABCROP-RECTANGLE; null takes the parameter away, undefined leaves it. */
  readonly crop?: string | null | undefined
}

const cropParameter = 'X-ABCROP-RECTANGLE'

/** The part of a photo that Apple's clients show, in pixels, as they wrote it. */
export function cropOf(line: Pick<ContentLine, 'parameters'>): string | undefined {
  return parameter(line, cropParameter)
}

/**
 * The line of a photo with other octets in it, folded, with CRLF: in the form that the line has, as a value of its own or
 * as a data: URI. Everything else stays, but for what named the format where that is another one now.
 */
export function withPhoto(line: ContentLine, { base64, mediaType, crop }: PhotoData): string {
  const uri = /^\s*data:([^,;\\]*)/i.exec(line.value)
  const parameters = line.parameters.flatMap((parameter): readonly Parameter[] => {
    if (parameter.name === 'MEDIATYPE') return [{ ...parameter, values: [mediaType] }]
    if (parameter.name === 'TYPE') return [{ ...parameter, values: parameter.values.map(typeNow(mediaType)) }]
    if (parameter.name !== cropParameter || crop === undefined) return [parameter]
    return crop === null ? [] : [{ ...parameter, values: [crop] }]
  })
  const isNew = typeof crop === 'string' && cropOf(line) === undefined
  const all = isNew ? [{ name: cropParameter, values: [crop] }, ...parameters] : parameters
  const name = line.group === undefined ? line.name : `${line.group}.${line.name}`
  return writeLine(name, all, uri === null ? base64 : `data:${mediaType};base64,${base64}`)
}

/** The lines that stand at these offsets, which rise; the text is read once. */
export function linesAt(text: string, offsets: readonly number[]): (ContentLine | undefined)[] {
  const found: (ContentLine | undefined)[] = []
  if (offsets.length === 0) return []
  for (const line of readContentLines(text)) {
    for (let offset = offsets[found.length]; offset !== undefined && offset < line.end; ) {
      found.push(line.start <= offset && !('broken' in line) ? line : undefined)
      offset = offsets[found.length]
    }
    if (found.length === offsets.length) break
  }
  return offsets.map((_, nth) => found[nth])
}

/** A size in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * A crop rectangle for the same photo in another size.
 * @param digest  the MD5 of its octets in base64, which the rectangle ends with
 * @returns undefined for a rectangle that is written otherwise
 */
export function scaleCrop(crop: string, from: Size, to: Size, digest: string): string | undefined {
  const found = /^(ABClipRect_\d+)&(-?\d+)&(-?\d+)&(\d+)&(\d+)&/i.exec(crop)
  if (found === null || from.width <= 0 || from.height <= 0) return undefined
  const [, head = '', x, y, width, height] = found
  const [across, down] = [to.width / from.width, to.height / from.height]
  const numbers = [Number(x) * across, Number(y) * down, Number(width) * across, Number(height) * down]
  return `${head}&${numbers.map((number) => Math.round(number)).join('&')}&${digest}`
}

/** The digest that a crop rectangle ends with. */
export function cropDigest(crop: string): string | undefined {
  return /&([A-Za-z0-9+/]+={0,2})$/.exec(crop)?.[1]
}

/** The media type of an image by its first octets. */
export function imageType(bytes: Uint8Array): string | undefined {
  const head = String.fromCharCode(...bytes.subarray(0, 16))
  if (head.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (head.startsWith('GIF8')) return 'image/gif'
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'image/webp'
  const brand = head.startsWith('ftyp', 4) ? head.slice(8, 12) : ''
  if (brand === 'avif' || brand === 'avis') return 'image/avif'
  return /^(?:hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand) ? 'image/heic' : undefined
}

/** TYPE names the format of a photo in vCard 3.0, and what else it is for in 4.0. */
function typeNow(mediaType: string): (value: string) => string {
  return (value) => {
    const format = value.replace(/^image\//i, '').toLowerCase()
    const now = mediaType.slice('image/'.length)
    if (!imageFormats.has(format) || format === now || (format === 'jpg' && now === 'jpeg')) return value
    return value.includes('/') ? mediaType : now.toUpperCase()
  }
}

const imageFormats: ReadonlySet<string> = new Set(
  'jpeg jpg png gif webp heic heif avif bmp tiff tif'.split(' '),
)
