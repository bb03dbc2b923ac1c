/** How base64 text was broken into lines: the characters of the first one and of the next, and what stood between. */
export interface Folding {
  readonly firstWidth: number
  /** 0 where there is one line. */
  readonly nextWidth: number
  /** The line end and the blanks after it. */
  readonly fold: string
}

/** The folding that a text begins with; whether all of it is so, `foldBase64` shows. */
export function readFolding(text: string): Folding {
  const first = lineBreak.exec(text)
  if (first === null) return { firstWidth: text.length, nextWidth: 0, fold: '' }
  const fold = first[0]
  const from = first.index + fold.length
  const second = text.indexOf(fold, from)
  return { firstWidth: first.index, nextWidth: (second === -1 ? text.length : second) - from, fold }
}

/** Octets as base64 in lines. */
export function foldBase64(bytes: Buffer, { firstWidth, nextWidth, fold }: Folding): string {
  const text = bytes.toString('base64')
  if (nextWidth <= 0) return text
  const lines = [text.slice(0, firstWidth)]
  for (let at = firstWidth; at < text.length; at += nextWidth) lines.push(text.slice(at, at + nextWidth))
  return lines.join(fold)
}

const lineBreak = /[\r\n][\r\n \t]*/
