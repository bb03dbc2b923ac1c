/** A stretch of text and what stands there instead; offsets as in ContentLine. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * The text with the edits made. They may come in any order; one inside another is dropped.
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  if (edits.length === 0) return text
  let result = ''
  let at = 0
  for (const edit of [...edits].sort((a, b) => a.start - b.start || b.end - a.end)) {
    if (edit.start < at) continue
    result += text.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return result + text.slice(at)
}

/** The text with every line end made CRLF, the last line's too. */
export function withCrlf(text: string): string {
  const ended = text.endsWith('\n') || text.endsWith('\r') || text === '' ? text : `${text}\r\n`
  return /\r(?!\n)|(?<!\r)\n/.test(ended) ? ended.replace(/\r\n|\r|\n/g, '\r\n') : ended
}
