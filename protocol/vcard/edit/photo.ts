import { changed, newLine, without, withParameter } from '../convert/line.ts'
import { addLine, entriesNamed, type OpenCard, removeEntry } from './open-card.ts'

export interface NewPhoto {
  /** 'image/jpeg' … */
  readonly mediaType: string
  readonly base64: string
}

/** Puts another photo in the place of all there are, or takes them away. @see RFC 2426 §3.1.4, RFC 6350 §6.2.4 */
export function setPhoto(card: OpenCard, photo: NewPhoto | null): void {
  const [first, ...rest] = entriesNamed(card, ['PHOTO'])
  for (const entry of rest) removeEntry(card, entry)
  if (photo === null) {
    if (first) removeEntry(card, first)
    return
  }
  const line = first?.line ?? newLine('PHOTO', '')
  const others = without(line.parameters, ...ofTheOldOne)
  const next =
    card.version === '4.0'
      ? changed(line, { value: `data:${photo.mediaType};base64,${photo.base64}`, parameters: others })
      : changed(line, { value: photo.base64, parameters: withFormat(others, photo.mediaType) })
  if (first) first.line = next
  else addLine(card, next)
}

/** What was said of the photo that was there; Apple's rectangle is a part of it. */
const ofTheOldOne = 'VALUE ENCODING TYPE MEDIATYPE X-MEDIATYPE X-ABCROP-RECTANGLE PREF X-PREF'.split(' ')

function withFormat(
  parameters: Parameters<typeof withParameter>[0],
  mediaType: string,
): Parameters<typeof withParameter>[0] {
  const format = mediaType.replace(/^image\//, '').toUpperCase()
  return withParameter(withParameter(parameters, 'ENCODING', ['b']), 'TYPE', [format])
}
