import type { ContentLine } from '../text/content-lines.ts'
import type { Slice } from './card.ts'

/** Properties whose value may be a file in base64. @see RFC 2426 §3.1.4, §3.5.3, §3.6.6, §3.7.2, RFC 6350 §6.2.4 */
const holders: ReadonlySet<string> = new Set(['PHOTO', 'LOGO', 'SOUND', 'KEY'])

/** Whether a property of this name (in upper case) may hold a file. */
export function mayHoldMedia(name: string): boolean {
  return holders.has(name)
}

/**
 * Where the base64 text of a property would stand in the text of its card: from its first character to its last, with
 * the folds between them. It is what follows `data:…;base64,`, or else the value, which programs write without
 * `ENCODING=b` too; whether it is base64, and not the address of a file, shows when it is decoded.
 * @returns undefined where there is none, or the line is written too oddly to tell
 */
export function inlineMedia(text: string, line: ContentLine): Slice | undefined {
  if (!holders.has(line.name)) return undefined
  colonOfValue.lastIndex = line.start
  if (!colonOfValue.test(text) || colonOfValue.lastIndex > line.end) return undefined
  const value = colonOfValue.lastIndex
  const prefix = dataPrefix.exec(line.value.slice(0, longestPrefix))
  const start = skipBlank(text, prefix === null ? value : unfoldedOffset(text, value, prefix[0].length))
  let end = line.end
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1
  return end > start ? { start, end } : undefined
}

/** The colon before the value; a fold may stand anywhere before it. */
const colonOfValue = /(?:[^":\r\n]|"[^"\r\n]*"|\r{0,2}\n[ \t]|\r[ \t])*:/y
/** @see RFC 2397; some escape the semicolon and the comma, as RFC 2426 has it for text */
const dataPrefix = /^\s*data:[^,]{0,200}?base64\\?,/i
const longestPrefix = 260

/** The offset into the folded text that is so many characters of the unfolded one after `from`. */
function unfoldedOffset(text: string, from: number, characters: number): number {
  let at = from
  for (let left = characters; left > 0; left -= 1) {
    const folded = foldAt(text, at)
    at += folded + 1
  }
  return at
}

/** The length of the fold that stands here. */
function foldAt(text: string, at: number): number {
  fold.lastIndex = at
  return fold.test(text) ? fold.lastIndex - at : 0
}

const fold = /(?:(?:\r{0,2}\n|\r)[ \t])+/y

function skipBlank(text: string, from: number): number {
  let at = from
  while (at < text.length && isBlank(text.charCodeAt(at))) at += 1
  return at
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09 || c === 0x0a || c === 0x0d
}
