import type { Parameter } from '../text/content-lines.ts'

/** A stretch of text and what stands there instead; offsets as in ContentLine. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/**
 * A content line, folded at 75 octets, with CRLF. The value is written as it stands, escapes and all.
 * @see RFC 5545 §3.1, RFC 6868 §3
 */
export function writeLine(name: string, parameters: readonly Parameter[], value: string): string {
  let line = name
  for (const { name: key, values } of parameters) line += `;${key}=${values.map(quoted).join(',')}`
  return fold(`${line}:${value}`)
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

function quoted(value: string): string {
  const plain = value.replace(/[\^"]|\r\n|\r|\n/g, (c) => (c === '^' ? '^^' : c === '"' ? "^'" : '^n'))
  return /[,;:]/.test(plain) ? `"${plain}"` : plain
}

/** Never within a character. */
function fold(line: string): string {
  if (line.length <= 25) return `${line}\r\n`
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > 75) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return `${folded}\r\n`
}
