import { type ContentLine, readContentLines } from '../../../protocol/text/content-lines.ts'
import { inlineMedia } from '../../../protocol/vcard/inline-media.ts'
import { linesAt } from '../../../protocol/vcard/photo-line.ts'
import type { KeptMedia, PartedBody } from '../../../storage/media/parted-bodies.ts'
import { keptApartBytes, mediaHash } from '../../../storage/media/parts.ts'

/** A stored card whose large media have not been read. */
export interface StoredCard {
  /** Without the media that are kept beside it, and without its byte order mark. */
  readonly text: string
  readonly mark: '' | '\ufeff'
  /** Those, in their order. */
  readonly media: readonly StoredMedia[]
  readonly photos: readonly StoredPhoto[]
}

export interface StoredMedia {
  /** Where their text belongs in the text of the card. */
  readonly at: number
  readonly kept: KeptMedia
}

/** A photo that is in a card itself, not one that it gives the address of. */
export interface StoredPhoto {
  /** As it stands in the text of the card. */
  readonly line: ContentLine
  readonly hash: string
  readonly size: number
  /** The first octets. */
  readonly head: Buffer
  /** Undefined for a photo that is kept beside the card. */
  readonly bytes: Buffer | undefined
  readonly kept: KeptMedia | undefined
}

/** A card as it was stored, and what there is to know of its photos before any is read. */
export function readStoredCard({ bytes, media: kept }: PartedBody): StoredCard {
  const whole = bytes.toString('utf8')
  const mark = whole.startsWith('\ufeff') ? '\ufeff' : ''
  const text = whole.slice(mark.length)
  const offsetOf = offsets(bytes, whole.length)
  const media = kept.map((each) => ({ at: offsetOf(each.position) - mark.length, kept: each }))
  const beside = besidePhotos(text, media)
  const photos = [...beside, ...(bytes.length < keptApartBytes ? [] : inlinePhotos(text))]
  return { text, mark, media, photos: photos.sort((one, other) => one.line.start - other.line.start) }
}

/** The same of a text that has all its media in it. */
export function wholeCard(text: string): StoredCard {
  return { text, mark: '', media: [], photos: inlinePhotos(text) }
}

/** The photos in a text that has all its media in it. */
export function inlinePhotos(text: string): StoredPhoto[] {
  if (!photoName.test(text)) return []
  const photos: StoredPhoto[] = []
  for (const line of readContentLines(text)) {
    if ('broken' in line || line.name !== 'PHOTO') continue
    const slice = inlineMedia(text, line)
    if (slice === undefined) continue
    const bytes = Buffer.from(text.slice(slice.start, slice.end), 'base64')
    if (bytes.length < smallestPhoto || isAddress(line.value)) continue
    photos.push({
      line,
      hash: mediaHash(bytes),
      size: bytes.length,
      head: bytes.subarray(0, 16),
      bytes,
      kept: undefined,
    })
  }
  return photos
}

const photoName = /^(?:[\w-]+\.)?PHOTO[;:]/im
/** No image has fewer octets. */
const smallestPhoto = 32

function isAddress(value: string): boolean {
  return /^\s*(?!data:)[a-z][a-z0-9+.-]*:/i.test(value)
}

/** Where octets of UTF-8 stand in their text, asked for in their order: nothing is counted twice. */
function offsets(bytes: Buffer, letters: number): (position: number) => number {
  if (letters === bytes.length) return (position) => position
  let from = 0
  let count = 0
  return (position) => {
    count += bytes.toString('utf8', from, position).length
    from = position
    return count
  }
}

/** Both are in their order: the text is read once, however many photos a card has. */
function besidePhotos(text: string, media: readonly StoredMedia[]): StoredPhoto[] {
  const lines = linesAt(
    text,
    media.map(({ at }) => at),
  )
  return media.flatMap(({ kept }, nth) => {
    const line = lines[nth]
    if (line?.name !== 'PHOTO') return []
    const { hash, size, head } = kept
    return { line, hash, size, head, bytes: undefined, kept }
  })
}
