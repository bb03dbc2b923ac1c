import type { Parameter } from './content-lines.ts'

/**
 * A content line, folded at 75 octets, with CRLF. The value is written as it stands, escapes and all.
 * @param name  with its group before it, where it has one
 * @see RFC 5545 §3.1, RFC 6350 §3.2, RFC 6868 §3
 */
export function writeLine(name: string, parameters: readonly Parameter[], value: string): string {
  let line = name
  for (const { name: key, values } of parameters) line += `;${key}=${values.map(quoted).join(',')}`
  return foldLine(`${line}:${value}`)
}

function quoted(value: string): string {
  const plain = value.replace(/[\^"]|\r\n|\r|\n/g, (c) => (c === '^' ? '^^' : c === '"' ? "^'" : '^n'))
  return /[,;:]/.test(plain) ? `"${plain}"` : plain
}

const lineOctets = 75

/** A whole line, folded, with CRLF. Never within a character; photographs, which are plain ASCII, without looking at each. */
export function foldLine(line: string): string {
  if (line.length <= 25) return `${line}\r\n`
  if (/^[\x00-\x7f]*$/.test(line)) return foldAscii(line)
  let folded = ''
  let octets = 0
  for (const character of line) {
    const size = Buffer.byteLength(character)
    if (octets + size > lineOctets) {
      folded += '\r\n '
      octets = 1
    }
    folded += character
    octets += size
  }
  return `${folded}\r\n`
}

function foldAscii(line: string): string {
  let folded = line.slice(0, lineOctets)
  for (let at = lineOctets; at < line.length; at += lineOctets - 1) {
    folded += `\r\n ${line.slice(at, at + lineOctets - 1)}`
  }
  return `${folded}\r\n`
}
