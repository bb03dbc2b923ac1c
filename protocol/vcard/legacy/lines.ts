import { type ContentLine, parameterValues, readLine } from '../../text/content-lines.ts'

/** A line of a vCard 2.1, unfolded and its soft line breaks joined. */
export interface LegacyLine {
  readonly line: ContentLine
  readonly encoding: 'quoted-printable' | 'base64' | undefined
  /** As the card names it. */
  readonly charset: string | undefined
  /** The card inside, for AGENT and for cards that stand in others without it. */
  readonly inside?: string
}

/**
 * The lines between BEGIN and END; what cannot be read is given as it is.
 * A fold keeps its blank; quoted-printable goes on after an equals sign at the end of a line, base64 as long as there
 * is nothing else in a line.
 * @param source  one card, a character an octet
 * @see vCard 2.1 §2.1.3, RFC 2045 §6.7
 */
export function* readLegacyLines(source: string): Generator<LegacyLine | string> {
  let depth = 0
  let inside: string[] = []
  let agent: ContentLine | undefined
  for (const text of joinedLines(source)) {
    const boundary = /^(BEGIN|END):\s*VCARD\s*$/i.exec(text)?.[1]?.toUpperCase()
    if (boundary === 'BEGIN') depth += 1
    if (depth > 1) inside.push(text)
    else if (boundary === undefined) {
      const line = readLine(text, 0, 0)
      const isAgent = !('broken' in line) && line.name === 'AGENT' && line.value.trim() === ''
      if (isAgent) agent = line
      else if ('broken' in line || line.name === 'BEGIN' || line.name === 'END') yield text
      else yield legacyLine(line)
    }
    if (boundary !== 'END') continue
    if (depth === 2) {
      yield { ...legacyLine(agent ?? emptyAgent), inside: `${inside.join('\r\n')}\r\n` }
      inside = []
      agent = undefined
    }
    depth -= 1
  }
}

const emptyAgent: ContentLine = {
  group: undefined,
  name: 'AGENT',
  parameters: [],
  value: '',
  start: 0,
  end: 0,
}

/** Lines unfolded and joined; a character an octet. */
export function* joinedLines(source: string): Generator<string> {
  let parts: string[] = []
  let kind: LegacyLine['encoding']
  for (const piece of source.split(/\r{0,2}\n|\r/)) {
    const last = parts.at(-1)
    if (last !== undefined && continues(piece, last, kind)) {
      if (kind === 'quoted-printable' && last.endsWith('=')) parts[parts.length - 1] = last.slice(0, -1)
      parts.push(kind === 'base64' ? piece.trim() : piece)
      continue
    }
    if (parts.length > 0) yield parts.join('')
    parts = piece.trim() === '' ? [] : [piece]
    kind = encodingOf(piece)
  }
  if (parts.length > 0) yield parts.join('')
}

function continues(piece: string, last: string, kind: LegacyLine['encoding']): boolean {
  if (kind === 'quoted-printable' && last.endsWith('=')) return true
  if (kind === 'base64') return piece.trim() !== '' && /^\s*[A-Za-z0-9+/=]+\s*$/.test(piece)
  return /^[ \t]/.test(piece) && piece.trim() !== ''
}

function encodingOf(line: string): LegacyLine['encoding'] {
  const [head = ''] = /^[^:]*/.exec(line) ?? []
  if (/;(?:ENCODING=)?QUOTED-PRINTABLE(?:;|$)/i.test(head)) return 'quoted-printable'
  return /;(?:ENCODING=)?(?:BASE64|B)(?:;|$)/i.test(head) ? 'base64' : undefined
}

/** A line with how its value is written. */
export function legacyLine(line: ContentLine): LegacyLine {
  const words = [...parameterValues(line, 'ENCODING'), ...parameterValues(line, 'TYPE')].map((word) =>
    word.toLowerCase(),
  )
  const encoding = words.includes('quoted-printable')
    ? 'quoted-printable'
    : words.includes('base64') || words.includes('b')
      ? 'base64'
      : undefined
  return { line, encoding, charset: parameterValues(line, 'CHARSET')[0] }
}
