/** One generated contact or event: what is PUT, and under which name. */
export interface Item {
  /** Last segment of the href, plain ASCII. */
  readonly name: string
  readonly uid: string
  /** The body with CRLF line ends. */
  readonly body: string
}

/** An answer that is not what the data says it must be; such an answer has no time. */
export class WrongAnswerError extends Error {
  override readonly name = 'WrongAnswerError'
}

/** Folds at 75 octets and joins with CRLF (RFC 5545 §3.1, RFC 6350 §3.2). */
export function foldLines(lines: readonly string[]): string {
  let text = ''
  for (const line of lines) text += `${foldLine(line)}\r\n`
  return text
}

function foldLine(line: string): string {
  if (Buffer.byteLength(line) <= 75) return line
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
  return folded
}
