/** A value of an attribute: its octets, and as text. */
export interface LdifValue {
  /** In lower case, without options. */
  readonly attribute: string
  readonly octets: Uint8Array
  readonly text: string
}

/** An entry of a directory, or a record that is none. */
export type LdifRecord = { readonly line: number } & (
  | { readonly kind: 'entry'; readonly dn: string; readonly values: readonly LdifValue[] }
  | { readonly kind: 'refused'; readonly reason: string }
)

/** A record may have so many characters. */
const longestRecord = 33_554_432

/**
 * The records of an LDIF file, a piece of the text at a time. Folded lines are joined, comments passed over, base64 is
 * decoded; records that change a directory are refused, but for those that add an entry.
 * @see RFC 2849
 */
export function* readEntries(chunks: Iterable<string>): Generator<LdifRecord> {
  let record: RawLine[] = []
  let size = 0
  for (const line of logicalLines(chunks)) {
    if (line.text !== '') {
      size += line.text.length
      if (size <= longestRecord) record.push(line)
      continue
    }
    const read = readRecord(record, size)
    if (read) yield read
    record = []
    size = 0
  }
}

interface RawLine {
  readonly text: string
  readonly line: number
}

/** Lines with their folds joined; an empty one where a record ends. */
function* logicalLines(chunks: Iterable<string>): Generator<RawLine> {
  let parts: string[] = []
  let start = 1
  let line = 0
  for (const physical of physicalLines(chunks)) {
    line += 1
    if (/^[ \t]/.test(physical) && parts.length > 0) {
      parts.push(physical.slice(1))
      continue
    }
    if (parts.length > 0) yield { text: parts.join(''), line: start }
    if (physical.trim() === '') {
      parts = []
      yield { text: '', line }
    } else {
      parts = [physical]
      start = line
    }
  }
  if (parts.length > 0) yield { text: parts.join(''), line: start }
  yield { text: '', line }
}

/** Long lines are gathered in pieces; a CR at the end of a piece may be half of a line end. */
function* physicalLines(chunks: Iterable<string>): Generator<string> {
  let parts: string[] = []
  let carried = ''
  for (const chunk of chunks) {
    const whole = carried + chunk
    carried = whole.endsWith('\r') ? '\r' : ''
    const [first = '', ...lines] = whole.slice(0, whole.length - carried.length).split(/\r\n|\n|\r/)
    parts.push(first)
    for (const line of lines) {
      yield parts.join('')
      parts = [line]
    }
  }
  const last = parts.join('')
  if (last !== '') yield last
}

function readRecord(lines: readonly RawLine[], size: number): LdifRecord | undefined {
  const kept = lines.filter(({ text }) => !text.startsWith('#') && !/^version:\s*\d+\s*$/i.test(text))
  const [first] = kept
  if (!first) return undefined
  const refuse = (reason: string): LdifRecord => ({ kind: 'refused', line: first.line, reason })
  if (size > longestRecord) return refuse(`It has more than ${longestRecord} characters.`)
  const values = kept.map(({ text }) => readValue(text))
  const [dn] = values
  if (dn?.attribute !== 'dn') return refuse('It does not begin with the name of an entry (dn).')
  const change = values
    .find((value) => value?.attribute === 'changetype')
    ?.text.trim()
    .toLowerCase()
  if (change !== undefined && change !== 'add')
    return refuse('It changes a directory, and is no entry of one.')
  const rest = values.slice(1).filter((value) => value !== undefined && value.attribute !== 'changetype')
  return { kind: 'entry', line: first.line, dn: dn.text, values: rest.filter((value) => value !== undefined) }
}

/** `name: text`, `name:: base64`; what stands elsewhere (`name:< url`) is not fetched. */
function readValue(text: string): LdifValue | undefined {
  const match = /^([A-Za-z0-9.;_-]+)\s*:(:|<)?[ \t]*(.*)$/s.exec(text)
  if (!match || match[2] === '<') return undefined
  const [, name = '', isEncoded, value = ''] = match
  const attribute = name.replace(/;.*$/, '').toLowerCase()
  if (isEncoded === undefined) return { attribute, octets: Buffer.from(value), text: value }
  const octets = Buffer.from(value.replace(/\s+/g, ''), 'base64')
  return { attribute, octets, text: octets.toString('utf8') }
}
