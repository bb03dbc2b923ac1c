/** A row of a table. */
export interface CsvRow {
  readonly fields: readonly string[]
  /** The line of the file it begins in, counted from 1. */
  readonly line: number
}

/** The characters that separate fields. */
export type Delimiter = ',' | ';' | '\t' | '|'

const delimiters: readonly Delimiter[] = [',', ';', '\t', '|']

/**
 * Which character separates the fields: the one that stands most often, outside of quotes, in the line that has the most
 * fields among the first. A first line `sep=;`, as spreadsheets write it, says so.
 * @param sample  the beginning of the text
 */
export function detectDelimiter(sample: string): Delimiter {
  const declared = /^sep=([,;\t|])\s*(?:\r|\n|$)/i.exec(sample)?.[1]
  const found = delimiters.find((delimiter) => delimiter === declared)
  if (found !== undefined) return found
  const bare = sample.replace(/"(?:[^"]|"")*"/g, '')
  const lines = bare.split(/\r\n|\r|\n/).slice(0, 20)
  let best: Delimiter = ','
  let most = 0
  for (const delimiter of delimiters) {
    const count = Math.max(...lines.map((line) => line.split(delimiter).length - 1))
    if (count > most) {
      most = count
      best = delimiter
    }
  }
  return best
}

/** A row may have so many characters, or the quotes do not match and the rest of the file would be one field. */
const longestRow = 1_048_576

/**
 * The rows of a table, a piece of the text at a time. Fields may be quoted and hold separators, quotes (doubled) and line
 * breaks; a quote within a field that is not quoted is a character like all others. Rows without any text are passed over.
 * A row that does not end is given up at its first line.
 * @see RFC 4180
 */
export function* readRows(chunks: Iterable<string>, delimiter: Delimiter): Generator<CsvRow> {
  const reader = rowReader(delimiter)
  for (const chunk of chunks) yield* reader.push(chunk)
  yield* reader.end()
}

function rowReader(delimiter: Delimiter) {
  let fields: string[] = []
  let field = ''
  let state: 'start' | 'plain' | 'quoted' | 'quote' = 'start'
  let line = 1
  let firstLine = 1
  let length = 0
  let isAfterReturn = false
  const endField = (): void => {
    fields.push(field)
    field = ''
    state = 'start'
  }
  const endRow = (): CsvRow | undefined => {
    endField()
    const row = { fields, line: firstLine }
    fields = []
    length = 0
    return row.fields.some((text) => text.trim() !== '') ? row : undefined
  }
  function* push(text: string): Generator<CsvRow> {
    for (const c of text) {
      const isLineEnd = c === '\n' || c === '\r'
      const isSecond = c === '\n' && isAfterReturn
      isAfterReturn = c === '\r'
      if (isLineEnd && !isSecond) line += 1
      length += 1
      if (state === 'quoted' && length <= longestRow) {
        if (c === '"') state = 'quote'
        else field += c
      } else if (state === 'quote' && c === '"') {
        field += c
        state = 'quoted'
      } else if (isLineEnd) {
        if (!isSecond) {
          const row = endRow()
          if (row) yield row
        }
        firstLine = line
      } else if (c === delimiter) endField()
      else if (c === '"' && state === 'start' && field.trim() === '') {
        field = ''
        state = 'quoted'
      } else {
        field += c
        if (state !== 'start' || c.trim() !== '') state = 'plain'
      }
    }
  }
  function* end(): Generator<CsvRow> {
    const row = endRow()
    if (row) yield row
  }
  return { push, end }
}
