import { createHash } from 'node:crypto'
import { cardOfRow, type RowCard } from '../../../../protocol/csv/card.ts'
import {
  findHeader,
  type GivenColumns,
  isSeparatorLine,
  type Mapping,
  mappingByNumber,
  mappingProblems,
  preambleRows,
} from '../../../../protocol/csv/mapping.ts'
import { type CsvRow, detectDelimiter, readRows } from '../../../../protocol/csv/rows.ts'
import { fold } from '../../../../protocol/text/fold.ts'
import { draftName, isEmptyDraft, writeDraft } from '../../../../protocol/vcard/edit/draft.ts'
import { contentUid } from '../../content-uid.ts'
import type { Field } from '../../fields/field.ts'
import { fieldColumns, takeCells } from '../fields/field-cells.ts'
import { type FieldsByHeader, fieldsByHeader } from '../fields/field-values.ts'
import { TransferError } from '../transfer-error.ts'
import { type ImportPiece, type PieceOptions, prepared } from './pieces.ts'
import { detectCharset, textChunks } from './text-chunks.ts'

export interface TableOptions extends PieceOptions {
  /** What the file is written in; found out where it is not given. */
  readonly charset?: string | undefined
  /** Where columns go that their names do not say, or say otherwise. */
  readonly columns?: GivenColumns | undefined
  /** Fields of the book that columns may be for. */
  readonly fields?: readonly Field[] | undefined
}

/**
 * The rows of a table as cards, one at a time. A row keeps its UID when the same table is imported again: it is made of
 * the number that the table gives it, else of its name and its first mail address or telephone number.
 * @throws TransferError when nothing says what the columns are
 */
export function* tablePieces(path: string, options: TableOptions): Generator<ImportPiece> {
  const charset = options.charset ?? detectCharset(path)
  const rows = readRows(
    textChunks(path, charset, options.onProgress),
    detectDelimiter(sampleOf(path, charset)),
  )
  const fields = fieldsByHeader(options.fields ?? [])
  const { mapping, first } = readHeader(rows, options.columns ?? {}, fields)
  const columns = fieldColumns(mapping, fields)
  const cards = rowCards(mapping)
  const notes = charset === 'utf-8' || options.charset !== undefined ? [] : [`read as ${charset}`]
  let count = 0
  for (const row of allOf(first, rows)) {
    count += 1
    const valued = takeCells(row.fields, columns, mapping)
    const { values } = valued
    const piece = pieceOf(row, cards(row, valued.cells), options, [...notes, ...valued.notes])
    yield piece.kind === 'object' ? { ...piece, values } : piece
  }
  if (count === 0) yield { kind: 'refused', reason: 'There are no rows in this table.', at: 0, line: 0 }
}

function* allOf(first: readonly CsvRow[], rest: Iterable<CsvRow>): Generator<CsvRow> {
  yield* first
  yield* rest
}

/** How many rows of a table hold something, but for the one that names the columns. */
export function countRows(path: string): number {
  let count = -1
  for (const _ of rowsOf(path, detectCharset(path))) count += 1
  return Math.max(count, 0)
}

function rowsOf(path: string, charset: string): Generator<CsvRow> {
  const chunks = textChunks(path, charset, () => {})
  return readRows(chunks, detectDelimiter(sampleOf(path, charset)))
}

/** The first rows of a table, as it is read: what its columns are for, where nothing says that too. */
export interface TableSample {
  readonly charset: string
  readonly hasHeader: boolean
  readonly mapping: Mapping
  readonly fields: ReadonlyMap<number, Field>
  readonly rows: readonly (readonly string[])[]
}

/** @param limit  rows at most @throws TransferError for columns that there are not */
export function tableSample(
  path: string,
  options: Pick<TableOptions, 'charset' | 'columns' | 'fields'>,
  limit: number,
): TableSample {
  const charset = options.charset ?? detectCharset(path)
  const rows = rowsOf(path, charset)
  const byHeader = fieldsByHeader(options.fields ?? [])
  const { mapping, first, hasHeader } = sampleHeader(rows, options.columns ?? {}, byHeader)
  const shown: (readonly string[])[] = []
  for (const { fields } of allOf(first, rows)) {
    if (shown.length >= limit) break
    shown.push(fields)
  }
  return { charset, hasHeader, mapping, fields: fieldColumns(mapping, byHeader), rows: shown }
}

/** As `readHeader`; of a table that says nothing of its columns they are known by their numbers. */
function sampleHeader(rows: Generator<CsvRow>, given: GivenColumns, fields: FieldsByHeader): Header {
  const first = readFirst(rows)
  try {
    return headerOf(first, given, fields)
  } catch (error) {
    if (!(error instanceof TransferError) || Object.keys(given).length > 0) throw error
    const width = Math.max(0, ...first.map((row) => row.fields.length))
    return { mapping: mappingByNumber(width, {}), first, hasHeader: false }
  }
}

/** What a table says of its columns, for people who want to see it before. @throws TransferError */
export function tableMapping(
  path: string,
  options: Pick<TableOptions, 'charset' | 'columns' | 'fields'>,
): Mapping {
  const charset = options.charset ?? detectCharset(path)
  const rows = rowsOf(path, charset)
  return readHeader(rows, options.columns ?? {}, fieldsByHeader(options.fields ?? [])).mapping
}

const sampleLength = 65_536

function sampleOf(path: string, charset: string): string {
  let sample = ''
  for (const chunk of textChunks(path, charset, () => {})) {
    sample += chunk
    if (sample.length >= sampleLength) break
  }
  return sample.slice(0, sampleLength)
}

interface Header {
  readonly mapping: Mapping
  /** Rows that have been read, and hold data. */
  readonly first: readonly CsvRow[]
  readonly hasHeader: boolean
}

function readHeader(rows: Generator<CsvRow>, given: GivenColumns, fields: FieldsByHeader): Header {
  return headerOf(readFirst(rows), given, fields)
}

function readFirst(rows: Generator<CsvRow>): CsvRow[] {
  const first: CsvRow[] = []
  while (first.length < preambleRows) {
    const next = rows.next()
    if (next.done) break
    first.push(next.value)
  }
  return first
}

/** @throws TransferError when nothing says what the columns are */
function headerOf(first: readonly CsvRow[], given: GivenColumns, fields: FieldsByHeader): Header {
  const found = findHeader(first, given, fields.names)
  if (found) {
    const [problem] = mappingProblems(given, first[found.at]?.fields ?? [])
    if (problem !== undefined) throw new TransferError(problem)
    return { mapping: found.mapping, first: first.slice(found.at + 1), hasHeader: true }
  }
  const [problem] = mappingProblems(given, [])
  if (problem !== undefined) throw new TransferError(problem)
  const data = first.filter(({ fields }) => !isSeparatorLine(fields))
  const width = Math.max(0, ...data.map(({ fields }) => fields.length))
  const mapping = mappingByNumber(width, given)
  if (mapping.known > 0) return { mapping, first: data, hasHeader: false }
  throw new TransferError(
    'No row says what the columns are: give them by their numbers, as {"1": "N.given", "2": "EMAIL"}.',
  )
}

type Identified = RowCard & { readonly uid: string; readonly isTwin: boolean }

/** Cards with UIDs; rows that say the very same are told apart from those that share a name and a number. */
function rowCards(mapping: Mapping): (row: CsvRow, cells: readonly string[]) => Identified {
  const seen = new Map<number, number>()
  const whole = new Set<number>()
  const columns = mapping.columns.map(({ header }) => header).join('\n')
  return (row, cells) => {
    const card = cardOfRow(cells, mapping)
    if (/^[\x21-\x7e]{1,200}$/.test(card.uid)) return { ...card, isTwin: false }
    const content = digest(row.fields.join('\n'))
    const isTwin = whole.has(content)
    whole.add(content)
    const named = card.uid || card.id
    if (named !== '') return { ...card, uid: contentUid(Buffer.from(`id\n${columns}\n${named}`)), isTwin }
    const key = keyOf(card)
    const count = (seen.get(digest(key)) ?? 0) + 1
    if (!isTwin) seen.set(digest(key), count)
    return { ...card, uid: contentUid(Buffer.from(count === 1 ? key : `${key}\n${count}`)), isTwin }
  }
}

/** What a row is known by: a name and the first mail address, else the first number, else the company. */
function keyOf({ draft }: RowCard): string {
  const first = (name: string): string => draft.lines.find((line) => line.name === name)?.value ?? ''
  const phone = first('TEL').replace(/\D+/g, '')
  return `row\n${fold(draftName(draft))}\n${first('EMAIL').toLowerCase() || phone || fold(first('ORG'))}`
}

/** So many digits that no two rows of a table share them by chance, and few enough for a number. */
function digest(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}

function pieceOf(
  { line }: CsvRow,
  card: Identified,
  options: PieceOptions,
  notes: readonly string[],
): ImportPiece {
  const { draft, uid, isTwin } = card
  if (isEmptyDraft(draft)) {
    return { kind: 'refused', reason: 'There is no name, address or number in this row.', at: 0, line }
  }
  if (isTwin) return { kind: 'skipped', reason: 'The very same row came before.', at: 0, line }
  if (options.isPassed?.() === true) return { kind: 'skipped', reason: '', at: 0, line }
  const body = Buffer.from(writeDraft(draft, uid))
  return { ...prepared(body, 0, [...notes, ...draft.notes], options), line, isPatch: true }
}
