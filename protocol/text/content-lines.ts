/** One parameter, with its name in upper case and its values unquoted and unescaped (RFC 6868). */
export interface Parameter {
  readonly name: string
  readonly values: readonly string[]
}

/**
 * One content line of a vCard or iCalendar object.
 * `start` and `end` are offsets into the text it was read from and include its folds and line end,
 * so that text.slice(start, end) is what the client wrote, octet for octet.
 */
export interface ContentLine {
  /** The vCard group before the dot ("item1"), as written. */
  readonly group: string | undefined
  /** In upper case. */
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** The unfolded value as written, escapes and all. */
  readonly value: string
  readonly start: number
  readonly end: number
}

/** A line that is not `name *(;parameter):value`. */
export interface BrokenLine {
  readonly broken: string
  readonly start: number
  readonly end: number
}

/**
 * Splits text into content lines. Never throws: what cannot be read becomes a BrokenLine, and the rest is read on.
 * Line ends may be CRLF, LF, CR, or the CR CR LF that a text mode conversion leaves; folds begin with a blank or a
 * tab; empty lines are passed over.
 * @see RFC 5545 §3.1, RFC 6350 §3.2–3.3, RFC 6868
 */
export function* readContentLines(text: string): Generator<ContentLine | BrokenLine> {
  let start = 0
  while (start < text.length) {
    let end = start
    let unfolded = ''
    for (;;) {
      const stop = lineStop(text, end)
      unfolded += text.slice(end, stop)
      end = afterLineEnd(text, stop)
      const next = text.charCodeAt(end)
      if (next !== 0x20 && next !== 0x09) break
      end += 1
    }
    if (unfolded.trim() !== '') yield readLine(unfolded, start, end)
    start = end
  }
}

/** Reads one unfolded line; `start` and `end` are passed through. */
export function readLine(line: string, start: number, end: number): ContentLine | BrokenLine {
  const head = /^(?:([A-Za-z0-9_-]+)\.)?([A-Za-z0-9_-]+)[ \t]*(?=[;:])/.exec(line)
  if (!head) return { broken: line, start, end }
  const parameters: Parameter[] = []
  let at = head[0].length
  while (line.charCodeAt(at) === 0x3b) {
    const read = readParameter(line, at + 1)
    if (read === undefined) return { broken: line, start, end }
    if (read.parameter) parameters.push(read.parameter)
    at = read.end
  }
  if (line.charCodeAt(at) !== 0x3a) return { broken: line, start, end }
  return {
    group: head[1],
    name: (head[2] ?? '').toUpperCase(),
    parameters,
    value: line.slice(at + 1),
    start,
    end,
  }
}

/** Every value of the named parameter (given in upper case), in order. */
export function parameterValues(line: Pick<ContentLine, 'parameters'>, name: string): readonly string[] {
  const { parameters } = line
  if (parameters.length === 0) return none
  const found = parameters.filter((parameter) => parameter.name === name)
  if (found.length === 0) return none
  return found.length === 1 ? (found[0]?.values ?? none) : found.flatMap((parameter) => parameter.values)
}

/** The first value of the named parameter. */
export function parameter(line: Pick<ContentLine, 'parameters'>, name: string): string | undefined {
  return parameterValues(line, name)[0]
}

/** Undoes the escapes of a TEXT value: `\n`, `\,`, `\;`, `\\`. @see RFC 5545 §3.3.11, RFC 6350 §3.4 */
export function unescapeText(value: string): string {
  if (!value.includes('\\')) return value
  return value.replace(/\\([\s\S])/g, (whole, c: string) => {
    if (c === 'n' || c === 'N') return '\n'
    return c === ',' || c === ';' || c === '\\' || c === ':' ? c : whole
  })
}

/** A URI has no escapes; programs write some all the same. Two backslashes stay. @see RFC 6350 §4.2 */
export function unescapeUri(uri: string): string {
  if (!uri.includes('\\')) return uri
  return uri.replace(/\\\\|\\([:,;])/g, (found, escaped: string | undefined) => escaped ?? found)
}

/** Splits a value at an unescaped separator; the parts keep their escapes. */
export function splitValue(value: string, separator: ',' | ';'): string[] {
  if (!value.includes(separator)) return [value]
  const parts: string[] = []
  let from = 0
  for (let at = 0; at < value.length; at += 1) {
    const c = value[at]
    if (c === '\\') at += 1
    else if (c === separator) {
      parts.push(value.slice(from, at))
      from = at + 1
    }
  }
  parts.push(value.slice(from))
  return parts
}

const none: readonly string[] = []

/** `;name`, `;name=value`, `;name=value,"value"`; a bare word (vCard 2.1) is a TYPE. */
function readParameter(
  line: string,
  from: number,
): { parameter: Parameter | undefined; end: number } | undefined {
  let at = from
  while (at < line.length && !'=;:,"'.includes(line.charAt(at))) at += 1
  const name = line.slice(from, at).trim().toUpperCase()
  if (line[at] !== '=') {
    if (line[at] !== ';' && line[at] !== ':') return undefined
    return {
      parameter: name === '' ? undefined : { name: 'TYPE', values: [line.slice(from, at).trim()] },
      end: at,
    }
  }
  const values: string[] = []
  do {
    at += 1
    if (line[at] === '"') {
      const close = line.indexOf('"', at + 1)
      if (close === -1) return undefined
      values.push(uncaret(line.slice(at + 1, close)))
      at = close + 1
      while (at < line.length && !',;:'.includes(line.charAt(at))) at += 1
    } else {
      const begin = at
      while (at < line.length && !',;:'.includes(line.charAt(at))) at += 1
      values.push(uncaret(line.slice(begin, at)))
    }
  } while (line[at] === ',')
  return at < line.length ? { parameter: { name, values }, end: at } : undefined
}

/** @see RFC 6868 §3.1 */
function uncaret(value: string): string {
  if (!value.includes('^')) return value
  return value.replace(/\^(n|\^|')/g, (_, c: string) => (c === 'n' ? '\n' : c === '^' ? '^' : '"'))
}

function lineStop(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const c = text.charCodeAt(at)
    if (c === 0x0a || c === 0x0d) return at
  }
  return text.length
}

function afterLineEnd(text: string, at: number): number {
  if (text.charCodeAt(at) === 0x0d) {
    const next = text.charCodeAt(at + 1)
    if (next === 0x0a) return at + 2
    return next === 0x0d && text.charCodeAt(at + 2) === 0x0a ? at + 3 : at + 1
  }
  return at < text.length ? at + 1 : at
}

/** Escapes text for a TEXT value. @see RFC 5545 §3.3.11, RFC 6350 §3.4 */
export function escapeTextValue(text: string): string {
  return text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|\r|\n/g, '\\n')
}

/** Text without control characters, which no property may have; line ends and tabs stay. */
export function withoutControls(text: string): string {
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '')
}
